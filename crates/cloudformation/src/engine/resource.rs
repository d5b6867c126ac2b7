//! One resource of a stack.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::status::{Policy, ResourceStatus};
use ground::clock::Moment;

/// What `Fn::GetAtt` can read of a resource, by attribute name (dots included: `Endpoint.Address`).
pub type Attributes = Map<String, Value>;

/// One resource of a stack.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StackResource {
    /// Its name in the template.
    pub logical_id: String,
    /// Its type.
    pub kind: String,
    /// What `Ref` gives.
    pub physical_id: Option<String>,
    /// Where it stands.
    pub status: ResourceStatus,
    /// Why.
    pub reason: Option<String>,
    /// Since when.
    pub at: Moment,
    /// Its properties, evaluated.
    pub props: Value,
    /// What `GetAtt` gives.
    pub attributes: Attributes,
    /// What it depends on.
    pub needs: BTreeSet<String>,
    /// Which physical resource of this name it is.
    pub generation: u64,
    /// What becomes of it when the stack lets it go.
    pub deletion: Policy,
    /// What becomes of it when it is replaced.
    pub replacement: Policy,
    /// The template's `Metadata` for it.
    pub metadata: Option<Value>,
    /// What it was before the update under way.
    pub former: Option<Box<StackResource>>,
}
