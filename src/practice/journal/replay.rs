//! Carrying journaled requests out again.

use crate::clock::Moment;
use crate::practice::operation::Run;
use crate::practice::perform::{self, work};
use crate::practice::route::Route;
use crate::practice::world::World;

use super::record::{Event, Request};

/// Carries one entry out on the world.
pub(crate) fn replay(world: &mut World, event: &Event, at: Moment) {
    perform::advance(world, at);
    let Event::Request(request) = event else { return };
    // Nobody reads the answers: of what changes nothing only the moment is left.
    if let Run::Changes(deed) = asked(request) {
        deed.carry_out(world);
    }
}

fn asked(request: &Request) -> perform::Work<'_> {
    let to = Route { target: request.target, region: &request.region, caller: request.caller };
    work(to, request.parts(), request.id)
}
