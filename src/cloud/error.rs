//! What went wrong with an action, as a sentence and advice in both languages.

use super::facts::Trouble;

/// Why an action did not reach its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {}", trouble.en)]
pub struct ActionError {
    /// AWS's error code, or a short name of our own such as `NotReady`.
    pub code: String,
    trouble: Trouble,
}

impl ActionError {
    /// An error from its code and its texts: what happened and what to do.
    pub fn new(code: impl Into<String>, es: impl Into<String>, en: impl Into<String>) -> ActionError {
        ActionError { code: code.into(), trouble: Trouble { es: es.into(), en: en.into() } }
    }

    /// What happened and what to do, in both languages.
    #[must_use]
    pub fn trouble(&self) -> &Trouble {
        &self.trouble
    }
}
