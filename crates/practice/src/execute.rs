//! One request carried out on a locked world: time first, then faults, then the service, then the
//! answer in the protocol's shape. The live cloud and the journal's replay both come through here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::call::{AwsError, Call, Outcome, Reply, RequestId, Service};
use super::control::{self, Order, Question};
use super::dataplane::edge;
use super::dataplane::writes::{self, Write};
use super::handlers::{self, Change, Read};
use super::operation::Run;
use super::route::{self, Parts, Route, Target};
use super::wire::{Protocol, errors};
use super::world::World;
use super::{admission, time};
use ground::clock::Moment;

/// What a request asks of the world. Whether it may change it is its type, and so holds.
pub(crate) type Work<'a> = Run<Look<'a>, Deed<'a>>;

/// What is answered by looking at the world.
#[derive(Debug)]
pub(crate) enum Look<'a> {
    /// A call to a service.
    Call(Call<'a>, Read),
    /// A question to Espera itself.
    Question(Question),
    /// A visit at the edge.
    Visit(Parts<'a>, RequestId),
}

/// What may change the world.
#[derive(Debug)]
pub(crate) enum Deed<'a> {
    /// A call to a service.
    Call(Call<'a>, Change),
    /// An order to Espera itself.
    Order(Order<'a>),
    /// A write at one of the world's clusters; `None` when it cannot be read.
    Write(Option<Write>),
}

/// What a request asks of the world.
pub(crate) fn work<'a>(to: Route<'a>, parts: Parts<'a>, id: RequestId) -> Work<'a> {
    match to.target {
        Target::Service(service) => {
            let call = route::call(service, to.region, to.caller, parts, id);
            match handlers::run(&call) {
                Run::Reads(read) => Run::Reads(Look::Call(call, read)),
                Run::Changes(change) => Run::Changes(Deed::Call(call, change)),
            }
        }
        Target::Control => match control::work(parts.method, parts.path) {
            Run::Reads(question) => Run::Reads(Look::Question(question)),
            Run::Changes(order) => Run::Changes(Deed::Order(order)),
        },
        Target::Edge => Run::Reads(Look::Visit(parts, id)),
        Target::Aurora => Run::Changes(Deed::Write(serde_json::from_slice(parts.body).ok())),
    }
}

impl Look<'_> {
    /// The answer at the world's moment.
    pub fn answer(self, world: &World) -> Reply {
        match self {
            Look::Call(mut call, read) => {
                call.now = world.now;
                let outcome = catch_defect(|| {
                    admit(world, &call)?;
                    read.answer(world, &call)
                });
                reply(&call, outcome)
            }
            Look::Question(question) => question.answer(world),
            Look::Visit(parts, id) => edge::answer(world, parts, id),
        }
    }
}

impl Deed<'_> {
    /// Carries it out at the world's moment.
    pub fn carry_out(self, world: &mut World) -> Reply {
        match self {
            Deed::Call(mut call, change) => {
                call.now = world.now;
                let outcome = catch_defect(|| {
                    admit(world, &call)?;
                    change.carry_out(world, &call)
                });
                reply(&call, outcome)
            }
            Deed::Order(order) => order.carry_out(world),
            Deed::Write(Some(write)) => writes::write(world, write),
            Deed::Write(None) => Reply::empty(400),
        }
    }

    /// The answer when it cannot be written down, and so is not done.
    pub fn refusal(&self) -> Reply {
        match self {
            Deed::Call(call, _) => reply(call, Err(unwritten(call.service))),
            Deed::Order(_) => control::not_saved(),
            Deed::Write(_) => Reply::empty(503),
        }
    }
}

/// A service fails inside, as far as its caller can tell.
fn unwritten(service: Service) -> AwsError {
    match service {
        Service::DynamoDb => AwsError::with_status(500, "InternalServerError", "Internal server error"),
        Service::Ssm => {
            AwsError::with_status(500, "InternalServerError", "An error occurred on the server side.")
        }
        Service::SecretsManager => {
            AwsError::with_status(500, "InternalServiceError", "An error occurred on the server side.")
        }
        Service::Ec2 => AwsError::with_status(
            503,
            "Unavailable",
            "The server is overloaded and can't handle the request.",
        ),
        _ => AwsError::unavailable(),
    }
}

/// Refuses what a broken Region, or the service's model, does not let through.
fn admit(world: &World, call: &Call<'_>) -> Result<(), AwsError> {
    match unreachable(world, call) {
        Some(error) => Err(error),
        None => admission::check(call),
    }
}

/// An outcome in the shape of the call's protocol.
fn reply(call: &Call<'_>, outcome: Outcome) -> Reply {
    let mut reply = outcome.unwrap_or_else(|error| {
        errors::reply(&error, call.protocol, Some(call.service), call.path, call.request_id)
    });
    identify(&mut reply, call.service, call.protocol, call.request_id);
    reply
}

/// Carries work out at `now` (or at the world's moment, if that is later).
pub(crate) fn carry_out(world: &mut World, work: Work<'_>, now: Moment) -> Reply {
    advance(world, now);
    match work {
        Run::Reads(look) => look.answer(world),
        Run::Changes(deed) => deed.carry_out(world),
    }
}

/// Lets time pass; what goes wrong in it ends the step, not the world.
pub(crate) fn advance(world: &mut World, now: Moment) {
    if now > world.now || time::next_due(world).is_some_and(|due| due <= now) {
        let _ = catch_defect(|| {
            time::advance(world, now);
            Ok(Reply::empty(200))
        });
        world.now = world.now.max(now);
    }
}

/// A defect in a service must not take the other services, or the terminal, down with it.
fn catch_defect(work: impl FnOnce() -> Outcome) -> Outcome {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(AwsError::with_status(
            500,
            "InternalFailure",
            "Practice AWS failed inside. This is a defect of Espera.",
        ))
    })
}

/// The error of a Region that is broken. CloudFront is one service for all Regions and stays.
fn unreachable(world: &World, call: &Call<'_>) -> Option<AwsError> {
    // S3 judges by the bucket's own Region.
    if matches!(call.service, Service::CloudFront | Service::S3) {
        return None;
    }
    world.faults.broken_since(call.region).map(|_| AwsError::unavailable())
}

pub(super) fn identify(reply: &mut Reply, service: Service, protocol: Protocol, id: RequestId) {
    let mut text = [0_u8; 36];
    id.write(&mut text);
    let Ok(value) = http::HeaderValue::from_bytes(&text) else { return };
    let name = match (service, protocol) {
        (Service::S3, _) => http::HeaderName::from_static("x-amz-request-id"),
        _ => http::HeaderName::from_static("x-amzn-requestid"),
    };
    if service == Service::S3 {
        reply.headers.insert(http::HeaderName::from_static("x-amz-id-2"), value.clone());
    }
    if service == Service::DynamoDb {
        // Newer clients verify the body by it.
        let crc = crc32fast::hash(&reply.body);
        reply.headers.insert(http::HeaderName::from_static("x-amz-crc32"), crc.into());
    }
    reply.headers.insert(name, value);
}
