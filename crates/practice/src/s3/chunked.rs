//! Bodies as current SDKs send them: `aws-chunked` framing with a checksum in a trailer.

use bytes::{Bytes, BytesMut};

use crate::call::{AwsError, Call};

/// A body out of its frames, and the trailers behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Content {
    pub body: Bytes,
    pub trailers: Vec<(String, String)>,
}

/// The content of a request's body.
pub(super) fn content(call: &Call<'_>) -> Result<Content, AwsError> {
    let streaming = call.header("x-amz-content-sha256").is_some_and(|v| v.starts_with("STREAMING-"));
    let framed = call.header("content-encoding").is_some_and(|v| v.contains("aws-chunked"));
    if !streaming && !framed {
        return Ok(Content { body: call.body.clone(), trailers: Vec::new() });
    }
    unframe(call.body)
        .ok_or_else(|| AwsError::new("IncompleteBody", "The request body terminated unexpectedly"))
}

fn unframe(bytes: &Bytes) -> Option<Content> {
    let mut body = BytesMut::with_capacity(bytes.len());
    let mut at = 0;
    loop {
        let head = line(bytes, &mut at)?;
        let size = usize::from_str_radix(head.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            break;
        }
        body.extend_from_slice(bytes.get(at..at.checked_add(size)?)?);
        at += size;
        (bytes.get(at..at + 2)? == b"\r\n").then_some(())?;
        at += 2;
    }
    let mut trailers = Vec::new();
    while let Some(trailer) = line(bytes, &mut at).filter(|l| !l.is_empty()) {
        if let Some((name, value)) = trailer.split_once(':') {
            trailers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    Some(Content { body: body.freeze(), trailers })
}

/// The next line without its end; the last may lack one.
fn line<'b>(bytes: &'b Bytes, at: &mut usize) -> Option<&'b str> {
    let rest = bytes.get(*at..).filter(|rest| !rest.is_empty())?;
    let end = rest.windows(2).position(|w| w == b"\r\n").unwrap_or(rest.len());
    *at += (end + 2).min(rest.len());
    std::str::from_utf8(&rest[..end]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_and_trailers_come_apart() {
        let framed = Bytes::from_static(
            b"5;chunk-signature=ab\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n",
        );
        let content = unframe(&framed).unwrap();
        assert_eq!(content.body, "hello world");
        assert_eq!(content.trailers, [("x-amz-checksum-crc32".to_owned(), "DUoRhQ==".to_owned())]);
        assert_eq!(unframe(&Bytes::from_static(b"0\r\n\r\n")).unwrap().body, "");
        for bad in [&b"5\r\nhel"[..], b"zz\r\n", b"", b"ffffffffffffffff\r\nx\r\n"] {
            assert_eq!(unframe(&Bytes::copy_from_slice(bad)), None);
        }
    }
}
