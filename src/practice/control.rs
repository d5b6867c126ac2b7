//! Requests to Espera itself (`/_espera/…`, local hosts only): health, and breaking and mending Regions.

use http::Method;
use serde_json::json;

use super::call::Reply;
use super::faults::Turn;
use super::world::World;

/// Where a Region is broken (`POST`).
pub(crate) fn break_path(region: &str) -> String {
    format!("/_espera/regions/{region}/break")
}

/// Where a Region is mended (`POST`).
pub(crate) fn mend_path(region: &str) -> String {
    format!("/_espera/regions/{region}/mend")
}

/// Answers a control request.
pub(crate) fn handle(world: &mut World, method: &Method, path: &str) -> Reply {
    let rest = path.strip_prefix("/_espera/").unwrap_or_default();
    let parts: Vec<&str> = rest.split('/').collect();
    match (method, parts.as_slice()) {
        (&Method::GET | &Method::HEAD, ["health"]) => health(world),
        (&Method::POST, ["regions", region, "break"]) if is_region(region) => {
            turn(world, region, Turn::Break)
        }
        (&Method::POST, ["regions", region, "mend"]) if is_region(region) => turn(world, region, Turn::Mend),
        _ => json_reply(
            404,
            &json!({"error": "GET /_espera/health; POST /_espera/regions/REGION/break, …/mend"}),
        ),
    }
}

fn health(world: &World) -> Reply {
    let broken: Vec<&str> = world.faults.all().map(|(region, _)| region).collect();
    let body = json!({
        "status": "running",
        "now": world.now.iso8601(),
        "account": world.account,
        "broken_regions": broken,
    });
    json_reply(200, &body)
}

fn turn(world: &mut World, region: &str, turn: Turn) -> Reply {
    let now = world.now;
    super::faults::turn_region(world, region, turn, now);
    health(world)
}

fn is_region(name: &str) -> bool {
    super::ec2::regions::all().any(|region| region == name)
}

fn json_reply(status: u16, body: &serde_json::Value) -> Reply {
    Reply::new(status, "application/json", body.to_string())
}
