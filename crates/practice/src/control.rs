//! Requests to Espera itself (`/_espera/…`, local hosts only): health, breaking and mending, and to begin
//! anew. `docs/control.md` is their reference.

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::Reply;
use super::faults::Turn;
use super::operation::Run;
use super::outages;
use super::world::World;
use ground::clock::{Clock, Moment};

/// The version of these requests: it grows when one of them changes its meaning.
const VERSION: u32 = 1;
/// Where the world's clock is read (`GET`).
pub const CLOCK: &str = "/_espera/clock";

/// Where the client last met is told (`GET`).
pub const CLIENTS: &str = "/_espera/clients";
/// The Region of a fault whose path names none: the one AWS's own examples and global services live in.
const USUAL: &str = "us-east-1";

ground::every! {
    /// What can be broken in a practice world and not, by a call, at AWS.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum Fault {
        /// A Region's API answers 5xx.
        Api,
        /// A Region connects and never answers.
        Region,
        /// The network between the Regions is cut: both sides live.
        Network,
        /// Replication falls behind, and ever more.
        Lag,
    }
}

impl Fault {
    /// The name in a path.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Fault::Api => "api",
            Fault::Region => "region",
            Fault::Network => "network",
            Fault::Lag => "lag",
        }
    }

    fn by_name(name: &str) -> Option<Fault> {
        Fault::ALL.into_iter().find(|fault| fault.as_str() == name)
    }
}

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
    format!("/_espera/faults/{}", fault.as_str())
}

/// What is asked of the world, and changes nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Question {
    /// Whether it runs, and what is broken.
    Health,
    /// What is broken, and since when.
    Faults,
    /// There is no such request.
    Unknown,
}

/// What the world is told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order<'p> {
    /// To begin anew.
    Reset,
    /// To lose a Region or to have it back.
    Region(&'p str, Turn),
    /// To lose a Region's API or to have it back.
    Api(&'p str, Turn),
    /// To lose the network between Regions or to have it back.
    Network(Turn),
    /// To fall behind between Regions or no more.
    Lag(Turn),
    /// As `Region`; told what is broken.
    RegionFault(&'p str, Turn),
}

/// What a control request asks for.
pub(crate) fn work<'p>(method: &Method, path: &'p str) -> Run<Question, Order<'p>> {
    let rest = path.strip_prefix("/_espera/").unwrap_or_default();
    let parts: Vec<&str> = rest.split('/').collect();
    let order = match (method, parts.as_slice()) {
        (&Method::GET | &Method::HEAD, ["health"]) => return Run::Reads(Question::Health),
        (&Method::GET | &Method::HEAD, ["faults"]) => return Run::Reads(Question::Faults),
        (&Method::POST, ["reset"]) => Some(Order::Reset),
        (&Method::POST, ["regions", region, "break"]) if is_region(region) => {
            Some(Order::Region(region, Turn::Break))
        }
        (&Method::POST, ["regions", region, "mend"]) if is_region(region) => {
            Some(Order::Region(region, Turn::Mend))
        }
        (&Method::POST, ["faults", fault, at @ ..]) => fault_turn(fault, at, Turn::Break),
        (&Method::DELETE, ["faults", fault, at @ ..]) => fault_turn(fault, at, Turn::Mend),
        _ => None,
    };
    order.map_or(Run::Reads(Question::Unknown), Run::Changes)
}

/// A fault set or taken back, in `USUAL` unless the path names another Region.
fn fault_turn<'p>(fault: &str, at: &[&'p str], turn: Turn) -> Option<Order<'p>> {
    let region = match at {
        [] => USUAL,
        [region] if is_region(region) => region,
        _ => return None,
    };
    match Fault::by_name(fault)? {
        Fault::Api => Some(Order::Api(region, turn)),
        Fault::Region => Some(Order::RegionFault(region, turn)),
        Fault::Network if at.is_empty() => Some(Order::Network(turn)),
        Fault::Lag if at.is_empty() => Some(Order::Lag(turn)),
        _ => None,
    }
}

impl Question {
    /// The answer.
    pub fn answer(self, world: &World) -> Reply {
        match self {
            Question::Health => health(world),
            Question::Faults => json_reply(200, &list(world)),
            Question::Unknown => unknown_order(),
        }
    }
}

impl Order<'_> {
    /// Carries it out; the answer tells how the world is then.
    pub fn carry_out(self, world: &mut World) -> Reply {
        let now = world.now;
        match self {
            Order::Reset => {
                reset(world);
                return health(world);
            }
            Order::Region(region, turn) => {
                outages::turn_region(world, region, turn, now);
                return health(world);
            }
            Order::Api(region, turn) => world.faults.turn_api(region, turn, now),
            Order::RegionFault(region, turn) => outages::turn_region(world, region, turn, now),
            Order::Network(turn) => outages::turn_network(world, turn, now),
            Order::Lag(turn) => world.faults.turn_lag(turn, now),
        }
        json_reply(200, &list(world))
    }
}

/// What the world's clock shows, for an Espera that looks on. It is no part of the world.
pub(crate) fn clock(clock: &Clock) -> Reply {
    json_reply(200, &json!(clock.reading()))
}

/// The answer to an order that cannot be written down, and so is not carried out.
pub(crate) fn not_saved() -> Reply {
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
fn reset(world: &mut World) {
    let keys = world.keys.take();
    *world = World { keys, ..World::new(world.seed, world.scenario.clone(), world.now) };
}

/// What is broken, and since when.
fn list(world: &World) -> serde_json::Value {
    let local = |fault: Fault, region: &str, since: Moment| json!({"fault": fault, "region": region, "since": since.iso8601()});
    let between = |fault: Fault, since: Moment| json!({"fault": fault, "since": since.iso8601()});
    let faults = &world.faults;
    let regions = faults.all().map(|(region, since)| local(Fault::Region, region, since));
    let apis = faults.apis().map(|(region, since)| local(Fault::Api, region, since));
    let cut = faults.cut_since().map(|since| between(Fault::Network, since));
    let lagging = faults.lagging().map(|since| between(Fault::Lag, since));
    json!({"faults": regions.chain(apis).chain(cut).chain(lagging).collect::<Vec<_>>()})
}

fn unknown_order() -> Reply {
    let error = "GET /_espera/health, /_espera/clock, /_espera/faults; POST /_espera/regions/REGION/break, …/mend; \
                 POST /_espera/clock/pause, …/resume, …/advance/SECONDS, …/speed/N, /_espera/reset; \
                 GET /_espera/clients; POST or DELETE /_espera/faults/";
    let faults = Fault::ALL.map(Fault::as_str).join(", …/");
    json_reply(404, &json!({"error": format!("{error}{faults}")}))
}

/// A refusal in words.
pub(super) fn json_error(status: u16, error: &str) -> Reply {
    json_reply(status, &json!({"error": error}))
}

fn is_region(name: &str) -> bool {
    super::regions::all().any(|region| region == name)
}

fn json_reply(status: u16, body: &serde_json::Value) -> Reply {
    Reply::new(status, "application/json", body.to_string())
}
