//! Exports and imports: which names a Region's stacks export, who uses them, and what that forbids.

use super::Engine;
use super::stack::Stack;

/// One export of a Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The stack it belongs to.
    pub stack_id: String,
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// All exports of a Region, by name.
#[must_use]
pub fn list(engine: &Engine, region: &str) -> Vec<Export> {
    let mut all: Vec<Export> = engine.living(region).flat_map(of).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// The exports of one stack.
pub fn of(stack: &Stack) -> impl Iterator<Item = Export> {
    stack.outputs.iter().filter_map(|output| {
        let name = output.export.clone()?;
        Some(Export { stack_id: stack.id.clone(), name, value: output.value.clone() })
    })
}

/// The value exported under `name`.
#[must_use]
pub fn value(engine: &Engine, region: &str, name: &str) -> Option<String> {
    engine.living(region).flat_map(of).find(|export| export.name == name).map(|e| e.value)
}

/// The names of the stacks that import `name`, sorted.
#[must_use]
pub fn importers(engine: &Engine, region: &str, name: &str) -> Vec<String> {
    let uses = |stack: &&Stack| stack.imports.contains(name);
    engine.living(region).filter(uses).map(|stack| stack.name.clone()).collect()
}

/// Why `stack` may not lose or change these exports now, if it may not.
#[must_use]
pub(super) fn loss_refusal<'e>(
    engine: &Engine,
    stack: &Stack,
    exports: impl Iterator<Item = (&'e str, Loss)>,
) -> Option<String> {
    exports.into_iter().find_map(|(name, loss)| {
        let users = importers(engine, &stack.region, name);
        let users = match users.as_slice() {
            [] => return None,
            [one] => one.clone(),
            [most @ .., last] => format!("{} and {last}", most.join(", ")),
        };
        Some(match loss {
            Loss::Deleted => {
                format!("Delete canceled. Cannot delete export {name} as it is in use by {users}.")
            }
            Loss::Changed => format!("Cannot update export {name} as it is in use by {users}."),
        })
    })
}

/// What would happen to an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// It goes.
    Deleted,
    /// Its value changes.
    Changed,
}
