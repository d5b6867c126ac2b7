//! What CloudFront checks of a distribution's configuration.

use super::documents::Kind;
use super::tree::{items, text};
use super::{CloudFront, errors};
use crate::call::AwsError;
use crate::wire::Node;

/// Codes that may send a request on to the second origin.
const FAILOVER_CODES: [&str; 9] = ["400", "403", "404", "416", "429", "500", "502", "503", "504"];

/// Refuses a configuration that CloudFront would refuse.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(front: &CloudFront, config: &Node) -> Result<(), AwsError> {
    if text(config, "CallerReference").is_empty() {
        return Err(errors::argument("The parameter CallerReference is required."));
    }
    if config.child("Enabled").is_none() {
        return Err(errors::argument("The parameter Enabled is required."));
    }
    check_counts(config)?;
    let origins: Vec<&Node> = items(config, "Origins").collect();
    if origins.is_empty() {
        return Err(errors::argument("The parameter Origins is required."));
    }
    let mut names: Vec<&str> = Vec::new();
    for origin in &origins {
        check_origin(front, origin)?;
        names.push(text(origin, "Id"));
    }
    let mut groups: Vec<&str> = Vec::new();
    for group in items(config, "OriginGroups") {
        check_group(group, &names)?;
        groups.push(text(group, "Id"));
    }
    let default = config
        .child("DefaultCacheBehavior")
        .ok_or_else(|| errors::argument("The parameter DefaultCacheBehavior is required."))?;
    for behavior in std::iter::once(default).chain(items(config, "CacheBehaviors")) {
        check_behavior(front, behavior, &names, &groups)?;
    }
    check_aliases(front, config)
}

/// Refuses more of anything than a distribution may have (developer guide, "Quotas"), and a comment
/// that is too long. The words are those of the API reference.
fn check_counts(config: &Node) -> Result<(), AwsError> {
    for (list, most, code, text) in [
        (
            "Aliases",
            100,
            "TooManyDistributionCNAMEs",
            "Your request contains more CNAMEs than are allowed per distribution.",
        ),
        ("Origins", 100, "TooManyOrigins", "You cannot create more origins for the distribution."),
        (
            "OriginGroups",
            10,
            "TooManyOriginGroupsPerDistribution",
            "Processing your request would cause you to exceed the maximum number of origin groups allowed.",
        ),
        (
            "CacheBehaviors",
            75,
            "TooManyCacheBehaviors",
            "You cannot create more cache behaviors for the distribution.",
        ),
    ] {
        if items(config, list).nth(most).is_some() {
            return Err(AwsError::new(code, text));
        }
    }
    if text(config, "Comment").chars().count() > 128 {
        return Err(errors::argument("The parameter Comment is too long: it can have up to 128 characters."));
    }
    Ok(())
}

fn check_origin(front: &CloudFront, origin: &Node) -> Result<(), AwsError> {
    let domain = text(origin, "DomainName");
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.' || c == '_';
    if domain.is_empty() || !domain.contains('.') || !domain.chars().all(plain) {
        return Err(errors::argument(
            "The parameter origin name cannot be empty or is not a valid DNS name.",
        ));
    }
    let within = |name: &str, low: u32, high: u32| {
        let given = text(origin, name);
        given.is_empty() || given.parse::<u32>().is_ok_and(|n| (low..=high).contains(&n))
    };
    if !within("ConnectionAttempts", 1, 3) {
        return Err(errors::argument("The parameter ConnectionAttempts must be between 1 and 3."));
    }
    if !within("ConnectionTimeout", 1, 10) {
        return Err(errors::argument("The parameter ConnectionTimeout must be between 1 and 10."));
    }
    let (s3, custom) = (origin.child("S3OriginConfig"), origin.child("CustomOriginConfig"));
    if s3.is_none() && custom.is_none() && origin.child("VpcOriginConfig").is_none() {
        return Err(errors::argument(
            "The parameter Origin must contain either S3OriginConfig or CustomOriginConfig.",
        ));
    }
    let control = text(origin, "OriginAccessControlId");
    if !control.is_empty() && front.document(Kind::AccessControl, control).is_none() {
        return Err(Kind::AccessControl.missing());
    }
    Ok(())
}

fn check_group(group: &Node, origins: &[&str]) -> Result<(), AwsError> {
    let members: Vec<&str> = items(group, "Members").map(|m| text(m, "OriginId")).collect();
    if members.len() != 2 {
        return Err(errors::argument("The parameter OriginGroupMembers must contain exactly two members."));
    }
    if members[0] == members[1] || members.iter().any(|m| !origins.contains(m)) {
        return Err(no_origin());
    }
    let codes: Vec<&str> = group
        .child("FailoverCriteria")
        .into_iter()
        .flat_map(|c| items(c, "StatusCodes"))
        .map(|c| c.text.trim())
        .collect();
    if codes.is_empty() {
        return Err(errors::argument("The parameter StatusCodes must contain at least one status code."));
    }
    match codes.iter().find(|c| !FAILOVER_CODES.contains(c)) {
        Some(code) => Err(errors::argument(format!(
            "The parameter StatusCode contains an invalid failover status code: {code}."
        ))),
        None => Ok(()),
    }
}

fn no_origin() -> AwsError {
    AwsError::with_status(404, "NoSuchOrigin", "One or more of your origins or origin groups do not exist.")
}

fn check_behavior(
    front: &CloudFront,
    behavior: &Node,
    origins: &[&str],
    groups: &[&str],
) -> Result<(), AwsError> {
    let target = text(behavior, "TargetOriginId");
    if !origins.contains(&target) && !groups.contains(&target) {
        return Err(no_origin());
    }
    let writes = |m: &Node| !matches!(m.text.trim(), "GET" | "HEAD" | "OPTIONS");
    if groups.contains(&target) && items(behavior, "AllowedMethods").any(writes) {
        return Err(errors::argument(
            "The parameter AllowedMethods cannot include POST, PUT, PATCH, or DELETE for a cached behavior associated with an origin group.",
        ));
    }
    let policy = text(behavior, "CachePolicyId");
    if policy.is_empty() && behavior.child("ForwardedValues").is_none() {
        return Err(errors::argument("The parameter ForwardedValues is required."));
    }
    let referred = [
        (Kind::CachePolicy, policy),
        (Kind::OriginRequestPolicy, text(behavior, "OriginRequestPolicyId")),
        (Kind::ResponseHeadersPolicy, text(behavior, "ResponseHeadersPolicyId")),
    ];
    match referred.iter().find(|(kind, id)| !id.is_empty() && front.document(*kind, id).is_none()) {
        Some((kind, _)) => Err(kind.missing()),
        None => Ok(()),
    }
}

fn check_aliases(front: &CloudFront, config: &Node) -> Result<(), AwsError> {
    let aliases: Vec<&str> = items(config, "Aliases").map(|a| a.text.trim()).collect();
    let certificate = ["ACMCertificateArn", "IAMCertificateId"]
        .iter()
        .any(|name| !text(config, &format!("ViewerCertificate/{name}")).is_empty());
    if !aliases.is_empty() && !certificate {
        return Err(AwsError::new(
            "InvalidViewerCertificate",
            "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate that validates your authorization to use the domain name.",
        ));
    }
    let reference = text(config, "CallerReference");
    let others = front.distributions().filter(|d| text(&d.config, "CallerReference") != reference);
    let taken = others.flat_map(|d| &d.view.aliases).any(|a| aliases.contains(&a.as_str()));
    if taken {
        return Err(AwsError::with_status(
            409,
            "CNAMEAlreadyExists",
            "One or more of the CNAMEs you provided are already associated with a different resource.",
        ));
    }
    Ok(())
}
