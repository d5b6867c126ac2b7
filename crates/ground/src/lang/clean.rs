//! Foreign text made harmless: what a terminal would obey, or what makes text read otherwise than it is
//! written. One list of such characters for the screen, for lines of text, and for JSON.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether `c` is for a terminal to obey rather than for a person to read: a control character (escape
/// sequences begin with one), a mark that turns the direction of writing, a line break that only some
/// programs know, or a tag that nobody sees. Joiners within a word or an emoji are none of these.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200E}' | '\u{200F}' // marks of direction
            | '\u{2028}' | '\u{2029}' // separators of lines and paragraphs
            | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' // embeddings, overrides, isolates
            | '\u{FFF9}'..='\u{FFFB}' // notes between the lines
            | '\u{E0000}'..='\u{E007F}' // tags
        )
}

/// Text from outside as one harmless line: without what `is_unprintable`; line breaks and tabs become spaces.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    replace_unprintable(text, |c| matches!(c, '\n' | '\t' | '\u{2028}' | '\u{2029}').then_some(' '))
}

/// Text of several lines, harmless: line breaks and tabs stay.
#[must_use]
pub fn printable_lines(text: &str) -> Cow<'_, str> {
    replace_unprintable(text, |c| match c {
        '\n' | '\t' => Some(c),
        '\u{2028}' | '\u{2029}' => Some(' '),
        _ => None,
    })
}

/// JSON in which each unprintable character is written as `\uXXXX`: the same value, harmless to look at. The
/// text must be JSON without line breaks between its parts: there such characters are in strings alone.
#[must_use]
pub fn printable_json(json: &str) -> Cow<'_, str> {
    if !json.contains(is_unprintable) {
        return json.into();
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_unprintable(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out.into()
}

/// Without unprintable characters, but for those that `instead` gives another for.
fn replace_unprintable(text: &str, instead: impl Fn(char) -> Option<char>) -> Cow<'_, str> {
    let stays = |c: char| !is_unprintable(c) || instead(c) == Some(c);
    if text.chars().all(stays) {
        return text.into();
    }
    text.chars().filter_map(|c| if is_unprintable(c) { instead(c) } else { Some(c) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of each kind that may not get through.
    const HOSTILE: &str = "a\u{1b}[31mb\u{9b}c\u{7f}\u{202E}d\u{2066}\u{200F}\u{61C}\u{E0041}\u{2028}e\u{0}";

    #[test]
    fn text_from_outside_cannot_command_the_terminal() {
        assert_eq!(printable("plain ñ 日本"), "plain ñ 日本");
        assert_eq!(printable("a\u{1b}[31mb\u{9b}c\nd\u{202E}e"), "a[31mbc de");
        assert_eq!(printable(HOSTILE), "a[31mbcd e");
        assert_eq!(printable_lines("a\tb\nc\r\u{85}"), "a\tb\nc");
    }

    #[test]
    fn joiners_stay() {
        let family = "👩\u{200D}👧 می\u{200C}خواهم";
        assert_eq!(printable(family), family);
    }

    #[test]
    fn json_keeps_its_value() {
        let json = serde_json::json!({ HOSTILE: HOSTILE }).to_string();
        let harmless = printable_json(&json);
        assert!(!harmless.contains(is_unprintable), "{harmless:?}");
        let back: serde_json::Value = serde_json::from_str(&harmless).unwrap();
        assert_eq!(back, serde_json::json!({ HOSTILE: HOSTILE }));
    }
}
