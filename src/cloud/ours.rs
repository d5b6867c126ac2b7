//! What is ours in the learner's cloud. A thing may be changed only as one of the types of this file, and
//! they can be had only from a stack of this run (told by its tags and its id) and from its resources.

use super::facts::{DatabaseMember, Phase, Role, Stack, Whose};
use super::run::{Claim, Run};
use super::{ActionError, Cloud, names};

/// A stack of this run. The only way to one is [`Cloud::own`].
#[derive(Clone, Debug)]
pub(super) struct OurStack(Stack);

/// A bucket of this run.
#[derive(Clone, Debug)]
pub(super) struct OurBucket {
    pub(super) role: Role,
    pub(super) name: String,
    /// The account that must own it: S3 refuses the call where it does not.
    pub(super) owner: String,
}

/// A cluster of this run in a global database.
#[derive(Clone, Debug)]
pub(super) struct OurMember {
    pub(super) region: String,
    pub(super) arn: String,
}

impl OurStack {
    /// The stack, to look at.
    pub(super) fn stack(&self) -> &Stack {
        &self.0
    }

    /// The stack's id: what AWS is asked to change is this stack and no other of its name.
    pub(super) fn id(&self) -> &str {
        &self.0.id
    }

    pub(super) fn output(&self, key: &str) -> String {
        self.0.outputs.get(key).cloned().unwrap_or_default()
    }

    /// The physical ids of its resources of a kind.
    pub(super) fn physical_ids(&self, kind: &str) -> impl Iterator<Item = &str> {
        let made = self.0.resources.iter().filter(move |r| r.kind == kind);
        made.filter(|r| r.status.phase() != Phase::Deleted).filter_map(|r| r.physical_id.as_deref())
    }

    /// The physical id that an output names, if it is that of a resource of the stack.
    pub(super) fn resource_of_output(&self, kind: &str, output: &str) -> Result<String, ActionError> {
        let named = self.output(output);
        if self.physical_ids(kind).any(|id| id == named) {
            return Ok(named);
        }
        let name = &self.0.name;
        Err(ActionError::new(
            "NotOurs",
            format!(
                "La salida {output} de {name} no nombra ningún recurso {kind} de esa pila («{named}»): no se toca. Despliega la pila con la plantilla de Espera."
            ),
            format!(
                "The output {output} of {name} names no {kind} of that stack (\"{named}\"): it is not touched. Deploy the stack with Espera's template."
            ),
        ))
    }

    /// The name of the global database that the stack made or joined.
    pub(super) fn global_database(&self) -> String {
        let output = Some(self.output("GlobalCluster")).filter(|id| !id.is_empty());
        let made = || self.physical_ids("AWS::RDS::GlobalCluster").next().map(str::to_owned);
        output.or_else(made).unwrap_or_else(|| names::GLOBAL.to_owned())
    }

    /// The member of a global database that is a cluster of this stack.
    pub(super) fn member(&self, members: &[DatabaseMember]) -> Option<OurMember> {
        let is_made = |m: &&DatabaseMember| {
            let cluster = m.arn.rsplit(':').next().unwrap_or_default();
            let region = self.0.id.split(':').nth(3);
            region == Some(&*m.region) && self.physical_ids("AWS::RDS::DBCluster").any(|id| id == cluster)
        };
        members.iter().find(is_made).map(|m| OurMember { region: m.region.clone(), arn: m.arn.clone() })
    }
}

impl Cloud {
    /// Says which run this is: what it has made is its own from now on.
    pub fn take_up(&self, run: Run) {
        self.owner.lock().run = run;
    }

    /// What this run has made by now, to keep.
    #[must_use]
    pub fn run_so_far(&self) -> Run {
        self.owner.lock().run.clone()
    }

    /// Takes things of an earlier run over, after the learner's yes.
    pub fn adopt(&self, claims: &[Claim]) {
        let mut state = self.owner.lock();
        for claim in claims {
            state.declined.remove(&claim.id);
            match claim.id.starts_with("arn:") {
                true => state.run.stacks.insert(claim.id.clone()),
                false => state.run.buckets.insert(claim.id.clone()),
            };
        }
    }

    /// Leaves things of an earlier run alone in this session: a clean-up goes on without them.
    pub fn decline(&self, claims: &[Claim]) {
        self.owner.lock().declined.extend(claims.iter().map(|c| c.id.clone()));
    }

    /// Remembers a stack that AWS has just said to be making for us.
    pub(super) fn record_made(&self, id: &str) {
        self.owner.lock().run.stacks.insert(id.to_owned());
    }

    /// The stack as one of ours, which alone may be changed.
    ///
    /// # Errors
    /// When it is somebody else's, or an earlier run's that nobody has said to take over.
    pub(super) fn own(&self, stack: Stack) -> Result<OurStack, ActionError> {
        match self.owner.whose_stack(&stack) {
            Whose::Ours => {
                let ours = OurStack(stack);
                let mut state = self.owner.lock();
                state.run.stacks.insert(ours.id().to_owned());
                state.run.clusters.extend(ours.physical_ids("AWS::RDS::DBCluster").map(str::to_owned));
                drop(state);
                Ok(ours)
            }
            Whose::Claimable if !self.owner.is_declined(&stack.id) => Err(not_taken_over_error(&stack)),
            Whose::Claimable | Whose::Foreign => Err(foreign_stack_error(&stack)),
        }
    }

    /// The bucket that an output of one of our stacks names, if the stack made it.
    pub(super) async fn own_bucket(
        &self,
        role: Role,
        stack: &OurStack,
        output: &str,
    ) -> Result<OurBucket, ActionError> {
        let name = stack.resource_of_output("AWS::S3::Bucket", output)?;
        Ok(OurBucket { role, name, owner: self.account().await? })
    }

    /// All buckets of one of our stacks that are still there.
    pub(super) async fn own_buckets(
        &self,
        role: Role,
        stack: &OurStack,
    ) -> Result<Vec<OurBucket>, ActionError> {
        let owner = self.account().await?;
        let bucket = |name: &str| OurBucket { role, name: name.to_owned(), owner: owner.clone() };
        Ok(stack.physical_ids("AWS::S3::Bucket").map(bucket).collect())
    }

    /// The twelve digits of the account, asked once.
    pub(super) async fn account(&self) -> Result<String, ActionError> {
        let known = self.owner.lock().account.clone();
        if let Some(account) = known {
            return Ok(account);
        }
        let who = self.clients.at(Role::Primary).sts.get_caller_identity().send().await;
        let who = match who {
            Ok(who) => who,
            // The Region that is lost is not asked who one is.
            Err(_) => self.clients.at(Role::Standby).sts.get_caller_identity().send().await?,
        };
        let account = who.account.unwrap_or_default();
        self.owner.lock().account = Some(account.clone());
        Ok(account)
    }
}

/// When the stack was made, as a date.
fn since(stack: &Stack) -> String {
    stack.began.iso8601().chars().take(10).collect()
}

fn foreign_stack_error(stack: &Stack) -> ActionError {
    let ((key, value), name, date) = (names::TAG, &stack.name, since(stack));
    let run = stack.tags.get(names::RUN_TAG);
    let others = stack.tags.iter().filter(|(k, _)| *k != names::TAG.0 && *k != names::RUN_TAG);
    let tags: Vec<String> = others.take(4).map(|(k, v)| format!("{k}={v}")).collect();
    if let Some(run) = run.filter(|_| stack.tags.get(key).is_some_and(|v| v == value)) {
        return ActionError::new(
            "NotOurs",
            format!(
                "La pila {name} ({date}) es de otro taller de Espera ({run}) y has dicho que no es tuya: no se toca."
            ),
            format!(
                "The stack {name} ({date}) belongs to another run of Espera ({run}), and you said that it is not yours: it is not touched."
            ),
        );
    }
    let (es, en) = match tags.is_empty() {
        true => ("no dice de quién es".to_owned(), "it does not say whose it is".to_owned()),
        false => {
            let tags = ground::lang::printable(&tags.join(", ")).into_owned();
            (format!("sus etiquetas dicen {tags}"), format!("its tags say {tags}"))
        }
    };
    ActionError::new(
        "NotOurs",
        format!(
            "La pila {name} ({date}) no lleva la etiqueta {key}={value}: no la hizo Espera, {es}, y Espera no la toca. Usa otra cuenta, o pide a quien la hizo que la borre; si es tuya, ponle la etiqueta."
        ),
        format!(
            "The stack {name} ({date}) lacks the tag {key}={value}: Espera did not make it, {en}, and Espera does not touch it. Use another account, or ask who made it to delete it; if it is yours, give it the tag."
        ),
    )
}

/// A stack of another run: one's own from before, or a colleague's.
fn not_taken_over_error(stack: &Stack) -> ActionError {
    let (name, date) = (&stack.name, since(stack));
    let (es, en) = match stack.tags.get(names::RUN_TAG) {
        Some(run) => (format!("del taller {run}"), format!("of the run {run}")),
        None => ("sin taller".to_owned(), "without a run".to_owned()),
    };
    unclaimed_error(
        Claim {
            region: stack.id.split(':').nth(3).unwrap_or_default().to_owned(),
            id: stack.id.clone(),
            name: name.clone(),
            run: stack.tags.get(names::RUN_TAG).cloned(),
        },
        format!("La pila {name} ({date}) es de Espera, pero {es} y no de este estado"),
        format!("The stack {name} ({date}) is Espera's, but {en} and not of this state"),
    )
}

/// Something that is Espera's, but not known to be this run's.
pub(super) fn unclaimed_error(claim: Claim, es: String, en: String) -> ActionError {
    ActionError::new(
        "NotTakenOver",
        format!(
            "{es}: la hiciste desde otro sitio, o es de otra persona de esta cuenta. Si es tuya, di que sí a tomarla (con walk, --adopt); si no, usa otra cuenta."
        ),
        format!(
            "{en}: you made it from elsewhere, or it is somebody else's in this account. If it is yours, say yes to taking it over (with walk, --adopt); if not, use another account."
        ),
    )
    .with_claim(claim)
}

#[cfg(test)]
mod tests {
    use super::super::owner::tests::stack;
    use super::*;

    #[test]
    fn only_a_resource_of_the_stack_can_be_had_from_it() {
        let mut seen = stack(&[names::TAG]);
        seen.outputs.insert("PagesBucket".to_owned(), "somebodys-bucket".to_owned());
        let made = super::super::facts::Resource {
            kind: "AWS::S3::Bucket".to_owned(),
            physical_id: Some("ours".to_owned()),
            status: "CREATE_COMPLETE".into(),
            ..Default::default()
        };
        seen.resources.push(made);
        let mut ours = OurStack(seen);
        assert_eq!(
            ours.resource_of_output("AWS::S3::Bucket", "PagesBucket").map_err(|e| e.code),
            Err("NotOurs".to_owned())
        );
        ours.0.outputs.insert("PagesBucket".to_owned(), "ours".to_owned());
        assert_eq!(ours.resource_of_output("AWS::S3::Bucket", "PagesBucket"), Ok("ours".to_owned()));
    }
}
