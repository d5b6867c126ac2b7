//! Who may do what with a bucket: its policy, Block Public Access, and that the account owns it.

use http::Method;

use crate::call::{AwsError, Caller, Request};
use crate::wire::Node;

use super::S3;
use super::address::Place;
use super::errors;
use super::policy::{Effect, Policy, Who};
use super::state::Bucket;

/// Somebody other than the account who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader<'a> {
    /// Nobody known.
    Anonymous,
    /// A distribution with origin access control, by its ARN.
    Distribution(&'a str),
}

/// Refuses a request that its bucket's policy, or the lack of one, forbids.
pub(super) fn check(s3: &S3, call: &Request<'_>, place: &Place, sub: &str) -> Result<(), AwsError> {
    let action = action(call.method, place.key.is_empty(), sub);
    // A bucket that does not exist is found missing by the operation itself, or is made, by the account.
    let Some(bucket) = s3.buckets.get(&place.bucket) else {
        let may = call.caller == Caller::Account || action != "s3:CreateBucket";
        return if may { Ok(()) } else { Err(errors::access_denied()) };
    };
    let allowed = match call.caller {
        Caller::Account => owner_may(bucket, action, &place.key),
        Caller::Anonymous => allows(bucket, action, &place.key, &Reader::Anonymous),
    };
    if allowed { Ok(()) } else { Err(errors::access_denied()) }
}

/// Refuses a request that expects the bucket, or the source of a copy, to belong to another account than
/// it does. All buckets of this world belong to its account.
pub(super) fn check_owner(s3: &S3, call: &Request<'_>, place: &Place) -> Result<(), AwsError> {
    let differs = |header: &str| {
        let expected = call.headers.get(header).and_then(|value| value.to_str().ok());
        expected.is_some_and(|account| account.trim() != call.scene.account)
    };
    // A bucket that does not exist is found missing by the operation itself.
    let exists = s3.buckets.contains_key(&place.bucket);
    if exists && (differs("x-amz-expected-bucket-owner") || differs("x-amz-source-expected-bucket-owner")) {
        return Err(errors::access_denied());
    }
    Ok(())
}

fn action(method: &Method, on_bucket: bool, sub: &str) -> &'static str {
    match (on_bucket, method, sub) {
        (true, &Method::GET | &Method::HEAD, "") => "s3:ListBucket",
        (true, &Method::GET, "versions") => "s3:ListBucketVersions",
        (true, &Method::DELETE, "") => "s3:DeleteBucket",
        (true, &Method::PUT, "") => "s3:CreateBucket",
        // The account's root may always set a policy right, so that nobody locks themselves out.
        (true, _, "policy") => "s3:BucketPolicy",
        (true, ..) => "s3:BucketSettings",
        (false, &Method::GET | &Method::HEAD, _) => "s3:GetObject",
        (false, &Method::DELETE, _) => "s3:DeleteObject",
        (false, ..) => "s3:PutObject",
    }
}

/// Whether the account may: it owns the bucket, so unless it is denied.
pub(super) fn owner_may(bucket: &Bucket, action: &str, key: &str) -> bool {
    if matches!(action, "s3:BucketPolicy" | "s3:BucketSettings") {
        return true;
    }
    let Some(policy) = policy(bucket) else { return true };
    policy.judge(&Who::Account, action, &resource(bucket, key)) != Some(Effect::Deny)
}

/// Whether somebody else may: only if the policy allows it, and a public policy only where Block
/// Public Access lets it.
pub(super) fn allows(bucket: &Bucket, action: &str, key: &str, reader: &Reader<'_>) -> bool {
    let Some(policy) = policy(bucket) else { return false };
    let who = match reader {
        Reader::Anonymous => Who::Anonymous,
        Reader::Distribution(arn) => Who::Distribution(arn),
    };
    let restricted = policy.is_public() && blocks(bucket, "RestrictPublicBuckets");
    let shut = restricted && *reader == Reader::Anonymous;
    !shut && policy.judge(&who, action, &resource(bucket, key)) == Some(Effect::Allow)
}

pub(super) fn is_public(bucket: &Bucket) -> bool {
    policy(bucket).is_some_and(|policy| policy.is_public()) && !blocks(bucket, "RestrictPublicBuckets")
}

/// Whether a setting of Block Public Access is on. New buckets have all of them on.
pub(super) fn blocks(bucket: &Bucket, setting: &str) -> bool {
    match bucket.settings.get("publicAccessBlock") {
        None => true,
        Some(document) => Node::parse(document.as_bytes()).is_ok_and(|node| node.at(setting) == Some("true")),
    }
}

fn policy(bucket: &Bucket) -> Option<Policy> {
    Policy::parse(bucket.policy.as_deref()?, &bucket.name).ok()
}

fn resource(bucket: &Bucket, key: &str) -> String {
    match key {
        "" => format!("arn:aws:s3:::{}", bucket.name),
        key => format!("arn:aws:s3:::{}/{key}", bucket.name),
    }
}
