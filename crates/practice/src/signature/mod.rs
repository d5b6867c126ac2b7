//! Signature Version 4 as AWS checks it at its door: headers and presigned queries, chunked bodies,
//! S3's rules and everybody else's. Only requests from outside come by here; what was let in once is
//! not asked again when a saved world is replayed.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use hmac::Mac as _;
use sha2::{Digest as _, Sha256};

use super::call::Service;
use super::keys::Keys;
use super::route::Parts;
use ground::clock::Moment;

mod canonical;
mod chunks;
mod claim;
mod hash;
mod older;
mod refused;
pub(crate) mod session;
mod time;

use claim::{Claim, Way};
use hash::{HmacSha256, hash, hex, keyed_hash, mac, unhex};
pub(crate) use refused::Refused;

/// How many signing keys are kept ready: a few services in a few Regions on a day.
const READY: usize = 32;
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// What a request proves about who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing: it carries no signature.
    Unsigned,
    /// Whoever sent it holds the world's keys.
    Signed,
}

/// The world's keys, with the signing keys derived from them kept ready.
pub(crate) struct Seal {
    keys: Keys,
    ready: Mutex<Vec<Ready>>,
}

struct Ready {
    scope: [String; 4],
    mac: HmacSha256,
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.keys.fmt(f)
    }
}

impl Seal {
    pub fn new(keys: Keys) -> Seal {
        Seal { keys, ready: Mutex::default() }
    }

    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Judges the signature of a request to `service` (`None`: Espera itself) that comes at `now` by
    /// the wall's clock, which is the clients'; `world` tells practice time, by which sessions are given.
    ///
    /// # Errors
    /// Why AWS would refuse it.
    pub fn verify(
        &self,
        parts: &Parts<'_>,
        service: Option<Service>,
        now: Moment,
        world: impl Fn() -> Moment,
    ) -> Result<Standing, Refused> {
        let s3 = service == Some(Service::S3);
        if s3 && let Some(older) = older::claim(parts)? {
            let secret = self.owns(&older.access_key, older.token.as_deref(), now, world)?;
            let secret = secret.as_deref().unwrap_or(self.keys.secret());
            return older.verify(secret, parts, now).map(|()| Standing::Signed);
        }
        let Some(claim) = claim::claim(parts, s3)? else { return Ok(Standing::Unsigned) };
        let secret = self.owns(&claim.access_key, claim.token.as_deref(), now, world)?;
        claim.is_timely(s3, now)?;
        claim.signs_enough(parts, s3)?;
        let payload = payload(&claim, parts, s3)?;
        let canonical = canonical::request(parts, &claim, &payload, s3);
        let text = claim.string_to_sign(&hex(&Sha256::digest(&canonical)));
        let key = self.key(&claim, secret.as_deref().unwrap_or(self.keys.secret()));
        let mut mac = key.clone();
        mac.update(text.as_bytes());
        let given = unhex(&claim.signature).unwrap_or_default();
        // In a time that does not tell how much of it was right.
        if mac.verify_slice(&given).is_err() {
            return Err(Refused::Mismatch {
                access_key: claim.access_key.into_owned(),
                given: claim.signature.into_owned(),
                string_to_sign: text,
                canonical: String::from_utf8_lossy(&canonical).into_owned(),
            });
        }
        match payload.as_str() {
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => {
                chunks::verify(&key, &claim, parts.body, chunks::End::Bare)?
            }
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => {
                chunks::verify(&key, &claim, parts.body, chunks::End::Trailer)?;
            }
            _ => {}
        }
        Ok(Standing::Signed)
    }

    /// Whether it is the world's key and secret, as `key:secret`.
    pub fn is_pair(&self, given: &[u8]) -> bool {
        let (secret, pair) =
            (self.keys.secret(), format!("{}:{}", self.keys.access_key(), self.keys.secret()));
        // Compared by what both come to under the secret, which tells nobody how much was right.
        mac(secret.as_bytes(), given) == mac(secret.as_bytes(), pair.as_bytes())
    }

    /// Whether the keys are this world's: `None` for the world's own secret, else a session's.
    fn owns(
        &self,
        access_key: &str,
        token: Option<&str>,
        now: Moment,
        world: impl Fn() -> Moment,
    ) -> Result<Option<String>, Refused> {
        match token {
            None if access_key == self.keys.access_key() => Ok(None),
            None => Err(Refused::UnknownKey(access_key.to_owned())),
            // Over when it is so by both clocks: the world's, which may run ahead, and the client's.
            Some(token) => self.keys.secret_of_session(access_key, token, now.min(world())).map(Some),
        }
    }

    fn key(&self, claim: &Claim<'_>, secret: &str) -> HmacSha256 {
        let scope = [&claim.access_key, &claim.date, &claim.region, &claim.service];
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = ready.iter().find(|r| r.scope.iter().zip(scope).all(|(a, b)| a == b)) {
            return found.mac.clone();
        }
        let mut key = mac(format!("AWS4{secret}").as_bytes(), claim.date.as_bytes());
        for part in [claim.region.as_bytes(), claim.service.as_bytes(), b"aws4_request"] {
            key = mac(&key, part);
        }
        let made = keyed_hash(&key);
        if ready.len() == READY {
            ready.remove(0);
        }
        ready.push(Ready { scope: scope.map(|part| part.clone().into_owned()), mac: made.clone() });
        made
    }
}

/// What stands for the body in the canonical request; the body is held against it.
fn payload(claim: &Claim<'_>, parts: &Parts<'_>, s3: bool) -> Result<String, Refused> {
    if !s3 {
        return Ok(hash(parts.body));
    }
    let header = parts.headers.get("x-amz-content-sha256").and_then(|v| v.to_str().ok());
    let given = match (&claim.way, header) {
        (_, Some(given)) => given,
        (Way::Query { .. }, None) => return Ok(claim.payload.clone().unwrap_or_else(|| UNSIGNED.to_owned())),
        (Way::Header, None) => return Err(Refused::NoPayloadHash),
    };
    match given {
        UNSIGNED
        | "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
        | "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
        | "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => {}
        given if unhex(given).is_some_and(|bytes| bytes.len() == 32) => {
            let computed = hash(parts.body);
            if !computed.eq_ignore_ascii_case(given) {
                return Err(Refused::OtherBody { given: given.to_owned(), computed });
            }
        }
        _ => return Err(Refused::BadPayloadHash(given.to_owned())),
    }
    Ok(given.to_owned())
}
