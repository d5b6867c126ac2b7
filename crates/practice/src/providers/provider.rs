//! What a provider of a resource type must do.

use std::time::Duration;

use serde_json::Value;

use super::{generic, schema};
use crate::durations;
use crate::services::Services;
use ::cloudformation::engine::host::{Cx, Deleting, Failure, Started, Updating};
use ::cloudformation::engine::resource::Attributes;

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
    fn finish_creation(
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
    fn finish_update(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        self.finish_creation(services, cx, physical_id)
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
    fn finish_deletion(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<(), Failure>;

    /// An attribute that `finish_creation` did not list; a plausible value unless the type has no such attribute.
    fn attribute(&self, cx: &Cx<'_>, physical_id: &str, name: &str) -> Option<Value> {
        generic::plausible(cx, physical_id, name)
    }
}
