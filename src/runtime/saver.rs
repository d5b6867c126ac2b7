//! Keeps the progress: one thread writes the latest, so that the screen never waits for a disk.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::progress::{Progress, Store};
use ground::lang::Said;

/// How long to wait after a failed write before trying again.
const PATIENCE: Duration = Duration::from_secs(2);

/// Writes progress in the background, the newest only.
pub(super) struct Saver {
    queue: Option<Sender<Progress>>,
    thread: Option<JoinHandle<()>>,
}

impl Saver {
    /// Begins; `told` hears of trouble, and of its end.
    pub(super) fn start(store: Store, told: impl Fn(Option<Said>) + Send + 'static) -> Saver {
        let (queue, work) = channel();
        let thread = std::thread::spawn(move || write_all(&store, &work, told));
        Saver { queue: Some(queue), thread: Some(thread) }
    }

    /// Asks for this progress to be kept.
    pub(super) fn save(&self, progress: Progress) {
        if let Some(queue) = &self.queue {
            // The thread lives as long as the queue, so sending cannot fail but after a panic in it.
            let _ = queue.send(progress);
        }
    }
}

impl Drop for Saver {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write_all(store: &Store, work: &Receiver<Progress>, told: impl Fn(Option<Said>)) {
    let mut troubled = false;
    // What could not be written yet. It is tried again by itself: room may be made while nothing new
    // comes, and at the end once more.
    let mut owed: Option<Progress> = None;
    loop {
        let next = match &owed {
            None => work.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(_) => work.recv_timeout(PATIENCE),
        };
        let ended = matches!(next, Err(RecvTimeoutError::Disconnected));
        let newest = work.try_iter().last().or(next.ok()).or_else(|| owed.take());
        if let Some(progress) = newest {
            match store.save(&progress) {
                Ok(()) => {
                    if troubled {
                        told(None);
                    }
                    (owed, troubled) = (None, false);
                }
                Err(error) => {
                    if !troubled {
                        told(Some(Said::with(|l| error.text(l))));
                    }
                    (owed, troubled) = (Some(progress), true);
                }
            }
        }
        if ended {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::progress::Opened;

    /// A folder in the new file's place keeps it from being written, as a full disk does.
    #[test]
    fn what_could_not_be_written_is_written_once_there_is_room_though_nothing_new_comes() {
        let dir = tempfile::tempdir().unwrap();
        let (Opened::Writer(store), ..) = Store::open(dir.path()).unwrap() else { panic!("in use") };
        let blocked = dir.path().join("progress.json.new");
        fs::create_dir(&blocked).unwrap();
        let (sender, told) = channel();
        let saver = Saver::start(store, move |said| sender.send(said.is_some()).unwrap());
        saver.save(Progress { step: 6, ..Progress::default() });
        assert!(told.recv().unwrap(), "the trouble must be told");
        fs::remove_dir(&blocked).unwrap();
        assert!(!told.recv().unwrap(), "its end must be told");
        let kept = fs::read_to_string(dir.path().join("progress.json")).unwrap();
        assert!(kept.contains("\"step\": 6"), "{kept}");
    }

    #[test]
    fn the_newest_is_tried_once_more_at_the_end() {
        let dir = tempfile::tempdir().unwrap();
        let (Opened::Writer(store), ..) = Store::open(dir.path()).unwrap() else { panic!("in use") };
        let blocked = dir.path().join("progress.json.new");
        fs::create_dir(&blocked).unwrap();
        let (sender, told) = channel();
        let saver = Saver::start(store, move |said| sender.send(said.is_some()).unwrap());
        saver.save(Progress { step: 6, ..Progress::default() });
        assert!(told.recv().unwrap());
        fs::remove_dir(&blocked).unwrap();
        drop(saver);
        assert!(fs::read_to_string(dir.path().join("progress.json")).unwrap().contains("\"step\": 6"));
    }
}
