//! CloudFront's operations, found by method and path.

use super::invalidations;
use crate::call::{Call, Outcome, Request};
use crate::cloudfront::CloudFront;
use crate::operation::Operation;

mod distributions;
mod documents;
mod tags;

/// The first part of every path.
const VERSION: &str = "2020-05-31";

/// What answers a call.
pub(crate) type Read = fn(&CloudFront, &Request<'_>) -> Outcome;
/// What answers a call and changes what there is.
pub(crate) type Change = fn(&mut CloudFront, &Request<'_>) -> Outcome;
type Op = Operation<Read, Change>;

/// What CloudFront answers, by the paths below the version. Of two with the same path the one with a query
/// is first.
pub(crate) static OPERATIONS: &[Op] = &[
    Op::changes("CreateDistributionWithTags", distributions::create).at("POST", "/distribution?WithTags"),
    Op::changes("CreateDistribution", distributions::create).at("POST", "/distribution"),
    Op::reads("ListDistributions", distributions::list).at("GET", "/distribution"),
    Op::reads("GetDistribution", distributions::get).at("GET", "/distribution/{Id}"),
    Op::changes("DeleteDistribution", distributions::delete).at("DELETE", "/distribution/{Id}"),
    Op::reads("GetDistributionConfig", distributions::config).at("GET", "/distribution/{Id}/config"),
    Op::changes("UpdateDistribution", distributions::update).at("PUT", "/distribution/{Id}/config"),
    Op::changes("CreateInvalidation", invalidations::create)
        .at("POST", "/distribution/{DistributionId}/invalidation"),
    Op::reads("ListInvalidations", invalidations::list)
        .at("GET", "/distribution/{DistributionId}/invalidation"),
    Op::reads("GetInvalidation", invalidations::get)
        .at("GET", "/distribution/{DistributionId}/invalidation/{Id}"),
    Op::reads("ListTagsForResource", tags::list).at("GET", "/tagging"),
    Op::changes("TagResource", tags::add).at("POST", "/tagging?Operation=Tag"),
    Op::changes("UntagResource", tags::remove).at("POST", "/tagging?Operation=Untag"),
    Op::changes("CreateOriginAccessControl", documents::create).at("POST", "/origin-access-control"),
    Op::reads("ListOriginAccessControls", documents::list).at("GET", "/origin-access-control"),
    Op::reads("GetOriginAccessControl", documents::get).at("GET", "/origin-access-control/{Id}"),
    Op::reads("GetOriginAccessControlConfig", documents::config)
        .at("GET", "/origin-access-control/{Id}/config"),
    Op::changes("UpdateOriginAccessControl", documents::update)
        .at("PUT", "/origin-access-control/{Id}/config"),
    Op::changes("DeleteOriginAccessControl", documents::delete).at("DELETE", "/origin-access-control/{Id}"),
    Op::changes("CreateCachePolicy", documents::create).at("POST", "/cache-policy"),
    Op::reads("ListCachePolicies", documents::list).at("GET", "/cache-policy"),
    Op::reads("GetCachePolicy", documents::get).at("GET", "/cache-policy/{Id}"),
    Op::reads("GetCachePolicyConfig", documents::config).at("GET", "/cache-policy/{Id}/config"),
    Op::changes("UpdateCachePolicy", documents::update).at("PUT", "/cache-policy/{Id}"),
    Op::changes("DeleteCachePolicy", documents::delete).at("DELETE", "/cache-policy/{Id}"),
    Op::changes("CreateOriginRequestPolicy", documents::create).at("POST", "/origin-request-policy"),
    Op::reads("ListOriginRequestPolicies", documents::list).at("GET", "/origin-request-policy"),
    Op::reads("GetOriginRequestPolicy", documents::get).at("GET", "/origin-request-policy/{Id}"),
    Op::reads("GetOriginRequestPolicyConfig", documents::config)
        .at("GET", "/origin-request-policy/{Id}/config"),
    Op::changes("UpdateOriginRequestPolicy", documents::update).at("PUT", "/origin-request-policy/{Id}"),
    Op::changes("DeleteOriginRequestPolicy", documents::delete).at("DELETE", "/origin-request-policy/{Id}"),
    Op::changes("CreateResponseHeadersPolicy", documents::create).at("POST", "/response-headers-policy"),
    Op::reads("ListResponseHeadersPolicies", documents::list).at("GET", "/response-headers-policy"),
    Op::reads("GetResponseHeadersPolicy", documents::get).at("GET", "/response-headers-policy/{Id}"),
    Op::reads("GetResponseHeadersPolicyConfig", documents::config)
        .at("GET", "/response-headers-policy/{Id}/config"),
    Op::changes("UpdateResponseHeadersPolicy", documents::update).at("PUT", "/response-headers-policy/{Id}"),
    Op::changes("DeleteResponseHeadersPolicy", documents::delete)
        .at("DELETE", "/response-headers-policy/{Id}"),
];

/// The operation whose method, path and query a call has.
pub fn find(call: &Call<'_>) -> Option<&'static Op> {
    OPERATIONS.iter().find(|operation| {
        operation
            .entry()
            .uri
            .is_some_and(|(method, uri)| call.method.as_str() == method && is_asked(uri, call))
    })
}

fn is_asked(uri: &str, call: &Call<'_>) -> bool {
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let mut given = parts(call.path);
    let mut fits = |part: &str| given.next().is_some_and(|has| part.starts_with('{') || part == has);
    fits(VERSION)
        && parts(path).all(fits)
        && given.next().is_none()
        && match query.split_once('=') {
            Some((name, value)) => call.params.get(name) == Some(value),
            None => query.is_empty() || call.params.has(query),
        }
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

/// A part of a call's path; the API's version is the first.
pub fn part<'c>(call: &'c Call<'_>, number: usize) -> &'c str {
    parts(call.path).nth(number).unwrap_or_default()
}

/// What the path names after its kind.
pub fn id<'c>(call: &'c Call<'_>) -> &'c str {
    part(call, 2)
}
