//! The worlds of these tests, and things that clients do in them as values.

use std::path::Path;
use std::time::Duration;

use espera::guest::Unishop;
use practice::{Practice, PracticeError};
use testbed::{Setup, World};

/// A world with the shop as its guest.
pub fn setup() -> Setup {
    Setup::seeded(7).guest(Unishop)
}

pub fn open(folder: &Path) -> Practice {
    setup().saved_in(folder).open().practice
}

pub fn try_open(folder: &Path) -> Result<Practice, PracticeError> {
    setup().saved_in(folder).try_open().map(|world| world.practice)
}

/// The whole world as it would be saved.
pub fn image(practice: &Practice) -> String {
    World::of(practice.clone()).image()
}

/// One thing a client does, or time that passes.
#[derive(Clone, Debug)]
pub enum Act {
    Request { service: &'static str, region: &'static str, line: &'static str, target: String, body: String },
    Time(u64),
    Break(&'static str),
    Mend(&'static str),
}

pub fn request(
    service: &'static str,
    region: &'static str,
    line: &'static str,
    target: &str,
    body: &str,
) -> Act {
    Act::Request { service, region, line, target: target.to_owned(), body: body.to_owned() }
}

/// Carries an act out; gives the status of a request's answer.
pub fn act(practice: &Practice, act: &Act) -> u16 {
    match act {
        Act::Time(seconds) => {
            practice.clock().advance(Duration::from_secs(*seconds));
            0
        }
        Act::Break(region) => {
            practice.break_region(region);
            0
        }
        Act::Mend(region) => {
            practice.mend_region(region);
            0
        }
        Act::Request { service, region, line, target, body } => {
            let head = match target.strip_prefix('/') {
                Some(_) => testbed::request(service, region, line, target),
                None => testbed::request(service, region, line, "/").header("x-amz-target", target),
            };
            World::of(practice.clone()).send(head, body.clone()).status().as_u16()
        }
    }
}

pub fn put_object(practice: &Practice, key: &str, body: &str) -> u16 {
    act(practice, &request("s3", "us-east-1", "PUT", &format!("/bucket/{key}"), body))
}
