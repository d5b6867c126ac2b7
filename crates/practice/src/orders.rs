//! Orders to Espera itself that are about time: the clock is read, stopped, moved on or given another
//! speed, which no request to the world could do. The others are the world's (`control`).

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use serde_json::json;

use super::call::Reply;
use super::{Practice, control, hosts};
use ground::clock::Speed;

/// Which orders from outside are carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Orders {
    /// Breaking and mending. The clock and the world's beginning are the workshop's own.
    #[default]
    Faults,
    /// The clock, and to begin anew, too: for a world that is served by itself.
    All,
}

/// The furthest the clock is moved at once: ten years.
const FURTHEST: f64 = 10.0 * 365.0 * 86_400.0;

impl Practice {
    /// The answer to an order about time, and the refusal of one that is the workshop's to give;
    /// `None` for all other requests.
    pub(super) fn order_of(&self, request: &Request<Bytes>, orders: Orders) -> Option<Reply> {
        let rest = request.uri().path().strip_prefix("/_espera/")?;
        if *request.method() != Method::POST || !hosts::is_local(super::hosts::host_of(request)) {
            return None;
        }
        let parts: Vec<&str> = rest.split('/').collect();
        if !matches!(parts.as_slice(), ["clock", _, ..] | ["reset"]) {
            return None;
        }
        if orders == Orders::Faults {
            let error =
                "This world is the workshop's: its own keys move its clock, and `espera reset` begins anew.";
            return Some(control::json_error(409, error));
        }
        let clock = self.clock();
        match parts.as_slice() {
            ["clock", "pause"] => clock.pause(),
            ["clock", "resume"] => clock.resume(),
            ["clock", "advance", seconds] => match seconds.parse::<f64>() {
                Ok(seconds) if (0.0..=FURTHEST).contains(&seconds) => {
                    clock.advance(Duration::from_secs_f64(seconds));
                    // What fell due on the way happens now.
                    self.inspect(|_| ());
                }
                _ => {
                    return Some(control::json_error(
                        400,
                        "advance takes seconds, from 0 to ten years of them.",
                    ));
                }
            },
            ["clock", "speed", speed] => match speed.parse::<Speed>() {
                Ok(speed) => clock.set_speed(speed),
                Err(_) => {
                    return Some(control::json_error(
                        400,
                        "speed takes practice seconds in a real one, or max.",
                    ));
                }
            },
            _ => return None,
        }
        let body = json!({"now": clock.now().iso8601(), "clock": clock.reading()});
        Some(Reply::new(200, "application/json", body.to_string()))
    }
}
