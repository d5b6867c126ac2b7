//! What is due when: the rules of a drill, without probing anything.

use super::super::event::Outcome as Ended;
use super::super::plan::Plan;
use super::*;
use crate::cloud::Fault;

struct Game {
    state: State,
    at: Moment,
    number: u64,
}

fn endpoints() -> Endpoints {
    let [edge, primary, standby] = ["edge", "primary", "standby"].map(str::to_owned);
    Endpoints { edge, primary, standby, ..Endpoints::default() }
}

impl Game {
    fn new(plan: Plan) -> Game {
        Game { state: State::new(plan, endpoints(), Moment(0)), at: Moment(0), number: 0 }
    }

    fn event(&mut self, what: What) -> &mut Game {
        self.state.take(&Event { at: self.at, what });
        self
    }

    fn probe(&mut self, kind: Kind, outcome: Ended, region: &str) -> &mut Game {
        self.number += 1;
        let region = Some(region.to_owned());
        let probe = Probe { kind, number: self.number, sent: self.at, outcome, region };
        self.event(What::Probe(probe))
    }

    fn all(&mut self, outcome: &Ended) -> &mut Game {
        for kind in Kind::ALL {
            self.probe(kind, outcome.clone(), "us-east-1");
        }
        self
    }

    /// Lets seconds pass, with good probes each; gives what was due first, and when.
    fn pass(&mut self, seconds: u64) -> Option<(u64, Due)> {
        for _ in 0..seconds {
            self.at = self.at.after(Duration::from_secs(1));
            self.all(&Ended::Good);
            if let Some(due) = self.state.due(self.at) {
                return Some((self.at.0 / 1000, due));
            }
        }
        None
    }

    fn finish_step(&mut self, step: Step) -> &mut Game {
        self.event(What::Step { step }).event(What::Ended { step, trouble: None })
    }
}

fn broken_game(plan: Plan) -> Game {
    let mut game = Game::new(plan);
    assert_eq!(game.pass(100), Some((30, Due::Fault)));
    game.event(What::Fault { fault: Fault::Api });
    game
}

const FAILED: Ended = Ended::Status { code: 503 };

#[test]
fn the_fault_waits_until_all_has_been_well_for_the_steady_phase() {
    let mut game = Game::new(Plan::failover(Fault::Api));
    assert_eq!(game.pass(20), None);
    game.probe(Kind::User, FAILED, "us-east-1");
    assert_eq!(game.pass(100), Some((50, Due::Fault)));
}

#[test]
fn three_failures_in_a_row_are_noticed_and_two_are_not() {
    let mut game = broken_game(Plan::failover(Fault::Api));
    for _ in 0..2 {
        game.probe(Kind::User, FAILED, "us-east-1");
    }
    game.probe(Kind::User, Ended::Good, "us-east-1").probe(Kind::User, FAILED, "us-east-1");
    assert_eq!(game.state.due(game.at), None);
    game.probe(Kind::User, FAILED, "us-east-1").probe(Kind::User, FAILED, "us-east-1");
    let noticed = Due::Notice(Signal::Probes { kind: Kind::User, failed: 3 });
    assert_eq!(game.state.due(game.at), Some(noticed));
}

#[test]
fn the_edge_turning_to_the_other_region_is_noticed_though_no_probe_failed() {
    let mut game = broken_game(Plan::failover(Fault::Bucket));
    game.probe(Kind::Read, Ended::Good, "us-west-1");
    let noticed = Due::Notice(Signal::Edge { region: "us-west-1".to_owned() });
    assert_eq!(game.state.due(game.at), Some(noticed));
}

#[test]
fn lag_over_the_target_is_noticed_else_grace_ends_for_espera_and_never_for_the_learner() {
    let mut game = broken_game(Plan::failover(Fault::Network));
    game.event(What::Lag { ms: 5000 });
    assert_eq!(game.state.due(game.at), None, "at the target, not over it");
    game.event(What::Lag { ms: 5001 });
    assert_eq!(game.state.due(game.at), Some(Due::Notice(Signal::Lag { ms: 5001 })));
    let mut slow = Game::new(Plan::failover(Fault::Network));
    slow.event(What::Lag { ms: 8000 });
    assert_eq!(slow.pass(100), Some((30, Due::Fault)));
    slow.event(What::Fault { fault: Fault::Network }).event(What::Lag { ms: 9000 });
    assert_eq!(slow.state.due(slow.at), None, "it was as slow before");
    slow.event(What::Lag { ms: 17_000 });
    assert_eq!(slow.state.due(slow.at), Some(Due::Notice(Signal::Lag { ms: 17_000 })));
    assert_eq!(broken_game(Plan::failover(Fault::Network)).pass(200), Some((90, Due::Notice(Signal::Grace))));
    let learner = Plan { hands: Hands::Learner, ..Plan::failover(Fault::Network) };
    assert_eq!(broken_game(learner).pass(1700), None);
}

#[test]
fn espera_fails_over_then_switches_the_writes_then_ends_when_all_has_been_well() {
    let mut game = broken_game(Plan::failover(Fault::Api));
    game.event(What::Detected { by: Signal::Grace });
    assert_eq!(game.state.due(game.at), Some(Due::Step(Step::FailOver)));
    game.event(What::Step { step: Step::FailOver });
    assert_eq!(game.pass(60), None, "it waits for the step");
    game.event(What::Ended { step: Step::FailOver, trouble: None });
    assert_eq!(game.state.due(game.at), Some(Due::Step(Step::SwitchWrites)));
    game.finish_step(Step::SwitchWrites);
    game.state.host = "standby".to_owned();
    let (at, due) = game.pass(100).unwrap();
    assert_eq!((at, due), (120, Due::End(Ending::Recovered)));
}

#[test]
fn a_step_that_failed_is_tried_again_after_a_while_and_the_limit_ends_it_all() {
    let mut game = broken_game(Plan { limit: Duration::from_secs(100), ..Plan::failover(Fault::Api) });
    let trouble = Some(ground::lang::Said::default());
    game.event(What::Detected { by: Signal::Grace }).event(What::Step { step: Step::FailOver });
    game.event(What::Ended { step: Step::FailOver, trouble });
    assert_eq!(game.pass(100), Some((60, Due::Step(Step::FailOver))));
    game.event(What::Step { step: Step::FailOver });
    assert_eq!(game.pass(100), Some((130, Due::End(Ending::Limit))));
}

#[test]
fn a_learner_who_has_failed_over_but_left_the_writes_behind_is_not_done() {
    let mut game = broken_game(Plan { hands: Hands::Learner, ..Plan::failover(Fault::Network) });
    game.event(What::Detected { by: Signal::Lag { ms: 9000 } }).finish_step(Step::FailOver);
    assert_eq!(game.pass(100), None);
    game.finish_step(Step::SwitchWrites);
    game.state.host = "standby".to_owned();
    assert!(matches!(game.pass(100), Some((_, Due::End(Ending::Recovered)))));
}

#[test]
fn a_planned_move_begins_with_its_own_step() {
    let mut game = Game::new(Plan::switchover());
    assert_eq!(game.pass(100), Some((30, Due::Step(Step::SwitchOver))));
    game.finish_step(Step::SwitchOver);
    assert_eq!(game.state.due(game.at), Some(Due::Step(Step::SwitchWrites)));
}
