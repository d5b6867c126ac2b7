//! `espera status`: where the learner is, without opening the workshop.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::context::{Context, Loopback};
use super::ending::{self, Brake, FAILED, until_asked};
use super::{GlobalOptions, warn};
use crate::course::{Verdict, judge};
use crate::runtime::out;

#[derive(Args)]
pub(super) struct StatusArgs {
    #[arg(long)]
    json: bool,
}

pub(super) fn run(options: &GlobalOptions, args: &StatusArgs) -> ExitCode {
    let lang = options.lang();
    let telling = async {
        match Context::open(options, Loopback::Closed).await {
            Ok(context) => {
                tell(context, args).await;
                0
            }
            Err(error) => {
                warn(&error.text(lang));
                FAILED
            }
        }
    };
    ending::run(async { until_asked(telling, &Brake::default()).await })
}

async fn tell(context: Context, args: &StatusArgs) {
    let lang = context.lang;
    // Time stands while a person only looks: a status must not move the world on.
    context.clock.pause();
    for warning in &context.warnings {
        warn(warning.get(lang));
    }
    let mut facts = context.cloud.observe().await;
    context.course.mark(&mut facts, &context.progress.answers, context.progress.drill.as_ref());
    let verdict = |check: &crate::course::Check| {
        if context.progress.passed.contains(&check.id) { Verdict::Pass } else { judge(check, &facts) }
    };
    if args.json {
        let steps: Vec<_> = context
            .course
            .steps
            .iter()
            .map(|s| {
                let checks: Vec<_> =
                    s.checks.iter().map(|c| json!({"id": c.id, "verdict": verdict(c).name()})).collect();
                json!({"id": s.id, "checks": checks})
            })
            .collect();
        let current = context.course.steps.get(context.progress.step).map(|s| s.id.as_str());
        out::json(
            &json!({"step": current, "running": context.progress.running, "steps": steps, "facts": facts}),
        );
        return;
    }
    for (index, step) in context.course.steps.iter().enumerate() {
        let here = if index == context.progress.step { "▸" } else { " " };
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
        let (done, expected) = (stack.done(), stack.expected);
        out::line(format!("{} {} {} {done}/{expected}", role.region(), stack.name, stack.status));
    }
}
