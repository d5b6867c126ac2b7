//! What went wrong, as a sentence and advice in both languages, by AWS's error code.

use std::collections::BTreeMap;
use std::fmt;

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::facts::Role;
use super::run::Claim;
use ground::lang::{Said, Text};
use ground::tr;

/// Why an action did not reach its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {}", text.en)]
pub struct ActionError {
    /// AWS's error code, or a short name of our own such as `NotReady`.
    pub code: String,
    /// What happened and what to do.
    pub text: Said,
    claims: Vec<Claim>,
}

impl ActionError {
    /// An error from its code and its texts: what happened and what to do.
    pub fn new(code: impl Into<String>, es: impl Into<String>, en: impl Into<String>) -> ActionError {
        ActionError::from_said(code, Said::new(es, en))
    }

    /// An error from its code and what is told of it.
    pub fn from_said(code: impl Into<String>, text: Said) -> ActionError {
        ActionError { code: code.into(), text, claims: Vec::new() }
    }

    /// The error of something of an earlier run, which the learner may take over.
    pub(super) fn with_claim(mut self, claim: Claim) -> ActionError {
        self.claims.push(claim);
        self
    }

    /// The same error about all these things of an earlier run.
    pub(super) fn with_claims(mut self, claims: Vec<Claim>) -> ActionError {
        self.claims = claims;
        self
    }

    /// What the learner may take over to let the action go on; empty for any other error.
    #[must_use]
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// Whether nothing answered: the Region is lost, or the way to it.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        is_lost(&self.code)
    }
}

/// An error with AWS's code and message, whichever service it comes from.
pub(super) trait Coded: Send + Sync {
    /// AWS's code, or `Unreachable`, `Timeout`.
    fn code(&self) -> String;
    /// AWS's message.
    fn message(&self) -> String;
    /// What to tell instead of AWS's message, where it is no error of AWS's.
    fn own_words(&self) -> Option<Said> {
        None
    }
}

impl Coded for ActionError {
    fn code(&self) -> String {
        self.code.clone()
    }

    fn message(&self) -> String {
        String::new()
    }

    fn own_words(&self) -> Option<Said> {
        Some(self.text.clone())
    }
}

impl<E: ProvideErrorMetadata + fmt::Debug + Send + Sync, R: fmt::Debug + Send + Sync> Coded
    for SdkError<E, R>
{
    fn code(&self) -> String {
        code_of(self).to_owned()
    }

    fn message(&self) -> String {
        match self {
            SdkError::ServiceError(e) => e.err().message().unwrap_or_default().to_owned(),
            _ => String::new(),
        }
    }
}

/// AWS's error code, or what kept the call from getting one.
pub(super) fn code_of<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> &str {
    match error {
        SdkError::ServiceError(e) => e.err().code().unwrap_or("Unknown"),
        SdkError::TimeoutError(_) => "Timeout",
        SdkError::DispatchFailure(_) => "Unreachable",
        SdkError::ConstructionFailure(_) => "NoCredentials",
        _ => "BadAnswer",
    }
}

impl<E, R> From<SdkError<E, R>> for ActionError
where
    E: ProvideErrorMetadata + fmt::Debug + Send + Sync + 'static,
    R: fmt::Debug + Send + Sync + 'static,
{
    fn from(error: SdkError<E, R>) -> Self {
        ActionError::from_said(code_of(&error), text(&error))
    }
}

/// Whether a code says that nothing answered there: the Region is lost, or the way to it. Being refused or
/// told to slow down is an answer.
pub(super) fn is_lost(code: &str) -> bool {
    const LOST: [&str; 8] = [
        "Timeout",
        "Unreachable",
        "BadAnswer",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "InternalFailure",
        "InternalError",
        "InternalServerError",
    ];
    LOST.contains(&code)
}

/// Whether an error says that there is no such thing.
pub(super) fn is_missing<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    let code = code_of(error);
    code.contains("NotFound") || code.starts_with("NoSuch") || code == "404"
}

/// Whether a code asks for fewer questions.
pub(super) fn is_throttled(code: &str) -> bool {
    const THROTTLED: [&str; 8] = [
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RateExceeded",
        "SlowDown",
        "TooManyRequestsException",
    ];
    THROTTLED.contains(&code)
}

/// What to tell of Regions that do not answer; nothing when it was something else.
pub(super) fn silence(failed: &BTreeMap<Role, String>) -> Option<Said> {
    let silent: Vec<(&str, &str)> = failed
        .iter()
        .filter(|(_, code)| is_lost(code))
        .map(|(r, code)| (r.region(), code.as_str()))
        .collect();
    match silent[..] {
        [] => None,
        [(region, code)] => Some(Said::new(
            format!("{region} no contesta ({code}). Se ve lo último que se supo de ella."),
            format!("{region} does not answer ({code}). What is shown of it is the last that was known."),
        )),
        _ => Some(Said::new(
            "Ninguna de las dos Regiones contesta. Revisa la red; Espera lo intenta de nuevo.",
            "Neither Region answers. Check the network; Espera tries again.",
        )),
    }
}

/// An error as a sentence and advice.
pub(super) fn text(error: &(dyn Coded + 'static)) -> Said {
    if let Some(own) = error.own_words() {
        return own;
    }
    let (code, message) = (error.code(), ground::lang::printable(&error.message()).into_owned());
    quote_aws(&code, &message)
}

/// An error of any service as an action's.
pub(super) fn to_action_error(error: &(dyn Coded + 'static)) -> ActionError {
    ActionError::from_said(error.code(), text(error))
}

/// AWS's code and sentence with advice.
pub(super) fn quote_aws(code: &str, message: &str) -> Said {
    let said = if message.is_empty() { code.to_owned() } else { format!("{code}: {message}") };
    let advice = advice(code);
    Said::with(|l| {
        let advice = advice.get(l);
        tr!(l, "AWS dice «{said}». {advice}", "AWS says \"{said}\". {advice}")
    })
}

/// What to do about a code.
fn advice(code: &str) -> Text {
    match code {
        code if is_throttled(code) => Text::new(
            "Demasiadas preguntas seguidas: Espera baja el ritmo sola.",
            "Too many questions at once: Espera slows down by itself.",
        ),
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => Text::new(
            "Las credenciales han caducado: renuévalas (`aws sso login`) y repite.",
            "The credentials have expired: renew them (`aws sso login`) and try again.",
        ),
        "NoCredentials"
        | "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "SignatureDoesNotMatch" => Text::new(
            "Revisa las credenciales o elige otro perfil con --profile.",
            "Check the credentials or choose another profile with --profile.",
        ),
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => Text::new(
            "A tu usuario le falta ese permiso: pídelo a quien administra la cuenta.",
            "Your user lacks that permission: ask whoever runs the account for it.",
        ),
        "Timeout" | "Unreachable" => {
            Text::new("Revisa la red; Espera lo intenta de nuevo.", "Check the network; Espera tries again.")
        }
        "AlreadyExistsException" => Text::new(
            "Ya existe: mírala en las pilas y decide si la borras.",
            "It exists already: look at it among the stacks and decide whether to delete it.",
        ),
        "LimitExceededException" | "ServiceQuotaExceededException" => Text::new(
            "La cuenta llegó a una cuota: libera algo o pide más.",
            "The account has reached a quota: free something or ask for more.",
        ),
        "InsufficientCapabilitiesException" => {
            Text::new("Falta --capabilities CAPABILITY_IAM.", "--capabilities CAPABILITY_IAM is missing.")
        }
        _ => Text::new(
            "Mira la pista del paso (h) o repite la acción.",
            "See the step's hint (h) or repeat the action.",
        ),
    }
}
