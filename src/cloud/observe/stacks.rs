//! Stacks: their status, and from their events the resources, the times and the first real error.

use aws_sdk_cloudformation::types::{Stack as Described, StackEvent};
use aws_smithy_types::DateTime;

use super::super::estimate::Outline;
use super::super::facts::{Phase, Resource, Role, Stack, StackError, Status};
use super::super::guard::Pages;
use super::super::memory::Known;
use super::super::{Cloud, error};
use ground::clock::Moment;

type Failed = Box<dyn error::Coded>;

impl Cloud {
    pub(in crate::cloud) async fn stack(
        &self,
        role: Role,
        name: &'static str,
    ) -> Result<Option<Stack>, Failed> {
        let Some(described) = self.describe_stack(role, name).await? else {
            self.memory.lock().stacks.remove(name);
            return Ok(None);
        };
        let id = described.stack_id().unwrap_or_default().to_owned();
        // A copy: what is known must not be gone while AWS is asked for more, nor when the asking is dropped.
        let known = self.memory.lock().stacks.get(name).filter(|k| k.id == id).cloned();
        let mut known = known.unwrap_or_default();
        known.id = id;
        let result = self.refresh(role, &described, &mut known).await;
        let stack = self.with_owner(known.stack.clone());
        self.memory.lock().stacks.insert(name, known);
        result.map(|()| Some(stack))
    }

    /// A stack with whose it is by what is known now: it may have been taken over since it was read.
    pub(super) fn with_owner(&self, mut stack: Stack) -> Stack {
        stack.whose = self.owner.whose_stack(&stack);
        stack
    }

    /// By name first: it finds a stack made anew. A deleted one answers only by the id once seen.
    async fn describe_stack(&self, role: Role, name: &'static str) -> Result<Option<Described>, Failed> {
        let client = &self.clients.at(role).cloudformation;
        let known = self.memory.lock().stacks.get(name).map(|k| (k.id.clone(), k.stack.status.phase()));
        for asked in [Some(name.to_owned()), known.as_ref().map(|(id, _)| id.clone())].into_iter().flatten() {
            match client.describe_stacks().stack_name(asked).send().await {
                Ok(answer) => {
                    if let Some(stack) = answer.stacks.unwrap_or_default().into_iter().next() {
                        return Ok(Some(stack));
                    }
                }
                Err(e) if error::code_of(&e) == "ValidationError" => {}
                Err(e) => return Err(Box::new(e)),
            }
        }
        Ok(None)
    }

    async fn refresh(&self, role: Role, described: &Described, known: &mut Known) -> Result<(), Failed> {
        let status = Status(described.stack_status().map(|s| s.as_str().to_owned()).unwrap_or_default());
        let resting = known.stack.status == status && !status.phase().is_moving();
        if !(resting && known.last_event.is_some()) {
            let events = self.new_events(role, known).await?;
            for event in events {
                take_event(known, &event);
            }
        }
        let stack = &mut known.stack;
        stack.name = described.stack_name().unwrap_or_default().to_owned();
        stack.id.clone_from(&known.id);
        stack.status = status;
        stack.reason = described.stack_status_reason().map(str::to_owned);
        stack.tags = described
            .tags()
            .iter()
            .filter_map(|t| Some((t.key()?.to_owned(), t.value()?.to_owned())))
            .collect();
        stack.outputs = described
            .outputs()
            .iter()
            .filter_map(|o| Some((o.output_key()?.to_owned(), o.output_value()?.to_owned())))
            .collect();
        self.outline(role, described, known).await;
        Ok(())
    }

    /// Events not seen yet, oldest first: pages are read back to the last one known.
    async fn new_events(&self, role: Role, known: &Known) -> Result<Vec<StackEvent>, Failed> {
        let client = &self.clients.at(role).cloudformation;
        let (mut found, mut token) = (Vec::new(), None);
        let mut pages = Pages::default();
        loop {
            let request = client.describe_stack_events().stack_name(&known.id).set_next_token(token);
            let page = request.send().await.map_err(|e| Box::new(e) as Failed)?;
            for event in page.stack_events.unwrap_or_default() {
                if event.event_id == known.last_event && known.last_event.is_some() {
                    found.reverse();
                    return Ok(found);
                }
                found.push(event);
            }
            token = page.next_token;
            if !pages.has_next(token.as_deref()).map_err(|e| Box::new(e) as Failed)? {
                found.reverse();
                return Ok(found);
            }
        }
    }

    /// What the template wants now, read once for each operation, for "18 of 29" and the time left.
    async fn outline(&self, role: Role, described: &Described, known: &mut Known) {
        let current = known.outline.as_ref().is_some_and(|(began, _)| *began == known.stack.began);
        if !current && known.stack.status.phase() != Phase::Deleted {
            let request = self.clients.at(role).cloudformation.get_template().stack_name(&known.id);
            if let Ok(answer) = request.send().await {
                let outline =
                    Outline::read(answer.template_body().unwrap_or_default(), described, role.region());
                known.outline = outline.map(|o| (known.stack.began, o));
            }
        }
        let now = self.clock.now();
        let Some((_, outline)) = &known.outline else {
            known.stack.expected = known.stack.resources.len();
            return;
        };
        known.stack.expected = outline.len().max(known.stack.resources.len());
        known.stack.left =
            known.stack.status.phase().is_moving().then(|| outline.time_left(&known.stack, now));
    }
}

/// Takes one event in; events come oldest first.
fn take_event(known: &mut Known, event: &StackEvent) {
    known.last_event = event.event_id.clone();
    let at = event.timestamp.map(moment).unwrap_or_default();
    let status = Status(event.resource_status.as_ref().map(|s| s.as_str().to_owned()).unwrap_or_default());
    let logical = event.logical_resource_id.clone().unwrap_or_default();
    let own = event.physical_resource_id == event.stack_id;
    if own {
        take_own_status(&mut known.stack, &status, at);
        return;
    }
    let reason = event.resource_status_reason.clone();
    if status.phase() == Phase::Failed && known.stack.first_error.is_none() && is_real(reason.as_deref()) {
        known.stack.first_error =
            Some(StackError { logical_id: logical.clone(), reason: reason.clone().unwrap_or_default() });
    }
    let position = *known.positions.entry(logical.clone()).or_insert_with(|| {
        known.stack.resources.push(Resource { logical_id: logical, began: at, ..Resource::default() });
        known.stack.resources.len() - 1
    });
    let resource = &mut known.stack.resources[position];
    let was_moving = resource.status.phase().is_moving();
    let moving = status.phase().is_moving();
    if moving && !(was_moving && resource.status == status) {
        resource.began = at;
    }
    resource.ended = (!moving).then_some(at);
    resource.status = status;
    resource.reason = reason;
    resource.kind = event.resource_type.clone().unwrap_or_default();
    if let Some(id) = event.physical_resource_id.clone().filter(|id| !id.is_empty()) {
        resource.physical_id = Some(id);
    }
}

fn take_own_status(stack: &mut Stack, status: &Status, at: Moment) {
    match status.0.as_str() {
        "CREATE_IN_PROGRESS" | "UPDATE_IN_PROGRESS" | "DELETE_IN_PROGRESS" | "REVIEW_IN_PROGRESS" => {
            stack.began = at;
            stack.ended = None;
            // A rollback or deletion that follows an error keeps showing what it was about.
            if status.0 != "DELETE_IN_PROGRESS" {
                stack.first_error = None;
            }
        }
        _ if status.phase().is_moving() => stack.ended = None,
        _ => stack.ended = Some(at),
    }
}

/// Whether a failure is one in its own right, not the cancelling that follows another's.
fn is_real(reason: Option<&str>) -> bool {
    !reason.is_some_and(|r| r.contains("cancelled") || r.contains("Cancelled"))
}

/// The SDK's time as ours.
pub(super) fn moment(t: DateTime) -> Moment {
    Moment(u64::try_from(t.to_millis().unwrap_or_default()).unwrap_or_default())
}
