//! The terminal while the learner's shell has it: Espera waits, hears who asks it to end, and stops and
//! goes on together with a shell that has no jobs of its own.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::driver::Driver;
use super::job::{self, Jobs, Turn};
use super::shell;
use super::signals::{Ending, Signals};
use crate::app::Msg;

/// How long a shell that was told to end may take before it is left behind.
const FAREWELL: Duration = Duration::from_secs(1);

/// Runs the learner's shell until they leave it. Answers who asked the program to end meanwhile, if anyone:
/// then the shell has been told to end, and a drill's fault is undone.
pub(super) async fn to_shell(
    driver: &mut Driver,
    signals: &mut Signals,
    mut jobs: Option<&mut Jobs>,
) -> Option<Ending> {
    let (environment, lang) = (driver.world_handle.environment.clone(), driver.model.lang);
    let child: Arc<OnceLock<u32>> = Arc::default();
    let began = child.clone();
    // It begins once, so that its number is told once.
    let began = move |pid| began.set(pid).unwrap_or_default();
    let running = move || shell::run(environment.get(), lang, began);
    let mut running = tokio::task::spawn_blocking(running);
    let result = loop {
        tokio::select! {
            result = &mut running => break result,
            ending = signals.wait_for_end() => {
                if ending.is_a_key() {
                    // Pressed for the shell, and what it runs.
                    continue;
                }
                // As a terminal that closes tells it: a shell ends on that, and ends what it runs.
                if let Some(pid) = child.get() {
                    job::hang_up(*pid);
                }
                driver.handle(Msg::Terminate);
                while !driver.is_leaving() {
                    let msg = driver.next().await;
                    driver.handle(msg);
                }
                let _ = tokio::time::timeout(FAREWELL, running).await;
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
