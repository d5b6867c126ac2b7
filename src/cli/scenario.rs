//! The scenario that the options ask for: one that comes along, or a file.

use std::path::Path;

use super::options::GlobalOptions;
use super::start_error::StartError;
use practice::scenario::Scenario;

/// The scenarios that come along.
const SCENARIOS: [(&str, &str); 3] = [
    ("default", include_str!("../../assets/scenarios/default.toml")),
    ("slow-replication", include_str!("../../assets/scenarios/slow-replication.toml")),
    ("region-lost", include_str!("../../assets/scenarios/region-lost.toml")),
];

/// The most bytes of a scenario.
const SCENARIO: u64 = 1024 * 1024;

/// The scenario asked for: one that comes along, or a file.
pub(super) fn scenario(options: &GlobalOptions) -> Result<Scenario, StartError> {
    let Some(name) = &options.scenario else { return Ok(Scenario::default()) };
    match SCENARIOS.iter().find(|(known, _)| known == name) {
        Some((_, text)) => Ok(Scenario::parse(text)?),
        None => {
            // A pipe would be waited for and a device read for ever.
            let text = ground::reading::text(Path::new(name), SCENARIO)
                .map_err(|_| StartError::NoScenario(name.clone()))?;
            Ok(Scenario::parse(&text)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_that_comes_along_can_be_read() {
        for (name, _) in SCENARIOS {
            let options = GlobalOptions { scenario: Some(name.to_owned()), ..GlobalOptions::default() };
            assert!(scenario(&options).is_ok(), "{name}");
        }
        let options = GlobalOptions { scenario: Some("nowhere".to_owned()), ..GlobalOptions::default() };
        assert!(matches!(scenario(&options), Err(StartError::NoScenario(_))));
    }
}
