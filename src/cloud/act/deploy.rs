//! Deploying: through a change set, because only there AWS checks quotas and names; then the pages.

use std::time::Duration;

use aws_sdk_cloudformation::types::{
    Capability, ChangeSetStatus, ChangeSetType, OnStackFailure, Parameter, Tag,
};

use super::super::facts::{Phase, Role, Stack};
use super::super::{ActionError, Cloud, Settings, error, names};
use super::Notes;
use crate::clock::Moment;

/// What a change set is made from.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// A template's text.
    Template(&'a str),
    /// The template the stack has.
    Same,
}

impl Cloud {
    /// Deploys the shop in a Region and publishes its pages.
    pub(super) async fn deploy_shop(
        &self,
        role: Role,
        settings: &Settings,
        note: Notes<'_>,
    ) -> Result<(), ActionError> {
        let name = names::shop(role);
        let part = match role {
            Role::Primary => "primary",
            Role::Standby => "standby",
        };
        let mut parameters = vec![("Role", part.to_owned())];
        let version = match role {
            Role::Primary => self.common_version(),
            Role::Standby => {
                let primary = self.needs_stack(Role::Primary, names::PRIMARY).await?;
                self.version_of(&primary).await?.or_else(|| self.common_version())
            }
        };
        parameters.extend(version.map(|v| ("EngineVersion", v)));
        self.bring_program(role, settings, note).await?;
        let stack = self.deploy(role, name, &settings.unishop, &parameters, note).await?;
        self.publish(role, &stack, settings, note).await
    }

    /// Deploys the edge in front of both Regions.
    pub(super) async fn deploy_edge(&self, settings: &Settings, note: Notes<'_>) -> Result<(), ActionError> {
        let mut parameters = Vec::new();
        for (role, key) in [(Role::Primary, "PrimaryBucketDomain"), (Role::Standby, "StandbyBucketDomain")] {
            let stack = self.needs_stack(role, names::shop(role)).await?;
            parameters.push((key, stack.outputs.get("PagesBucketDomain").cloned().unwrap_or_default()));
        }
        self.deploy(Role::Primary, names::EDGE, &settings.edge, &parameters, note).await.map(drop)
    }

    /// A stack that an action builds upon.
    pub(super) async fn needs_stack(&self, role: Role, name: &'static str) -> Result<Stack, ActionError> {
        let stack = self.stack_now(role, name).await?;
        stack.filter(|s| s.status.is_whole()).ok_or_else(|| {
            ActionError::new(
                "NotReady",
                format!("Antes hace falta la pila {name} completa: vuelve al paso que la despliega."),
                format!("The stack {name} must be complete first: go back to the step that deploys it."),
            )
        })
    }

    /// The version the global database runs on: a cluster that joins must have the very same, whatever
    /// was newest when the primary was made.
    async fn version_of(&self, primary: &Stack) -> Result<Option<String>, ActionError> {
        let Some(id) = primary.outputs.get("GlobalCluster") else { return Ok(None) };
        let rds = &self.clients.at(Role::Primary).rds;
        let found = rds.describe_global_clusters().global_cluster_identifier(id).send().await?;
        Ok(found.global_clusters().first().and_then(|g| g.engine_version().map(str::to_owned)))
    }

    /// The newest long-term version both Regions offer, when `inspect` has asked.
    fn common_version(&self) -> Option<String> {
        let memory = self.memory.lock();
        let primary = memory.versions.get(Role::Primary.region())?;
        let standby = memory.versions.get(Role::Standby.region())?;
        let both = primary.iter().filter(|v| standby.contains(v) && v.contains("mysql_aurora.3.10."));
        both.max_by_key(|v| patch(v)).cloned()
    }

    async fn deploy(
        &self,
        role: Role,
        name: &'static str,
        template: &str,
        parameters: &[(&str, String)],
        note: Notes<'_>,
    ) -> Result<Stack, ActionError> {
        if let Some(stack) = self.settled(role, name, note).await? {
            if stack.status.is_whole() {
                self.tell(
                    note,
                    format!("{name} ya estaba completa."),
                    format!("{name} was complete already."),
                );
                return Ok(stack);
            }
            if stack.status.is_stillborn() {
                self.delete_stack(role, name, note).await?;
            } else if stack.status.phase() != Phase::Review {
                return Err(super::wait::failed(&stack));
            }
        }
        let parameters = parameters
            .iter()
            .map(|(k, v)| Parameter::builder().parameter_key(*k).parameter_value(v).build())
            .collect();
        let source = Source::Template(template);
        self.change(role, name, ChangeSetType::Create, source, parameters, note).await?;
        self.complete(role, name, note).await
    }

    /// Makes a change set and executes it; answers whether there was anything to change.
    pub(super) async fn change(
        &self,
        role: Role,
        name: &'static str,
        kind: ChangeSetType,
        source: Source<'_>,
        parameters: Vec<Parameter>,
        note: Notes<'_>,
    ) -> Result<bool, ActionError> {
        let client = &self.clients.at(role).cloudformation;
        let set = format!("espera-{}", self.clock.now().0);
        let mut request = client
            .create_change_set()
            .stack_name(name)
            .change_set_name(&set)
            .set_parameters(Some(parameters))
            .capabilities(Capability::CapabilityIam)
            .capabilities(Capability::CapabilityNamedIam)
            .tags(Tag::builder().key(names::TAG.0).value(names::TAG.1).build());
        request = match source {
            Source::Template(text) => request.template_body(text),
            Source::Same => request.use_previous_template(true),
        };
        if kind == ChangeSetType::Create {
            request = request.on_stack_failure(OnStackFailure::Rollback);
        }
        match request.change_set_type(kind).send().await {
            Ok(_) => {}
            // Asked for in the very moment before a kill: it is the same, so it is taken up.
            Err(e) if error::code_of(&e) == "AlreadyExistsException" => {}
            Err(e) => return Err(e.into()),
        }
        self.tell(
            note,
            format!("{name}: conjunto de cambios {set} pedido."),
            format!("{name}: change set {set} asked for."),
        );
        if !self.change_set_ready(role, name, &set).await? {
            client.delete_change_set().stack_name(name).change_set_name(&set).send().await?;
            self.tell(note, format!("{name}: nada que cambiar."), format!("{name}: nothing to change."));
            return Ok(false);
        }
        let before = self.stack_now(role, name).await?.map(|s| s.began);
        client.execute_change_set().stack_name(name).change_set_name(&set).send().await?;
        self.has_begun(role, name, before).await?;
        let region = role.region();
        self.tell(
            note,
            format!("{name}: AWS empieza en {region}."),
            format!("{name}: AWS begins in {region}."),
        );
        Ok(true)
    }

    /// Waits until a stack shows the operation just asked for: an answer from before it would read as
    /// "complete already". After a minute what is seen counts.
    async fn has_begun(
        &self,
        role: Role,
        name: &'static str,
        before: Option<Moment>,
    ) -> Result<(), ActionError> {
        for _ in 0..12 {
            let stack = self.stack_now(role, name).await?;
            let Some(stack) = stack else { return Ok(()) };
            if stack.status.phase().is_moving() || Some(stack.began) != before {
                return Ok(());
            }
            self.clock.sleep(super::wait::POLL).await;
        }
        Ok(())
    }

    /// Waits for a change set; `false` when it would change nothing.
    async fn change_set_ready(&self, role: Role, name: &str, set: &str) -> Result<bool, ActionError> {
        let client = &self.clients.at(role).cloudformation;
        loop {
            let described = client.describe_change_set().stack_name(name).change_set_name(set).send().await?;
            match described.status() {
                Some(ChangeSetStatus::CreateComplete) => return Ok(true),
                Some(ChangeSetStatus::Failed) => {
                    let reason = described.status_reason().unwrap_or_default();
                    if reason.contains("didn't contain changes") || reason.contains("No updates") {
                        return Ok(false);
                    }
                    return Err(ActionError::new(
                        "ChangeSetFailed",
                        format!("AWS rechazó el conjunto de cambios de {name}: {reason}"),
                        format!("AWS refused the change set of {name}: {reason}"),
                    ));
                }
                _ => self.clock.sleep(Duration::from_secs(2)).await,
            }
        }
    }

    /// Changes parameters of a stack and leaves the others as they are.
    pub(super) async fn reparametrize(
        &self,
        role: Role,
        name: &'static str,
        changes: &[(&str, &str)],
        note: Notes<'_>,
    ) -> Result<(), ActionError> {
        let described =
            self.clients.at(role).cloudformation.describe_stacks().stack_name(name).send().await?;
        let current = described.stacks().first().map(|s| s.parameters().to_vec()).unwrap_or_default();
        let all_set = changes.iter().all(|(key, value)| {
            current.iter().any(|p| p.parameter_key() == Some(key) && p.parameter_value() == Some(value))
        });
        if all_set {
            self.tell(note, format!("{name} ya estaba así."), format!("{name} was so already."));
            return self.whole(role, name, note).await;
        }
        let parameters = current
            .iter()
            .filter_map(|p| p.parameter_key())
            .map(|key| {
                let builder = Parameter::builder().parameter_key(key);
                match changes.iter().find(|(k, _)| *k == key) {
                    Some((_, value)) => builder.parameter_value(*value).build(),
                    None => builder.use_previous_value(true).build(),
                }
            })
            .collect();
        match self.change(role, name, ChangeSetType::Update, Source::Same, parameters, note).await? {
            true => self.complete(role, name, note).await.map(drop),
            false => self.whole(role, name, note).await,
        }
    }

    /// Waits for what moves in a stack that already has the parameters it should have.
    async fn whole(&self, role: Role, name: &'static str, note: Notes<'_>) -> Result<(), ActionError> {
        match self.settled(role, name, note).await? {
            Some(stack) if !stack.status.is_whole() => Err(super::wait::failed(&stack)),
            _ => self.needs_stack(role, name).await.map(drop),
        }
    }

    /// Deletes a stack and waits until it is gone.
    pub(super) async fn delete_stack(
        &self,
        role: Role,
        name: &'static str,
        note: Notes<'_>,
    ) -> Result<(), ActionError> {
        let Some(stack) = self.stack_now(role, name).await? else { return Ok(()) };
        is_ours(&stack)?;
        if stack.status.phase() != Phase::Deleting {
            self.clients.at(role).cloudformation.delete_stack().stack_name(name).send().await?;
            self.tell(note, format!("{name}: borrando."), format!("{name}: being deleted."));
        }
        match self.settled(role, name, note).await? {
            None => {
                self.tell(note, format!("{name}: borrada."), format!("{name}: deleted."));
                Ok(())
            }
            Some(stack) => Err(super::wait::failed(&stack)),
        }
    }
}

/// Refuses a stack that bears one of the workshop's names but not its tag: somebody else made it.
pub(super) fn is_ours(stack: &Stack) -> Result<(), ActionError> {
    let (key, value) = names::TAG;
    if stack.tags.get(key).is_some_and(|v| v == value) {
        return Ok(());
    }
    let name = &stack.name;
    Err(ActionError::new(
        "NotOurs",
        format!(
            "La pila {name} no lleva la etiqueta {key}={value}: Espera no la hizo y no la borra. Si es tuya, bórrala a mano o ponle la etiqueta."
        ),
        format!(
            "The stack {name} lacks the tag {key}={value}: Espera did not make it and does not delete it. If it is yours, delete it by hand or give it the tag."
        ),
    ))
}

/// The last number of a version such as `8.0.mysql_aurora.3.10.1`.
fn patch(version: &str) -> u32 {
    version.rsplit('.').next().and_then(|p| p.parse().ok()).unwrap_or_default()
}

/// Whether an error says that there is no such thing.
pub(super) fn is_missing<E, R>(error: &aws_smithy_runtime_api::client::result::SdkError<E, R>) -> bool
where
    E: aws_smithy_types::error::metadata::ProvideErrorMetadata,
{
    let code = error::code_of(error);
    code.contains("NotFound") || code.starts_with("NoSuch") || code == "404"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_without_the_tag_is_not_ours_whatever_its_name() {
        let mut stack = Stack { name: names::PRIMARY.to_owned(), ..Stack::default() };
        assert_eq!(is_ours(&stack).unwrap_err().code, "NotOurs");
        stack.tags.insert(names::TAG.0.to_owned(), names::TAG.1.to_owned());
        assert!(is_ours(&stack).is_ok());
    }
}
