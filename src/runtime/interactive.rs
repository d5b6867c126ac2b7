//! The loop on a real terminal: drain what waits, draw once, sleep until something happens.

use std::io::{self, IsTerminal};
use std::time::Duration;

use crossterm::event::Event;

use super::driver::{Driver, Session};
use super::events::Events;
use super::input::translate;
use super::shell;
use super::signals::Signals;
use super::terminal::Screen;
use crate::app::Msg;
#[cfg(feature = "pictures")]
use crate::app::{Charset, Shade};
use crate::lang::Lang;
use crate::tr;
use crate::ui;

/// Why the workshop cannot run here.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// Standard input or output is no terminal.
    #[error("not a terminal")]
    NoTerminal,
    /// The terminal failed.
    #[error("terminal: {0}")]
    Terminal(#[from] io::Error),
}

impl RuntimeError {
    /// What happened and what to do, for a person.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            RuntimeError::NoTerminal => tr!(
                lang,
                "Aquí no hay terminal (la entrada o la salida va a un fichero o a otro programa). \
                 Usa `espera --plain` para texto lineal, o `espera walk` para hacer los pasos sin pantalla.",
                "There is no terminal here (input or output goes to a file or another program). \
                 Use `espera --plain` for linear text, or `espera walk` to do the steps without a screen."
            ),
            RuntimeError::Terminal(error) => tr!(
                lang,
                "La terminal ha fallado: {error}. Todo está guardado; abre Espera de nuevo.",
                "The terminal failed: {error}. Everything is kept; open Espera again."
            ),
        }
    }
}

/// Runs the workshop on the terminal until the learner leaves it. `session` is made after the first
/// frame has been asked for, so that a person sees the screen before the world is opened.
///
/// # Errors
/// When there is no terminal, or it goes away.
pub async fn run(session: Session) -> Result<(), RuntimeError> {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(RuntimeError::NoTerminal);
    }
    let mut driver = Driver::new(session);
    let mut screen = Screen::take()?;
    let size = screen.terminal.size()?;
    driver.handle(Msg::Resize(size.width, size.height));
    #[cfg(feature = "pictures")]
    if driver.model.look.shade != Shade::Plain && driver.model.look.charset == Charset::Unicode {
        use crate::ui::lesson::picture::Pictures;
        driver.views.show_pictures(Pictures::detect(|name| std::env::var(name).ok()));
    }
    let mut signals = Signals::new();
    loop {
        let left = until_shell_or_end(&mut driver, &mut screen, &mut signals).await?;
        if left == Left::End {
            return Ok(());
        }
        screen.lend();
        let (environment, lang) = (driver.environment.clone(), driver.model.lang);
        let result = tokio::task::spawn_blocking(move || shell::run(&environment, lang)).await;
        screen.retake()?;
        driver.handle(Msg::ShellEnded(result.unwrap_or(Ok(()))));
    }
}

#[derive(PartialEq, Eq)]
enum Left {
    End,
    Shell,
}

async fn until_shell_or_end(
    driver: &mut Driver,
    screen: &mut Screen,
    signals: &mut Signals,
) -> Result<Left, RuntimeError> {
    // Made anew after a shell: while one runs, nobody else may read the keys.
    let mut events = Events::start()?;
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        driver.drain();
        if driver.is_leaving() {
            return Ok(Left::End);
        }
        if driver.take_shell() {
            return Ok(Left::Shell);
        }
        screen.terminal.draw(|frame| ui::render(&driver.model, &mut driver.views, frame))?;
        driver.views.load_colours();
        let msg = tokio::select! {
            event = events.next() => match event {
                Some(event) => match gather(driver, &mut events, event?)? {
                    Some(msg) => msg,
                    None => continue,
                },
                None => return Ok(Left::End),
            },
            msg = driver.next() => msg,
            _ = tick.tick() => Msg::Tick(driver.now()),
            () = signals.ended() => Msg::Terminate,
        };
        driver.handle(msg);
    }
}

/// Takes an event and all that wait behind it, so that a held key or a drag costs one frame, not many.
fn gather(driver: &mut Driver, events: &mut Events, first: Event) -> io::Result<Option<Msg>> {
    let mut last = translate(first, &driver.views);
    while let Some(event) = events.waiting() {
        if let Some(msg) = last.take() {
            driver.handle(msg);
        }
        if driver.is_leaving() {
            return Ok(None);
        }
        last = translate(event?, &driver.views);
    }
    Ok(last)
}
