//! The arithmetic of RTO and RPO over small drills written by hand.

use std::time::Duration;

use super::super::samples::{Drill, bad, good};
use super::*;
use crate::drill::event::Signal;

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[test]
fn the_recovery_time_runs_from_the_fault_to_the_first_good_answer_after_the_last_failure() {
    let mut drill = Drill::new();
    for at in 1..=5 {
        drill.probe(Kind::Read, at, good());
    }
    drill.fault(5);
    drill.probe(Kind::Read, 6, bad()).probe(Kind::Read, 7, good()).probe(Kind::Read, 8, bad());
    drill.probe(Kind::Read, 9, good()).probe(Kind::Read, 10, good());
    let reads = drill.report().reads;
    let Recovery::Back { after, away } = reads.recovery else { panic!("{reads:?}") };
    // A good answer between failures is no recovery; probes are answered 100 ms after they are sent.
    assert_eq!(after, seconds(4) + Duration::from_millis(100));
    assert_eq!(away.from, Moment(6000));
    assert_eq!((reads.probes, reads.good, reads.errors, reads.errors_before), (10, 8, 2, 0));
}

#[test]
fn kinds_are_never_mixed_and_errors_before_the_fault_are_not_its_own() {
    let mut drill = Drill::new();
    drill.probe(Kind::User, 1, bad()).probe(Kind::User, 2, good());
    drill.fault(3);
    drill.probe(Kind::Read, 4, good()).probe(Kind::User, 4, bad()).probe(Kind::User, 5, bad());
    let report = drill.report();
    assert_eq!(report.reads.recovery, Recovery::Unbroken);
    assert_eq!(report.baskets.recovery, Recovery::Unmeasured);
    assert!(matches!(report.users.recovery, Recovery::Away { .. }), "{:?}", report.users);
    assert_eq!((report.users.errors_before, report.users.errors, report.errors()), (1, 2, 2));
}

#[test]
fn a_write_answered_late_by_the_dying_primary_does_not_end_the_outage() {
    let mut drill = Drill::new();
    drill.fault(3);
    // Sent before the first failure, answered after it.
    drill.answered(Kind::User, 2900, 5000, good()).answered(Kind::User, 3500, 4000, bad());
    assert!(matches!(drill.report().users.recovery, Recovery::Away { .. }));
}

#[test]
fn the_window_of_loss_holds_exactly_the_lost_writes() {
    let mut drill = Drill::new();
    for at in 1..=6 {
        drill.probe(Kind::User, at, good());
    }
    drill.fault(8);
    for (number, presence) in [(1, 'p'), (2, 'p'), (3, 'p'), (4, 'l'), (5, 'l'), (6, 'l')] {
        drill.found(Kind::User, number, presence);
    }
    let loss = drill.report().users_lost;
    assert_eq!((loss.acknowledged, loss.present, loss.lost.len(), loss.unknown.len()), (6, 3, 3, 0));
    // From the acknowledgement of number 4 to the fault.
    assert_eq!(loss.window, Some(Span { from: Moment(4100), to: Moment(8000) }));
    assert_eq!(loss.rpo(), Some(Duration::from_millis(3900)));
    assert_eq!(loss.lost[0].id, identity::email("sample", 4));
}

#[test]
fn writes_acknowledged_and_lost_after_the_fault_stretch_the_window() {
    let mut drill = Drill::new();
    drill.fault(2).probe(Kind::Basket, 3, good()).probe(Kind::Basket, 9, good());
    drill.found(Kind::Basket, 1, 'l').found(Kind::Basket, 2, 'l');
    let loss = drill.report().baskets_lost;
    assert_eq!(loss.window, Some(Span { from: Moment(3100), to: Moment(9100) }));
}

#[test]
fn what_was_not_looked_up_is_unknown_and_no_target_is_called_met_by_it() {
    let mut drill = Drill::new();
    drill.probe(Kind::User, 1, good()).probe(Kind::User, 2, good()).fault(3).found(Kind::User, 1, 'p');
    let report = drill.report();
    assert_eq!(report.users_lost.unknown, [2]);
    assert_eq!(report.users_lost.rpo(), None);
    let rpo = report.verdicts.iter().find(|v| v.measure == Measure::Rpo(Kind::User)).unwrap();
    assert_eq!((rpo.met, rpo.actual), (Met::Unknown, None));
}

#[test]
fn targets_are_judged_apart() {
    let mut drill = Drill::new();
    drill.plan.targets = Targets { rto: seconds(10), rpo: seconds(2) };
    drill.probe(Kind::Read, 1, good()).probe(Kind::User, 1, good()).fault(4);
    drill.probe(Kind::Read, 5, good()).probe(Kind::User, 5, bad()).probe(Kind::User, 30, good());
    drill.found(Kind::User, 1, 'l').found(Kind::User, 3, 'p').finish(40);
    let report = drill.report();
    let met = |m: Measure| report.verdicts.iter().find(|v| v.measure == m).unwrap().met;
    assert_eq!(met(Measure::Rto(Kind::Read)), Met::Yes);
    assert_eq!(met(Measure::Rto(Kind::User)), Met::No);
    assert_eq!(met(Measure::Rto(Kind::Basket)), Met::Unknown, "no basket was sent");
    assert_eq!(met(Measure::Rpo(Kind::User)), Met::No);
    assert_eq!(met(Measure::Rpo(Kind::Basket)), Met::Yes, "nothing acknowledged, nothing lost");
}

#[test]
fn detection_decision_and_steps_are_told_from_the_fault() {
    let mut drill = Drill::new();
    drill.fault(10);
    drill.at(13, What::Detected { by: Signal::Probes { kind: Kind::User, failed: 3 } });
    drill.at(14, What::Step { step: Step::FailOver });
    drill.at(90, What::Ended { step: Step::FailOver, trouble: None });
    let report = drill.report();
    assert_eq!(report.detected.as_ref().map(|d| d.after), Some(seconds(3)));
    assert_eq!(report.decided, Some(seconds(4)));
    assert_eq!(report.steps[0].ended, Some(Moment(90_000)));
    assert_eq!(report.disrupted, Some(Moment(10_000)));
}

#[test]
fn a_planned_move_is_measured_from_its_first_step() {
    let mut drill = Drill::new();
    drill.plan = Plan::switchover();
    drill.at(10, What::Step { step: Step::SwitchOver });
    drill.probe(Kind::User, 11, bad()).probe(Kind::User, 60, good());
    let report = drill.report();
    assert_eq!(report.disrupted, Some(Moment(10_000)));
    assert_eq!(report.users.recovery.time(), Some(Duration::from_millis(50_100)));
}

#[test]
fn a_drill_ended_while_service_was_away_tells_nothing_of_a_target_yet_to_pass() {
    let mut drill = Drill::new();
    drill.plan.targets = Targets { rto: seconds(10), rpo: seconds(2) };
    drill.fault(4).probe(Kind::User, 5, bad()).probe(Kind::Basket, 5, bad()).probe(Kind::Basket, 20, bad());
    drill.finish(21);
    let report = drill.report();
    let met = |m: Measure| report.verdicts.iter().find(|v| v.measure == m).unwrap().met;
    assert_eq!(met(Measure::Rto(Kind::User)), Met::Unknown, "ended when the target had not passed");
    assert_eq!(met(Measure::Rto(Kind::Basket)), Met::No, "away for longer than the target");
}

#[test]
fn the_lag_that_counts_is_that_of_the_region_that_takes_over() {
    let mut drill = Drill::new();
    drill.fault(3).at(3, What::Lag { ms: 900 }).at(4, What::Step { step: Step::FailOver });
    drill.at(5, What::Lag { ms: 1200 }).at(9, What::Ended { step: Step::FailOver, trouble: None });
    // Now the old primary catches up: that is no loss any more.
    drill.at(10, What::Lag { ms: 28_000 });
    assert_eq!(drill.report().lag_most_ms, Some(1200));
}
