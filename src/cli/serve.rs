//! `espera cloud serve`: practice AWS on loopback for any client.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::options::GlobalOptions;
use super::options::{DEFAULT_SEED, SERVED, WORLD};
use super::outcome::fail;
use super::scenario::scenario;
use super::start_error::StartError;
use super::templates::{settings, write_templates};
use super::{kit, package, warning};
use crate::guest::Unishop;
use crate::progress::{Opened, Store};
use crate::runtime::{Dialect, Environment, Signals, out};
use ground::clock::{Clock, Moment};
use ground::lang::Lang;
use ground::tr;
use practice::{self, Credentials, Gate, Listen, Orders, Practice};

#[derive(Args)]
pub(super) struct ServeArgs {
    #[arg(long, default_value_t = 4566)]
    port: u16,
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    listen: IpAddr,
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    #[arg(long)]
    any_credentials: bool,
    #[arg(long)]
    workshop: bool,
}

pub(super) fn run(options: &GlobalOptions, args: &ServeArgs) -> ExitCode {
    let lang = options.lang();
    if args.any_credentials && !args.listen.is_loopback() {
        return fail(&open_to_all_text(lang));
    }
    let place = match place(options, args.workshop) {
        Ok(place) => place,
        Err(text) => return fail(&text),
    };
    let scenario = match scenario(options) {
        Ok(scenario) => scenario,
        Err(error) => return fail(&error.text(lang)),
    };
    let clock =
        Clock::practice(Moment::from(std::time::SystemTime::now()), options.speed.unwrap_or_default());
    clock.stand_while_stopped();
    let seed = options.seed.unwrap_or(DEFAULT_SEED);
    let opened = practice::Options {
        folder: place.world.clone(),
        seed,
        scenario: scenario.clone(),
        clock,
        workload: Some(Arc::new(Unishop)),
    };
    let practice = match Practice::open(opened) {
        Ok(practice) => practice,
        Err(error) => return fail(&error.text(lang)),
    };
    if let Some(said) = warning::kept_settings(options, &scenario, &practice) {
        out::note(said.get(lang));
    }
    for notice in practice.notices() {
        out::note(format!("espera: {}", notice.text(lang)));
    }
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let credentials = if args.any_credentials { Credentials::Any } else { Credentials::Own };
    // The workshop's checks and progress follow its world's clock and what stands in it.
    let orders = if args.workshop { Orders::Faults } else { Orders::All };
    let mut hosts = args.allow_host.clone();
    if !args.listen.is_loopback() && !args.listen.is_unspecified() {
        // Nobody can make a name of elsewhere out of an address.
        hosts.push(args.listen.to_string());
    }
    let gate = Gate { hosts, credentials, orders };
    let server = match practice.serve_as(Listen {
        address: args.listen,
        port: args.port,
        threads,
        gate: gate.clone(),
        ..Listen::default()
    }) {
        Ok(server) => server,
        Err(error) => return fail(&error.text(lang)),
    };
    // Heard from here on, so that whoever reads the address may end it at once.
    let signals = match EndSignals::new() {
        Ok(signals) => signals,
        Err(error) => return fail(&error.to_string()),
    };
    if !args.listen.is_loopback() {
        out::note(format!("espera: {}", reachable_warning(lang, &gate.hosts)));
    }
    if let Some(store) = &place.store {
        // Where an Espera that looks on finds this world; without it, it only cannot watch.
        let _ = std::fs::write(store.folder().join("endpoint"), server.url());
    }
    let proxy = match practice.proxy(Some(server.address()), gate) {
        Ok(proxy) => Some(proxy),
        Err(error) => {
            out::note(format!("espera: {}", error.text(lang)));
            None
        }
    };
    tell(
        lang,
        &server.url(),
        &lay_environment(options, &place, &kit::Ways::new(&server, proxy.as_ref(), practice.keys())),
    );
    // Whoever cannot be told where it listens is not helped by a server.
    if out::lost_output().is_none() {
        signals.wait(&practice, lang);
    }
    server.stop();
    match practice.close() {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => fail(&trouble.text(lang)),
    }
}

/// Where the served world is kept.
struct Place {
    /// The folder of the world; in memory without one.
    world: Option<PathBuf>,
    /// What clients are given is laid out here.
    hands: Option<PathBuf>,
    /// Keeps the workshop's state this process's own while its world is served.
    store: Option<Store>,
}

fn place(options: &GlobalOptions, workshop: bool) -> Result<Place, String> {
    let lang = options.lang();
    let home = |error| StartError::Home(error).text(lang);
    if !workshop {
        // A world of its own unless a folder is named: it must not run away with the workshop's.
        let world = options.state_dir.as_ref().map(|dir| dir.join(SERVED));
        return Ok(Place { world, hands: options.base().ok().map(|base| base.join(SERVED)), store: None });
    }
    let folder = options.practice_folder().map_err(home)?;
    match Store::open(&folder) {
        Ok((Opened::Writer(store), ..)) => {
            Ok(Place { world: Some(folder.join(WORLD)), hands: Some(folder), store: Some(store) })
        }
        Ok((Opened::InUse, ..)) => Err(in_use_text(lang, &folder)),
        Err(error) => Err(error.text(lang)),
    }
}

/// Lays out what `espera cloud env` hands on. Without a folder to do so clients still have what is printed.
fn lay_environment(options: &GlobalOptions, place: &Place, ways: &kit::Ways) -> Environment {
    let Some(folder) = &place.hands else { return ways.environment() };
    // A served world takes the template without the program, which is for an account.
    let program =
        if place.store.is_some() { package::zip_for(options).unwrap_or_default() } else { Vec::new() };
    let templates = write_templates(folder, &settings(program)).ok();
    kit::practice(folder, templates.as_deref(), ways, options)
}

/// Prints how the world is used. It is the only way to hand its secret over, and to nobody but whoever
/// reads standard output.
fn tell(lang: Lang, url: &str, environment: &Environment) {
    out::line(tr!(
        lang,
        "AWS de práctica en {url} (Ctrl-C para parar). Para usarlo:",
        "Practice AWS on {url} (Ctrl-C to stop). To use it:"
    ));
    // A proxy seals the whole terminal: that is for who asks for all of it.
    let own = |name: &str| name.starts_with("AWS_") || matches!(name, "ESPERA_TEMPLATES" | "ESPERA_PAGES");
    for (name, value) in environment.set.iter().filter(|(name, _)| own(name)) {
        out::line(format!("  export {name}={}", quote(value)));
    }
    let state = environment.get("ESPERA_STATE_DIR");
    let (how, fish) = (Dialect::Bash.loading_command(state), Dialect::Fish.loading_command(state));
    out::line(tr!(
        lang,
        "O todo de una vez, también para clientes antiguos, con `aws`, `output` y `api` (la terminal queda sellada: solo alcanza la práctica):",
        "Or all at once, for old clients too, with `aws`, `output` and `api` (the terminal is then sealed: it reaches practice only):"
    ));
    out::line(format!("  {how}      # fish: {fish}"));
}

/// A value as a POSIX shell takes it.
fn quote(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    match !value.is_empty() && value.chars().all(plain) {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', r"'\''")),
    }
}

fn in_use_text(lang: Lang, folder: &Path) -> String {
    let folder = folder.display();
    tr!(
        lang,
        "Otra Espera tiene abierto el mundo del taller ({folder}). Ciérrala, o usa el que ya sirve: `espera cloud env` da sus variables.",
        "Another Espera has the workshop's world open ({folder}). Close it, or use the one it serves already: `espera cloud env` gives its variables."
    )
}

fn open_to_all_text(lang: Lang) -> String {
    tr!(
        lang,
        "--any-credentials deja cambiar el mundo a cualquiera que llegue, así que solo vale en 127.0.0.1. Quita --listen o --any-credentials.",
        "--any-credentials lets anyone who arrives change the world, so it is for 127.0.0.1 only. Leave out --listen or --any-credentials."
    )
}

/// What to know of a world that others can reach.
fn reachable_warning(lang: Lang, hosts: &[String]) -> String {
    let reached = tr!(
        lang,
        "aviso: otras máquinas alcanzan este mundo, y sin cifrar. Cambiar algo exige sus claves; leer lo público, no.",
        "warning: other machines can reach this world, unencrypted. To change anything takes its keys; to read what is public does not."
    );
    if !hosts.is_empty() {
        return reached;
    }
    let names = tr!(
        lang,
        "Solo contesta a localhost: di con --allow-host con qué nombre o dirección le hablarán los demás.",
        "It answers to localhost only: say with --allow-host by which name or address others will speak to it."
    );
    format!("{reached} {names}")
}

/// Hears when the program is asked to end, which is how a server ends well.
struct EndSignals {
    runtime: tokio::runtime::Runtime,
    signals: Signals,
}

impl EndSignals {
    fn new() -> std::io::Result<EndSignals> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let signals = {
            let _inside = runtime.enter();
            Signals::new()
        };
        Ok(EndSignals { runtime, signals })
    }

    /// Lets time pass in the world until the program is asked to end.
    fn wait(mut self, practice: &Practice, lang: Lang) {
        self.runtime.block_on(async {
            tokio::select! {
                () = practice.drive() => {}
                () = watch_saving(practice, lang) => {}
                _ = self.signals.wait_for_end() => {}
            }
        });
    }
}

/// Tells at once why the world is not being saved, and when it is again.
async fn watch_saving(practice: &Practice, lang: Lang) {
    let mut trouble = practice.trouble();
    let mut told = None;
    loop {
        let now = trouble.borrow_and_update().clone();
        match (&told, &now) {
            (_, Some(trouble)) if now != told => out::note(format!("espera: {}", trouble.text(lang))),
            (Some(_), None) => {
                let well = tr!(
                    lang,
                    "El mundo de práctica se guarda otra vez. No se ha perdido nada de lo que se contestó.",
                    "The practice world is being saved again. Nothing that was answered is lost."
                );
                out::note(format!("espera: {well}"));
            }
            _ => {}
        }
        told = now;
        if trouble.changed().await.is_err() {
            return std::future::pending().await;
        }
    }
}
