//! Cuts an expression into tokens, remembering where each stands for "near" in error messages.

use super::Kind;

/// One token of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// An attribute name, function name or keyword.
    Word(String),
    /// `#name`.
    Name(String),
    /// `:value`.
    Value(String),
    /// An index in a list.
    Integer(usize),
    /// `= <> < <= > >= ( ) [ ] , . + -`
    Sign(&'static str),
    End,
}

/// A token and where it begins and ends in the text.
#[derive(Clone, Debug)]
pub struct Placed {
    pub token: Token,
    /// Byte offset of its first character.
    pub from: usize,
    /// Byte offset after its last character.
    pub to: usize,
}

const SIGNS: [&str; 14] = ["<>", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ",", ".", "+", "-"];

/// All tokens of `text`, the last one `End`.
pub fn tokens(kind: Kind, text: &str) -> Result<Vec<Placed>, String> {
    if text.trim().is_empty() {
        return Err(kind.invalid("The expression can not be empty;"));
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else { break };
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = one(rest, first).ok_or_else(|| {
            let near: String = rest.chars().take(2).collect();
            kind.invalid(format_args!("Syntax error; token: \"{first}\", near: \"{near}\""))
        })?;
        found.push(Placed { token, from: at, to: at + length });
        at += length;
    }
    found.push(Placed { token: Token::End, from: text.len(), to: text.len() });
    Ok(found)
}

fn one(rest: &str, first: char) -> Option<(Token, usize)> {
    let word = |from: usize| {
        let tail = &rest[from..];
        from + tail.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(tail.len())
    };
    match first {
        '#' | ':' => {
            // Placeholders may hold dots and dashes beside letters in AWS's own parser; letters are what it documents.
            let end = word(1);
            let text = rest[..end].to_owned();
            let token = if first == '#' { Token::Name(text) } else { Token::Value(text) };
            (end > 1).then_some((token, end))
        }
        '0'..='9' => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            Some((Token::Integer(rest[..end].parse().ok()?), end))
        }
        c if c.is_alphabetic() || c == '_' => {
            let end = word(0);
            Some((Token::Word(rest[..end].to_owned()), end))
        }
        _ => {
            let sign = SIGNS.into_iter().find(|s| rest.starts_with(s))?;
            Some((Token::Sign(sign), sign.len()))
        }
    }
}
