//! Temporary credentials (`GetSessionToken`, `AssumeRole`): all that is known of a session is in its
//! token, sealed with the world's secret, so that a session needs no place in the world.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::hash::{hex, mac};
use super::refused::Refused;
use crate::keys::Keys;
use ground::clock::Moment;

/// How each session's token begins.
const MARK: &str = "ESPERA";
const UPPER: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const MIXED: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Temporary credentials.
#[derive(Clone)]
pub(crate) struct Session {
    /// The access key, of those that begin with `ASIA`.
    pub access_key: String,
    pub secret: String,
    /// What proves both.
    pub token: String,
}

impl Keys {
    /// Credentials that are good until `expires`; others for each `id`.
    #[must_use]
    pub(crate) fn session(&self, id: &str, expires: Moment) -> Session {
        let drawn = self.draw("key", id);
        let access_key: String = "ASIA"
            .chars()
            .chain(drawn.iter().take(16).map(|b| char::from(UPPER[usize::from(b & 31)])))
            .collect();
        let body = format!("{access_key}.{}", expires.0);
        let token = URL_SAFE_NO_PAD.encode(format!("{body}.{}", hex(&self.draw("token", &body))));
        Session { secret: self.session_secret(&body), access_key, token: format!("{MARK}{token}") }
    }

    /// The secret of a session, if its token is one that this world gave out for that key.
    pub(super) fn secret_of_session(
        &self,
        access_key: &str,
        token: &str,
        now: Moment,
    ) -> Result<String, Refused> {
        let sealed = token.strip_prefix(MARK).and_then(|t| URL_SAFE_NO_PAD.decode(t).ok());
        let sealed = sealed.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or(Refused::BadToken)?;
        let (body, proof) = sealed.rsplit_once('.').ok_or(Refused::BadToken)?;
        let (key, expires) = body.split_once('.').ok_or(Refused::BadToken)?;
        // Compared by what both come to under the secret, which tells nobody how much was right.
        let same = self.draw("compare", proof) == self.draw("compare", &hex(&self.draw("token", body)));
        match (same && key == access_key, expires.parse::<u64>()) {
            (true, Ok(expires)) if now.0 > expires => Err(Refused::ExpiredToken),
            (true, Ok(_)) => Ok(self.session_secret(body)),
            _ => Err(Refused::BadToken),
        }
    }

    fn session_secret(&self, body: &str) -> String {
        let drawn = [self.draw("secret", body), self.draw("more", body)].concat();
        drawn.iter().take(40).map(|b| char::from(MIXED[usize::from(b & 63)])).collect()
    }

    fn draw(&self, what: &str, of: &str) -> [u8; 32] {
        mac(self.secret().as_bytes(), format!("espera session {what}\n{of}").as_bytes())
    }
}
