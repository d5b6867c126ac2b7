//! S3's operations: found by what a request is about, its method and the part of a bucket or object that its
//! query names; carried out for whom the bucket's owner and policy let.

use http::Method;

use crate::call::{AwsError, Call, Outcome, Request};
use crate::operation::Operation;

use crate::scene::Tickets;

use super::S3;
use super::address::subresource;
use super::address::{self, BUCKET, OBJECT, Place, SERVICE};
use super::{access, bucket, delete, errors, limits, listing, multipart, object, settings, website};

/// An operation on a bucket, or on an object, that leaves it as it is, may change it, or may write a version of
/// an object, whose id has to be drawn.
macro_rules! read_bucket {
    ($name:literal, $read:path) => {
        Op::reads($name, |s3, call| $read(s3, call, &admitted_place(s3, call)?.bucket))
    };
}
macro_rules! change_bucket {
    ($name:literal, $change:path) => {
        Op::changes($name, |s3, _, call| $change(s3, call, &admitted_place(s3, call)?.bucket))
    };
}
macro_rules! write_in_bucket {
    ($name:literal, $write:path) => {
        Op::changes($name, |s3, tickets, call| $write(s3, tickets, call, &admitted_place(s3, call)?.bucket))
    };
}
macro_rules! read_object {
    ($name:literal, $read:path) => {
        Op::reads($name, |s3, call| {
            let place = admitted_place(s3, call)?;
            $read(s3, call, &place.bucket, &place.key)
        })
    };
}
macro_rules! change_object {
    ($name:literal, $change:path) => {
        Op::changes($name, |s3, _, call| {
            let place = admitted_place(s3, call)?;
            $change(s3, call, &place.bucket, &place.key)
        })
    };
}
macro_rules! write_object {
    ($name:literal, $write:path) => {
        Op::changes($name, |s3, tickets, call| {
            let place = admitted_place(s3, call)?;
            $write(s3, tickets, call, (&place.bucket, &place.key))
        })
    };
}

/// What answers a call.
pub(crate) type Read = fn(&S3, &Request<'_>) -> Outcome;
/// What answers a call and changes what there is.
pub(crate) type Change = fn(&mut S3, &mut Tickets, &Request<'_>) -> Outcome;
type Op = Operation<Read, Change>;

/// What S3 answers; objects first, which are asked for most.
pub(crate) static OPERATIONS: &[Op] = &[
    read_object!("GetObject", object::answer).at("GET", "/{Bucket}/{Key+}"),
    read_object!("HeadObject", object::answer).at("HEAD", "/{Bucket}/{Key+}"),
    write_object!("PutObject", object::put).at("PUT", "/{Bucket}/{Key+}"),
    write_object!("CopyObject", object::copy).at("PUT", "/{Bucket}/{Key+}?x-id=CopyObject"),
    write_object!("DeleteObject", delete::one).at("DELETE", "/{Bucket}/{Key+}"),
    read_object!("GetObjectAcl", object::acl).at("GET", "/{Bucket}/{Key+}?acl"),
    read_object!("GetObjectAttributes", object::attributes).at("GET", "/{Bucket}/{Key+}?attributes"),
    read_object!("GetObjectTagging", object::get_tags).at("GET", "/{Bucket}/{Key+}?tagging"),
    change_object!("PutObjectTagging", object::put_tags).at("PUT", "/{Bucket}/{Key+}?tagging"),
    change_object!("DeleteObjectTagging", object::delete_tags).at("DELETE", "/{Bucket}/{Key+}?tagging"),
    write_object!("CreateMultipartUpload", multipart::begin).at("POST", "/{Bucket}/{Key+}?uploads"),
    change_object!("UploadPart", multipart::part).at("PUT", "/{Bucket}/{Key+}?uploadId"),
    read_object!("ListParts", multipart::parts).at("GET", "/{Bucket}/{Key+}?uploadId"),
    write_object!("CompleteMultipartUpload", multipart::complete).at("POST", "/{Bucket}/{Key+}?uploadId"),
    change_object!("AbortMultipartUpload", multipart::abort).at("DELETE", "/{Bucket}/{Key+}?uploadId"),
    Op::reads("ListBuckets", bucket::list).at("GET", "/"),
    read_bucket!("ListObjectsV2", listing::objects).at("GET", "/{Bucket}?list-type=2"),
    read_bucket!("ListObjects", listing::objects).at("GET", "/{Bucket}"),
    read_bucket!("ListObjectVersions", listing::versions).at("GET", "/{Bucket}?versions"),
    read_bucket!("ListMultipartUploads", multipart::uploads).at("GET", "/{Bucket}?uploads"),
    write_in_bucket!("DeleteObjects", delete::many).at("POST", "/{Bucket}?delete"),
    read_bucket!("HeadBucket", bucket::head).at("HEAD", "/{Bucket}"),
    change_bucket!("CreateBucket", bucket::put).at("PUT", "/{Bucket}"),
    change_bucket!("DeleteBucket", bucket::delete).at("DELETE", "/{Bucket}"),
    read_bucket!("GetBucketLocation", settings::location).at("GET", "/{Bucket}?location"),
    read_bucket!("GetBucketAcl", settings::acl).at("GET", "/{Bucket}?acl"),
    read_bucket!("GetBucketVersioning", settings::versioning).at("GET", "/{Bucket}?versioning"),
    change_bucket!("PutBucketVersioning", settings::set_versioning).at("PUT", "/{Bucket}?versioning"),
    read_bucket!("GetBucketPolicyStatus", settings::policy_status).at("GET", "/{Bucket}?policyStatus"),
    read_bucket!("GetBucketPolicy", settings::get_policy).at("GET", "/{Bucket}?policy"),
    change_bucket!("PutBucketPolicy", settings::put_policy).at("PUT", "/{Bucket}?policy"),
    change_bucket!("DeleteBucketPolicy", settings::delete_policy).at("DELETE", "/{Bucket}?policy"),
    read_bucket!("GetPublicAccessBlock", settings::get).at("GET", "/{Bucket}?publicAccessBlock"),
    change_bucket!("PutPublicAccessBlock", settings::put).at("PUT", "/{Bucket}?publicAccessBlock"),
    change_bucket!("DeletePublicAccessBlock", settings::delete).at("DELETE", "/{Bucket}?publicAccessBlock"),
    read_bucket!("GetBucketEncryption", settings::get).at("GET", "/{Bucket}?encryption"),
    change_bucket!("PutBucketEncryption", settings::put).at("PUT", "/{Bucket}?encryption"),
    change_bucket!("DeleteBucketEncryption", settings::delete).at("DELETE", "/{Bucket}?encryption"),
    read_bucket!("GetBucketOwnershipControls", settings::get).at("GET", "/{Bucket}?ownershipControls"),
    change_bucket!("PutBucketOwnershipControls", settings::put).at("PUT", "/{Bucket}?ownershipControls"),
    change_bucket!("DeleteBucketOwnershipControls", settings::delete)
        .at("DELETE", "/{Bucket}?ownershipControls"),
    read_bucket!("GetBucketTagging", settings::get).at("GET", "/{Bucket}?tagging"),
    change_bucket!("PutBucketTagging", settings::put).at("PUT", "/{Bucket}?tagging"),
    change_bucket!("DeleteBucketTagging", settings::delete).at("DELETE", "/{Bucket}?tagging"),
    read_bucket!("GetBucketCors", settings::get).at("GET", "/{Bucket}?cors"),
    change_bucket!("PutBucketCors", settings::put).at("PUT", "/{Bucket}?cors"),
    change_bucket!("DeleteBucketCors", settings::delete).at("DELETE", "/{Bucket}?cors"),
    read_bucket!("GetBucketWebsite", settings::get).at("GET", "/{Bucket}?website"),
    change_bucket!("PutBucketWebsite", settings::put).at("PUT", "/{Bucket}?website"),
    change_bucket!("DeleteBucketWebsite", settings::delete).at("DELETE", "/{Bucket}?website"),
    read_bucket!("GetBucketLifecycleConfiguration", settings::get).at("GET", "/{Bucket}?lifecycle"),
    change_bucket!("PutBucketLifecycleConfiguration", settings::put).at("PUT", "/{Bucket}?lifecycle"),
    change_bucket!("DeleteBucketLifecycle", settings::delete).at("DELETE", "/{Bucket}?lifecycle"),
    read_bucket!("GetBucketReplication", settings::get).at("GET", "/{Bucket}?replication"),
    change_bucket!("PutBucketReplication", settings::put).at("PUT", "/{Bucket}?replication"),
    change_bucket!("DeleteBucketReplication", settings::delete).at("DELETE", "/{Bucket}?replication"),
    read_bucket!("GetObjectLockConfiguration", settings::get).at("GET", "/{Bucket}?object-lock"),
    change_bucket!("PutObjectLockConfiguration", settings::put).at("PUT", "/{Bucket}?object-lock"),
    read_bucket!("GetBucketNotificationConfiguration", settings::get).at("GET", "/{Bucket}?notification"),
    change_bucket!("PutBucketNotificationConfiguration", settings::put).at("PUT", "/{Bucket}?notification"),
    read_bucket!("GetBucketLogging", settings::get).at("GET", "/{Bucket}?logging"),
    change_bucket!("PutBucketLogging", settings::put).at("PUT", "/{Bucket}?logging"),
    read_bucket!("GetBucketAccelerateConfiguration", settings::get).at("GET", "/{Bucket}?accelerate"),
    change_bucket!("PutBucketAccelerateConfiguration", settings::put).at("PUT", "/{Bucket}?accelerate"),
    read_bucket!("GetBucketRequestPayment", settings::get).at("GET", "/{Bucket}?requestPayment"),
    change_bucket!("PutBucketRequestPayment", settings::put).at("PUT", "/{Bucket}?requestPayment"),
];

/// The operation a request is for. A website is no part of the API.
pub fn find(call: &Call<'_>) -> Option<&'static Op> {
    if address::is_website(call.host) {
        return None;
    }
    let (method, uri) = (call.method.as_str(), address::uri(call));
    let query = match (method, uri, subresource(call)) {
        (_, SERVICE, _) | ("HEAD", BUCKET, _) => "",
        ("GET", BUCKET, "") if call.params.get("list-type") == Some("2") => "list-type=2",
        ("PUT", OBJECT, "") if call.headers.contains_key("x-amz-copy-source") => "x-id=CopyObject",
        (.., sub) => sub,
    };
    OPERATIONS.iter().find(|operation| operation.is_at(method, uri, query))
}

/// The answer to a request for no operation: a website's page, or why there is none.
pub fn without_operation(s3: &S3, call: &Request<'_>) -> Outcome {
    let place = address::place(call);
    if address::is_website(call.host) {
        return website::serve(s3, call, &place);
    }
    let uri = address::uri(call);
    if uri == SERVICE {
        return Err(errors::method_not_allowed());
    }
    let sub = admit(s3, call, &place)?;
    match (uri, sub) {
        (OBJECT, "tagging") => object::get_tags(s3, call, &place.bucket, &place.key).map(drop)?,
        (BUCKET, _) => s3.bucket(&place.bucket).map(drop)?,
        _ => {}
    }
    Err(match (uri, sub) {
        (OBJECT, "tagging") | (BUCKET, "policy") => errors::method_not_allowed(),
        // These are unset by what is put in their place.
        (BUCKET, sub) if *call.method == Method::DELETE && settings::is_known(sub) => {
            errors::method_not_allowed()
        }
        _ => AwsError::unknown_action(call),
    })
}

/// Refuses what the bucket's Region, its owner, its policy or the limits of S3 do not let. Gives the
/// sub-resource.
fn admit<'c>(s3: &S3, call: &'c Request<'_>, place: &Place) -> Result<&'c str, AwsError> {
    let region = s3.buckets.get(&place.bucket).map_or(call.region, |bucket| bucket.region.as_str());
    if call.scene.faults.broken_since(region).is_some() {
        return Err(AwsError::unavailable());
    }
    let sub = subresource(call);
    access::check_owner(s3, call, place)?;
    access::check(s3, call, place, sub)?;
    if !place.key.is_empty() {
        limits::key(&place.key)?;
        if matches!(*call.method, Method::PUT | Method::POST) {
            limits::metadata(call)?;
        }
    }
    Ok(sub)
}

/// The place a request is about, if it is let.
fn admitted_place(s3: &S3, call: &Request<'_>) -> Result<Place, AwsError> {
    let place = address::place(call);
    admit(s3, call, &place)?;
    Ok(place)
}
