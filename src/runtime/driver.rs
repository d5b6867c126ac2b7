//! The workshop without a terminal: holds the model, feeds it messages, runs its effects. The
//! interactive loop, the plain loop and the tests all drive this.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::clipboard;
use super::drills::Drills;
use super::saver::Saver;
use super::shell;
use super::world_handle::WorldHandle;
use crate::app::{Effect, Life, Model, Msg, update};
use crate::cloud::ActionId;
use crate::cloud::watch::{self, Watch};
use crate::course::Task;
use crate::progress::Store;
use crate::ui::Viewports;
use ground::lang::Said;

/// Everything a running workshop is made of, wired by the command line.
pub struct Session {
    /// The model to begin with.
    pub model: Model,
    /// The world it works on.
    pub world_handle: WorldHandle,
    /// Where progress is kept; `None` for a watcher.
    pub store: Option<Store>,
}

/// The workshop being driven.
pub struct Driver {
    /// The state.
    pub model: Model,
    /// What depends on the size of the screen.
    pub views: Viewports,
    pub(super) world_handle: WorldHandle,
    watch: Watch,
    drills: Drills,
    saver: Option<Saver>,
    inbox: mpsc::UnboundedReceiver<Msg>,
    sender: mpsc::UnboundedSender<Msg>,
    running: Option<AbortHandle>,
    shell: bool,
    stop: bool,
    failed: BTreeSet<Task>,
}

impl Driver {
    /// Takes a session up; an action that was running when the last one ended goes on.
    #[must_use]
    pub fn new(session: Session) -> Driver {
        let Session { model, world_handle, store } = session;
        let (sender, inbox) = mpsc::unbounded_channel();
        let told = sender.clone();
        let saver = store.map(|s| Saver::start(s, move |said| drop(told.send(Msg::Trouble(said)))));
        let watch = watch::spawn(
            world_handle.cloud.clone(),
            world_handle.clock.clone(),
            world_handle.news.changed.clone(),
        );
        let mut driver = Driver {
            model,
            views: Viewports::default(),
            watch,
            drills: Drills::new(world_handle.drill_context.clone(), sender.clone()),
            world_handle,
            saver,
            inbox,
            sender,
            running: None,
            shell: false,
            stop: false,
            failed: BTreeSet::new(),
        };
        if driver.saver.is_some() {
            let effects = driver.model.resume();
            driver.perform(effects);
        }
        driver
    }

    /// Feeds one message and runs what it asks for.
    pub fn handle(&mut self, msg: Msg) {
        self.remember(&msg);
        let effects = update(&mut self.model, msg);
        self.perform(effects);
    }

    /// The next message from tasks, facts or the world, whichever comes first.
    pub async fn next(&mut self) -> Msg {
        tokio::select! {
            Some(msg) = self.inbox.recv() => msg,
            msg = self.drills.next() => msg,
            Ok(()) = self.watch.facts.changed() => Msg::Facts(self.watch.facts.borrow_and_update().clone()),
            msg = self.world_handle.news.next() => msg,
        }
    }

    /// Feeds all messages that wait already; answers whether there was one.
    pub fn drain(&mut self) -> bool {
        let mut any = false;
        while let Ok(msg) = self.inbox.try_recv() {
            self.handle(msg);
            any = true;
        }
        if let Some(msg) = self.drills.try_next() {
            self.handle(msg);
            any = true;
        }
        if self.watch.facts.has_changed().unwrap_or(false) {
            let facts = self.watch.facts.borrow_and_update().clone();
            self.handle(Msg::Facts(facts));
            any = true;
        }
        any
    }

    /// Feeds messages until no action runs and nothing in the cloud moves, as a person who waits would.
    /// Answers whether that came within `patience` of real time.
    pub async fn run_until_idle(&mut self, patience: Duration) -> bool {
        let all = async {
            loop {
                self.drain();
                if self.model.running.is_none() && !self.model.facts.is_busy() {
                    return;
                }
                let msg = self.next().await;
                self.handle(msg);
            }
        };
        tokio::time::timeout(patience, all).await.is_ok()
    }

    /// The moment the world's clock shows.
    #[must_use]
    pub fn now(&self) -> ground::clock::Moment {
        self.world_handle.clock.now()
    }

    /// Whether the workshop is being left.
    #[must_use]
    pub fn is_leaving(&self) -> bool {
        self.model.life == Life::Leaving
    }

    /// Whether the learner's shell is asked for; asking again answers no.
    pub(super) fn take_shell(&mut self) -> bool {
        std::mem::take(&mut self.shell)
    }

    /// Whether the program is asked to stop as a job; asking again answers no.
    pub(super) fn take_stop(&mut self) -> bool {
        std::mem::take(&mut self.stop)
    }

    /// Whether something that was begun failed and was not done by a later try.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        !self.failed.is_empty()
    }

    fn remember(&mut self, msg: &Msg) {
        let (action, failed) = match msg {
            Msg::Ended(action, result) => (Task::Cloud(*action), result.is_err()),
            Msg::DrillEnded(result) => (Task::Drill, result.is_err()),
            Msg::Settled(result) => (Task::Drill, result.is_err()),
            _ => return,
        };
        if failed {
            self.failed.insert(action);
        } else {
            self.failed.remove(&action);
        }
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.perform_one(effect);
        }
    }

    fn perform_one(&mut self, effect: Effect) {
        match effect {
            Effect::TakeOver(claims) => self.world_handle.cloud.adopt(&claims),
            Effect::LeaveAlone(claims) => self.world_handle.cloud.decline(&claims),
            Effect::Run(action) => self.start(action),
            Effect::Cancel => {
                if let Some(running) = self.running.take() {
                    running.abort();
                }
            }
            Effect::Observe => self.watch.nudge(),
            Effect::Save(mut progress) => {
                if let Some(saver) = &self.saver {
                    // What an account holds of this run is known to the cloud alone.
                    if progress.run.is_some() {
                        progress.run = Some(self.world_handle.cloud.run_so_far());
                    }
                    saver.save(*progress);
                }
            }
            Effect::Copy(text, said) => self.background(move || Msg::Copied(clipboard::copy(&text, said))),
            Effect::CopyEnvironment => {
                let text = shell::as_text(self.world_handle.environment.get());
                let said = Said::new(
                    "Copiadas las variables de AWS: pégalas en otra terminal.",
                    "Copied the AWS variables: paste them into another terminal.",
                );
                self.background(move || Msg::Copied(clipboard::copy(&text, said)));
            }
            Effect::Open(address) => self.background(move || Msg::Copied(shell::open(&address))),
            Effect::Shell => self.shell = true,
            Effect::Stop => self.stop = true,
            Effect::Speed(speed) => self.world_handle.clock.set_speed(speed),
            Effect::Pause if self.world_handle.clock.is_paused() => self.world_handle.clock.resume(),
            Effect::Pause => self.world_handle.clock.pause(),
            Effect::Drill(plan) => self.drills.start(*plan, self.model.lang),
            Effect::Order(order) => self.drills.order(order),
            Effect::ReadDrills => self.drills.read(),
            Effect::Settle(settle) => self.drills.settle(settle, self.model.lang),
            Effect::ExportDrill(run) => self.drills.export(run, self.model.lang),
            Effect::Switch(fault, turn) => self.drills.switch(fault, turn),
            Effect::Move(pane, motion) => self.views.request(pane, motion),
        }
    }

    fn start(&mut self, action: ActionId) {
        let (cloud, settings, sender, nudge) = (
            self.world_handle.cloud.clone(),
            self.world_handle.settings.clone(),
            self.sender.clone(),
            self.watch.nudger(),
        );
        let task = tokio::spawn(async move {
            let notes = sender.clone();
            let note = move |note| {
                let _ = notes.send(Msg::Note(action, note));
                nudge.nudge();
            };
            let result = cloud.run(action, &settings, &note).await;
            let _ = sender.send(Msg::Ended(action, result.map(drop)));
        });
        self.running = Some(task.abort_handle());
    }

    fn background(&self, work: impl FnOnce() -> Msg + Send + 'static) {
        let sender = self.sender.clone();
        tokio::task::spawn_blocking(move || drop(sender.send(work())));
    }
}
