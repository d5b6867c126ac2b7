//! A practice world for tests, with requests as a client would send them.

use espera::guest::Unishop;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ground::clock::{Clock, Moment};
use practice::scenario::Scenario;
use practice::{Options, Practice, PracticeError};

pub const START: Moment = Moment(1_795_392_000_000);

pub fn options(folder: Option<&Path>) -> Options {
    Options {
        folder: folder.map(Path::to_owned),
        seed: 7,
        scenario: Scenario::default(),
        clock: Clock::manual(START),
        workload: Some(Arc::new(Unishop)),
    }
}

pub fn open(folder: &Path) -> Practice {
    Practice::open(options(Some(folder))).expect("opens")
}

pub fn try_open(folder: &Path) -> Result<Practice, PracticeError> {
    Practice::open(options(Some(folder)))
}

/// The whole world as it would be saved.
pub fn image(practice: &Practice) -> String {
    practice.inspect(|world| serde_json::to_string_pretty(world).expect("a world can be written"))
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
            let mut request = http::Request::builder().method(*line).header("host", "localhost").header(
                "authorization",
                format!(
                    "AWS4-HMAC-SHA256 Credential=K/20261123/{region}/{service}/aws4_request, Signature=0"
                ),
            );
            request = match target.strip_prefix('/') {
                Some(_) => request.uri(target.as_str()),
                None => request.uri("/").header("x-amz-target", target.as_str()),
            };
            let request = request.body(Bytes::from(body.clone())).expect("a request");
            practice.answer(request).status().as_u16()
        }
    }
}

pub fn put_object(practice: &Practice, key: &str, body: &str) -> u16 {
    act(practice, &request("s3", "us-east-1", "PUT", &format!("/bucket/{key}"), body))
}
