//! What an evaluation must be told from outside: the resources made so far, other stacks' exports,
//! zones and secrets.

use serde_json::Value;

/// The world as far as a template may ask about it. Every answer is `None` when there is none.
pub trait Resolver {
    /// What `Ref` of a live resource yields (usually its physical id).
    fn reference(&self, id: &str) -> Option<String>;

    /// What `Fn::GetAtt` of a live resource yields; `name` keeps its dots (`Endpoint.Address`).
    fn attribute(&self, id: &str, name: &str) -> Option<Value>;

    /// The value exported under `name` by another stack of the Region.
    fn import(&self, name: &str) -> Option<String>;

    /// The output `name` of the stack `stack` in `region` (`Fn::GetStackOutput`).
    fn output(&self, stack: &str, name: &str, region: &str) -> Option<String> {
        let _ = (stack, name, region);
        None
    }

    /// The availability zones of a Region, in order.
    fn zones(&self, region: &str) -> Vec<String>;

    /// What a dynamic reference resolves to; `reference` is what stands between the braces without
    /// `resolve:`, such as `ssm:/a/b:1` or `secretsmanager:name:SecretString:password`.
    fn dynamic(&self, reference: &str) -> Option<String>;
}

/// A world in which nothing exists: for evaluations that need none of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmptyResolver;

impl Resolver for EmptyResolver {
    fn reference(&self, _id: &str) -> Option<String> {
        None
    }

    fn attribute(&self, _id: &str, _name: &str) -> Option<Value> {
        None
    }

    fn import(&self, _name: &str) -> Option<String> {
        None
    }

    fn zones(&self, _region: &str) -> Vec<String> {
        Vec::new()
    }

    fn dynamic(&self, _reference: &str) -> Option<String> {
        None
    }
}
