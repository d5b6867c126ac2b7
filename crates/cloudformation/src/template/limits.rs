//! CloudFormation's quotas on what a template holds, and its refusals (user guide, "Understand
//! CloudFormation quotas"). Lengths are in bytes, as the quotas count them.

use serde_json::{Map, Value};

use super::error::{Outcome, format_error};

/// The longest description of a template.
pub const DESCRIPTION_LIMIT: usize = 1024;
/// The most resources.
const RESOURCES: usize = 500;
/// The most parameters.
const PARAMETERS: usize = 200;
/// The most outputs.
const OUTPUTS: usize = 200;
/// The most mappings.
const MAPPINGS: usize = 200;
/// The most attributes under a key of a mapping.
const ATTRIBUTES: usize = 200;
/// The longest name of a resource, parameter, output or mapping.
const NAME: usize = 255;
/// The longest value of a parameter.
pub(super) const VALUE: usize = 4096;

/// Counts the members of the sections, before anything is read of them.
///
/// # Errors
/// As CloudFormation words it. Its texts for parameters, outputs and resources are known from many
/// reports; that for mappings follows theirs.
pub(super) fn check(top: &Map<String, Value>) -> Outcome<()> {
    let section = |name: &str| top.get(name).and_then(Value::as_object);
    let count = |name: &str| section(name).map_or(0, Map::len);
    let resources = count("Resources");
    if resources > RESOURCES {
        return Err(format_error(format!(
            "Number of resources, {resources}, is greater than maximum allowed, {RESOURCES}"
        )));
    }
    for (name, what, most) in [
        ("Parameters", "Parameter count", PARAMETERS),
        ("Outputs", "Outputs count", OUTPUTS),
        ("Mappings", "Mappings count", MAPPINGS),
    ] {
        fits(what, count(name), most)?;
    }
    for mapping in section("Mappings").into_iter().flat_map(Map::values).filter_map(Value::as_object) {
        fits("Mapping attributes count", mapping.len(), ATTRIBUTES)?;
        for key in mapping.values().filter_map(Value::as_object) {
            fits("Mapping attributes count", key.len(), ATTRIBUTES)?;
        }
    }
    for (name, what) in [
        ("Resources", "Resource"),
        ("Parameters", "Parameter"),
        ("Outputs", "Output"),
        ("Mappings", "Mapping"),
    ] {
        let long = section(name).into_iter().flat_map(Map::keys).find(|member| member.len() > NAME);
        if let Some(member) = long {
            let head: String = member.chars().take(60).collect();
            return Err(format_error(format!("{what} name {head}... must have at most {NAME} characters.")));
        }
    }
    Ok(())
}

fn fits(what: &str, count: usize, most: usize) -> Outcome<()> {
    if count <= most {
        return Ok(());
    }
    Err(format_error(format!("{what} {count} is greater than max allowed {most}")))
}
