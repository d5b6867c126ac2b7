//! Buckets: made, listed, looked at, removed.

use crate::call::{AwsError, Caller, Outcome, Reply, Request};
use crate::wire::Node;
use ground::clock::Moment;

use super::errors;
use super::state::{Bucket, S3};

/// The canonical id of the practice account, as S3 names owners.
pub(super) const OWNER: &str = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a";

/// How many buckets a listing tells at most.
const MOST: usize = 10_000;

/// Makes a bucket of the practice account.
///
/// # Errors
/// `BucketAlreadyOwnedByYou`, `InvalidBucketName`.
pub fn create(s3: &mut S3, region: &str, name: &str, now: Moment) -> Result<(), AwsError> {
    if !name_is_valid(name) {
        return Err(AwsError::new("InvalidBucketName", "The specified bucket is not valid.")
            .detail("BucketName", name));
    }
    if s3.buckets.contains_key(name) {
        let text = "Your previous request to create the named bucket succeeded and you already own it.";
        return Err(AwsError::with_status(409, "BucketAlreadyOwnedByYou", text).detail("BucketName", name));
    }
    let bucket =
        Bucket { name: name.to_owned(), region: region.to_owned(), created: now, ..Bucket::default() };
    s3.buckets.insert(name.to_owned(), bucket);
    Ok(())
}

/// Removes an empty bucket.
///
/// # Errors
/// `NoSuchBucket`; `BucketNotEmpty` while it has objects, old versions or delete markers.
pub fn remove(s3: &mut S3, name: &str) -> Result<(), AwsError> {
    let bucket = s3.bucket(name)?;
    if !bucket.objects.is_empty() {
        let text = match bucket.tells_versions() {
            true => {
                "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
            }
            false => "The bucket you tried to delete is not empty",
        };
        return Err(AwsError::with_status(409, "BucketNotEmpty", text).detail("BucketName", name));
    }
    s3.buckets.remove(name);
    Ok(())
}

/// Whether S3 takes this as a bucket's name.
#[must_use]
pub fn name_is_valid(name: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    (3..=63).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.'))
        && edge(name.chars().next())
        && edge(name.chars().last())
        && !name.contains("..")
        && name.parse::<std::net::Ipv4Addr>().is_err()
}

pub(super) fn list(s3: &S3, call: &Request<'_>) -> Outcome {
    if call.caller == Caller::Anonymous {
        // Nobody owns what nobody signed for.
        return Err(errors::access_denied());
    }
    let prefix = call.params.get("prefix").unwrap_or_default();
    let region = call.params.get("bucket-region");
    let after = call.params.get("continuation-token").unwrap_or_default();
    let wanted = |b: &&Bucket| {
        b.name.as_str() > after && b.name.starts_with(prefix) && region.is_none_or(|r| r == b.region)
    };
    let most = match call.params.get("max-buckets") {
        None => MOST,
        Some(text) => text.parse().ok().filter(|n| (1..=MOST).contains(n)).ok_or_else(|| {
            let text = format!("Argument max-buckets must be an integer between 1 and {MOST}");
            AwsError::new("InvalidArgument", text)
        })?,
    };
    let mut rest = s3.buckets.values().filter(wanted);
    let page: Vec<&Bucket> = rest.by_ref().take(most).collect();
    // The token is the last name told; real ones are opaque.
    let next = rest.next().and(page.last()).map(|b| b.name.clone());
    Ok(Reply::xml(call, 200, "ListAllMyBucketsResult", |xml| {
        xml.nest("Owner", |xml| xml.text("ID", OWNER));
        xml.list("Buckets", "Bucket", page, |xml, bucket| {
            xml.text("Name", &bucket.name);
            xml.text("CreationDate", bucket.created.iso8601());
            xml.text("BucketRegion", &bucket.region);
        });
        xml.optional("ContinuationToken", next);
    }))
}

pub(super) fn head(s3: &S3, _: &Request<'_>, name: &str) -> Outcome {
    let bucket = s3.bucket(name)?;
    Ok(Reply::empty(200)
        .with("x-amz-bucket-region", &bucket.region)
        .with("x-amz-access-point-alias", "false")
        .with("content-type", "application/xml"))
}

pub(super) fn put(s3: &mut S3, call: &Request<'_>, name: &str) -> Outcome {
    let asked = match call.body.is_empty() {
        true => None,
        false => {
            let node = Node::parse(call.body).map_err(|_| errors::malformed_xml())?;
            node.at("LocationConstraint").or_else(|| node.at("Location/Name")).map(str::to_owned)
        }
    };
    let region = match asked.as_deref().filter(|asked| !asked.is_empty()) {
        None if call.region == "us-east-1" => "us-east-1",
        None => {
            let text = "The unspecified location constraint is incompatible for the region specific endpoint \
                        this request was sent to.";
            return Err(AwsError::new("IllegalLocationConstraintException", text));
        }
        Some("EU") => "eu-west-1",
        Some("us-east-1") => {
            return Err(AwsError::new(
                "InvalidLocationConstraint",
                "The specified location-constraint is not valid",
            )
            .detail("LocationConstraint", "us-east-1"));
        }
        Some(asked) if call.region != "us-east-1" && asked != call.region => {
            let text = format!(
                "The {asked} location constraint is incompatible for the region specific endpoint this request \
                 was sent to."
            );
            return Err(AwsError::new("IllegalLocationConstraintException", text));
        }
        Some(asked) => asked,
    };
    match create(s3, region, name, call.now) {
        // The oldest Region answers a repetition as it always did.
        Err(error) if error.code == "BucketAlreadyOwnedByYou" && region == "us-east-1" => {}
        other => other?,
    }
    Ok(Reply::empty(200).with("location", format!("/{name}")))
}

pub(super) fn delete(s3: &mut S3, _: &Request<'_>, name: &str) -> Outcome {
    remove(s3, name)?;
    Ok(Reply::empty(204))
}
