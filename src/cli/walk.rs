//! `espera walk`: carries the solution of each step out and prints what happens, for people who want
//! to see the whole at once, for scripts, and for the proof that every check can fail and pass. Exit codes:
//! 0 all passed, 1 something failed, 2 no such step, 128 and the signal's number when it was interrupted.

use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::context::Context;
use super::ending::{self, Brake, run_until_asked};
use super::host::Loopback;
use super::options::{GlobalOptions, WorldChoice};
use super::outcome::{BAD_LINE, FAILED, fail, warn};
use super::workspace::Workspace;
use crate::app::{Seat, World};
use crate::cloud::ActionId;
use crate::cloud::facts::Facts;
use crate::course::{Step, Task, Verdict, judge};
use crate::drill::telling::{Narrator, figures};
use crate::drill::{self, DrillContext, Report};
use crate::progress::Progress;
use crate::runtime::out;
use ground::clock::{Moment, span};
use ground::tr;

#[derive(Args)]
pub(super) struct WalkArgs {
    #[arg(long, value_name = "STEP")]
    to: Option<String>,
    #[arg(long)]
    json: bool,
    #[arg(long)]
    yes: bool,
    #[arg(long)]
    adopt: bool,
}

pub(super) fn run(options: &GlobalOptions, args: &WalkArgs) -> ExitCode {
    let lang = options.lang();
    if options.world == WorldChoice::Aws && !args.yes {
        return fail(&tr!(
            lang,
            "En AWS el módulo entero crea unas 60 cosas y cuesta unos 0,62 USD por hora. Añade --yes si es lo que quieres.",
            "In AWS the whole module creates some 60 things and costs about 0.62 USD an hour. Add --yes if that is what you want."
        ));
    }
    ending::run(async {
        // What is cut off here goes on at the next walk; a drill is ended, and its fault undone, first.
        let brake = Brake::default();
        let mut host = None;
        let walking = async {
            let mut context = match Context::open(options, Loopback::Closed).await {
                Ok(context) => context,
                Err(error) => {
                    warn(&error.text(lang));
                    return FAILED;
                }
            };
            host = context.host.take();
            Walk::new(context, args, &brake).walk_to(args.to.as_deref()).await
        };
        let code = run_until_asked(walking, &brake).await;
        if let Some(trouble) = host.and_then(|h| h.close().err()) {
            warn(&trouble.text(lang));
        }
        code
    })
}

struct Walk<'a> {
    context: Context,
    brake: &'a Brake,
    json: bool,
    facts: Facts,
    failures: u32,
    /// Whether what bears our tag and is of another run is taken over.
    adopt: bool,
    /// The step an earlier walk or session was in, whose checks may be passed half-way already.
    resumed: Option<usize>,
}

impl<'a> Walk<'a> {
    fn new(context: Context, args: &WalkArgs, brake: &'a Brake) -> Walk<'a> {
        let begun = context.workspace.progress.has_begun();
        let resumed = begun.then_some(context.workspace.progress.step);
        let (json, adopt) = (args.json, args.adopt);
        Walk { context, brake, json, facts: Facts::default(), failures: 0, adopt, resumed }
    }

    /// Walks to the step asked for; answers the exit code.
    async fn walk_to(mut self, to: Option<&str>) -> u8 {
        let lang = self.context.lang();
        for warning in std::mem::take(&mut self.context.workspace.warnings) {
            warn(warning.get(lang));
        }
        if self.context.workspace.seat == Seat::Watcher {
            return FAILED;
        }
        let course = self.context.workspace.course.clone();
        let last = match to {
            None => course.steps.len() - 1,
            Some(name) => {
                match course.steps.iter().position(|s| s.id == name || s.weight.to_string() == name) {
                    Some(at) => at,
                    None => {
                        let ids: Vec<_> = course.steps.iter().map(|s| s.id.as_str()).collect();
                        let ids = ids.join(", ");
                        warn(&tr!(
                            lang,
                            "No hay paso «{name}». Los pasos son: {ids}",
                            "There is no step \"{name}\". The steps are: {ids}"
                        ));
                        return BAD_LINE;
                    }
                }
            }
        };
        self.tell_account();
        let began = self.context.world_handle.clock.now();
        for step in &course.steps[..=last] {
            self.step(step).await;
            if self.failures > 0 || self.brake.was_pulled() {
                break;
            }
        }
        self.end(began);
        if self.failures > 0 { FAILED } else { 0 }
    }

    async fn step(&mut self, step: &Step) {
        let title = step.title.get(self.context.lang()).to_owned();
        self.emit(
            json!({"event": "step", "step": step.id, "title": title}),
            &format!("\n{} · {title}", step.weight),
        );
        if self.is_done(step).await {
            let lang = self.context.lang();
            self.emit(
                json!({"event": "skip", "step": step.id}),
                &tr!(lang, "  ya superado", "  passed already"),
            );
            return;
        }
        // Not for those that are passed over: one that is cut off there still goes on where it was.
        self.progress_at(step);
        self.observe().await;
        let before: Vec<Verdict> = step.checks.iter().map(|c| judge(c, &self.facts)).collect();
        for quiz in &step.quiz {
            self.context.workspace.progress.answers.insert(quiz.id.clone(), quiz.answer);
        }
        for action in &step.solution.actions {
            if !self.act(step, *action).await {
                return;
            }
        }
        self.settle(step).await;
        for (check, before) in step.checks.iter().zip(before) {
            let after = judge(check, &self.facts);
            self.check(step, &check.id, check.title.get(self.context.lang()), &before, &after);
        }
        self.save();
    }

    /// Says whose account it is, before anything is done in it, and what goes on there.
    fn tell_account(&self) {
        let (lang, World::Aws(account)) = (self.context.lang(), &self.context.world) else { return };
        let identity = &account.identity;
        self.emit(
            json!({"event": "account", "account": identity.account, "alias": identity.alias, "arn": identity.arn, "credentials": account.from}),
            &account.describe(lang).join("\n"),
        );
        if let Some(action) = self.context.workspace.progress.running {
            let title = self.context.title(action);
            self.emit(
                json!({"event": "resume", "id": action.as_str()}),
                &tr!(lang, "Sigue donde se cortó: {title}", "Goes on where it was cut off: {title}"),
            );
        }
    }

    /// Whether a step needs no more doing. In an account what passed once is judged anew by what is there
    /// now, unless the module was cleaned up: then it is history, and only the clean-up is proved again.
    async fn is_done(&mut self, step: &Step) -> bool {
        let passed =
            |step: &Step, progress: &Progress| step.checks.iter().all(|c| progress.passed.contains(&c.id));
        if !passed(step, &self.context.workspace.progress) {
            return false;
        }
        if matches!(self.context.world, World::Practice { .. }) {
            return true;
        }
        let cleans = |step: &Step| step.actions.iter().any(|a| a.id == ActionId::CleanUp);
        let Workspace { course, progress, .. } = &self.context.workspace;
        let cleaned = course.steps.iter().any(|s| cleans(s) && passed(s, progress));
        if cleaned {
            return !cleans(step);
        }
        self.observe().await;
        let holds = step.checks.iter().all(|c| judge(c, &self.facts) == Verdict::Pass);
        // Some facts are only known to the session that asked for them, such as zones.
        let looks_only = step.solution.actions.iter().all(|a| *a == ActionId::Inspect);
        holds && !looks_only
    }

    async fn act(&mut self, step: &Step, task: Task) -> bool {
        let (lang, json) = (self.context.lang(), self.json);
        // A drill that is cut off is found by its own log.
        self.context.workspace.progress.running = task.cloud();
        self.save();
        self.emit(json!({"event": "action", "step": step.id, "id": task.as_str()}), &format!("  > {task}"));
        let Task::Cloud(action) = task else { return self.drill(step).await };
        let step_id = step.id.clone();
        let note = move |note: crate::cloud::Note| {
            let line =
                json!({"event": "note", "step": step_id, "id": action.as_str(), "text": note.text.get(lang)});
            print_line(json, note.at, line, &format!("    {}", note.text.get(lang)));
        };
        let (cloud, settings) =
            (self.context.world_handle.cloud.clone(), self.context.world_handle.settings.clone());
        let mut result = self.tell_silence_during(cloud.run(action, &settings, &note)).await;
        if let Err(error) = &result
            && self.adopt
            && !error.claims().is_empty()
        {
            for claim in error.claims() {
                let told = crate::app::account::describe_claim(claim, lang);
                self.emit(
                    json!({"event": "adopt", "step": step.id, "id": claim.id, "run": claim.run}),
                    &tr!(lang, "    Se toma como tuyo: {told}", "    Taken over as yours: {told}"),
                );
            }
            self.context.world_handle.cloud.adopt(error.claims());
            self.save();
            result = self.tell_silence_during(cloud.run(action, &settings, &note)).await;
        }
        self.context.workspace.progress.running = None;
        self.save();
        if let Err(error) = result {
            self.failures += 1;
            let text = error.text.get(lang).to_owned();
            self.emit(
                json!({"event": "error", "step": step.id, "id": action.as_str(), "code": error.code, "text": text}),
                &format!("  ! {action}: {text}"),
            );
            return false;
        }
        true
    }

    /// Does something and says so, at once and then every half minute, while AWS does not answer.
    async fn tell_silence_during<T>(&self, doing: impl Future<Output = T>) -> T {
        let cloud = &self.context.world_handle.cloud;
        tokio::pin!(doing);
        let mut patience = std::time::Duration::ZERO;
        loop {
            let silent = async {
                tokio::time::sleep(patience).await;
                cloud.await_silence().await
            };
            tokio::select! {
                done = &mut doing => return done,
                told = silent => {
                    let text = told.get(self.context.lang());
                    self.emit(json!({"event": "silence", "text": text}), &format!("    {text}"));
                    patience = std::time::Duration::from_secs(30);
                }
            }
        }
    }

    /// A drill of the first fault there is, recovered by Espera; one that was cut off is finished first.
    async fn drill(&mut self, step: &Step) -> bool {
        let lang = self.context.lang();
        let result = match self.context.world_handle.drill_context.clone() {
            Some(drill_context) => self.run_drill(step, drill_context).await,
            None => Err(tr!(lang, "Aquí no se pueden hacer simulacros.", "No drills can be run here.")),
        };
        match result {
            Ok(report) => {
                super::drill::keep_measurement(&mut self.context, &report);
                let told = crate::ui::plain::drill::result(&report, lang);
                let text: Vec<String> = told.into_iter().map(|l| format!("    {l}")).collect();
                let figures = figures::data(&report);
                self.emit(
                    json!({"event": "report", "step": step.id, "figures": figures, "report": report}),
                    &text.join("\n"),
                );
                !self.brake.was_pulled()
            }
            Err(text) => {
                self.failures += 1;
                self.emit(
                    json!({"event": "error", "step": step.id, "id": "drill", "code": "Drill", "text": text}),
                    &format!("  ! drill: {text}"),
                );
                false
            }
        }
    }

    async fn run_drill(&self, step: &Step, drill_context: DrillContext) -> Result<Report, String> {
        let (lang, json) = (self.context.lang(), self.json);
        let narrator = std::cell::RefCell::new(Narrator::default());
        let tell = |event: &drill::Event| {
            if let Some(text) = narrator.borrow_mut().tell(event, lang) {
                let line = json!({"event": "note", "step": step.id, "id": "drill", "text": text});
                print_line(json, event.at, line, &format!("    {text}"));
            }
        };
        let said = |error: drill::DrillError| error.text(lang);
        if let Some(cut) = drill::find_unfinished(&drill_context.folder) {
            cut.finish(drill_context.clone(), &tell).await.map_err(said)?;
        }
        let fault = drill_context.offers().into_iter().next().unwrap_or(crate::cloud::Fault::Bucket);
        // Espera recovers by itself: the one order there may be is to end it.
        let (orders, inbox) = tokio::sync::mpsc::channel(1);
        self.brake.set(orders);
        let result =
            drill::run(drill_context, drill::Plan::failover(fault), inbox, &tell).await.map_err(said);
        self.brake.release();
        result
    }

    /// Observes until the step's checks pass, for as long as one of them is still on its way.
    async fn settle(&mut self, step: &Step) {
        for _ in 0..120 {
            self.observe().await;
            let doing = step.checks.iter().any(|c| judge(c, &self.facts) != Verdict::Pass);
            if !doing {
                return;
            }
            self.context.world_handle.clock.sleep(std::time::Duration::from_secs(5)).await;
        }
    }

    async fn observe(&mut self) {
        let cloud = self.context.world_handle.cloud.clone();
        self.facts = self.tell_silence_during(cloud.observe()).await;
        let Workspace { course, progress, .. } = &self.context.workspace;
        course.mark(&mut self.facts, &progress.answers, progress.drill.as_ref());
    }

    fn check(&mut self, step: &Step, id: &str, title: &str, before: &Verdict, after: &Verdict) {
        let (lang, index) = (self.context.lang(), self.context.workspace.position(step));
        // In an account what is ours may have been made from another machine.
        let account = matches!(self.context.world, World::Aws(_));
        let may_have_passed = account || self.resumed.is_some() && self.resumed == index;
        let fine = *after == Verdict::Pass && (may_have_passed || *before != Verdict::Pass);
        if fine {
            self.context.workspace.progress.passed.insert(id.to_owned());
        } else {
            self.failures += 1;
        }
        let why = match after {
            Verdict::Pass => String::new(),
            Verdict::Doing { why } | Verdict::NotYet { why } => format!(" ({})", why.get(lang)),
        };
        let mark = if fine { "ok" } else { "!!" };
        self.emit(
            json!({"event": "check", "step": step.id, "id": id, "before": before.name(), "after": after.name()}),
            &format!("  [{mark}] {title}: {} → {}{why}", before.name(), after.name()),
        );
    }

    fn end(&self, began: Moment) {
        let lang = self.context.lang();
        let took = self.context.world_handle.clock.now().since(began);
        let passed = self.context.workspace.progress.passed.len();
        let (failures, took_text) = (self.failures, span(took));
        self.emit(
            json!({"event": "end", "passed": passed, "failed": failures, "seconds": took.as_secs()}),
            &tr!(
                lang,
                "\n{passed} comprobaciones superadas, {failures} fallos; {took_text} de tiempo del mundo.",
                "\n{passed} checks passed, {failures} failures; {took_text} of the world's time."
            ),
        );
    }

    fn progress_at(&mut self, step: &Step) {
        if let Some(index) = self.context.workspace.position(step) {
            self.context.workspace.progress.step = index;
        }
        self.save();
    }

    fn save(&self) {
        if let Err(error) = self.context.save_progress() {
            warn(&error.text(self.context.lang()));
        }
    }

    fn emit(&self, line: Value, text: &str) {
        print_line(self.json, self.context.world_handle.clock.now(), line, text);
    }
}

/// One event, as JSON or as a line for people.
fn print_line(as_json: bool, at: Moment, mut line: Value, text: &str) {
    if !as_json {
        return out::line(text);
    }
    line["at"] = json!(at.iso8601());
    out::json(&line);
}
