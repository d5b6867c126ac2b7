//! GetTemplate, GetTemplateSummary and ValidateTemplate.

use super::{errors, input};
use crate::call::{AwsError, Outcome, Reply, Request};
use crate::sources::Sources;
use crate::wire::Xml;
use ::cloudformation::engine::Engine;
use ::cloudformation::template::{Capability, Template};

/// The template of a stack or change set, as it was sent.
pub fn get(engine: &Engine, _: &Sources<'_>, call: &Request<'_>) -> Outcome {
    let stack = input::stack(engine, call)?;
    let body = match call.params.get("ChangeSetName") {
        Some(name) => &stack.change_set(name).ok_or_else(|| errors::no_change_set(name))?.wish.template,
        None => &stack.wish.template,
    };
    Ok(Reply::query(call, |xml| {
        xml.text("TemplateBody", body);
        xml.nest("StagesAvailable", |xml| {
            xml.text("member", "Original");
            xml.text("member", "Processed");
        });
    }))
}

/// What a template asks for and makes.
pub fn summary(engine: &Engine, sources: &Sources<'_>, call: &Request<'_>) -> Outcome {
    let body = match call.params.get("StackName") {
        Some(_) => input::stack(engine, call)?.wish.template.clone(),
        None => input::template_text(sources, call)?,
    };
    let template = parse(&body)?;
    let summary = template.summary();
    Ok(Reply::query(call, |xml| {
        xml.list("Parameters", "member", &template.parameters, |xml, (name, parameter)| {
            xml.text("ParameterKey", name);
            xml.optional("DefaultValue", parameter.default.as_ref());
            xml.text("ParameterType", parameter.kind.to_string());
            xml.display("NoEcho", parameter.no_echo);
            xml.optional("Description", parameter.description.as_ref());
            xml.nest("ParameterConstraints", |xml| {
                if !parameter.allowed_values.is_empty() {
                    super::stack_xml::texts(xml, "AllowedValues", &parameter.allowed_values);
                }
            });
        });
        xml.optional("Description", summary.description.as_ref());
        capabilities(xml, &summary.capabilities, summary.capabilities_reason.as_ref());
        super::stack_xml::texts(xml, "ResourceTypes", &summary.resource_types);
        xml.optional("Version", summary.version.as_ref());
        xml.optional("Metadata", summary.metadata.as_ref());
        if !summary.transforms.is_empty() {
            super::stack_xml::texts(xml, "DeclaredTransforms", &summary.transforms);
        }
    }))
}

/// Whether a template is well formed, and what it asks for.
pub fn validate(_: &Engine, sources: &Sources<'_>, call: &Request<'_>) -> Outcome {
    let template = parse(&input::template_text(sources, call)?)?;
    let summary = template.summary();
    Ok(Reply::query(call, |xml| {
        xml.list("Parameters", "member", &template.parameters, |xml, (name, parameter)| {
            xml.text("ParameterKey", name);
            xml.optional("DefaultValue", parameter.default.as_ref());
            xml.display("NoEcho", parameter.no_echo);
            xml.optional("Description", parameter.description.as_ref());
        });
        xml.optional("Description", summary.description.as_ref());
        capabilities(xml, &summary.capabilities, summary.capabilities_reason.as_ref());
        if !summary.transforms.is_empty() {
            super::stack_xml::texts(xml, "DeclaredTransforms", &summary.transforms);
        }
    }))
}

fn parse(body: &str) -> Result<Template, AwsError> {
    let template = Template::parse(body).map_err(|error| errors::template(&error))?;
    input::check_types(&template)?;
    Ok(template)
}

fn capabilities(xml: &mut Xml, needed: &[Capability], reason: Option<&String>) {
    if !needed.is_empty() {
        xml.list("Capabilities", "member", needed, |xml, capability| xml.escape(capability.as_str()));
    }
    xml.optional("CapabilitiesReason", reason);
}
