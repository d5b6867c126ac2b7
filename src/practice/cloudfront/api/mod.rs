//! CloudFront's operations, found by method and path.

use super::invalidations;
use crate::practice::call::Call;
use crate::practice::operation::{Operation, changes, reads};

mod distributions;
mod documents;
mod tags;

/// The first part of every path.
const VERSION: &str = "2020-05-31";

/// What CloudFront answers, by the paths below the version. Of two with the same path the one with a query
/// is first.
pub static OPERATIONS: &[Operation] = &[
    changes("CreateDistributionWithTags", distributions::create).at("POST", "/distribution?WithTags"),
    changes("CreateDistribution", distributions::create).at("POST", "/distribution"),
    reads("ListDistributions", distributions::list).at("GET", "/distribution"),
    reads("GetDistribution", distributions::get).at("GET", "/distribution/{Id}"),
    changes("DeleteDistribution", distributions::delete).at("DELETE", "/distribution/{Id}"),
    reads("GetDistributionConfig", distributions::config).at("GET", "/distribution/{Id}/config"),
    changes("UpdateDistribution", distributions::update).at("PUT", "/distribution/{Id}/config"),
    changes("CreateInvalidation", invalidations::create)
        .at("POST", "/distribution/{DistributionId}/invalidation"),
    reads("ListInvalidations", invalidations::list).at("GET", "/distribution/{DistributionId}/invalidation"),
    reads("GetInvalidation", invalidations::get)
        .at("GET", "/distribution/{DistributionId}/invalidation/{Id}"),
    reads("ListTagsForResource", tags::list).at("GET", "/tagging"),
    changes("TagResource", tags::add).at("POST", "/tagging?Operation=Tag"),
    changes("UntagResource", tags::remove).at("POST", "/tagging?Operation=Untag"),
    changes("CreateOriginAccessControl", documents::create).at("POST", "/origin-access-control"),
    reads("ListOriginAccessControls", documents::list).at("GET", "/origin-access-control"),
    reads("GetOriginAccessControl", documents::get).at("GET", "/origin-access-control/{Id}"),
    reads("GetOriginAccessControlConfig", documents::config).at("GET", "/origin-access-control/{Id}/config"),
    changes("UpdateOriginAccessControl", documents::update).at("PUT", "/origin-access-control/{Id}/config"),
    changes("DeleteOriginAccessControl", documents::delete).at("DELETE", "/origin-access-control/{Id}"),
    changes("CreateCachePolicy", documents::create).at("POST", "/cache-policy"),
    reads("ListCachePolicies", documents::list).at("GET", "/cache-policy"),
    reads("GetCachePolicy", documents::get).at("GET", "/cache-policy/{Id}"),
    reads("GetCachePolicyConfig", documents::config).at("GET", "/cache-policy/{Id}/config"),
    changes("UpdateCachePolicy", documents::update).at("PUT", "/cache-policy/{Id}"),
    changes("DeleteCachePolicy", documents::delete).at("DELETE", "/cache-policy/{Id}"),
    changes("CreateOriginRequestPolicy", documents::create).at("POST", "/origin-request-policy"),
    reads("ListOriginRequestPolicies", documents::list).at("GET", "/origin-request-policy"),
    reads("GetOriginRequestPolicy", documents::get).at("GET", "/origin-request-policy/{Id}"),
    reads("GetOriginRequestPolicyConfig", documents::config).at("GET", "/origin-request-policy/{Id}/config"),
    changes("UpdateOriginRequestPolicy", documents::update).at("PUT", "/origin-request-policy/{Id}"),
    changes("DeleteOriginRequestPolicy", documents::delete).at("DELETE", "/origin-request-policy/{Id}"),
    changes("CreateResponseHeadersPolicy", documents::create).at("POST", "/response-headers-policy"),
    reads("ListResponseHeadersPolicies", documents::list).at("GET", "/response-headers-policy"),
    reads("GetResponseHeadersPolicy", documents::get).at("GET", "/response-headers-policy/{Id}"),
    reads("GetResponseHeadersPolicyConfig", documents::config)
        .at("GET", "/response-headers-policy/{Id}/config"),
    changes("UpdateResponseHeadersPolicy", documents::update).at("PUT", "/response-headers-policy/{Id}"),
    changes("DeleteResponseHeadersPolicy", documents::delete).at("DELETE", "/response-headers-policy/{Id}"),
];

/// The operation whose method, path and query a call has.
pub fn find(call: &Call<'_>) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| {
        operation.uri().is_some_and(|(method, uri)| call.method.as_str() == method && is_asked(uri, call))
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
