//! Times as each protocol writes them.

use crate::clock::Moment;

/// `2026-11-22T23:26:00.123Z`: XML protocols.
#[must_use]
pub fn iso8601(at: Moment) -> String {
    at.iso8601()
}

/// Seconds since the epoch with milliseconds, as JSON protocols write them.
#[must_use]
pub fn epoch(at: Moment) -> serde_json::Value {
    let seconds = at.0 as f64 / 1000.0;
    serde_json::Number::from_f64(seconds).map_or(serde_json::Value::from(0), serde_json::Value::Number)
}

/// `Sun, 22 Nov 2026 23:26:00 GMT`: HTTP headers.
#[must_use]
pub fn http_date(at: Moment) -> String {
    httpdate::fmt_http_date(at.system_time())
}
