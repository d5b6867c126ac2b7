//! The engine's state: stacks, and what is due to happen to them when.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use serde::{Deserialize, Serialize};

use super::operation::Task;
use super::stack::Stack;
use super::status::ResourceStatus;
use ground::clock::Moment;

/// All stacks of all Regions and what is due to happen to them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Engine {
    pub(super) stacks: BTreeMap<String, Box<Stack>>,
    /// Region, then name, to the id of the stack that lives under that name.
    pub(super) names: BTreeMap<String, BTreeMap<String, String>>,
    pub(super) agenda: BinaryHeap<Reverse<Due>>,
    pub(super) tickets: u64,
}

/// A task, its moment, and the stack and phase it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Due {
    pub at: Moment,
    pub ticket: u64,
    pub stack: String,
    pub turn: u64,
    pub task: Task,
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.ticket).cmp(&(other.at, other.ticket))
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Engine {
    /// The moment of the next task; `None` when nothing is under way.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        self.agenda.peek().map(|Reverse(due)| due.at)
    }

    /// A stack by its ARN, whatever its Region and state.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Stack> {
        self.stacks.get(id).map(Box::as_ref)
    }

    /// As `by_id`, to change it.
    pub fn by_id_mut(&mut self, id: &str) -> Option<&mut Stack> {
        self.stacks.get_mut(id).map(Box::as_mut)
    }

    /// The id of the stack meant in a Region: by name only if it lives, by id in any state.
    #[must_use]
    pub fn find(&self, region: &str, name_or_id: &str) -> Option<&str> {
        if name_or_id.starts_with("arn:") {
            return self.stacks.get(name_or_id).filter(|s| s.region == region).map(|s| s.id.as_str());
        }
        self.names.get(region)?.get(name_or_id).map(String::as_str)
    }

    /// The stack meant in a Region, as `find`.
    #[must_use]
    pub fn get(&self, region: &str, name_or_id: &str) -> Option<&Stack> {
        self.by_id(self.find(region, name_or_id)?)
    }

    /// As `get`, to change it.
    pub fn get_mut(&mut self, region: &str, name_or_id: &str) -> Option<&mut Stack> {
        let id = self.find(region, name_or_id)?.to_owned();
        self.by_id_mut(&id)
    }

    /// Every stack of a Region, deleted ones too, newest first.
    #[must_use]
    pub fn all(&self, region: &str) -> Vec<&Stack> {
        let mut all: Vec<&Stack> =
            self.stacks.values().map(Box::as_ref).filter(|s| s.region == region).collect();
        all.sort_by(|a, b| (b.created, &b.id).cmp(&(a.created, &a.id)));
        all
    }

    /// The stacks of a Region that live under a name, by name.
    pub fn living(&self, region: &str) -> impl Iterator<Item = &Stack> {
        self.names.get(region).into_iter().flatten().filter_map(|(_, id)| self.by_id(id))
    }

    /// The stack that holds a resource of this type under this physical id, in a Region or anywhere.
    #[must_use]
    pub fn holder(&self, kind: &str, physical_id: &str, region: Option<&str>) -> Option<&Stack> {
        let living =
            self.names.iter().filter(|(name, _)| region.is_none_or(|region| region == name.as_str()));
        living.flat_map(|(name, _)| self.living(name)).find(|stack| {
            stack.resources.values().any(|r| {
                r.kind == kind
                    && r.physical_id.as_deref() == Some(physical_id)
                    && !matches!(r.status, ResourceStatus::DeleteComplete | ResourceStatus::DeleteSkipped)
            })
        })
    }

    /// A number not given before, for ids.
    pub fn ticket(&mut self) -> u64 {
        self.tickets += 1;
        self.tickets
    }

    pub(super) fn add(&mut self, stack: Box<Stack>) {
        self.names.entry(stack.region.clone()).or_default().insert(stack.name.clone(), stack.id.clone());
        self.stacks.insert(stack.id.clone(), stack);
    }

    /// Takes the name from a stack that is gone.
    pub(super) fn forget_name(&mut self, stack: &Stack) {
        if let Some(names) = self.names.get_mut(&stack.region)
            && names.get(&stack.name) == Some(&stack.id)
        {
            names.remove(&stack.name);
        }
    }

    pub(super) fn schedule(&mut self, at: Moment, stack: &Stack, task: Task) {
        let ticket = self.ticket();
        let due = Due { at, ticket, stack: stack.id.clone(), turn: stack.turn, task };
        self.agenda.push(Reverse(due));
    }
}
