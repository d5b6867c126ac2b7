//! What is being done to a stack: phases of jobs, one job a resource, ordered by what needs what.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::resource::StackResource;
use super::status::{OperationType, ResourceStatus};
use super::wish::{Output, ShownParameter, Wish};
use ground::clock::Moment;

/// One operation on a stack, from the call that began it to its last phase.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Operation {
    /// What it is.
    pub kind: OperationType,
    /// The phase it is in.
    pub phase: Phase,
    /// The jobs of this phase.
    pub jobs: Vec<Job>,
    /// What failed in this phase, and in which way.
    pub failed: Vec<(String, ResourceStatus)>,
    /// What a deletion does with a resource that cannot be deleted.
    pub stubborn: Stubborn,
    /// Why nothing of it may be done.
    pub refusal: Option<String>,
    /// What the update created anew.
    pub fresh: BTreeSet<String>,
    /// Physical resources to delete when the phase has succeeded.
    pub garbage: Vec<StackResource>,
    /// Resources that a deletion leaves alone, or a rollback skips.
    pub skip: BTreeSet<String>,
    /// What resources were when their change back began: the state to go on from should it fail.
    #[serde(default)]
    pub undoing: BTreeMap<String, StackResource>,
    /// What the stack was before an update.
    pub before: Option<Box<Before>>,
}

/// What a deletion does with a resource that cannot be deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stubborn {
    /// The deletion fails.
    #[default]
    Fail,
    /// The resource is left behind (`FORCE_DELETE_STACK`).
    Leave,
}

/// A stack's wish and outputs before an update, to return to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Before {
    /// Template, parameters, tags.
    pub wish: Wish,
    /// Parameters as shown.
    pub parameters: Vec<ShownParameter>,
    /// Outputs.
    pub outputs: Vec<Output>,
    /// Imports.
    pub imports: BTreeSet<String>,
    /// Description.
    pub description: Option<String>,
}

/// A stretch of an operation in which its jobs run side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Creating what a new stack holds.
    Create,
    /// Undoing a creation.
    Rollback,
    /// Changing what a stack holds.
    Update,
    /// Deleting what an update left over.
    Cleanup,
    /// Undoing an update.
    UpdateRollback,
    /// Deleting what an undone update had made.
    RollbackCleanup,
    /// Deleting the stack.
    Delete,
    /// Nothing is left to do.
    Over,
}

/// What is to be done with one resource.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// The resource.
    pub logical_id: String,
    /// What to do.
    pub action: Action,
    /// How many other jobs must end first.
    pub waits: usize,
    /// Which jobs wait for this one.
    pub then: Vec<usize>,
    /// How far it is.
    pub state: JobState,
    /// Signals a creation waits for.
    pub signals: Option<Signals>,
    /// The properties that a change starts from, until it has begun.
    pub from: Option<Value>,
}

/// What a job does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Action {
    /// Bring the resource to what the template says: create, change, replace, or nothing.
    Converge,
    /// Bring it back to what it was before the update.
    Restore,
    /// Delete the resource that the logical id stands for.
    Delete,
    /// Delete a physical resource that its logical id no longer stands for (index into the garbage).
    Discard(usize),
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobState {
    /// Waits for others.
    Waiting,
    /// Could not begin, because something it names is not there; others may yet make it.
    Seeking,
    /// A new physical resource is being created.
    Creating,
    /// The physical resource is being changed.
    Changing,
    /// The physical resource is being deleted.
    Deleting,
    /// Created; waits for signals.
    Signalled,
    /// Ended well.
    Done,
    /// Ended badly.
    Failed,
}

impl JobState {
    /// Whether it has begun and not ended.
    #[must_use]
    pub fn active(self) -> bool {
        !matches!(self, JobState::Waiting | JobState::Done | JobState::Failed)
    }
}

/// Signals that a resource waits for before it counts as created.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Signals {
    /// How many must come.
    pub count: usize,
    /// Those that came, by unique id, with their data.
    pub received: BTreeMap<String, String>,
    /// Until when.
    pub deadline: Moment,
    /// How long that is, as the template says it, for the message.
    pub timeout: String,
}

/// A task the engine does at a moment, for a stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    /// Start the jobs of the phase that wait for nothing.
    Begin,
    /// Start or try again to start one job.
    Start(usize),
    /// Try again to begin the creation that a job could not begin.
    Seek(usize),
    /// Try again to begin a change that the resource was not ready for.
    Change(usize),
    /// Tell that a resource has its physical id.
    Initiated(usize),
    /// Tell that a resource is configured and only has to settle.
    Configured(usize),
    /// The time of a resource's operation has passed.
    Settle(usize),
    /// A simulated machine reports success.
    Signal(usize, String),
    /// The time to wait for signals has passed.
    SignalsDue(usize),
    /// The stack's own time limit has passed.
    StackDue,
    /// A change set has been worked out (its id).
    ChangeSet(String),
}

impl Operation {
    /// An operation about to begin.
    #[must_use]
    pub fn new(kind: OperationType, phase: Phase) -> Operation {
        Operation {
            kind,
            phase,
            jobs: Vec::new(),
            failed: Vec::new(),
            stubborn: Stubborn::Fail,
            refusal: None,
            fresh: BTreeSet::new(),
            garbage: Vec::new(),
            skip: BTreeSet::new(),
            undoing: BTreeMap::new(),
            before: None,
        }
    }
}

/// Jobs for `wanted` (name and action), each waiting for those of its `needs` that are among them.
/// With `Order::Backward` each waits for those that need it instead.
#[must_use]
pub fn jobs<'n>(
    wanted: Vec<(String, Action)>,
    order: Order,
    needs: impl Fn(&str, &Action) -> Option<&'n BTreeSet<String>>,
) -> Vec<Job> {
    let index: BTreeMap<&str, usize> =
        wanted.iter().enumerate().map(|(i, (id, _))| (id.as_str(), i)).collect();
    let mut links: Vec<(usize, usize)> = Vec::new();
    for (i, (id, action)) in wanted.iter().enumerate() {
        for need in needs(id, action).into_iter().flatten() {
            if let Some(&other) = index.get(need.as_str()).filter(|&&other| other != i) {
                links.push(match order {
                    Order::Forward => (other, i),
                    Order::Backward => (i, other),
                });
            }
        }
    }
    let mut jobs: Vec<Job> = wanted.into_iter().map(|(id, action)| Job::new(id, action)).collect();
    for (first, second) in links {
        jobs[first].then.push(second);
        jobs[second].waits += 1;
    }
    jobs
}

/// Which of two resources goes first when one needs the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The needed one: creation.
    Forward,
    /// The one that needs: deletion.
    Backward,
}

impl Job {
    fn new(logical_id: String, action: Action) -> Job {
        Job {
            logical_id,
            action,
            waits: 0,
            then: Vec::new(),
            state: JobState::Waiting,
            signals: None,
            from: None,
        }
    }
}
