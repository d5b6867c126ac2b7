//! `espera cloud env`: what leads any other terminal, program or tool to the practice world that runs.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde_json::{Map, Value, json};

use super::options::{GlobalOptions, SERVED};
use super::outcome::fail;
use super::profile;
use super::record::Record;
use super::start_error::StartError;
use crate::runtime::{Dialect, Environment, out};
use ground::lang::Lang;
use ground::tr;

#[derive(Args)]
pub(super) struct EnvArgs {
    #[arg(long, value_enum, value_name = "SHELL")]
    shell: Option<Dialect>,
    // The common option of that name, which means an account, means nothing here: this takes its place.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["shell", "dotenv", "json"])]
    profile: Option<String>,
    #[arg(long, conflicts_with_all = ["shell", "json"])]
    dotenv: bool,
    #[arg(long, conflicts_with = "shell")]
    json: bool,
}

pub(super) fn run(options: &GlobalOptions, args: &EnvArgs) -> ExitCode {
    let lang = options.lang();
    let base = match options.base() {
        Ok(base) => base,
        Err(error) => return fail(&StartError::Home(error).text(lang)),
    };
    let Some(mut record) = find_running_world(&base) else { return fail(&nothing_runs_text(lang)) };
    record.environment.put("ESPERA_LANG", lang.code());
    let environment = &record.environment;
    if let Some(file) = &args.profile {
        return match profile::write(Path::new(file), environment) {
            Ok(written) => print(&written.text(Path::new(file), lang)),
            Err(error) => fail(&error.text(Path::new(file), lang)),
        };
    }
    let present: Vec<String> = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect();
    if args.json {
        return print(&format!("{:#}\n", as_json(environment, &present)));
    }
    let dialect = match args.shell {
        Some(dialect) => dialect,
        None if args.dotenv => Dialect::Dotenv,
        None => Dialect::here(),
    };
    print(&environment.script(dialect, &present))
}

/// The practice world that runs: the workshop's, else a served one. One that is just opening shows its screen a
/// moment before it can be found here, so that it is looked for a little while.
fn find_running_world(base: &Path) -> Option<Record> {
    const LOOKS: u32 = 10;
    const BETWEEN: Duration = Duration::from_millis(30);
    let find = || {
        ["practice", SERVED].iter().filter_map(|world| Record::read(&base.join(world))).find(Record::answers)
    };
    let again = || {
        std::thread::sleep(BETWEEN);
        find()
    };
    find().or_else(|| (0..LOOKS).find_map(|_| again()))
}

fn nothing_runs_text(lang: Lang) -> String {
    tr!(
        lang,
        "No hay un mundo de práctica abierto. Abre el taller (`espera`) o sirve uno (`espera cloud serve`) en otra terminal y repite; si usas --state-dir allí, ponlo aquí también.",
        "No practice world is open. Open the workshop (`espera`) or serve one (`espera cloud serve`) in another terminal and repeat; if you use --state-dir there, give it here too."
    )
}

fn as_json(environment: &Environment, present: &[String]) -> Value {
    let set: Map<String, Value> =
        environment.set.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let unset: Vec<&String> = present.iter().filter(|name| environment.removes(name)).collect();
    json!({"set": set, "unset": unset, "path": environment.bin})
}

/// Prints what a program may be about to read; that it did not arrive shows in how the program ends.
fn print(text: &str) -> ExitCode {
    out::bytes(text.as_bytes());
    ExitCode::SUCCESS
}
