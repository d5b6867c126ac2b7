//! The connection to the learner's cloud: the clients of its services, its clock, and what is known of it
//! and of what is ours in it. What is done with it stands with those who do it.

use std::sync::Arc;

use super::access::Access;
use super::clients::Clients;
use super::memory::Memory;
use super::owner::Owner;
use super::silence_monitor::SilenceMonitor;
use ground::clock::Clock;
use ground::lang::Said;

/// The learner's cloud. Clones share what they know.
#[derive(Clone, Debug)]
pub struct Cloud {
    pub(super) clients: Arc<Clients>,
    pub(super) clock: Clock,
    pub(super) memory: Arc<Memory>,
    pub(super) owner: Arc<Owner>,
    pub(super) silence: Option<SilenceMonitor>,
}

impl Cloud {
    /// A cloud reached this way.
    #[must_use]
    pub fn new(access: Access) -> Cloud {
        Cloud {
            clients: Arc::new(Clients::new(&access)),
            clock: access.clock,
            memory: Arc::default(),
            owner: Arc::new(Owner::new(access.trust)),
            silence: access.silence,
        }
    }

    /// What the emulator at the endpoint says of itself at `path`; `None` for AWS, which is none, and when
    /// nothing answered with 200.
    pub async fn emulator_page(&self, path: &str) -> Option<String> {
        self.clients.fetch.own_page(path).await
    }

    /// That AWS, or one of its Regions, has been asked for a while and does not answer; `None` as long as
    /// it does, and in practice, where a Region's silence takes no time of anybody's.
    #[must_use]
    pub fn silence(&self) -> Option<Said> {
        self.silence.as_ref()?.silence()
    }

    /// Waits until there is a silence to tell; for ever while AWS answers.
    pub async fn await_silence(&self) -> Said {
        match &self.silence {
            Some(silence) => silence.await_silence().await,
            None => std::future::pending().await,
        }
    }
}
