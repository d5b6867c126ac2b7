//! Carrying journaled requests out again.

use crate::practice::perform;
use crate::practice::route::{self, Target};
use crate::practice::world::World;

use super::record::{Event, Record, Request};

/// Carries one entry out on the world.
pub(super) fn replay(world: &mut World, record: Record) {
    match record.event {
        Event::Tick => perform::advance(world, record.at),
        Event::Request(request) => again(world, &request, record.at),
    }
}

fn again(world: &mut World, request: &Request, at: crate::clock::Moment) {
    match request.target {
        Target::Service(service) => {
            let mut call = route::call(service, &request.region, request.caller, request.parts(), request.id);
            perform::call(world, &mut call, at);
        }
        Target::Control => {
            perform::control(world, &request.method, &request.path, at);
        }
        Target::Users => {
            perform::sign_up(world, &request.body, request.id, at);
        }
        Target::Edge => perform::advance(world, at),
    }
}
