//! Keeps the progress: one thread writes the latest, so that the screen never waits for a disk.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use crate::app::Said;
use crate::progress::{Progress, Store};

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
    while let Ok(mut progress) = work.recv() {
        while let Ok(newer) = work.try_recv() {
            progress = newer;
        }
        match store.save(&progress) {
            Ok(()) if troubled => {
                troubled = false;
                told(None);
            }
            Ok(()) => {}
            Err(error) => {
                troubled = true;
                told(Some(Said::with(|l| error.text(l))));
            }
        }
    }
}
