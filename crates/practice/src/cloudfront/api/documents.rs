//! Access controls and policies: create, get, configuration, update, delete, list.

use super::{id, part};
use crate::call::{AwsError, Call, Outcome, Reply, Request};
use crate::cloudfront::documents::{Document, Kind};
use crate::cloudfront::tree::{inside, write};
use crate::cloudfront::{CloudFront, errors, managed};
use crate::wire::{Node, Xml};

/// The kind a call's path is about.
fn kind_of(call: &Call<'_>) -> Result<Kind, AwsError> {
    Kind::at(part(call, 1)).ok_or_else(|| AwsError::unknown_action(call))
}

pub fn get(cloudfront: &CloudFront, call: &Request<'_>) -> Outcome {
    let kind = kind_of(call)?;
    let d = find_document(cloudfront, kind, id(call))?;
    Ok(Reply::xml(call, 200, kind.element(), |xml| write_document(xml, &d)).with("etag", &d.etag))
}

pub fn config(cloudfront: &CloudFront, call: &Request<'_>) -> Outcome {
    let d = find_document(cloudfront, kind_of(call)?, id(call))?;
    Ok(Reply::xml(call, 200, &d.config.name, |xml| inside(xml, &d.config)).with("etag", &d.etag))
}

pub fn delete(cloudfront: &mut CloudFront, call: &Request<'_>) -> Outcome {
    let (kind, id) = (kind_of(call)?, id(call));
    let d = find_document(cloudfront, kind, id)?;
    refuse_managed(&d)?;
    errors::check_match(call.header("if-match"), &d.etag)?;
    cloudfront.delete_document(kind, id)?;
    Ok(Reply::empty(204))
}

fn find_document(front: &CloudFront, kind: Kind, id: &str) -> Result<Document, AwsError> {
    front.document(kind, id).ok_or_else(|| kind.missing())
}

fn refuse_managed(document: &Document) -> Result<(), AwsError> {
    if document.managed {
        return Err(AwsError::new("IllegalUpdate", "You cannot update or delete a managed policy."));
    }
    Ok(())
}

fn write_document(xml: &mut Xml, d: &Document) {
    xml.text("Id", &d.id);
    if d.kind != Kind::AccessControl {
        xml.text("LastModifiedTime", d.modified.iso8601());
    }
    write(xml, &d.config);
}

pub fn create(cloudfront: &mut CloudFront, call: &Request<'_>) -> Outcome {
    let kind = kind_of(call)?;
    let config = Node::parse(call.body)?;
    let id = cloudfront.create_document(&call.scene, kind, config)?;
    let d = find_document(cloudfront, kind, &id)?;
    let place = format!("https://cloudfront.amazonaws.com{}/{id}", call.path.trim_end_matches('/'));
    let reply = Reply::xml(call, 201, kind.element(), |xml| write_document(xml, &d));
    Ok(reply.with("etag", &d.etag).with("location", place))
}

pub fn update(cloudfront: &mut CloudFront, call: &Request<'_>) -> Outcome {
    let (kind, id) = (kind_of(call)?, id(call));
    let d = find_document(cloudfront, kind, id)?;
    refuse_managed(&d)?;
    errors::check_match(call.header("if-match"), &d.etag)?;
    let config = Node::parse(call.body)?;
    cloudfront.update_document(&call.scene, kind, id, config)?;
    let d = find_document(cloudfront, kind, id)?;
    Ok(Reply::xml(call, 200, kind.element(), |xml| write_document(xml, &d)).with("etag", &d.etag))
}

pub fn list(cloudfront: &CloudFront, call: &Request<'_>) -> Outcome {
    let kind = kind_of(call)?;
    let wanted = call.params.get("Type");
    let own = cloudfront.documents(kind).cloned();
    let all: Vec<Document> = managed::all(kind)
        .into_iter()
        .chain(own)
        .filter(|d| wanted.is_none_or(|t| (t == "managed") == d.managed))
        .collect();
    Ok(Reply::xml(call, 200, &format!("{}List", kind.element()), |xml| {
        if kind == Kind::AccessControl {
            xml.text("Marker", "");
            xml.display("IsTruncated", false);
        }
        xml.display("MaxItems", 100);
        xml.display("Quantity", all.len());
        if !all.is_empty() {
            xml.list("Items", &format!("{}Summary", kind.element()), &all, summary);
        }
    }))
}

fn summary(xml: &mut Xml, d: &Document) {
    if d.kind == Kind::AccessControl {
        xml.text("Id", &d.id);
        if d.config.child("Description").is_none() {
            xml.text("Description", "");
        }
        inside(xml, &d.config);
    } else {
        xml.text("Type", if d.managed { "managed" } else { "custom" });
        xml.nest(d.kind.element(), |xml| write_document(xml, d));
    }
}
