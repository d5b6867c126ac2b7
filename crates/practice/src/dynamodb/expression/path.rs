//! Document paths (`a.b[2].c`): where an attribute stands inside an item.

use std::fmt;
use std::sync::Arc;

use crate::dynamodb::value::{Item, Value};

/// A path led into nothing, or into something of another type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nowhere;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into a map.
    Name(Arc<str>),
    /// Into a list.
    Index(usize),
}

/// A path: the first step is always a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The top-level attribute it starts at.
    #[must_use]
    pub fn root(&self) -> &str {
        match self.0.first() {
            Some(Step::Name(name)) => name,
            _ => "",
        }
    }

    /// The value at this path.
    #[must_use]
    pub fn get<'i>(&self, item: &'i Item) -> Option<&'i Value> {
        let mut value = item.get(self.root())?;
        for step in &self.0[1..] {
            value = match (step, value) {
                (Step::Name(name), Value::M(map)) => map.get(&**name)?,
                (Step::Index(i), Value::L(list)) => list.get(*i)?,
                _ => return None,
            };
        }
        Some(value)
    }

    /// Puts `new` at this path; an index past the end appends.
    ///
    /// # Errors
    /// Gives `new` back when a parent is missing or of another type.
    pub fn set(&self, item: &mut Item, new: Value) -> Result<(), Value> {
        let Some((last, parents)) = self.0.split_last() else { return Err(new) };
        let (Some(parent), Step::Name(_)) = (self.parent(item, parents), &self.0[0]) else {
            return match last {
                Step::Name(name) if parents.is_empty() => {
                    item.insert(name.to_string(), new);
                    Ok(())
                }
                _ => Err(new),
            };
        };
        match (last, parent) {
            (Step::Name(name), Value::M(map)) => {
                map.insert(name.to_string(), new);
            }
            (Step::Index(i), Value::L(list)) => match list.get_mut(*i) {
                Some(old) => *old = new,
                None => list.push(new),
            },
            _ => return Err(new),
        }
        Ok(())
    }

    /// Takes the value at this path out.
    ///
    /// # Errors
    /// `Nowhere` when a parent is missing or of another type.
    pub fn remove(&self, item: &mut Item) -> Result<(), Nowhere> {
        let (last, parents) = self.0.split_last().ok_or(Nowhere)?;
        match (last, self.parent(item, parents)) {
            (Step::Name(name), None) if parents.is_empty() => {
                item.remove(&**name);
            }
            (Step::Name(name), Some(Value::M(map))) => {
                map.remove(&**name);
            }
            (Step::Index(i), Some(Value::L(list))) => {
                if *i < list.len() {
                    list.remove(*i);
                }
            }
            _ => return Err(Nowhere),
        }
        Ok(())
    }

    fn parent<'i>(&self, item: &'i mut Item, parents: &[Step]) -> Option<&'i mut Value> {
        let (_, inner) = parents.split_first()?;
        let mut value = item.get_mut(self.root())?;
        for step in inner {
            value = match (step, value) {
                (Step::Name(name), Value::M(map)) => map.get_mut(&**name)?,
                (Step::Index(i), Value::L(list)) => list.get_mut(*i)?,
                _ => return None,
            };
        }
        Some(value)
    }

    /// Whether one path leads through or to the other.
    #[must_use]
    pub fn overlaps(&self, other: &Path) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| a == b)
    }

    /// Whether both step differently (name against index) at the first place where they part.
    #[must_use]
    pub fn conflicts(&self, other: &Path) -> bool {
        let parting = self.0.iter().zip(&other.0).find(|(a, b)| a != b);
        matches!(parting, Some((Step::Name(_), Step::Index(_)) | (Step::Index(_), Step::Name(_))))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps: Vec<String> = self
            .0
            .iter()
            .map(|s| match s {
                Step::Name(name) => name.to_string(),
                Step::Index(i) => format!("[{i}]"),
            })
            .collect();
        write!(f, "[{}]", steps.join(", "))
    }
}
