//! The edge: a viewer's request through a distribution's origins, as CloudFront carries it out. It
//! tries the members of an origin group in order, for each request anew, and only for GET, HEAD and
//! OPTIONS.

use http::Method;

use crate::practice::call::{AwsError, Reply, RequestId};
use crate::practice::cloudfront::{Distribution, Origin};
use crate::practice::providers::chance;
use crate::practice::route::Parts;
use crate::practice::s3::{self, Reader};
use crate::practice::world::World;

/// Names the origin that answered, for those who watch a failover.
const ORIGIN: &str = "x-espera-origin";

/// What an origin came to.
enum Answer {
    /// It answered, with whatever status.
    Answered(Reply),
    /// It could not be reached; CloudFront's own error has this status.
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

/// Answers a viewer's request.
pub(crate) fn answer(world: &World, parts: Parts<'_>, id: RequestId) -> Reply {
    let Some(distribution) = find(world, parts.host) else {
        return error(421, "The distribution does not exist. Check its domain name.", id);
    };
    if !distribution.enabled {
        return error(403, "The distribution is disabled. Enable it to serve requests.", id);
    }
    let behavior = distribution.behavior(parts.path);
    let allowed = &behavior.allowed_methods;
    let may = match allowed.as_slice() {
        [] => matches!(*parts.method, Method::GET | Method::HEAD),
        listed => listed.iter().any(|method| method == parts.method.as_str()),
    };
    if !may {
        return error(
            403,
            "This distribution is not configured to allow the HTTP request method that was used.",
            id,
        );
    }
    let path = match parts.path {
        "/" if !distribution.default_root_object.is_empty() => {
            format!("/{}", distribution.default_root_object.trim_start_matches('/'))
        }
        path => path.to_owned(),
    };
    let answered = through(world, &distribution, &behavior.target, parts.method, &path, id);
    dress(instead(world, &distribution, answered, id), &distribution, id)
}

fn find(world: &World, host: &str) -> Option<Distribution> {
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

/// The answer of the first origin that does not send the request on, else of the last.
fn through(
    world: &World,
    distribution: &Distribution,
    target: &str,
    method: &Method,
    path: &str,
    id: RequestId,
) -> Reply {
    let (origins, codes) = distribution.route(target);
    let fails_over = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let mut last: Option<(Answer, &Origin)> = None;
    for origin in origins {
        let answer = ask(world, distribution, origin, method, path, id);
        let goes_on = fails_over && codes.contains(&answer.status());
        last = Some((answer, origin));
        if !goes_on {
            break;
        }
    }
    match last {
        Some((Answer::Answered(reply), origin)) => reply.with(ORIGIN, &origin.id),
        Some((Answer::Unreachable(status), origin)) => {
            let text = match status {
                504 => {
                    "CloudFront attempted to establish a connection with the origin, but the attempt timed out."
                }
                _ => "CloudFront wasn't able to connect to the origin.",
            };
            error(status, text, id).with(ORIGIN, &origin.id)
        }
        None => error(502, "CloudFront wasn't able to resolve the origin domain name.", id),
    }
}

fn ask(
    world: &World,
    distribution: &Distribution,
    origin: &Origin,
    method: &Method,
    path: &str,
    id: RequestId,
) -> Answer {
    let Some(bucket) = bucket_of(&origin.domain) else {
        return web(world, origin);
    };
    if !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Answer::Answered(s3_error(
            &AwsError::with_status(403, "AccessDenied", "Access Denied"),
            path,
            id,
        ));
    }
    let arn = format!("arn:aws:cloudfront::{}:distribution/{}", world.account, distribution.id);
    let reader = match origin.access_control {
        Some(_) => Reader::Distribution(&arn),
        None => Reader::Anonymous,
    };
    let full = format!("{}{path}", origin.path);
    let key = percent_encoding::percent_decode_str(full.trim_start_matches('/')).decode_utf8_lossy();
    match s3::read(world, bucket, &key, &reader) {
        Ok(reply) => Answer::Answered(reply),
        Err(error) => Answer::Answered(s3_error(&error, path, id)),
    }
}

/// A web server as origin. Practice runs none yet, so it is as far away as a broken Region.
fn web(world: &World, origin: &Origin) -> Answer {
    let region = origin.domain.split('.').find(|label| label.matches('-').count() >= 2);
    let broken = region.is_some_and(|region| world.faults.broken(region).is_some());
    Answer::Unreachable(if broken { 504 } else { 502 })
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
    use crate::practice::call::Service;
    use crate::practice::wire::{Protocol, errors};
    errors::reply(error, Protocol::Rest, Some(Service::S3), path, id)
}

/// A page in place of an error, where the distribution has one.
fn instead(world: &World, distribution: &Distribution, reply: Reply, id: RequestId) -> Reply {
    let status = reply.status.as_u16();
    let page = distribution
        .error_responses
        .iter()
        .find(|response| response.error_code == status && !response.response_page.is_empty());
    let Some(page) = page else { return reply };
    let target = &distribution.behavior(&page.response_page).target;
    let mut shown = through(world, distribution, target, &Method::GET, &page.response_page, id);
    if shown.status.is_success()
        && let Ok(code) = http::StatusCode::from_u16(page.response_code.unwrap_or(status))
    {
        shown.status = code;
        return shown;
    }
    reply
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
        .with("x-amz-cf-id", chance::letters(id.0, 56, chance::UPPER))
        .with("server", "CloudFront")
}

fn error(status: u16, text: &str, id: RequestId) -> Reply {
    let request = chance::letters(id.0, 56, chance::UPPER);
    let page = format!(
        "<!DOCTYPE html><html><head><title>ERROR: The request could not be satisfied</title></head><body>\
         <h1>{status} ERROR</h1><h2>The request could not be satisfied.</h2><hr>{text}<hr>\
         <pre>Generated by cloudfront (CloudFront), practice\nRequest ID: {request}</pre></body></html>"
    );
    Reply::new(status, "text/html", page)
        .with("x-cache", "Error from cloudfront")
        .with("server", "CloudFront")
}

/// What a viewer of the distribution with this host name gets, for tests and the workshop's own looks.
#[must_use]
pub fn view(world: &World, host: &str, path: &str) -> (u16, Option<String>) {
    let (headers, body) = (http::HeaderMap::new(), bytes::Bytes::new());
    let parts = Parts { method: &Method::GET, host, path, query: "", headers: &headers, body: &body };
    let reply = answer(world, parts, RequestId(0));
    let origin = reply.headers.get(ORIGIN).and_then(|value| value.to_str().ok()).map(str::to_owned);
    (reply.status.as_u16(), origin)
}
