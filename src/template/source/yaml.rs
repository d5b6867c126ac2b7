//! YAML from parser events: short tags to long form, aliases and keys said twice refused, the places
//! of the sections' members noted. It keeps its own stack, so nesting cannot exhaust the thread's.

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Range, StrInput, Tag};
use serde_json::{Map, Value};

use super::super::error::{Fault, Outcome, Span, TemplateError};
use super::scalar::resolve;
use super::{DEPTH_LIMIT, Places, Source, argument, long_form};

/// Reads a YAML template.
pub(super) fn read(text: &str) -> Outcome<Source> {
    let mut builder = Builder::default();
    for event in Parser::<StrInput<'_>>::new_from_str(text) {
        let (event, range) = event.map_err(|error| ill_formed(place(*error.marker())))?;
        let span = place(range.start);
        builder.take(event, range).map_err(|error| error.at(Some(span)))?;
    }
    Ok(Source { value: builder.root.unwrap_or(Value::Null), places: builder.places })
}

fn place(marker: saphyr_parser::Marker) -> Span {
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
    fn take(&mut self, event: Event<'_>, range: Range) -> Outcome<()> {
        let span = place(range.start);
        match event {
            Event::Alias(_) => Err(Fault::Alias.into()),
            Event::DocumentStart(_) if self.root.is_some() => Err(ill_formed(span)),
            Event::Scalar(text, style, _, tag) if self.awaits_key() => {
                if tag.is_some() {
                    return Err(ill_formed(span));
                }
                self.key(text.into_owned(), style, span)
            }
            Event::Scalar(text, style, _, tag) => {
                let value = scalar(&text, style, tag.as_deref());
                self.put(value, span)
            }
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
        self.open.push(Open { tag: tag.and_then(short), content });
        Ok(())
    }

    fn key(&mut self, key: String, style: ScalarStyle, span: Span) -> Outcome<()> {
        if key == "<<" && style == ScalarStyle::Plain {
            return Err(Fault::Alias.into());
        }
        if let [Open { content: Content::Map(_, Some(section)), .. }, _] = self.open.as_slice() {
            self.places.note(section, &key, span);
        }
        if let Some(Open { content: Content::Map(entries, awaited), .. }) = self.open.last_mut() {
            if entries.contains_key(&key) {
                return Err(Fault::DuplicateKey(key).into());
            }
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
fn short(tag: &Tag) -> Option<String> {
    (tag.handle == "!" && !tag.suffix.is_empty()).then(|| tag.suffix.clone())
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    match tag {
        Some(tag) if tag.is_yaml_core_schema() && tag.suffix != "str" => resolve(text),
        Some(tag) => short(tag).map_or_else(|| Value::from(text), |name| long_form(&name, Value::from(text))),
        None if style == ScalarStyle::Plain => resolve(text),
        None => Value::from(text),
    }
}
