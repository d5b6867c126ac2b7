//! A stored configuration in the plain terms of the edge.

use std::str::FromStr;
use std::time::Duration;

use super::tree::{items, text};
use super::{Behavior, CustomOrigin, Distribution, ErrorResponse, Origin, OriginGroup, Stored};
use crate::wire::Node;

/// The plain view of a distribution.
#[must_use]
pub fn view(stored: &Stored, domain: &str) -> Distribution {
    let config = &stored.config;
    let default = config.child("DefaultCacheBehavior").map(behavior).unwrap_or_default();
    Distribution {
        id: stored.id.clone(),
        domain: domain.to_owned(),
        aliases: items(config, "Aliases").map(|a| a.text.trim().to_owned()).collect(),
        enabled: super::config::is_enabled(config),
        deployed: stored.pending == 0,
        default_root_object: text(config, "DefaultRootObject").to_owned(),
        origins: items(config, "Origins").map(origin).collect(),
        groups: items(config, "OriginGroups").map(group).collect(),
        default_behavior: Behavior { path_pattern: None, ..default },
        behaviors: items(config, "CacheBehaviors").map(behavior).collect(),
        error_responses: items(config, "CustomErrorResponses").map(error_response).collect(),
    }
}

fn number<T: FromStr>(node: &Node, path: &str, default: T) -> T {
    text(node, path).parse().unwrap_or(default)
}

fn origin(node: &Node) -> Origin {
    let read = number(node, "S3OriginConfig/OriginReadTimeout", 30);
    let read = number(node, "CustomOriginConfig/OriginReadTimeout", read);
    let control = text(node, "OriginAccessControlId");
    Origin {
        id: text(node, "Id").to_owned(),
        domain: text(node, "DomainName").to_owned(),
        path: text(node, "OriginPath").to_owned(),
        connection_attempts: number(node, "ConnectionAttempts", 3),
        connection_timeout: Duration::from_secs(number(node, "ConnectionTimeout", 10)),
        response_timeout: Duration::from_secs(read),
        access_control: (!control.is_empty()).then(|| control.to_owned()),
        headers: items(node, "CustomHeaders")
            .map(|h| (text(h, "HeaderName").to_owned(), text(h, "HeaderValue").to_owned()))
            .collect(),
        custom: node.child("CustomOriginConfig").map(|c| CustomOrigin {
            protocol_policy: text(c, "OriginProtocolPolicy").to_owned(),
            http_port: number(c, "HTTPPort", 80),
            https_port: number(c, "HTTPSPort", 443),
        }),
    }
}

fn group(node: &Node) -> OriginGroup {
    let codes = node.child("FailoverCriteria");
    OriginGroup {
        id: text(node, "Id").to_owned(),
        members: items(node, "Members").map(|m| text(m, "OriginId").to_owned()).collect(),
        failover_codes: codes
            .into_iter()
            .flat_map(|c| items(c, "StatusCodes"))
            .filter_map(|c| c.text.trim().parse().ok())
            .collect(),
    }
}

fn behavior(node: &Node) -> Behavior {
    let request = text(node, "OriginRequestPolicyId");
    Behavior {
        path_pattern: node.at("PathPattern").map(|p| p.trim().to_owned()),
        target: text(node, "TargetOriginId").to_owned(),
        viewer_protocol: text(node, "ViewerProtocolPolicy").to_owned(),
        allowed_methods: items(node, "AllowedMethods").map(|m| m.text.trim().to_owned()).collect(),
        cache_policy: text(node, "CachePolicyId").to_owned(),
        origin_request_policy: (!request.is_empty()).then(|| request.to_owned()),
    }
}

fn error_response(node: &Node) -> ErrorResponse {
    ErrorResponse {
        error_code: number(node, "ErrorCode", 0),
        response_page: text(node, "ResponsePagePath").to_owned(),
        response_code: text(node, "ResponseCode").parse().ok(),
    }
}
