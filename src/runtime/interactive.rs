//! The loop on a real terminal: drain what waits, draw once, sleep until something happens.

use std::io::{self, IsTerminal};
use std::time::Duration;

use crossterm::event::Event;

use super::driver::{Driver, Session};
use super::events::Events;
use super::input::translate;
use super::job::{self, Jobs, Turn};
use super::signals::{Ending, Signals};
use super::terminal::Screen;
use super::{lend_terminal, out};
use crate::app::{Msg, farewell};
use crate::ui;
use ground::lang::Lang;
#[cfg(feature = "pictures")]
use ground::look::{Charset, Scheme};
use ground::tr;

/// Why the workshop cannot run here.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// Standard input or output is no terminal.
    #[error("not a terminal")]
    NoTerminal,
    /// The terminal failed.
    #[error("terminal: {0}")]
    Terminal(#[from] io::Error),
    /// What is printed reaches nobody any more; why, `out::lost_output` tells.
    #[error("the output reaches nobody")]
    NoReader,
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
            RuntimeError::NoReader => tr!(
                lang,
                "Nadie lee ya la salida. Todo está guardado; abre Espera de nuevo.",
                "Nobody reads the output any more. Everything is kept; open Espera again."
            ),
            RuntimeError::Terminal(error) => tr!(
                lang,
                "La terminal ha fallado: {error}. Todo está guardado; abre Espera de nuevo.",
                "The terminal failed: {error}. Everything is kept; open Espera again."
            ),
        }
    }
}

/// How the workshop was left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionEnd {
    /// The signal that asked for it, if one did.
    pub ending: Option<Ending>,
    /// Whether something that was begun failed and was not done by a later try.
    pub failed: bool,
}

/// Runs the workshop on the terminal until the learner leaves it. `session` is made after the first
/// frame has been asked for, so that a person sees the screen before the world is opened.
///
/// # Errors
/// When there is no terminal, or it goes away.
pub async fn run(session: Session) -> Result<SessionEnd, RuntimeError> {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(RuntimeError::NoTerminal);
    }
    let mut driver = Driver::new(session);
    let mut screen = Screen::take()?;
    let size = screen.terminal.size()?;
    driver.handle(Msg::Resize(size.width, size.height));
    #[cfg(feature = "pictures")]
    if driver.model.look.scheme != Scheme::Plain && driver.model.look.charset == Charset::Unicode {
        use crate::ui::lesson::picture::Pictures;
        driver.views.show_pictures(Pictures::detect(|name| std::env::var(name).ok()));
    }
    let mut signals = Signals::new();
    let mut jobs = Jobs::new();
    let mut ending = None;
    loop {
        match wait_for_next(&mut driver, &mut screen, &mut signals, &mut jobs, &mut ending).await? {
            Next::End => break,
            Next::Stop => stop(&mut driver, &mut screen)?,
            Next::Shell => {
                screen.lend();
                ending = lend_terminal::to_shell(&mut driver, &mut signals, Some(&mut jobs)).await;
                if ending.is_none() {
                    retake_screen(&mut driver, &mut screen)?;
                }
                // What was pressed while the shell had the terminal was for the shell.
                (signals, jobs) = (Signals::after_others(), Jobs::new());
            }
        }
        if driver.is_leaving() {
            break;
        }
    }
    drop(screen);
    Ok(SessionEnd { ending, failed: driver.has_failed() })
}

/// Why the loop of frames is left for a moment, or for good.
#[derive(Clone, Copy)]
enum Next {
    End,
    Shell,
    Stop,
}

async fn wait_for_next(
    driver: &mut Driver,
    screen: &mut Screen,
    signals: &mut Signals,
    jobs: &mut Jobs,
    asked: &mut Option<Ending>,
) -> Result<Next, RuntimeError> {
    // Made anew after a shell: while one runs, nobody else may read the keys.
    let mut events = Events::start()?;
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        driver.drain();
        if driver.is_leaving() {
            return Ok(Next::End);
        }
        if driver.take_shell() {
            return Ok(Next::Shell);
        }
        if driver.take_stop() {
            return Ok(Next::Stop);
        }
        screen.terminal.draw(|frame| ui::render(&driver.model, &mut driver.views, frame))?;
        driver.views.load_colours();
        // Whoever sees the screen may turn to another terminal at once: before anything can be asked of this one,
        // there is what leads to its world.
        let _ = driver.world_handle.environment.get();
        let msg = tokio::select! {
            event = events.next() => match event {
                Some(event) => match gather(driver, &mut events, event?)? {
                    Some(msg) => msg,
                    None => continue,
                },
                None => return Ok(Next::End),
            },
            msg = driver.next() => msg,
            _ = tick.tick() => Msg::Tick(driver.now()),
            ending = signals.wait_for_end() => {
                *asked = Some(ending);
                Msg::Terminate
            }
            turn = jobs.turn() => match turn {
                Turn::Stop => return Ok(Next::Stop),
                Turn::GoesOn => {
                    retake_screen(driver, screen)?;
                    continue;
                }
            },
        };
        driver.handle(msg);
    }
}

/// Stops as a job: the shell gets its terminal, and with `fg` the screen is there again.
fn stop(driver: &mut Driver, screen: &mut Screen) -> Result<(), RuntimeError> {
    if !job::is_job() {
        driver.handle(Msg::NoShell);
        return Ok(());
    }
    let began = std::time::Instant::now();
    screen.lend();
    out::line(farewell(&driver.model));
    job::stop();
    retake_screen(driver, screen)?;
    driver.handle(Msg::GoesOn(began.elapsed()));
    Ok(())
}

/// Takes the terminal after somebody else had it, in whatever state they left it, and of whatever size.
fn retake_screen(driver: &mut Driver, screen: &mut Screen) -> Result<(), RuntimeError> {
    screen.retake()?;
    let size = screen.terminal.size()?;
    driver.handle(Msg::Resize(size.width, size.height));
    Ok(())
}

/// Takes an event and all that wait behind it, so that a held key or a drag costs one frame, not many.
fn gather(driver: &mut Driver, events: &mut Events, first: Event) -> io::Result<Option<Msg>> {
    let mut last = translate(first, &driver.views);
    while let Some(event) = events.try_next() {
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
