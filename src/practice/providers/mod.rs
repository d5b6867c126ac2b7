//! Resource types of practice CloudFormation: what a provider must do, and
//! the registry that finds the provider of a type. One resource family a file; a type without a
//! provider of its own gets the generic one, so other people's templates run too.

use std::time::Duration;

use serde_json::Value;

use crate::practice::durations;
use crate::practice::engine::Engine;
pub use crate::practice::engine::host::{Attributes, Cx, Deleting, Ending, Failure, Started, Updating};
use crate::practice::engine::host::{Host, Lookup};
use crate::practice::services::Services;

pub mod api;
pub mod cloudfront;
pub mod compute;
pub mod dynamodb;
pub mod generic;
pub mod iam;
pub mod naming;
pub mod network;
pub mod rds;
pub mod refusal;
pub mod schema;
mod secrets;
mod storage;
pub mod waiting;

/// What was measured of a resource's type, spread and scaled.
pub trait Measured {
    /// The measured time to create this type, spread and scaled.
    fn creating(&self) -> Duration;

    /// The measured time to update this type, spread and scaled.
    fn updating(&self) -> Duration;

    /// The measured time to delete this type, spread and scaled.
    fn deleting(&self) -> Duration;
}

impl Measured for Cx<'_> {
    fn creating(&self) -> Duration {
        self.took(durations::create(self.kind))
    }

    fn updating(&self) -> Duration {
        self.took(durations::update(self.kind))
    }

    fn deleting(&self) -> Duration {
        self.took(durations::delete(self.kind))
    }
}

/// One family of resource types. Every method is a pure function of the world and its arguments.
pub trait Provider: Sync {
    /// Whether a name of the template's own choosing must not be that of another stack's resource.
    fn is_named_once(&self) -> bool {
        false
    }

    /// Begins to create: allocates the name or id and what other services can see at once.
    ///
    /// # Errors
    /// A `Failure` becomes `CREATE_FAILED` with its text.
    fn create(&self, services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure>;

    /// The duration has passed: the resource becomes usable; gives all its attributes.
    ///
    /// # Errors
    /// As `create`; `Failure::NotYet` asks to be called again later.
    fn created(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure>;

    /// Whether a change of these top-level properties needs a new physical resource.
    fn replaces(&self, cx: &Cx<'_>, changed: &[String]) -> bool {
        changed.iter().any(|name| schema::create_only(cx.kind, name))
    }

    /// Begins to change a resource whose properties were `old_props`; called when `replaces` said no.
    ///
    /// # Errors
    /// A `Failure` becomes `UPDATE_FAILED` with its text; `Failure::NotYet` asks to be called again
    /// later, for instance when a change given up half-way is still under way.
    fn update(
        &self,
        _services: &mut Services<'_>,
        cx: &Cx<'_>,
        _physical_id: &str,
        _old_props: &Value,
    ) -> Result<Updating, Failure> {
        Ok(Updating::InPlace { takes: cx.updating() })
    }

    /// The change is done; gives all attributes.
    ///
    /// # Errors
    /// As `update`; `Failure::NotYet` asks to be called again later.
    fn updated(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        self.created(services, cx, physical_id)
    }

    /// Begins to delete, perhaps a thing whose creation was given up half-way. A thing that is gone
    /// already is deleted successfully.
    ///
    /// # Errors
    /// A `Failure` becomes `DELETE_FAILED` with its text; the deletion can be tried again.
    /// `Failure::NotYet` asks to be called again later.
    fn delete(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Deleting, Failure>;

    /// The thing is gone.
    ///
    /// # Errors
    /// As `delete`; `Failure::NotYet` asks to be called again later.
    fn deleted(&self, services: &mut Services<'_>, cx: &Cx<'_>, physical_id: &str) -> Result<(), Failure>;

    /// An attribute that `created` did not list; a plausible value unless the type has no such attribute.
    fn attribute(&self, cx: &Cx<'_>, physical_id: &str, name: &str) -> Option<Value> {
        generic::plausible(cx, physical_id, name)
    }
}

/// The provider of a resource type; the generic one where no family knows it.
#[must_use]
pub fn provider(kind: &str) -> &'static dyn Provider {
    // A family a line: `"RDS" => rds::provider(kind)` gives `Option<&'static dyn Provider>`.
    let family = kind.strip_prefix("AWS::").and_then(|rest| rest.split("::").next()).unwrap_or_default();
    let found: Option<&'static dyn Provider> = match family {
        "CloudFront" => cloudfront::provider(kind),
        "DynamoDB" => dynamodb::provider(kind),
        "EC2" => network::provider(kind).or_else(|| compute::provider(kind)),
        "RDS" => rds::provider(kind),
        "Lambda" => compute::provider(kind),
        "S3" => storage::provider(kind),
        "SecretsManager" => secrets::provider(kind),
        "IAM" => iam::provider(kind),
        "ApiGateway" | "ApiGatewayV2" => api::provider(kind),
        "CloudFormation" => waiting::provider(kind),
        _ => None,
    };
    found.unwrap_or(&generic::Generic)
}

impl Lookup for Services<'_> {
    fn parameter(&self, region: &str, name: &str) -> Option<String> {
        self.sources().parameter(region, name)
    }

    fn secret(&self, region: &str, id: &str) -> Option<String> {
        self.sources().secret(region, id)
    }

    fn zones(&self, region: &str) -> Vec<String> {
        self.sources().zones(region)
    }
}

impl Host for Services<'_> {
    fn seed(&self) -> u64 {
        self.seed
    }

    fn scale(&self) -> f64 {
        self.scenario.duration_scale
    }

    fn planned_failure(&self, stack_name: &str, logical_id: &str) -> Option<String> {
        let means = |said: &str, name: &str| said == "*" || said == name;
        let mut planned = self.scenario.failure.iter();
        planned
            .find(|failure| means(&failure.stack, stack_name) && means(&failure.resource, logical_id))
            .map(|failure| failure.reason.clone())
    }

    fn template(&self, url: &str) -> Result<String, String> {
        self.sources().template(url)
    }

    fn creating(&self, kind: &str) -> Duration {
        durations::create(kind)
    }

    fn replaces(&self, cx: &Cx<'_>, changed: &[String]) -> bool {
        provider(cx.kind).replaces(cx, changed)
    }

    fn attribute(&self, cx: &Cx<'_>, physical_id: &str, name: &str) -> Option<Value> {
        provider(cx.kind).attribute(cx, physical_id, name)
    }

    fn create(&mut self, cx: &Cx<'_>, others: &Engine) -> Result<Started, Failure> {
        let provider = provider(cx.kind);
        if provider.is_named_once() {
            generic::check_name(others, cx)?;
        }
        provider.create(self, cx)
    }

    fn created(&mut self, cx: &Cx<'_>, physical_id: &str) -> Result<Attributes, Failure> {
        provider(cx.kind).created(self, cx, physical_id)
    }

    fn update(&mut self, cx: &Cx<'_>, physical_id: &str, old_props: &Value) -> Result<Updating, Failure> {
        provider(cx.kind).update(self, cx, physical_id, old_props)
    }

    fn updated(&mut self, cx: &Cx<'_>, physical_id: &str) -> Result<Attributes, Failure> {
        provider(cx.kind).updated(self, cx, physical_id)
    }

    fn delete(&mut self, cx: &Cx<'_>, physical_id: &str) -> Result<Deleting, Failure> {
        provider(cx.kind).delete(self, cx, physical_id)
    }

    fn deleted(&mut self, cx: &Cx<'_>, physical_id: &str) -> Result<(), Failure> {
        provider(cx.kind).deleted(self, cx, physical_id)
    }
}
