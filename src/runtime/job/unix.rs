//! Job control as POSIX has it.

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, getpgrp, getpid, getppid, getsid, tcgetpgrp};
use tokio::signal::unix::{Signal as Heard, SignalKind, signal};

use super::turn::Turn;

/// Hears when the program is asked to stop, and when it goes on after it was stopped.
pub(crate) struct Jobs {
    stop: Option<Heard>,
    goes_on: Option<Heard>,
}

impl Jobs {
    /// Listens from now on. From here on SIGTSTP does not stop the program by itself.
    pub(crate) fn new() -> Jobs {
        let hear = |number: Signal| signal(SignalKind::from_raw(number as i32)).ok();
        Jobs { stop: hear(Signal::SIGTSTP), goes_on: hear(Signal::SIGCONT) }
    }

    /// The next turn.
    pub(crate) async fn turn(&mut self) -> Turn {
        tokio::select! {
            () = receive(&mut self.stop) => Turn::Stop,
            () = receive(&mut self.goes_on) => Turn::GoesOn,
        }
    }
}

async fn receive(signal: &mut Option<Heard>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

/// Whether a shell waits that can take the terminal and let the program go on later. A program that
/// was opened by the terminal itself has none: stopped, it would never come back. POSIX calls its
/// process group orphaned.
pub(crate) fn is_job() -> bool {
    let group = getpgrp();
    let parent = if group == getpid() { Some(getppid()) } else { parent_of(group) };
    has_shell(Place {
        group,
        session: session_of(None),
        parent: parent.map(|parent| (parent, session_of(Some(parent)))),
    })
}

/// Where a process group stands. Who is outside of this process's own world of processes (a container,
/// a PID namespace) has the number 0 in it: `pid_namespaces(7)`.
#[derive(Clone, Copy)]
struct Place {
    group: Pid,
    session: Pid,
    /// Who started the group's leader, and that one's session; `None` where the system does not tell.
    parent: Option<(Pid, Pid)>,
}

/// Whether the group's parent is in its session: a shell, or a shell's child that stops with it.
fn has_shell(place: Place) -> bool {
    // Whoever is outside may be anybody, and may not be there to let anything go on.
    if [place.group, place.session].contains(&OUTSIDE) {
        return false;
    }
    match place.parent {
        Some((OUTSIDE, _)) => false,
        Some((_, session)) => session == place.session,
        // A member of somebody else's group, of which this system tells nothing: its leader answers.
        None => place.group != place.session,
    }
}

/// The number of a process that is outside of this one's world of processes.
const OUTSIDE: Pid = Pid::from_raw(0);

/// The session of a process, or of this one. Of one that has gone, none of this world's.
fn session_of(process: Option<Pid>) -> Pid {
    getsid(process).unwrap_or(OUTSIDE)
}

/// The parent of another process, where the system tells it as Linux does.
fn parent_of(process: Pid) -> Option<Pid> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before stands in brackets and may hold anything.
    let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
    Some(Pid::from_raw(parent))
}

/// Whether the terminal is this group's at the moment, and not a child's.
pub(crate) fn has_terminal() -> bool {
    tcgetpgrp(std::io::stdin()).is_ok_and(|group| group == getpgrp())
}

/// Stops this program and all that were started with it, as one job; returns when it goes on. All of
/// them, since a shell sees only those it started itself: `cargo run`, a script, a pipe.
pub(crate) fn stop() {
    // Nothing can be done about a refusal, and the program then simply goes on.
    let _ = kill(Pid::from_raw(0), Signal::SIGSTOP);
}

/// Tells a child that its terminal has gone.
pub(crate) fn hang_up(child: u32) {
    // Number 0 would be this whole group.
    let Some(pid) = i32::try_from(child).ok().filter(|pid| *pid > 0) else { return };
    // It may have ended by itself, or be stopped: then it must go on to hear of it.
    for signal in [Signal::SIGHUP, Signal::SIGCONT] {
        let _ = kill(Pid::from_raw(pid), signal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(group: i32, session: i32, parent: Option<(i32, i32)>) -> Place {
        let [group, session] = [group, session].map(Pid::from_raw);
        Place { group, session, parent: parent.map(|(it, its)| (Pid::from_raw(it), Pid::from_raw(its))) }
    }

    #[test]
    fn a_shell_is_the_parent_in_the_own_session() {
        assert!(has_shell(place(20, 10, Some((10, 10)))), "a shell that leads its session");
        assert!(has_shell(place(20, 10, Some((15, 10)))), "cargo, that a shell waits for");
        assert!(!has_shell(place(20, 20, Some((10, 10)))), "opened by the terminal itself");
    }

    #[test]
    fn whoever_is_outside_of_a_container_is_no_shell() {
        assert!(!has_shell(place(1, 1, Some((0, 0)))), "the container's first program");
        assert!(!has_shell(place(20, 20, Some((10, 0)))), "opened by a program of an outer session");
        assert!(!has_shell(place(20, 0, Some((10, 0)))), "all of it in an outer session");
        assert!(!has_shell(place(0, 0, Some((1, 0)))), "a member of an outer group");
        assert!(!has_shell(place(20, 10, Some((0, 0)))), "its parent is outside");
    }

    #[test]
    fn where_nothing_is_told_of_the_leader_the_session_answers() {
        assert!(has_shell(place(20, 10, None)));
        assert!(!has_shell(place(10, 10, None)));
    }
}
