//! What evaluating a template may cost. CloudFormation documents no such bound, but values in AWS are
//! small and a template of 20 kB can ask for one that no machine holds.

use std::cell::Cell;

use serde_json::Value;

use super::error::{Fault, Outcome};
use super::source::{DEPTH_LIMIT, shallow};

/// What one evaluation may produce on its way, in bytes: several times what the largest template
/// (1,000,000 bytes) could hold as it stands.
pub(crate) const WORK: usize = 16 * 1024 * 1024;

/// What a value costs beside its text. So bytes bound steps, too.
const NODE: usize = 32;

/// The largest value a resource or an output may have when it is evaluated, in bytes. It is what AWS
/// takes for the properties of a resource (Cloud Control API, `Properties`).
pub(crate) const RESULT: usize = 262_144;

/// How many dynamic references a template may have (CloudFormation user guide, "Get values stored in
/// other services using dynamic references").
pub(crate) const DYNAMIC_REFERENCES: usize = 60;

/// What is left of an evaluation's allowance.
#[derive(Debug)]
pub(crate) struct Budget(Cell<usize>);

impl Default for Budget {
    fn default() -> Self {
        Budget(Cell::new(WORK))
    }
}

impl Budget {
    /// Takes `bytes` before they are produced.
    ///
    /// # Errors
    /// When that is more than what is left.
    pub fn bytes(&self, bytes: usize) -> Outcome<()> {
        let left = self.0.get().checked_sub(bytes).ok_or(Fault::TooCostly(WORK))?;
        self.0.set(left);
        Ok(())
    }

    /// Takes one more value with a text of `length` bytes.
    ///
    /// # Errors
    /// As `bytes`.
    pub fn value(&self, length: usize) -> Outcome<()> {
        self.bytes(length.saturating_add(NODE))
    }

    /// Takes a copy of `value`.
    ///
    /// # Errors
    /// As `bytes`.
    pub fn copy_of(&self, value: &Value) -> Outcome<()> {
        match value {
            Value::String(text) => self.value(text.len()),
            Value::Array(list) => {
                self.value(0)?;
                list.iter().try_for_each(|item| self.copy_of(item))
            }
            Value::Object(map) => {
                self.value(0)?;
                map.iter().try_for_each(|(key, member)| {
                    self.bytes(key.len())?;
                    self.copy_of(member)
                })
            }
            _ => self.value(0),
        }
    }
}

/// Refuses a value that is too large or too deep to keep.
pub(crate) fn keepable(value: &Value) -> Outcome<()> {
    if !shallow(value, DEPTH_LIMIT) {
        return Err(Fault::TooDeep(DEPTH_LIMIT).into());
    }
    if size(value) <= RESULT { Ok(()) } else { Err(Fault::TooLarge(RESULT).into()) }
}

/// Bytes of texts and keys, and one for all else.
fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(list) => list.iter().map(|item| size(item) + 1).sum(),
        Value::Object(map) => map.iter().map(|(key, member)| key.len() + size(member) + 1).sum(),
        _ => 1,
    }
}
