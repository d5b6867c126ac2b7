//! Listing objects (both versions of the operation) and their versions: prefix, delimiter, pages.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::call::{AwsError, Call, Outcome, Reply, Request};
use crate::wire::Xml;

use super::S3;
use super::bucket::OWNER;
use super::state::{Bucket, Stored, Version};

/// What S3 leaves as it is when keys are asked for URL-encoded.
const URL: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/').remove(b'*');
const MOST: usize = 1000;

struct Asked<'a> {
    prefix: &'a str,
    delimiter: &'a str,
    after: String,
    most: usize,
    encoded: bool,
}

impl<'a> Asked<'a> {
    fn of(call: &'a Call<'_>, after: String) -> Result<Asked<'a>, AwsError> {
        let most = match call.params.get("max-keys") {
            None => MOST,
            Some(text) => text.parse::<usize>().map_err(|_| {
                AwsError::new("InvalidArgument", "Provided max-keys not an integer or within integer range")
            })?,
        };
        Ok(Asked {
            prefix: call.params.get("prefix").unwrap_or_default(),
            delimiter: call.params.get("delimiter").unwrap_or_default(),
            after,
            most: most.min(MOST),
            encoded: call.params.get("encoding-type") == Some("url"),
        })
    }

    fn key(&self, key: &str) -> String {
        if self.encoded { utf8_percent_encode(key, URL).to_string() } else { key.to_owned() }
    }
}

/// One row of a listing.
enum Row<'b> {
    Object(&'b str, &'b Version, &'b Stored),
    Prefix(String),
}

impl Row<'_> {
    fn name(&self) -> &str {
        match self {
            Row::Object(key, ..) => key,
            Row::Prefix(prefix) => prefix,
        }
    }
}

/// The rows of a page, and whether more follow.
fn page<'b>(bucket: &'b Bucket, asked: &Asked<'_>) -> (Vec<Row<'b>>, bool) {
    let mut rows: BTreeMap<String, Row<'b>> = BTreeMap::new();
    for (key, versions) in bucket.objects.range(asked.prefix.to_owned()..) {
        let Some(rest) = key.strip_prefix(asked.prefix) else { break };
        let Some(version) = versions.last() else { continue };
        let Some(stored) = &version.stored else { continue };
        let folded = rest.find(asked.delimiter).filter(|_| !asked.delimiter.is_empty());
        let row = match folded {
            Some(at) => Row::Prefix(key[..asked.prefix.len() + at + asked.delimiter.len()].to_owned()),
            None => Row::Object(key, version, stored),
        };
        if row.name() <= asked.after.as_str() {
            continue;
        }
        rows.insert(row.name().to_owned(), row);
        if rows.len() > asked.most {
            break;
        }
    }
    let more = rows.len() > asked.most;
    (rows.into_values().take(asked.most).collect(), more && asked.most > 0)
}

pub(super) fn objects(s3: &S3, call: &Request<'_>, bucket: &str) -> Outcome {
    let bucket = s3.bucket(bucket)?;
    let second = call.params.get("list-type") == Some("2");
    let text = |name| call.params.get(name).unwrap_or_default().to_owned();
    let after = match (second, call.params.get("continuation-token")) {
        (true, Some(token)) => untoken(token)?,
        (true, None) => text("start-after"),
        (false, _) => text("marker"),
    };
    let asked = Asked::of(call, after)?;
    let (rows, more) = page(bucket, &asked);
    Ok(Reply::xml(call, 200, "ListBucketResult", |xml| {
        xml.text("Name", &bucket.name);
        xml.text("Prefix", asked.key(asked.prefix));
        if second {
            xml.optional("StartAfter", call.params.get("start-after").map(|s| asked.key(s)));
            xml.optional("ContinuationToken", call.params.get("continuation-token"));
            xml.display("KeyCount", rows.len());
        } else {
            xml.text("Marker", asked.key(&text("marker")));
        }
        xml.display("MaxKeys", asked.most);
        if !asked.delimiter.is_empty() {
            xml.text("Delimiter", asked.key(asked.delimiter));
        }
        if asked.encoded {
            xml.text("EncodingType", "url");
        }
        xml.display("IsTruncated", more);
        if let (true, Some(last)) = (more, rows.last()) {
            match second {
                true => xml.text("NextContinuationToken", token(last.name())),
                false => xml.text("NextMarker", asked.key(last.name())),
            }
        }
        let owner = !second || call.params.flag("fetch-owner") == Some(true);
        rows.iter().for_each(|row| write_row(xml, row, &asked, owner));
    }))
}

fn write_row(xml: &mut Xml, row: &Row<'_>, asked: &Asked<'_>, owner: bool) {
    match row {
        Row::Prefix(prefix) => xml.nest("CommonPrefixes", |xml| xml.text("Prefix", asked.key(prefix))),
        Row::Object(key, version, stored) => xml.nest("Contents", |xml| {
            xml.text("Key", asked.key(key));
            object(xml, version, stored);
            if owner {
                xml.nest("Owner", |xml| xml.text("ID", OWNER));
            }
        }),
    }
}

fn object(xml: &mut Xml, version: &Version, stored: &Stored) {
    xml.text("LastModified", version.at.iso8601());
    xml.text("ETag", format!("\"{}\"", stored.etag));
    for (name, _) in &stored.checksums {
        xml.text("ChecksumAlgorithm", name.trim_start_matches("x-amz-checksum-").to_ascii_uppercase());
        xml.text("ChecksumType", "FULL_OBJECT");
    }
    xml.display("Size", stored.body.0.len());
    xml.text("StorageClass", "STANDARD");
}

pub(super) fn versions(s3: &S3, call: &Request<'_>, bucket: &str) -> Outcome {
    let bucket = s3.bucket(bucket)?;
    let asked = Asked::of(call, call.params.get("key-marker").unwrap_or_default().to_owned())?;
    let version_marker = call.params.get("version-id-marker");
    let mut rows: Vec<(&str, &Version, bool)> = Vec::new();
    for (key, versions) in bucket.objects.range(asked.prefix.to_owned()..) {
        if !key.starts_with(asked.prefix) {
            break;
        }
        let mut newest_first = versions.iter().rev().enumerate().peekable();
        match (key.as_str().cmp(asked.after.as_str()), version_marker) {
            (std::cmp::Ordering::Less, _) => continue,
            (std::cmp::Ordering::Equal, None) if !asked.after.is_empty() => continue,
            (std::cmp::Ordering::Equal, Some(marker)) => {
                newest_first.by_ref().take_while(|(_, v)| v.id != marker).for_each(drop);
            }
            _ => {}
        }
        rows.extend(newest_first.map(|(place, version)| (key.as_str(), version, place == 0)));
        if rows.len() > asked.most {
            break;
        }
    }
    let more = rows.len() > asked.most;
    rows.truncate(asked.most);
    Ok(Reply::xml(call, 200, "ListVersionsResult", |xml| {
        xml.text("Name", &bucket.name);
        xml.text("Prefix", asked.key(asked.prefix));
        xml.text("KeyMarker", asked.key(&asked.after));
        xml.text("VersionIdMarker", version_marker.unwrap_or_default());
        xml.display("MaxKeys", asked.most);
        if asked.encoded {
            xml.text("EncodingType", "url");
        }
        xml.display("IsTruncated", more);
        if let (true, Some((key, version, _))) = (more, rows.last()) {
            xml.text("NextKeyMarker", asked.key(key));
            xml.text("NextVersionIdMarker", &version.id);
        }
        for (key, version, latest) in &rows {
            write_version(xml, &asked.key(key), version, *latest);
        }
    }))
}

fn write_version(xml: &mut Xml, key: &str, version: &Version, latest: bool) {
    let name = if version.stored.is_some() { "Version" } else { "DeleteMarker" };
    xml.nest(name, |xml| {
        xml.text("Key", key);
        xml.text("VersionId", &version.id);
        xml.display("IsLatest", latest);
        match &version.stored {
            Some(stored) => object(xml, version, stored),
            None => xml.text("LastModified", version.at.iso8601()),
        }
        xml.nest("Owner", |xml| xml.text("ID", OWNER));
    });
}

fn token(after: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(after)
}

fn untoken(token: &str) -> Result<String, AwsError> {
    use base64::Engine as _;
    let wrong = || AwsError::new("InvalidArgument", "The continuation token provided is incorrect");
    let bytes = base64::engine::general_purpose::STANDARD.decode(token).map_err(|_| wrong())?;
    String::from_utf8(bytes).map_err(|_| wrong())
}
