//! Carrying journaled requests out again.

use crate::execute::{self, Deed, work};
use crate::operation::Run;
use crate::route::Route;
use crate::world::World;
use ground::clock::Moment;

use super::record::{Event, Request};

/// Carries one entry out on the world.
pub(crate) fn replay(world: &mut World, event: &Event, at: Moment) {
    execute::advance(world, at);
    // Nobody reads the answers: of what changes nothing only the moment is left.
    match event {
        Event::Tick => {}
        Event::SignUp(sign_up) => {
            Deed::Write(sign_up.write(world.seed)).carry_out(world);
        }
        Event::Request(request) => {
            if let Run::Changes(deed) = work_of(request) {
                deed.carry_out(world);
            }
        }
    }
}

fn work_of(request: &Request) -> execute::Work<'_> {
    let to = Route { target: request.target, region: &request.region, caller: request.caller };
    work(to, request.parts(), request.id)
}
