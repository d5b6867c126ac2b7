//! `espera` itself: the workshop on the screen, or as linear text.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;

use super::context::Context;
use super::host::Loopback;
use super::options::GlobalOptions;
use super::outcome::{fail, warn};
use super::start_error::StartError;
use crate::app::{Appearance, Ids, InitialState, Keymap, Model, Tone};
use crate::drill::DrillContext;
use crate::runtime::{self, RuntimeError, Session, SessionEnd};
use ground::look::{Charset, Scheme};
use ground::tr;

/// Opens the workshop on the terminal.
pub(super) fn screen(options: &GlobalOptions) -> ExitCode {
    let lang = options.lang();
    if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        return fail(&RuntimeError::NoTerminal.text(lang));
    }
    if let Some(name) = runtime::linear_terminal() {
        warn(&tr!(
            lang,
            "esta terminal (TERM={name}) no puede mostrar la pantalla; sigue como texto lineal, igual que con --plain.",
            "this terminal (TERM={name}) cannot show the screen; going on as linear text, as with --plain."
        ));
        return plain(options);
    }
    // To be asked to end, by a key or a signal, is how a screen ends.
    with_session(options, |session| Box::pin(runtime::run(session)), |_| ExitCode::SUCCESS)
}

/// Runs the workshop as linear text. Scripts use it so: the exit code tells whether all was done.
pub(super) fn plain(options: &GlobalOptions) -> ExitCode {
    let code = |left: SessionEnd| match (left.failed, left.ending) {
        (true, _) => ExitCode::FAILURE,
        (false, Some(by)) => ExitCode::from(by.code()),
        (false, None) => ExitCode::SUCCESS,
    };
    with_session(options, |session| Box::pin(runtime::run_plain(session)), code)
}

type Run = std::pin::Pin<Box<dyn Future<Output = Result<SessionEnd, RuntimeError>>>>;

fn with_session(
    options: &GlobalOptions,
    run: impl FnOnce(Session) -> Run,
    code: impl FnOnce(SessionEnd) -> ExitCode,
) -> ExitCode {
    let lang = options.lang();
    let tokio = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(tokio) => tokio,
        Err(error) => return fail(&StartError::System(error).text(lang)),
    };
    let code = tokio.block_on(async {
        let mut context = match Context::open(options, Loopback::Open).await {
            Ok(context) => context,
            Err(error) => return fail(&error.text(lang)),
        };
        // Kept until the end: the learner's shell needs its ports as long as the workshop runs.
        let host = context.host.take();
        let result = run(session(context, options)).await;
        if let Some(trouble) = host.and_then(|h| h.close().err()) {
            warn(&trouble.text(lang));
        }
        match result {
            Ok(left) => code(left),
            // That a pipe was closed is no error; anything else is told at the end of all.
            Err(RuntimeError::NoReader) => ExitCode::SUCCESS,
            Err(error) => fail(&error.text(lang)),
        }
    });
    // A task that still waits for AWS must not keep the learner from leaving.
    tokio.shutdown_background();
    code
}

/// A session over a wired world.
#[must_use]
pub fn session(context: Context, options: &GlobalOptions) -> Session {
    let (columns, rows) = crossterm::terminal::size().unwrap_or((80, 24));
    #[expect(clippy::expect_used, reason = "the keymap is part of the program and a test reads it")]
    let keymap = Keymap::embedded().expect("the embedded keymap is sound");
    let Context { workspace, world, world_handle, .. } = context;
    let mut model = Model::new(InitialState {
        lang: workspace.lang,
        world,
        look: appearance(options),
        seat: workspace.seat,
        keymap: Arc::new(keymap),
        course: workspace.course,
        library: workspace.library,
        progress: workspace.progress,
        faults: world_handle.drill_context.as_ref().map(DrillContext::offers).unwrap_or_default(),
        size: (columns, rows),
        now: world_handle.clock.now(),
    });
    model.say_all(Tone::Warning, workspace.warnings);
    Session { model, world_handle, store: workspace.store }
}

fn appearance(options: &GlobalOptions) -> Appearance {
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    let scheme = if set("NO_COLOR") || std::env::var("TERM").as_deref() == Ok("dumb") {
        Scheme::Plain
    } else if options.light {
        Scheme::Light
    } else {
        Scheme::Dark
    };
    let utf8 = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|n| std::env::var(n).ok())
        .find(|v| !v.is_empty())
        .is_none_or(|v| v.to_lowercase().replace('-', "").contains("utf8"));
    Appearance {
        scheme,
        charset: if options.ascii || !utf8 { Charset::Ascii } else { Charset::Unicode },
        ids: if options.presenter { Ids::Masked } else { Ids::Shown },
    }
}
