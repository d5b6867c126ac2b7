//! A world as it is wired: what a workshop works on, whichever world it is.

use std::sync::Arc;

use super::environment::Laid;
use super::news::News;
use crate::cloud::{Cloud, Settings};
use crate::drill::Stage;
use ground::clock::Clock;

/// What leads to a world, and what it tells. Each world makes one, and it stays whole.
#[derive(Debug)]
pub struct Wired {
    /// The clock of the world.
    pub clock: Clock,
    /// The cloud that actions go to.
    pub cloud: Cloud,
    /// What actions need: templates, pages, the learner's own client.
    pub settings: Arc<Settings>,
    /// What drills work with; `None` when another Espera holds the state.
    pub stage: Option<Stage>,
    /// What the learner's own hands are given.
    pub environment: Laid,
    /// What the world tells by itself.
    pub news: News,
}
