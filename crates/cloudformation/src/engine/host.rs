//! What the engine needs of the services around it: somebody who makes the resources of stacks, and who knows
//! what a template may ask for. Practice implements it over its services; the engine knows none of them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::Engine;
use super::resource::{Attributes, StackResource};
use super::stack::Stack;
use super::status::Policy;
use super::wish::Parent;
use ground::clock::Moment;
use ground::seed;

/// Everything a provider is told about the resource it works on.
#[derive(Clone, Copy, Debug)]
pub struct Cx<'a> {
    /// The stack's full ARN.
    pub stack_id: &'a str,
    /// The stack's name.
    pub stack_name: &'a str,
    /// Where its stack is nested, if it is.
    pub parent: Option<&'a Parent>,
    /// The stack's own tags, which AWS puts on its resources too.
    pub stack_tags: &'a BTreeMap<String, String>,
    /// The Region of the stack.
    pub region: &'a str,
    /// The twelve-digit account.
    pub account: &'a str,
    /// The resource's name in the template.
    pub logical_id: &'a str,
    /// The resource type, `AWS::S3::Bucket`.
    pub kind: &'a str,
    /// The properties with every intrinsic evaluated.
    pub props: &'a Value,
    /// When this happens.
    pub now: Moment,
    /// The world's seed.
    pub seed: u64,
    /// Which physical resource of this logical id it is: 1 the first, 2 its replacement and so on.
    pub generation: u64,
    /// Whether a deletion should leave a snapshot (`DeletionPolicy: Snapshot`).
    pub ending: Ending,
    /// The scenario's factor on every duration (1.0 = as measured).
    pub scale: f64,
}

/// What should remain of a resource that is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// Nothing.
    #[default]
    Delete,
    /// A final snapshot.
    Snapshot,
}

/// A creation that has begun.
#[derive(Clone, Debug)]
pub struct Started {
    /// What `Ref` gives: the name or id of the thing itself.
    pub physical_id: String,
    /// Attributes known already; `finish_creation` may add more.
    pub attributes: Attributes,
    /// How long until it is usable.
    pub takes: Duration,
}

/// How a changed resource gets to its new properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Updating {
    /// It stays the same physical resource.
    InPlace {
        /// How long the change takes.
        takes: Duration,
    },
    /// A new one is created and the old one deleted after the update.
    Replace,
}

/// A deletion that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deleting {
    /// How long until it is gone.
    pub takes: Duration,
}

/// Why a provider does not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It failed for good; the text becomes the event's `ResourceStatusReason` as it stands.
    Failed(String),
    /// It failed for good, as a resource handler says so: shown as
    /// `Resource handler returned message: "<message>" (RequestToken: ..., HandlerErrorCode: <code>)`.
    Handler {
        /// `AlreadyExists`, `NotFound`, `InvalidRequest`, `GeneralServiceException`, `NotStabilized`...
        code: &'static str,
        /// What the service said.
        message: String,
    },
    /// Not there yet: ask again after this time. All but `create` may say so.
    NotYet(Duration),
}

impl Failure {
    /// A failure worded as the resource handlers of AWS word it.
    pub fn handler(code: &'static str, message: impl Into<String>) -> Failure {
        Failure::Handler { code, message: message.into() }
    }
}

/// What a template may ask for beside its own stacks.
pub trait Lookup {
    /// The value of an SSM parameter; AWS's public ones exist in every Region.
    fn parameter(&self, region: &str, name: &str) -> Option<String>;

    /// The text of the secret that a Region knows by this name or ARN.
    fn secret(&self, region: &str, id: &str) -> Option<String>;

    /// The Availability Zones of a Region.
    fn zones(&self, region: &str) -> Vec<String>;
}

/// The services around the engine: what happens to one resource, in the words of its provider.
pub trait Host: Lookup {
    /// The world's seed.
    fn seed(&self) -> u64;

    /// The scenario's factor on every duration.
    fn scale(&self) -> f64;

    /// The reason for which the scenario lets the creation or change of a stack's resource fail.
    fn planned_failure(&self, stack_name: &str, logical_id: &str) -> Option<String>;

    /// The template behind a URL.
    ///
    /// # Errors
    /// In CloudFormation's words.
    fn template(&self, url: &str) -> Result<String, String>;

    /// The measured time to create a resource of this type.
    fn creating(&self, kind: &str) -> Duration;

    /// Whether a change of these top-level properties needs a new physical resource.
    fn replaces(&self, cx: &Cx<'_>, changed: &[String]) -> bool;

    /// An attribute that `finish_creation` did not list.
    fn attribute(&self, cx: &Cx<'_>, physical_id: &str, name: &str) -> Option<Value>;

    /// Begins to create; `others` are all stacks but the one at work.
    ///
    /// # Errors
    /// A `Failure` becomes `CREATE_FAILED` with its text.
    fn create(&mut self, cx: &Cx<'_>, others: &Engine) -> Result<Started, Failure>;

    /// The duration has passed: the resource becomes usable; gives all its attributes.
    ///
    /// # Errors
    /// As `create`; `Failure::NotYet` asks to be called again later.
    fn finish_creation(&mut self, cx: &Cx<'_>, physical_id: &str) -> Result<Attributes, Failure>;

    /// Begins to change a resource whose properties were `old_props`.
    ///
    /// # Errors
    /// A `Failure` becomes `UPDATE_FAILED` with its text.
    fn update(&mut self, cx: &Cx<'_>, physical_id: &str, old_props: &Value) -> Result<Updating, Failure>;

    /// The change is done; gives all attributes.
    ///
    /// # Errors
    /// As `update`.
    fn finish_update(&mut self, cx: &Cx<'_>, physical_id: &str) -> Result<Attributes, Failure>;

    /// Begins to delete.
    ///
    /// # Errors
    /// A `Failure` becomes `DELETE_FAILED` with its text; the deletion can be tried again.
    fn delete(&mut self, cx: &Cx<'_>, physical_id: &str) -> Result<Deleting, Failure>;

    /// The thing is gone.
    ///
    /// # Errors
    /// As `delete`.
    fn finish_deletion(&mut self, cx: &Cx<'_>, physical_id: &str) -> Result<(), Failure>;
}

impl Cx<'_> {
    /// A text property, if it is there and is text, a number or a Boolean.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        match self.props.get(name)? {
            Value::String(s) => Some(s.clone()),
            Value::Number(n) => Some(n.to_string()),
            Value::Bool(b) => Some(b.to_string()),
            _ => None,
        }
    }

    /// Whether a property says true (`true` or `"true"`).
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|s| s.eq_ignore_ascii_case("true"))
    }

    /// The physical name AWS would generate: `stack-logical-XXXXXXXXXXXX`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}-{}-{}", self.stack_name, self.logical_id, self.letters(12, seed::UPPER))
    }

    /// `count` seeded characters out of `alphabet`, the same for this physical resource each time.
    #[must_use]
    pub fn letters(&self, count: usize, alphabet: &[u8]) -> String {
        seed::letters(self.hash("id"), count, alphabet)
    }

    /// An id in EC2's style: `prefix-` and seventeen hexadecimal digits.
    #[must_use]
    pub fn hex_id(&self, prefix: &str) -> String {
        format!("{prefix}-0{}", self.letters(16, seed::HEX))
    }

    /// A seeded UUID for this physical resource.
    #[must_use]
    pub fn uuid(&self) -> String {
        seed::uuid(self.hash("uuid"))
    }

    /// `arn:aws:<service>:<region>:<account>:<rest>`.
    #[must_use]
    pub fn arn(&self, service: &str, rest: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{rest}", self.region, self.account)
    }

    /// `mean` spread by up to ±20 % (seeded) and scaled by the scenario.
    #[must_use]
    pub fn took(&self, mean: Duration) -> Duration {
        seed::spread(self.hash(&format!("took {}", mean.as_millis())), mean).mul_f64(self.scale)
    }

    /// A number that depends on the seed, this physical resource and `salt` alone.
    #[must_use]
    pub fn hash(&self, salt: &str) -> u64 {
        let generation = self.generation.to_string();
        seed::hash(self.seed, &[self.stack_id, self.logical_id, &generation, salt])
    }
}

/// What a provider is told about `resource` of `stack`.
pub(super) fn cx<'a>(host: &dyn Host, stack: &'a Stack, resource: &'a StackResource, at: Moment) -> Cx<'a> {
    let ending = match resource.deletion {
        Policy::Snapshot => Ending::Snapshot,
        _ => Ending::Delete,
    };
    Cx {
        stack_id: &stack.id,
        stack_name: &stack.name,
        parent: stack.parent.as_ref(),
        stack_tags: &stack.wish.tags,
        region: &stack.region,
        account: &stack.account,
        logical_id: &resource.logical_id,
        kind: &resource.kind,
        props: &resource.props,
        now: at,
        seed: host.seed(),
        generation: resource.generation,
        ending,
        scale: host.scale(),
    }
}
