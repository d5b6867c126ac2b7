//! What creating, updating and change-set calls have in common: names, template, parameters, tags,
//! capabilities, each checked as CloudFormation checks it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::errors;
use crate::call::{AwsError, Call};
use crate::providers::schema;
use crate::sources::Sources;
use crate::wire::Params;
use ::cloudformation::engine::Engine;
use ::cloudformation::engine::begin;
use ::cloudformation::engine::model::{Model, pseudo};
use ::cloudformation::engine::stack::Stack;
use ::cloudformation::engine::wish::Wish;
use ::cloudformation::template::{Pseudo, Template};

/// The longest `TemplateBody`, in bytes.
const BODY_LIMIT: usize = 51_200;
/// The longest value of a parameter, in bytes.
const VALUE_LIMIT: usize = 4096;

/// The stack or change set name that `member` holds.
pub fn required_name<'c>(call: &'c Call<'_>, member: &str) -> Result<&'c str, AwsError> {
    let lower: String =
        member.chars().take(1).flat_map(char::to_lowercase).chain(member.chars().skip(1)).collect();
    call.params.get(member).filter(|value| !value.is_empty()).ok_or_else(|| {
        errors::validation(format!(
            "1 validation error detected: Value null at '{lower}' failed to satisfy constraint: Member must not be null"
        ))
    })
}

/// A name that a new stack or change set may have.
pub fn new_name<'c>(call: &'c Call<'_>, member: &str) -> Result<&'c str, AwsError> {
    let name = required_name(call, member)?;
    let lower = if member == "StackName" { "stackName" } else { "changeSetName" };
    if name.len() > 128 {
        return Err(errors::constraint(name, lower, "have length less than or equal to 128"));
    }
    let good = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if good {
        return Ok(name);
    }
    Err(errors::constraint(name, lower, "satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"))
}

/// Refuses one stack more than a Region may have.
pub fn room(engine: &Engine, call: &Call<'_>) -> Result<(), AwsError> {
    begin::room(engine, call.region).map_err(|text| AwsError::new("LimitExceededException", text))
}

/// The stack a call names, in any state if it names it by id.
pub fn stack<'w>(engine: &'w Engine, call: &Call<'_>) -> Result<&'w Stack, AwsError> {
    let name = required_name(call, "StackName")?;
    engine.get(call.region, name).ok_or_else(|| errors::no_stack_with_id(name))
}

/// What the call asks a stack to be; `before` is what it was, for what the call leaves as it is.
pub fn wish(sources: &Sources<'_>, call: &Call<'_>, before: Option<&Wish>) -> Result<Wish, AwsError> {
    let params = &call.params;
    let template = match params.flag("UsePreviousTemplate") {
        Some(true) => before.map(|wish| wish.template.clone()).ok_or_else(|| {
            errors::validation("UsePreviousTemplate can only be used with an existing stack")
        })?,
        _ => template_text(sources, call)?,
    };
    let texts = |name: &str| -> Vec<String> { params.list(name).into_iter().map(str::to_owned).collect() };
    let keep = |given: Vec<String>, before: Option<&Vec<String>>, name: &str| match before {
        Some(before) if !params.has(name) => before.clone(),
        _ => given,
    };
    let tags = match before {
        Some(before) if !params.has("Tags") => before.tags.clone(),
        _ => tags(&params.maps("Tags.member"))?,
    };
    Ok(Wish {
        template,
        parameters: parameters(call, before)?,
        tags,
        capabilities: keep(texts("Capabilities.member"), None, "Capabilities"),
        notification_arns: keep(
            texts("NotificationARNs.member"),
            before.map(|wish| &wish.notification_arns),
            "NotificationARNs",
        ),
        role_arn: params
            .get("RoleARN")
            .map(str::to_owned)
            .or_else(|| before.and_then(|wish| wish.role_arn.clone())),
    })
}

fn parameters(call: &Call<'_>, before: Option<&Wish>) -> Result<BTreeMap<String, String>, AwsError> {
    let mut values = BTreeMap::new();
    for (at, given) in call.params.maps("Parameters.member").into_iter().enumerate() {
        let key = given.get("ParameterKey").unwrap_or_default().to_owned();
        let value = given.get("ParameterValue");
        if let Some(value) = value.filter(|value| value.len() > VALUE_LIMIT) {
            let member = format!("parameters.{}.member.parameterValue", at + 1);
            return Err(errors::constraint(value, &member, "have length less than or equal to 4096"));
        }
        match (given.flag("UsePreviousValue") == Some(true), value) {
            (true, Some(value)) if !value.is_empty() => {
                return Err(errors::validation(format!(
                    "Invalid input for parameter key {key}. Cannot specify usePreviousValue as true and non empty value for a parameter"
                )));
            }
            (true, _) => {
                let Some(before) = before else {
                    return Err(errors::validation(format!(
                        "Invalid input for parameter key {key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template"
                    )));
                };
                values.extend(before.parameters.get(&key).map(|value| (key, value.clone())));
            }
            (false, value) => {
                values.insert(key, value.unwrap_or_default().to_owned());
            }
        }
    }
    Ok(values)
}

fn tags(given: &[Params]) -> Result<BTreeMap<String, String>, AwsError> {
    let mut tags = BTreeMap::new();
    for tag in given {
        let key = tag.get("Key").unwrap_or_default();
        if key.starts_with("aws:") {
            return Err(errors::validation(format!(
                "Tag key {key} begins with aws:, which is reserved: use a key of your own"
            )));
        }
        if tags.insert(key.to_owned(), tag.get("Value").unwrap_or_default().to_owned()).is_some() {
            return Err(errors::validation(format!("Duplicate tag keys found in stack tags: {key}")));
        }
    }
    Ok(tags)
}

/// The template a call carries, or the one behind its URL.
pub fn template_text(sources: &Sources<'_>, call: &Call<'_>) -> Result<String, AwsError> {
    match (call.params.get("TemplateBody"), call.params.get("TemplateURL")) {
        (Some(_), Some(_)) => Err(errors::validation(
            "Only one of TemplateURL and TemplateBody may be specified. Specify one of them.",
        )),
        (Some(body), None) if body.len() > BODY_LIMIT => {
            Err(errors::constraint(body, "templateBody", "have length less than or equal to 51200"))
        }
        (Some(""), None) => {
            Err(errors::constraint("", "templateBody", "have length greater than or equal to 1"))
        }
        (Some(body), None) => Ok(body.to_owned()),
        (None, Some(url)) => sources.template(url).map_err(errors::validation),
        (None, None) => Err(errors::validation("Either Template URL or Template Body must be specified.")),
    }
}

/// Parses and binds a wish and checks what only the API checks: known types, capabilities.
pub fn model(sources: &Sources<'_>, pseudo: Pseudo, wish: &Wish) -> Result<Arc<Model>, AwsError> {
    let model = Model::new(sources, pseudo, wish).map_err(|error| errors::template(&error))?;
    check_types(&model.template)?;
    let missing: Vec<&str> = model
        .template
        .capabilities()
        .into_iter()
        .filter(|capability| !capability.is_granted(&wish.capabilities))
        .map(::cloudformation::template::Capability::as_str)
        .collect();
    if !missing.is_empty() {
        return Err(AwsError::new(
            "InsufficientCapabilitiesException",
            format!("Requires capabilities : [{}]", missing.join(", ")),
        ));
    }
    Ok(Arc::new(model))
}

/// As `model`, for a stack that exists.
pub fn model_for(sources: &Sources<'_>, stack: &Stack, wish: &Wish) -> Result<Arc<Model>, AwsError> {
    let model = model(sources, pseudo(stack), wish)?;
    let mut retyped: Vec<&str> = Vec::new();
    for (id, spec) in &model.template.resources {
        if stack.live(id).is_some_and(|old| old.kind != spec.kind) {
            retyped.push(id);
        }
    }
    if retyped.is_empty() {
        return Ok(model);
    }
    Err(errors::validation(format!(
        "Update of resource type is not permitted. The new template modifies resource type of the following resources: [{}]",
        retyped.join(", ")
    )))
}

/// Refuses types of AWS that are in no published list: nearly always a slip of the pen.
pub fn check_types(template: &Template) -> Result<(), AwsError> {
    let unknown: Vec<&str> =
        template.resources.values().map(|r| r.kind.as_str()).filter(|kind| !is_type(kind)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(errors::validation(format!(
        "Template format error: Unrecognized resource types: [{}]",
        unknown.join(", ")
    )))
}

fn is_type(kind: &str) -> bool {
    if kind.starts_with("Custom::") {
        return true;
    }
    match kind.split("::").collect::<Vec<_>>().as_slice() {
        // A family that is newer than the list may have any type; in a known one it is a mistake.
        ["AWS", family, ..] => schema::kind(kind).is_some() || !schema::family(family),
        [_, _, _] => true,
        _ => false,
    }
}

/// How many entries a page of a listing has.
pub const PAGE: usize = 100;

/// Where the page a `NextToken` stands for begins.
pub fn page_start(call: &Call<'_>) -> Result<usize, AwsError> {
    match call.params.get("NextToken") {
        None | Some("") => Ok(0),
        Some(token) => token
            .strip_prefix("page-")
            .and_then(|n| n.parse().ok())
            .ok_or_else(|| errors::validation("NextToken is not valid: use the one the last page gave")),
    }
}

/// The `NextToken` of the page that begins at `start`, if there is one.
pub fn next_page(start: usize, of: usize) -> Option<String> {
    (start < of).then(|| format!("page-{start}"))
}
