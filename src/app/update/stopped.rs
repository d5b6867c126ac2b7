//! The program stopped as a job by its shell and going on again: what is said of it, and what was missed.

use std::time::Duration;

use super::super::DrillRun;
use super::super::model::{Model, Said, Seat, Tone, World};
use super::super::msg::Effect;
use ground::clock::span;
use ground::tr;

/// The program goes on after a stop. What a drill could not see meanwhile is told; practice time stood.
pub(super) fn on_resumed(model: &mut Model, stood: Duration) -> Vec<Effect> {
    let drilling = model.drill_screen.run.as_ref().is_some_and(DrillRun::is_live);
    if drilling && matches!(model.world, World::Aws { .. }) {
        let span = span(stood);
        let told = Said::with(|l| {
            tr!(
                l,
                "Espera ha estado parada {span}: en ese rato el simulacro no ha medido nada.",
                "Espera was stopped for {span}: meanwhile the drill measured nothing."
            )
        });
        model.say(Tone::Warning, told);
    }
    vec![Effect::Observe]
}

pub(super) fn no_shell_text() -> Said {
    Said::with(|l| {
        tr!(
            l,
            "No hay consola a la que volver: Espera se abrió sin ella. Con ! abres una; con q sales.",
            "There is no shell to go back to: Espera was opened without one. ! opens one; q leaves."
        )
    })
}

/// What a person reads in their shell when Espera stops: how to come back, and what happens meanwhile.
#[must_use]
pub fn farewell(model: &Model) -> String {
    let drilling = model.drill_screen.run.as_ref().is_some_and(DrillRun::is_live);
    match (&model.world, drilling) {
        (World::Practice { .. }, _) if model.seat == Seat::Watcher => {
            tr!(model.lang, "Espera está parada; `fg` la continúa.", "Espera is stopped; `fg` goes on.")
        }
        (World::Practice { .. }, _) => tr!(
            model.lang,
            "Espera está parada; `fg` la continúa. El tiempo de práctica no corre mientras tanto.",
            "Espera is stopped; `fg` goes on. Practice time stands still meanwhile."
        ),
        (World::Aws { .. }, false) => tr!(
            model.lang,
            "Espera está parada; `fg` la continúa. AWS sigue con lo suyo mientras tanto.",
            "Espera is stopped; `fg` goes on. AWS goes on by itself meanwhile."
        ),
        (World::Aws { .. }, true) => tr!(
            model.lang,
            "Espera está parada; `fg` la continúa. El simulacro no mide nada mientras tanto, y su avería sigue puesta.",
            "Espera is stopped; `fg` goes on. The drill measures nothing meanwhile, and its fault stays."
        ),
    }
}
