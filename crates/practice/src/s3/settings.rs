//! A bucket's settings: policy, versioning, and the documents S3 keeps as they were given.

use crate::call::{AwsError, Outcome, Reply, Request};
use crate::wire::{Node, Xml};

use super::address::subresource;
use super::bucket::OWNER;
use super::state::{S3, Versioning};
use super::{access, errors, limits, policy};

/// What a bucket answers for a setting it was never given: a document, or an error's code and text.
enum Unset {
    Document(&'static str),
    Error(&'static str, &'static str),
}

const BLOCKED: &str = "<PublicAccessBlockConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
    <BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>\
    <BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets>\
    </PublicAccessBlockConfiguration>";
const ENCRYPTED: &str = "<ServerSideEncryptionConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
    <Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>\
    </ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>\
    </ServerSideEncryptionConfiguration>";
const OWNED: &str = "<OwnershipControls xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Rule>\
    <ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>";

fn answer_if_unset(setting: &str) -> Option<Unset> {
    use Unset::{Document, Error};
    Some(match setting {
        "publicAccessBlock" => Document(BLOCKED),
        "encryption" => Document(ENCRYPTED),
        "ownershipControls" => Document(OWNED),
        "tagging" => Error("NoSuchTagSet", "The TagSet does not exist"),
        "cors" => Error("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
        "website" => {
            Error("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")
        }
        "lifecycle" => Error("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
        "replication" => {
            Error("ReplicationConfigurationNotFoundError", "The replication configuration was not found")
        }
        "object-lock" => Error(
            "ObjectLockConfigurationNotFoundError",
            "Object Lock configuration does not exist for this bucket",
        ),
        "notification" => Document("<NotificationConfiguration/>"),
        "logging" => Document("<BucketLoggingStatus xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>"),
        "accelerate" => {
            Document("<AccelerateConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>")
        }
        "requestPayment" => {
            Document("<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>")
        }
        _ => return None,
    })
}

/// Whether S3 has a setting of this name.
pub(super) fn is_known(setting: &str) -> bool {
    answer_if_unset(setting).is_some()
}

/// The document of the setting that the query names.
pub(super) fn get(s3: &S3, call: &Request<'_>, name: &str) -> Outcome {
    let (bucket, setting) = (s3.bucket(name)?, subresource(call));
    if let Some(document) = bucket.settings.get(setting).filter(|document| !document.is_empty()) {
        return Ok(Reply::new(200, "application/xml", document.clone()));
    }
    if setting == "publicAccessBlock" && bucket.settings.contains_key(setting) {
        let text = "The public access block configuration was not found";
        return Err(AwsError::with_status(404, "NoSuchPublicAccessBlockConfiguration", text)
            .detail("BucketName", bucket.name.as_str()));
    }
    match answer_if_unset(setting) {
        Some(Unset::Document(document)) => Ok(Reply::new(200, "application/xml", document)),
        Some(Unset::Error(code, text)) => {
            Err(AwsError::with_status(404, code, text).detail("BucketName", bucket.name.as_str()))
        }
        None => Err(AwsError::unknown_action(call)),
    }
}

pub(super) fn put(s3: &mut S3, call: &Request<'_>, name: &str) -> Outcome {
    s3.bucket(name)?;
    let setting = subresource(call);
    let node = Node::parse(call.body).map_err(|_| errors::malformed_xml())?;
    if setting == "tagging" {
        let text = |tag: &Node, name| tag.at(name).unwrap_or_default().to_owned();
        let set = node.child("TagSet").into_iter().flat_map(|set| set.all("Tag"));
        let tags: Vec<(String, String)> = set.map(|tag| (text(tag, "Key"), text(tag, "Value"))).collect();
        limits::tags(&tags, limits::BUCKET_TAGS)?;
    }
    let text = String::from_utf8_lossy(call.body).into_owned();
    apply(s3, name, setting, text)?;
    Ok(Reply::empty(if setting == "tagging" { 204 } else { 200 }))
}

pub(super) fn delete(s3: &mut S3, call: &Request<'_>, name: &str) -> Outcome {
    let setting = subresource(call);
    s3.bucket_mut(name)?.settings.remove(setting);
    // What is switched off by hand is off, though a new bucket has it on.
    if setting == "publicAccessBlock" {
        apply(s3, name, setting, String::new())?;
    }
    Ok(Reply::empty(204))
}

/// Sets a bucket's setting to an XML document, by the name of its sub-resource (`publicAccessBlock`).
/// `versioning` takes `Enabled` or `Suspended`.
///
/// # Errors
/// `NoSuchBucket`.
pub fn apply(s3: &mut S3, name: &str, setting: &str, document: String) -> Result<(), AwsError> {
    let bucket = s3.bucket_mut(name)?;
    match (setting, document.as_str()) {
        ("versioning", "Enabled") => bucket.versioning = Versioning::Enabled,
        ("versioning", "Suspended") if bucket.versioning != Versioning::Off => {
            bucket.versioning = Versioning::Suspended;
        }
        ("versioning", _) => {}
        _ => {
            bucket.settings.insert(setting.to_owned(), document);
        }
    }
    Ok(())
}

pub(super) fn location(s3: &S3, call: &Request<'_>, name: &str) -> Outcome {
    let bucket = s3.bucket(name)?;
    let mut xml = Xml::document();
    // The oldest Region has no name here.
    let region = if bucket.region == "us-east-1" { "" } else { bucket.region.as_str() };
    xml.open_with("LocationConstraint", &[("xmlns", call.service.namespace())]);
    xml.escape(region);
    xml.close("LocationConstraint");
    Ok(Reply::new(200, "application/xml", xml.finish()))
}

pub(super) fn acl(s3: &S3, call: &Request<'_>, name: &str) -> Outcome {
    s3.bucket(name)?;
    Ok(Reply::xml(call, 200, "AccessControlPolicy", |xml| {
        xml.nest("Owner", |xml| xml.text("ID", OWNER));
        xml.nest("AccessControlList", |xml| {
            xml.nest("Grant", |xml| {
                let grantee = [
                    ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
                    ("xsi:type", "CanonicalUser"),
                ];
                xml.open_with("Grantee", &grantee);
                xml.text("ID", OWNER);
                xml.close("Grantee");
                xml.text("Permission", "FULL_CONTROL");
            });
        });
    }))
}

pub(super) fn versioning(s3: &S3, call: &Request<'_>, name: &str) -> Outcome {
    let bucket = s3.bucket(name)?;
    Ok(Reply::xml(call, 200, "VersioningConfiguration", |xml| match bucket.versioning {
        Versioning::Off => {}
        Versioning::Enabled => xml.text("Status", "Enabled"),
        Versioning::Suspended => xml.text("Status", "Suspended"),
    }))
}

pub(super) fn set_versioning(s3: &mut S3, call: &Request<'_>, name: &str) -> Outcome {
    let bucket = s3.bucket_mut(name)?;
    let node = Node::parse(call.body).map_err(|_| errors::malformed_xml())?;
    bucket.versioning = match node.at("Status") {
        Some("Enabled") => Versioning::Enabled,
        Some("Suspended") => Versioning::Suspended,
        _ => return Err(errors::malformed_xml()),
    };
    Ok(Reply::empty(200))
}

pub(super) fn policy_status(s3: &S3, call: &Request<'_>, name: &str) -> Outcome {
    let bucket = s3.bucket(name)?;
    Ok(Reply::xml(call, 200, "PolicyStatus", |xml| xml.display("IsPublic", access::is_public(bucket))))
}

pub(super) fn get_policy(s3: &S3, _: &Request<'_>, name: &str) -> Outcome {
    match &s3.bucket(name)?.policy {
        Some(policy) => Ok(Reply::new(200, "application/json", policy.clone())),
        None => Err(AwsError::with_status(404, "NoSuchBucketPolicy", "The bucket policy does not exist")
            .detail("BucketName", name)),
    }
}

pub(super) fn put_policy(s3: &mut S3, call: &Request<'_>, name: &str) -> Outcome {
    let text = String::from_utf8_lossy(call.body).into_owned();
    set_policy(s3, name, Some(text))?;
    Ok(Reply::empty(204))
}

pub(super) fn delete_policy(s3: &mut S3, _: &Request<'_>, name: &str) -> Outcome {
    set_policy(s3, name, None)?;
    Ok(Reply::empty(204))
}

/// Sets or removes a bucket's policy.
///
/// # Errors
/// `NoSuchBucket`; `MalformedPolicy`; `AccessDenied` for a public policy while those are blocked.
pub fn set_policy(s3: &mut S3, name: &str, text: Option<String>) -> Result<(), AwsError> {
    let bucket = s3.bucket_mut(name)?;
    if let Some(text) = &text {
        limits::policy(text)?;
        let parsed = policy::Policy::parse(text, name)?;
        if parsed.is_public() && access::blocks(bucket, "BlockPublicPolicy") {
            let text = format!(
                "User: arn:aws:iam::{}:user/practice is not authorized to perform: s3:PutBucketPolicy on resource: \
                 \"arn:aws:s3:::{name}\" because public policies are prevented by the BlockPublicPolicy setting in \
                 S3 Block Public Access.",
                crate::scene::ACCOUNT
            );
            return Err(AwsError::with_status(403, "AccessDenied", text));
        }
    }
    bucket.policy = text;
    Ok(())
}
