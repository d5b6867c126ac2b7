//! What a command works in: the world as wired, the course, and what is kept.

use std::path::PathBuf;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use tokio::sync::watch;

use super::hands::OwnAws;
use super::options::GlobalOptions;
use super::program;
use super::start_error::StartError;
use super::templates::{settings, write_templates};
use crate::app::{Watched, World};
use crate::clock::Clock;
use crate::cloud::{Cloud, Settings, Switchboard};
use crate::course::Course;
use crate::drill::Stage;
use crate::lang::{Lang, Said};
use crate::lessons::Library;
use crate::practice::Practice;
use crate::progress::{Opened, Progress, ProgressError, Store};
use crate::runtime::Laid;
use crate::tr;

/// The world as wired.
pub struct Context {
    /// The language.
    pub lang: Lang,
    /// The clock of the world.
    pub clock: Clock,
    /// The cloud.
    pub cloud: Cloud,
    /// The course.
    pub course: Arc<Course>,
    /// The lessons.
    pub library: Arc<Library>,
    /// What actions need.
    pub settings: Arc<Settings>,
    /// How the screen names the world.
    pub world: World,
    /// The right to write progress; `None` when another Espera has it or the folder cannot be used.
    pub store: Option<Store>,
    /// The saved progress.
    pub progress: Progress,
    /// What a person should know at the start.
    pub warnings: Vec<Said>,
    /// Whether another Espera holds the state.
    pub in_use: bool,
    /// What the learner's own hands are given.
    pub environment: Laid,
    /// Moves whenever the world changed, for the watcher.
    pub changed: watch::Receiver<u64>,
    /// What drills work with; `None` when another Espera holds the state.
    pub stage: Option<Stage>,
    /// Trouble of the world itself.
    pub trouble: watch::Receiver<Option<Said>>,
    /// What is heard of the Espera that this one watches; `None` when it watches none.
    pub watched: Option<watch::Receiver<Watched>>,
    /// Practice AWS, when this process runs it. Kept for closing it in order.
    pub practice: Option<Practice>,
    pub(super) kept: Vec<Box<dyn std::any::Any + Send>>,
}

/// Whether other clients may reach the practice world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loopback {
    /// On a port of 127.0.0.1.
    Open,
    /// In this process only.
    Closed,
}

impl Context {
    /// Keeps the progress, with what the cloud knows of this run.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn keep(&self) -> Result<(), ProgressError> {
        let Some(store) = &self.store else { return Ok(()) };
        let run = self.progress.run.as_ref().map(|_| self.cloud.run_so_far());
        store.save(&Progress { run, ..self.progress.clone() })
    }

    /// What the course calls an action.
    pub(super) fn title(&self, action: crate::cloud::ActionId) -> String {
        let all = self.course.steps.iter().flat_map(|s| &s.actions);
        let known = all.filter(|a| a.id == action).map(|a| a.title.get(self.lang).to_owned()).next();
        known.unwrap_or_else(|| action.as_str().to_owned())
    }

    /// What must live as long as the world is used: the loopback server, senders nobody else holds.
    pub(super) fn take_kept(&mut self) -> Vec<Box<dyn std::any::Any + Send>> {
        std::mem::take(&mut self.kept)
    }
}

/// What does not depend on the world.
pub(super) struct Parts {
    pub(super) lang: Lang,
    pub(super) folder: PathBuf,
    course: Arc<Course>,
    library: Arc<Library>,
    pub(super) settings: Arc<Settings>,
    pub(super) store: Option<Store>,
    pub(super) progress: Progress,
    pub(super) warnings: Vec<Said>,
    pub(super) in_use: bool,
}

impl Parts {
    pub(super) fn load(options: &GlobalOptions, folder: PathBuf) -> Result<Parts, StartError> {
        let mut warnings = Vec::new();
        let (store, progress, in_use) = match Store::open(&folder) {
            Ok((opened, progress, told)) => {
                warnings.extend(told.iter().map(|w| Said::with(|l| w.text(l))));
                match opened {
                    Opened::Writer(store) => (Some(store), progress, false),
                    Opened::InUse => (None, progress, true),
                }
            }
            Err(error @ ProgressError::Newer { .. }) => return Err(error.into()),
            Err(error) => {
                warnings.push(Said::with(|l| error.text(l)));
                (None, Progress::default(), false)
            }
        };
        if in_use {
            warnings.push(Said::with(|l| {
                tr!(
                    l,
                    "Otra Espera tiene abierto este estado: aquí puedes mirar, pero no cambiar nada.",
                    "Another Espera has this state open: here you can watch but change nothing."
                )
            }));
        }
        // What such a log holds, perhaps a fault that still stands, would else stay unsaid.
        let unread = crate::drill::damaged(&folder.join("drills"));
        warnings.extend(unread.into_iter().map(|error| Said::with(|l| error.text(l))));
        let library = match &options.lessons {
            Some(dir) => Library::open(dir).map_err(|e| StartError::Lessons(e.to_string()))?,
            None => Library::embedded(),
        };
        let lang = options.lang.or(progress.lang).unwrap_or_else(|| options.lang());
        let settings = settings(program::zip_for(options)?);
        Ok(Parts {
            lang,
            folder,
            course: Arc::new(Course::embedded()?),
            library: Arc::new(library),
            settings: Arc::new(settings),
            store,
            progress,
            warnings,
            in_use,
        })
    }

    /// Where the templates and pages stand for the learner's shell, once they are written there.
    pub(super) fn templates(&self) -> Option<PathBuf> {
        self.store.as_ref().and_then(|store| write_templates(store.folder(), &self.settings).ok())
    }

    /// Lets actions run the learner's own client.
    pub(super) fn hands(&mut self, own: OwnAws) {
        if let Some(settings) = Arc::get_mut(&mut self.settings) {
            settings.hands = Some(Arc::new(own));
        }
    }

    /// What drills work with: what the world itself can break, and what AWS's calls can.
    pub(super) fn stage(
        &self,
        cloud: &Cloud,
        http: SharedHttpClient,
        clock: &Clock,
        own: Vec<Arc<dyn Switchboard>>,
    ) -> Stage {
        Stage {
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

    #[expect(clippy::too_many_arguments, reason = "the one place where all parts of a world meet")]
    pub(super) fn into_context(
        self,
        clock: Clock,
        cloud: Cloud,
        world: World,
        environment: Laid,
        changed: watch::Receiver<u64>,
        trouble: watch::Receiver<Option<Said>>,
        practice: Option<Practice>,
    ) -> Context {
        let Parts { lang, course, library, settings, store, progress, warnings, in_use, .. } = self;
        Context {
            lang,
            clock,
            cloud,
            course,
            library,
            settings,
            world,
            store,
            progress,
            warnings,
            in_use,
            environment,
            changed,
            stage: None,
            trouble,
            watched: None,
            practice,
            kept: Vec::new(),
        }
    }
}
