//! A scenario: how practice AWS differs from the measured averages (`assets/scenarios/*.toml`, or a
//! file of the learner's or instructor's own). Unknown fields are refused.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::faults::Turn;
use ground::clock::Moment;
use ground::lang::Lang;
use ground::tr;

/// Lags, durations and faults of one world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// Factor on every measured duration (1.0 = as measured).
    pub duration_scale: f64,
    /// Lags of replication.
    pub lag: Lag,
    /// What goes wrong, in order of time.
    pub fault: Vec<PlannedFault>,
    /// Resources of stacks that cannot be created or changed.
    pub failure: Vec<PlannedFailure>,
}

impl Default for Scenario {
    fn default() -> Self {
        Scenario { duration_scale: 1.0, lag: Lag::default(), fault: Vec::new(), failure: Vec::new() }
    }
}

/// Lags of replication between Regions, and what requests take, in milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lag {
    /// Aurora global database: from a commit in the writer to the standby.
    pub aurora_ms: u64,
    /// DynamoDB global tables: from a write to the other replicas.
    pub table_ms: u64,
    /// One round trip between the two Regions, which a forwarded write pays.
    pub round_trip_ms: u64,
    /// A viewer's request through the edge.
    pub edge_ms: u64,
    /// A request to the API of the same Region.
    pub api_ms: u64,
    /// A commit in Aurora.
    pub commit_ms: u64,
    /// Reading or writing an item in DynamoDB.
    pub item_ms: u64,
}

impl Default for Lag {
    fn default() -> Self {
        Lag {
            aurora_ms: 180,
            table_ms: 1100,
            round_trip_ms: 62,
            edge_ms: 20,
            api_ms: 15,
            commit_ms: 10,
            item_ms: 6,
        }
    }
}

/// A fault that comes by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedFault {
    /// Seconds of practice time after the world began.
    pub after_s: u64,
    /// The Region that breaks.
    pub region: String,
    /// Seconds until it is mended; never unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts_s: Option<u64>,
}

/// A resource that fails whenever a stack creates or changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedFailure {
    /// The stack's name.
    pub stack: String,
    /// The resource's logical id.
    pub resource: String,
    /// What its event says.
    pub reason: String,
}

/// What is wrong with a scenario.
#[derive(Debug, Error)]
#[error("{}", self.text(Lang::En))]
pub struct ScenarioError {
    /// Line and column with a caret, as the TOML reader shows them.
    shown: String,
}

impl ScenarioError {
    /// What happened and what to do.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let shown = self.shown.trim_end();
        tr!(
            lang,
            "El escenario no se entiende. Corrige esto y vuelve a intentarlo:\n{shown}",
            "The scenario cannot be read. Correct this and try again:\n{shown}"
        )
    }
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// Not TOML, an unknown field, or a figure out of its range.
    pub fn parse(text: &str) -> Result<Scenario, ScenarioError> {
        let scenario: Scenario = toml::from_str(text).map_err(|e| ScenarioError { shown: e.to_string() })?;
        if !(0.0..=100.0).contains(&scenario.duration_scale) {
            let shown = format!("duration_scale = {}: 0 to 100 / de 0 a 100", scenario.duration_scale);
            return Err(ScenarioError { shown });
        }
        let known = |region: &str| super::regions::all().any(|r| r == region);
        match scenario.fault.iter().find(|fault| !known(&fault.region)) {
            Some(fault) => {
                Err(ScenarioError { shown: format!("[[fault]] region = \"{}\": ?", fault.region) })
            }
            None => Ok(scenario),
        }
    }

    /// What comes by itself in a world that begins at `start`.
    pub(crate) fn turns(&self, start: Moment) -> Vec<(Moment, String, Turn)> {
        let mut turns = Vec::new();
        for fault in &self.fault {
            let breaks = start.after(Duration::from_secs(fault.after_s));
            turns.push((breaks, fault.region.clone(), Turn::Break));
            if let Some(lasts) = fault.lasts_s {
                turns.push((breaks.after(Duration::from_secs(lasts)), fault.region.clone(), Turn::Mend));
            }
        }
        turns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_field_is_shown_where_it_stands() {
        let error = Scenario::parse("duration_scale = 1.0\nlags = 3\n").unwrap_err();
        let text = error.text(Lang::Es);
        assert!(text.contains("lags") && text.contains('^'), "{text}");
        assert!(Scenario::parse("[[fault]]\nafter_s = 1\nregion = \"mars-1\"").is_err());
        assert_eq!(Scenario::parse("").unwrap(), Scenario::default());
    }

    #[test]
    fn a_fault_that_lasts_ends() {
        let scenario =
            Scenario::parse("[[fault]]\nafter_s = 60\nregion = \"us-east-1\"\nlasts_s = 30").unwrap();
        let turns = scenario.turns(Moment(1000));
        assert_eq!(turns[0].0, Moment(61_000));
        assert_eq!((turns[1].0, turns[1].2), (Moment(91_000), Turn::Mend));
    }
}
