//! `espera status`: where the learner is, without opening the workshop.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::context::Context;
use super::ending::{self, Brake, run_until_asked};
use super::host::Loopback;
use super::options::GlobalOptions;
use super::outcome::{FAILED, warn};
use super::workspace::Workspace;
use crate::app::World;
use crate::cloud::facts::{Facts, Role};
use crate::course::{Verdict, judge};
use crate::runtime::out;
use ground::tr;

#[derive(Args)]
pub(super) struct StatusArgs {
    #[arg(long)]
    json: bool,
}

pub(super) fn run(options: &GlobalOptions, args: &StatusArgs) -> ExitCode {
    let lang = options.lang();
    let telling = async {
        match Context::open(options, Loopback::Closed).await {
            Ok(context) => tell(context, args).await,
            Err(error) => {
                warn(&error.text(lang));
                FAILED
            }
        }
    };
    ending::run(async { run_until_asked(telling, &Brake::default()).await })
}

/// Tells it; fails when an account does not say what it holds.
async fn tell(context: Context, args: &StatusArgs) -> u8 {
    let lang = context.lang();
    // Time stands while a person only looks: a status must not move the world on.
    context.world_handle.clock.pause();
    for warning in &context.workspace.warnings {
        warn(warning.get(lang));
    }
    let mut facts = tokio::select! {
        facts = context.world_handle.cloud.observe() => facts,
        // A person is told now; how long a call takes to give up is nobody's concern.
        silence = context.world_handle.cloud.await_silence() => Facts { trouble: Some(silence), ..Facts::default() },
    };
    let account = match &context.world {
        World::Aws(account) => Some(account),
        World::Practice { .. } => None,
    };
    let unknown: Vec<&str> =
        Role::ALL.into_iter().filter(|r| !facts.region(*r).heard).map(Role::region).collect();
    let code = if account.is_some() && !unknown.is_empty() { FAILED } else { 0 };
    let Workspace { course, progress, .. } = &context.workspace;
    course.mark(&mut facts, &progress.answers, progress.drill.as_ref());
    let verdict = |check: &crate::course::Check| {
        if progress.passed.contains(&check.id) { Verdict::Pass } else { judge(check, &facts) }
    };
    if args.json {
        let steps: Vec<_> = course
            .steps
            .iter()
            .map(|s| {
                let checks: Vec<_> =
                    s.checks.iter().map(|c| json!({"id": c.id, "verdict": verdict(c).name()})).collect();
                json!({"id": s.id, "checks": checks})
            })
            .collect();
        let current = course.steps.get(progress.step).map(|s| s.id.as_str());
        out::json(
            &json!({"step": current, "running": progress.running, "steps": steps, "facts": facts, "unknown": unknown}),
        );
        return code;
    }
    for line in account.map(|a| a.describe(lang)).unwrap_or_default() {
        out::line(line);
    }
    for (index, step) in course.steps.iter().enumerate() {
        let here = if index == progress.step { "▸" } else { " " };
        out::line(format!("{here} {} · {}", step.weight, step.title.get(lang)));
        for check in &step.checks {
            let (mark, why) = match verdict(check) {
                Verdict::Pass => ("✓", String::new()),
                Verdict::Doing { why } => ("…", format!(" ({})", why.get(lang))),
                Verdict::NotYet { why } => ("○", format!(" ({})", why.get(lang))),
            };
            out::line(format!("    {mark} {}{why}", check.title.get(lang)));
        }
    }
    for (role, stack) in facts.stacks() {
        let (done, expected) = (stack.done_count(), stack.expected);
        out::line(format!("{} {} {} {done}/{expected}", role.region(), stack.name, stack.status));
    }
    for region in unknown {
        out::line(tr!(
            lang,
            "{region}: desconocido, no ha contestado",
            "{region}: unknown, it has not answered"
        ));
    }
    if let Some(trouble) = facts.trouble.as_ref().filter(|_| account.is_some()) {
        warn(trouble.get(lang));
    }
    code
}
