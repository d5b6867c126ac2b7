//! Who came from outside this program and signed as a client of AWS does: what the course's check
//! "your `aws` reaches this world" looks at. It is no part of the world and not saved with it.

use std::sync::{Mutex, PoisonError};

use http::header;
use http::request::Parts;
use serde_json::json;

use super::call::Reply;

/// The name by which a program says that it only looks on (the SDK's application name).
pub const WATCHING: &str = "espera";
/// The longest name of a client that is told, in characters.
const LONGEST: usize = 40;

/// A client as it names itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Client(String);

impl Client {
    /// The client of a signed request; `None` for one that is not signed, and for Espera, which looks at
    /// a world it watches through the same door.
    pub(super) fn of(head: &Parts) -> Option<Client> {
        let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
        text(header::AUTHORIZATION).filter(|value| value.starts_with("AWS4-"))?;
        let agent = text(header::USER_AGENT).unwrap_or("?");
        if agent.split(' ').any(|part| part.strip_prefix("app/") == Some(WATCHING)) {
            return None;
        }
        let name = agent.split(' ').next().unwrap_or_default();
        Some(Client(name.chars().take(LONGEST).collect()))
    }
}

/// The client that was last met.
#[derive(Debug, Default)]
pub(super) struct Clients(Mutex<Option<Client>>);

impl Clients {
    /// Remembers a client that was answered; whether it is another than before.
    pub(super) fn remember(&self, client: Client) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = last.as_ref() != Some(&client);
        if new {
            *last = Some(client);
        }
        new
    }

    /// The client last met, as the control request tells it.
    pub(super) fn reply(&self) -> Reply {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let body = json!({ "client": last.as_ref().map(|client| &client.0) });
        Reply::new(200, "application/json", body.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(signed: &str, agent: &str) -> Option<String> {
        let mut request = http::Request::builder().header("user-agent", agent);
        if !signed.is_empty() {
            request = request.header("authorization", signed);
        }
        Client::of(&request.body(()).unwrap().into_parts().0).map(|client| client.0)
    }

    #[test]
    fn a_client_is_one_that_signs_and_is_not_espera_looking_on() {
        let signed = "AWS4-HMAC-SHA256 Credential=K/20260101/us-east-1/sts/aws4_request, Signature=0";
        assert_eq!(client(signed, "aws-cli/2.9.19 Python/3.11").as_deref(), Some("aws-cli/2.9.19"));
        assert_eq!(client("", "curl/8"), None);
        assert_eq!(client(signed, "aws-sdk-rust/1.3 app/espera lang/rust"), None);
        assert!(client(signed, "aws-sdk-rust/1.3 app/espera-shell lang/rust").is_some());
        assert_eq!(client(signed, &"x".repeat(500)).unwrap().len(), LONGEST);
    }
}
