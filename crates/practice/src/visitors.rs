//! The way in for everybody who is not an AWS client: visitors at the edge, callers of an API, a drill's
//! probes. It takes the time that such requests take, in practice time.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Uri, header};
use thiserror::Error;
use tower::ServiceExt as _;

use super::Practice;
use super::call::{Reply, RequestId};
use super::cloud::response;
use super::dataplane::edge::{Answer, Asked, Visit};
use super::dataplane::gateway::{self, Passage};
use super::dataplane::loopback;
use super::dataplane::sites;
use super::hosts::{Door, door};
use super::site::Site;
use super::workload::Surroundings;
use super::world::World;
use ground::clock::Speed;
use ground::seed;

/// Why a request got no answer. A Region that takes connections and says nothing is neither: its
/// answer never comes, and the caller's own patience decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unreached {
    /// Nothing listens there, or the name leads nowhere.
    #[error("the connection was refused; check that what should answer is running")]
    Refused,
    /// The connection was closed in the middle.
    #[error("the connection was closed before the answer; try again")]
    Reset,
}

impl Practice {
    /// Answers one request to any host of this world: services as AWS does, and the learner's own system
    /// (edge, API, instance, function) after the time that takes.
    ///
    /// # Errors
    /// `Unreached` when nothing answers there.
    pub async fn reach(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Unreached> {
        match door(super::hosts::host_of(&request)) {
            None => Ok(self.answer(request)),
            // Boxed, so that a request to a service does not carry its weight.
            Some(_) => Box::pin(self.enter(request)).await,
        }
    }

    async fn enter(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Unreached> {
        let id = self.next_id();
        let method = request.method().clone();
        let host = super::hosts::host_of(&request).to_owned();
        let runs = |site: &Site| self.programs().runs_at(site);
        let reply = match door(&host) {
            Some(Door::Edge) => self.visit(request, &host, id).await,
            Some(Door::Api { id: api, region }) => self.through_api(request, (api, region), id).await?,
            Some(Door::Instance { id: instance, region }) => {
                let find = |world: &World| sites::on_instance(world, region, instance).filter(runs);
                self.directly(request, region, find, id).await?
            }
            Some(Door::Function { name, region }) => {
                let find = |world: &World| sites::in_function(world, region, name).filter(runs);
                self.directly(request, region, find, id).await?
            }
            None => return Ok(self.answer(request)),
        };
        Ok(response(reply, &method))
    }

    /// A viewer's request through the edge.
    async fn visit(&self, request: Request<Bytes>, host: &str, id: RequestId) -> Reply {
        self.latency(|lag| lag.edge_ms, id).await;
        let path = request.uri().path();
        let begun = self.inspect(|world| Visit::begin(world, host, request.method(), path, id));
        let mut visit = match begun {
            Ok(visit) => visit,
            Err(reply) => return *reply,
        };
        while let Some(origin) = visit.origin() {
            let answer = match self.inspect(|world| visit.ask(world)) {
                Asked::Bucket(reply) => Answer::Answered(reply),
                Asked::Silent => {
                    self.clock().sleep(visit.patience(origin)).await;
                    Answer::Unreachable(504)
                }
                Asked::Server => self.ask_server(&visit, &request).await,
            };
            visit.took(answer);
        }
        let mut reply = visit.reply();
        loopback::localize(&mut reply, request.headers(), path);
        reply
    }

    /// Asks a web server that is an origin, as long as the distribution says.
    async fn ask_server(&self, visit: &Visit, viewer: &Request<Bytes>) -> Answer {
        let Some(origin) = visit.origin() else { return Answer::Unreachable(502) };
        let query = viewer.uri().query().map(|q| format!("?{q}")).unwrap_or_default();
        let mut request = Request::builder()
            .method(visit.method())
            .uri(format!("{}{query}", visit.path_at(origin)))
            .header(header::HOST, &origin.domain);
        for (name, value) in viewer.headers().iter().filter(|(name, _)| **name != header::HOST) {
            request = request.header(name, value);
        }
        let Ok(request) = request.body(viewer.body().clone()) else { return Answer::Unreachable(502) };
        if door(&origin.domain).is_none_or(|door| door == Door::Edge) {
            return Answer::Unreachable(502);
        }
        tokio::select! {
            answer = Box::pin(self.enter(request)) => match answer {
                Ok(response) => {
                    let (head, body) = response.into_parts();
                    Answer::Answered(Reply { status: head.status, headers: head.headers, body })
                }
                Err(_) => Answer::Unreachable(503),
            },
            () = self.clock().sleep(visit.patience(origin)) => Answer::Unreachable(504),
        }
    }

    /// A request to an API: its routes, then what stands behind the one that takes it.
    async fn through_api(
        &self,
        request: Request<Bytes>,
        api: (&str, &str),
        id: RequestId,
    ) -> Result<Reply, Unreached> {
        let pass = |world: &World| {
            let (method, path) = (request.method(), request.uri().path());
            gateway::passage(
                world,
                &|site| self.programs().runs_at(site),
                api,
                method,
                path,
                request.headers(),
            )
        };
        let item = matches!(self.inspect(pass), Passage::Through { site: Site::Function { .. }, .. });
        self.latency(|lag| lag.api_ms + if item { lag.item_ms } else { 0 }, id).await;
        // What was so when it set out need not be so when it arrives.
        let (site, cors) = match self.inspect(pass) {
            Passage::Nowhere => return Err(Unreached::Refused),
            Passage::Silent => return std::future::pending().await,
            Passage::Own(reply) => return Ok(reply.with("apigw-requestid", id.to_string())),
            Passage::Through { site, cors } => (site, cors),
        };
        let mut reply = self.run(&site, request).await;
        self.unless_silent(api.1).await;
        reply.headers.extend(cors);
        Ok(reply.with("apigw-requestid", id.to_string()))
    }

    /// A request to an instance or a function without an API before it.
    async fn directly(
        &self,
        request: Request<Bytes>,
        region: &str,
        find: impl Fn(&World) -> Option<Site>,
        id: RequestId,
    ) -> Result<Reply, Unreached> {
        self.unless_silent(region).await;
        let site = self.inspect(&find).ok_or(Unreached::Refused)?;
        if matches!(site, Site::Function { .. }) {
            self.latency(|lag| lag.item_ms, id).await;
        }
        let reply = self.run(&site, request).await;
        self.unless_silent(region).await;
        // It was stopped while it worked.
        self.inspect(&find).ok_or(Unreached::Reset)?;
        Ok(reply)
    }

    /// Goes on unless the Region has fallen silent: then nothing ever comes.
    async fn unless_silent(&self, region: &str) {
        if self.inspect(|world| world.faults.broken_since(region).is_some()) {
            std::future::pending().await
        }
    }

    /// Hands a request to the program that runs there.
    async fn run(&self, site: &Site, request: Request<Bytes>) -> Reply {
        let (mut head, body) = request.into_parts();
        let path = head.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        head.uri = Uri::try_from(path).unwrap_or_default();
        let request = Request::from_parts(head, body);
        // The SDK works for a while, which must not take practice time. Writes of an instance's program wait in
        // practice time, so that one does not hold the clock.
        let hold = matches!(site, Site::Function { .. }).then(|| self.clock().hold());
        let reply = match self.programs().at(site, || self.surroundings(site)) {
            Some(program) => {
                let Ok(response) = program.oneshot(request).await;
                let (head, body) = response.into_parts();
                Reply { status: head.status, headers: head.headers, body }
            }
            None => Reply::empty(502),
        };
        drop(hold);
        reply
    }

    /// What a program finds at a site.
    fn surroundings(&self, site: &Site) -> Surroundings {
        let cluster = match site {
            Site::Instance { cluster, .. } => cluster.as_deref(),
            Site::Function { .. } => None,
        };
        Surroundings { http: self.resident_client(), cluster: cluster.map(|arn| self.connect(arn)) }
    }

    /// Waits as long as a request of this kind takes, around the scenario's mean.
    async fn latency(&self, mean: impl Fn(&super::scenario::Lag) -> u64, id: RequestId) {
        let (mean, seed) =
            self.inspect(|world| (Duration::from_millis(mean(&world.scenario.lag)), world.seed));
        self.pass(seed::spread(seed::hash(seed ^ id.0, &["latency"]), mean)).await;
    }

    /// Lets a short time pass, if the clock moves by itself and can tell so short a time: a timer of a
    /// fast clock would make much more of it. A clock that stands does not keep anyone waiting.
    pub(super) async fn pass(&self, time: Duration) {
        let clock = self.clock();
        let tells = match clock.speed() {
            Some(Speed::Max) => true,
            Some(Speed::Times(times)) => time >= Duration::from_millis(1).mul_f64(times),
            None => false,
        };
        if tells && !clock.is_paused() {
            clock.sleep(time).await;
        }
    }
}
