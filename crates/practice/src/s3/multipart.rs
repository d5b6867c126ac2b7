//! Multipart uploads: begun, filled part by part, completed or aborted.

use bytes::BytesMut;

use crate::call::{AwsError, Call, Outcome, Reply, Request};
use crate::wire::Node;

use crate::scene::Tickets;

use super::S3;
use super::object::{kept_headers, version_id};
use super::state::{Blob, Stored, Upload};
use super::{checksum, chunked, errors};

pub(super) fn begin(
    s3: &mut S3,
    tickets: &mut Tickets,
    call: &Request<'_>,
    (bucket, key): (&str, &str),
) -> Outcome {
    let id = version_id(tickets, call);
    let at = call.now;
    let upload = Upload { key: key.to_owned(), at, headers: kept_headers(call), ..Upload::default() };
    s3.bucket_mut(bucket)?.uploads.insert(id.clone(), upload);
    Ok(Reply::xml(call, 200, "InitiateMultipartUploadResult", |xml| {
        xml.text("Bucket", bucket);
        xml.text("Key", key);
        xml.text("UploadId", &id);
    }))
}

fn id<'a>(call: &'a Call<'_>) -> &'a str {
    call.params.get("uploadId").unwrap_or_default()
}

pub(super) fn part(s3: &mut S3, call: &Request<'_>, bucket: &str, _key: &str) -> Outcome {
    let content = chunked::content(call)?;
    checksum::checksums_given(call, &content)?;
    let number = call.params.number("partNumber").and_then(|n| u32::try_from(n).ok());
    let number = number.filter(|n| (1..=10_000).contains(n)).ok_or_else(|| {
        AwsError::new("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive")
    })?;
    let upload = s3.bucket_mut(bucket)?.uploads.get_mut(id(call));
    let upload = upload.ok_or_else(|| errors::no_upload(id(call)))?;
    let etag = checksum::etag(&content.body);
    upload.parts.insert(number, (Blob(content.body), etag.clone()));
    Ok(Reply::empty(200).with("etag", format!("\"{etag}\"")))
}

pub(super) fn complete(
    s3: &mut S3,
    tickets: &mut Tickets,
    call: &Request<'_>,
    (bucket, key): (&str, &str),
) -> Outcome {
    let request = Node::parse(call.body).map_err(|_| errors::malformed_xml())?;
    let upload = s3.bucket(bucket)?.uploads.get(id(call)).ok_or_else(|| errors::no_upload(id(call)))?;
    let (mut body, mut tags, mut last) = (BytesMut::new(), Vec::new(), 0);
    for part in request.all("Part") {
        let number: u32 = part.at("PartNumber").and_then(|n| n.parse().ok()).unwrap_or_default();
        let tag = part.at("ETag").unwrap_or_default().trim_matches('"');
        let found = upload.parts.get(&number).filter(|(_, etag)| etag == tag);
        let Some((content, etag)) = found else {
            let text = "One or more of the specified parts could not be found.  The part may not have been \
                        uploaded, or the specified entity tag may not match the part's entity tag.";
            return Err(AwsError::new("InvalidPart", text).detail("PartNumber", number.to_string()));
        };
        if number <= last {
            let text = "The list of parts was not in ascending order. Parts must be ordered by part number.";
            return Err(AwsError::new("InvalidPartOrder", text));
        }
        last = number;
        body.extend_from_slice(&content.0);
        tags.push(etag.as_str());
    }
    if tags.is_empty() {
        return Err(errors::malformed_xml());
    }
    let etag = checksum::joined_etag(tags.into_iter());
    let headers = upload.headers.clone();
    let stored = Stored { body: Blob(body.freeze()), etag: etag.clone(), headers, ..Stored::default() };
    let version = version_id(tickets, call);
    let at = call.now;
    let target = s3.bucket_mut(bucket)?;
    target.uploads.remove(id(call));
    target.write(key, version, at, Some(stored));
    Ok(Reply::xml(call, 200, "CompleteMultipartUploadResult", |xml| {
        xml.text("Location", format!("https://{bucket}.s3.amazonaws.com/{key}"));
        xml.text("Bucket", bucket);
        xml.text("Key", key);
        xml.text("ETag", format!("\"{etag}\""));
    }))
}

pub(super) fn abort(s3: &mut S3, call: &Request<'_>, bucket: &str, _key: &str) -> Outcome {
    let gone = s3.bucket_mut(bucket)?.uploads.remove(id(call));
    gone.map(|_| Reply::empty(204)).ok_or_else(|| errors::no_upload(id(call)))
}

pub(super) fn parts(s3: &S3, call: &Request<'_>, bucket: &str, key: &str) -> Outcome {
    let upload = s3.bucket(bucket)?.uploads.get(id(call)).ok_or_else(|| errors::no_upload(id(call)))?;
    Ok(Reply::xml(call, 200, "ListPartsResult", |xml| {
        xml.text("Bucket", bucket);
        xml.text("Key", key);
        xml.text("UploadId", id(call));
        xml.text("IsTruncated", "false");
        for (number, (content, etag)) in &upload.parts {
            xml.nest("Part", |xml| {
                xml.display("PartNumber", number);
                xml.text("LastModified", upload.at.iso8601());
                xml.text("ETag", format!("\"{etag}\""));
                xml.display("Size", content.0.len());
            });
        }
    }))
}

pub(super) fn uploads(s3: &S3, call: &Request<'_>, bucket: &str) -> Outcome {
    let bucket = s3.bucket(bucket)?;
    Ok(Reply::xml(call, 200, "ListMultipartUploadsResult", |xml| {
        xml.text("Bucket", &bucket.name);
        xml.text("IsTruncated", "false");
        for (id, upload) in &bucket.uploads {
            xml.nest("Upload", |xml| {
                xml.text("Key", &upload.key);
                xml.text("UploadId", id);
                xml.text("Initiated", upload.at.iso8601());
                xml.text("StorageClass", "STANDARD");
            });
        }
    }))
}
