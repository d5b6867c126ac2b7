//! Brings one resource to what the template says: creates it, changes it in place, replaces it, or
//! finds it as it should be; and, when an update is undone, back to what it was.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use super::host::cx;
use super::host::{Failure, Started, Updating};
use super::model::Model;
use super::operation::{Action, JobState, Task};
use super::resolver::StackResolver;
use super::resource::Attributes;
use super::resource::StackResource;
use super::run::{Run, Verb};
use super::status::ResourceStatus;
use super::values::changed_properties;
use super::{provide, signals};
use crate::template::TemplateError;

/// How long a creation that could not begin waits before it tries again.
const AGAIN: Duration = Duration::from_secs(5);

/// From here on a creation tells when it is configured and only has to settle.
const LONG: Duration = Duration::from_secs(10);

const REPLACING: &str =
    "Requested update requires the creation of a new physical resource; hence creating one.";

impl Run<'_> {
    /// Starts a job of creation or update.
    pub(super) fn converge(&mut self, i: usize) {
        let id = self.op.jobs[i].logical_id.clone();
        let model = match self.model() {
            Ok(model) => model,
            Err(reason) => return self.fail_job(i, ResourceStatus::CreateFailed, &reason),
        };
        let Some(mut wanted) = blank(&model, &id) else { return self.finish_job(i) };
        wanted.at = self.at;
        let props = self.evaluate(&model, &id);
        let old = self.stack.live(&id).filter(|r| r.status != ResourceStatus::CreateFailed).cloned();
        match (props, old) {
            (Ok(props), None) => {
                wanted.props = props;
                self.create(i, wanted);
            }
            (Ok(props), Some(old)) if changed_properties(&old.props, &props).is_empty() => {
                wanted.props = props;
                self.adopt(wanted);
                self.finish_job(i);
            }
            (Ok(props), Some(old)) => {
                wanted.props = props;
                self.change(i, old, wanted);
            }
            (Err(error), None) => {
                self.op.fresh.insert(id.clone());
                self.stack.resources.insert(id, wanted);
                self.fail_job(i, ResourceStatus::CreateFailed, &error.to_string());
            }
            (Err(error), Some(_)) => self.fail_job(i, ResourceStatus::UpdateFailed, &error.to_string()),
        }
    }

    fn evaluate(&mut self, model: &Model, id: &str) -> Result<Value, TemplateError> {
        let resolver = StackResolver::new(self.engine, self.host, self.stack, self.at);
        let resource = &model.template.resources[id];
        let props = model.props(resource, &resolver);
        let imports: BTreeSet<String> = resolver.imports();
        self.stack.imports.extend(imports);
        props
    }

    fn create(&mut self, i: usize, mut wanted: StackResource) {
        if let Some(left) = self.stack.resources.get(&wanted.logical_id) {
            wanted.generation = left.generation + 1;
            if left.physical_id.is_some() && left.status == ResourceStatus::CreateFailed {
                self.op.garbage.push(left.clone());
            }
        }
        let id = wanted.logical_id.clone();
        self.op.fresh.insert(id.clone());
        self.stack.resources.insert(id.clone(), wanted);
        self.stack.tell_resource(self.at, &id, ResourceStatus::CreateInProgress, None);
        self.begin_creation(i);
    }

    /// Nothing about the thing itself changes; the template's words about it may.
    fn adopt(&mut self, wanted: StackResource) {
        if let Some(resource) = self.stack.resources.get_mut(&wanted.logical_id) {
            resource.needs = wanted.needs;
            resource.deletion = wanted.deletion;
            resource.replacement = wanted.replacement;
            resource.metadata = wanted.metadata;
        }
    }

    fn change(&mut self, i: usize, mut old: StackResource, mut wanted: StackResource) {
        let changed = changed_properties(&old.props, &wanted.props);
        wanted.physical_id.clone_from(&old.physical_id);
        wanted.attributes.clone_from(&old.attributes);
        wanted.generation = old.generation;
        // A failed update that was left standing: what counts is what stood before it.
        let former = old.former.take().unwrap_or_else(|| Box::new(old.clone()));
        if former.physical_id != old.physical_id {
            self.op.garbage.push(old.clone());
        }
        wanted.former = Some(former);
        let replaces = {
            let cx = cx(self.host, self.stack, &wanted, self.at);
            self.host.replaces(&cx, &changed)
        };
        let id = wanted.logical_id.clone();
        self.stack.resources.insert(id.clone(), wanted);
        if replaces {
            return self.replace(i);
        }
        self.stack.tell_resource(self.at, &id, ResourceStatus::UpdateInProgress, None);
        self.begin_change(i, old.props);
    }

    fn begin_change(&mut self, i: usize, old_props: Value) {
        self.op.jobs[i].state = JobState::Changing;
        let begun = {
            let resource = &self.stack.resources[&self.op.jobs[i].logical_id];
            let cx = cx(self.host, self.stack, resource, self.at);
            let physical_id = resource.physical_id.as_deref().unwrap_or_default();
            provide::update(self.engine, self.host, &cx, physical_id, &old_props)
        };
        match begun {
            Ok(Updating::InPlace { takes }) => self.later(takes, Task::Settle(i)),
            Ok(Updating::Replace) if matches!(self.op.jobs[i].action, Action::Restore) => self.complete(i),
            Ok(Updating::Replace) => self.replace(i),
            Err(failure) => {
                self.op.jobs[i].from = Some(old_props);
                if let Some(reason) = self.retry_or_reason(i, failure, Task::Change(i)) {
                    self.fail_job(i, ResourceStatus::UpdateFailed, &reason);
                }
            }
        }
    }

    /// Tries again to begin a change.
    pub(super) fn change_again(&mut self, i: usize) {
        if let Some(old_props) = self.op.jobs[i].from.take() {
            self.begin_change(i, old_props);
        }
    }

    fn replace(&mut self, i: usize) {
        let id = self.op.jobs[i].logical_id.clone();
        if let Some(resource) = self.stack.resources.get_mut(&id) {
            resource.generation += 1;
            resource.attributes = Attributes::new();
        }
        self.stack.tell_resource(self.at, &id, ResourceStatus::UpdateInProgress, Some(REPLACING));
        self.begin_creation(i);
    }

    fn begin_creation(&mut self, i: usize) {
        let id = self.op.jobs[i].logical_id.clone();
        let started = {
            let resource = &self.stack.resources[&id];
            let cx = cx(self.host, self.stack, resource, self.at);
            provide::create(self.engine, self.host, &cx)
        };
        match started {
            Ok(started) => self.record_start(i, &id, started),
            // A template may name a thing without referring to it; then it can be a little late.
            Err(Failure::Handler { code: "NotFound", .. }) if self.others_at_work(i) => {
                self.op.jobs[i].state = JobState::Seeking;
                self.later(AGAIN, Task::Seek(i));
            }
            Err(failure) => self.fail(i, failure),
        }
    }

    /// Tries again to begin a creation.
    pub(super) fn seek(&mut self, i: usize) {
        if self.op.jobs[i].state == JobState::Seeking {
            self.begin_creation(i);
        }
    }

    fn others_at_work(&self, i: usize) -> bool {
        let jobs = self.op.jobs.iter().enumerate();
        jobs.filter(|(j, _)| *j != i).any(|(_, job)| job.state.active() && job.state != JobState::Seeking)
            || !self.ready.is_empty()
    }

    fn record_start(&mut self, i: usize, id: &str, started: Started) {
        let Some(resource) = self.stack.resources.get_mut(id) else { return };
        if resource.former.as_ref().is_some_and(|f| f.physical_id.as_ref() == Some(&started.physical_id)) {
            let reason = format!(
                "CloudFormation cannot update a stack when a custom-named resource requires replacing. \
                 Rename {} and update the stack again.",
                started.physical_id
            );
            return self.fail_job(i, ResourceStatus::UpdateFailed, &reason);
        }
        resource.physical_id = Some(started.physical_id);
        resource.attributes = started.attributes;
        self.op.jobs[i].state = JobState::Creating;
        self.later((started.takes / 4).min(Duration::from_secs(1)), Task::Initiated(i));
        if started.takes >= LONG {
            self.later(started.takes.mul_f64(0.85), Task::Configured(i));
        }
        self.later(started.takes, Task::Settle(i));
    }

    /// The time of a creation has passed.
    pub(super) fn finish_creation(&mut self, i: usize) {
        let id = self.op.jobs[i].logical_id.clone();
        let result = {
            let Some(resource) = self.stack.resources.get(&id) else { return };
            if let Some(reason) = self.host.planned_failure(&self.stack.name, &resource.logical_id) {
                Err(Failure::Failed(reason))
            } else {
                let cx = cx(self.host, self.stack, resource, self.at);
                let physical_id = resource.physical_id.as_deref().unwrap_or_default();
                provide::finish_creation(self.engine, self.host, &cx, physical_id)
            }
        };
        match result {
            Ok(attributes) => {
                self.learn(&id, attributes);
                if !signals::expect(self, i) {
                    self.complete(i);
                }
            }
            Err(failure) => self.fail(i, failure),
        }
    }

    /// The time of a change has passed.
    pub(super) fn finish_change(&mut self, i: usize) {
        let id = self.op.jobs[i].logical_id.clone();
        let result = {
            let Some(resource) = self.stack.resources.get(&id) else { return };
            let restoring = resource.former.is_none();
            match self.host.planned_failure(&self.stack.name, &resource.logical_id).filter(|_| !restoring) {
                Some(reason) => Err(Failure::Failed(reason)),
                None => {
                    let cx = cx(self.host, self.stack, resource, self.at);
                    let physical_id = resource.physical_id.as_deref().unwrap_or_default();
                    provide::finish_update(self.engine, self.host, &cx, physical_id)
                }
            }
        };
        match result {
            Ok(attributes) => {
                self.learn(&id, attributes);
                self.complete(i);
            }
            Err(failure) => self.fail(i, failure),
        }
    }

    fn learn(&mut self, id: &str, attributes: Attributes) {
        if let Some(resource) = self.stack.resources.get_mut(id) {
            resource.attributes.extend(attributes);
        }
    }

    /// The resource is as it should be.
    pub(super) fn complete(&mut self, i: usize) {
        let status = self.verb(i, Verb::Done);
        self.tell(i, status, None);
        self.finish_job(i);
    }

    fn fail(&mut self, i: usize, failure: Failure) {
        if let Some(reason) = self.retry_or_reason(i, failure, Task::Settle(i)) {
            let status = self.verb(i, Verb::Failed);
            self.fail_job(i, status, &reason);
        }
    }

    /// Undoes what an update did to one resource.
    pub(super) fn restore(&mut self, i: usize) {
        let id = self.op.jobs[i].logical_id.clone();
        let Some(current) = self.stack.resources.get_mut(&id) else { return self.finish_job(i) };
        let Some(former) = current.former.take() else { return self.finish_job(i) };
        let left = std::mem::replace(current, *former);
        self.stack.tell_resource(self.at, &id, ResourceStatus::UpdateInProgress, None);
        if left.physical_id != self.stack.resources[&id].physical_id {
            self.op.garbage.push(left);
            return self.complete(i);
        }
        self.op.undoing.insert(id, left.clone());
        self.begin_change(i, left.props);
    }
}

/// The resource as the template wants it, before its properties are evaluated.
fn blank(model: &Model, id: &str) -> Option<StackResource> {
    let spec = model.template.resources.get(id)?;
    let (deletion, replacement) = Model::policies(spec);
    Some(StackResource {
        logical_id: id.to_owned(),
        kind: spec.kind.clone(),
        physical_id: None,
        status: ResourceStatus::CreateInProgress,
        reason: None,
        at: ground::clock::Moment::default(),
        props: Value::Null,
        attributes: Attributes::new(),
        needs: model.needs(id),
        generation: 1,
        deletion,
        replacement,
        metadata: (!spec.metadata.is_null()).then(|| spec.metadata.clone()),
        former: None,
    })
}
