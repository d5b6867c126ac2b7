//! The policies that AWS itself offers, with the ids they have everywhere.

use super::documents::{Document, Kind};
use super::tree::{element, leaf};
use crate::wire::Node;

/// Id, name, and (for cache policies) the least, usual and longest time to live in seconds.
const CACHE: [(&str, &str, [u64; 3]); 4] = [
    ("4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "Managed-CachingDisabled", [0, 0, 0]),
    ("658327ea-f89d-4fab-a63d-7e88639e58f6", "Managed-CachingOptimized", [1, 86_400, 31_536_000]),
    (
        "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
        "Managed-CachingOptimizedForUncompressedObjects",
        [1, 86_400, 31_536_000],
    ),
    ("83da9c7e-98b4-4e11-a168-04f0df8e2c65", "UseOriginCacheControlHeaders", [0, 0, 31_536_000]),
];

const REQUEST: [(&str, &str); 5] = [
    ("216adef6-5c7f-47e4-b989-5492eafa07d3", "Managed-AllViewer"),
    ("b689b0a8-53d0-40ab-baf2-68738e2966ac", "Managed-AllViewerExceptHostHeader"),
    ("88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", "Managed-CORS-S3Origin"),
    ("59781a5b-3903-41f3-afcb-af62929ccde1", "Managed-CORS-CustomOrigin"),
    ("acba4595-bd28-49b8-b9fe-13317c0390fa", "Managed-UserAgentRefererHeaders"),
];

const HEADERS: [(&str, &str); 3] = [
    ("67f7725c-6f97-4210-82d7-5512b31e9d03", "Managed-SecurityHeadersPolicy"),
    ("60669652-455b-4ae9-85a4-c4c02393f86c", "Managed-SimpleCORS"),
    ("5cc3b908-e619-4b99-88e5-2cf7f45965bd", "Managed-CORS-With-Preflight"),
];

/// AWS's own documents of a kind.
#[must_use]
pub fn all(kind: Kind) -> Vec<Document> {
    match kind {
        Kind::AccessControl => Vec::new(),
        Kind::CachePolicy => {
            CACHE.iter().map(|(id, name, ttl)| document(kind, id, cache(name, *ttl))).collect()
        }
        Kind::OriginRequestPolicy => {
            REQUEST.iter().map(|(id, name)| document(kind, id, request(name))).collect()
        }
        Kind::ResponseHeadersPolicy => {
            HEADERS.iter().map(|(id, name)| document(kind, id, vec![leaf("Name", *name)])).collect()
        }
    }
}

/// AWS's own document with this id.
#[must_use]
pub fn find(kind: Kind, id: &str) -> Option<Document> {
    all(kind).into_iter().find(|d| d.id == id)
}

fn document(kind: Kind, id: &str, config: Vec<Node>) -> Document {
    Document {
        kind,
        id: id.to_owned(),
        etag: "E23ZP02F085DFQ".into(),
        config: element(&format!("{}Config", kind.element()), config),
        managed: true,
        ..Document::default()
    }
}

fn cache(name: &str, [least, usual, most]: [u64; 3]) -> Vec<Node> {
    let none = |name: &str, inner: &str| element(name, vec![leaf(inner, "none")]);
    let compressed = (most > 0).to_string();
    let key = element(
        "ParametersInCacheKeyAndForwardedToOrigin",
        vec![
            leaf("EnableAcceptEncodingGzip", compressed.clone()),
            leaf("EnableAcceptEncodingBrotli", compressed),
            none("HeadersConfig", "HeaderBehavior"),
            none("CookiesConfig", "CookieBehavior"),
            none("QueryStringsConfig", "QueryStringBehavior"),
        ],
    );
    vec![
        leaf("Comment", ""),
        leaf("Name", name),
        leaf("DefaultTTL", usual.to_string()),
        leaf("MaxTTL", most.to_string()),
        leaf("MinTTL", least.to_string()),
        key,
    ]
}

fn request(name: &str) -> Vec<Node> {
    let (headers, rest) = match name {
        "Managed-AllViewer" => ("allViewer", "all"),
        "Managed-AllViewerExceptHostHeader" => ("allExcept", "all"),
        _ => ("whitelist", "none"),
    };
    vec![
        leaf("Comment", ""),
        leaf("Name", name),
        element("HeadersConfig", vec![leaf("HeaderBehavior", headers)]),
        element("CookiesConfig", vec![leaf("CookieBehavior", rest)]),
        element("QueryStringsConfig", vec![leaf("QueryStringBehavior", rest)]),
    ]
}
