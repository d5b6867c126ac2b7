//! `espera cloud serve`: practice AWS on loopback for any client.

use std::process::ExitCode;

use clap::Args;

use super::context::{ACCESS_KEY, DEFAULT_SEED, SECRET_KEY, scenario};
use super::{GlobalOptions, fail, kept};
use crate::clock::{Clock, Moment};
use crate::lang::Lang;
use crate::practice::{self, Practice};
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
    let seed = options.seed.unwrap_or(DEFAULT_SEED);
    let opened = practice::Options { folder, seed, scenario: scenario.clone(), clock };
    let practice = match Practice::open(opened) {
        Ok(practice) => practice,
        Err(error) => return fail(&error.text(lang)),
    };
    if let Some(said) = kept::notice(options, &scenario, &practice) {
        eprintln!("{}", said.get(lang));
    }
    for notice in practice.notices() {
        eprintln!("espera: {}", notice.text(lang));
    }
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let server = match practice.serve_on(args.port, threads) {
        Ok(server) => server,
        Err(error) => return fail(&error.text(lang)),
    };
    let url = server.url();
    println!(
        "{}",
        tr!(
            lang,
            "AWS de práctica en {url} (Ctrl-C para parar). Para usarlo:",
            "Practice AWS on {url} (Ctrl-C to stop). To use it:"
        )
    );
    println!("  export AWS_ENDPOINT_URL={url}");
    println!("  export AWS_ACCESS_KEY_ID={ACCESS_KEY} AWS_SECRET_ACCESS_KEY={SECRET_KEY}");
    println!("  export AWS_DEFAULT_REGION=us-east-1");
    let ended = wait(&practice, lang);
    server.stop();
    match (ended, practice.close()) {
        (Ok(()), Ok(())) => ExitCode::SUCCESS,
        (Err(error), _) => fail(&error.to_string()),
        (_, Err(trouble)) => fail(&trouble.text(lang)),
    }
}

/// Lets time pass in the world until the program is asked to end.
fn wait(practice: &Practice, lang: Lang) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        tokio::select! {
            () = practice.drive() => {}
            () = tell(practice, lang) => {}
            () = crate::runtime::asked_to_end() => {}
        }
    });
    Ok(())
}

/// Tells at once why the world is not being saved, and when it is again.
async fn tell(practice: &Practice, lang: Lang) {
    let mut trouble = practice.trouble();
    let mut told = None;
    loop {
        let now = trouble.borrow_and_update().clone();
        match (&told, &now) {
            (_, Some(trouble)) if now != told => eprintln!("espera: {}", trouble.text(lang)),
            (Some(_), None) => {
                let well = tr!(
                    lang,
                    "El mundo de práctica se guarda otra vez. No se ha perdido nada de lo que se contestó.",
                    "The practice world is being saved again. Nothing that was answered is lost."
                );
                eprintln!("espera: {well}");
            }
            _ => {}
        }
        told = now;
        if trouble.changed().await.is_err() {
            return std::future::pending().await;
        }
    }
}
