//! `espera cloud operations`: what practice AWS answers, for a person, and with `--json` for a program.

use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::options::GlobalOptions;
use crate::runtime::out;
use ground::tr;
use practice::operation::Effect;
use practice::operations;

#[derive(Args)]
pub(super) struct OperationsArgs {
    #[arg(long)]
    json: bool,
}

pub(super) fn run(options: &GlobalOptions, args: &OperationsArgs) -> ExitCode {
    let lang = options.lang();
    let mut all: Vec<_> = operations()
        .map(|(service, operation)| (service.client_name(), operation.name, operation.effect))
        .collect();
    all.sort_by_key(|(service, name, _)| (*service, *name));
    if args.json {
        let effect = |effect| match effect {
            Effect::Reads => "reads",
            Effect::Changes => "changes",
        };
        let list = all.iter().map(
            |(service, name, does)| json!({"service": service, "operation": name, "effect": effect(*does)}),
        );
        out::json(&list.collect::<Value>());
        return ExitCode::SUCCESS;
    }
    for (service, name, effect) in all {
        let does = match effect {
            Effect::Reads => tr!(lang, "lee", "reads"),
            Effect::Changes => tr!(lang, "cambia", "changes"),
        };
        out::line(format!("{service:<15} {name:<36} {does}"));
    }
    ExitCode::SUCCESS
}
