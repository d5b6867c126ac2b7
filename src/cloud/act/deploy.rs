//! Deploying: through a change set, because only there AWS checks quotas and names; then the pages.

use std::time::Duration;

use aws_sdk_cloudformation::types::{
    Capability, ChangeSetStatus, ChangeSetType, OnStackFailure, Parameter, Tag,
};

use super::super::action::Notes;
use super::super::facts::{Phase, Role, Stack};
use super::super::guard::Patience;
use super::super::ours::OurStack;
use super::super::{ActionError, Cloud, Settings, error, names};
use ground::clock::Moment;

/// The longest a change set may take: seconds are usual.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// What a change set is made for.
#[derive(Clone, Copy)]
pub(super) enum Change<'a> {
    /// A stack that is not there yet, by its name, from a template's text.
    Create(&'static str, &'a str),
    /// One of our stacks, with the template it has.
    Update(&'static str, &'a OurStack),
}

impl Change<'_> {
    fn name(&self) -> &'static str {
        match self {
            Change::Create(name, _) | Change::Update(name, _) => name,
        }
    }
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
        // Before anything else is made: whose the stack is that may be there already.
        self.our_stack(role, name).await?;
        let mut parameters = vec![("Role", part.to_owned())];
        let version = match role {
            Role::Primary => self.common_version(),
            Role::Standby => {
                let primary = self.await_stack(Role::Primary, names::PRIMARY, note).await?;
                self.version_of(primary.stack()).await?.or_else(|| self.common_version())
            }
        };
        parameters.extend(version.map(|v| ("EngineVersion", v)));
        parameters.push(("ArtifactSum", self.bring_program(role, settings, note).await?));
        let stack = self.deploy(role, name, &settings.unishop, &parameters, note).await?;
        self.publish(role, &stack, settings, note).await
    }

    /// Deploys the edge in front of both Regions.
    pub(super) async fn deploy_edge(&self, settings: &Settings, note: Notes<'_>) -> Result<(), ActionError> {
        self.our_stack(Role::Primary, names::EDGE).await?;
        let mut parameters = Vec::new();
        for (role, key) in [(Role::Primary, "PrimaryBucketDomain"), (Role::Standby, "StandbyBucketDomain")] {
            let stack = self.await_stack(role, names::shop(role), note).await?;
            parameters.push((key, stack.output("PagesBucketDomain")));
        }
        self.deploy(Role::Primary, names::EDGE, &settings.edge, &parameters, note).await.map(drop)
    }

    /// A stack of ours that an action builds upon, once nothing moves in it: this action, cut off, may have begun
    /// to change it.
    pub(super) async fn await_stack(
        &self,
        role: Role,
        name: &'static str,
        note: Notes<'_>,
    ) -> Result<OurStack, ActionError> {
        self.await_rest(role, name, note).await?;
        self.require_stack(role, name).await
    }

    /// Waits until nothing moves in a stack of ours, if there is one.
    async fn await_rest(&self, role: Role, name: &'static str, note: Notes<'_>) -> Result<(), ActionError> {
        if self.our_stack(role, name).await?.is_some_and(|stack| stack.stack().status.phase().is_moving()) {
            self.await_settled(role, name, note).await?;
        }
        Ok(())
    }

    /// A stack of ours that an action builds upon.
    pub(super) async fn require_stack(
        &self,
        role: Role,
        name: &'static str,
    ) -> Result<OurStack, ActionError> {
        match self.our_stack(role, name).await? {
            Some(stack) if stack.stack().status.is_whole() => Ok(stack),
            _ => Err(ActionError::new(
                "NotReady",
                format!("Antes hace falta la pila {name} completa: vuelve al paso que la despliega."),
                format!("The stack {name} must be complete first: go back to the step that deploys it."),
            )),
        }
    }

    /// The stack of this name, if there is one.
    ///
    /// # Errors
    /// When it is not ours, or nobody answers.
    pub(super) async fn our_stack(
        &self,
        role: Role,
        name: &'static str,
    ) -> Result<Option<OurStack>, ActionError> {
        self.stack_now(role, name).await?.map(|stack| self.own(stack)).transpose()
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
    ) -> Result<OurStack, ActionError> {
        if let Some(stack) = self.await_settled(role, name, note).await? {
            let ours = self.own(stack)?;
            let status = &ours.stack().status;
            if status.is_whole() {
                self.tell(
                    note,
                    format!("{name} ya estaba completa."),
                    format!("{name} was complete already."),
                );
                return Ok(ours);
            }
            if status.is_stillborn() {
                self.delete_stack(role, name, note).await?;
            } else if status.phase() != Phase::Review {
                return Err(super::wait::failure_error(ours.stack()));
            }
        }
        let parameters = parameters
            .iter()
            .map(|(k, v)| Parameter::builder().parameter_key(*k).parameter_value(v).build())
            .collect();
        self.change(role, Change::Create(name, template), parameters, note).await?;
        self.own(self.await_complete(role, name, note).await?)
    }

    /// Makes a change set and executes it; answers whether there was anything to change.
    pub(super) async fn change(
        &self,
        role: Role,
        change: Change<'_>,
        parameters: Vec<Parameter>,
        note: Notes<'_>,
    ) -> Result<bool, ActionError> {
        let client = &self.clients.at(role).cloudformation;
        let name = change.name();
        let set = format!("espera-{}", self.clock.now().0);
        let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build();
        let mut request = client
            .create_change_set()
            .change_set_name(&set)
            .client_token(&set)
            .set_parameters(Some(parameters))
            .capabilities(Capability::CapabilityIam)
            .capabilities(Capability::CapabilityNamedIam)
            .tags(tag(names::TAG.0, names::TAG.1))
            .tags(tag(names::RUN_TAG, &self.run_so_far().id));
        request = match change {
            Change::Create(name, text) => request
                .stack_name(name)
                .template_body(text)
                .change_set_type(ChangeSetType::Create)
                .on_stack_failure(OnStackFailure::Rollback),
            Change::Update(_, stack) => request
                .stack_name(stack.id())
                .use_previous_template(true)
                .change_set_type(ChangeSetType::Update),
        };
        let stack = match request.send().await {
            Ok(made) => made.stack_id.unwrap_or_else(|| name.to_owned()),
            // Asked for in the very moment before a kill: it is the same, so it is taken up.
            Err(e) if error::code_of(&e) == "AlreadyExistsException" => name.to_owned(),
            Err(e) => return Err(e.into()),
        };
        if stack.starts_with("arn:") {
            self.record_made(&stack);
        }
        self.tell(
            note,
            format!("{name}: conjunto de cambios {set} pedido."),
            format!("{name}: change set {set} asked for."),
        );
        if !self.await_change_set(role, &stack, name, &set).await? {
            client.delete_change_set().stack_name(&stack).change_set_name(&set).send().await?;
            self.tell(note, format!("{name}: nada que cambiar."), format!("{name}: nothing to change."));
            return Ok(false);
        }
        let before = self.stack_now(role, name).await?.map(|s| s.began);
        let execute = client.execute_change_set().stack_name(&stack).change_set_name(&set);
        match execute.client_request_token(&set).send().await {
            Ok(_) => {}
            // Asked for already, and the answer was lost on the way: it has begun.
            Err(e) if is_begun_already(&e) => {}
            Err(e) => return Err(e.into()),
        }
        self.await_begin(role, name, before).await?;
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
    async fn await_begin(
        &self,
        role: Role,
        name: &'static str,
        before: Option<Moment>,
    ) -> Result<(), ActionError> {
        let minute = Patience::new(self, Duration::from_secs(60), name, name);
        loop {
            let stack = self.stack_now(role, name).await?;
            let Some(stack) = stack else { return Ok(()) };
            if stack.status.phase().is_moving() || Some(stack.began) != before {
                return Ok(());
            }
            if minute.pause(self, super::wait::POLL).await.is_err() {
                return Ok(());
            }
        }
    }

    /// Waits for a change set; `false` when it would change nothing.
    async fn await_change_set(
        &self,
        role: Role,
        stack: &str,
        name: &str,
        set: &str,
    ) -> Result<bool, ActionError> {
        let client = &self.clients.at(role).cloudformation;
        let patience = Patience::new(
            self,
            PATIENCE,
            format!("al conjunto de cambios de {name}"),
            format!("the change set of {name}"),
        );
        loop {
            let described =
                client.describe_change_set().stack_name(stack).change_set_name(set).send().await?;
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
                _ => patience.pause(self, Duration::from_secs(2)).await?,
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
        self.await_rest(role, name, note).await?;
        let Some(ours) = self.our_stack(role, name).await? else {
            return self.require_stack(role, name).await.map(drop);
        };
        let cloudformation = &self.clients.at(role).cloudformation;
        let described = cloudformation.describe_stacks().stack_name(ours.id()).send().await?;
        let current = described.stacks().first().map(|s| s.parameters().to_vec()).unwrap_or_default();
        let all_set = changes.iter().all(|(key, value)| {
            current.iter().any(|p| p.parameter_key() == Some(key) && p.parameter_value() == Some(value))
        });
        if all_set {
            self.tell(note, format!("{name} ya estaba así."), format!("{name} was so already."));
            return self.await_whole(role, name, note).await;
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
        match self.change(role, Change::Update(name, &ours), parameters, note).await? {
            true => self.await_complete(role, name, note).await.map(drop),
            false => self.await_whole(role, name, note).await,
        }
    }

    /// Waits for what moves in a stack that already has the parameters it should have.
    async fn await_whole(&self, role: Role, name: &'static str, note: Notes<'_>) -> Result<(), ActionError> {
        match self.await_settled(role, name, note).await? {
            Some(stack) if !stack.status.is_whole() => Err(super::wait::failure_error(&stack)),
            _ => self.require_stack(role, name).await.map(drop),
        }
    }

    /// Deletes a stack and waits until it is gone.
    pub(super) async fn delete_stack(
        &self,
        role: Role,
        name: &'static str,
        note: Notes<'_>,
    ) -> Result<(), ActionError> {
        let Some(stack) = self.our_stack(role, name).await? else { return Ok(()) };
        if stack.stack().status.phase() != Phase::Deleting {
            let token = format!("espera-{}", self.clock.now().0);
            let delete = self.clients.at(role).cloudformation.delete_stack().stack_name(stack.id());
            delete.client_request_token(token).send().await?;
            self.tell(note, format!("{name}: borrando."), format!("{name}: being deleted."));
        }
        match self.await_settled(role, name, note).await? {
            None => {
                self.tell(note, format!("{name}: borrada."), format!("{name}: deleted."));
                Ok(())
            }
            Some(stack) => Err(super::wait::failure_error(&stack)),
        }
    }
}

/// Whether an error says that a change set is being carried out or was, so that asking again is needless.
fn is_begun_already<E, R>(error: &aws_smithy_runtime_api::client::result::SdkError<E, R>) -> bool
where
    E: aws_smithy_types::error::metadata::ProvideErrorMetadata,
{
    let said = match error {
        aws_smithy_runtime_api::client::result::SdkError::ServiceError(e) => e.err().message(),
        _ => None,
    };
    let said = said.unwrap_or_default();
    error::code_of(error).starts_with("InvalidChangeSetStatus")
        && (said.contains("EXECUTE_IN_PROGRESS") || said.contains("EXECUTE_COMPLETE"))
}

/// The last number of a version such as `8.0.mysql_aurora.3.10.1`.
fn patch(version: &str) -> u32 {
    version.rsplit('.').next().and_then(|p| p.parse().ok()).unwrap_or_default()
}
