//! XML out (`Xml`, a writer that escapes) and in (`Node`, a small tree).

use std::fmt::{self, Write as _};

use quick_xml::events::Event;
use serde::{Deserialize, Serialize};

use crate::call::AwsError;

/// Writes XML without white space between elements. Texts are escaped; names are the caller's.
#[derive(Clone, Debug, Default)]
pub struct Xml {
    out: String,
}

impl Xml {
    /// An empty writer.
    #[must_use]
    pub fn new() -> Xml {
        Xml { out: String::with_capacity(1024) }
    }

    /// A writer that begins with the XML declaration.
    #[must_use]
    pub fn document() -> Xml {
        let mut xml = Xml::new();
        xml.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml
    }

    /// `<name>`
    pub fn open(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
    }

    /// `<name attribute="value">`
    pub fn open_with(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(name);
        for (attribute, value) in attributes {
            self.out.push(' ');
            self.out.push_str(attribute);
            self.out.push_str("=\"");
            self.escape(value);
            self.out.push('"');
        }
        self.out.push('>');
    }

    /// `</name>`
    pub fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// `<name>text</name>`
    pub fn text(&mut self, name: &str, text: impl AsRef<str>) {
        self.open(name);
        self.escape(text.as_ref());
        self.close(name);
    }

    /// `<name>text</name>` if there is a text.
    pub fn optional(&mut self, name: &str, text: Option<impl AsRef<str>>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// `<name>value</name>` for numbers, Booleans and others whose display needs no escaping.
    pub fn display(&mut self, name: &str, value: impl fmt::Display) {
        self.open(name);
        let _ = write!(self.out, "{value}");
        self.close(name);
    }

    /// `<name>…</name>` around what `write` writes.
    pub fn nest(&mut self, name: &str, write: impl FnOnce(&mut Xml)) {
        self.open(name);
        write(self);
        self.close(name);
    }

    /// A list: `<name><member>…</member>…</name>`, with `write` writing each item's inside.
    pub fn list<T>(
        &mut self,
        name: &str,
        member: &str,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Xml, T),
    ) {
        self.open(name);
        for item in items {
            self.open(member);
            write(self, item);
            self.close(member);
        }
        self.close(name);
    }

    /// Text between tags, escaped.
    pub fn escape(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find(|c: char| matches!(c, '&' | '<' | '>' | '"' | '\r') || forbidden(c)) {
            self.out.push_str(&rest[..at]);
            let mut chars = rest[at..].chars();
            match chars.next() {
                Some('&') => self.out.push_str("&amp;"),
                Some('<') => self.out.push_str("&lt;"),
                Some('>') => self.out.push_str("&gt;"),
                Some('"') => self.out.push_str("&quot;"),
                Some('\r') => self.out.push_str("&#xD;"),
                _ => self.out.push('\u{fffd}'),
            }
            rest = chars.as_str();
        }
        self.out.push_str(rest);
    }

    /// XML written already.
    pub fn raw(&mut self, xml: &str) {
        self.out.push_str(xml);
    }

    /// What was written.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }

    pub(super) fn open_parts(&mut self, name: &str, suffix: &str, namespace: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push_str(suffix);
        if !namespace.is_empty() {
            self.out.push_str(" xmlns=\"");
            self.out.push_str(namespace);
            self.out.push('"');
        }
        self.out.push('>');
    }

    pub(super) fn close_parts(&mut self, name: &str, suffix: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(suffix);
        self.out.push('>');
    }
}

/// Characters that XML 1.0 cannot hold even escaped.
fn forbidden(c: char) -> bool {
    (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// An element read from XML; name spaces' prefixes and attributes are dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// The local name.
    pub name: String,
    /// The text directly within.
    pub text: String,
    /// The elements directly within.
    pub children: Vec<Node>,
}

/// Elements nested deeper than this are refused, so that no document exhausts the stack. A saved world
/// holds documents as JSON with two levels for each, and is read to 128 levels. AWS's have eight at most.
const DEEPEST: usize = 32;
/// The longest document, in bytes: thrice the largest list of keys to delete, or of parts to join.
const LONGEST: usize = 6 * 1024 * 1024;
/// The most elements of a document: a CompleteMultipartUpload has 10,000 parts of up to eight.
const ELEMENTS: usize = 100_000;

impl Node {
    /// Reads a document's root element.
    ///
    /// # Errors
    /// `MalformedXML` when it is not well formed.
    pub fn parse(bytes: &[u8]) -> Result<Node, AwsError> {
        read(bytes).ok_or_else(|| {
            AwsError::new(
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our published schema",
            )
        })
    }

    /// The first element of that name directly within.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|c| c.name == name)
    }

    /// The elements of that name directly within.
    pub fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Node> {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// The text of the element reached by a path of names: `at("DistributionConfig/Comment")`.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&str> {
        self.node(path).map(|node| node.text.as_str())
    }

    /// The element reached by a path of names.
    #[must_use]
    pub fn node(&self, path: &str) -> Option<&Node> {
        path.split('/').try_fold(self, |node, name| node.child(name))
    }
}

fn read(bytes: &[u8]) -> Option<Node> {
    if bytes.len() > LONGEST {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let mut elements = 0;
    let mut reader = quick_xml::Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut stack: Vec<Node> = Vec::new();
    loop {
        let event = reader.read_event().ok()?;
        elements += usize::from(matches!(event, Event::Start(_) | Event::Empty(_)));
        if elements > ELEMENTS {
            return None;
        }
        match event {
            Event::Start(e) => {
                let name = e.local_name().as_ref().to_owned();
                stack.push(Node { name, ..Node::default() });
                if stack.len() > DEEPEST {
                    return None;
                }
            }
            Event::Empty(e) => {
                let name = e.local_name().as_ref().to_owned();
                let node = Node { name, ..Node::default() };
                match stack.last_mut() {
                    Some(parent) => parent.children.push(node),
                    None => return Some(node),
                }
            }
            Event::End(_) => {
                let node = stack.pop()?;
                match stack.last_mut() {
                    Some(parent) => parent.children.push(node),
                    None => return Some(node),
                }
            }
            event => write_text(&event, stack.last_mut())?,
        }
    }
}

/// Adds what a text-like event holds to `to`; `None` at the document's end or on a bad entity.
fn write_text(event: &Event<'_>, to: Option<&mut Node>) -> Option<()> {
    let text = match event {
        Event::Eof => return None,
        Event::Text(t) => t.xml10_content().into_owned(),
        Event::CData(t) => t.xml10_content().into_owned(),
        Event::GeneralRef(r) => match r.resolve_char_ref().ok()? {
            Some(c) => c.to_string(),
            None => quick_xml::escape::resolve_predefined_entity(r)?.to_owned(),
        },
        _ => return Some(()),
    };
    if let Some(node) = to {
        node.text.push_str(&text);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_the_same() {
        let mut xml = Xml::document();
        xml.nest("A", |xml| {
            xml.text("Key", "a<b>&\"c\"\r\n");
            xml.list("Items", "member", [1, 2], |xml, n| xml.display("N", n));
        });
        let node = Node::parse(xml.finish().as_bytes()).unwrap();
        assert_eq!(node.at("Key"), Some("a<b>&\"c\"\r\n"));
        let items: Vec<_> = node.node("Items").unwrap().all("member").filter_map(|m| m.at("N")).collect();
        assert_eq!(items, ["1", "2"]);
    }

    #[test]
    fn bad_documents_are_errors_not_panics() {
        for bad in ["", "<a>", "<a></b>", "<a>&x;</a>", "text", &"<a>".repeat(500)] {
            assert_eq!(Node::parse(bad.as_bytes()).unwrap_err().code, "MalformedXML", "{bad}");
        }
    }
}
