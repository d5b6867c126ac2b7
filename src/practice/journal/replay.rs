//! Carrying journaled requests out again.

use crate::clock::Moment;
use crate::practice::perform;
use crate::practice::route::{self, Target};
use crate::practice::world::World;

use super::record::{Event, Request};

/// Carries one entry out on the world.
pub(crate) fn replay(world: &mut World, event: &Event, at: Moment) {
    match event {
        Event::Tick => perform::advance(world, at),
        Event::Request(request) => again(world, request, at),
    }
}

fn again(world: &mut World, request: &Request, at: Moment) {
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
