//! What journals hold that this Espera no longer writes: sign-ups. Until version 3 the world itself knew the
//! users of the one program that ran in it, and their entries went to a target named `users`. They are writes like
//! any other now, and an old entry must come to the very row it came to when it was answered: with the same keys,
//! and the same id where the world minted one.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::call::RequestId;
use crate::dataplane::writes::Write;
use ground::seed;

/// The target of such entries.
pub(super) const TARGET: &str = "users";

/// A sign-up as it was written.
#[derive(Debug)]
pub(crate) struct SignUp {
    /// The request's id, which a minted id follows from.
    pub id: RequestId,
    pub body: Bytes,
}

#[derive(Deserialize)]
struct Order {
    cluster: String,
    user: User,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct User {
    uuid: Option<Uuid>,
    email: String,
    first_name: String,
    last_name: String,
}

impl SignUp {
    /// The write that it is by now, in a world with this seed; `None` for a body that was refused then too.
    pub fn write(&self, seed: u64) -> Option<Write> {
        let Order { cluster, user } = serde_json::from_slice(&self.body).ok()?;
        let User { uuid, email, first_name, last_name } = user;
        let minted = || seed::uuid(seed::hash(seed ^ self.id.0, &["user"])).parse().unwrap_or_default();
        let uuid = uuid.unwrap_or_else(minted);
        let keys = vec![format!("email {}", email.trim().to_lowercase()), format!("uuid {uuid}")];
        let change =
            json!({ "uuid": uuid, "email": email, "first_name": first_name, "last_name": last_name });
        Some(Write { cluster, keys, change })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(body: &'static str) -> Option<Write> {
        SignUp { id: RequestId(11), body: Bytes::from_static(body.as_bytes()) }.write(7)
    }

    #[test]
    fn a_sign_up_is_a_write_with_both_keys_of_its_user() {
        let body =
            r#"{"cluster":"arn:c","user":{"email":" Ana@example.com","first_name":"A","last_name":"B"}}"#;
        let Some(Write { cluster, keys, change }) = write(body) else { panic!("refused") };
        let minted = seed::uuid(seed::hash(7 ^ 11, &["user"]));
        assert_eq!((cluster.as_str(), change["uuid"].as_str()), ("arn:c", Some(minted.as_str())));
        assert_eq!(keys, ["email ana@example.com".to_owned(), format!("uuid {minted}")]);
        assert_eq!(change["email"], " Ana@example.com");
    }

    #[test]
    fn what_was_refused_then_is_no_write_now() {
        assert_eq!(write("no JSON"), None);
        let more = r#"{"cluster":"c","user":{"email":"a@b","first_name":"A","last_name":"B","more":1}}"#;
        assert_eq!(write(more), None);
    }
}
