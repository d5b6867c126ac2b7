//! New facts: what ended is told, what is gone is withdrawn, and every check is judged anew.

use std::sync::Arc;

use super::super::model::{Model, Said, Tone};
use super::super::msg::Effect;
use crate::cloud::ActionId;
use crate::cloud::facts::{Facts, Phase, Stack, Whose};
use crate::course::Step;
use ground::tr;

pub(super) fn take(model: &mut Model, new: Arc<Facts>) -> Vec<Effect> {
    let old = std::mem::replace(&mut model.facts, new);
    model.now = model.now.max(model.facts.at);
    tell_stacks(model, &old);
    let withdrawn = model.facts.knows_both_regions() && !old.knows_both_regions() && withdraw(model);
    if model.judge() || withdrawn { model.save().into_iter().collect() } else { Vec::new() }
}

/// What passed in an account is believed only while something of it is there: where the stacks are gone
/// without a clean-up, their checks are to be passed anew. Answers whether any was withdrawn.
fn withdraw(model: &mut Model) -> bool {
    let course = model.course.clone();
    let ours = |s: &Stack| s.whose == Whose::Ours && s.status.phase() != Phase::Deleted;
    let cleans = |step: &Step| step.actions.iter().any(|a| a.id == ActionId::CleanUp);
    let cleaned = course.steps.iter().any(|s| cleans(s) && model.is_step_passed(s));
    if model.account().is_none() || cleaned || model.facts.stacks().any(|(_, s)| ours(s)) {
        return false;
    }
    let makes = |step: &&Step| step.actions.iter().any(|a| a.id != ActionId::Inspect) && !cleans(step);
    let made = course.steps.iter().filter(makes).flat_map(|step| {
        // An answer given stays given.
        step.checks.iter().filter(|check| step.quiz.iter().all(|quiz| quiz.id != check.id))
    });
    let gone = made.filter(|check| model.progress.passed.remove(&check.id)).count();
    if gone > 0 {
        let text = Said::with(|l| {
            tr!(
                l,
                "Las pilas de este taller ya no están en la cuenta: {gone} comprobaciones vuelven a estar pendientes.",
                "The stacks of this run are no longer in the account: {gone} checks are to be passed again."
            )
        });
        model.say(Tone::Warning, text);
    }
    gone > 0
}

/// Logs every stack that ended, and says a failure aloud with its first real error.
fn tell_stacks(model: &mut Model, old: &Facts) {
    let facts = model.facts.clone();
    for (_, stack) in facts.stacks() {
        let was = old.stack(&stack.name).map(|s| s.status.clone()).unwrap_or_default();
        if was == stack.status {
            continue;
        }
        let line = |reason: &str| format!("{} · {}{reason}", stack.name, stack.status);
        match (&stack.first_error, stack.status.phase()) {
            (Some(error), Phase::Failed | Phase::RollingBack | Phase::RolledBack) => {
                let text = line(&format!(" · {}: {}", error.logical_id, error.reason));
                model.tell(Tone::Bad, Said::alike(text));
            }
            _ => model.note(Tone::Info, Said::alike(line(""))),
        }
    }
}
