//! The one watcher all panes share: looks at the cloud, often while something moves and seldom at
//! rest, and publishes the facts when they differ.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;

use super::Cloud;
use super::backoff::{Backoff, Strain};
use super::facts::Facts;
use ground::clock::Clock;

/// Between looks in real time, however fast the world runs: a screen shows no more.
const LEAST: Duration = Duration::from_millis(250);
/// Between looks in real time at rest.
const LEAST_AT_REST: Duration = Duration::from_millis(1500);

/// Between two looks at the clock while a look at AWS lasts.
const SECOND: Duration = Duration::from_secs(1);

/// A running watcher; it ends when this is dropped.
#[derive(Debug)]
pub struct Watch {
    /// The latest facts.
    pub facts: watch::Receiver<Arc<Facts>>,
    nudger: Nudger,
    task: AbortHandle,
}

/// Asks the watcher to look at once.
#[derive(Clone, Debug)]
pub struct Nudger(Arc<Notify>);

impl Nudger {
    /// Asks for a look now; several askings before it are one.
    pub fn nudge(&self) {
        self.0.notify_one();
    }
}

impl Watch {
    /// Asks for a look now.
    pub fn nudge(&self) {
        self.nudger.nudge();
    }

    /// Something that can ask for a look from elsewhere.
    #[must_use]
    pub fn nudger(&self) -> Nudger {
        self.nudger.clone()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Begins to watch; `changed` moves whenever the world is known to have changed, for worlds that tell.
#[must_use]
pub fn spawn(cloud: Cloud, clock: Clock, changed: Option<watch::Receiver<u64>>) -> Watch {
    let (publish, facts) = watch::channel(Arc::new(Facts::default()));
    let nudger = Nudger(Arc::default());
    let task = tokio::spawn(run(cloud, clock, changed, nudger.clone(), publish)).abort_handle();
    Watch { facts, nudger, task }
}

async fn run(
    cloud: Cloud,
    clock: Clock,
    mut changed: Option<watch::Receiver<u64>>,
    nudger: Nudger,
    publish: watch::Sender<Arc<Facts>>,
) {
    // In practice the clock begins where the world says, so the same run makes the same pauses.
    let mut backoff = Backoff::new(clock.now().0);
    loop {
        if let Some(changed) = &mut changed {
            changed.borrow_and_update();
        }
        let (mut facts, strain) = look(&cloud, &clock, &publish).await;
        // Said in the same words while a look lasts and once it has given up.
        facts.trouble = cloud.silence().or(facts.trouble);
        let busy = facts.is_busy();
        publish.send_if_modified(|old| {
            let differ = !shows_same(old, &facts);
            *old = Arc::new(facts);
            differ
        });
        let least = if busy { LEAST } else { LEAST_AT_REST };
        let pause = backoff.pause(busy, strain);
        // Whoever is asked for fewer questions does not ask more because somebody is in a hurry.
        let hurry = strain != Strain::Throttled;
        tokio::select! {
            () = async { tokio::join!(clock.sleep(pause), tokio::time::sleep(least)); } => {}
            () = nudger.0.notified(), if hurry => tokio::time::sleep(LEAST / 10).await,
            true = wait_for_change(&mut changed), if hurry => tokio::time::sleep(LEAST / 5).await,
        }
    }
}

/// Looks at everything, and tells of a silence while it lasts: a call takes longer to give up than a
/// person should wait for news.
async fn look(cloud: &Cloud, clock: &Clock, publish: &watch::Sender<Arc<Facts>>) -> (Facts, Strain) {
    let looking = cloud.look();
    tokio::pin!(looking);
    loop {
        tokio::select! {
            seen = &mut looking => return seen,
            () = tokio::time::sleep(SECOND) => {
                let Some(silence) = cloud.silence() else { continue };
                publish.send_modify(|old| {
                    let mut facts = (**old).clone();
                    facts.at = facts.at.max(clock.now());
                    facts.trouble = Some(silence);
                    *old = Arc::new(facts);
                });
            }
        }
    }
}

/// Waits until the world has changed; `false` when nobody will tell, or will any more.
async fn wait_for_change(changed: &mut Option<watch::Receiver<u64>>) -> bool {
    match changed {
        Some(changed) => changed.changed().await.is_ok(),
        None => false,
    }
}

/// Whether two looks show the same, however far apart they were made.
fn shows_same(old: &Facts, new: &Facts) -> bool {
    let mut old = old.clone();
    old.at = new.at;
    old == *new
}
