//! What a step lets Espera do: an action of the cloud, or a drill, which is no action of the cloud but is run
//! over probes of its own.

use std::fmt;

use serde::Deserialize;

use crate::cloud::ActionId;

/// Something that the course offers to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Measure a failover from outside.
    Drill,
    /// An action of the cloud.
    #[serde(untagged)]
    Cloud(ActionId),
}

impl Task {
    /// The id as the course writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Task::Drill => "drill",
            Task::Cloud(action) => action.as_str(),
        }
    }

    /// The action of the cloud, if it is one.
    #[must_use]
    pub fn cloud(self) -> Option<ActionId> {
        match self {
            Task::Drill => None,
            Task::Cloud(action) => Some(action),
        }
    }
}

impl From<ActionId> for Task {
    fn from(action: ActionId) -> Task {
        Task::Cloud(action)
    }
}

impl PartialEq<ActionId> for Task {
    fn eq(&self, other: &ActionId) -> bool {
        self.cloud() == Some(*other)
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Step {
        tasks: Vec<Task>,
    }

    #[test]
    fn the_course_names_a_drill_and_actions_of_the_cloud_alike() {
        let step: Step = toml::from_str("tasks = [\"drill\", \"fail-over\"]").unwrap();
        assert_eq!(step.tasks, [Task::Drill, Task::Cloud(ActionId::FailOver)]);
        assert_eq!(step.tasks.iter().map(Task::to_string).collect::<Vec<_>>(), ["drill", "fail-over"]);
        assert!(toml::from_str::<Step>("tasks = [\"dril\"]").is_err());
    }
}
