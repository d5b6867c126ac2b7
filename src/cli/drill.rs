//! `espera drill`: a failover drill without a screen, told line by line, with its report at the end.
//! Exit codes: 0 all targets met, 1 it could not be run, 2 a wrong option, 3 a target was missed, 130 it
//! was ended early and undone; by a signal, 128 and that signal's number.

use std::io::BufRead;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;

use clap::Args;
use serde_json::json;
use tokio::sync::mpsc;

use super::account::account;
use super::consent::{self, Consent};
use super::context::Context;
use super::ending::{self, Brake, run_until_asked};
use super::host::Loopback;
use super::options::{GlobalOptions, WorldChoice};
use super::outcome::{FAILED, warn};
use super::start_error::StartError;
use crate::app::{Account, World};
use crate::cloud::facts::Measured;
use crate::cloud::{Fault, Move};
use crate::drill::telling::{Narrator, figures};
use crate::drill::{
    self, DrillContext, DrillError, Ending, Event, Hands, Kind, Order, Plan, Report, Targets,
};
use crate::runtime::{drills, out};
use crate::ui::plain;
use ground::clock::{Clock, parse_span};
use ground::lang::{Lang, Said};
use ground::tr;

/// A target was missed.
const MISSED: u8 = 3;
/// Ended early by the learner's order, as a shell has it for an interrupt.
const INTERRUPTED: u8 = 130;

#[derive(Args)]
pub(super) struct DrillArgs {
    #[arg(long)]
    json: bool,
    #[arg(long, value_name = "NAME")]
    fault: Option<Fault>,
    #[arg(long, conflicts_with = "fault")]
    planned: bool,
    #[arg(long)]
    auto: bool,
    #[arg(long, value_name = "T", value_parser = duration)]
    duration: Option<Duration>,
    #[arg(long, value_name = "RTO,RPO", value_parser = targets)]
    targets: Option<Targets>,
    #[arg(long, value_name = "DIR")]
    export: Option<PathBuf>,
    #[arg(long, conflicts_with_all = ["planned", "undo"])]
    finish: bool,
    #[arg(long, conflicts_with = "planned")]
    undo: bool,
    #[arg(long)]
    yes: bool,
}

fn duration(text: &str) -> Result<Duration, String> {
    let read = parse_span(text).filter(|d| !d.is_zero());
    read.ok_or_else(|| "90s, 5m, 1h30m".to_owned())
}

fn targets(text: &str) -> Result<Targets, String> {
    let read = text
        .split_once(',')
        .and_then(|(rto, rpo)| Some(Targets { rto: parse_span(rto)?, rpo: parse_span(rpo)? }));
    read.ok_or_else(|| "15m,5s".to_owned())
}

impl DrillArgs {
    /// The plan. Nobody can take a whole Region from an account: there it is the lab's own fault.
    fn plan(&self, world: WorldChoice) -> Plan {
        let plan = Plan::default();
        let usual = match world {
            WorldChoice::Practice => Fault::Region,
            WorldChoice::Aws => Fault::Bucket,
        };
        Plan {
            mode: if self.planned { Move::Switchover } else { Move::Failover },
            fault: self.fault.unwrap_or(usual),
            hands: if self.auto { Hands::Auto } else { Hands::Learner },
            targets: self.targets.unwrap_or(plan.targets),
            limit: self.duration.unwrap_or(plan.limit),
            ..plan
        }
    }
}

/// The account that the options lead to.
fn account_of(options: &GlobalOptions) -> Result<Account, StartError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (_, _, account) = runtime.block_on(account(options, &Clock::wall()))?;
    Ok(account)
}

/// Runs a drill, or settles the one that was cut off.
pub(super) fn run(options: &GlobalOptions, args: &DrillArgs) -> ExitCode {
    let lang = options.lang();
    let plan = args.plan(options.world);
    // What was cut off is only mended and looked up: that is asked for by its name.
    if options.world == WorldChoice::Aws && cut_off_choice(args).is_none() {
        let given = if args.yes { Consent::Given } else { Consent::Wanted };
        let whose = || account_of(options).map(|account| account.describe(lang));
        if let Err(code) = consent::obtain(&plan, given, lang, whose) {
            return code;
        }
    }
    ending::run(async {
        // One request ends the drill, with its fault undone; a second one is obeyed at once, and the next
        // start then offers to undo.
        let brake = Brake::default();
        let mut host = None;
        let drilling = async {
            let mut context = match Context::open(options, Loopback::Closed).await {
                Ok(context) => context,
                Err(error) => return fail_with(&error.text(lang)),
            };
            host = context.host.take();
            for warning in std::mem::take(&mut context.workspace.warnings) {
                warn(warning.get(lang));
            }
            if let World::Aws(account) = &context.world
                && args.yes
            {
                account.describe(lang).iter().for_each(out::note);
            }
            run_in(&mut context, args, plan, &brake).await
        };
        let code = run_until_asked(drilling, &brake).await;
        if let Some(trouble) = host.and_then(|h| h.close().err()) {
            warn(&trouble.text(lang));
        }
        code
    })
}

fn fail_with(text: &str) -> u8 {
    warn(text);
    FAILED
}

async fn run_in(context: &mut Context, args: &DrillArgs, plan: Plan, brake: &Brake) -> u8 {
    let lang = context.lang();
    let Some(drill_context) = context.world_handle.drill_context.clone() else { return FAILED };
    let folder = drill_context.folder.clone();
    let teller = Teller { json: args.json, lang, narrator: Mutex::default() };
    let tell = |event: &Event| teller.tell(event);
    let result = match cut_off_choice(args) {
        Some(choice) => match drill::find_unfinished(&folder) {
            None => {
                warn(&tr!(lang, "No hay ningún simulacro a medias.", "No drill was cut off."));
                return 0;
            }
            Some(cut) if choice == CutOffChoice::Finish => cut.finish(drill_context, tell).await,
            Some(cut) => cut.undo(drill_context, tell).await,
        },
        None => carry_out(drill_context, plan, tell, brake).await,
    };
    let report = match result {
        Ok(report) => report,
        Err(error) => return fail_with(&advice(&error, lang)),
    };
    if report.ending != Some(Ending::Abandoned) {
        keep_measurement(context, &report);
    }
    teller.report(&report);
    if let Some(dir) = &args.export {
        match drills::export(&folder, &report.run, dir, lang) {
            Ok(to) => {
                let at = to.display();
                warn(&tr!(lang, "Informe en {at}", "Report in {at}"));
            }
            Err(said) => return fail_with(said.get(lang)),
        }
    }
    code(&report)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CutOffChoice {
    Finish,
    Undo,
}

fn cut_off_choice(args: &DrillArgs) -> Option<CutOffChoice> {
    match (args.finish, args.undo) {
        (true, _) => Some(CutOffChoice::Finish),
        (_, true) => Some(CutOffChoice::Undo),
        _ => None,
    }
}

fn code(report: &Report) -> u8 {
    let (met, all) = figures::targets_met(report);
    match report.ending {
        Some(Ending::Stopped) => INTERRUPTED,
        Some(Ending::Abandoned) => 0,
        _ if met == all => 0,
        _ => MISSED,
    }
}

fn advice(error: &DrillError, lang: Lang) -> String {
    let text = error.text(lang);
    match error {
        DrillError::Unfinished(_) => {
            let how = tr!(
                lang,
                "`espera drill --finish` lo acaba; `espera drill --undo` solo lo deshace.",
                "`espera drill --finish` finishes it; `espera drill --undo` only undoes it."
            );
            format!("{text} {how}")
        }
        _ => text,
    }
}

/// Runs the drill; the learner's lines and an interrupt are its orders.
async fn carry_out(
    drill_context: DrillContext,
    plan: Plan,
    tell: impl Fn(&Event),
    brake: &Brake,
) -> Result<Report, DrillError> {
    let (orders, inbox) = mpsc::channel(16);
    brake.set(orders.clone());
    if plan.hands == Hands::Learner {
        std::thread::spawn(move || obey_lines(&orders));
    }
    let result = drill::run(drill_context, plan, inbox, tell).await;
    brake.release();
    result
}

/// Lines of standard input as orders, by the keys of the screen.
fn obey_lines(orders: &mpsc::Sender<Order>) {
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let order = match line.trim() {
            "f" => Order::FailOver,
            "s" => Order::SwitchOver,
            "w" => Order::SwitchWrites,
            "m" => Order::Mend,
            "x" => Order::Stop,
            _ => continue,
        };
        if orders.blocking_send(order).is_err() {
            return;
        }
    }
}

/// Keeps what the course looks at.
pub(super) fn keep_measurement(context: &mut Context, report: &Report) {
    context.workspace.progress.drill = Some(measurement(report));
    if let Err(error) = context.save_progress() {
        warn(Said::with(|l| error.text(l)).get(context.lang()));
    }
}

/// A report as far as the course looks at it.
pub(super) fn measurement(report: &Report) -> Measured {
    let losses = || Kind::WRITES.iter().filter_map(|k| report.loss(*k));
    Measured {
        run: report.run.clone(),
        acknowledged: losses().map(|l| l.acknowledged).sum(),
        lost: losses().map(|l| l.lost.len() as u64).sum(),
    }
}

/// Prints a drill as it happens.
pub(super) struct Teller {
    pub json: bool,
    pub lang: Lang,
    pub narrator: Mutex<Narrator>,
}

impl Teller {
    /// One event: a JSON line each, or a line for people where it is worth one.
    pub fn tell(&self, event: &Event) {
        if self.json {
            return out::json(event);
        }
        // A narrator is whole after every line, whoever failed while holding it.
        let mut narrator = self.narrator.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(line) = narrator.tell(event, self.lang) {
            out::line(line);
        }
    }

    pub fn report(&self, report: &Report) {
        if self.json {
            return out::json(
                &json!({"event": "report", "figures": figures::data(report), "report": report}),
            );
        }
        out::line("");
        plain::drill::result(report, self.lang).iter().for_each(out::line);
    }
}
