//! Whether an item meets a condition. A comparison with something missing or of another type is
//! simply not met.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::condition::{Comparator, Condition, Operand};
use super::{Item, Value};
use crate::dynamodb::number::Number;

impl Condition {
    /// Whether `item` meets it; an item that does not exist is an empty one.
    #[must_use]
    pub fn met_by(&self, item: &Item) -> bool {
        match self {
            Condition::And(all) => all.iter().all(|one| one.met_by(item)),
            Condition::Or(any) => any.iter().any(|one| one.met_by(item)),
            Condition::Not(a) => !a.met_by(item),
            single => single.holds_for(item),
        }
    }

    /// A condition that holds no other: apart, so that what nests costs little stack.
    fn holds_for(&self, item: &Item) -> bool {
        match self {
            Condition::And(_) | Condition::Or(_) | Condition::Not(_) => self.met_by(item),
            Condition::Compare(comparator, a, b) => match (a.of(item), b.of(item)) {
                (Some(a), Some(b)) => comparator.holds(&a, &b),
                // A missing attribute differs from everything.
                _ => *comparator == Comparator::Unequal,
            },
            Condition::Between(a, low, high) => match (a.of(item), low.of(item), high.of(item)) {
                (Some(a), Some(low), Some(high)) => {
                    Comparator::AtLeast.holds(&a, &low) && Comparator::AtMost.holds(&a, &high)
                }
                _ => false,
            },
            Condition::In(a, list) => {
                a.of(item).is_some_and(|a| list.iter().any(|b| b.of(item).is_some_and(|b| a == b)))
            }
            Condition::Exists(path) => path.get(item).is_some(),
            Condition::Missing(path) => path.get(item).is_none(),
            Condition::Type(path, kind) => path.get(item).is_some_and(|v| v.kind() == kind),
            Condition::BeginsWith(a, b) => match (a.of(item).as_deref(), b.of(item).as_deref()) {
                (Some(Value::S(a)), Some(Value::S(b))) => a.starts_with(b.as_str()),
                (Some(Value::B(a)), Some(Value::B(b))) => a.0.starts_with(&b.0),
                _ => false,
            },
            Condition::Contains(a, b) => match (a.of(item), b.of(item)) {
                (Some(a), Some(b)) => contains(&a, &b),
                _ => false,
            },
        }
    }
}

impl Operand {
    fn of<'a>(&'a self, item: &'a Item) -> Option<Cow<'a, Value>> {
        match self {
            Operand::Value(value) => Some(Cow::Borrowed(value)),
            Operand::Path(path) => path.get(item).map(Cow::Borrowed),
            Operand::Size(path) => {
                let length = path.get(item)?.length()?;
                Some(Cow::Owned(Value::N(Number::from(length as u64))))
            }
        }
    }
}

impl Comparator {
    /// Whether the comparison holds between two values.
    #[must_use]
    pub fn holds(self, a: &Value, b: &Value) -> bool {
        match self {
            Comparator::Equal => a == b,
            Comparator::Unequal => a != b,
            ordered => order(a, b).is_some_and(|o| match ordered {
                Comparator::Less => o == Ordering::Less,
                Comparator::AtMost => o != Ordering::Greater,
                Comparator::Greater => o == Ordering::Greater,
                _ => o != Ordering::Less,
            }),
        }
    }
}

fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::S(a), Value::S(b)) => Some(a.cmp(b)),
        (Value::N(a), Value::N(b)) => Some(a.cmp(b)),
        (Value::B(a), Value::B(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn contains(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::S(a), Value::S(b)) => a.contains(b.as_str()),
        (Value::B(a), Value::B(b)) => memchr::memmem::find(&a.0, &b.0).is_some(),
        (Value::SS(set), Value::S(b)) => set.contains(b),
        (Value::NS(set), Value::N(b)) => set.contains(b),
        (Value::BS(set), Value::B(b)) => set.contains(b),
        (Value::L(list), b) => list.contains(b),
        _ => false,
    }
}
