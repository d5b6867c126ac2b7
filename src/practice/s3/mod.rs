//! S3 (REST-XML 2006-03-01): buckets and objects. This file routes a request by bucket, key, method
//! and sub-resource; providers and the edge use the functions it re-exports.

use http::Method;
use percent_encoding::percent_decode_str;

use super::call::{AwsError, Call, Caller, Outcome};
use super::perform::unavailable;
use super::world::World;

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
mod policy;
mod settings;
mod state;
mod website;

pub use access::Reader;
pub(in crate::practice) use address::bucket_of_host;
pub use bucket::{create, name_is_valid, remove};
pub use object::{get as read, text};
pub use settings::{apply as configure, set_policy};
pub use state::{Blob, Bucket, S3, Stored, Version, Versioning};

/// Answers one request.
///
/// # Errors
/// As AWS answers them.
pub fn handle(world: &mut World, call: &Call<'_>) -> Outcome {
    let place = address::place(call);
    if address::is_website(call.host) {
        return website::serve(world, call, &place);
    }
    if place.bucket.is_empty() {
        return match *call.method {
            // Nobody owns what nobody signed for.
            Method::GET if call.caller == Caller::Anonymous => Err(errors::denied()),
            Method::GET => bucket::list(world, call),
            _ => Err(errors::method_not_allowed()),
        };
    }
    let region = world.s3.buckets.get(&place.bucket).map_or(call.region, |bucket| bucket.region.as_str());
    if world.faults.broken(region).is_some() {
        return Err(unavailable());
    }
    let sub = subresource(call);
    access::check_owner(world, call, &place)?;
    access::check(world, call, &place, sub)?;
    match place.key.is_empty() {
        true => on_bucket(world, call, &place.bucket, sub),
        false => on_object(world, call, &place.bucket, &place.key, sub),
    }
}

fn on_bucket(world: &mut World, call: &Call<'_>, bucket: &str, sub: &str) -> Outcome {
    match (call.method, sub) {
        (&Method::POST, "delete") => delete::many(world, call, bucket),
        (&Method::GET, "versions") => listing::versions(world, call, bucket),
        (&Method::GET, "uploads") => multipart::uploads(world, call, bucket),
        (&Method::GET, "") => listing::objects(world, call, bucket),
        (&Method::HEAD, _) => bucket::head(world, bucket),
        (&Method::PUT, "") => bucket::put(world, call, bucket),
        (&Method::DELETE, "") => bucket::delete(world, bucket),
        (method, _) => settings::handle(world, call, bucket, sub, method),
    }
}

fn on_object(world: &mut World, call: &Call<'_>, bucket: &str, key: &str, sub: &str) -> Outcome {
    limits::key(key)?;
    if matches!(*call.method, Method::PUT | Method::POST) {
        limits::metadata(call)?;
    }
    match (call.method, sub) {
        (&Method::POST, "uploads") => multipart::begin(world, call, bucket, key),
        (&Method::POST, "uploadId") => multipart::complete(world, call, bucket, key),
        (&Method::PUT, "uploadId") => multipart::part(world, call, bucket, key),
        (&Method::DELETE, "uploadId") => multipart::abort(world, call, bucket, key),
        (&Method::GET, "uploadId") => multipart::parts(world, call, bucket, key),
        (method, "tagging") => object::tagging(world, call, bucket, key, method),
        (&Method::GET, "attributes") => object::attributes(world, call, bucket, key),
        (&Method::GET, "acl") => settings::handle(world, call, bucket, "acl", &Method::GET),
        (&Method::PUT, "") if call.headers.contains_key("x-amz-copy-source") => {
            object::copy(world, call, bucket, key)
        }
        (&Method::PUT, "") => object::put(world, call, bucket, key),
        (&Method::GET | &Method::HEAD, "") => object::answer(world, call, bucket, key),
        (&Method::DELETE, "") => delete::one(world, call, bucket, key),
        _ => Err(AwsError::unknown_action(call)),
    }
}

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
