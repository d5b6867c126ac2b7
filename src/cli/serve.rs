//! `espera cloud serve`: practice AWS on loopback for any client.

use std::process::ExitCode;

use clap::Args;

use super::{GlobalOptions, fail};
use crate::clock::Moment;
use crate::practice::{self, Practice};
use crate::tr;

#[derive(Args)]
pub(super) struct ServeArgs {
    #[arg(long, default_value_t = 4566)]
    port: u16,
}

pub(super) fn run(options: &GlobalOptions, args: &ServeArgs) -> ExitCode {
    let lang = options.lang();
    let folder = match &options.state_dir {
        // A world of its own unless a folder is named: it must not run away with the workshop's.
        None => None,
        Some(dir) => Some(dir.join("served")),
    };
    let scenario = match options.scenario.as_deref().map(practice::scenario::Scenario::find).transpose() {
        Ok(scenario) => scenario,
        Err(error) => return fail(&error.text(lang)),
    };
    let practice = Practice::open(practice::Options {
        folder,
        seed: options.seed,
        scenario,
        speed: options.speed.unwrap_or_default(),
        start: Moment::from(std::time::SystemTime::now()),
    });
    let practice = match practice {
        Ok(practice) => practice,
        Err(error) => return fail(&error.text(lang)),
    };
    let served = practice.serve_until_interrupted(args.port, |address| {
        println!(
            "{}",
            tr!(
                lang,
                "AWS de práctica en http://{address} (Ctrl-C para parar). Para usarlo:",
                "Practice AWS on http://{address} (Ctrl-C to stop). To use it:"
            )
        );
        println!("  export AWS_ENDPOINT_URL=http://{address}");
        println!(
            "  export AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY={}",
            practice::ACCESS_KEY,
            practice::SECRET_KEY
        );
        println!("  export AWS_DEFAULT_REGION=us-east-1");
    });
    practice.close();
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let port = args.port;
            fail(&tr!(
                lang,
                "No se puede escuchar en 127.0.0.1:{port}: {error}. Prueba con otro --port (0: uno libre).",
                "Cannot listen on 127.0.0.1:{port}: {error}. Try another --port (0: a free one)."
            ))
        }
    }
}
