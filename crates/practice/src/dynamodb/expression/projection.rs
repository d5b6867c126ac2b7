//! Projections: only the asked-for attributes of an item, nested ones in their place.

use std::collections::BTreeMap;

use super::parser::Parser;
use super::path::{Path, Step};
use super::{Item, Kind, Substitutes, Value};

/// Attributes to keep.
#[derive(Clone, Debug, PartialEq)]
pub struct Projection(Vec<Path>);

impl Projection {
    /// Parses a projection expression.
    ///
    /// # Errors
    /// DynamoDB's message, also for paths that overlap.
    pub fn parse(text: &str, substitutes: &Substitutes<'_>) -> Result<Projection, String> {
        let mut p = Parser::new(Kind::Projection, text, substitutes)?;
        let mut paths = vec![p.path()?];
        while p.sign(",") {
            paths.push(p.path()?);
        }
        p.end()?;
        for (i, a) in paths.iter().enumerate() {
            if let Some(b) = paths[i + 1..].iter().find(|b| a.overlaps(b)) {
                return Err(Kind::Projection.invalid(format_args!(
                    "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: {a}, path two: {b}"
                )));
            }
        }
        Ok(Projection(paths))
    }

    /// Top-level attributes by name (`AttributesToGet`).
    #[must_use]
    pub fn of_names(names: &[String]) -> Projection {
        Projection(names.iter().map(|n| Path(vec![Step::Name(n.as_str().into())])).collect())
    }

    /// Exactly these paths.
    #[must_use]
    pub fn of_paths(paths: Vec<Path>) -> Projection {
        Projection(paths)
    }

    /// The part of `item` that was asked for.
    #[must_use]
    pub fn of(&self, item: &Item) -> Item {
        let mut kept = Part::default();
        for path in &self.0 {
            if let Some(value) = path.get(item) {
                kept.put(&path.0, value);
            }
        }
        kept.names.into_iter().map(|(name, part)| (name, part.value())).collect()
    }
}

/// A partial document: lists keep their order but close their gaps.
#[derive(Debug, Default)]
struct Part<'a> {
    whole: Option<&'a Value>,
    names: BTreeMap<String, Part<'a>>,
    indexes: BTreeMap<usize, Part<'a>>,
}

impl<'a> Part<'a> {
    fn put(&mut self, steps: &[Step], value: &'a Value) {
        match steps.split_first() {
            None => self.whole = Some(value),
            Some((Step::Name(name), rest)) => {
                self.names.entry(name.to_string()).or_default().put(rest, value)
            }
            Some((Step::Index(i), rest)) => self.indexes.entry(*i).or_default().put(rest, value),
        }
    }

    fn value(self) -> Value {
        if let Some(whole) = self.whole {
            return whole.clone();
        }
        if !self.indexes.is_empty() {
            return Value::L(self.indexes.into_values().map(Part::value).collect());
        }
        Value::M(self.names.into_iter().map(|(n, p)| (n, p.value())).collect())
    }
}
