//! AWS as the workshop sees it: clients per Region, plain `Facts`, the watcher that publishes them,
//! the actions, and SDK errors turned into a sentence and advice. Which world answers is not known here.

mod access;
mod act;
mod action;
mod caller;
mod clients;
mod error;
mod estimate;
pub mod facts;
pub mod fault;
mod fetch;
mod guard;
mod hands;
pub mod names;
mod observe;
mod own;
mod pulse;
mod rhythm;
pub mod watch;

use std::sync::Arc;

pub use access::Access;
pub use action::{ActionId, Move, Note, Settings};
pub use error::ActionError;
pub use fault::{Fault, Switchboard, Turn};
pub(crate) use hands::{APP, CLIENTS};
pub use hands::{Hands, Knock, Knocking, Own, stand_in};
pub use own::{Claim, Run};

use crate::clock::Clock;

/// The learner's cloud. Clones share what they know.
#[derive(Clone, Debug)]
pub struct Cloud {
    clients: Arc<clients::Clients>,
    clock: Clock,
    memory: Arc<observe::Memory>,
    owner: Arc<own::Owner>,
    pulse: Option<pulse::Pulse>,
}

impl Cloud {
    /// A cloud reached this way.
    #[must_use]
    pub fn new(access: Access) -> Cloud {
        Cloud {
            clients: Arc::new(clients::Clients::new(&access)),
            clock: access.clock,
            memory: Arc::default(),
            owner: Arc::new(own::Owner::new(access.trust)),
            pulse: access.pulse,
        }
    }

    /// What the emulator at the endpoint says of itself at `path`; `None` for AWS, which is none, and when
    /// nothing answered with 200.
    pub async fn emulator_page(&self, path: &str) -> Option<String> {
        self.clients.fetch.own_page(path).await
    }
}
