//! Foreign text made safe to stand in a form: in HTML, and in a table of Markdown.

use std::borrow::Cow;

use ground::lang::is_unprintable;

/// Text that can be nothing but text in HTML, in an element or in quotes.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    let special = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\'') || is_unprintable(c);
    if !text.contains(special) {
        return text.into();
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if is_unprintable(c) => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe.into()
}

/// Text that can break neither out of its cell nor into markup, in a table of Markdown.
pub(super) fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' => safe.extend(['\\', c]),
            '<' => safe.push_str("&lt;"),
            '&' => safe.push_str("&amp;"),
            c if is_unprintable(c) => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}
