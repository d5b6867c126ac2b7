//! The arithmetic over event streams made up by chance: whatever happens, it adds up.

use std::collections::BTreeMap;

use espera::cloud::Fault;
use espera::drill::timeline;
use espera::drill::{
    Ending, Endpoints, Event, Kind, Outcome, Plan, Presence, Probe, Recovery, Report, Span, Step, VERSION,
    What, fold,
};
use ground::clock::Moment;
use proptest::prelude::*;

/// A probe by chance: sent so many beats after the last, answered after so long, how, and what the
/// look-up says of it.
type Chance = (u64, u64, u8, Option<Presence>);

fn chances() -> impl Strategy<Value = Vec<Chance>> {
    let presence = prop_oneof![
        4 => Just(Some(Presence::Present)),
        2 => Just(Some(Presence::Lost)),
        1 => Just(Some(Presence::Unknown)),
        1 => Just(None),
    ];
    prop::collection::vec((1..4_u64, 1..12_000_u64, 0..8_u8, presence), 0..60)
}

fn outcome(n: u8) -> Outcome {
    match n {
        0..4 => Outcome::Good,
        4 => Outcome::Status { code: 503 },
        5 => Outcome::Refused,
        6 => Outcome::TimedOut,
        _ => Outcome::Garbled,
    }
}

prop_compose! {
    fn stream()(probes in prop::array::uniform3(chances()), fault in 0..120_000_u64, planned: bool,
        finished: bool, order in any::<prop::sample::Index>()) -> Vec<Event> {
        let mut events = Vec::new();
        let mut found = Vec::new();
        for (kind, chances) in Kind::ALL.into_iter().zip(probes) {
            let mut sent = 0;
            for (number, (beats, took, how, presence)) in (1..).zip(chances) {
                sent += beats * 1000;
                let probe = Probe { kind, number, sent: Moment(sent), outcome: outcome(how), region: None };
                events.push(Event { at: Moment(sent + took), what: What::Probe(probe) });
                found.extend(presence.map(|presence| What::Found { kind, number, presence }));
            }
        }
        let what = if planned { What::Step { step: Step::SwitchOver } } else { What::Fault { fault: Fault::Region } };
        events.push(Event { at: Moment(fault), what });
        events.sort_by_key(|e| e.at);
        let end = events.last().map_or(Moment(0), |e| e.at);
        let turn = order.index(found.len().max(1)).min(found.len());
        found.rotate_left(turn);
        events.extend(found.into_iter().map(|what| Event { at: end, what }));
        if finished {
            events.push(Event { at: end, what: What::Finished { ending: Ending::Recovered } });
        }
        let plan = if planned { Plan::switchover() } else { Plan::failover(Fault::Region) };
        let began = What::Began { version: VERSION, run: "chance".into(), plan, scene: Endpoints::default() };
        events.insert(0, Event { at: Moment(0), what: began });
        events
    }
}

/// The probes of a kind with the moment each ended.
fn probes(events: &[Event], of: Kind) -> Vec<(Moment, &Probe)> {
    let probe = |e: &'_ Event| matches!(&e.what, What::Probe(p) if p.kind == of);
    let probes = events.iter().filter(|e| probe(e));
    probes.filter_map(|e| if let What::Probe(p) = &e.what { Some((e.at, p)) } else { None }).collect()
}

/// Holds what must be true of the losses of any drill.
pub fn losses_add_up(events: &[Event], report: &Report) {
    for kind in Kind::WRITES {
        let loss = report.loss(kind).unwrap();
        let acknowledged: BTreeMap<u64, Moment> = probes(events, kind)
            .into_iter()
            .filter(|(_, p)| p.outcome.is_good())
            .map(|(at, p)| (p.number, at))
            .collect();
        assert_eq!(loss.acknowledged, acknowledged.len() as u64);
        let parts = loss.present + (loss.lost.len() + loss.unknown.len()) as u64;
        assert_eq!(loss.acknowledged, parts, "{loss:?}");
        assert!(loss.lost.iter().all(|w| acknowledged[&w.number] == w.acknowledged));
        assert!(loss.lost.iter().all(|w| !loss.unknown.contains(&w.number)));
        let Some(window) = loss.window else {
            assert!(loss.lost.is_empty(), "losses without a window");
            continue;
        };
        let moments: Vec<Moment> = loss.lost.iter().map(|w| w.acknowledged).collect();
        // It begins with the oldest, ends with the newest or at the disruption, and holds all.
        assert_eq!(moments.iter().min(), Some(&window.from));
        let newest = *moments.iter().max().unwrap();
        assert_eq!(window.to, newest.max(report.disrupted.unwrap_or(newest)));
        assert!(moments.iter().all(|at| (window.from..=window.to).contains(at)));
    }
}

/// Holds what must be true of the recovery of any drill.
pub fn recoveries_add_up(events: &[Event], report: &Report) {
    for kind in Kind::ALL {
        let service = report.service(kind);
        let all = probes(events, kind);
        assert_eq!(service.probes, all.len() as u64);
        assert_eq!(service.probes, service.good + service.errors + service.errors_before);
        let Some(disrupted) = report.disrupted else { continue };
        let after: Vec<_> = all.iter().filter(|(at, _)| *at >= disrupted).collect();
        let failed = after.iter().filter(|(_, p)| !p.outcome.is_good()).count() as u64;
        assert_eq!(service.errors, failed);
        match service.recovery {
            Recovery::Unmeasured => assert!(after.is_empty()),
            Recovery::Unbroken => assert!(failed == 0 && !after.is_empty()),
            Recovery::Back { after: time, away } => {
                assert_eq!(away.to.since(disrupted), time);
                assert!(failed > 0);
                // Two answers may come at one moment, one of them asked for before the last failure.
                let later =
                    |good: &Probe| after.iter().all(|(_, p)| p.outcome.is_good() || p.sent < good.sent);
                let back =
                    after.iter().filter(|(_, p)| p.outcome.is_good() && later(p)).map(|(at, _)| *at).min();
                assert_eq!(back, Some(away.to), "it failed again, or was back before");
            }
            Recovery::Away { least, away } => {
                assert!(least >= away.to.since(disrupted) && failed > 0);
                let last = after.iter().filter(|(_, p)| !p.outcome.is_good()).map(|(_, p)| p.sent).max();
                assert!(after.iter().all(|(_, p)| !p.outcome.is_good() || Some(p.sent) <= last));
            }
        }
    }
}

/// A probe of the reads, sent and answered at these moments.
fn read(number: u64, sent: u64, answered: u64, outcome: Outcome) -> Event {
    let probe = Probe { kind: Kind::Read, number, sent: Moment(sent), outcome, region: None };
    Event { at: Moment(answered), what: What::Probe(probe) }
}

/// The slow answer to a question from before the failure does not end the time away, and does not hide
/// the one that ends it either.
#[test]
fn two_answers_at_one_moment_are_told_apart() {
    let plan = Plan::failover(Fault::Region);
    let began = What::Began { version: VERSION, run: "chance".into(), plan, scene: Endpoints::default() };
    let events = [
        Event { at: Moment(0), what: began },
        Event { at: Moment(0), what: What::Fault { fault: Fault::Region } },
        read(2, 2000, 2001, Outcome::Refused),
        read(1, 1000, 4000, Outcome::Good),
        read(3, 3000, 4000, Outcome::Good),
    ];
    let report = fold(&events);
    let away = Span { from: Moment(2000), to: Moment(4000) };
    assert_eq!(report.reads.recovery, Recovery::Back { after: away.to.since(Moment(0)), away });
    recoveries_add_up(&events, &report);
}

proptest! {
    #[test]
    fn whatever_happens_it_adds_up(events in stream()) {
        let report = fold(&events);
        losses_add_up(&events, &report);
        recoveries_add_up(&events, &report);
    }

    #[test]
    fn a_drill_cut_off_anywhere_still_adds_up(events in stream(), at in any::<prop::sample::Index>()) {
        let events = &events[..at.index(events.len()) + 1];
        losses_add_up(events, &fold(events));
        recoveries_add_up(events, &fold(events));
    }

    #[test]
    fn what_the_log_holds_is_what_happened(events in stream()) {
        let lines: Vec<String> = events.iter().map(|e| serde_json::to_string(e).unwrap()).collect();
        let read: Vec<Event> = lines.iter().map(|l| serde_json::from_str(l).unwrap()).collect();
        prop_assert_eq!(&read, &events);
        let report = fold(&events);
        let json = serde_json::to_string(&report).unwrap();
        prop_assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
    }

    #[test]
    fn the_chart_shows_every_probe_once_in_any_width(events in stream(), width in 1..200_usize) {
        let chart = timeline::of(&events);
        let sent = events.iter().filter(|e| matches!(e.what, What::Probe(_))).count();
        prop_assert_eq!(chart.marks.len(), sent);
        prop_assert!(chart.bands.windows(2).all(|w| w[0].span.to == w[1].span.from));
        let span = chart.span.unwrap();
        prop_assert_eq!((chart.bands[0].span.from, chart.bands.last().unwrap().span.to), (span.from, span.to));
        let columns = chart.columns(width);
        prop_assert_eq!(columns.phases.len(), width);
        for kind in Kind::ALL {
            let row = &columns.signs[kind as usize];
            prop_assert_eq!(row.len(), width);
            let marked = chart.marks.iter().any(|m| m.kind == kind);
            prop_assert_eq!(row.iter().any(Option::is_some), marked);
        }
    }
}
