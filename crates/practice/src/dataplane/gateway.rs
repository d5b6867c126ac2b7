//! API Gateway's HTTP APIs as a caller meets them: which route a request takes, which integration
//! stands behind it, what is answered without one. All of it as the stack's own resources say.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use serde_json::Value;

use super::routes;
use super::sites;
use crate::call::Reply;
use crate::site::Site;
use crate::world::World;
use ::cloudformation::engine::stack::Stack;

/// What a request to an API comes to.
#[derive(Debug)]
pub(crate) enum Passage {
    /// There is no such name: no API, or its stack is not complete.
    Nowhere,
    /// The Region takes the connection and says nothing.
    Silent,
    /// The API answers by itself.
    Own(Reply),
    /// An integration answers; the headers are added to its answer.
    Through {
        /// What runs there.
        site: Site,
        cors: HeaderMap,
    },
}

/// Finds what a request to the API `id` comes to.
pub(crate) fn passage(
    world: &World,
    runs: &dyn Fn(&Site) -> bool,
    (id, region): (&str, &str),
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Passage {
    if world.faults.broken_since(region).is_some() {
        return Passage::Silent;
    }
    let Some((stack, api)) = find(world, region, id) else { return Passage::Nowhere };
    let cors = Cors::of(world, api, headers);
    if let Some(preflight) = cors.as_ref().filter(|_| is_preflight(method, headers)) {
        return Passage::Own(preflight.answer());
    }
    let allowed = cors.map(|cors| cors.on_answers()).unwrap_or_default();
    let own = |status, text| Passage::Own(message(status, text, &allowed));
    if world.faults.api(region).is_some() {
        return own(500, "Internal Server Error");
    }
    let Some(path) = path_below_stage(stack, id, path) else { return own(404, "Not Found") };
    let mine = sites::of_kind(stack, "AWS::ApiGatewayV2::Route").filter(|r| text(&r.props, "ApiId") == id);
    let Some(route) = routes::best(mine.map(|r| (text(&r.props, "RouteKey"), &r.props)), method, path) else {
        return own(404, "Not Found");
    };
    let target = text(route, "Target").strip_prefix("integrations/").unwrap_or_default();
    let integration = sites::by_id(stack, "AWS::ApiGatewayV2::Integration", target);
    let site = integration.map(|i| behind(world, runs, stack, &i.props));
    match site {
        Some(Ok(site)) => Passage::Through { site, cors: allowed },
        Some(Err(Unfit::Broken)) => own(500, "Internal Server Error"),
        // What cannot be reached through a VPC link, or at a public address.
        Some(Err(Unfit::Away)) => own(503, "Service Unavailable"),
        None => own(500, "Internal Server Error"),
    }
}

/// Why an integration has nothing behind it that answers.
enum Unfit {
    /// Nothing takes the connection.
    Away,
    /// It is there and fails.
    Broken,
}

fn behind(
    world: &World,
    runs: &dyn Fn(&Site) -> bool,
    stack: &Stack,
    integration: &Value,
) -> Result<Site, Unfit> {
    let uri = text(integration, "IntegrationUri");
    if text(integration, "IntegrationType") == "AWS_PROXY" {
        return sites::function(stack, uri).filter(runs).ok_or(Unfit::Broken);
    }
    let instance = sites::mapped_instance(stack, uri).ok_or(Unfit::Away)?;
    sites::instance(world, stack, instance).filter(runs).ok_or(Unfit::Away)
}

/// The API and its stack, if that is complete.
fn find<'w>(world: &'w World, region: &'w str, id: &str) -> Option<(&'w Stack, &'w Value)> {
    sites::complete(world, region).find_map(|stack| {
        sites::by_id(stack, "AWS::ApiGatewayV2::Api", id).map(|resource| (stack, &resource.props))
    })
}

/// The path below the stage: that of `$default` is the whole, another's begins with its name.
fn path_below_stage<'p>(stack: &Stack, id: &str, path: &'p str) -> Option<&'p str> {
    let stages = sites::of_kind(stack, "AWS::ApiGatewayV2::Stage").filter(|r| text(&r.props, "ApiId") == id);
    let names: Vec<&str> = stages.map(|r| text(&r.props, "StageName")).collect();
    let (first, rest) = path.trim_start_matches('/').split_once('/').unwrap_or((path, ""));
    if names.contains(&first) {
        return Some(if rest.is_empty() { "/" } else { &path[path.len() - rest.len() - 1..] });
    }
    names.contains(&"$default").then_some(path)
}

pub(super) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn message(status: u16, text: &str, cors: &HeaderMap) -> Reply {
    let mut reply = Reply::new(status, "application/json", format!(r#"{{"message":"{text}"}}"#));
    reply.headers.extend(cors.clone());
    reply
}

fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// What an API's CORS configuration says to a page of this origin.
struct Cors<'a> {
    /// What `access-control-allow-origin` says; `None` when the page may not call.
    origin: Option<HeaderValue>,
    configuration: &'a Value,
}

impl<'a> Cors<'a> {
    /// `None` where nothing is configured or no page asks.
    fn of(world: &World, api: &'a Value, headers: &HeaderMap) -> Option<Cors<'a>> {
        let configuration = api.get("CorsConfiguration")?;
        let asking = headers.get(header::ORIGIN)?.to_str().ok()?;
        let listed = strings(configuration, "AllowOrigins");
        let origin = if listed.contains(&"*") {
            Some(HeaderValue::from_static("*"))
        } else {
            let known = |one: &&str| one.eq_ignore_ascii_case(asking) || is_page_of(world, asking, one);
            listed.iter().find(|one| known(one)).and_then(|_| HeaderValue::from_str(asking).ok())
        };
        Some(Cors { origin, configuration })
    }

    /// The answer to a preflight: without the headers if the page may not call.
    fn answer(&self) -> Reply {
        let mut reply = Reply { status: StatusCode::NO_CONTENT, ..Reply::empty(204) };
        let Some(origin) = &self.origin else { return reply };
        reply.headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        let lists = [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "AllowMethods"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "AllowHeaders"),
        ];
        for (name, property) in lists {
            add(&mut reply.headers, name, &strings(self.configuration, property).join(","));
        }
        if let Some(age) = self.configuration.get("MaxAge") {
            add(&mut reply.headers, header::ACCESS_CONTROL_MAX_AGE, age.to_string().trim_matches('"'));
        }
        reply
    }

    /// What is added to the answers of integrations.
    fn on_answers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(origin) = &self.origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            let exposed = strings(self.configuration, "ExposeHeaders").join(",");
            add(&mut headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, &exposed);
        }
        headers
    }
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let (false, Ok(value)) = (value.is_empty(), HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}

fn strings<'v>(value: &'v Value, name: &str) -> Vec<&'v str> {
    value.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Whether a page on this machine (`http://<name>.cloudfront.localhost:<port>`) is the loopback form of
/// the distribution whose address is listed.
fn is_page_of(world: &World, asking: &str, listed: &str) -> bool {
    let host = |origin: &str| origin.split_once("://").map(|(_, host)| host.to_owned());
    let (Some(asking), Some(listed)) = (host(asking), host(listed)) else { return false };
    let asking = crate::hosts::without_port(&asking);
    asking.ends_with(".localhost")
        && super::edge::find(world, asking).is_some_and(|d| d.domain.eq_ignore_ascii_case(&listed))
}
