//! From plain data to a [`Template`]: the sections, checked member by member.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::error::{Fault, Outcome, TemplateError, format_error};
use super::limits::DESCRIPTION_LIMIT;
use super::model::{Export, Keep, Output, Resource, Rule, Template};
use super::source::{self, Places};
use super::{check, declare, limits};

const SECTIONS: [&str; 11] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Globals",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
];

impl Template {
    /// Reads a template, YAML or JSON, and checks that it is well-formed and names nothing unknown.
    /// A template with transforms is read (its expansion is unknown, so names are not checked);
    /// [`Template::bind`] refuses it.
    ///
    /// # Errors
    /// Everything `ValidateTemplate` would refuse, in its words.
    pub fn parse(text: &str) -> Result<Template, TemplateError> {
        let source = source::read(text)?;
        let Value::Object(mut top) = source.value else { return Err(Fault::Structure.into()) };
        limits::check(&top)?;
        let mut template =
            Template { transforms: transforms(top.shift_remove("Transform"))?, ..Template::default() };
        let unknown: Vec<String> =
            top.keys().filter(|key| !SECTIONS.contains(&key.as_str())).cloned().collect();
        if !unknown.is_empty() {
            return Err(Fault::UnknownSections(unknown).into());
        }
        if !template.transforms.is_empty() {
            leave_to_macros(&mut top);
        }
        template.format_version = version(top.get("AWSTemplateFormatVersion"))?;
        template.description = description(top.get("Description"))?;
        template.metadata = top.shift_remove("Metadata").unwrap_or_default();
        template.hooks = top.shift_remove("Hooks").unwrap_or_default();
        template.parameters = members(&mut top, "Parameters", &source.places, declare::parameter)?;
        template.mappings = members(&mut top, "Mappings", &source.places, mapping)?;
        template.conditions = members(&mut top, "Conditions", &source.places, |_, value| Ok(value))?;
        template.rules = members(&mut top, "Rules", &source.places, |_, value| rule(&value))?;
        template.resources = members(&mut top, "Resources", &source.places, resource)?;
        template.outputs = members(&mut top, "Outputs", &source.places, output)?;
        if template.resources.is_empty() && template.transforms.is_empty() {
            return Err(format_error("At least one Resources member must be defined."));
        }
        for (name, resource) in &mut template.resources {
            resource.span = source.places.of("Resources", name);
        }
        check::whole(&mut template, &source.places)?;
        Ok(template)
    }
}

/// Takes out what only a macro could read, so that the rest can still be told of.
fn leave_to_macros(top: &mut Map<String, Value>) {
    for (_, section) in top.iter_mut() {
        let Value::Object(members) = section else { continue };
        members.retain(|name, _| !name.starts_with("Fn::"));
        for member in members.values_mut().filter_map(Value::as_object_mut) {
            member.retain(|name, value| match name.as_str() {
                "DeletionPolicy" | "UpdateReplacePolicy" => value.is_string(),
                _ => !name.starts_with("Fn::"),
            });
        }
    }
}

/// The members of a section, each read by `read`; an absent section has none.
fn members<T>(
    top: &mut Map<String, Value>,
    section: &str,
    places: &Places,
    read: impl Fn(&str, Value) -> Outcome<T>,
) -> Outcome<IndexMap<String, T>> {
    let Some(value) = top.shift_remove(section) else { return Ok(IndexMap::new()) };
    let Value::Object(map) = value else {
        return Err(format_error(format!("Template {} must be a map", section.to_lowercase())));
    };
    map.into_iter()
        .map(|(name, value)| {
            read(&name, value).map_err(|error| error.at(places.of(section, &name))).map(|read| (name, read))
        })
        .collect()
}

fn version(value: Option<&Value>) -> Outcome<Option<String>> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) if text == "2010-09-09" => Ok(Some(text.clone())),
        Some(_) => Err(format_error("unsupported value for AWSTemplateFormatVersion.")),
    }
}

fn description(value: Option<&Value>) -> Outcome<Option<String>> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) if text.len() > DESCRIPTION_LIMIT => Err(format_error(format!(
            "Template description length must be at most {DESCRIPTION_LIMIT} bytes, not {}.",
            text.len()
        ))),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format_error("unsupported structure.")),
    }
}

fn transforms(value: Option<Value>) -> Outcome<Vec<String>> {
    let name = |value: &Value| match value {
        Value::String(name) => Ok(name.clone()),
        Value::Object(map) => map
            .get("Name")
            .and_then(Value::as_str)
            .map(str::to_owned)
            .ok_or_else(|| format_error("Transforms defined as maps require Name key.")),
        _ => Err(format_error("Transform must be a String or a List of Strings.")),
    };
    match value {
        None => Ok(Vec::new()),
        Some(Value::Array(list)) => list.iter().map(name).collect(),
        Some(single) => Ok(vec![name(&single)?]),
    }
}

fn mapping(name: &str, value: Value) -> Outcome<Value> {
    let map = value.as_object();
    let Some(map) = map else {
        return Err(format_error(format!("Every Mappings member {name} must be a map")));
    };
    if map.contains_key("Fn::Transform") {
        return Ok(value);
    }
    for (key, top) in map {
        let Some(attributes) = top.as_object() else {
            return Err(format_error(format!("Every Mappings member {key} must be a map")));
        };
        if attributes.values().any(Value::is_object) {
            return Err(format_error("Every Mappings attribute must be a String or a List."));
        }
    }
    Ok(value)
}

fn rule(value: &Value) -> Outcome<Rule> {
    let Some(assertions) = value.get("Assertions").and_then(Value::as_array) else {
        return Err(format_error("Every Rules member must contain a list of Assertions."));
    };
    let assertion = |value: &Value| match value.get("Assert") {
        Some(assert) => {
            Ok((assert.clone(), value.get("AssertDescription").and_then(Value::as_str).map(str::to_owned)))
        }
        None => Err(format_error("Every Assertions member must contain an Assert.")),
    };
    Ok(Rule {
        condition: value.get("RuleCondition").cloned(),
        assertions: assertions.iter().map(assertion).collect::<Outcome<_>>()?,
    })
}

fn resource(name: &str, value: Value) -> Outcome<Resource> {
    if !alphanumeric(name) && name != "Fn::Transform" {
        return Err(format_error(format!("Resource name {name} is non alphanumeric.")));
    }
    let Value::Object(members) = value else {
        return Err(format_error("Any Resources member must be an object."));
    };
    let mut resource = Resource { properties: Value::Object(Map::new()), ..Resource::default() };
    for (member, value) in members {
        match (member.as_str(), value) {
            ("Type", Value::String(kind)) => resource.kind = kind,
            ("Properties", value @ Value::Object(_)) => resource.properties = value,
            ("Properties", _) => {
                return Err(format_error(format!(
                    "[/Resources/{name}/Properties] Every Properties member must be a map"
                )));
            }
            ("DependsOn", value) => resource.depends_on = names(value)?,
            ("Condition", Value::String(condition)) => resource.condition = Some(condition),
            ("Condition", _) => return Err(format_error("Every Condition member must be a string.")),
            ("DeletionPolicy", value) => resource.deletion_policy = keep(name, "DeletionPolicy", &value)?,
            ("UpdateReplacePolicy", value) => {
                resource.update_replace_policy = keep(name, "UpdateReplacePolicy", &value)?;
            }
            ("CreationPolicy", value) => resource.creation_policy = value,
            ("UpdatePolicy", value) => resource.update_policy = value,
            ("Metadata", value) => resource.metadata = value,
            ("Description" | "Version" | "Fn::Transform" | "Connectors" | "IgnoreGlobals", _) => {}
            ("Type", _) => {}
            (member, _) => return Err(Fault::UnknownResourceMember(member.to_owned()).into()),
        }
    }
    if resource.kind.is_empty() && name != "Fn::Transform" {
        let text = format!("[/Resources/{name}] Every Resources object must contain a Type member.");
        return Err(format_error(text));
    }
    Ok(resource)
}

fn names(value: Value) -> Outcome<Vec<String>> {
    let wrong = || format_error("Every DependsOn value must be a string or a list of strings.");
    match value {
        Value::String(name) => Ok(vec![name]),
        Value::Array(list) => {
            list.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
        }
        _ => Err(wrong()),
    }
}

fn keep(resource: &str, member: &str, value: &Value) -> Outcome<Keep> {
    match value.as_str() {
        Some("Delete") => Ok(Keep::Delete),
        Some("Retain") => Ok(Keep::Retain),
        Some("RetainExceptOnCreate") if member == "DeletionPolicy" => Ok(Keep::RetainExceptOnCreate),
        Some("Snapshot") => Ok(Keep::Snapshot),
        Some(other) => Err(format_error(format!("Unrecognized {member} {other} for resource {resource}"))),
        None => Err(format_error(format!("Every {member} member must be a string."))),
    }
}

fn output(name: &str, mut value: Value) -> Outcome<Output> {
    if !alphanumeric(name) {
        return Err(format_error(format!("Output name {name} is non alphanumeric.")));
    }
    let Value::Object(members) = &mut value else {
        return Err(format_error("Any Outputs member must be an object."));
    };
    let Some(content) = members.shift_remove("Value") else {
        return Err(format_error("Every Outputs member must contain a Value object"));
    };
    if content.is_array() {
        let text = "The Value field of every Outputs member must evaluate to a String and not a List.";
        return Err(format_error(format!("Output {name} is malformed. {text}")));
    }
    let export = match members.shift_remove("Export") {
        None => None,
        Some(export) => Some(export.get("Name").cloned().map(|name| Export { name }).ok_or_else(|| {
            let text = "The Name field of every Export member must be specified and consist only of alphanumeric \
                        characters, colons, or hyphens.";
            format_error(format!("Output {name} is malformed. {text}"))
        })?),
    };
    let condition = match members.get("Condition") {
        None => None,
        Some(Value::String(condition)) => Some(condition.clone()),
        Some(_) => return Err(format_error("Every Condition member must be a string.")),
    };
    let description = members.get("Description").and_then(Value::as_str).map(str::to_owned);
    Ok(Output { description, value: content, condition, export })
}

/// Whether a name has only the letters and digits that CloudFormation allows.
pub(super) fn alphanumeric(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric())
}
