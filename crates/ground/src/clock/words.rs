//! Durations as people say them.

use std::time::Duration;

/// A duration in at most two units: `3 s`, `4 m 10 s`, `2 h 05 m`, `3 d 4 h`; under a second, `120 ms`.
#[must_use]
pub fn span(d: Duration) -> String {
    let s = d.as_secs();
    match s {
        0 if d.is_zero() => "0 s".to_owned(),
        0 => format!("{} ms", d.as_millis().max(1)),
        1..60 => format!("{s} s"),
        60..3600 => format!("{} m {:02} s", s / 60, s % 60),
        3600..86_400 => format!("{} h {:02} m", s / 3600, s % 3600 / 60),
        _ => format!("{} d {} h", s / 86_400, s % 86_400 / 3600),
    }
}

/// A duration as a clock shows it: `00:12:41`.
#[must_use]
pub fn clock_face(d: Duration) -> String {
    let s = d.as_secs();
    format!("{:02}:{:02}:{:02}", s / 3600, s % 3600 / 60, s % 60)
}

/// A duration as people write it: `90s`, `5m`, `1h30m`, `250ms`, `2 m 30 s`; a bare number is seconds.
#[must_use]
pub fn parse_span(text: &str) -> Option<Duration> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut rest = text.as_str();
    let mut ms: u64 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: u64 = rest.get(..end)?.parse().ok()?;
        rest = rest.get(end..)?;
        let end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let unit = match rest.get(..end)? {
            "ms" => 1,
            "s" | "" => 1000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            _ => return None,
        };
        rest = rest.get(end..)?;
        ms = ms.checked_add(number.checked_mul(unit)?)?;
    }
    Some(Duration::from_millis(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_people_write_them() {
        let ms = |text| parse_span(text).map(|d| d.as_millis());
        assert_eq!(ms("90s"), Some(90_000));
        assert_eq!(ms("90"), Some(90_000));
        assert_eq!(ms("1h30m"), Some(5_400_000));
        assert_eq!(ms("2 m 30 s"), Some(150_000));
        assert_eq!(ms("250ms"), Some(250));
        for wrong in ["", "m", "5x", "-3", "1.5m", "99999999999999999999", "9999999999999999h"] {
            assert_eq!(ms(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn spans_read_well_at_every_size() {
        let of = |ms| span(Duration::from_millis(ms));
        assert_eq!(of(0), "0 s");
        assert_eq!(of(120), "120 ms");
        assert_eq!(of(59_999), "59 s");
        assert_eq!(of(250_000), "4 m 10 s");
        assert_eq!(of(7_500_000), "2 h 05 m");
        assert_eq!(of(273_600_000), "3 d 4 h");
        assert_eq!(clock_face(Duration::from_secs(761)), "00:12:41");
    }
}
