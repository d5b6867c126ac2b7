//! Why DynamoDB refuses a request: the error's name, its message, and what some errors carry beside.

use serde_json::{Value, json};

/// A refused request.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refusal {
    /// The exception's short name.
    pub code: &'static str,
    /// AWS's message.
    pub message: String,
    /// Members beside the message (`Item`, `CancellationReasons`).
    pub members: Vec<(&'static str, Value)>,
}

impl Refusal {
    fn new(code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { code, message: message.into(), members: Vec::new() }
    }

    /// `ValidationException`.
    pub fn invalid(message: impl Into<String>) -> Refusal {
        Refusal::new("ValidationException", message)
    }

    /// The request's JSON has a value of the wrong type.
    pub fn serialization(message: impl Into<String>) -> Refusal {
        Refusal::new("SerializationException", message)
    }

    /// `ResourceNotFoundException` of an item call: it does not say which table.
    pub fn no_table() -> Refusal {
        Refusal::new("ResourceNotFoundException", "Requested resource not found")
    }

    /// `ResourceNotFoundException` of a table call.
    pub fn no_such_table(name: &str) -> Refusal {
        let message = format!("Requested resource not found: Table: {name} not found");
        Refusal::new("ResourceNotFoundException", message)
    }

    /// `ResourceInUseException`.
    pub fn in_use(message: impl Into<String>) -> Refusal {
        Refusal::new("ResourceInUseException", message)
    }

    /// `ConditionalCheckFailedException`, with the item if the caller asked for it.
    pub fn condition_failed(item: Option<Value>) -> Refusal {
        let mut refusal = Refusal::new("ConditionalCheckFailedException", "The conditional request failed");
        if let Some(item) = item {
            refusal.members.push(("Item", item));
        }
        refusal
    }

    /// `TransactionCanceledException` with one reason an action.
    pub fn transaction_cancelled(reasons: Vec<(String, Option<String>, Option<Value>)>) -> Refusal {
        let codes: Vec<&str> = reasons.iter().map(|(code, ..)| code.as_str()).collect();
        let message = format!(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
            codes.join(", ")
        );
        let list = reasons.into_iter().map(|(code, message, item)| {
            let mut reason = json!({ "Code": code });
            for (name, value) in [("Message", message.map(Value::String)), ("Item", item)] {
                if let Some(value) = value {
                    reason[name] = value;
                }
            }
            reason
        });
        let list = list.collect();
        let mut refusal = Refusal::new("TransactionCanceledException", message);
        refusal.members.push(("CancellationReasons", Value::Array(list)));
        refusal
    }

    /// `LimitExceededException`.
    pub fn limit(message: impl Into<String>) -> Refusal {
        Refusal::new("LimitExceededException", message)
    }

    /// `IdempotentParameterMismatchException`.
    pub fn token_reused() -> Refusal {
        Refusal::new(
            "IdempotentParameterMismatchException",
            "A transaction with the same client token but different parameters was already carried out",
        )
    }
}

impl From<String> for Refusal {
    fn from(message: String) -> Self {
        Refusal::invalid(message)
    }
}
