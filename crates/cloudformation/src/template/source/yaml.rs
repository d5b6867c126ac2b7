//! YAML from parser events: short tags to long form, aliases refused, of a key said twice the last
//! counts (as in AWS), the places of the sections' members noted. It keeps its own stack, so nesting
//! cannot exhaust the thread's.

use std::borrow::Cow;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};
use serde_json::{Map, Value};

use super::super::error::{Fault, Outcome, Span, TemplateError};
use super::scalar::resolve;
use super::{DEPTH_LIMIT, Places, Source, argument, long_form, margin};

/// Reads a YAML template.
pub(super) fn read(text: &str) -> Outcome<Source> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..margin::MENDINGS {
        match events(&text) {
            Ok(source) => return Ok(source),
            Err(Trouble::Refused(error)) => return Err(error),
            Err(Trouble::Scan(error)) => {
                match margin::place_of(&error).and_then(|start| margin::mend(&text, start)) {
                    Some(mended) => text = Cow::Owned(mended),
                    None => return Err(ill_formed(place(*error.marker()))),
                }
            }
        }
    }
    Err(Fault::Yaml(None).into())
}

/// What ends the reading of events.
enum Trouble {
    Scan(ScanError),
    Refused(TemplateError),
}

fn events(text: &str) -> Result<Source, Trouble> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, range) = event.map_err(Trouble::Scan)?;
        let span = place(range.start);
        builder.take(event, span).map_err(|error| Trouble::Refused(error.at(Some(span))))?;
    }
    Ok(Source { value: builder.root.unwrap_or_default(), places: builder.places })
}

fn place(marker: Marker) -> Span {
    Span { line: marker.line(), column: marker.col() + 1 }
}

fn ill_formed(span: Span) -> TemplateError {
    TemplateError::from(Fault::Yaml(Some(span))).at(Some(span))
}

/// A collection that is still open.
struct Open {
    tag: Option<String>,
    content: Content,
}

enum Content {
    List(Vec<Value>),
    /// The entries so far, and the key whose value comes next.
    Map(Map<String, Value>, Option<String>),
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Value>,
    places: Places,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Outcome<()> {
        match event {
            Event::Alias(_) => Err(Fault::Alias.into()),
            Event::DocumentStart(_) if self.root.is_some() => Err(ill_formed(span)),
            Event::Scalar(text, style, _, tag) if self.awaits_key() => match tag.as_deref().and_then(short) {
                None => self.key(text.into_owned(), style, span),
                Some(_) => Err(ill_formed(span)),
            },
            Event::Scalar(text, style, _, tag) => self.put(scalar(&text, style, tag.as_deref()), span),
            Event::SequenceStart(_, tag) => self.start(Content::List(Vec::new()), tag.as_deref(), span),
            Event::MappingStart(_, tag) => self.start(Content::Map(Map::new(), None), tag.as_deref(), span),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            _ => Ok(()),
        }
    }

    fn awaits_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: Content::Map(_, None), .. }))
    }

    fn start(&mut self, content: Content, tag: Option<&Tag>, span: Span) -> Outcome<()> {
        if self.awaits_key() {
            return Err(ill_formed(span));
        }
        if self.open.len() >= DEPTH_LIMIT {
            return Err(Fault::TooDeep(DEPTH_LIMIT).into());
        }
        let tag = tag.and_then(short).map(str::to_owned);
        self.open.push(Open { tag, content });
        Ok(())
    }

    fn key(&mut self, key: String, style: ScalarStyle, span: Span) -> Outcome<()> {
        if key == "<<" && style == ScalarStyle::Plain {
            return Err(Fault::Alias.into());
        }
        if let [Open { content: Content::Map(_, Some(section)), .. }, _] = self.open.as_slice() {
            self.places.note(section, &key, span);
        }
        if let Some(Open { content: Content::Map(_, awaited), .. }) = self.open.last_mut() {
            *awaited = Some(key);
        }
        Ok(())
    }

    fn end(&mut self, span: Span) -> Outcome<()> {
        let Some(Open { tag, content }) = self.open.pop() else { return Err(ill_formed(span)) };
        let value = match content {
            Content::List(list) => Value::Array(list),
            Content::Map(map, _) => Value::Object(map),
        };
        let value = match tag {
            Some(tag) => long_form(&tag, value),
            None => value,
        };
        self.put(value, span)
    }

    fn put(&mut self, value: Value, span: Span) -> Outcome<()> {
        match self.open.last_mut().map(|open| &mut open.content) {
            None if self.root.is_some() => return Err(ill_formed(span)),
            None => self.root = Some(value),
            Some(Content::List(list)) => list.push(value),
            Some(Content::Map(entries, awaited)) => {
                let Some(key) = awaited.take() else { return Err(ill_formed(span)) };
                let value = argument(&key, value);
                entries.insert(key, value);
            }
        }
        Ok(())
    }
}

/// The name of a short tag; `None` for YAML's own tags.
fn short(tag: &Tag) -> Option<&str> {
    (tag.handle == "!" && !tag.suffix.is_empty()).then_some(tag.suffix.as_str())
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    match tag {
        Some(tag) if tag.is_yaml_core_schema() && tag.suffix != "str" => resolve(text),
        Some(tag) => short(tag).map_or_else(|| Value::from(text), |name| long_form(name, Value::from(text))),
        None if style == ScalarStyle::Plain => resolve(text),
        None => Value::from(text),
    }
}
