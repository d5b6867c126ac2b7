//! `World`: a practice world in the hands of a test, its time and its whole state.

use std::time::Duration;

use bytes::Bytes;
use ground::clock::{Clock, Moment};
use practice::{Practice, time};

use super::{Setup, request};

/// A practice world, and short ways to ask it. Clones are the same world.
#[derive(Clone, Debug)]
pub struct World {
    /// The world itself.
    pub practice: Practice,
}

impl World {
    /// A world in memory with this seed that hosts nothing; all else is opened by a `Setup`.
    #[must_use]
    pub fn seeded(seed: u64) -> World {
        Setup::seeded(seed).open()
    }

    /// A world that is open already.
    #[must_use]
    pub fn of(practice: Practice) -> World {
        World { practice }
    }

    /// The world's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.practice.clock()
    }

    /// The moment it is in the world.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.clock().now()
    }

    /// Lets time pass, and happen what is due in it.
    pub fn advance(&self, time: Duration) {
        self.clock().advance(time);
    }

    /// Lets seconds pass.
    pub fn wait(&self, seconds: u64) {
        self.advance(Duration::from_secs(seconds));
    }

    /// Lets everything come to its end that is under way.
    pub fn settle(&self) {
        while let Some(due) = self.practice.inspect(time::next_due) {
            self.advance(due.since(self.now()));
        }
    }

    /// Brings about what is due though nobody asks, for as long as it is polled: a task of the test's.
    pub fn driven(&self) -> impl Future<Output = ()> + Send + use<> {
        let practice = self.practice.clone();
        async move { practice.drive().await }
    }

    /// The whole world as it would be saved.
    ///
    /// # Panics
    /// If it cannot be written.
    #[must_use]
    pub fn image(&self) -> String {
        self.practice.inspect(|world| serde_json::to_string(world).expect("a world that can be written"))
    }

    /// Sends a request; `request` begins one.
    ///
    /// # Panics
    /// If no client could send it.
    pub fn send(&self, head: http::request::Builder, body: impl Into<Bytes>) -> http::Response<Bytes> {
        self.practice.answer(head.body(body.into()).expect("a request that can be sent"))
    }

    /// Sends a request to a service with nothing but a body; the answer's status.
    #[must_use]
    pub fn status(
        &self,
        service: &str,
        region: &str,
        method: &str,
        path: &str,
        body: impl Into<Bytes>,
    ) -> u16 {
        self.send(request(service, region, method, path), body).status().as_u16()
    }
}
