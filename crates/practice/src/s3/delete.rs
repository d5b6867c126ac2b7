//! Deleting objects, one or many: delete markers where the bucket keeps versions.

use crate::call::{Outcome, Reply, Request};
use crate::wire::{Node, Xml};

use super::access;
use super::errors;
use super::limits;
use super::object::version_id;
use super::state::{S3, Versioning};
use crate::scene::Tickets;

/// What a deletion did.
struct Deleted {
    key: String,
    asked: Option<String>,
    marker: Option<String>,
    was_marker: bool,
}

fn delete(
    s3: &mut S3,
    tickets: &mut Tickets,
    call: &Request<'_>,
    (bucket, key): (&str, &str),
    version: Option<&str>,
) -> Outcome2 {
    let id = version_id(tickets, call);
    let at = call.now;
    let bucket = s3.bucket_mut(bucket)?;
    let mut done =
        Deleted { key: key.to_owned(), asked: version.map(str::to_owned), marker: None, was_marker: false };
    match version {
        Some(version) => {
            if let Some(versions) = bucket.objects.get_mut(key) {
                done.was_marker = versions.iter().any(|v| v.id == version && v.stored.is_none());
                versions.retain(|v| v.id != version);
                if versions.is_empty() {
                    bucket.objects.remove(key);
                }
            }
        }
        None if bucket.versioning == Versioning::Off => {
            bucket.objects.remove(key);
        }
        None => done.marker = Some(bucket.write(key, id, at, None)),
    }
    Ok(done)
}

type Outcome2 = Result<Deleted, crate::call::AwsError>;

pub(super) fn one(s3: &mut S3, tickets: &mut Tickets, call: &Request<'_>, place: (&str, &str)) -> Outcome {
    let done = delete(s3, tickets, call, place, call.params.get("versionId"))?;
    let mut reply = Reply::empty(204);
    if done.marker.is_some() || done.was_marker {
        reply = reply.with("x-amz-delete-marker", "true");
    }
    if let Some(id) = done.marker.or(done.asked) {
        reply = reply.with("x-amz-version-id", id);
    }
    Ok(reply)
}

pub(super) fn many(s3: &mut S3, tickets: &mut Tickets, call: &Request<'_>, bucket: &str) -> Outcome {
    s3.bucket(bucket)?;
    let request = Node::parse(call.body).map_err(|_| errors::malformed_xml())?;
    let wanted: Vec<(String, Option<String>)> = request
        .all("Object")
        .map(|o| (o.at("Key").unwrap_or_default().to_owned(), o.at("VersionId").map(str::to_owned)))
        .collect();
    if wanted.is_empty() || wanted.len() > 1000 {
        return Err(errors::malformed_xml());
    }
    let quiet = request.at("Quiet") == Some("true");
    let mut results = Vec::with_capacity(wanted.len());
    for (key, version) in wanted {
        if let Err(error) = limits::key(&key) {
            results.push(Err((key, error)));
            continue;
        }
        let allowed = access::owner_may(s3.bucket(bucket)?, "s3:DeleteObject", &key);
        results.push(if allowed {
            delete(s3, tickets, call, (bucket, &key), version.as_deref()).map_err(|error| (key, error))
        } else {
            Err((key, errors::access_denied()))
        });
    }
    Ok(Reply::xml(call, 200, "DeleteResult", |xml| {
        for result in &results {
            match result {
                Ok(done) if !quiet => write_deleted(xml, done),
                Ok(_) => {}
                Err((key, error)) => xml.nest("Error", |xml| {
                    xml.text("Key", key);
                    xml.text("Code", &error.code);
                    xml.text("Message", &error.message);
                }),
            }
        }
    }))
}

fn write_deleted(xml: &mut Xml, done: &Deleted) {
    xml.nest("Deleted", |xml| {
        xml.text("Key", &done.key);
        xml.optional("VersionId", done.asked.as_ref());
        if let Some(id) = done.marker.as_ref().or(done.asked.as_ref().filter(|_| done.was_marker)) {
            xml.text("DeleteMarker", "true");
            xml.text("DeleteMarkerVersionId", id);
        }
    });
}
