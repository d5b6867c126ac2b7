//! Picks the world and wires everything to it: the clock, the cloud, the saved progress.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use tokio::sync::watch;

use super::follow::follow;
use super::hands::OwnAws;
use super::options::{GlobalOptions, WorldChoice};
use super::program::{self, ProgramError};
use super::{kept, kit};
use crate::app::{Pace, Watched, World};
use crate::clock::{Clock, Moment, Speed};
use crate::cloud::{Access, Cloud, Settings, Switchboard};
use crate::course::{Course, CourseError};
use crate::disk::{private_folder, write_private};
use crate::drill::Stage;
use crate::guest::Unishop;
use crate::lang::{Lang, Said};
use crate::lessons::Library;
use crate::practice::keys::Keys;
use crate::practice::scenario::Scenario;
use crate::practice::{self, Gate, Practice};
use crate::progress::{Opened, Progress, ProgressError, Store};
use crate::runtime::{Environment, Laid};
use crate::tr;

/// The seed of a new world when none is asked for: everyone then sees the same.
pub(super) const DEFAULT_SEED: u64 = 4;

/// The folder of the practice world within a state folder.
pub(super) const WORLD: &str = "world";
/// Where nothing can listen: the address of a world that has told none.
const NOWHERE: &str = "http://127.0.0.1:0";

/// The scenarios that come along.
const SCENARIOS: [(&str, &str); 3] = [
    ("default", include_str!("../../assets/scenarios/default.toml")),
    ("slow-replication", include_str!("../../assets/scenarios/slow-replication.toml")),
    ("region-lost", include_str!("../../assets/scenarios/region-lost.toml")),
];

/// Why the workshop cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No folder to keep anything in.
    #[error(transparent)]
    Home(#[from] etcetera::HomeDirError),
    /// The practice world cannot be opened.
    #[error(transparent)]
    Practice(#[from] practice::PracticeError),
    /// The scenario cannot be read.
    #[error(transparent)]
    Scenario(#[from] practice::scenario::ScenarioError),
    /// There is no such scenario.
    #[error("{0}")]
    NoScenario(String),
    /// The course that comes along is broken.
    #[error(transparent)]
    Course(#[from] CourseError),
    /// The lessons cannot be read.
    #[error("{0}")]
    Lessons(String),
    /// Progress comes from a newer Espera.
    #[error(transparent)]
    Progress(#[from] ProgressError),
    /// The loopback port cannot be had, or the system's runtime.
    #[error(transparent)]
    System(#[from] std::io::Error),
    /// The shop's program cannot be taken.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The AWS account cannot be reached.
    #[error("{0}")]
    Aws(String),
    /// What is kept is about another account.
    #[error("{folder}: {kept} is not {now}")]
    OtherAccount {
        /// The state folder.
        folder: PathBuf,
        /// The account it is about.
        kept: String,
        /// The account the credentials are of.
        now: String,
    },
}

impl StartError {
    /// What happened and what to do, for a person.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            StartError::Home(_) => tr!(
                lang,
                "No encuentro tu carpeta personal. Di con --state-dir dónde guardar el progreso.",
                "Your home folder cannot be found. Say with --state-dir where to keep progress."
            ),
            StartError::Practice(error) => error.text(lang),
            StartError::Scenario(error) => error.text(lang),
            StartError::NoScenario(name) => tr!(
                lang,
                "No hay escenario «{name}»: ni uno incluido (default, slow-replication, region-lost) ni un fichero que se pueda leer.",
                "There is no scenario \"{name}\": neither one that comes along (default, slow-replication, region-lost) nor a file that can be read."
            ),
            StartError::Progress(error) => error.text(lang),
            StartError::System(error) => {
                tr!(lang, "El sistema no lo permite: {error}", "The system refuses: {error}")
            }
            StartError::Program(ProgramError::Foreign) => tr!(
                lang,
                "El fichero de --unishop no es un programa ELF de 64 bits para ARM. Constrúyelo con `cargo zigbuild --release --bin unishop --target aarch64-unknown-linux-gnu.2.34`.",
                "The file of --unishop is no 64-bit ELF program for ARM. Build it with `cargo zigbuild --release --bin unishop --target aarch64-unknown-linux-gnu.2.34`."
            ),
            StartError::Program(ProgramError::Read(error)) => {
                tr!(
                    lang,
                    "No se puede leer el fichero de --unishop: {error}",
                    "The file of --unishop cannot be read: {error}"
                )
            }
            StartError::OtherAccount { folder, kept, now } => {
                let folder = folder.display();
                tr!(
                    lang,
                    "{folder} guarda lo hecho en {kept}, y tus credenciales son de {now}: no se sigue. Usa las credenciales de aquella cuenta, u otra carpeta con --state-dir.",
                    "{folder} keeps what was done in {kept}, and your credentials are of {now}: this goes no further. Use that account's credentials, or another folder with --state-dir."
                )
            }
            StartError::Course(_) | StartError::Lessons(_) | StartError::Aws(_) => self.to_string(),
        }
    }
}

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

    /// Wires the world the options ask for. Call it within a tokio runtime.
    ///
    /// # Errors
    /// When the world cannot be opened; a state folder that cannot be used is a warning only.
    pub async fn open(options: &GlobalOptions, loopback: Loopback) -> Result<Context, StartError> {
        match options.world {
            WorldChoice::Practice => {
                let parts = Parts::load(options, options.practice_folder()?)?;
                Context::practice(options, parts, loopback).await
            }
            WorldChoice::Aws => Context::aws(options).await,
        }
    }

    async fn practice(
        options: &GlobalOptions,
        mut parts: Parts,
        loopback: Loopback,
    ) -> Result<Context, StartError> {
        if parts.in_use {
            return Context::watching(parts).await;
        }
        let clock = Clock::practice(Moment::from(SystemTime::now()), options.speed.unwrap_or_default());
        clock.stand_while_stopped();
        let asked = scenario(options)?;
        let practice = Practice::open(practice::Options {
            // A folder that cannot be used has been warned of; the world then lives in memory.
            folder: parts.store.as_ref().map(|s| s.folder().join(WORLD)),
            seed: options.seed.unwrap_or(DEFAULT_SEED),
            scenario: asked.clone(),
            clock: clock.clone(),
            workload: Some(Arc::new(Unishop)),
        })?;
        if let Some(store) = &mut parts.store {
            store.follow(practice.settler());
        }
        parts.warnings.extend(kept::notice(options, &asked, &practice));
        parts.warnings.extend(practice.notices().iter().map(|n| Said::with(|l| n.text(l))));
        let server = match loopback {
            Loopback::Open => match practice.serve(0) {
                Ok(server) => Some(server),
                Err(error) => {
                    parts.warnings.push(Said::with(|l| error.text(l)));
                    None
                }
            },
            Loopback::Closed => None,
        };
        let endpoint = server.as_ref().map(practice::Server::url);
        let proxy = server.as_ref().and_then(|server| {
            match practice.proxy(Some(server.address()), Gate::default()) {
                Ok(proxy) => Some(proxy),
                Err(error) => {
                    parts.warnings.push(Said::with(|l| error.text(l)));
                    None
                }
            }
        });
        let driven = practice.clone();
        tokio::spawn(async move { driven.drive().await });
        if let (Some(store), Some(endpoint)) = (&parts.store, &endpoint) {
            // Where a second Espera finds this world; without it, it only cannot watch.
            let _ = write_private(&store.folder().join("endpoint"), endpoint.as_bytes());
        }
        let cloud =
            Cloud::new(Access::fixed(practice.http_client(), credentials(practice.keys()), clock.clone()));
        let environment = match &server {
            Some(server) => {
                let ways = kit::Ways::new(server, proxy.as_ref(), practice.keys());
                let (folder, options) = (parts.folder.clone(), options.clone());
                let (kept, settings) = (parts.store.is_some(), Settings::clone(&parts.settings));
                Laid::begin(move || {
                    let templates = kept.then(|| write_templates(&folder, &settings).ok()).flatten();
                    kit::practice(&folder, templates.as_deref(), &ways, &options)
                })
            }
            None => {
                let _ = parts.templates();
                Environment::default().into()
            }
        };
        parts.hands(OwnAws {
            // A world that nobody else reaches has no use for a client from outside.
            aws: server.as_ref().and_then(|_| Environment::own_aws(std::env::var_os("PATH").as_deref())),
            environment: environment.clone(),
            practice: Some(practice.clone()),
            clock: clock.clone(),
        });
        let world =
            World::Practice { speed: clock.speed().unwrap_or_default(), pace: Pace::Running, endpoint };
        let (sender, trouble) = watch::channel(None);
        forward_trouble(practice.trouble(), sender);
        let changed = practice.changed();
        let own: Arc<dyn Switchboard> = Arc::new(practice.switchboard());
        let stage = parts.stage(&cloud, practice.http_client(), &clock, vec![own]);
        let mut context =
            parts.into_context(clock, cloud, world, environment, changed, trouble, Some(practice));
        context.stage = Some(stage);
        context.kept = vec![Box::new(server), Box::new(proxy)];
        Ok(context)
    }

    /// Looks on at the world of the Espera that holds this state.
    async fn watching(mut parts: Parts) -> Result<Context, StartError> {
        let endpoint =
            std::fs::read_to_string(parts.folder.join("endpoint")).ok().filter(|url| !url.is_empty());
        let clock = Clock::practice(Moment::from(SystemTime::now()), Speed::Times(1.0));
        let address = endpoint.clone().unwrap_or_else(|| NOWHERE.to_owned());
        let keys = match Keys::of(&parts.folder.join(WORLD)) {
            Some(keys) => keys,
            None => {
                let folder = parts.folder.join(WORLD).display().to_string();
                parts.warnings.push(Said::with(|l| {
                    tr!(
                        l,
                        "Aquí no se pueden leer las claves de ese mundo de práctica ({folder}): sin ellas no contesta. Ábrelo con el usuario que lo tiene abierto.",
                        "The keys of that practice world cannot be read here ({folder}): it does not answer without them. Open it as the user who has it open."
                    )
                }));
                Keys::random()?
            }
        };
        let access = Access::endpoint(address, credentials(&keys), clock.clone());
        let cloud = Cloud::new(access);
        let watched = follow(cloud.clone(), clock.clone()).await;
        let (speed, pace) = match *watched.borrow() {
            Watched::Going(speed, pace) => (speed, pace),
            Watched::Silent => (clock.speed().unwrap_or_default(), Pace::Running),
        };
        let record =
            kit::Record::read(&parts.folder).filter(|record| endpoint.as_ref() == Some(&record.endpoint));
        let environment = record.map(|record| record.environment).unwrap_or_default().into();
        let world = World::Practice { speed, pace, endpoint };
        let (keep_changed, changed) = watch::channel(0);
        let (keep_trouble, trouble) = watch::channel(None);
        let mut context = parts.into_context(clock, cloud, world, environment, changed, trouble, None);
        context.watched = Some(watched);
        context.kept = vec![Box::new(keep_changed), Box::new(keep_trouble)];
        Ok(context)
    }
}

/// What does not depend on the world.
pub(super) struct Parts {
    pub(super) lang: Lang,
    pub(super) folder: PathBuf,
    course: Arc<Course>,
    library: Arc<Library>,
    settings: Arc<Settings>,
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

/// The files that come with the program, byte for byte.
pub(super) fn settings(program: Vec<u8>) -> Settings {
    let page = |key: &str, text: &str| (key.to_owned(), text.as_bytes().to_vec());
    Settings {
        unishop: include_str!("../../assets/templates/unishop.yaml").to_owned(),
        edge: include_str!("../../assets/templates/edge.yaml").to_owned(),
        pages: BTreeMap::from([
            page("index.html", include_str!("../../assets/shop/index.html")),
            page("error.html", include_str!("../../assets/shop/error.html")),
            page("shop.css", include_str!("../../assets/shop/shop.css")),
            page("shop.js", include_str!("../../assets/shop/shop.js")),
            page("unicorns.svg", include_str!("../../assets/shop/unicorns.svg")),
        ]),
        program,
        hands: None,
    }
}

/// Folder of the shop's pages, beside the templates.
pub(super) const PAGES: &str = "pages";

/// Puts the templates and pages where the learner's shell finds them.
pub(super) fn write_templates(folder: &Path, settings: &Settings) -> std::io::Result<PathBuf> {
    let dir = folder.join("templates");
    private_folder(&dir)?;
    for (name, text) in [("unishop.yaml", &settings.unishop), ("edge.yaml", &settings.edge)] {
        let file = dir.join(name);
        if std::fs::read_to_string(&file).ok().as_ref() != Some(text) {
            write_private(&file, text.as_bytes())?;
        }
    }
    let pages = dir.join(PAGES);
    private_folder(&pages)?;
    for (key, bytes) in &settings.pages {
        write_private(&pages.join(key), bytes)?;
    }
    write_private(&dir.join(crate::cloud::names::PROGRAM), &settings.program)?;
    Ok(dir)
}

/// The most bytes of a scenario.
const SCENARIO: u64 = 1024 * 1024;

/// The scenario asked for: one that comes along, or a file.
pub(super) fn scenario(options: &GlobalOptions) -> Result<Scenario, StartError> {
    let Some(name) = &options.scenario else { return Ok(Scenario::default()) };
    match SCENARIOS.iter().find(|(known, _)| known == name) {
        Some((_, text)) => Ok(Scenario::parse(text)?),
        None => {
            // A pipe would be waited for and a device read for ever.
            let text = crate::reading::text(Path::new(name), SCENARIO)
                .map_err(|_| StartError::NoScenario(name.clone()))?;
            Ok(Scenario::parse(&text)?)
        }
    }
}

/// The world's own keys, as the SDK takes them.
pub(super) fn credentials(keys: &Keys) -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(Credentials::from_keys(keys.access_key(), keys.secret(), None))
}

fn forward_trouble(mut from: watch::Receiver<Option<practice::Trouble>>, to: watch::Sender<Option<Said>>) {
    tokio::spawn(async move {
        loop {
            let said = from.borrow_and_update().as_ref().map(|t| Said::with(|l| t.text(l)));
            if to.send(said).is_err() || from.changed().await.is_err() {
                // Kept alive by the receivers' side: a closed channel must not look like news.
                to.closed().await;
                return;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_that_comes_along_can_be_read() {
        for (name, _) in SCENARIOS {
            let options = GlobalOptions { scenario: Some(name.to_owned()), ..GlobalOptions::default() };
            assert!(scenario(&options).is_ok(), "{name}");
        }
        let options = GlobalOptions { scenario: Some("nowhere".to_owned()), ..GlobalOptions::default() };
        assert!(matches!(scenario(&options), Err(StartError::NoScenario(_))));
    }
}
