//! `espera cloud serve`: practice AWS on loopback for any client.

use std::process::ExitCode;

use clap::Args;

use super::context::{DEFAULT_SEED, scenario, settings, write_templates};
use super::{GlobalOptions, fail, kept, kit};
use crate::clock::{Clock, Moment};
use crate::practice::{self, Listen, Practice};
use crate::tr;

/// The folder of a served world within the state folder.
pub(super) const FOLDER: &str = "served";

#[derive(Args)]
pub(super) struct ServeArgs {
    #[arg(long, default_value_t = 4566)]
    port: u16,
}

pub(super) fn run(options: &GlobalOptions, args: &ServeArgs) -> ExitCode {
    let lang = options.lang();
    // A world of its own unless a folder is named: it must not run away with the workshop's.
    let folder = options.state_dir.as_ref().map(|dir| dir.join(FOLDER));
    let scenario = match scenario(options) {
        Ok(scenario) => scenario,
        Err(error) => return fail(&error.text(lang)),
    };
    let clock =
        Clock::practice(Moment::from(std::time::SystemTime::now()), options.speed.unwrap_or_default());
    let seed = options.seed.unwrap_or(DEFAULT_SEED);
    let opened = practice::Options { folder, seed, scenario: scenario.clone(), clock };
    let practice = match Practice::open(opened) {
        Ok(practice) => practice,
        Err(error) => return fail(&error.text(lang)),
    };
    if let Some(said) = kept::notice(options, &scenario, &practice) {
        eprintln!("{}", said.get(lang));
    }
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let server = match practice.serve_as(Listen { port: args.port, threads, ..Listen::default() }) {
        Ok(server) => server,
        Err(error) => return fail(&error.text(lang)),
    };
    let url = server.url();
    let proxy = match practice.proxy(Some(server.address())) {
        Ok(proxy) => Some(proxy),
        Err(error) => {
            eprintln!("espera: {}", error.text(lang));
            None
        }
    };
    lay(options, &kit::Ways::new(&server, proxy.as_ref(), practice.keys()));
    println!(
        "{}",
        tr!(
            lang,
            "AWS de práctica en {url} (Ctrl-C para parar). Para usarlo:",
            "Practice AWS on {url} (Ctrl-C to stop). To use it:"
        )
    );
    println!("  export AWS_ENDPOINT_URL={url}");
    let keys = practice.keys();
    println!("  export AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY={}", keys.access_key(), keys.secret());
    println!("  export AWS_DEFAULT_REGION=us-east-1");
    let (how, fish) = (crate::runtime::Dialect::Bash.how(), crate::runtime::Dialect::Fish.how());
    println!(
        "{}",
        tr!(
            lang,
            "O todo de una vez, también para clientes antiguos, con `aws`, `output` y `api` (la terminal queda sellada: solo alcanza la práctica):",
            "Or all at once, for old clients too, with `aws`, `output` and `api` (the terminal is then sealed: it reaches practice only):"
        )
    );
    println!("  {how}      # fish: {fish}");
    let ended = wait(&practice);
    server.stop();
    match (ended, practice.close()) {
        (Ok(()), Ok(())) => ExitCode::SUCCESS,
        (Err(error), _) => fail(&error.to_string()),
        (_, Err(trouble)) => fail(&trouble.text(lang)),
    }
}

/// Lays out what `espera cloud env` hands on. Without a folder to do so clients still have what is printed.
fn lay(options: &GlobalOptions, ways: &kit::Ways) {
    let Ok(folder) = options.base().map(|base| base.join(FOLDER)) else { return };
    // The program itself is for an account; practice takes the template without it.
    let templates = write_templates(&folder, &settings(Vec::new())).ok();
    kit::practice(&folder, templates.as_deref(), ways, options);
}

/// Lets time pass in the world until the program is asked to end.
fn wait(practice: &Practice) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        tokio::select! {
            () = practice.drive() => {}
            () = crate::runtime::asked_to_end() => {}
        }
    });
    Ok(())
}
