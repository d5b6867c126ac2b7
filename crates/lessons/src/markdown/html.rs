//! A reader of the HTML that stands within Markdown: tags, attributes, text. It never fails; what is
//! no tag is text.

/// A piece of HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// Text between tags, character references undecoded.
    Text(&'a str),
    /// An opening tag.
    Open(Element<'a>),
    /// A closing tag's name, in lower case.
    Close(String),
}

/// An opening tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// Its name, in lower case.
    pub name: String,
    /// Its attributes as written.
    attributes: &'a str,
    /// All of it, as written.
    pub written: &'a str,
}

impl<'a> Element<'a> {
    /// The value of an attribute, character references undecoded.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        attributes(self.attributes).find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v)
    }

    /// Whether nothing stands in the tag but its name.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.attributes.trim_matches(['/', ' ', '\n']).is_empty()
    }
}

/// The pieces of `html`; comments, declarations and instructions are left out.
pub fn tokens(html: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = html;
    // Where the last tag can end; what begins after it is not searched for an end again and again.
    let last = html.rfind('>').unwrap_or(0);
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let Some(after) = rest.strip_prefix('<') else {
                let end = rest.find('<').unwrap_or(rest.len());
                let (text, next) = rest.split_at(end);
                rest = next;
                return Some(Token::Text(text));
            };
            if let Some(body) = after.strip_prefix("!--") {
                rest = body.split_once("-->").map_or("", |(_, r)| r);
                continue;
            }
            if after.starts_with(['!', '?']) {
                rest = after.split_once('>').map_or("", |(_, r)| r);
                continue;
            }
            let found = if html.len() - rest.len() < last { tag(rest) } else { None };
            if let Some((token, next)) = found {
                rest = next;
                return Some(token);
            }
            let end = after.find('<').map_or(rest.len(), |e| e + 1);
            let (text, next) = rest.split_at(end);
            rest = next;
            return Some(Token::Text(text));
        }
    })
}

fn tag(html: &str) -> Option<(Token<'_>, &str)> {
    let body = html.strip_prefix('<')?;
    let (closing, body) = body.strip_prefix('/').map_or((false, body), |b| (true, b));
    let end =
        body.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | ':'))).unwrap_or(body.len());
    let name = body.get(..end)?.to_ascii_lowercase();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let rest = body.get(end..)?;
    let mut quote = None;
    let close = rest.char_indices().find(|(_, c)| match (quote, c) {
        (None, '"' | '\'') => {
            quote = Some(*c);
            false
        }
        (Some(q), c) if q == *c => {
            quote = None;
            false
        }
        (None, '>') => true,
        _ => false,
    });
    // A quote that never closes must not swallow the page.
    let close = close.map(|(i, _)| i).or_else(|| rest.find('>'))?;
    let next = rest.get(close + 1..)?;
    if closing {
        return Some((Token::Close(name), next));
    }
    let written = html.get(..html.len() - next.len())?;
    Some((Token::Open(Element { name, attributes: rest.get(..close)?, written }), next))
}

fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len()).max(1);
        let end = (end..=rest.len()).find(|i| rest.is_char_boundary(*i)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
            rest = after;
            return Some((name, ""));
        };
        let (value, next) = match value.chars().next() {
            Some(q @ ('"' | '\'')) => {
                let body = value.get(1..).unwrap_or_default();
                body.split_once(q).unwrap_or((body, ""))
            }
            _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        rest = next;
        Some((name, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_texts_and_attributes() {
        let found: Vec<_> =
            tokens("a<IMG src='x y.png' alt=\"q > r\" width=40/>b</p><!-- <b> --><br>").collect();
        assert_eq!(found.len(), 5);
        let Token::Open(img) = &found[1] else { panic!("{found:?}") };
        assert_eq!((img.name.as_str(), img.attribute("src")), ("img", Some("x y.png")));
        assert_eq!(img.attribute("alt"), Some("q > r"));
        assert_eq!(img.attribute("height"), None);
        assert_eq!(found[3], Token::Close("p".into()));
    }

    #[test]
    fn what_is_no_tag_is_text() {
        let text =
            |h: &str| -> String { tokens(h).map(|t| if let Token::Text(t) = t { t } else { "#" }).collect() };
        assert_eq!(text("1 < 2 and <3 <"), "1 < 2 and <3 <");
        assert_eq!(text("<a href=\"x>y</a>"), "#y#");
        assert_eq!(text("<!-- open"), "");
        assert_eq!(text("<é"), "<é");
    }
}
