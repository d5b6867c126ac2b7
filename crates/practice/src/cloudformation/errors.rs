//! CloudFormation's errors in its own words.

use crate::call::AwsError;
use ::cloudformation::engine::Stack;
use ::cloudformation::template::TemplateError;

/// `ValidationError`, status 400: most of what can be wrong.
pub fn validation(message: impl Into<String>) -> AwsError {
    AwsError::new("ValidationError", message)
}

/// A member of the input that breaks a constraint of the model.
pub fn constraint(value: &str, member: &str, rule: &str) -> AwsError {
    validation(format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must {rule}"
    ))
}

/// What the template or its parameters are refused for.
pub fn template(error: &TemplateError) -> AwsError {
    validation(error.to_string())
}

/// The stack is not there, as the describing actions say it.
pub fn no_stack_with_id(name: &str) -> AwsError {
    validation(format!("Stack with id {name} does not exist"))
}

/// The stack is not there, as the changing actions say it.
pub fn no_stack(name: &str) -> AwsError {
    validation(format!("Stack [{name}] does not exist"))
}

/// The stack is in a state in which this cannot be done to it.
pub fn wrong_state(stack: &Stack, cannot: &str) -> AwsError {
    validation(format!("Stack:{} is in {} state and can not {cannot}.", stack.id, stack.status.as_str()))
}

/// The change set is not there.
pub fn no_change_set(name: &str) -> AwsError {
    AwsError::with_status(404, "ChangeSetNotFound", format!("ChangeSet [{name}] does not exist"))
}
