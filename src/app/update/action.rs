//! Actions: asked before, run, told of, ended; and the step's hints and questions.

use super::super::Model;
use super::super::model::{Choice, Overlay, Running, Said, Seat, Tone};
use super::super::msg::Effect;
use crate::cloud::{ActionError, ActionId, Claim, Note};
use crate::course::{Task, Verdict};
use ground::tr;

/// The step's action: the only one is asked for at once, several are listed.
pub(super) fn act(model: &mut Model) -> Vec<Effect> {
    let actions: Vec<Task> = model.step().actions.iter().map(|a| a.id).collect();
    match actions.as_slice() {
        [] if !model.step().quiz.is_empty() => quiz(model),
        [] => {
            let text = Said::with(|l| {
                tr!(
                    l,
                    "En este paso no hay nada que desplegar: lee y pasa al siguiente con →.",
                    "There is nothing to deploy in this step: read it and go on with →."
                )
            });
            model.say(Tone::Info, text);
            Vec::new()
        }
        [only] => ask(model, *only),
        _ => model.open(Overlay::Actions { selected: 0 }),
    }
}

/// Whether this Espera only watches another one's world; says so.
pub(super) fn refuse_watcher(model: &mut Model) -> bool {
    if model.seat == Seat::Watcher {
        let text = Said::with(|l| {
            tr!(
                l,
                "Otra Espera tiene este estado; aquí solo se mira.",
                "Another Espera holds this state; here you only watch."
            )
        });
        model.say(Tone::Warning, text);
        return true;
    }
    false
}

/// Asks before an action that creates, costs or breaks something; runs the others at once.
pub(super) fn ask(model: &mut Model, task: impl Into<Task>) -> Vec<Effect> {
    let Task::Cloud(action) = task.into() else { return super::drill::open(model) };
    if refuse_watcher(model) {
        return Vec::new();
    }
    if let Some(running) = &model.running {
        let busy = model.action_title(running.action);
        let text = Said::with(|l| {
            let busy = busy.get(l);
            tr!(
                l,
                "Espera a que termine «{busy}» (x deja de esperar).",
                "Wait until \"{busy}\" ends (x stops waiting)."
            )
        });
        model.say(Tone::Warning, text);
        return Vec::new();
    }
    if model.action(action).is_some_and(|a| a.confirm) {
        return model.open(Overlay::Confirm { action, choice: Choice::No, typed: String::new() });
    }
    start(model, action)
}

/// Runs an action; what runs is kept, so that a kill in the middle does not lose it.
pub(super) fn start(model: &mut Model, action: ActionId) -> Vec<Effect> {
    model.running = Some(Running { action: action.into(), began: model.now });
    model.progress.running = Some(action);
    let title = model.action_title(action);
    model.say(Tone::Info, Said::with(|l| tr!(l, "Empieza: {}.", "Started: {}.", title.get(l))));
    let mut effects: Vec<Effect> = model.save().into_iter().collect();
    effects.push(Effect::Run(action));
    effects
}

pub(super) fn note(model: &mut Model, action: ActionId, note: Note) -> Vec<Effect> {
    if model.running.as_ref().is_some_and(|r| r.action == action) {
        model.note(Tone::Info, note.text);
    }
    Vec::new()
}

pub(super) fn on_ended(model: &mut Model, action: ActionId, result: Result<(), ActionError>) -> Vec<Effect> {
    // A late answer of an action nobody waits for any more is dropped.
    if model.running.as_ref().is_none_or(|r| r.action != action) {
        return vec![Effect::Observe];
    }
    model.running = None;
    model.progress.running = None;
    let title = model.action_title(action);
    match result {
        Ok(()) => model.say(Tone::Good, Said::with(|l| tr!(l, "Hecho: {}.", "Done: {}.", title.get(l)))),
        Err(error) => {
            // Asked at once: what stands in the way may well be the learner's own.
            if !error.claims().is_empty() && model.overlay.is_none() {
                let claims = error.claims().to_vec();
                model.overlay = Some(Overlay::TakeOver { action, claims, choice: Choice::No });
            }
            let text = Said::with(|l| format!("{}: {}", title.get(l), error.text.get(l)));
            model.say(Tone::Bad, text);
        }
    }
    let mut effects = vec![Effect::Observe];
    effects.extend(model.save());
    effects
}

pub(super) fn cancel(model: &mut Model) -> Vec<Effect> {
    if refuse_watcher(model) {
        return Vec::new();
    }
    if model.running.as_ref().is_some_and(|r| r.action == Task::Drill) {
        return super::drill::ask_to_stop(model);
    }
    let Some(running) = model.running.take() else {
        model.say(Tone::Info, Said::with(|l| tr!(l, "No hay nada en marcha.", "Nothing is running.")));
        return Vec::new();
    };
    model.progress.running = None;
    let title = model.action_title(running.action);
    let text = Said::with(|l| {
        tr!(
            l,
            "Ya no espero a «{}». Lo que AWS empezó sigue su curso; repite la acción para retomarla.",
            "No longer waiting for \"{}\". What AWS began goes on; repeat the action to take it up again.",
            title.get(l)
        )
    });
    model.say(Tone::Warning, text);
    // Looked at anew: a question that was called off says nothing of whether AWS answers.
    let mut effects = vec![Effect::Cancel, Effect::Observe];
    effects.extend(model.save());
    effects
}

/// Opens the first question not answered right yet.
pub(super) fn quiz(model: &mut Model) -> Vec<Effect> {
    let step = model.step();
    if step.quiz.is_empty() {
        model.say(
            Tone::Info,
            Said::with(|l| tr!(l, "Este paso no tiene preguntas.", "This step has no questions.")),
        );
        return Vec::new();
    }
    // An answer is kept, and a watcher keeps nothing.
    if refuse_watcher(model) {
        return Vec::new();
    }
    let step = model.step();
    let question =
        step.quiz.iter().position(|q| model.progress.answers.get(&q.id) != Some(&q.answer)).unwrap_or(0);
    let given = model.progress.answers.get(&step.quiz[question].id).copied();
    model.open(Overlay::Quiz { question, selected: given.unwrap_or(0), given })
}

/// Opens the hint of the first check that does not pass yet.
pub(super) fn hint(model: &mut Model) -> Vec<Effect> {
    let check = model.step().checks.iter().position(|c| model.verdict(c) != Verdict::Pass);
    match check {
        Some(check) => model.open(Overlay::Hint { check, depth: 0 }),
        None => {
            model.say(
                Tone::Good,
                Said::with(|l| {
                    tr!(l, "Este paso ya está superado: → para seguir.", "This step has passed: → to go on.")
                }),
            );
            Vec::new()
        }
    }
}

impl Model {
    /// What the course calls what it offers to do.
    pub(super) fn action_title(&self, id: impl Into<Task>) -> Said {
        let id = id.into();
        match self.action(id) {
            Some(a) => a.title.clone(),
            None => Said::alike(id.as_str()),
        }
    }
}

impl Model {
    /// Takes up the action that was running when the last session ended: it is idempotent, so what
    /// exists already is found and nothing is done twice.
    ///
    /// In an account the learner is asked first: nothing is made there without a yes.
    pub fn resume(&mut self) -> Vec<Effect> {
        let Some(action) = self.progress.running else { return vec![Effect::ReadDrills] };
        if self.account().is_some() {
            self.overlay = Some(Overlay::Resume { action, choice: Choice::No });
            return vec![Effect::ReadDrills];
        }
        let mut effects = go_on(self, action);
        effects.push(Effect::ReadDrills);
        effects
    }
}

/// Takes up what an earlier session began.
pub(super) fn go_on(model: &mut Model, action: ActionId) -> Vec<Effect> {
    let title = model.action_title(action);
    model.say(
        Tone::Info,
        Said::with(|l| tr!(l, "Sigo donde estaba: {}.", "Going on where it was: {}.", title.get(l))),
    );
    model.running = Some(Running { action: action.into(), began: model.now });
    vec![Effect::Run(action)]
}

/// Lets what an earlier session began go: what AWS began goes on by itself.
pub(super) fn forget(model: &mut Model, action: ActionId) -> Vec<Effect> {
    model.progress.running = None;
    let title = model.action_title(action);
    let text = Said::with(|l| {
        tr!(
            l,
            "«{}» no se retoma. Lo que AWS empezó sigue su curso.",
            "\"{}\" is not taken up. What AWS began goes on.",
            title.get(l)
        )
    });
    model.say(Tone::Info, text);
    model.save().into_iter().collect()
}

/// Something has to be typed before this is done.
pub(super) fn type_first(model: &mut Model, action: ActionId, typed: String) -> Vec<Effect> {
    let word = model.word_to_type(action).unwrap_or_default().to_owned();
    let text = Said::with(|l| {
        tr!(
            l,
            "Para aceptar, escribe antes {word}: las cuatro últimas cifras de la cuenta.",
            "To agree, first type {word}: the account's last four digits."
        )
    });
    model.say(Tone::Warning, text);
    model.open(Overlay::Confirm { action, choice: Choice::Yes, typed })
}

/// The answer to whether things of another run are the learner's. Theirs, they are taken over and the
/// action goes on; not theirs, a clean-up goes on without them and all else ends.
pub(super) fn answer_take_over(
    model: &mut Model,
    action: ActionId,
    claims: Vec<Claim>,
    choice: Choice,
) -> Vec<Effect> {
    let first = match choice {
        Choice::Yes => Effect::TakeOver(claims),
        Choice::No if action == ActionId::CleanUp => Effect::LeaveAlone(claims),
        Choice::No => {
            let text = Said::with(|l| tr!(l, "No se ha tocado nada de eso.", "None of that was touched."));
            model.say(Tone::Info, text);
            return Vec::new();
        }
    };
    let mut effects = vec![first];
    effects.extend(start(model, action));
    effects
}
