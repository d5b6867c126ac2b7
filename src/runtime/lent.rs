//! The terminal while the learner's shell has it: Espera waits, hears who asks it to end, and stops and
//! goes on together with a shell that has no jobs of its own.

use super::driver::Driver;
use super::job::{self, Jobs, Turn};
use super::shell;
use super::signals::{Ending, Signals};
use crate::app::Msg;

/// Runs the learner's shell until they leave it. Answers who asked the program to end meanwhile, if anyone:
/// then the shell is left behind, for it may never end, and a drill's fault has been undone.
pub(super) async fn to_shell(
    driver: &mut Driver,
    signals: &mut Signals,
    mut jobs: Option<&mut Jobs>,
) -> Option<Ending> {
    let (environment, lang) = (driver.environment.clone(), driver.model.lang);
    let mut running = tokio::task::spawn_blocking(move || shell::run(&environment, lang));
    let result = loop {
        tokio::select! {
            result = &mut running => break result,
            ending = signals.ended() => {
                if ending.is_a_key() {
                    // Pressed for the shell, and what it runs.
                    continue;
                }
                driver.handle(Msg::Terminate);
                while !driver.is_leaving() {
                    let msg = driver.next().await;
                    driver.handle(msg);
                }
                return Some(ending);
            }
            turn = next(&mut jobs) => {
                // A shell with jobs of its own has the terminal, and stopping is between it and them. One
                // without has been stopped by the same key: both go, and come back, together.
                if turn == Turn::Stop && job::has_terminal() && job::is_job() {
                    job::stop();
                }
            }
        }
    };
    driver.handle(Msg::ShellEnded(result.unwrap_or(Ok(()))));
    None
}

async fn next(jobs: &mut Option<&mut Jobs>) -> Turn {
    match jobs {
        Some(jobs) => jobs.turn().await,
        None => std::future::pending().await,
    }
}
