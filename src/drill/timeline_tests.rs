//! The chart's phases, marks and columns over small drills.

use super::super::event::{Outcome, Signal};
use super::super::plan::Step;
use super::super::samples::{Drill, bad, good};
use super::*;

/// Steady to 10 s, fault, detected at 13, failing over 14 to 40, all well from 41, reconciled at 60.
fn drill() -> Drill {
    let mut drill = Drill::new();
    for second in 1..10 {
        drill.probe(Kind::User, second, good());
    }
    drill.fault(10);
    for second in 10..40 {
        drill.probe(Kind::User, second, if second == 12 { Outcome::Refused } else { bad() });
    }
    drill.at(13, What::Detected { by: Signal::Probes { kind: Kind::User, failed: 3 } });
    drill.at(14, What::Step { step: Step::FailOver });
    drill.at(20, What::Lag { ms: 400 }).at(21, What::Lag { ms: 900 });
    drill.at(40, What::Ended { step: Step::FailOver, trouble: None });
    for second in 41..60 {
        drill.probe(Kind::User, second, good());
    }
    drill.at(60, What::Reconciling { region: "us-west-1".to_owned() });
    drill.found(Kind::User, 9, 'l').found(Kind::User, 8, 'p').finish(70);
    drill
}

#[test]
fn phases_follow_each_other_without_gaps() {
    let timeline = of(&drill().events());
    let phases: Vec<_> = timeline.bands.iter().map(|b| (b.phase, b.span.from.0 / 1000)).collect();
    let expected = [
        (Phase::Steady, 0),
        (Phase::Fault, 10),
        (Phase::Detected, 13),
        (Phase::FailingOver, 14),
        (Phase::Recovered, 41),
        (Phase::Reconciling, 60),
    ];
    assert_eq!(phases, expected);
    assert!(timeline.bands.windows(2).all(|w| w[0].span.to == w[1].span.from));
    assert_eq!(timeline.bands.last().map(|b| b.span.to), timeline.span.map(|s| s.to));
}

#[test]
fn a_lost_write_shows_as_lost_and_the_worst_of_a_column_wins() {
    let timeline = of(&drill().events());
    let sign = |number| timeline.marks.iter().find(|m| m.number == number).map(|m| m.sign);
    assert_eq!((sign(8), sign(9), sign(10)), (Some(Sign::Good), Some(Sign::Lost), Some(Sign::Failed)));
    let columns = timeline.columns(7);
    let users = &columns.signs[Kind::User as usize];
    let (good, failed, lost) = (Some(Sign::Good), Some(Sign::Failed), Some(Sign::Lost));
    assert_eq!(users[..], [lost, failed, failed, failed, good, good, None]);
    assert_eq!(columns.signs[Kind::Read as usize], [None; 7]);
    assert_eq!(columns.lag, [None, None, Some(900), None, None, None, None]);
    assert_eq!(columns.phases[6], Phase::Reconciling);
}

#[test]
fn a_chart_of_nothing_or_of_no_width_is_empty() {
    assert_eq!(of(&[]), Timeline::default());
    assert_eq!(of(&drill().events()).columns(0), Columns::default());
    let one = of(&drill().events()[..1]);
    assert_eq!(one.columns(5).phases, [Phase::Steady; 5]);
}

#[test]
fn while_a_kind_still_fails_nothing_is_called_recovered() {
    let mut drill = drill();
    drill.probe(Kind::Basket, 59, bad());
    let bands = of(&drill.events()).bands;
    assert!(!bands.iter().any(|b| b.phase == Phase::Recovered), "{bands:?}");
}
