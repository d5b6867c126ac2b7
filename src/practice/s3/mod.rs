//! S3 (REST-XML 2006-03-01): buckets and objects. `operations` finds what a request is for by bucket, key,
//! method and sub-resource; providers and the edge use the functions that this file re-exports.

use percent_encoding::percent_decode_str;

use super::call::Call;

mod access;
mod address;
mod bucket;
mod checksum;
mod chunked;
mod delete;
mod errors;
mod limits;
mod listing;
mod multipart;
mod object;
mod operations;
mod policy;
mod settings;
mod state;
mod website;

pub use access::Reader;
pub(in crate::practice) use address::bucket_of_host;
pub use bucket::{create, name_is_valid, remove};
pub use object::{content, get as read};
pub(super) use operations::{Change, OPERATIONS, Read, find, without_operation};
pub use settings::{apply as configure, set_policy};
pub use state::{Blob, Bucket, S3, Stored, Version, Versioning};

/// The part of a bucket or object the query names; empty for the thing itself.
fn subresource<'a>(call: &'a Call<'_>) -> &'a str {
    const PLAIN: [&str; 20] = [
        "prefix",
        "delimiter",
        "marker",
        "max-keys",
        "list-type",
        "continuation-token",
        "start-after",
        "fetch-owner",
        "encoding-type",
        "versionId",
        "x-id",
        "partNumber",
        "key-marker",
        "version-id-marker",
        "max-uploads",
        "upload-id-marker",
        "optional-object-attributes",
        "AWSAccessKeyId",
        "Signature",
        "Expires",
    ];
    call.params
        .iter()
        .map(|(name, _)| name)
        .find(|name| !PLAIN.contains(name) && !name.starts_with("X-Amz-") && !name.starts_with("response-"))
        .unwrap_or_default()
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
