//! The drill's screen: opened, its run told of, ended, compared and exported. The form is `form`'s.

use super::super::drill_screen::{CutOffChoice, CutOffRun, DrillRun, DrillView, RunState};
use super::super::model::{Choice, Life, Model, Overlay, Pace, Running, Said, Seat, Tone, World};
use super::super::msg::Effect;
use super::super::pane::Pane;
use crate::cloud::facts::Measured;
use crate::course::Task;
use crate::drill::telling::figures;
use crate::drill::{Event, Kind, Order, Report};
use ground::tr;

/// Opens the screen; what the disk knows of earlier runs is read anew.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    model.focus = Pane::Drill;
    if model.drill_screen.run.is_none() {
        model.drill_screen.view = DrillView::Form;
    }
    vec![Effect::ReadDrills]
}

pub(super) fn close(model: &mut Model) -> Vec<Effect> {
    model.focus = Pane::Lesson;
    Vec::new()
}

/// Starts what the form describes.
pub(super) fn start(model: &mut Model) -> Vec<Effect> {
    if !may_act(model) {
        return Vec::new();
    }
    if model.drill_screen.unfinished.is_some() {
        return model.open(Overlay::Unfinished { selected: 0 });
    }
    let plan = model.drill_screen.form.plan();
    let now = model.now;
    model.drill_screen.run = Some(DrillRun::begin(plan.clone(), now));
    model.drill_screen.view = DrillView::Run;
    model.drill_screen.exported = None;
    model.drill_screen.compared = 0;
    model.running = Some(Running { action: Task::Drill, began: now });
    vec![Effect::Drill(Box::new(plan))]
}

/// Whether this Espera may begin something; says why not.
pub(super) fn may_act(model: &mut Model) -> bool {
    if super::action::refuse_watcher(model) {
        return false;
    }
    if let Some(running) = &model.running {
        let busy = model.action_title(running.action);
        let text = Said::with(|l| {
            let busy = busy.get(l);
            tr!(l, "Espera a que termine «{busy}».", "Wait until \"{busy}\" ends.")
        });
        model.say(Tone::Warning, text);
        return false;
    }
    true
}

/// An order of the learner's to the run under way.
pub(super) fn order(model: &mut Model, order: Order) -> Vec<Effect> {
    match &model.drill_screen.run {
        Some(run) if matches!(run.state, RunState::Running) => vec![Effect::Order(order)],
        Some(run) if run.is_live() => {
            let text = Said::with(|l| {
                tr!(l, "El simulacro ya está terminando.", "The drill is coming to its end already.")
            });
            model.say(Tone::Info, text);
            Vec::new()
        }
        _ => say_nothing_runs(model),
    }
}

fn say_nothing_runs(model: &mut Model) -> Vec<Effect> {
    let text = Said::with(|l| {
        tr!(l, "No hay ningún simulacro en marcha. n prepara otro.", "No drill is under way. n prepares one.")
    });
    model.say(Tone::Info, text);
    Vec::new()
}

/// Asks before the run is ended.
pub(super) fn ask_to_stop(model: &mut Model) -> Vec<Effect> {
    match &model.drill_screen.run {
        Some(run) if run.is_live() => model.open(Overlay::ConfirmStop { choice: Choice::No }),
        _ => say_nothing_runs(model),
    }
}

/// Ends the run: the runner undoes the fault and looks the writes up.
pub(super) fn stop(model: &mut Model) -> Vec<Effect> {
    let Some(run) = model.drill_screen.run.as_mut().filter(|r| matches!(r.state, RunState::Running)) else {
        return Vec::new();
    };
    run.state = RunState::Ending;
    let text = Said::with(|l| {
        tr!(
            l,
            "Terminando: se deshace la avería y se buscan las escrituras.",
            "Ending: the fault is being undone and the writes looked up."
        )
    });
    model.say(Tone::Info, text);
    let mut effects = vec![Effect::Order(Order::Stop)];
    // Time that stands would keep the last probes, and with them the end, waiting for ever.
    if matches!(model.world, World::Practice { pace: Pace::Paused, .. }) {
        effects.extend(model.toggle_pace());
    }
    effects
}

/// What the run told.
pub(super) fn on_events(model: &mut Model, events: Vec<Event>) -> Vec<Effect> {
    if let Some(run) = model.drill_screen.run.as_mut().filter(|r| r.is_live()) {
        run.add_events(events);
    }
    Vec::new()
}

pub(super) fn on_ended(model: &mut Model, result: Result<Report, Said>) -> Vec<Effect> {
    model.running.take_if(|r| r.action == Task::Drill);
    let mut effects = vec![Effect::Observe, Effect::ReadDrills];
    match result {
        Ok(report) => {
            keep_measurement(model, &report);
            if let Some(run) = &mut model.drill_screen.run {
                run.report = Some(report);
                run.state = RunState::Ended;
            }
            model.judge();
        }
        Err(said) => {
            model.say(Tone::Bad, said.clone());
            if let Some(run) = &mut model.drill_screen.run {
                run.state = RunState::Failed(said);
            }
        }
    }
    if model.life == Life::Ending {
        effects.extend(model.leave());
    } else {
        effects.extend(model.save());
    }
    effects
}

/// Keeps what the course looks at, and says it.
fn keep_measurement(model: &mut Model, report: &Report) {
    let measured = Measured {
        run: report.run.clone(),
        acknowledged: Kind::WRITES.iter().filter_map(|k| report.loss(*k)).map(|l| l.acknowledged).sum(),
        lost: Kind::WRITES.iter().filter_map(|k| report.loss(*k)).map(|l| l.lost.len() as u64).sum(),
    };
    let acknowledged = measured.acknowledged;
    let safe = measured.lost == 0 && figures::unknown_writes(report) == 0;
    model.progress.drill = Some(measured);
    let text = Said::with(|l| {
        let lost = figures::losses(report, l);
        tr!(
            l,
            "Simulacro medido. Escrituras confirmadas: {acknowledged}; {lost}.",
            "Drill measured. Writes acknowledged: {acknowledged}; {lost}."
        )
    });
    model.say(if safe { Tone::Good } else { Tone::Warning }, text);
}

/// What the disk knows: earlier runs, and one that was cut off, which is offered at once.
pub(super) fn on_read(model: &mut Model, earlier: Vec<Report>, unfinished: Option<CutOffRun>) -> Vec<Effect> {
    model.drill_screen.earlier = earlier;
    let live = model.drill_screen.run.as_ref().is_some_and(DrillRun::is_live);
    model.drill_screen.unfinished = unfinished.filter(|_| !live);
    let offer = model.drill_screen.unfinished.is_some() && model.drill_screen.settling.is_none();
    if offer && model.seat == Seat::Learner && model.overlay.is_none() {
        return model.open(Overlay::Unfinished { selected: 0 });
    }
    Vec::new()
}

/// Finishes or undoes the run that was cut off.
pub(super) fn settle(model: &mut Model, settle: CutOffChoice) -> Vec<Effect> {
    model.drill_screen.settling = Some(settle);
    model.running = Some(Running { action: Task::Drill, began: model.now });
    let text = Said::with(|l| match settle {
        CutOffChoice::Finish => tr!(
            l,
            "Acabando el simulacro cortado: se deshace la avería y se buscan las escrituras.",
            "Finishing the drill that was cut off: its fault is undone, its writes are looked up."
        ),
        CutOffChoice::Undo => {
            tr!(l, "Deshaciendo la avería del simulacro cortado.", "Undoing the fault of the drill cut off.")
        }
    });
    model.say(Tone::Info, text);
    vec![Effect::Settle(settle)]
}

/// The end of `settle`: with a report when the run was finished.
pub(super) fn on_settled(model: &mut Model, result: Result<Option<Report>, Said>) -> Vec<Effect> {
    model.drill_screen.settling = None;
    model.running.take_if(|r| r.action == Task::Drill);
    match result {
        Ok(report) => {
            model.drill_screen.unfinished = None;
            match report {
                Some(report) => keep_measurement(model, &report),
                None => {
                    let text = Said::with(|l| {
                        tr!(
                            l,
                            "La avería del simulacro cortado está deshecha.",
                            "The fault of the drill that was cut off is undone."
                        )
                    });
                    model.say(Tone::Good, text);
                }
            }
            model.judge();
        }
        Err(said) => model.say(Tone::Bad, said),
    }
    let mut effects = vec![Effect::Observe, Effect::ReadDrills];
    effects.extend(model.save());
    effects
}

/// Writes the report where the learner can take it from.
pub(super) fn export(model: &mut Model) -> Vec<Effect> {
    match &model.drill_screen.run {
        Some(DrillRun { state: RunState::Ended, report: Some(report), .. }) => {
            vec![Effect::ExportDrill(report.run.clone())]
        }
        _ => {
            let text = Said::with(|l| {
                tr!(l, "Todavía no hay informe que exportar.", "There is no report to export yet.")
            });
            model.say(Tone::Info, text);
            Vec::new()
        }
    }
}

pub(super) fn copy_path(model: &mut Model) -> Vec<Effect> {
    match &model.drill_screen.exported {
        Some(path) => {
            let said = Said::with(|l| tr!(l, "Copiada la ruta del informe.", "Copied the report's path."));
            vec![Effect::Copy(path.display().to_string(), said)]
        }
        None => export(model),
    }
}

pub(super) fn on_exported(model: &mut Model, result: Result<std::path::PathBuf, Said>) -> Vec<Effect> {
    match result {
        Ok(path) => {
            let at = path.display().to_string();
            model.drill_screen.exported = Some(path);
            let text = Said::with(|l| {
                tr!(
                    l,
                    "Informe en {at} (md, json, html). y copia la ruta.",
                    "Report in {at} (md, json, html). y copies the path."
                )
            });
            model.say(Tone::Good, text);
        }
        Err(said) => model.say(Tone::Bad, said),
    }
    Vec::new()
}

/// Back to the form, set as the last plan was.
pub(super) fn toggle_form(model: &mut Model) -> Vec<Effect> {
    if model.drill_screen.run.as_ref().is_some_and(DrillRun::is_live) {
        let text = Said::with(|l| {
            tr!(l, "Antes tiene que terminar este simulacro (x).", "This drill has to end first (x).")
        });
        model.say(Tone::Info, text);
        return Vec::new();
    }
    model.drill_screen.view = match (model.drill_screen.view, &model.drill_screen.run) {
        (DrillView::Form, Some(_)) => DrillView::Run,
        _ => DrillView::Form,
    };
    Vec::new()
}

pub(super) fn compare(model: &mut Model) -> Vec<Effect> {
    let others = model.drill_screen.comparable_reports().len();
    if others == 0 {
        let text = Said::with(|l| {
            tr!(
                l,
                "Aún no hay otro simulacro con que comparar.",
                "There is no other drill to compare with yet."
            )
        });
        model.say(Tone::Info, text);
    } else {
        model.drill_screen.compared = (model.drill_screen.compared + 1) % others;
    }
    Vec::new()
}

/// The system asks the program to end: a drill under way is ended in good order first, once.
pub(super) fn terminate(model: &mut Model) -> Vec<Effect> {
    let live = model.drill_screen.run.as_ref().is_some_and(DrillRun::is_live);
    if !live || model.life == Life::Ending {
        return model.leave();
    }
    leave_after(model)
}

/// Leaves once the fault of the drill under way is undone.
pub(super) fn leave_after(model: &mut Model) -> Vec<Effect> {
    model.life = Life::Ending;
    model.overlay = None;
    model.focus = Pane::Drill;
    model.drill_screen.view = DrillView::Run;
    stop(model)
}
