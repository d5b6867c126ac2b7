//! The model a session starts with.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::drill_screen::DrillScreen;
use super::keymap::Keymap;
use super::model::{Appearance, Life, Model, Seat, World, Zoom};
use super::pane::Pane;
use crate::cloud::Fault;
use crate::cloud::facts::Facts;
use crate::course::Course;
use crate::progress::Progress;
use ground::clock::Moment;
use ground::lang::Lang;
use lessons::Library;

/// What a session starts from.
pub struct InitialState {
    /// The language to begin in.
    pub lang: Lang,
    /// The world, as shown.
    pub world: World,
    /// How the screen looks.
    pub look: Appearance,
    /// Whether this Espera writes.
    pub seat: Seat,
    /// The keys.
    pub keymap: Arc<Keymap>,
    /// The course.
    pub course: Arc<Course>,
    /// The lessons.
    pub library: Arc<Library>,
    /// What was saved.
    pub progress: Progress,
    /// What can be broken here.
    pub faults: Vec<Fault>,
    /// Size of the terminal: columns, rows.
    pub size: (u16, u16),
    /// The clock of the world.
    pub now: Moment,
}

impl Model {
    /// The model of a new session.
    #[must_use]
    pub fn new(initial: InitialState) -> Model {
        let InitialState { lang, world, look, seat, keymap, course, library, progress, faults, size, now } =
            initial;
        let mut model = Model {
            lang,
            world,
            look,
            seat,
            keymap,
            course,
            library,
            lesson: Arc::default(),
            progress,
            facts: Arc::new(Facts::default()),
            verdicts: BTreeMap::new(),
            focus: Pane::Lesson,
            zoom: Zoom::All,
            size,
            overlay: None,
            drill_screen: DrillScreen::with_offers(faults),
            running: None,
            message: None,
            banner: None,
            log: VecDeque::new(),
            logged: 0,
            folds: BTreeMap::new(),
            stack: 0,
            block: None,
            search: None,
            elapsed: Duration::ZERO,
            now,
            life: Life::Running,
        };
        model.load_lesson();
        model.judge();
        model
    }
}
