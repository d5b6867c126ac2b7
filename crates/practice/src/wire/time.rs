//! Times as each protocol writes them.

use ground::clock::Moment;

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

/// Reads `2026-11-22T23:26:00Z` with or without a fraction or an offset of zero, or seconds since the epoch.
#[must_use]
pub fn moment(text: &str) -> Option<Moment> {
    if let Ok(seconds) = text.parse::<f64>() {
        return (seconds >= 0.0).then(|| Moment((seconds * 1000.0).round() as u64));
    }
    let text = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00")).unwrap_or(text);
    let (date, clock) = text.split_once('T')?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let mut clock = clock.splitn(3, ':');
    let (hour, minute) = (clock.next()?.parse::<u64>().ok()?, clock.next()?.parse::<u64>().ok()?);
    let second = clock.next().map_or(Some(0.0), |s| s.parse::<f64>().ok())?;
    let days = u64::try_from(days(year, month, day)?).ok()?;
    let millis = (second * 1000.0).round() as u64;
    (hour < 24 && minute < 60 && second < 61.0)
        .then(|| Moment(days * 86_400_000 + hour * 3_600_000 + minute * 60_000 + millis))
}

/// The moment of a date (year, month, day) and a time of day (hour, minute, second; a leap second is taken).
#[must_use]
pub fn civil(date: [u32; 3], [hour, minute, second]: [u32; 3]) -> Option<Moment> {
    let [year, month, day] = date.map(i64::from);
    let days = u64::try_from(days(year, month, day)?).ok()?;
    let seconds = days * 86_400 + u64::from(hour) * 3_600 + u64::from(minute) * 60 + u64::from(second);
    (hour < 24 && minute < 60 && second < 61).then_some(Moment(seconds * 1000))
}

/// Days from 1970-01-01 to a date, counted in years that begin in March.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        for ms in [0, 951_827_696_789, 1_795_392_000_000, 4_102_444_799_999] {
            assert_eq!(moment(&Moment(ms).iso8601()), Some(Moment(ms)));
        }
        assert_eq!(moment("2026-11-23T00:00:00Z"), Some(Moment(1_795_392_000_000)));
        assert_eq!(moment("2026-11-23T00:00:00+00:00"), Some(Moment(1_795_392_000_000)));
        assert_eq!(moment("1795392000"), Some(Moment(1_795_392_000_000)));
        for bad in ["", "x", "2026-13-01T00:00:00Z", "2026-01-01", "-5", "2026-01-01T25:00:00Z"] {
            assert_eq!(moment(bad), None, "{bad}");
        }
    }
}
