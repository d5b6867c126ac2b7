//! A bucket's website: what its name `bucket.s3-website-region` answers to anybody, as the bucket's `website`
//! setting says (index and error documents, redirects), with pages for errors.

use http::Method;

use crate::call::{AwsError, Call, Caller, Outcome, Reply, Request};
use crate::wire::{Node, Params, Xml};

use super::S3;
use super::address::Place;
use super::{Reader, access, errors, object};

/// An object's header that sends its readers elsewhere.
const REDIRECT: &str = "x-amz-website-redirect-location";

/// Answers one request to a website.
///
/// # Errors
/// When the bucket's Region is broken, and what is no failure to a browser (304).
pub(super) fn serve(s3: &S3, call: &Request<'_>, place: &Place) -> Outcome {
    match page(s3, call, place) {
        Err(error) if error.status >= 400 && error.status != 503 => Ok(error_page(&error, call)),
        other => other,
    }
}

fn page(s3: &S3, call: &Request<'_>, place: &Place) -> Outcome {
    if !matches!(*call.method, Method::GET | Method::HEAD) {
        return Err(errors::method_not_allowed());
    }
    let bucket = s3.bucket(&place.bucket)?;
    if call.scene.faults.broken_since(&bucket.region).is_some() {
        return Err(AwsError::unavailable());
    }
    let config = bucket.settings.get("website").and_then(|document| Node::parse(document.as_bytes()).ok());
    let Some(config) = config else {
        let text = "The specified bucket does not have a website configuration";
        return Err(AwsError::with_status(404, "NoSuchWebsiteConfiguration", text)
            .detail("BucketName", place.bucket.as_str()));
    };
    let key = place.key.as_str();
    if let Some(all) = config.child("RedirectAllRequestsTo") {
        return Ok(redirect(call, all, key.to_owned()));
    }
    if let Some(redirect) = by_rule(call, &config, key, None) {
        return Ok(redirect);
    }
    let index = config.at("IndexDocument/Suffix").unwrap_or("index.html");
    let folder = key.is_empty() || key.ends_with('/');
    let wanted = if folder { format!("{key}{index}") } else { key.to_owned() };
    let failed = match read(s3, call, &place.bucket, &wanted) {
        Ok(found) => return Ok(follow_redirect(found)),
        Err(error) if error.status < 400 => return Err(error),
        Err(error) => error,
    };
    if !folder && read(s3, call, &place.bucket, &format!("{key}/{index}")).is_ok() {
        return Ok(Reply::empty(302).with("location", format!("/{key}/")));
    }
    if let Some(redirect) = by_rule(call, &config, key, Some(failed.status)) {
        return Ok(redirect);
    }
    match config.at("ErrorDocument/Key").map(|document| read(s3, call, &place.bucket, document)) {
        Some(Ok(mut document)) => {
            document.status = http::StatusCode::from_u16(failed.status).unwrap_or_default();
            Ok(with_error_headers(document, &failed))
        }
        _ => Err(failed),
    }
}

/// An object as anybody may read it. Who may not list a bucket is not told what is missing in it.
fn read(s3: &S3, call: &Request<'_>, bucket: &str, key: &str) -> Outcome {
    let place = Place { bucket: bucket.to_owned(), key: key.to_owned() };
    let asked = Call {
        caller: Caller::Anonymous,
        query: "",
        params: Params::default(),
        action: String::new(),
        ..*call.call
    };
    let asked = Request { call: &asked, scene: call.scene };
    access::check(s3, &asked, &place, "")?;
    object::answer(s3, &asked, bucket, key).map_err(|error| {
        let listed = s3
            .bucket(bucket)
            .is_ok_and(|bucket| access::allows(bucket, "s3:ListBucket", "", &Reader::Anonymous));
        if error.code == "NoSuchKey" && !listed { errors::access_denied() } else { error }
    })
}

/// The redirect of the first rule for a key, or for an error with it.
fn by_rule(call: &Call<'_>, config: &Node, key: &str, failed: Option<u16>) -> Option<Reply> {
    let rules = config.child("RoutingRules")?;
    rules.all("RoutingRule").find_map(|rule| {
        let prefix = rule.at("Condition/KeyPrefixEquals").unwrap_or_default();
        let code = rule.at("Condition/HttpErrorCodeReturnedEquals").and_then(|code| code.parse().ok());
        let rest = key.strip_prefix(prefix).filter(|_| code == failed)?;
        let to = rule.child("Redirect")?;
        let key = match (to.at("ReplaceKeyWith"), to.at("ReplaceKeyPrefixWith")) {
            (Some(whole), _) => whole.to_owned(),
            (None, Some(other)) => format!("{other}{rest}"),
            (None, None) => key.to_owned(),
        };
        Some(redirect(call, to, key))
    })
}

fn redirect(call: &Call<'_>, to: &Node, key: String) -> Reply {
    let status = to.at("HttpRedirectCode").and_then(|code| code.parse().ok()).unwrap_or(301);
    let host = to.at("HostName").unwrap_or(call.host);
    let protocol = to.at("Protocol").unwrap_or("http");
    Reply::empty(status).with("location", format!("{protocol}://{host}/{key}"))
}

/// An object that sends its readers elsewhere does so here.
fn follow_redirect(found: Reply) -> Reply {
    match found.headers.get(REDIRECT).and_then(|to| to.to_str().ok()) {
        Some(to) => Reply::empty(301).with("location", to),
        None => found,
    }
}

fn with_error_headers(reply: Reply, error: &AwsError) -> Reply {
    reply.with("x-amz-error-code", &error.code).with("x-amz-error-message", &error.message)
}

fn error_page(error: &AwsError, call: &Call<'_>) -> Reply {
    let status = http::StatusCode::from_u16(error.status).unwrap_or_default();
    let title = format!("{} {}", error.status, status.canonical_reason().unwrap_or_default());
    let mut html = Xml::new();
    html.nest("html", |html| {
        html.nest("head", |html| html.text("title", &title));
        html.nest("body", |html| {
            html.text("h1", &title);
            html.nest("ul", |html| {
                html.text("li", format!("Code: {}", error.code));
                html.text("li", format!("Message: {}", error.message));
                for (name, value) in &error.details {
                    html.text("li", format!("{name}: {}", value.as_str().unwrap_or_default()));
                }
                html.display("li", format_args!("RequestId: {}", call.request_id));
                html.display("li", format_args!("HostId: {}", call.request_id));
            });
        });
    });
    with_error_headers(Reply::new(error.status, "text/html; charset=utf-8", html.finish()), error)
}
