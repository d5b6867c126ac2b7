//! Whether a parameter admits a value, and what CloudFormation says when it does not.

use std::cell::Cell;

use super::bind::members;
use super::error::{Fault, Outcome, TemplateError, misuse};
use super::parameter::{Parameter, ParameterType};

/// How large a pattern may become when it is made ready, in bytes, and how much text all patterns of a
/// template are held against: matching takes the product of both.
const PROGRAM: usize = 256 * 1024;
const MATCHED: usize = 32 * 1024;

/// Checks the text given for the parameter `name`.
///
/// # Errors
/// In the parameter's own `ConstraintDescription` when it has one, else in AWS's words.
pub(super) fn check(name: &str, parameter: &Parameter, text: &str, matched: &Cell<usize>) -> Outcome<()> {
    if text.len() > super::limits::VALUE {
        let text = format!("Parameter '{name}' must contain at most {} bytes", super::limits::VALUE);
        return Err(Fault::Parameter(text).into());
    }
    let values: Vec<&str> = match parameter.kind.is_list() && !matches!(parameter.kind, ParameterType::Ssm(_))
    {
        true => members(text).collect(),
        false => vec![text],
    };
    for value in &values {
        exists(name, parameter, value)?;
        numeric(name, parameter, value)?;
        check_allowed_values(name, parameter, value)?;
        check_pattern(name, parameter, value, matched)?;
    }
    if matches!(parameter.kind, ParameterType::String | ParameterType::Ssm(_)) {
        check_length(name, parameter, text)?;
    }
    Ok(())
}

/// Nothing of the account has an empty name.
fn exists(name: &str, parameter: &Parameter, value: &str) -> Outcome<()> {
    match &parameter.kind {
        ParameterType::Aws(kind) | ParameterType::AwsList(kind)
            if value.is_empty() && kind != "AWS::SSM::Parameter::Name" =>
        {
            let text = format!(
                "Parameter validation failed: parameter value {value} for parameter name {name} does not exist"
            );
            Err(Fault::Parameter(text).into())
        }
        _ => Ok(()),
    }
}

fn numeric(name: &str, parameter: &Parameter, value: &str) -> Outcome<()> {
    if !matches!(parameter.kind, ParameterType::Number | ParameterType::NumberList) {
        return Ok(());
    }
    let number: f64 = match value.trim().parse() {
        Ok(number) if f64::is_finite(number) => number,
        _ => return Err(Fault::Parameter(format!("Parameter '{name}' must be a number.")).into()),
    };
    if let Some(least) = parameter.min_value.filter(|least| number < *least) {
        return Err(refusal(name, parameter, format!("must be a number not less than {least}")));
    }
    if let Some(most) = parameter.max_value.filter(|most| number > *most) {
        return Err(refusal(name, parameter, format!("must be a number not greater than {most}")));
    }
    Ok(())
}

fn check_allowed_values(name: &str, parameter: &Parameter, value: &str) -> Outcome<()> {
    if parameter.allowed_values.is_empty() || parameter.allowed_values.iter().any(|allowed| allowed == value)
    {
        return Ok(());
    }
    Err(refusal(name, parameter, "must be one of AllowedValues".to_owned()))
}

/// A pattern that `regex-lite` cannot read (look-ahead, say) admits everything: only AWS can tell.
fn check_pattern(name: &str, parameter: &Parameter, value: &str, matched: &Cell<usize>) -> Outcome<()> {
    let Some(pattern) = &parameter.allowed_pattern else { return Ok(()) };
    matched.set(matched.get() + value.len());
    if matched.get() > MATCHED {
        return Err(misuse(format!(
            "the values of parameters with an AllowedPattern must have at most {MATCHED} bytes together"
        )));
    }
    let pattern_of_all = format!(r"\A(?:{pattern})\z");
    match regex_lite::RegexBuilder::new(&pattern_of_all).size_limit(PROGRAM).build() {
        Ok(regex) if !regex.is_match(value) => {
            Err(refusal(name, parameter, format!("must match pattern {pattern}")))
        }
        _ => Ok(()),
    }
}

fn check_length(name: &str, parameter: &Parameter, text: &str) -> Outcome<()> {
    let length = text.chars().count() as u64;
    if let Some(least) = parameter.min_length.filter(|least| length < *least) {
        return Err(refusal(name, parameter, format!("must contain at least {least} characters")));
    }
    if let Some(most) = parameter.max_length.filter(|most| length > *most) {
        return Err(refusal(name, parameter, format!("must contain at most {most} characters")));
    }
    Ok(())
}

fn refusal(name: &str, parameter: &Parameter, text: String) -> TemplateError {
    Fault::Parameter(match &parameter.constraint_description {
        Some(said) => format!("Parameter '{name}' failed to satisfy constraint: {said}"),
        None => format!("Parameter '{name}' {text}"),
    })
    .into()
}
