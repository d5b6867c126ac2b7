//! A distribution's configuration: what CloudFront fills in where a request leaves it open.

use super::tree::{element, leaf, list, text};
use crate::wire::Node;

/// The configuration with everything CloudFront fills in. What is given stays as it is.
#[must_use]
pub fn complete(mut config: Node) -> Node {
    config.name = "DistributionConfig".into();
    for name in ["Aliases", "OriginGroups", "CacheBehaviors", "CustomErrorResponses"] {
        fill(&mut config, list(name, Vec::new()));
    }
    fill(&mut config, leaf("DefaultRootObject", ""));
    fill(&mut config, leaf("Comment", ""));
    fill(&mut config, logging());
    fill(&mut config, leaf("PriceClass", "PriceClass_All"));
    fill(&mut config, certificate());
    let open = element("GeoRestriction", vec![leaf("RestrictionType", "none"), leaf("Quantity", "0")]);
    fill(&mut config, element("Restrictions", vec![open]));
    fill(&mut config, leaf("WebACLId", ""));
    fill(&mut config, leaf("HttpVersion", "http2"));
    fill(&mut config, leaf("IsIPV6Enabled", "false"));
    fill(&mut config, leaf("ContinuousDeploymentPolicyId", ""));
    fill(&mut config, leaf("Staging", "false"));
    for child in &mut config.children {
        match child.name.as_str() {
            "DefaultCacheBehavior" => complete_behavior(child),
            "CacheBehaviors" => each(child, complete_behavior),
            "Origins" => each(child, complete_origin),
            _ => {}
        }
    }
    config
}

fn each(list: &mut Node, complete: impl Fn(&mut Node)) {
    let items = list.children.iter_mut().filter(|c| c.name == "Items");
    items.flat_map(|i| &mut i.children).for_each(complete);
}

fn fill(node: &mut Node, default: Node) {
    if node.child(&default.name).is_none() {
        node.children.push(default);
    }
}

fn logging() -> Node {
    element(
        "Logging",
        vec![
            leaf("Enabled", "false"),
            leaf("IncludeCookies", "false"),
            leaf("Bucket", ""),
            leaf("Prefix", ""),
        ],
    )
}

fn certificate() -> Node {
    element(
        "ViewerCertificate",
        vec![
            leaf("CloudFrontDefaultCertificate", "true"),
            leaf("SSLSupportMethod", "vip"),
            leaf("MinimumProtocolVersion", "TLSv1"),
            leaf("CertificateSource", "cloudfront"),
        ],
    )
}

fn complete_behavior(behavior: &mut Node) {
    for name in ["TrustedSigners", "TrustedKeyGroups"] {
        fill(behavior, element(name, vec![leaf("Enabled", "false"), leaf("Quantity", "0")]));
    }
    let read = || vec![leaf("Method", "HEAD"), leaf("Method", "GET")];
    let mut methods = list("AllowedMethods", read());
    methods.children.push(list("CachedMethods", read()));
    fill(behavior, methods);
    if let Some(methods) = behavior.children.iter_mut().find(|c| c.name == "AllowedMethods") {
        fill(methods, list("CachedMethods", read()));
    }
    fill(behavior, leaf("SmoothStreaming", "false"));
    fill(behavior, leaf("Compress", "false"));
    fill(behavior, list("LambdaFunctionAssociations", Vec::new()));
    fill(behavior, list("FunctionAssociations", Vec::new()));
    fill(behavior, leaf("FieldLevelEncryptionId", ""));
}

fn complete_origin(origin: &mut Node) {
    fill(origin, leaf("OriginPath", ""));
    fill(origin, list("CustomHeaders", Vec::new()));
    fill(origin, leaf("ConnectionAttempts", "3"));
    fill(origin, leaf("ConnectionTimeout", "10"));
    fill(origin, element("OriginShield", vec![leaf("Enabled", "false")]));
    fill(origin, leaf("OriginAccessControlId", ""));
    for child in &mut origin.children {
        match child.name.as_str() {
            "S3OriginConfig" => {
                fill(child, leaf("OriginAccessIdentity", ""));
                fill(child, leaf("OriginReadTimeout", "30"));
            }
            "CustomOriginConfig" => complete_server(child),
            _ => {}
        }
    }
}

fn complete_server(server: &mut Node) {
    fill(server, leaf("HTTPPort", "80"));
    fill(server, leaf("HTTPSPort", "443"));
    let protocols = ["TLSv1", "TLSv1.1", "TLSv1.2"].map(|p| leaf("SslProtocol", p));
    fill(server, list("OriginSslProtocols", protocols.to_vec()));
    fill(server, leaf("OriginReadTimeout", "30"));
    fill(server, leaf("OriginKeepaliveTimeout", "5"));
}

/// Whether the configuration says the distribution is on.
#[must_use]
pub fn is_enabled(config: &Node) -> bool {
    text(config, "Enabled") == "true"
}
