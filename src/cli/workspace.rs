//! What is the same in every world: the course, the lessons, the language, and what is kept.

use std::path::PathBuf;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::options::GlobalOptions;
use super::package;
use super::start_error::StartError;
use super::templates::{settings, write_templates};
use crate::app::Seat;
use crate::cloud::{Cloud, Settings, Switchboard};
use crate::course::{Course, Step};
use crate::drill::DrillContext;
use crate::progress::{Opened, Progress, ProgressError, Store};
use ground::clock::Clock;
use ground::lang::{Lang, Said};
use ground::tr;
use lessons::Library;

/// What is the same in every world: the course, and what is kept about it.
pub struct Workspace {
    /// The language.
    pub lang: Lang,
    /// The folder that it is kept in.
    pub folder: PathBuf,
    /// The course.
    pub course: Arc<Course>,
    /// The lessons.
    pub library: Arc<Library>,
    /// The right to write progress; `None` when another Espera has it or the folder cannot be used.
    pub store: Option<Store>,
    /// The saved progress.
    pub progress: Progress,
    /// Whether this Espera may change it, or another holds the state.
    pub seat: Seat,
    /// What a person should know at the start.
    pub warnings: Vec<Said>,
}

impl Workspace {
    /// Opens what is kept in a folder, with what actions deploy.
    ///
    /// # Errors
    /// When the lessons or the program cannot be read, or progress comes from a newer Espera; a folder that
    /// cannot be used is a warning only.
    pub(super) fn open(
        options: &GlobalOptions,
        folder: PathBuf,
    ) -> Result<(Workspace, Settings), StartError> {
        let mut warnings = Vec::new();
        let (store, progress, seat) = match Store::open(&folder) {
            Ok((opened, progress, told)) => {
                warnings.extend(told.iter().map(|w| Said::with(|l| w.text(l))));
                match opened {
                    Opened::Writer(store) => (Some(store), progress, Seat::Learner),
                    Opened::InUse => (None, progress, Seat::Watcher),
                }
            }
            Err(error @ ProgressError::Newer { .. }) => return Err(error.into()),
            Err(error) => {
                warnings.push(Said::with(|l| error.text(l)));
                (None, Progress::default(), Seat::Learner)
            }
        };
        if seat == Seat::Watcher {
            warnings.push(Said::with(|l| {
                tr!(
                    l,
                    "Otra Espera tiene abierto este estado: aquí puedes mirar, pero no cambiar nada.",
                    "Another Espera has this state open: here you can watch but change nothing."
                )
            }));
        }
        // What such a log holds, perhaps a fault that still stands, would else stay unsaid.
        let unread = crate::drill::damaged_logs(&folder.join("drills"));
        warnings.extend(unread.into_iter().map(|error| Said::with(|l| error.text(l))));
        let library = match &options.lessons {
            Some(dir) => Library::open(dir).map_err(|e| StartError::Lessons(e.to_string()))?,
            None => crate::course::lessons::library(),
        };
        let lang = options.lang.or(progress.lang).unwrap_or_else(|| options.lang());
        let settings = settings(package::zip_for(options)?);
        let (course, library) = (Arc::new(Course::embedded()?), Arc::new(library));
        let workspace = Workspace { lang, folder, course, library, store, progress, seat, warnings };
        Ok((workspace, settings))
    }

    /// Where a step stands in the course.
    pub(super) fn position(&self, step: &Step) -> Option<usize> {
        self.course.steps.iter().position(|s| s.id == step.id)
    }

    /// Where the templates and pages stand for the learner's shell, once they are written there.
    pub(super) fn templates(&self, settings: &Settings) -> Option<PathBuf> {
        self.store.as_ref().and_then(|store| write_templates(store.folder(), settings).ok())
    }

    /// What drills work with: what the world itself can break, and what AWS's calls can.
    pub(super) fn drill_context(
        &self,
        cloud: &Cloud,
        http: SharedHttpClient,
        clock: &Clock,
        own: Vec<Arc<dyn Switchboard>>,
    ) -> DrillContext {
        DrillContext {
            cloud: cloud.clone(),
            http,
            clock: clock.clone(),
            // The lab's own fault first: it is what a drill breaks when nothing else is said.
            switchboards: std::iter::once(Arc::new(cloud.clone()) as Arc<dyn Switchboard>)
                .chain(own)
                .collect(),
            folder: self.folder.join("drills"),
            lang: self.lang,
        }
    }
}
