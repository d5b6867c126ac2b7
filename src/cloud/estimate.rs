//! How long an operation still takes: the longest chain of what is left, by measured mean durations.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;
use std::time::Duration;

use aws_sdk_cloudformation::types::Stack as Described;

use super::facts::{Phase, Stack};
use cloudformation::template::{Pseudo, Template};
use ground::clock::Moment;

/// Mean seconds by operation and resource type.
type Means = HashMap<String, HashMap<String, f64>>;

/// What a stack's template wants: resources with their types and what each needs first.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    kinds: BTreeMap<String, String>,
    needs: BTreeMap<String, BTreeSet<String>>,
}

impl Outline {
    /// Reads a template with the parameters a stack has; `None` when it cannot be read as one.
    pub(super) fn read(body: &str, stack: &Described, region: &str) -> Option<Outline> {
        let template = Template::parse(body).ok()?;
        let given = stack
            .parameters()
            .iter()
            .filter_map(|p| Some((p.parameter_key()?.to_owned(), p.parameter_value()?.to_owned())))
            .collect();
        // Any value of an SSM parameter does: only conditions matter here.
        let bindings = template.bind(&given, None, &|_| Some("resolved".to_owned())).ok()?;
        let (name, id) = (stack.stack_name().unwrap_or_default(), stack.stack_id().unwrap_or_default());
        let plan = template.plan(&bindings, &Pseudo::new("123456789012", region, name, id)).ok()?;
        let kinds = plan
            .live
            .iter()
            .filter_map(|id| Some((id.clone(), template.resources.get(id)?.kind.clone())))
            .collect();
        Some(Outline { kinds, needs: plan.needs })
    }

    /// How many resources there are.
    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Estimated time until the stack's running operation ends.
    pub(super) fn time_left(&self, stack: &Stack, now: Moment) -> Duration {
        let operation = match stack.status.phase() {
            Phase::Deleting | Phase::RollingBack => "delete",
            Phase::Updating => "update",
            _ => "create",
        };
        let mut memo = BTreeMap::new();
        let longest = self.kinds.keys().map(|id| self.chain_seconds(id, stack, now, operation, &mut memo, 0));
        Duration::from_secs_f64(longest.fold(0.0, f64::max))
    }

    /// Seconds until `id` is done, with all it has to wait for.
    fn chain_seconds<'a>(
        &'a self,
        id: &'a str,
        stack: &Stack,
        now: Moment,
        operation: &str,
        memo: &mut BTreeMap<&'a str, f64>,
        depth: usize,
    ) -> f64 {
        if let Some(known) = memo.get(id) {
            return *known;
        }
        let own = self.own_seconds(id, stack, now, operation);
        let before = match self.needs.get(id) {
            // A plan has no cycles; the limit only guards the stack against very long chains.
            Some(needs) if depth < 500 => needs
                .iter()
                .map(|n| self.chain_seconds(n, stack, now, operation, memo, depth + 1))
                .fold(0.0, f64::max),
            _ => 0.0,
        };
        memo.insert(id, own + before);
        own + before
    }

    /// Seconds `id` itself still takes; at least a twentieth of its mean while it is under way.
    fn own_seconds(&self, id: &str, stack: &Stack, now: Moment, operation: &str) -> f64 {
        let kind = self.kinds.get(id).map_or("", String::as_str);
        let mean = mean_seconds(operation, kind);
        let Some(resource) = stack.resource(id) else {
            // An update touches few resources and a deletion only what was made: no event, nothing to wait for.
            return if operation == "create" { mean } else { 0.0 };
        };
        let phase = resource.status.phase();
        if phase.is_moving() {
            let spent = now.since(resource.began).as_secs_f64();
            return (mean - spent).max(mean * 0.05);
        }
        match (operation, phase) {
            ("delete", Phase::Deleted) => 0.0,
            ("delete", _) => mean,
            _ => 0.0,
        }
    }
}

fn mean_seconds(operation: &str, kind: &str) -> f64 {
    static MEANS: OnceLock<Means> = OnceLock::new();
    let means = MEANS
        .get_or_init(|| toml::from_str(include_str!("../../assets/data/durations.toml")).unwrap_or_default());
    let table = means.get(operation);
    let of = |kind: &str| table.and_then(|t| t.get(kind)).copied();
    of(kind).or_else(|| of("default")).unwrap_or(5.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::facts::{Resource, Status};

    fn outline() -> Outline {
        let kinds = [
            ("Cluster", "AWS::RDS::DBCluster"),
            ("Instance", "AWS::RDS::DBInstance"),
            ("Bucket", "AWS::S3::Bucket"),
        ];
        Outline {
            kinds: kinds.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
            needs: [("Instance".to_owned(), ["Cluster".to_owned()].into())].into(),
        }
    }

    #[test]
    fn the_longest_chain_decides_and_shrinks_as_it_is_walked() {
        let mut stack = Stack { status: Status::from("CREATE_IN_PROGRESS"), ..Stack::default() };
        let whole = outline().time_left(&stack, Moment(0)).as_secs_f64();
        let chain =
            mean_seconds("create", "AWS::RDS::DBCluster") + mean_seconds("create", "AWS::RDS::DBInstance");
        assert!((whole - chain).abs() < 0.001, "{whole} is not {chain}");
        stack.resources.push(Resource {
            logical_id: "Cluster".into(),
            status: Status::from("CREATE_COMPLETE"),
            ..Resource::default()
        });
        let rest = outline().time_left(&stack, Moment(0)).as_secs_f64();
        assert!((rest - mean_seconds("create", "AWS::RDS::DBInstance")).abs() < 0.001);
    }
}
