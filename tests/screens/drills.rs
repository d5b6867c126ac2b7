//! The drill's screen in its states, from events made by hand: a lost Region recovered by the learner,
//! and a planned move to compare it with.

use std::path::PathBuf;
use std::time::Duration;

use espera::app::{
    Choice, CutOffRun, DrillRun, DrillScreen, DrillView, Field, Model, Msg, Overlay, Pane, update,
};
use espera::app::{RunState, Running};
use espera::cloud::facts::Role;
use espera::cloud::{Fault, Move};
use espera::course::Task;
use espera::drill::{
    Ending, Endpoints, Event, Hands, Kind, Order, Outcome, Plan, Presence, Probe, Report, Signal, Step, Undo,
    What, fold,
};
use ground::clock::Moment;
use ground::lang::{Lang, Said};

use super::states::{NOW, at_step, joined_facts, with};

const BEGAN: Moment = Moment(NOW.0 - 600_000);

fn at(seconds: u64) -> Moment {
    BEGAN.after(Duration::from_secs(seconds))
}

fn plan(mode: Move) -> Plan {
    Plan { mode, fault: Fault::Region, hands: Hands::Learner, ..Plan::default() }
}

fn event(seconds: u64, what: What) -> Event {
    Event { at: at(seconds), what }
}

/// A drill in which us-east-1 is silent from second 40 on; the learner fails over at 75, which takes
/// until 225, sends the writes there at 240, and ends it at 330.
fn lost_region() -> Vec<Event> {
    let mut events = vec![
        event(40, What::Undo { undo: Undo::Mend { fault: Fault::Region } }),
        event(40, What::Fault { fault: Fault::Region }),
        event(53, What::Detected { by: Signal::Probes { kind: Kind::User, failed: 3 } }),
        event(75, What::Asked { order: Order::FailOver }),
        event(75, What::Step { step: Step::FailOver }),
        event(225, What::Ended { step: Step::FailOver, trouble: None }),
        event(240, What::Asked { order: Order::SwitchWrites }),
        event(240, What::Step { step: Step::SwitchWrites }),
        event(242, What::Ended { step: Step::SwitchWrites, trouble: None }),
    ];
    for second in 1..330 {
        let read = if (40..46).contains(&second) { Outcome::TimedOut } else { Outcome::Good };
        let wrote = match second {
            40..225 => Outcome::TimedOut,
            225..242 => Outcome::Status { code: 503 },
            _ => Outcome::Good,
        };
        events.push(probe(second, Kind::Read, read, second >= 40));
        events.push(probe(second, Kind::User, wrote.clone(), second >= 242));
        events.push(probe(second, Kind::Basket, wrote, second >= 242));
        if second % 10 == 0 && second < 40 {
            events.push(event(second, What::Lag { ms: 150 + second * 8 }));
        } else if second % 10 == 0 && second < 230 {
            events.push(event(second, What::Lag { ms: second * 9 }));
        }
    }
    events.sort_by_key(|e| e.at);
    in_order(Move::Failover, events)
}

fn in_order(mode: Move, mut events: Vec<Event>) -> Vec<Event> {
    let scene = Endpoints {
        edge: "https://d111111abcdef8.cloudfront.net".to_owned(),
        primary: "https://a1.execute-api.us-east-1.amazonaws.com/v1".to_owned(),
        standby: "https://b2.execute-api.us-west-1.amazonaws.com/v1".to_owned(),
        ..Endpoints::default()
    };
    let began = What::Began { version: 1, run: format!("{mode:?}"), plan: plan(mode), scene };
    events.insert(0, event(0, began));
    events
}

fn probe(second: u64, kind: Kind, outcome: Outcome, standby: bool) -> Event {
    let role = if standby { Role::Standby } else { Role::Primary };
    let region = outcome.is_good().then(|| role.region().to_owned());
    event(second, What::Probe(Probe { kind, number: second, sent: at(second), outcome, region }))
}

/// The same with its end: two users of the last second before the fault are lost.
pub fn looked_up() -> Vec<Event> {
    let mut events = lost_region();
    events.push(event(330, What::Reconciling { region: Role::Standby.region().to_owned() }));
    for second in (1..40).chain(242..330) {
        let lost = (38..40).contains(&second);
        let presence = if lost { Presence::Lost } else { Presence::Present };
        events.push(event(331, What::Found { kind: Kind::User, number: second, presence }));
        let presence = Presence::Present;
        events.push(event(331, What::Found { kind: Kind::Basket, number: second, presence }));
    }
    events.push(event(333, What::Undone { undo: Undo::Mend { fault: Fault::Region } }));
    events.push(event(333, What::Finished { ending: Ending::Recovered }));
    events
}

/// A planned move: writes wait a little, nothing is lost.
pub fn planned() -> Report {
    let mut events = vec![
        event(30, What::Step { step: Step::SwitchOver }),
        event(95, What::Ended { step: Step::SwitchOver, trouble: None }),
    ];
    for second in 1..130 {
        let wrote = if (60..90).contains(&second) { Outcome::Status { code: 503 } } else { Outcome::Good };
        events.push(probe(second, Kind::Read, Outcome::Good, false));
        events.push(probe(second, Kind::User, wrote, second > 90));
        events.push(probe(second, Kind::Basket, Outcome::Good, false));
    }
    events.sort_by_key(|e| e.at);
    events.push(event(131, What::Reconciling { region: Role::Standby.region().to_owned() }));
    for second in 1..130 {
        let presence = Presence::Present;
        if !(60..90).contains(&second) {
            events.push(event(132, What::Found { kind: Kind::User, number: second, presence }));
        }
        events.push(event(132, What::Found { kind: Kind::Basket, number: second, presence }));
    }
    events.push(event(133, What::Finished { ending: Ending::Recovered }));
    fold(&in_order(Move::Switchover, events))
}

fn drill_screen(lang: Lang) -> Model {
    let mut model = at_step(lang, 6);
    let mut facts = joined_facts();
    facts.at = NOW;
    update(&mut model, Msg::Facts(facts.into()));
    (model.message, model.focus) = (None, Pane::Drill);
    model.log.clear();
    model
}

fn running(lang: Lang, events: Vec<Event>) -> Model {
    let mut model = drill_screen(lang);
    model.now = events.last().map_or(NOW, |e| e.at);
    let mut run = DrillRun::begin(plan(Move::Failover), BEGAN);
    run.add_events(events);
    model.running = Some(Running { action: Task::Drill, began: BEGAN });
    model.drill_screen = DrillScreen { view: DrillView::Run, run: Some(run), ..model.drill_screen };
    model
}

fn until(events: Vec<Event>, second: u64) -> Vec<Event> {
    events.into_iter().filter(|e| e.at <= at(second)).collect()
}

/// The learner has asked for the failover and waits for it.
pub fn live(lang: Lang) -> Model {
    running(lang, until(lost_region(), 130))
}

/// It ended; a planned one was done before.
pub fn result(lang: Lang) -> Model {
    let mut model = ended(lang, looked_up(), Some(planned()));
    model.drill_screen.exported = Some(PathBuf::from("/home/ana/.local/state/espera/practice/drills/1"));
    model
}

/// A drill that was cut off and only undone: little of it is known.
pub fn abandoned() -> Vec<Event> {
    let mut events = until(lost_region(), 130);
    events.push(event(131, What::Finished { ending: Ending::Abandoned }));
    events
}

/// A run of these events that has ended, beside an earlier one.
pub fn ended(lang: Lang, events: Vec<Event>, earlier: Option<Report>) -> Model {
    let mut model = running(lang, events);
    model.running = None;
    if let Some(run) = &mut model.drill_screen.run {
        run.plan = run.report.as_ref().map(|r| r.plan.clone()).unwrap_or_default();
        run.state = RunState::Ended;
    }
    model.drill_screen.earlier = earlier.into_iter().collect();
    model
}

/// The form, with a duration being typed.
pub fn form(lang: Lang) -> Model {
    let mut model = drill_screen(lang);
    model.drill_screen.earlier = vec![planned()];
    model.drill_screen.form.field = Field::Rto;
    model.drill_screen.form.typed = "10".to_owned();
    model
}

/// Every state of the drill's screen by its name, and its questions.
pub fn all(lang: Lang) -> Vec<(&'static str, Model)> {
    let mut steady = running(lang, until(lost_region(), 20));
    steady.look.charset = ground::look::Charset::Ascii;
    let mut failed = live(lang);
    failed.running = None;
    if let Some(run) = &mut failed.drill_screen.run {
        run.state = RunState::Failed(Said::new(
            "La API de us-east-1 no contesta. Comprueba que las pilas están completas (paso 5).",
            "The API in us-east-1 does not answer. See that the stacks are complete (step 5).",
        ));
    }
    let mut empty = drill_screen(lang);
    empty.drill_screen.form.mode = Move::Switchover;
    let mut cut = drill_screen(lang);
    cut.drill_screen.unfinished =
        Some(CutOffRun { run: "1".to_owned(), began: BEGAN, fault: Some(Fault::Region) });
    let mut broken = drill_screen(lang);
    broken.progress.broken.insert(Fault::Network);
    vec![
        ("empty", empty),
        ("steady-ascii", steady),
        ("failed", failed),
        ("stop", with(live(lang), Overlay::ConfirmStop { choice: Choice::No })),
        ("unfinished", with(cut, Overlay::Unfinished { selected: 0 })),
        ("faults", with(broken.clone(), Overlay::Faults { selected: 4 })),
        ("break", with(broken, Overlay::ConfirmFault { fault: Fault::Region, choice: Choice::No })),
        ("help", with(live(lang), Overlay::Help { scroll: 0 })),
    ]
}
