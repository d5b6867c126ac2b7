//! How a world is saved while it lives: each change is written down before it happens, synced within a
//! second, folded into a snapshot when the journal grows long, and closed at the end.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::cloud::{Inner, Practice, WeakPractice};
use super::error::Trouble;
use super::journal::{Entry, Grown, Journal, deep_thread};
use super::world::World;
use ground::clock::Moment;

/// What the thread that syncs waits for.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    what: Mutex<What>,
    changed: Condvar,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum What {
    /// All is synced.
    #[default]
    Nothing,
    /// Something is written, or could not be.
    Work,
    /// The world is gone.
    End,
}

impl Wanted {
    fn lock(&self) -> MutexGuard<'_, What> {
        self.what.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that there is something to sync.
    fn work(&self) {
        let mut what = self.lock();
        if *what == What::Nothing {
            *what = What::Work;
            self.changed.notify_one();
        }
    }

    /// Ends the thread.
    pub fn end(&self) {
        *self.lock() = What::End;
        self.changed.notify_one();
    }

    /// Waits for work, then for a beat, in which more may come. Answers whether to go on.
    fn wait(&self, beat: Duration) -> bool {
        let what = self.changed.wait_while(self.lock(), |what| *what == What::Nothing);
        let what = what.unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(what, beat, |what| *what != What::End);
        let (mut what, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if *what == What::End {
            return false;
        }
        *what = What::Nothing;
        true
    }
}

impl Inner {
    /// Writes down what is about to happen at `now`: an entry, or that time passes when somebody could see
    /// it. What this refuses must not happen. The world is locked and has not been changed yet.
    pub(super) fn write_down(
        &self,
        world: &World,
        entry: Option<&mut Entry>,
        now: Moment,
        stirred: bool,
    ) -> Result<Grown, Trouble> {
        let Some(journal) = &self.journal else { return Ok(Grown::Fine) };
        let written = match entry {
            Some(entry) => journal.append(entry, now, world),
            None if stirred || journal.is_stale(now) => journal.append(&mut Entry::tick(), now, world),
            None => {
                self.shows(now);
                return Ok(Grown::Fine);
            }
        };
        self.wanted.work();
        match &written {
            Ok(_) => self.clear_refusal(),
            Err(trouble) => self.say(Some(trouble.clone())),
        }
        written
    }

    /// After what was written down has happened, with the world still locked.
    pub(super) fn carried_out(&self) {
        if let Some(journal) = &self.journal {
            journal.carried_out();
        }
    }

    /// The same once the world is let go of, and before anybody is told.
    pub(super) fn note_carried_out(&self) {
        if let Some(journal) = &self.journal {
            journal.note_carried_out();
        }
    }

    /// Before a moment is shown to anybody.
    pub(super) fn shows(&self, now: Moment) {
        if let Some(journal) = &self.journal {
            journal.shows(now, self.clock.speed());
        }
    }

    /// Takes back that changes are refused.
    fn clear_refusal(&self) {
        if self.trouble.borrow().as_ref().is_some_and(Trouble::ends_with_a_write) {
            self.say(None);
        }
    }

    pub(super) fn say(&self, trouble: Option<Trouble>) {
        self.trouble.send_if_modified(|now| {
            let differs = *now != trouble;
            *now = trouble;
            differs
        });
    }

    fn folding(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.folding.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Practice {
    /// Starts the thread that syncs what is written, where the disk keeps time.
    pub(super) fn keep(&self) {
        let Some(beat) = self.inner.journal.as_ref().and_then(Journal::beat) else { return };
        let (weak, wanted) = (self.downgrade(), self.inner.wanted.clone());
        wanted.work();
        let kept =
            std::thread::Builder::new().name("saving".into()).spawn(move || keep(&weak, &wanted, beat));
        if let Err(error) = kept {
            let folder = self.inner.journal.as_ref().map(|journal| journal.folder().to_owned());
            self.inner.say(folder.map(|folder| Trouble::unfolded(&folder, &error)));
        }
    }

    /// Folds the journal beside the requests, which go on meanwhile.
    pub(super) fn fold_beside(&self) {
        let mut folding = self.inner.folding();
        if folding.as_ref().is_none_or(JoinHandle::is_finished) {
            let practice = self.clone();
            // A rare thread is cheaper than a pool.
            *folding = deep_thread().spawn(move || drop(practice.fold())).ok();
        }
    }

    fn fold(&self) -> Result<(), Trouble> {
        let Some(journal) = &self.inner.journal else { return Ok(()) };
        let folded = {
            let world = self.inner.lock();
            journal.fold(&world)
        };
        let outcome = folded.and_then(|fold| journal.store(&fold));
        self.inner.say(outcome.as_ref().err().cloned());
        outcome
    }

    /// Makes all that has happened so far survive a loss of power: before something else is saved that
    /// speaks of it.
    ///
    /// # Errors
    /// The trouble that keeps it from being saved.
    pub fn settle(&self) -> Result<(), Trouble> {
        let Some(journal) = &self.inner.journal else { return Ok(()) };
        // What is saved elsewhere names moments: the clock must not be behind them later.
        self.inner.shows(self.inner.clock.now());
        let synced = journal.sync();
        if let Err(trouble) = &synced {
            self.inner.say(Some(trouble.clone()));
        }
        synced
    }

    /// `settle` for those who must not keep the world alive.
    #[must_use]
    pub fn settler(&self) -> Arc<dyn Fn() + Send + Sync> {
        let weak = self.downgrade();
        Arc::new(move || {
            if let Some(practice) = weak.upgrade() {
                // Whoever asks saves what they have all the same; the trouble has been said.
                let _ = practice.settle();
            }
        })
    }

    /// Tries to write after a write failed, so that changes are taken again before somebody asks.
    fn try_again(&self) {
        let Some(journal) = self.inner.journal.as_ref().filter(|journal| journal.is_failing()) else {
            return;
        };
        let world = self.inner.lock();
        let at = world.now.max(journal.written_at());
        let _ = self.inner.write_down(&world, Some(&mut Entry::tick()), at, true);
        self.inner.carried_out();
        drop(world);
        self.inner.note_carried_out();
    }

    /// Saves the world whole. Practice can be used on; usually the program ends.
    ///
    /// # Errors
    /// The trouble that kept it from being saved.
    pub fn close(&self) -> Result<(), Trouble> {
        self.inspect(|_| ());
        // One that began earlier must not come after this one, which is the last.
        let earlier = self.inner.folding().take();
        if let Some(thread) = earlier {
            let _ = thread.join();
        }
        let Some(journal) = &self.inner.journal else { return Ok(()) };
        let folded = if journal.has_grown() { self.fold() } else { Ok(()) };
        // The journal is whole though there may be no room for a snapshot.
        let closed = journal.close();
        folded.and(closed)
    }
}

/// Syncs what is written, a beat after it was.
fn keep(weak: &WeakPractice, wanted: &Wanted, beat: Duration) {
    while wanted.wait(beat) {
        let Some(practice) = weak.upgrade() else { return };
        let sync = practice.inner.journal.as_ref().and_then(Journal::next_sync);
        let failing = practice.inner.journal.as_ref().is_some_and(Journal::is_failing);
        if failing {
            practice.try_again();
            wanted.work();
        }
        // The world may be dropped meanwhile, and its folder opened anew.
        drop(practice);
        let Some(synced) = sync.map(super::journal::Sync::run) else { continue };
        let Some(practice) = weak.upgrade() else { return };
        if let Some(Err(trouble)) = practice.inner.journal.as_ref().map(|journal| journal.finish_sync(synced))
        {
            practice.inner.say(Some(trouble));
            wanted.work();
        }
    }
}
