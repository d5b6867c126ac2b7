//! The edge: a viewer's request through a distribution's origins, as CloudFront carries it out. It
//! tries the members of an origin group in order, for each request anew, and only for GET, HEAD and
//! OPTIONS.

use std::collections::VecDeque;
use std::time::Duration;

use http::Method;

use crate::call::{AwsError, Reply, RequestId};
use crate::cloudfront::{Distribution, Origin};
use crate::route::Parts;
use crate::s3::{self, Reader};
use crate::world::World;
use ground::seed;

/// Names the origin that answered, for those who watch a failover.
const ORIGIN: &str = "x-espera-origin";

/// What an origin came to.
#[derive(Debug)]
pub(crate) enum Answer {
    /// It answered, with whatever status.
    Answered(Reply),
    /// It could not be reached; CloudFront's own error has this status: 503 for no connection, 504
    /// for no answer in time.
    Unreachable(u16),
}

impl Answer {
    fn status(&self) -> u16 {
        match self {
            Answer::Answered(reply) => reply.status.as_u16(),
            Answer::Unreachable(status) => *status,
        }
    }
}

/// What asking an origin leads to.
#[derive(Debug)]
pub(crate) enum Asked {
    /// A bucket answered.
    Bucket(Reply),
    /// It takes the connection and says nothing.
    Silent,
    /// It is a server, to be asked over the network.
    Server,
}

/// One viewer's request on its way through a distribution: which origin is next, and what came of
/// those before. Who drives it asks each origin (`ask`) and says what came of it (`took`).
#[derive(Debug)]
pub(crate) struct Visit {
    distribution: Distribution,
    method: Method,
    path: String,
    origins: VecDeque<Origin>,
    codes: Vec<u16>,
    last: Option<Reply>,
    /// The answer that an error page is being fetched in place of, and the page's status.
    instead_of: Option<(Reply, u16)>,
    id: RequestId,
}

impl Visit {
    /// Lets a viewer's request in.
    ///
    /// # Errors
    /// CloudFront's own answer: no such distribution, disabled, a method it does not allow.
    pub fn begin(
        world: &World,
        host: &str,
        method: &Method,
        path: &str,
        id: RequestId,
    ) -> Result<Visit, Box<Reply>> {
        let Some(distribution) = find(world, host) else {
            let text = "The distribution does not exist. Check its domain name.";
            return Err(Box::new(error(421, text, id)));
        };
        if !distribution.enabled {
            let text = "The distribution is disabled. Enable it to serve requests.";
            return Err(Box::new(error(403, text, id)));
        }
        let behavior = distribution.behavior(path);
        let may = match behavior.allowed_methods.as_slice() {
            [] => matches!(*method, Method::GET | Method::HEAD),
            listed => listed.iter().any(|one| one == method.as_str()),
        };
        if !may {
            let text = "This distribution is not configured to allow the HTTP request method that was used.";
            return Err(Box::new(error(403, text, id)));
        }
        let path = match path {
            "/" if !distribution.default_root_object.is_empty() => {
                format!("/{}", distribution.default_root_object.trim_start_matches('/'))
            }
            path => path.to_owned(),
        };
        let target = behavior.target.clone();
        let (origins, codes) = (VecDeque::new(), Vec::new());
        let method = method.clone();
        let mut visit =
            Visit { distribution, method, path, origins, codes, last: None, instead_of: None, id };
        visit.aim(&target);
        Ok(visit)
    }

    /// Sets out for an origin or a group of them.
    fn aim(&mut self, target: &str) {
        let (origins, codes) = self.distribution.route(target);
        let fails_over = matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS);
        // Only reading goes on to the second member.
        self.codes = if fails_over { codes.to_vec() } else { Vec::new() };
        self.origins = origins.into_iter().cloned().collect();
        self.last = None;
    }

    /// The origin to ask next; `None` when the answer is there.
    pub fn origin(&self) -> Option<&Origin> {
        self.origins.front()
    }

    /// The path to ask an origin for.
    pub fn path_at(&self, origin: &Origin) -> String {
        format!("{}{}", origin.path, self.path)
    }

    /// The method to ask with.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// How long an origin that takes the connection and says nothing is waited for. What only reads is
    /// tried again, as often as a connection is.
    pub fn patience(&self, origin: &Origin) -> Duration {
        let reads = matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS);
        let attempts = if reads { origin.connection_attempts.max(1) } else { 1 };
        origin.response_timeout * attempts
    }

    /// Asks the next origin, as far as that needs no network.
    pub fn ask(&self, world: &World) -> Asked {
        let Some(origin) = self.origin() else { return Asked::Silent };
        let Some(bucket) = bucket_of(&origin.domain) else { return Asked::Server };
        if world.s3.buckets.get(bucket).is_some_and(|b| world.faults.broken_since(&b.region).is_some()) {
            return Asked::Silent;
        }
        Asked::Bucket(self.in_bucket(world, origin, bucket))
    }

    fn in_bucket(&self, world: &World, origin: &Origin, bucket: &str) -> Reply {
        if !matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS) {
            let denied = AwsError::with_status(403, "AccessDenied", "Access Denied");
            return s3_error(&denied, &self.path, self.id);
        }
        let arn = format!("arn:aws:cloudfront::{}:distribution/{}", world.account, self.distribution.id);
        let reader = match origin.access_control {
            Some(_) => Reader::Distribution(&arn),
            None => Reader::Anonymous,
        };
        let full = self.path_at(origin);
        let key = percent_encoding::percent_decode_str(full.trim_start_matches('/')).decode_utf8_lossy();
        s3::read(&world.s3, &world.faults, (bucket, &key), &reader)
            .unwrap_or_else(|error| s3_error(&error, &self.path, self.id))
    }

    /// Takes what came of the origin asked: the next one is tried if this one's status says so.
    pub fn took(&mut self, answer: Answer) {
        let Some(origin) = self.origins.pop_front() else { return };
        if !self.codes.contains(&answer.status()) {
            self.origins.clear();
        }
        let reply = match answer {
            Answer::Answered(reply) => reply,
            Answer::Unreachable(504) => error(
                504,
                "CloudFront attempted to establish a connection with the origin, but the attempt timed out.",
                self.id,
            ),
            Answer::Unreachable(status) => {
                error(status, "CloudFront wasn't able to connect to the origin.", self.id)
            }
        };
        let reply = reply.with(ORIGIN, &origin.id);
        if self.origins.is_empty() {
            self.close(reply);
        } else {
            self.last = Some(reply);
        }
    }

    /// All origins are done: that is the answer, unless a page stands in for an error.
    fn close(&mut self, reply: Reply) {
        if let Some((error, status)) = self.instead_of.take() {
            let mut shown = if reply.status.is_success() { reply } else { error };
            if let (true, Ok(status)) = (shown.status.is_success(), http::StatusCode::from_u16(status)) {
                shown.status = status;
            }
            self.last = Some(shown);
            return;
        }
        let status = reply.status.as_u16();
        let pages = &self.distribution.error_responses;
        let page = pages.iter().find(|page| page.error_code == status && !page.response_page.is_empty());
        match page.cloned() {
            Some(page) => {
                self.instead_of = Some((reply, page.response_code.unwrap_or(status)));
                let target = self.distribution.behavior(&page.response_page).target.clone();
                (self.method, self.path) = (Method::GET, page.response_page);
                self.aim(&target);
            }
            None => self.last = Some(reply),
        }
    }

    /// What the viewer gets.
    pub fn reply(self) -> Reply {
        let nowhere = || error(502, "CloudFront wasn't able to resolve the origin domain name.", self.id);
        let reply = self.last.unwrap_or_else(nowhere);
        dress(reply, &self.distribution, self.id)
    }
}

/// Answers a viewer's request at once, for those who do not wait for origins: a silent one has run out
/// of time, and servers are not asked.
pub(crate) fn answer(world: &World, parts: Parts<'_>, id: RequestId) -> Reply {
    let mut visit = match Visit::begin(world, parts.host, parts.method, parts.path, id) {
        Ok(visit) => visit,
        Err(reply) => return *reply,
    };
    while visit.origin().is_some() {
        let answer = match visit.ask(world) {
            Asked::Bucket(reply) => Answer::Answered(reply),
            Asked::Silent => Answer::Unreachable(504),
            Asked::Server => Answer::Unreachable(503),
        };
        visit.took(answer);
    }
    visit.reply()
}

pub(super) fn find(world: &World, host: &str) -> Option<Distribution> {
    let found = match host.strip_suffix(".cloudfront.localhost") {
        // A host name has no capitals; an id has nothing else.
        Some(name) => world
            .cloudfront
            .view(&name.to_ascii_uppercase())
            .or_else(|| world.cloudfront.by_host(&format!("{}.cloudfront.net", name.to_ascii_lowercase()))),
        None => world.cloudfront.by_host(&host.to_ascii_lowercase()),
    };
    found.cloned()
}

/// `bucket` of `bucket.s3.region.amazonaws.com` and its older form without the Region.
fn bucket_of(domain: &str) -> Option<&str> {
    let name = domain.strip_suffix(".amazonaws.com")?;
    match name.rsplit_once(".s3.").or_else(|| name.rsplit_once(".s3-")) {
        Some((bucket, _)) => Some(bucket),
        None => name.strip_suffix(".s3"),
    }
}

fn s3_error(error: &AwsError, path: &str, id: RequestId) -> Reply {
    use crate::call::Service;
    use crate::wire::{Protocol, errors};
    errors::reply(error, Protocol::Rest, Some(Service::S3), path, id)
}

/// The headers CloudFront adds.
fn dress(reply: Reply, distribution: &Distribution, id: RequestId) -> Reply {
    let host = &distribution.domain;
    let label = host.split('.').next().unwrap_or_default();
    let outcome = match reply.status.as_u16() {
        0..400 => "Miss from cloudfront",
        _ => "Error from cloudfront",
    };
    reply
        .with("x-cache", outcome)
        .with("via", format!("1.1 {label}.cloudfront.net (CloudFront)"))
        .with("x-amz-cf-pop", "IAD55-P4")
        .with("x-amz-cf-id", seed::letters(id.0, 56, seed::UPPER))
        .with("server", "CloudFront")
}

fn error(status: u16, text: &str, id: RequestId) -> Reply {
    let request = seed::letters(id.0, 56, seed::UPPER);
    let page = format!(
        "<!DOCTYPE html><html><head><title>ERROR: The request could not be satisfied</title></head><body>\
         <h1>{status} ERROR</h1><h2>The request could not be satisfied.</h2><hr>{text}<hr>\
         <pre>Generated by cloudfront (CloudFront), practice\nRequest ID: {request}</pre></body></html>"
    );
    Reply::new(status, "text/html", page)
        .with("x-cache", "Error from cloudfront")
        .with("server", "CloudFront")
}
