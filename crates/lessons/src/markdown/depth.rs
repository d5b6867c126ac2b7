//! Keeps quotes and lists from nesting without end before the Markdown parser reads them: it looks through all of
//! them at every line, so that depth times lines is what a page would cost.

/// The most markers of quotes and lists a line may begin with; more are not shown as such anyway.
const MARKERS: usize = 64;
/// The most blanks before a marker: each list can be indented in the one before.
const BLANKS: usize = 256;

/// The text with what nests too deep as blanks, byte for byte, and where the first of that stood.
pub fn limit_depth(text: String) -> (String, Option<usize>) {
    let mut cuts = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some((from, to)) = excess(line.as_bytes()) {
            cuts.push(at + from..at + to);
        }
        at += line.len();
    }
    let Some(first) = cuts.first().map(|cut| cut.start) else { return (text, None) };
    let mut bytes = text.into_bytes();
    for cut in cuts {
        // Markers and blanks are ASCII, so the text stays one.
        bytes.get_mut(cut).into_iter().flatten().for_each(|byte| *byte = b' ');
    }
    (String::from_utf8(bytes).unwrap_or_default(), Some(first))
}

/// The markers of a line that are too many, from the first to the last.
fn excess(line: &[u8]) -> Option<(usize, usize)> {
    let (mut at, mut markers, mut blanks) = (0, 0, 0);
    let mut from = None;
    loop {
        match line.get(at) {
            Some(b' ') => blanks += 1,
            Some(b'\t') => blanks += 4,
            _ => {
                let Some(length) = marker(line.get(at..).unwrap_or_default()) else { break };
                markers += 1;
                if markers > MARKERS || blanks > BLANKS {
                    from.get_or_insert(at);
                }
                at += length;
                continue;
            }
        }
        at += 1;
    }
    from.map(|from| (from, at))
}

/// The length of the marker a text begins with.
fn marker(text: &[u8]) -> Option<usize> {
    let digits = text.iter().take(9).take_while(|b| b.is_ascii_digit()).count();
    let length = match (digits, text.get(digits)?) {
        (0, b'>') => return Some(1),
        (0, b'-' | b'+' | b'*' | b':') => 1,
        (1.., b'.' | b')') => digits + 1,
        _ => return None,
    };
    text.get(length).is_none_or(u8::is_ascii_whitespace).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nests_as_people_write_stays_as_it_is() {
        for text in [
            "> - a\n> 1. b\n",
            "- - - - -\n",
            "* * *\n",
            "1. a\n   > b\n",
            "日本\n",
            "",
            ">>>>\n\n    code\n",
        ] {
            assert_eq!(limit_depth(text.to_owned()), (text.to_owned(), None));
        }
        let rule = "- ".repeat(60);
        assert_eq!(limit_depth(rule.clone()).0, rule);
    }

    #[test]
    fn what_nests_without_end_becomes_blanks_of_the_same_length() {
        for part in ["> ", ">", "- ", "1. ", "+ ", "> - ", "123) "] {
            let text = format!("é\n{}a\nb", part.repeat(1_000));
            let (bounded, first) = limit_depth(text.clone());
            assert_eq!(bounded.len(), text.len());
            assert!(first.is_some() && bounded.ends_with(" a\nb"), "{bounded}");
            assert_eq!(excess(bounded.lines().nth(1).unwrap_or_default().as_bytes()), None);
        }
        let text = format!("{}- a", " ".repeat(300));
        assert_eq!(limit_depth(text).0.trim(), "a");
    }
}
