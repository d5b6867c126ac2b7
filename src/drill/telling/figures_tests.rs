//! The figures of small drills.

use super::*;
use crate::cloud::Fault;
use crate::drill::plan::Plan;
use crate::drill::samples::{Drill, bad, good};
use crate::drill::{Ending, Signal, What};

/// A drill in which a user was lost and users were away for a while.
fn lost_user() -> Report {
    let mut drill = Drill::new();
    drill.probe(Kind::Read, 1, good()).probe(Kind::User, 1, good()).probe(Kind::Basket, 1, good());
    drill.fault(2).probe(Kind::User, 3, bad()).probe(Kind::User, 9, good());
    drill.found(Kind::User, 1, 'l').found(Kind::User, 3, 'p').found(Kind::Basket, 1, 'p').finish(20);
    drill.report()
}

fn value(report: &Report, metric: Metric) -> String {
    let figure = of(report, Lang::En).into_iter().find(|f| f.metric == metric).unwrap();
    figure.value
}

#[test]
fn every_number_is_told_apart_and_explained_in_both_languages() {
    let report = lost_user();
    for lang in Lang::ALL {
        let figures = of(&report, lang);
        let names: std::collections::BTreeSet<_> = figures.iter().map(|f| &f.name).collect();
        assert_eq!(names.len(), figures.len());
        assert_eq!(figures.iter().filter(|f| f.target.is_some()).count(), 5);
        assert!(figures.iter().all(|f| f.means.ends_with('.')), "{figures:#?}");
    }
    assert_eq!(value(&report, Metric::Rto(Kind::User)), "7.1 s");
    assert_eq!(value(&report, Metric::Rpo(Kind::User)), "900 ms");
    assert_eq!(value(&report, Metric::Lost(Kind::User)), "1 of 2");
    let lost = of(&report, Lang::En).into_iter().find(|f| f.metric == Metric::Lost(Kind::User)).unwrap();
    assert!(lost.means.starts_with("Acknowledged 2 = present 1 + lost 1 + unknown 0."), "{}", lost.means);
}

#[test]
fn programs_get_the_same_values_by_ids_that_differ() {
    let report = lost_user();
    let data = data(&report);
    let data = data.as_array().unwrap();
    let figures = of(&report, Lang::Es);
    assert_eq!(data.len(), figures.len());
    let ids: std::collections::BTreeSet<_> = data.iter().map(|f| f["figure"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), data.len());
    for (data, figure) in data.iter().zip(figures) {
        assert_eq!(data["value"].as_u64(), figure.amount.number(), "{data}");
        assert_eq!(data["text"]["es"], figure.value);
        assert_eq!(data["target"].is_u64(), figure.target.is_some(), "{data}");
    }
    let users = data.iter().find(|f| f["figure"] == "rto-user").unwrap();
    assert_eq!((users["value"].as_u64(), users["met"].as_str()), (Some(7100), Some("yes")));
}

#[test]
fn what_was_not_looked_up_is_unknown_and_never_counted_as_safe() {
    let mut drill = Drill::new();
    drill.probe(Kind::User, 1, good()).probe(Kind::User, 2, good()).fault(3);
    drill.at(5, What::Finished { ending: Ending::Abandoned });
    let report = drill.report();
    assert_eq!(value(&report, Metric::Rpo(Kind::User)), "unknown");
    assert_eq!(value(&report, Metric::Lost(Kind::User)), "0 of 2; 2 unknown");
    assert_eq!(value(&report, Metric::Rto(Kind::User)), "unknown");
    assert!(verdict(&report, Lang::En).contains("writes lost: 0 (2 unknown)"));
    drill.found(Kind::User, 1, 'l').finish(9);
    assert_eq!(value(&drill.report(), Metric::Rpo(Kind::User)), "at least 1.9 s");
}

#[test]
fn when_only_the_grace_ran_out_nobody_detected_anything() {
    let mut drill = Drill::new();
    drill.fault(2).at(62, What::Detected { by: Signal::Grace }).finish(90);
    assert_eq!(value(&drill.report(), Metric::Detection), "not detected");
}

#[test]
fn a_planned_switchover_beside_a_failover_has_no_time_to_detect() {
    let mut planned = Drill::new();
    planned.plan = Plan::switchover();
    let planned = planned.finish(9).report();
    let rows = compare([&planned, &lost_user()], Lang::En);
    let row = |name: &str| rows.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("{rows:#?}"));
    assert_eq!(row("Drill")[1..], ["planned switchover", "unplanned failover"]);
    assert_eq!(row("Fault")[1..], ["none", terms::fault(Fault::Region, Lang::En)]);
    assert_eq!(row("Time to detect")[1..], ["-", "not detected"]);
}
