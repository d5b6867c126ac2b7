//! A key press as the keymap writes it (`ctrl-p`, `shift-tab`, `?`), free of any terminal library.

use std::fmt;
use std::str::FromStr;

/// What was pressed, without modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// A character as typed: shifted letters arrive in upper case.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tabulator.
    Tab,
    /// Shift and tabulator.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
    /// A function key.
    F(u8),
}

/// A key press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// What was pressed.
    pub code: Code,
    /// Whether Control was held.
    pub ctrl: bool,
    /// Whether Alt was held.
    pub alt: bool,
}

impl Key {
    /// A key without modifiers.
    #[must_use]
    pub const fn plain(code: Code) -> Key {
        Key { code, ctrl: false, alt: false }
    }

    /// The character this key types into a text field, if it types one.
    #[must_use]
    pub fn typed_char(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

const NAMES: [(&str, Code, &str); 15] = [
    ("enter", Code::Enter, "⏎"),
    ("esc", Code::Esc, "Esc"),
    ("tab", Code::Tab, "Tab"),
    ("shift-tab", Code::BackTab, "⇧Tab"),
    ("backspace", Code::Backspace, "⌫"),
    ("delete", Code::Delete, "Del"),
    ("up", Code::Up, "↑"),
    ("down", Code::Down, "↓"),
    ("left", Code::Left, "←"),
    ("right", Code::Right, "→"),
    ("pageup", Code::PageUp, "PgUp"),
    ("pagedown", Code::PageDown, "PgDn"),
    ("home", Code::Home, "Home"),
    ("end", Code::End, "End"),
    ("space", Code::Char(' '), "␣"),
];

impl FromStr for Key {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let (mut rest, mut key) = (s, Key::plain(Code::Esc));
        loop {
            if let Some(r) = rest.strip_prefix("ctrl-").filter(|r| !r.is_empty()) {
                (rest, key.ctrl) = (r, true);
            } else if let Some(r) = rest.strip_prefix("alt-").filter(|r| !r.is_empty()) {
                (rest, key.alt) = (r, true);
            } else {
                break;
            }
        }
        key.code = code(rest).ok_or_else(|| format!("`{s}` is not a key"))?;
        Ok(key)
    }
}

fn code(name: &str) -> Option<Code> {
    if let Some((_, code, _)) = NAMES.iter().find(|(n, ..)| *n == name) {
        return Some(*code);
    }
    if let Some(n) = name.strip_prefix('f').and_then(|n| n.parse().ok()).filter(|n| (1..=12).contains(n)) {
        return Some(Code::F(n));
    }
    let mut chars = name.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Some(Code::Char(c)),
        _ => None,
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("^")?;
        }
        if self.alt {
            f.write_str("Alt+")?;
        }
        match self.code {
            Code::F(n) => write!(f, "F{n}"),
            code => match NAMES.iter().find(|(_, c, _)| *c == code) {
                Some((.., shown)) => f.write_str(shown),
                None => match code {
                    Code::Char(c) => write!(f, "{c}"),
                    _ => Ok(()),
                },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_as_the_keymap_writes_them() {
        let key = |s: &str| s.parse::<Key>();
        assert_eq!(key("?"), Ok(Key::plain(Code::Char('?'))));
        assert_eq!(key("-"), Ok(Key::plain(Code::Char('-'))));
        assert_eq!(key("shift-tab"), Ok(Key::plain(Code::BackTab)));
        assert_eq!(key("ctrl-p").map(|k| (k.ctrl, k.code)), Ok((true, Code::Char('p'))));
        assert_eq!(key("f5"), Ok(Key::plain(Code::F(5))));
        assert!(key("hyper-x").is_err());
        assert_eq!(key("ctrl-c").map(|k| k.to_string()), Ok("^c".to_owned()));
    }
}
