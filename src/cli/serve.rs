//! `espera cloud serve`: practice AWS on loopback for any client.

use std::process::ExitCode;

use clap::Args;

use super::context::{ACCESS_KEY, DEFAULT_SEED, SECRET_KEY, scenario};
use super::{GlobalOptions, fail, kept};
use crate::clock::{Clock, Moment};
use crate::practice::{self, Practice};
use crate::runtime::{Signals, out};
use crate::tr;

#[derive(Args)]
pub(super) struct ServeArgs {
    #[arg(long, default_value_t = 4566)]
    port: u16,
}

pub(super) fn run(options: &GlobalOptions, args: &ServeArgs) -> ExitCode {
    let lang = options.lang();
    // A world of its own unless a folder is named: it must not run away with the workshop's.
    let folder = options.state_dir.as_ref().map(|dir| dir.join("served"));
    let scenario = match scenario(options) {
        Ok(scenario) => scenario,
        Err(error) => return fail(&error.text(lang)),
    };
    let clock =
        Clock::practice(Moment::from(std::time::SystemTime::now()), options.speed.unwrap_or_default());
    clock.stand_while_stopped();
    let seed = options.seed.unwrap_or(DEFAULT_SEED);
    let opened = practice::Options { folder, seed, scenario: scenario.clone(), clock };
    let practice = match Practice::open(opened) {
        Ok(practice) => practice,
        Err(error) => return fail(&error.text(lang)),
    };
    if let Some(said) = kept::notice(options, &scenario, &practice) {
        out::note(said.get(lang));
    }
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let server = match practice.serve_on(args.port, threads) {
        Ok(server) => server,
        Err(error) => return fail(&error.text(lang)),
    };
    // Heard from here on, so that whoever reads the address may end it at once.
    let ears = match Ears::new() {
        Ok(ears) => ears,
        Err(error) => return fail(&error.to_string()),
    };
    let url = server.url();
    out::line(tr!(
        lang,
        "AWS de práctica en {url} (Ctrl-C para parar). Para usarlo:",
        "Practice AWS on {url} (Ctrl-C to stop). To use it:"
    ));
    out::line(format!("  export AWS_ENDPOINT_URL={url}"));
    out::line(format!("  export AWS_ACCESS_KEY_ID={ACCESS_KEY} AWS_SECRET_ACCESS_KEY={SECRET_KEY}"));
    out::line("  export AWS_DEFAULT_REGION=us-east-1");
    // Whoever cannot be told where it listens is not helped by a server.
    if out::lost_output().is_none() {
        ears.wait(&practice);
    }
    server.stop();
    match practice.close() {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => fail(&trouble.text(lang)),
    }
}

/// Hears when the program is asked to end, which is how a server ends well.
struct Ears {
    runtime: tokio::runtime::Runtime,
    signals: Signals,
}

impl Ears {
    fn new() -> std::io::Result<Ears> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let signals = {
            let _inside = runtime.enter();
            Signals::new()
        };
        Ok(Ears { runtime, signals })
    }

    /// Lets time pass in the world until the program is asked to end.
    fn wait(mut self, practice: &Practice) {
        self.runtime.block_on(async {
            tokio::select! {
                () = practice.drive() => {}
                _ = self.signals.ended() => {}
            }
        });
    }
}
