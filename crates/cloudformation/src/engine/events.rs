//! A stack tells what happens to it, as events.

use super::event::{Event, EventStatus, PhysicalResource};
use super::stack::Stack;
use super::status::{ResourceStatus, StackStatus};
use ground::clock::Moment;
use ground::seed;

impl Stack {
    /// Sets the stack's own status and tells it.
    pub fn tell(&mut self, at: Moment, status: StackStatus, reason: Option<&str>) {
        self.status = status;
        self.reason = reason.map(str::to_owned);
        let event = Event {
            id: seed::uuid(seed::hash(self.serial, &[&self.id])),
            logical_id: self.name.clone(),
            physical_id: self.id.clone(),
            kind: "AWS::CloudFormation::Stack".to_owned(),
            ..self.event(at, EventStatus::Stack(status), reason)
        };
        self.push(event);
    }

    /// Sets a resource's status and tells it; an unknown resource is ignored.
    pub(super) fn tell_resource(
        &mut self,
        at: Moment,
        logical_id: &str,
        status: ResourceStatus,
        reason: Option<&str>,
    ) {
        let Some(resource) = self.resources.get_mut(logical_id) else { return };
        (resource.status, resource.at) = (status, at);
        resource.reason = reason.map(str::to_owned);
        let (physical_id, kind) = (resource.physical_id.clone().unwrap_or_default(), resource.kind.clone());
        // Only where something begins or breaks: the properties are long, and the same in between.
        let telling = reason.is_none() && status.as_str().ends_with("IN_PROGRESS") || status.is_failure();
        let props = telling.then(|| resource.props.to_string());
        self.tell_physical_resource(
            at,
            PhysicalResource { logical_id, physical_id: &physical_id, kind: &kind },
            status,
            reason,
            props,
        );
    }

    /// Tells of a physical resource that is no longer what its logical id stands for.
    pub(super) fn tell_physical_resource(
        &mut self,
        at: Moment,
        resource: PhysicalResource<'_>,
        status: ResourceStatus,
        reason: Option<&str>,
        props: Option<String>,
    ) {
        let event = Event {
            id: self.resource_event_id(at, resource.logical_id, status),
            logical_id: resource.logical_id.to_owned(),
            physical_id: resource.physical_id.to_owned(),
            kind: resource.kind.to_owned(),
            props,
            ..self.event(at, EventStatus::Resource(status), reason)
        };
        self.push(event);
    }

    /// The event told last is of a resource that is configured but not yet stable.
    pub(super) fn mark_last_configured(&mut self) {
        if let Some(event) = self.events.last_mut() {
            event.configured = true;
        }
    }

    fn event(&self, at: Moment, status: EventStatus, reason: Option<&str>) -> Event {
        Event {
            id: String::new(),
            at,
            logical_id: String::new(),
            physical_id: String::new(),
            kind: String::new(),
            status,
            reason: reason.map(str::to_owned),
            props: None,
            operation: self.history.last().cloned(),
            token: self.token.clone(),
            configured: false,
        }
    }

    /// `Logical-STATUS-time`, with a counter where the same was told in the same millisecond.
    fn resource_event_id(&self, at: Moment, logical_id: &str, status: ResourceStatus) -> String {
        let id = format!("{logical_id}-{}-{}", status.as_str(), at.iso8601());
        let twin = self.events.iter().rev().take_while(|event| event.at == at).any(|event| event.id == id);
        if twin { format!("{id}-{}", self.serial) } else { id }
    }

    fn push(&mut self, event: Event) {
        self.serial += 1;
        self.rendered.take();
        self.events.push(event);
    }
}
