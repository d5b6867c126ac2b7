//! `espera status`: where the learner is, without opening the workshop.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::context::{Context, Loopback};
use super::{GlobalOptions, fail};
use crate::course::{Verdict, judge};

#[derive(Args)]
pub(super) struct StatusArgs {
    #[arg(long)]
    json: bool,
}

pub(super) fn run(options: &GlobalOptions, args: &StatusArgs) -> ExitCode {
    let lang = options.lang();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.to_string()),
    };
    runtime.block_on(async {
        match Context::open(options, Loopback::Closed).await {
            Ok(context) => {
                tell(context, args).await;
                ExitCode::SUCCESS
            }
            Err(error) => fail(&error.text(lang)),
        }
    })
}

async fn tell(context: Context, args: &StatusArgs) {
    let lang = context.lang;
    // Time stands while a person only looks: a status must not move the world on.
    context.clock.pause();
    for warning in &context.warnings {
        eprintln!("espera: {}", warning.get(lang));
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
        println!(
            "{}",
            json!({"step": current, "running": context.progress.running, "steps": steps, "facts": facts})
        );
        return;
    }
    for (index, step) in context.course.steps.iter().enumerate() {
        let here = if index == context.progress.step { "▸" } else { " " };
        println!("{here} {} · {}", step.weight, step.title.get(lang));
        for check in &step.checks {
            let (mark, why) = match verdict(check) {
                Verdict::Pass => ("✓", String::new()),
                Verdict::Doing { why } => ("…", format!(" ({})", why.get(lang))),
                Verdict::NotYet { why } => ("○", format!(" ({})", why.get(lang))),
            };
            println!("    {mark} {}{why}", check.title.get(lang));
        }
    }
    for (role, stack) in facts.stacks() {
        println!("{} {} {} {}/{}", role.region(), stack.name, stack.status, stack.done(), stack.expected);
    }
}
