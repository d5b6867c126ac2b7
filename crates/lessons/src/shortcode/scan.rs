//! Finds shortcode tags in a text and reads their names and arguments.

use super::super::diagnostic::{Diagnostic, Problem};
use super::super::document::Span;
use super::call::Args;

/// A tag found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The shortcode's name.
    pub name: String,
    /// What it is.
    pub kind: TagKind,
    /// Its arguments.
    pub args: Args,
    /// Where it stands, delimiters included.
    pub span: Span,
}

/// What a tag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagKind {
    /// `{{< name >}}`
    Open,
    /// `{{< name />}}`
    SelfClosing,
    /// `{{< /name >}}`
    Close,
    /// `{{</* name */>}}`: not a shortcode but its text.
    Literal,
    /// Something that isn't well formed.
    Broken,
}

/// All tags of `text` within `from..to`, in order.
pub fn tags(text: &str, from: usize, to: usize, diagnostics: &mut Vec<Diagnostic>) -> Vec<Tag> {
    let text = text.get(..to).unwrap_or(text);
    let mut out = Vec::new();
    let mut at = from;
    // A commented tag that never ends is found so once, not by each of many.
    let (angled, percent) = (text.rfind("*/>}}").unwrap_or(0), text.rfind("*/%}}").unwrap_or(0));
    while let Some(found) = text.get(at..).and_then(|t| t.find("{{")) {
        let start = at + found;
        let (end, last_comment) = match text.as_bytes().get(start + 2) {
            Some(b'<') => (">}}", angled),
            Some(b'%') => ("%}}", percent),
            _ => {
                at = start + 1;
                continue;
            }
        };
        let mut reader = Reader { text, at: start + 3, end, last_comment };
        let tag = reader.tag(start).unwrap_or_else(|problem| {
            let at = reader.at;
            let stop = reader.recover(start);
            let place = if problem == Problem::TagString { at } else { start };
            let span = Span { start: place, end: (place + 3).max(stop.min(place + 60)) };
            diagnostics.push(Diagnostic { problem, span });
            let span = Span { start, end: stop };
            Tag { name: String::new(), kind: TagKind::Broken, args: Args::default(), span }
        });
        at = tag.span.end;
        out.push(tag);
    }
    out
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    end: &'static str,
    /// Where the last commented shortcode can end.
    last_comment: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn eat(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        if found {
            self.at += what.len();
        }
        found
    }

    fn finish_tag(&mut self, start: usize, name: &str, kind: TagKind, args: Args) -> Tag {
        self.at += self.end.len();
        let span = Span { start, end: self.at };
        Tag { name: name.to_owned(), kind, args, span }
    }

    fn tag(&mut self, start: usize) -> Result<Tag, Problem> {
        self.eat("-");
        self.blank();
        if self.eat("/*") {
            return self.literal(start);
        }
        let closing = self.eat("/");
        self.blank();
        let name = self.name()?;
        let mut args = Args::default();
        loop {
            self.blank();
            let rest = self.rest();
            if rest.starts_with(self.end) {
                let kind = if closing { TagKind::Close } else { TagKind::Open };
                return Ok(self.finish_tag(start, &name, kind, args));
            }
            if rest.strip_prefix('/').is_some_and(|r| r.trim_start().starts_with(self.end)) {
                self.at += 1;
                self.blank();
                return Ok(self.finish_tag(start, &name, TagKind::SelfClosing, args));
            }
            if rest.is_empty() || rest.starts_with("{{<") || rest.starts_with("{{%") {
                return Err(Problem::TagOpen(self.end));
            }
            self.argument(&mut args)?;
        }
    }

    fn name(&mut self) -> Result<String, Problem> {
        let stops = |c: char| c.is_whitespace() || matches!(c, '"' | '`' | '=' | '<' | '{' | '}');
        let rest = self.rest();
        // An end holds a stop, so it cannot begin more than its length after the first.
        let stop = rest.find(stops).unwrap_or(rest.len());
        let head = rest.get(..stop + 2).unwrap_or(rest);
        let end = head.find(self.end).unwrap_or(stop).min(stop);
        let name = rest.get(..end).unwrap_or_default().trim_end_matches('/').to_owned();
        if name.is_empty() || name.contains(['>', '%']) {
            return Err(Problem::TagName);
        }
        self.at += name.len();
        Ok(name)
    }

    fn argument(&mut self, args: &mut Args) -> Result<(), Problem> {
        let rest = self.rest();
        let key = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))).unwrap_or(0);
        let spaced = rest.get(key..).unwrap_or_default().trim_start();
        if key > 0 && spaced.starts_with('=') {
            let name = rest.get(..key).unwrap_or_default().to_owned();
            self.at += rest.len() - spaced.len() + 1;
            self.blank();
            let value = self.value()?;
            args.named.push((name, value));
        } else {
            let value = self.value()?;
            args.positional.push(value);
        }
        Ok(())
    }

    fn value(&mut self) -> Result<String, Problem> {
        match self.rest().chars().next() {
            Some('"') => self.quoted_text(),
            Some('`') => {
                let rest = self.rest().get(1..).unwrap_or_default();
                let end = rest.find('`').ok_or(Problem::TagString)?;
                let value = rest.get(..end).unwrap_or_default().to_owned();
                self.at += end + 2;
                Ok(value)
            }
            // Typographic quotes are what a word processor makes of plain ones.
            Some('“' | '”') => {
                let body = self.rest().trim_start_matches(['“', '”']);
                let opened = self.rest().len() - body.len();
                let end = body.find(['“', '”', '\n']).ok_or(Problem::TagString)?;
                let value = body.get(..end).unwrap_or_default().to_owned();
                let closed = body.get(end..).and_then(|r| r.chars().next()).map_or(0, char::len_utf8);
                self.at += opened + end + closed;
                Ok(value)
            }
            _ => Ok(self.bare()),
        }
    }

    fn quoted_text(&mut self) -> Result<String, Problem> {
        let mut value = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((i, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += i + 1;
                    return Ok(value);
                }
                '\\' => match chars.next() {
                    Some((_, c @ ('"' | '\\'))) => value.push(c),
                    Some((_, c)) => value.extend(['\\', c]),
                    None => break,
                },
                '\n' if self.rest().get(i..).is_some_and(|r| r.starts_with("\n\n")) => break,
                c => value.push(c),
            }
        }
        Err(Problem::TagString)
    }

    fn bare(&mut self) -> String {
        let rest = self.rest();
        let space = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let word = rest.get(..space).unwrap_or(rest);
        let close = word.find(self.end).unwrap_or(rest.len());
        // Another tag begins: this one has no end, and its reader must not run through all that follow.
        let next = word.find("{{<").into_iter().chain(word.find("{{%")).min().unwrap_or(rest.len());
        let space = space.min(next);
        let mut value = rest.get(..close.min(space)).unwrap_or_default();
        if close <= space && value.len() > 1 {
            value = value.strip_suffix('/').unwrap_or(value);
        }
        let value = value.to_owned();
        // Always forward: a lone quote or sign must not hold the reader.
        self.at += value.len().max(rest.chars().next().map_or(0, char::len_utf8).min(rest.len()));
        value
    }

    fn literal(&mut self, start: usize) -> Result<Tag, Problem> {
        let rest = self.rest();
        let stop = format!("*/{}", self.end);
        let end = if self.at > self.last_comment { None } else { rest.find(&stop) };
        let end = end.ok_or(Problem::TagOpen(self.end))?;
        let open = if self.end == ">}}" { "{{<" } else { "{{%" };
        let shown = format!("{open}{}{}", rest.get(..end).unwrap_or_default(), self.end);
        self.at += end + 2;
        Ok(self.finish_tag(start, &shown, TagKind::Literal, Args::default()))
    }

    /// Where reading goes on after a broken tag: after its end on the same line, else at the line's end.
    fn recover(&self, start: usize) -> usize {
        let rest = self.text.get(start + 3..).unwrap_or_default();
        let bytes = rest.as_bytes();
        let stop = bytes.iter().enumerate().find_map(|(i, byte)| match byte {
            b'\n' => Some(i),
            b'}' if bytes.get(i + 1) == Some(&b'}') => Some(i + 2),
            _ => None,
        });
        start + 3 + stop.unwrap_or(rest.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Tag {
        let mut wrong = Vec::new();
        let found = tags(text, 0, text.len(), &mut wrong);
        assert_eq!((found.len(), wrong.len()), (1, 0), "{text}: {wrong:?}");
        found.into_iter().next().unwrap()
    }

    #[test]
    fn arguments_of_every_form() {
        let t = one(r#"{{< figure src="a \"b\".png" alt=`raw "x"` width=40 >}}"#);
        assert_eq!(t.args.named_argument("src"), Some("a \"b\".png"));
        assert_eq!(t.args.named_argument("ALT"), Some("raw \"x\""));
        assert_eq!(t.args.named_argument("width"), Some("40"));
        assert_eq!(one("{{% notice warning %}}").args.positional, ["warning"]);
        assert_eq!(one("{{<youtube abc>}}").args.positional, ["abc"]);
        assert_eq!(one("{{%attachments style=\"x\" /%}}").kind, TagKind::SelfClosing);
        assert_eq!(one("{{<x y/>}}"), Tag { span: Span { start: 0, end: 10 }, ..one("{{<x y/>}}") });
        assert_eq!(one("{{< /tab >}}").kind, TagKind::Close);
        assert_eq!(one("{{% /common/Keys %}}").name, "common/Keys");
        assert_eq!(one("{{% children\n depth=2\n%}}").args.named_argument("depth"), Some("2"));
    }

    #[test]
    fn a_commented_shortcode_is_its_text() {
        let t = one("{{</* notice \"x\" */>}}");
        assert_eq!((t.kind, t.name.as_str()), (TagKind::Literal, "{{< notice \"x\" >}}"));
        assert_eq!(one("{{%/* a */%}}").name, "{{% a %}}");
    }

    #[test]
    fn broken_tags_say_where_and_reading_goes_on() {
        for (text, problem) in [
            ("a {{< img\n\nrest {{< br >}}", Problem::TagOpen(">}}")),
            ("{{< >}} x", Problem::TagName),
            ("{{< x \"open >}}\n\nmore", Problem::TagString),
            ("{{%", Problem::TagName),
        ] {
            let mut wrong = Vec::new();
            let found = tags(text, 0, text.len(), &mut wrong);
            assert_eq!(found[0].kind, TagKind::Broken, "{text}");
            assert_eq!(wrong[0].problem, problem, "{text}");
        }
    }

    #[test]
    fn template_braces_are_no_shortcodes() {
        let text = "${{ github.ref }} {{ .Values.x }} {{{<";
        let mut wrong = Vec::new();
        assert!(tags(text, 0, 30, &mut wrong).is_empty());
    }
}
