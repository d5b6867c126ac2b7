//! What holds for any template without circles: it is created in order, fails cleanly, and a world
//! told the same again ends the same.

use std::fmt::Write as _;

use proptest::prelude::*;

use testbed::{BareWorld, Told, place};

const KINDS: [&str; 6] = [
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::EC2::VPC",
    "AWS::S3::Bucket",
    "AWS::Logs::LogGroup",
    "AWS::Made::ByNobody",
];

/// How one resource needs an earlier one.
#[derive(Clone, Copy, Debug)]
enum Need {
    Ref(usize),
    Attribute(usize),
    Order(usize),
}

impl Need {
    fn on(self) -> usize {
        match self {
            Need::Ref(i) | Need::Attribute(i) | Need::Order(i) => i,
        }
    }
}

#[derive(Clone, Debug)]
struct Graph(Vec<(usize, Vec<Need>)>);

impl Graph {
    fn template(&self) -> String {
        let mut text = String::from("Resources:\n");
        for (i, (kind, needs)) in self.0.iter().enumerate() {
            let _ = writeln!(text, "  R{i}:\n    Type: {}", KINDS[*kind]);
            let order: Vec<_> = needs
                .iter()
                .filter(|n| matches!(n, Need::Order(_)))
                .map(|n| format!("R{}", n.on()))
                .collect();
            if !order.is_empty() {
                let _ = writeln!(text, "    DependsOn: [{}]", order.join(", "));
            }
            let _ = writeln!(text, "    Properties:\n      Tags:\n      - {{Key: n, Value: '{i}'}}");
            for need in needs {
                let _ = match need {
                    Need::Ref(j) => writeln!(text, "      - {{Key: r{j}, Value: !Ref R{j}}}"),
                    Need::Attribute(j) => {
                        writeln!(text, "      - {{Key: a{j}, Value: !Sub '${{R{j}.Arn}}'}}")
                    }
                    Need::Order(_) => Ok(()),
                };
            }
        }
        text
    }

    /// Checks that each resource began after all it needs had reached `done`.
    fn in_order(&self, events: &[Told], begun: &str, done: &str) {
        for (i, (_, needs)) in self.0.iter().enumerate() {
            for need in needs {
                let (first, then) = (format!("R{}", need.on()), format!("R{i}"));
                assert!(place(events, &first, done) < place(events, &then, begun), "{first} before {then}");
            }
        }
    }
}

fn graphs() -> impl Strategy<Value = Graph> {
    let node = (0..KINDS.len(), proptest::collection::vec((0_usize..3, 0_usize..1000), 0..4));
    proptest::collection::vec(node, 1..24).prop_map(|nodes| {
        let nodes = nodes.into_iter().enumerate().map(|(i, (kind, needs))| {
            let needs = needs.into_iter().filter(|_| i > 0).map(|(how, on)| match how {
                0 => Need::Ref(on % i),
                1 => Need::Attribute(on % i),
                _ => Need::Order(on % i),
            });
            (kind, needs.collect())
        });
        Graph(nodes.collect())
    })
}

fn run(seed: u64, graph: &Graph, failing: Option<usize>) -> (BareWorld, String) {
    let mut cloud = match failing {
        Some(i) => BareWorld::with(seed, testbed::failing(&format!("R{i}"))),
        None => BareWorld::seeded(seed),
    };
    let id = cloud.create("s", &graph.template());
    cloud.settle();
    (cloud, id)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_template_is_created_and_deleted_in_order(graph in graphs(), seed in 0_u64..1000) {
        let (mut cloud, id) = run(seed, &graph, None);
        prop_assert_eq!(cloud.status("s"), "CREATE_COMPLETE");
        graph.in_order(&cloud.events("s"), "CREATE_IN_PROGRESS", "CREATE_COMPLETE");
        cloud.delete("s");
        cloud.settle();
        prop_assert_eq!(cloud.status(&id), "DELETE_COMPLETE");
        let mut backward = cloud.events(&id);
        backward.reverse();
        graph.in_order(&backward, "DELETE_COMPLETE", "DELETE_IN_PROGRESS");
    }

    #[test]
    fn any_failure_leaves_nothing(graph in graphs(), seed in 0_u64..1000, at in 0_usize..1000) {
        let at = at % graph.0.len();
        let (mut cloud, _) = run(seed, &graph, Some(at));
        prop_assert_eq!(cloud.status("s"), "ROLLBACK_COMPLETE");
        let events = cloud.events("s");
        let began: std::collections::BTreeSet<_> =
            events.iter().filter(|(_, s, _)| s == "CREATE_IN_PROGRESS").map(|(id, ..)| id.clone()).collect();
        for id in began.iter().filter(|id| *id != "s") {
            place(&events, id, "DELETE_COMPLETE");
        }
        let failed = events.iter().filter(|(_, s, r)| s == "CREATE_FAILED" && r == "planned").count();
        prop_assert_eq!(failed, 1);
        for (i, (_, needs)) in graph.0.iter().enumerate() {
            let i = format!("R{i}");
            for on in needs.iter().map(|need| format!("R{}", need.on())) {
                if began.contains(&i) {
                    prop_assert!(place(&events, &i, "DELETE_COMPLETE") < place(&events, &on, "DELETE_IN_PROGRESS"));
                }
            }
        }
    }

    #[test]
    fn any_update_to_another_template_ends_well_and_back(
        one in graphs(), two in graphs(), seed in 0_u64..1000, at in 0_usize..1000,
    ) {
        // One kind throughout: a type may not change under a name.
        let plain = |graph: &Graph| Graph(graph.0.iter().map(|(_, needs)| (0, needs.clone())).collect());
        let (one, two) = (plain(&one), plain(&two));
        let (mut cloud, _) = run(seed, &one, None);
        let before: Vec<_> = (0..one.0.len()).map(|i| cloud.physical("s", &format!("R{i}"))).collect();
        cloud.world.scenario = testbed::failing(&format!("R{}", at % two.0.len()));
        let body = two.template();
        let update = [("StackName", "s"), ("TemplateBody", body.as_str())];
        if cloud.try_call("UpdateStack", &update).is_err() {
            return Ok(());
        }
        cloud.settle();
        if cloud.status("s") == "UPDATE_ROLLBACK_COMPLETE" {
            let now: Vec<_> = (0..one.0.len()).map(|i| cloud.physical("s", &format!("R{i}"))).collect();
            prop_assert_eq!(now, before);
            cloud.world.scenario = practice::scenario::Scenario::default();
            cloud.call("UpdateStack", &update);
            cloud.settle();
        }
        prop_assert_eq!(cloud.status("s"), "UPDATE_COMPLETE");
        let left = cloud.call("ListStackResources", &[("StackName", "s")]);
        let count = left.child("StackResourceSummaries").unwrap().all("member").count();
        prop_assert_eq!(count, two.0.len());
        let message = cloud.refused("UpdateStack", &update);
        prop_assert_eq!(message, "No updates are to be performed.");
    }

    #[test]
    fn a_world_saved_half_way_goes_on_as_if_nothing_was(graph in graphs(), seed in 0_u64..1000, seconds in 0_u64..60) {
        let whole = run(seed, &graph, None).0.events("s");
        let mut cloud = BareWorld::seeded(seed);
        cloud.create("s", &graph.template());
        cloud.wait(std::time::Duration::from_secs(seconds));
        let saved = serde_json::to_string(&cloud.world).unwrap();
        cloud.world = serde_json::from_str(&saved).unwrap();
        cloud.settle();
        prop_assert_eq!(cloud.events("s"), whole);
    }
}
