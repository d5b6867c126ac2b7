//! One request carried out on a locked world: time first, then faults, then the service, then the
//! answer in the protocol's shape. The live cloud and the journal's replay both come through here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::call::{AwsError, Call, Outcome, Reply, RequestId, Service};
use super::dataplane::users;
use super::wire::{Protocol, errors};
use super::world::World;
use super::{control, dispatch, time};
use crate::clock::Moment;

/// Carries a service's call out at `now` (or at the world's moment, if that is later).
pub(crate) fn call(world: &mut World, call: &mut Call<'_>, now: Moment) -> Reply {
    advance(world, now);
    call.now = world.now;
    let outcome = match unreachable(world, call) {
        Some(error) => Err(error),
        None => guarded(|| dispatch(world, call)),
    };
    let mut reply = outcome.unwrap_or_else(|error| {
        errors::reply(&error, call.protocol, Some(call.service), call.path, call.request_id)
    });
    identify(&mut reply, call.service, call.protocol, call.request_id);
    reply
}

/// The answer to a change that cannot be written down, and so is not made: as the service answers when it
/// fails inside.
pub(crate) fn refused(call: &Call<'_>) -> Reply {
    let error = match call.service {
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
        _ => unavailable(),
    };
    let mut reply = errors::reply(&error, call.protocol, Some(call.service), call.path, call.request_id);
    identify(&mut reply, call.service, call.protocol, call.request_id);
    reply
}

/// Carries a control request out at `now`.
pub(crate) fn control(world: &mut World, method: &http::Method, path: &str, now: Moment) -> Reply {
    advance(world, now);
    control::handle(world, method, path)
}

/// Carries a sign-up at one of the world's clusters out at `now`.
pub(crate) fn sign_up(world: &mut World, body: &[u8], id: RequestId, now: Moment) -> Reply {
    advance(world, now);
    users::sign_up(world, body, id)
}

/// Lets time pass; what goes wrong in it ends the step, not the world.
pub(crate) fn advance(world: &mut World, now: Moment) {
    if now > world.now || time::next_due(world).is_some_and(|due| due <= now) {
        let _ = guarded(|| {
            time::advance(world, now);
            Ok(Reply::empty(200))
        });
        world.now = world.now.max(now);
    }
}

/// A defect in a service must not take the other services, or the terminal, down with it.
fn guarded(work: impl FnOnce() -> Outcome) -> Outcome {
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
    world.faults.broken(call.region).map(|_| unavailable())
}

/// What a broken Region answers.
pub(crate) fn unavailable() -> AwsError {
    AwsError::with_status(503, "ServiceUnavailable", "Service is unable to handle request.")
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
