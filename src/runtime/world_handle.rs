//! What leads to a world: what a workshop works on, whichever world it is.

use std::sync::Arc;

use super::environment::LazyEnvironment;
use super::news::News;
use crate::cloud::{Cloud, Settings};
use crate::drill::DrillContext;
use ground::clock::Clock;

/// What leads to a world, and what it tells. Each world makes one, and it stays whole.
#[derive(Debug)]
pub struct WorldHandle {
    /// The clock of the world.
    pub clock: Clock,
    /// The cloud that actions go to.
    pub cloud: Cloud,
    /// What actions need: templates, pages, the learner's own client.
    pub settings: Arc<Settings>,
    /// What drills work with; `None` when another Espera holds the state.
    pub drill_context: Option<DrillContext>,
    /// What the learner's own hands are given.
    pub environment: LazyEnvironment,
    /// What the world tells by itself.
    pub news: News,
}
