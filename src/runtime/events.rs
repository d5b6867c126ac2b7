//! What the terminal reports, read on a thread of its own. crossterm's stream for async code loses a
//! key that comes together with a resize, or reports events one by one; this one does neither.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossterm::event::{self, Event};
use tokio::sync::mpsc;

/// How long the thread waits before it looks whether it is still wanted, when nothing wakes it. At the
/// end of each wait crossterm asks the terminal again and again for a millisecond: short waits would be
/// most of what an idle workshop costs.
#[cfg(unix)]
const GLANCE: Duration = Duration::from_secs(5);
#[cfg(not(unix))]
const GLANCE: Duration = Duration::from_millis(150);

/// The terminal's events. Dropping it lets go of the terminal: afterwards nobody here reads keys.
pub(super) struct Events {
    arrived: mpsc::UnboundedReceiver<io::Result<Event>>,
    wanted: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
}

impl Events {
    /// Starts to read.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start() -> io::Result<Events> {
        let (send, arrived) = mpsc::unbounded_channel();
        let wanted = Arc::new(AtomicBool::new(true));
        let still = Arc::clone(&wanted);
        let reader = std::thread::Builder::new().name("keys".into()).spawn(move || read(&send, &still))?;
        Ok(Events { arrived, wanted, reader: Some(reader) })
    }

    /// The next event; `None` when the terminal is gone.
    pub(super) async fn next(&mut self) -> Option<io::Result<Event>> {
        self.arrived.recv().await
    }

    /// An event that waits already.
    pub(super) fn try_next(&mut self) -> Option<io::Result<Event>> {
        self.arrived.try_recv().ok()
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.wanted.store(false, Ordering::Relaxed);
        wake();
        if let Some(reader) = self.reader.take() {
            // It has nothing to say beyond what it sent.
            let _ = reader.join();
        }
    }
}

/// Wakes the thread: a change of size is an event that crossterm waits for too, and one more is harmless.
fn wake() {
    #[cfg(unix)]
    // Without it the thread notices at its next glance.
    let _ = signal_hook::low_level::raise(signal_hook::consts::SIGWINCH);
}

fn read(send: &mpsc::UnboundedSender<io::Result<Event>>, wanted: &AtomicBool) {
    while wanted.load(Ordering::Relaxed) {
        let read = match event::poll(GLANCE) {
            Ok(false) => continue,
            Ok(true) => event::read(),
            Err(error) => Err(error),
        };
        let gone = read.is_err();
        if send.send(read).is_err() || gone {
            return;
        }
    }
}
