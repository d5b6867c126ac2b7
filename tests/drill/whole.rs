//! Drills from their first probe to their report.

use std::cell::RefCell;
use std::time::Duration;

use espera::cloud::{Fault, Move};
use espera::drill::{
    Ending, Event, Hands, Kind, Order, Plan, Recovery, Report, Signal, Step, Undo, What, find_unfinished,
    runs,
};
use practice::scenario::{Lag, Scenario};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use testbed::World;
use tokio::sync::mpsc;

use crate::streams::{losses_add_up, recoveries_add_up};
use crate::world::Deployed;

/// A world in which things take a quarter of their usual time.
fn quick(lag: Lag) -> Scenario {
    Scenario { duration_scale: 0.25, lag, ..Scenario::default() }
}

fn short(plan: Plan) -> Plan {
    Plan { steady: Duration::from_secs(8), ..plan }
}

/// Lost users as RDS itself counts them, whoever sent them.
fn rds_lost(world: &Deployed) -> u64 {
    const SAID: &str = "Transactions that had not been replicated: ";
    let image = World::of(world.practice.clone()).image();
    let counts = image.match_indices(SAID).filter_map(|(at, _)| {
        let rest = &image[at + SAID.len()..];
        rest[..rest.find('.')?].parse::<u64>().ok()
    });
    counts.sum()
}

/// An unplanned and a planned drill in one world; holds all that must be true of both.
async fn both(seed: u64, lag: Lag, fault: Fault) {
    let folder = tempfile::tempdir().unwrap();
    let world = Deployed::open(folder.path(), seed, quick(lag)).await;
    let (report, events) = world.drill(short(Plan::failover(fault))).await;
    let context = format!("seed {seed}, {fault}: {report:#?}");
    losses_add_up(&events, &report);
    recoveries_add_up(&events, &report);
    assert_eq!(report.ending, Some(Ending::Recovered), "{context}");
    assert!(Kind::WRITES.iter().all(|k| report.loss(*k).unwrap().unknown.is_empty()), "{context}");
    // RDS also counts what it had committed and could not acknowledge any more: one write at most.
    let (lost, rds) = (report.users_lost.lost.len() as u64, rds_lost(&world));
    assert!(lost <= rds && rds <= lost + 1, "RDS lost {rds}. {context}");
    let back = report.baskets_lost.returned.len();
    assert_eq!(back, report.baskets_lost.lost.len(), "DynamoDB keeps what it took. {context}");

    let (planned, events) = world.drill(short(Plan::switchover())).await;
    let context = format!("seed {seed}, planned: {planned:#?}");
    losses_add_up(&events, &planned);
    recoveries_add_up(&events, &planned);
    for kind in Kind::WRITES {
        let loss = planned.loss(kind).unwrap();
        assert!(loss.acknowledged > 0 && loss.present == loss.acknowledged, "{context}");
    }
    assert_eq!(planned.ending, Some(Ending::Recovered), "{context}");
    assert!(find_unfinished(folder.path()).is_none());
    let modes: Vec<Move> = runs(folder.path()).into_iter().map(|s| s.report.unwrap().plan.mode).collect();
    assert_eq!(modes, [Move::Switchover, Move::Failover], "the newest first");
}

#[test]
fn over_seeds_lags_and_faults_the_arithmetic_adds_up_and_a_planned_move_loses_nothing() {
    // All that practice alone can break; the two others are drilled below.
    let faults = practice::Fault::ALL.map(|fault| fault.as_str().parse::<Fault>().unwrap());
    let faults = prop::sample::select(faults.to_vec());
    let given = (any::<u64>(), 50..9000_u64, 500..9000_u64, faults);
    // The same cases each time; another draw is a change of this seed.
    let config = Config { cases: 4, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[17; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let ran = runner.run(&given, |(seed, aurora_ms, table_ms, fault)| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(both(seed, Lag { aurora_ms, table_ms, ..Lag::default() }, fault));
        Ok(())
    });
    ran.unwrap();
}

#[tokio::test]
async fn a_silent_region_loses_what_had_not_arrived_and_each_store_recovers_in_its_own_time() {
    let folder = tempfile::tempdir().unwrap();
    let lag = Lag { aurora_ms: 4000, table_ms: 6000, ..Lag::default() };
    let world = Deployed::open(folder.path(), 4, quick(lag)).await;
    let (report, _) = world.drill(short(Plan::failover(Fault::Region))).await;
    // Through the edge nothing fails, but each answer waits for the primary's time-out.
    assert_eq!(report.reads.recovery, Recovery::Unbroken);
    assert!(report.reads.slowest >= Duration::from_secs(4), "{:?}", report.reads);
    let (users, baskets) = (report.users.recovery.time().unwrap(), report.baskets.recovery.time().unwrap());
    // Baskets are taken as soon as the pages name the other API; users wait for the new writer.
    assert!(baskets < users && users > Duration::from_secs(20), "{report:#?}");
    let rpo = |kind: Kind| report.loss(kind).unwrap().rpo().unwrap().as_secs_f64();
    assert!((2.0..6.0).contains(&rpo(Kind::User)), "{}", rpo(Kind::User));
    assert!((3.0..9.5).contains(&rpo(Kind::Basket)), "{}", rpo(Kind::Basket));
    assert_ne!(report.detected.unwrap().by, Signal::Grace, "there was something to see");
    for name in ["log.jsonl", "report.json", "report.md", "report.html"] {
        assert!(folder.path().join(&report.run).join(name).is_file(), "{name}");
    }
}

#[tokio::test]
async fn the_faults_that_an_account_can_have_too_are_drilled_by_calls_to_aws_alone() {
    let folder = tempfile::tempdir().unwrap();
    let world = Deployed::open(folder.path(), 8, quick(Lag::default())).await;
    assert_eq!(world.stage.offers(), Fault::ALL);
    let (bucket, events) = world.drill(short(Plan::failover(Fault::Bucket))).await;
    losses_add_up(&events, &bucket);
    // The lab's own fault: the edge hides it, and all that shows is another Region's pages.
    assert_eq!(bucket.reads.recovery, Recovery::Unbroken, "{bucket:#?}");
    assert_eq!(bucket.detected.as_ref().unwrap().by, Signal::Edge { region: "us-west-1".to_owned() });
    let (instance, events) = world.drill(short(Plan::failover(Fault::Instance))).await;
    losses_add_up(&events, &instance);
    let signal = &instance.detected.as_ref().unwrap().by;
    assert!(matches!(signal, Signal::Probes { kind: Kind::User, .. }), "{instance:#?}");
    assert_eq!((instance.reads.errors, instance.baskets.errors), (0, 0), "{instance:#?}");
    let ended: Vec<_> = [&bucket, &instance].iter().map(|r| r.ending).collect();
    assert_eq!(ended, [Some(Ending::Recovered); 2]);
    assert!(find_unfinished(folder.path()).is_none(), "both are mended");
}

/// Runs a drill with orders given on events, until it ends or `enough` says so.
async fn run_until(
    world: &Deployed,
    plan: Plan,
    react: impl Fn(&Event) -> Option<Order>,
    enough: impl Fn(&Event) -> bool,
) -> (Option<Report>, Vec<Event>) {
    let (orders, received) = mpsc::channel(8);
    let (stop, mut stopped) = mpsc::channel(1);
    let events = RefCell::new(Vec::new());
    let tell = |event: &Event| {
        events.borrow_mut().push(event.clone());
        if let Some(order) = react(event) {
            orders.try_send(order).unwrap();
        }
        if enough(event) {
            let _ = stop.try_send(());
        }
    };
    let report = tokio::select! {
        report = espera::drill::run(world.stage.clone(), plan, received, tell) => Some(report.unwrap()),
        _ = stopped.recv() => None,
    };
    (report, events.into_inner())
}

#[tokio::test]
async fn the_learner_recovers_by_orders_and_the_planned_drill_stands_beside() {
    let folder = tempfile::tempdir().unwrap();
    let world = Deployed::open(folder.path(), 9, quick(Lag::default())).await;
    let plan = short(Plan { hands: Hands::Learner, ..Plan::failover(Fault::Api) });
    let react = |event: &Event| match &event.what {
        What::Detected { .. } => Some(Order::SwitchWrites),
        What::Ended { step: Step::SwitchWrites, .. } => Some(Order::FailOver),
        _ => None,
    };
    let (report, events) = run_until(&world, plan, react, |_| false).await;
    let report = report.unwrap();
    let steps: Vec<_> = report.steps.iter().map(|s| (s.step, s.trouble.is_none())).collect();
    assert_eq!(steps, [(Step::SwitchWrites, true), (Step::FailOver, true)]);
    assert!(report.baskets.recovery.time().unwrap() < Duration::from_secs(8), "{report:#?}");
    let done = |what: &What| events.iter().any(|e| e.what == *what);
    for undo in [Undo::Writes, Undo::Mend { fault: Fault::Api }] {
        assert!(done(&What::Undo { undo: undo.clone() }) && done(&What::Undone { undo }));
    }
    losses_add_up(&events, &report);
}

#[tokio::test]
async fn a_drill_killed_in_the_middle_is_offered_and_finished_and_its_log_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let world = Deployed::open(folder.path(), 5, quick(Lag::default())).await;
    let plan = short(Plan::failover(Fault::Region));
    let killed =
        |event: &Event| matches!(&event.what, What::Probe(p) if p.kind == Kind::User && p.number == 15);
    let (report, seen) = run_until(&world, plan.clone(), |_| None, killed).await;
    assert!(report.is_none() && world.practice.inspect(|w| w.faults.broken_since("us-east-1").is_some()));
    let cut_off = find_unfinished(folder.path()).expect("it is offered");
    let acknowledged =
        |e: &&Event| matches!(&e.what, What::Probe(p) if p.outcome.is_good() && p.kind != Kind::Read);
    assert_eq!(cut_off.acknowledged_writes(), seen.iter().filter(acknowledged).count() as u64);
    assert_eq!(cut_off.undo, [Undo::Mend { fault: Fault::Region }]);
    let (_orders, received) = mpsc::channel(1);
    let refused = espera::drill::run(world.stage.clone(), plan, received, |_| {}).await;
    assert!(refused.unwrap_err().to_string().contains("cut off"));
    let report = cut_off.finish(world.stage.clone(), |_| {}).await.unwrap();
    assert_eq!(report.ending, Some(Ending::Resumed));
    assert!(report.users_lost.acknowledged > 0 && report.users_lost.unknown.is_empty(), "{report:#?}");
    assert!(world.practice.inspect(|w| w.faults.broken_since("us-east-1").is_none()), "mended");
    assert!(find_unfinished(folder.path()).is_none());
}

#[tokio::test]
async fn a_drill_killed_in_the_middle_can_be_undone_alone() {
    let folder = tempfile::tempdir().unwrap();
    let world = Deployed::open(folder.path(), 6, quick(Lag::default())).await;
    let switched = |e: &Event| matches!(&e.what, What::Ended { step: Step::SwitchWrites, .. });
    let (_, _) = run_until(&world, short(Plan::failover(Fault::Network)), |_| None, switched).await;
    let cut_off = find_unfinished(folder.path()).unwrap();
    assert_eq!(cut_off.undo, [Undo::Mend { fault: Fault::Network }, Undo::Writes]);
    let report = cut_off.undo(world.stage.clone(), |_| {}).await.unwrap();
    assert_eq!(report.ending, Some(Ending::Abandoned));
    assert!(!report.users_lost.unknown.is_empty(), "nothing was looked up");
    assert!(
        find_unfinished(folder.path()).is_none()
            && world.practice.inspect(|w| w.faults.cut_since().is_none())
    );
}

/// While a Region is silent its stacks and data stay in the picture, and that is all that is told.
#[tokio::test]
async fn a_silent_region_is_told_calmly_and_stays_in_the_picture() {
    let folder = tempfile::tempdir().unwrap();
    let world = Deployed::open(folder.path(), 5, quick(Lag::default())).await;
    let cloud = &world.stage.cloud;
    let before = cloud.observe().await;
    assert_eq!(before.trouble, None);
    world.practice.break_region("us-east-1");
    let facts = cloud.observe().await;
    let told = facts.trouble.clone().unwrap();
    assert_eq!(told.es, "us-east-1 no contesta (ServiceUnavailable). Se ve lo último que se supo de ella.");
    let symptom = "ServiceUnavailable".to_owned();
    assert_eq!(facts.primary.health, espera::cloud::facts::Health::Impaired { symptom });
    assert_eq!(facts.primary.stacks, before.primary.stacks);
    assert_eq!(facts.table, before.table);
    assert!(facts.database.is_some_and(|d| d.members.len() == 2));

    world.practice.break_region("us-west-1");
    assert!(cloud.observe().await.trouble.unwrap().en.starts_with("Neither Region answers."));
    world.practice.mend_region("us-east-1");
    world.practice.mend_region("us-west-1");
    assert_eq!(cloud.observe().await.trouble, None);
}
