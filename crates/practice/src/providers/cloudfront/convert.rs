//! CloudFormation's properties in the XML terms of CloudFront's API: lists get a quantity and items
//! with a name each, and a few members are spelled otherwise.

use serde_json::Value;

use crate::cloudfront::{element, leaf, list};
use crate::wire::Node;

/// Names of CloudFormation and of the API, where they differ.
const RENAMED: [(&str, &str); 8] = [
    ("IPV6Enabled", "IsIPV6Enabled"),
    ("OriginCustomHeaders", "CustomHeaders"),
    ("OriginSSLProtocols", "OriginSslProtocols"),
    ("AcmCertificateArn", "ACMCertificateArn"),
    ("IamCertificateId", "IAMCertificateId"),
    ("SslSupportMethod", "SSLSupportMethod"),
    ("LambdaFunctionARN", "LambdaFunctionARN"),
    ("WebACLId", "WebACLId"),
];

/// Members that are lists in CloudFormation, and what the API calls their items.
const LISTS: [(&str, &str); 16] = [
    ("Aliases", "CNAME"),
    ("Origins", "Origin"),
    ("CustomHeaders", "OriginCustomHeader"),
    ("CacheBehaviors", "CacheBehavior"),
    ("CustomErrorResponses", "CustomErrorResponse"),
    ("CachedMethods", "Method"),
    ("LambdaFunctionAssociations", "LambdaFunctionAssociation"),
    ("FunctionAssociations", "FunctionAssociation"),
    ("OriginSslProtocols", "SslProtocol"),
    ("WhitelistedNames", "Name"),
    ("Headers", "Name"),
    ("Cookies", "Name"),
    ("QueryStrings", "Name"),
    ("QueryStringCacheKeys", "Name"),
    ("ExposedHeaders", "Header"),
    ("CookieNames", "Name"),
];

/// Lists that are already `{Quantity, Items}` in CloudFormation, and what the API calls their items.
const WRAPPED: [(&str, &str); 8] = [
    ("OriginGroups", "OriginGroup"),
    ("StatusCodes", "StatusCode"),
    ("Members", "OriginGroupMember"),
    ("AccessControlAllowOrigins", "Origin"),
    ("AccessControlAllowHeaders", "Header"),
    ("AccessControlAllowMethods", "Method"),
    ("AccessControlExposeHeaders", "Header"),
    ("StagingDistributionDnsNames", "DnsName"),
];

/// A `DistributionConfig` as the API takes it.
pub(super) fn distribution(props: &Value, caller_reference: &str) -> Node {
    let mut config = plain("DistributionConfig", props);
    if config.child("CallerReference").is_none() {
        config.children.insert(0, leaf("CallerReference", caller_reference));
    }
    config
}

/// Any configuration, member by member.
pub(super) fn plain(name: &str, props: &Value) -> Node {
    let members = props.as_object().into_iter().flatten();
    element(name, members.filter_map(|(k, v)| member(k, v, props)).collect())
}

fn find(table: &[(&'static str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(from, _)| *from == name).map(|(_, to)| *to)
}

fn member(name: &str, value: &Value, parent: &Value) -> Option<Node> {
    let name = find(&RENAMED, name).unwrap_or(name);
    match (name, value) {
        (_, Value::Null) => None,
        ("AllowedMethods", Value::Array(methods)) => Some(allowed_methods(methods, parent)),
        // Goes into AllowedMethods, where the API has it.
        ("CachedMethods", _) => None,
        ("TrustedSigners" | "TrustedKeyGroups", Value::Array(items)) => Some(trusted_keys(name, items)),
        ("GeoRestriction", Value::Object(_)) => Some(geography(value)),
        ("Logging", Value::Object(_)) => Some(logging(value)),
        (_, Value::Array(items)) => {
            let item = find(&LISTS, name).or_else(|| find(&WRAPPED, name)).unwrap_or("member");
            Some(list(name, items.iter().filter_map(|i| one(item, i)).collect()))
        }
        (_, Value::Object(object)) => match (find(&WRAPPED, name), object.get("Items")) {
            (Some(item), Some(Value::Array(items))) => {
                Some(list(name, items.iter().filter_map(|i| one(item, i)).collect()))
            }
            _ => Some(plain(name, value)),
        },
        _ => one(name, value),
    }
}

fn one(name: &str, value: &Value) -> Option<Node> {
    match value {
        Value::Null => None,
        Value::Object(_) => Some(plain(name, value)),
        Value::String(text) => Some(leaf(name, text.clone())),
        other => Some(leaf(name, other.to_string())),
    }
}

fn texts(name: &str, items: &[Value]) -> Vec<Node> {
    items.iter().filter_map(|i| one(name, i)).collect()
}

fn allowed_methods(methods: &[Value], parent: &Value) -> Node {
    let mut node = list("AllowedMethods", texts("Method", methods));
    let cached = parent.get("CachedMethods").and_then(Value::as_array).cloned();
    let cached = cached.unwrap_or_else(|| vec![Value::from("HEAD"), Value::from("GET")]);
    node.children.push(list("CachedMethods", texts("Method", &cached)));
    node
}

fn trusted_keys(name: &str, items: &[Value]) -> Node {
    let item = if name == "TrustedSigners" { "AwsAccountNumber" } else { "KeyGroup" };
    let mut node = list(name, texts(item, items));
    node.children.insert(0, leaf("Enabled", (!items.is_empty()).to_string()));
    node
}

fn geography(value: &Value) -> Node {
    let kind = value["RestrictionType"].as_str().unwrap_or("none");
    let places = value["Locations"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut node = list("GeoRestriction", texts("Location", places));
    node.children.insert(0, leaf("RestrictionType", kind));
    node
}

fn logging(value: &Value) -> Node {
    let text = |name: &str, default: &str| {
        let given = value.get(name).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
        leaf(name, given.unwrap_or_else(|| default.to_owned()))
    };
    element(
        "Logging",
        vec![
            leaf("Enabled", "true"),
            text("IncludeCookies", "false"),
            text("Bucket", ""),
            text("Prefix", ""),
        ],
    )
}
