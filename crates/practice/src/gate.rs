//! What the loopback server lets in: hosts that are this machine's names, no page of elsewhere, and
//! requests whose signature verifies. In the process itself nobody is asked.

use std::borrow::Cow;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};

use super::call::{Caller, Reply, RequestId, Service};
use super::cloud::response;
use super::handlers;
use super::hosts::{self, Door, door};
use super::operation::Effect;
use super::orders::Orders;
use super::route::{self, NoRoute, Parts, Route, Target};
use super::signature::{Refused, Standing};
use super::wire::{Protocol, errors};
use super::{Practice, Unreached, control, execute, waiters};
use ground::clock::Moment;

/// Whose signatures are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Only those made with the world's own keys.
    #[default]
    Own,
    /// Any at all, unread, as other emulators take them; a change by GET must be signed all the same,
    /// since any page can make a browser send one.
    Any,
}

/// What is let in.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    /// Names of this machine beside `localhost` and its like; what ends in one of them is let in too.
    pub hosts: Vec<String>,
    /// Whose signatures are taken.
    pub credentials: Credentials,
    /// Which orders to Espera itself are carried out.
    pub orders: Orders,
}

const FOREIGN_HOST: &str = "Practice AWS answers only to localhost, 127.0.0.1, [::1] and *.localhost.\n";
const FOREIGN_PAGE: &str = "Practice AWS does not answer to pages of other hosts.\n";
const TWO_HOSTS: &str = "A request names one host.\n";
const UNSIGNED_ORDER: &str = "This changes the practice world: sign it (SigV4, service `espera`), or send the world's keys as HTTP Basic: \
     curl --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\". `espera cloud serve` prints them, `e` in the workshop \
     copies them.";

impl Gate {
    /// Why a request is not even looked at: a host, or a page's origin, that is not this machine's.
    pub(super) fn refusal<B>(&self, request: &Request<B>) -> Option<(StatusCode, &'static str)> {
        let headers = request.headers();
        let mut hosts = headers.get_all(header::HOST).iter();
        let (named, more) = (hosts.next().map(|host| host.to_str().unwrap_or("?")), hosts.next());
        let target = request.uri().authority().map(http::uri::Authority::as_str);
        let differs = matches!((named, target), (Some(a), Some(b)) if !a.eq_ignore_ascii_case(b));
        if more.is_some() || differs {
            return Some((StatusCode::BAD_REQUEST, TWO_HOSTS));
        }
        let host = named.or(target).unwrap_or_default();
        let Some(local) = self.local(hosts::without_port(host)) else {
            return Some((StatusCode::FORBIDDEN, FOREIGN_HOST));
        };
        let alien = self.is_alien(request.method(), request.uri(), headers, host, &local);
        alien.then_some((StatusCode::FORBIDDEN, FOREIGN_PAGE))
    }

    /// The name by which the world knows a host; `None` when it is not this machine's.
    fn local<'h>(&self, host: &'h str) -> Option<Cow<'h, str>> {
        if hosts::is_local(host) {
            return Some(Cow::Borrowed(host));
        }
        self.hosts.iter().find_map(|own| {
            let at = host.len().checked_sub(own.len())?;
            let (before, end) = (host.get(..at)?, host.get(at..)?);
            let whole = before.is_empty() || before.ends_with('.');
            (whole && end.eq_ignore_ascii_case(own)).then(|| Cow::Owned(format!("{before}localhost")))
        })
    }

    /// Whether a page that is not of this world made a browser send it. Clients that are no browsers
    /// send none of these headers.
    fn is_alien(
        &self,
        method: &Method,
        uri: &http::Uri,
        headers: &HeaderMap,
        host: &str,
        local: &str,
    ) -> bool {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let (origin, site) = (text("origin"), text("sec-fetch-site"));
        // Other ports of this machine are other people's pages.
        if origin.is_some_and(|origin| !self.is_ours(origin, host)) {
            return true;
        }
        match site {
            None | Some("none" | "same-origin") => return false,
            Some(_) => {}
        }
        // A link that a person followed shows them a page; it gives the page it stands on nothing.
        let document = text("sec-fetch-dest").is_none_or(|dest| dest == "document");
        let followed = matches!(*method, Method::GET | Method::HEAD)
            && text("sec-fetch-mode") == Some("navigate")
            && document;
        let may = followed || origin.is_some();
        !match door(local) {
            Some(Door::Edge | Door::Api { .. }) => may,
            Some(_) => false,
            None => {
                let found = route::route(local, uri.path(), uri.query().unwrap_or_default(), headers);
                may && found.is_ok_and(|route| route.target == Target::Service(Service::S3))
            }
        }
    }

    /// Whether a page's origin is one of this world's: the same port of a name of this machine.
    fn is_ours(&self, origin: &str, host: &str) -> bool {
        let Some((_, page)) = origin.split_once("://") else { return false };
        let name = hosts::without_port(page);
        self.local(name).is_some() && page[name.len()..] == host[hosts::without_port(host).len()..]
    }

    /// The request as the world takes it: with the name it knows this machine by.
    fn localize(&self, mut request: Request<Bytes>) -> Request<Bytes> {
        if self.hosts.is_empty() {
            return request;
        }
        let host =
            request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let name = hosts::without_port(host);
        if let Some(Cow::Owned(local)) = self.local(name)
            && let Ok(value) = http::HeaderValue::try_from(format!("{local}{}", &host[name.len()..]))
        {
            request.headers_mut().insert(header::HOST, value);
        }
        request
    }
}

impl Practice {
    /// Answers a request from outside: its signature is verified first. Whose page sent it, and to
    /// which host, is not asked here.
    ///
    /// # Errors
    /// `Unreached` when nothing answers there.
    pub async fn receive(&self, request: Request<Bytes>, gate: &Gate) -> Result<Response<Bytes>, Unreached> {
        let method = request.method().clone();
        // What was signed is the host as the client wrote it, and where it goes is the world's name for it.
        let signed_host = request.headers().get(header::HOST).cloned();
        let request = gate.localize(request);
        if door(super::hosts::host_of(&request)).is_none()
            && let Some(refusal) = self.signature_refusal(&request, signed_host, gate.credentials)
        {
            return Ok(response(refusal, &method));
        }
        if let Some(reply) = self.order_of(&request, gate.orders) {
            return Ok(response(reply, &method));
        }
        match waiters::waits(&request) {
            true => Box::pin(self.reach_in_time(request)).await,
            false => self.reach(request).await,
        }
    }

    /// The refusal of a request to a service or to Espera itself whose signature is not good enough.
    fn signature_refusal(
        &self,
        request: &Request<Bytes>,
        signed_host: Option<http::HeaderValue>,
        credentials: Credentials,
    ) -> Option<Reply> {
        let mut headers = Cow::Borrowed(request.headers());
        if signed_host.as_ref() != headers.get(header::HOST)
            && let Some(host) = signed_host
        {
            headers.to_mut().insert(header::HOST, host);
        }
        let parts = Parts {
            method: request.method(),
            host: super::hosts::host_of(request),
            path: request.uri().path(),
            query: request.uri().query().unwrap_or_default(),
            headers: &headers,
            body: request.body(),
        };
        let now = Moment::from(SystemTime::now());
        match route::route(parts.host, parts.path, parts.query, parts.headers) {
            Ok(Route { target: Target::Service(service), region, caller }) => {
                if credentials == Credentials::Any && !changes_by_get(service, region, caller, parts) {
                    return None;
                }
                let refused = match self.seal().verify(&parts, Some(service), now, || self.clock().now()) {
                    Err(refused) => refused,
                    Ok(Standing::Signed) => return None,
                    // Whether the public may is the bucket's to say.
                    Ok(Standing::Unsigned) if caller == Caller::Anonymous => return None,
                    Ok(Standing::Unsigned) => Refused::Missing,
                };
                let (id, protocol) = (self.next_id(), route::protocol(service, parts.headers));
                let error = refused.error(Some(service), protocol);
                let mut reply = errors::reply(&error, protocol, Some(service), parts.path, id);
                execute::identify(&mut reply, service, protocol, id);
                Some(reply)
            }
            Ok(Route { target: Target::Control, .. }) => self.unsealed_order(parts, credentials, now),
            // A signature that names no service is a broken one.
            Err(NoRoute::Unsigned) if credentials == Credentials::Own => {
                let target = parts.headers.contains_key("x-amz-target");
                let protocol = if target { Protocol::Json11 } else { Protocol::Query };
                let error =
                    self.seal().verify(&parts, None, now, || self.clock().now()).err()?.error(None, protocol);
                Some(errors::reply(&error, protocol, None, parts.path, self.next_id()))
            }
            _ => None,
        }
    }

    /// The refusal of a request to Espera itself.
    fn unsealed_order(&self, parts: Parts<'_>, credentials: Credentials, now: Moment) -> Option<Reply> {
        let reads = matches!(*parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
        let basic =
            parts.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()?.strip_prefix("Basic "));
        let error = match (basic, credentials) {
            (_, Credentials::Any) => return None,
            (Some(basic), Credentials::Own) => {
                let given = STANDARD.decode(basic.trim()).unwrap_or_default();
                if self.seal().is_pair(&given) {
                    return None;
                }
                "These are not the keys of this practice world.".to_owned()
            }
            (None, Credentials::Own) => match self.seal().verify(&parts, None, now, || self.clock().now()) {
                Ok(Standing::Signed) => return None,
                Ok(Standing::Unsigned) if reads => return None,
                Ok(Standing::Unsigned) => UNSIGNED_ORDER.to_owned(),
                Err(refused) => refused.error(None, Protocol::Json11).message,
            },
        };
        Some(control::json_error(403, &error))
    }
}

/// Whether a request changes something although its method is one that browsers send for any page.
fn changes_by_get(service: Service, region: &str, caller: Caller, parts: Parts<'_>) -> bool {
    matches!(*parts.method, Method::GET | Method::HEAD | Method::OPTIONS)
        && handlers::run(&route::call(service, region, caller, parts, RequestId::default())).effect()
            == Effect::Changes
}
