//! Bodies signed piece by piece: each chunk of an `aws-chunked` body is chained to the one before, and
//! the trailer to the last.

use bytes::Bytes;
use hmac::Mac as _;
use sha2::{Digest as _, Sha256};

use super::claim::Claim;
use super::hash::{EMPTY, HmacSha256, hex, unhex};
use super::refused::Refused;

/// What stands behind the last chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Nothing.
    Bare,
    /// Trailers, signed too.
    Trailer,
}

/// Holds every chunk against its signature. A body whose frames are broken is left to the service,
/// which has its own words for it, as long as nothing in it is signed wrongly.
pub(super) fn verify(key: &HmacSha256, claim: &Claim<'_>, body: &Bytes, end: End) -> Result<(), Refused> {
    let head = |kind: &str| format!("{kind}\n{}\n{}", claim.stamp, claim.scope());
    let mut before = claim.signature.to_string();
    let mut rest: &[u8] = body;
    loop {
        let (line, after) = line(rest).ok_or(Refused::Chunk)?;
        let (size, signature) = line.split_once(";chunk-signature=").ok_or(Refused::Chunk)?;
        let size = usize::from_str_radix(size.trim(), 16).map_err(|_| Refused::Chunk)?;
        let chunk = after.get(..size).ok_or(Refused::Chunk)?;
        let text = format!(
            "{}\n{before}\n{EMPTY}\n{}",
            head("AWS4-HMAC-SHA256-PAYLOAD"),
            hex(&Sha256::digest(chunk))
        );
        before = verify_part(key, &text, signature.trim())?;
        rest = &after[size..];
        if size == 0 {
            break;
        }
        rest = rest.strip_prefix(b"\r\n").ok_or(Refused::Chunk)?;
    }
    if end == End::Bare {
        return Ok(());
    }
    let mut trailers = String::new();
    while let Some((line, after)) = line(rest) {
        rest = after;
        match line.split_once(':') {
            Some(("x-amz-trailer-signature", signature)) => {
                let hash = hex(&Sha256::digest(&trailers));
                let text = format!("{}\n{before}\n{hash}", head("AWS4-HMAC-SHA256-TRAILER"));
                return verify_part(key, &text, signature.trim()).map(drop);
            }
            Some((name, value)) => trailers.push_str(&format!("{}:{}\n", name.trim(), value.trim())),
            None if line.is_empty() && trailers.is_empty() => {}
            None => break,
        }
    }
    Err(Refused::Chunk)
}

fn verify_part(key: &HmacSha256, text: &str, signature: &str) -> Result<String, Refused> {
    let mut mac = key.clone();
    mac.update(text.as_bytes());
    mac.verify_slice(&unhex(signature).unwrap_or_default()).map_err(|_| Refused::Chunk)?;
    Ok(signature.to_owned())
}

/// The next line, and what follows its end; `None` when nothing is left.
fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    // No line of a frame is long: what has no end within this is none.
    let end = bytes.iter().take(4096).position(|b| *b == b'\n')?;
    let text = std::str::from_utf8(&bytes[..end]).ok()?;
    Some((text.trim_end_matches('\r'), &bytes[end + 1..]))
}
