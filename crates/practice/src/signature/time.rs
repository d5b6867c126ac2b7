//! The times that signatures speak of: `20261122T232600Z`.

use crate::wire::time;
use ground::clock::Moment;

/// The length of `20261122T232600Z`.
pub(super) const STAMP: usize = 16;

/// Reads `20261122T232600Z`, or what a `Date` header says.
pub(super) fn moment(text: &str) -> Option<Moment> {
    if text.len() == STAMP && text.is_ascii() {
        let (date, clock) = text.strip_suffix('Z')?.split_once('T')?;
        let number = |t: &str| t.bytes().all(|b| b.is_ascii_digit()).then(|| t.parse::<u32>().ok()).flatten();
        let (date, clock) = (number(date).filter(|_| date.len() == 8)?, number(clock)?);
        return time::civil(
            [date / 10_000, date / 100 % 100, date % 100],
            [clock / 10_000, clock / 100 % 100, clock % 100],
        );
    }
    let since = httpdate::parse_http_date(text).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    u64::try_from(since.as_millis()).ok().map(Moment)
}

/// Writes `20261122T232600Z`.
pub(super) fn stamp(at: Moment) -> String {
    let mut text: String = at.iso8601().chars().filter(|c| !matches!(c, '-' | ':')).collect();
    text.truncate(15);
    text.push('Z');
    text
}

/// Writes `2026-11-22T23:26:00Z`.
pub(super) fn iso(at: Moment) -> String {
    let mut text = at.iso8601();
    text.truncate(19);
    text.push('Z');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_read_back() {
        let at = Moment(1_795_392_000_000);
        assert_eq!((stamp(at).as_str(), iso(at).as_str()), ("20261123T000000Z", "2026-11-23T00:00:00Z"));
        assert_eq!(moment("20261123T000000Z"), Some(at));
        assert_eq!(moment("Mon, 23 Nov 2026 00:00:00 GMT"), Some(at));
        for bad in
            ["", "20261123", "20261323T000000Z", "2026112xT000000Z", "20261123T0000000", "ééééé20261123T0Z"]
        {
            assert_eq!(moment(bad), None, "{bad}");
        }
    }
}
