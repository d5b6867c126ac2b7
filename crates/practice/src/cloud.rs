//! `Practice`: one simulated AWS, shared by everything that talks to it in this process. It locks
//! the world for each request, has it written down first (`saving`), and tells when something changed.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, StatusCode, header};
use thiserror::Error;
use tokio::sync::{Notify, watch};
use tokio::time::MissedTickBehavior;

use super::call::{AwsError, Caller, Reply, RequestId, Service};
use super::clients::{Client, Clients};
use super::control::Fault;
use super::dataplane::writes::Write;
use super::error::{Notice, PracticeError, Trouble};
use super::execute::Work;
use super::faults::Turn;
use super::journal::{Entry, Grown, Journal};
use super::keys::Keys;
use super::operation::{Effect, Run};
use super::programs::Programs;
use super::route::{self, NoRoute, Parts, Route, Target};
use super::saving::Wanted;
use super::scenario::Scenario;
use super::signature::Seal;
use super::wire::{Protocol, errors};
use super::workload::Workload;
use super::world::World;
use super::{control, execute, time};
use ground::clock::{Clock, Moment};
use ground::disk::{self, Disk};

/// How a world is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the world is saved; in memory only if unset.
    pub folder: Option<PathBuf>,
    /// What every seeded choice follows from; a saved world keeps its own.
    pub seed: u64,
    /// Lags, durations and faults; a saved world keeps its own.
    pub scenario: Scenario,
    /// Practice time. It is set to the last moment of a saved world.
    pub clock: Clock,
    /// What runs where the learner's stacks install it; nothing if unset. It is no part of what is saved.
    pub workload: Option<Arc<dyn Workload>>,
}

/// A change that was refused because the world cannot be saved at present (`Practice::trouble` says why).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the practice world cannot be saved at present, and nothing was changed")]
pub struct NotSaved;

/// One simulated AWS. Clones are the same world.
#[derive(Clone, Debug)]
pub struct Practice {
    pub(super) inner: Arc<Inner>,
}

/// A world that may be gone.
#[derive(Clone, Debug)]
pub(super) struct WeakPractice(Weak<Inner>);

impl WeakPractice {
    /// The world, if it is still there.
    pub fn upgrade(&self) -> Option<Practice> {
        self.0.upgrade().map(|inner| Practice { inner })
    }
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) world: Mutex<World>,
    pub(super) journal: Option<Journal>,
    pub(super) clock: Clock,
    seal: Seal,
    pub(super) changed: watch::Sender<u64>,
    pub(super) trouble: watch::Sender<Option<Trouble>>,
    notices: Vec<Notice>,
    requests: AtomicU64,
    driven: AtomicBool,
    /// The moment the driver sleeps until, in milliseconds; `u64::MAX` when nothing is due.
    awaited: AtomicU64,
    /// Wakes the driver when something is due before that moment.
    sooner: Notify,
    /// The thread that folds the journal, or did last.
    pub(super) folding: Mutex<Option<JoinHandle<()>>>,
    /// Wakes the thread that syncs what is written.
    pub(super) wanted: Arc<Wanted>,
    programs: Programs,
    clients: Clients,
}

impl Practice {
    /// Opens a world: the saved one of the folder, else a fresh one. A folder that cannot be written
    /// is no error: the world goes on in memory and `trouble` says so.
    ///
    /// # Errors
    /// `InUse` when another process has the folder, `Newer` when a newer Espera wrote into it, `Unreadable`
    /// and `Outlasted` when what is there cannot be read or carried out, `Chance` when no keys could be
    /// drawn. Nothing is changed then.
    pub fn open(options: Options) -> Result<Practice, PracticeError> {
        Practice::open_on(disk::real(), options)
    }

    /// As `open`, on a disk of its own: for tests that make it fail.
    ///
    /// # Errors
    /// As `open`.
    pub fn open_on(disk: Arc<dyn Disk>, options: Options) -> Result<Practice, PracticeError> {
        let Options { folder, seed, scenario, clock, workload } = options;
        let fresh = || World::new(seed, scenario, clock.now());
        let (mut world, keys, journal, notices, trouble) = match folder {
            None => (fresh(), Keys::random().map_err(PracticeError::Chance)?, None, Vec::new(), None),
            Some(folder) => {
                let mut opened = Journal::open(&disk, &folder, fresh)?;
                let kept = Keys::keep(&*disk, &folder, opened.keyed).map_err(PracticeError::Chance)?;
                if let (Some(journal), Some(file)) = (&opened.journal, kept.unsynced) {
                    journal.syncs_too(file);
                }
                if let Some(file) = kept.renewed {
                    opened.notices.extend(kept.aside.map(|to| Notice::damaged(&file, to)));
                    opened.notices.push(Notice::NewKeys { file });
                }
                if opened.resumed {
                    clock.set_to(opened.world.now.max(opened.shown));
                }
                (opened.world, kept.keys, opened.journal, opened.notices, opened.trouble)
            }
        };
        world.keys = Some(keys.clone());
        let inner = Inner {
            // Ids of requests go on from the moment, so that a resumed world does not repeat them.
            requests: AtomicU64::new(seed ^ world.now.0.rotate_left(20)),
            world: Mutex::new(world),
            journal,
            clock,
            seal: Seal::new(keys),
            changed: watch::Sender::new(0),
            trouble: watch::Sender::new(trouble),
            notices,
            driven: AtomicBool::new(false),
            awaited: AtomicU64::new(u64::MAX),
            sooner: Notify::new(),
            folding: Mutex::new(None),
            wanted: Arc::default(),
            programs: Programs::new(workload),
            clients: Clients::default(),
        };
        let practice = Practice { inner: Arc::new(inner) };
        practice.keep();
        Ok(practice)
    }

    /// The seed and the scenario this world was begun with, which a saved world keeps.
    #[must_use]
    pub fn begun_with(&self) -> (u64, Scenario) {
        let world = self.inner.lock();
        (world.seed, world.scenario.clone())
    }

    /// Answers one request as AWS would, at the present moment of practice time.
    #[must_use]
    pub fn answer(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        let parts = Parts {
            method: request.method(),
            host: super::hosts::host_of(&request),
            path: request.uri().path(),
            query: request.uri().query().unwrap_or_default(),
            headers: request.headers(),
            body: request.body(),
        };
        let id = self.next_id();
        let reply = match route::route(parts.host, parts.path, parts.query, parts.headers) {
            Ok(route) => self.execute(route, parts, id),
            Err(no_route) => refuse(&no_route, parts, id),
        };
        response(reply, parts.method)
    }

    /// The answer to a request whose body did not come in time, in the words of the service it is for.
    pub(super) fn refuse_late(&self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        const WORDS: &str = "Your socket connection to the server was not read from or written to within the \
                             timeout period. Idle connections will be closed.";
        self.refuse_as(request, |service| match service {
            Some(Service::S3) => AwsError::with_status(400, "RequestTimeout", WORDS),
            _ => AwsError::with_status(408, "RequestTimeout", WORDS),
        })
    }

    /// The answer to a request whose body there is no room for.
    pub(super) fn refuse_crowd(&self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        self.refuse_as(request, |service| match service {
            Some(Service::S3) => AwsError::with_status(503, "SlowDown", "Please reduce your request rate."),
            _ => AwsError::with_status(503, "ServiceUnavailable", "Service is temporarily unavailable."),
        })
    }

    /// An error in the protocol of the service a request is for.
    fn refuse_as(
        &self,
        request: &http::Request<Bytes>,
        error: impl FnOnce(Option<Service>) -> AwsError,
    ) -> http::Response<Bytes> {
        let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
        let found = route::route(super::hosts::host_of(request), path, query, request.headers()).ok();
        let service = match found.map(|route| route.target) {
            Some(Target::Service(service)) => Some(service),
            _ => None,
        };
        let protocol = service.map_or(Protocol::Query, |service| route::protocol(service, request.headers()));
        let reply = errors::reply(&error(service), protocol, service, path, self.next_id());
        response(reply, request.method())
    }

    /// The id of the next request.
    pub(super) fn next_id(&self) -> RequestId {
        RequestId(self.inner.requests.fetch_add(1, Ordering::Relaxed))
    }

    fn execute(&self, to: Route<'_>, parts: Parts<'_>, id: RequestId) -> Reply {
        match to.target {
            Target::Control if *parts.method == Method::GET && parts.path == control::CLOCK => {
                let reply = control::clock(&self.inner.clock);
                self.inner.shows(self.inner.clock.now());
                reply
            }
            Target::Control if *parts.method == Method::GET && parts.path == control::CLIENTS => {
                self.inner.clients.reply()
            }
            _ => self.on_world(execute::work(to, parts, id), to, parts, id),
        }
    }

    /// Carries a request out; refuses it when it would change something and cannot be written down.
    fn on_world(&self, work: Work<'_>, to: Route<'_>, parts: Parts<'_>, id: RequestId) -> Reply {
        let inner = &*self.inner;
        let effect = work.effect();
        // Made before the world is locked: a long body takes a while.
        let mut entry = (effect == Effect::Changes && inner.journal.is_some())
            .then(|| Entry::request(id, (to.target, to.region, to.caller), parts));
        let mut world = inner.lock();
        let now = inner.clock.now().max(world.now);
        let stirred = time::next_due(&world).is_some_and(|due| due <= now);
        let (now, grown) = match (inner.write_down(&world, entry.as_mut(), now, stirred), &work) {
            (Ok(grown), _) => (now, grown),
            // What cannot be written down does not happen: time stands still for those who look.
            (Err(_), Run::Reads(_)) => (world.now, Grown::Fine),
            (Err(_), Run::Changes(deed)) => return deed.refusal(),
        };
        let reply = execute::carry_out(&mut world, work, now);
        inner.carried_out();
        if effect == Effect::Changes
            && time::next_due(&world).is_some_and(|due| due.0 < inner.awaited.load(Ordering::Relaxed))
        {
            inner.sooner.notify_one();
        }
        drop(world);
        inner.note_carried_out();
        if grown == Grown::Long {
            self.fold_beside();
        }
        if effect == Effect::Changes || stirred {
            inner.changed.send_modify(|n| *n += 1);
        }
        reply
    }

    /// A number that grows whenever something changed: by a request, or by time passing.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changed.subscribe()
    }

    /// Why the world is not being saved at present, if it is not.
    #[must_use]
    pub fn trouble(&self) -> watch::Receiver<Option<Trouble>> {
        self.inner.trouble.subscribe()
    }

    /// What was found on opening that the person should know.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.inner.notices
    }

    /// The keys that clients of this world sign with.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        self.inner.seal.keys()
    }

    /// What holds signatures against them.
    pub(super) fn seal(&self) -> &Seal {
        &self.inner.seal
    }

    /// The clock of this world.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Breaks a Region: everything in it answers 503 until it is mended.
    pub fn break_region(&self, region: &str) {
        self.control(&Method::POST, &control::break_path(region));
    }

    /// Mends a broken Region.
    pub fn mend_region(&self, region: &str) {
        self.control(&Method::POST, &control::mend_path(region));
    }

    /// Sets a fault in the Region it is usual in, or takes it back. Journaled like any other request.
    ///
    /// # Errors
    /// When the world cannot be saved at present: nothing was changed.
    pub fn turn_fault(&self, fault: Fault, turn: Turn) -> Result<(), NotSaved> {
        let method = match turn {
            Turn::Break => Method::POST,
            Turn::Mend => Method::DELETE,
        };
        let reply = self.control(&method, &control::fault_path(fault));
        if reply.status == StatusCode::SERVICE_UNAVAILABLE { Err(NotSaved) } else { Ok(()) }
    }

    /// Carries out a control request.
    pub(super) fn control(&self, method: &Method, path: &str) -> Reply {
        self.order(Target::Control, method, path, &Bytes::new(), self.next_id())
    }

    /// Carries out a write at one of the world's clusters, as the request with this id.
    pub(super) fn write(&self, write: &Write, id: RequestId) -> Reply {
        let body = serde_json::to_vec(write).unwrap_or_default().into();
        self.order(Target::Aurora, &Method::POST, "/", &body, id)
    }

    /// A request of this world's own.
    fn order(&self, target: Target, method: &Method, path: &str, body: &Bytes, id: RequestId) -> Reply {
        let headers = http::HeaderMap::new();
        let parts = Parts { method, host: "localhost", path, query: "", headers: &headers, body };
        let to = Route { target, region: "", caller: Caller::Account };
        self.execute(to, parts, id)
    }

    /// The programs that run in this world.
    pub(super) fn programs(&self) -> &Programs {
        &self.inner.programs
    }

    /// Remembers a client that was answered. What looks at the world is told of another than before.
    pub(super) fn remember_client(&self, client: Client) {
        if self.inner.clients.remember(client) {
            self.inner.changed.send_modify(|n| *n += 1);
        }
    }

    /// This world for those who must not keep it alive: what it holds itself.
    pub(super) fn downgrade(&self) -> WeakPractice {
        WeakPractice(Arc::downgrade(&self.inner))
    }

    /// Looks at the world, at the present moment of practice time.
    pub fn inspect<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        let mut world = self.inner.lock();
        let now = self.inner.clock.now().max(world.now);
        let stirred = time::next_due(&world).is_some_and(|due| due <= now);
        let written = self.inner.write_down(&world, None, now, stirred);
        if written.is_ok() {
            execute::advance(&mut world, now);
            self.inner.carried_out();
        }
        let seen = look(&world);
        drop(world);
        self.inner.note_carried_out();
        if written == Ok(Grown::Long) {
            self.fold_beside();
        }
        if stirred {
            self.inner.changed.send_modify(|n| *n += 1);
        }
        seen
    }

    /// Lets things happen at their moments though nobody asks, and keeps the saved time fresh while
    /// something is under way. Runs until it is dropped; only the first of several does anything.
    pub async fn drive(&self) {
        if self.inner.driven.swap(true, Ordering::AcqRel) {
            return std::future::pending().await;
        }
        let _driving = Driving(&self.inner);
        let mut beat = tokio::time::interval(Duration::from_secs(1));
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let Some(due) = self.next() else {
                self.inner.sooner.notified().await;
                continue;
            };
            tokio::select! {
                () = self.inner.clock.sleep_until(due) => {
                    if self.pass_time().is_err() {
                        // Time stands still until something can be written again.
                        beat.tick().await;
                    }
                }
                () = self.inner.sooner.notified() => {}
                _ = beat.tick() => self.heartbeat(),
            }
        }
    }

    /// The moment something is due next, for the driver, which is then woken if it comes sooner.
    fn next(&self) -> Option<Moment> {
        let world = self.inner.lock();
        let due = time::next_due(&world);
        // Stored while the world is locked, so that no request can slip in between.
        self.inner.awaited.store(due.map_or(u64::MAX, |due| due.0), Ordering::Relaxed);
        due
    }

    fn pass_time(&self) -> Result<(), Trouble> {
        let mut world = self.inner.lock();
        let now = self.inner.clock.now().max(world.now);
        // What has come to its end must not be on its way again after a kill.
        let grown = self.inner.write_down(&world, None, now, true)?;
        execute::advance(&mut world, now);
        self.inner.carried_out();
        drop(world);
        self.inner.note_carried_out();
        if grown == Grown::Long {
            self.fold_beside();
        }
        self.inner.changed.send_modify(|n| *n += 1);
        Ok(())
    }

    fn heartbeat(&self) {
        let world = self.inner.lock();
        let now = self.inner.clock.now().max(world.now);
        let _ = self.inner.write_down(&world, None, now, true);
        self.inner.carried_out();
        drop(world);
        self.inner.note_carried_out();
    }
}

impl Inner {
    pub(super) fn lock(&self) -> MutexGuard<'_, World> {
        // Panics of services are caught inside; the world is as good as it was.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.wanted.end();
    }
}

struct Driving<'a>(&'a Inner);

impl Drop for Driving<'_> {
    fn drop(&mut self) {
        self.0.driven.store(false, Ordering::Release);
    }
}

/// The error of a request that no service can be found for, in the protocol it seems to be written in.
fn refuse(why: &NoRoute, parts: Parts<'_>, id: RequestId) -> Reply {
    let target = parts.headers.contains_key("x-amz-target");
    let protocol = if target { Protocol::Json11 } else { Protocol::Query };
    let error = match why {
        NoRoute::Unsigned if target => {
            AwsError::new("MissingAuthenticationTokenException", "Request is missing Authentication Token")
        }
        NoRoute::Unsigned => AwsError::with_status(
            403,
            "MissingAuthenticationToken",
            "Request is missing Authentication Token",
        ),
        NoRoute::Unknown(service) => AwsError::with_status(
            501,
            "NotImplemented",
            format!(
                "Practice AWS has no service `{service}`. It has cloudformation, cloudfront, dynamodb, ec2, \
                 monitoring, rds, s3, secretsmanager, ssm and sts."
            ),
        ),
    };
    errors::reply(&error, protocol, None, parts.path, id)
}

/// An answer as it goes over the wire.
pub(super) fn response(reply: Reply, method: &Method) -> http::Response<Bytes> {
    let mut response = http::Response::new(reply.body);
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    if *method == Method::HEAD {
        let length = response.body().len();
        response.headers_mut().entry(header::CONTENT_LENGTH).or_insert_with(|| length.into());
        *response.body_mut() = Bytes::new();
    }
    response
}
