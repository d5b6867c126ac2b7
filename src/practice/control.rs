//! Requests to Espera itself (`/_espera/…`, local hosts only): health, breaking and mending, and to begin
//! anew. `docs/control.md` is their reference.

use http::Method;
use serde_json::json;

use super::call::Reply;
use super::faults::{self, Turn};
use super::world::World;
use crate::clock::{Clock, Moment};
use crate::cloud::Fault;
use crate::cloud::facts::Role;

/// The version of these requests: it grows when one of them changes its meaning.
const VERSION: u32 = 1;
/// Where the world's clock is read (`GET`).
pub(crate) const CLOCK: &str = "/_espera/clock";

/// Where a Region is broken (`POST`).
pub(crate) fn break_path(region: &str) -> String {
    format!("/_espera/regions/{region}/break")
}

/// Where a Region is mended (`POST`).
pub(crate) fn mend_path(region: &str) -> String {
    format!("/_espera/regions/{region}/mend")
}

/// Where a fault is set (`POST`) and taken back (`DELETE`).
pub(crate) fn fault_path(fault: Fault) -> String {
    format!("/_espera/faults/{fault}")
}

/// Answers a control request.
pub(crate) fn handle(world: &mut World, method: &Method, path: &str) -> Reply {
    let rest = path.strip_prefix("/_espera/").unwrap_or_default();
    let parts: Vec<&str> = rest.split('/').collect();
    match (method, parts.as_slice()) {
        (&Method::GET | &Method::HEAD, ["health"]) => health(world),
        (&Method::POST, ["reset"]) => reset(world),
        (&Method::POST, ["regions", region, "break"]) if is_region(region) => {
            turn(world, region, Turn::Break)
        }
        (&Method::POST, ["regions", region, "mend"]) if is_region(region) => turn(world, region, Turn::Mend),
        (&Method::GET | &Method::HEAD, ["faults"]) => json_reply(200, &list(world)),
        (&Method::POST, ["faults", fault, at @ ..]) => fault_turn(world, fault, at, Turn::Break),
        (&Method::DELETE, ["faults", fault, at @ ..]) => fault_turn(world, fault, at, Turn::Mend),
        _ => unknown(),
    }
}

/// What the world's clock shows, for an Espera that looks on. It is no part of the world.
pub(crate) fn clock(clock: &Clock) -> Reply {
    json_reply(200, &json!(clock.reading()))
}

/// The answer to an order that cannot be written down, and so is not carried out.
pub(crate) fn refused() -> Reply {
    json_reply(
        503,
        &json!({"error": "The practice world cannot be saved at present; see Espera's own words."}),
    )
}

fn health(world: &World) -> Reply {
    let broken: Vec<&str> = world.faults.all().map(|(region, _)| region).collect();
    let body = json!({
        "status": "running",
        "version": VERSION,
        "now": world.now.iso8601(),
        "account": world.account,
        "broken_regions": broken,
    });
    json_reply(200, &body)
}

/// Begins anew: the same seed and scenario, the same moment, the same keys, and nothing else.
fn reset(world: &mut World) -> Reply {
    let keys = world.keys.take();
    *world = World { keys, ..World::new(world.seed, world.scenario.clone(), world.now) };
    health(world)
}

fn turn(world: &mut World, region: &str, turn: Turn) -> Reply {
    let now = world.now;
    super::faults::turn_region(world, region, turn, now);
    health(world)
}

/// Sets or takes back a fault, in the primary Region unless the path names another.
fn fault_turn(world: &mut World, fault: &str, at: &[&str], turn: Turn) -> Reply {
    let now = world.now;
    let region = match at {
        [] => Role::Primary.region(),
        [region] if is_region(region) => region,
        _ => return unknown(),
    };
    match fault.parse() {
        Ok(Fault::Api) => faults::turn_api(world, region, turn, now),
        Ok(Fault::Region) => faults::turn_region(world, region, turn, now),
        Ok(Fault::Network) if at.is_empty() => faults::turn_network(world, turn, now),
        Ok(Fault::Lag) if at.is_empty() => faults::turn_lag(world, turn, now),
        _ => return unknown(),
    }
    json_reply(200, &list(world))
}

/// What is broken, and since when.
fn list(world: &World) -> serde_json::Value {
    let local = |fault: Fault, region: &str, since: Moment| json!({"fault": fault, "region": region, "since": since.iso8601()});
    let between = |fault: Fault, since: Moment| json!({"fault": fault, "since": since.iso8601()});
    let faults = &world.faults;
    let regions = faults.all().map(|(region, since)| local(Fault::Region, region, since));
    let apis = faults.apis().map(|(region, since)| local(Fault::Api, region, since));
    let cut = faults.cut().map(|since| between(Fault::Network, since));
    let lagging = faults.lagging().map(|since| between(Fault::Lag, since));
    json!({"faults": regions.chain(apis).chain(cut).chain(lagging).collect::<Vec<_>>()})
}

fn unknown() -> Reply {
    let error = "GET /_espera/health, /_espera/clock, /_espera/faults; POST /_espera/regions/REGION/break, …/mend; \
                 POST /_espera/clock/pause, …/resume, …/advance/SECONDS, …/speed/N, /_espera/reset; \
                 GET /_espera/clients; \
                 POST or DELETE /_espera/faults/api, …/region, …/network, …/lag";
    json_reply(404, &json!({"error": error}))
}

/// A refusal in words.
pub(super) fn json_error(status: u16, error: &str) -> Reply {
    json_reply(status, &json!({"error": error}))
}

fn is_region(name: &str) -> bool {
    super::ec2::regions::all().any(|region| region == name)
}

fn json_reply(status: u16, body: &serde_json::Value) -> Reply {
    Reply::new(status, "application/json", body.to_string())
}
