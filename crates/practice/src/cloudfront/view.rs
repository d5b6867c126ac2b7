//! A distribution in plain Rust terms, read from its stored configuration: for the edge, which asks
//! "which origins, in which order, when does it fail over?" on every request.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A distribution as the edge needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distribution {
    /// `E` followed by thirteen letters and digits.
    pub id: String,
    /// `d….cloudfront.net`.
    pub domain: String,
    /// Other names it answers to.
    pub aliases: Vec<String>,
    /// Whether it answers at all.
    pub enabled: bool,
    /// Whether the latest configuration has reached the edge (`Deployed`).
    pub deployed: bool,
    /// What `/` serves, e.g. `index.html`; empty when unset.
    pub default_root_object: String,
    /// Where content comes from.
    pub origins: Vec<Origin>,
    /// Pairs of origins with failover.
    pub groups: Vec<OriginGroup>,
    /// What applies when no pattern of `behaviors` matches.
    pub default_behavior: Behavior,
    /// Behaviours with a path pattern, in order of precedence.
    pub behaviors: Vec<Behavior>,
    /// What is served in place of an error.
    pub error_responses: Vec<ErrorResponse>,
}

impl Distribution {
    /// The behaviour that answers `path` (which starts with `/`).
    #[must_use]
    pub fn behavior(&self, path: &str) -> &Behavior {
        let path = path.strip_prefix('/').unwrap_or(path);
        let wanted = |b: &&Behavior| b.path_pattern.as_deref().is_some_and(|p| pattern_matches(p, path));
        self.behaviors.iter().find(wanted).unwrap_or(&self.default_behavior)
    }

    /// The origins to try for a target, in order, and the codes that send a request on to the next.
    /// A plain origin has one member and no codes.
    #[must_use]
    pub fn route(&self, target: &str) -> (Vec<&Origin>, &[u16]) {
        let origin = |id: &str| self.origins.iter().find(|o| o.id == id);
        match self.groups.iter().find(|g| g.id == target) {
            Some(group) => {
                (group.members.iter().filter_map(|m| origin(m)).collect(), group.failover_codes.as_slice())
            }
            None => (origin(target).into_iter().collect(), &[]),
        }
    }
}

/// One place content comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Its name within the distribution.
    pub id: String,
    /// Host name, e.g. `bucket.s3.us-east-1.amazonaws.com`.
    pub domain: String,
    /// Put before each path; empty or `/…` without a trailing slash.
    pub path: String,
    /// Times a connection is tried (1 to 3).
    pub connection_attempts: u32,
    /// How long each attempt may take (1 to 10 s).
    pub connection_timeout: Duration,
    /// How long the origin may take to answer (30 s unless set).
    pub response_timeout: Duration,
    /// The origin access control that signs requests, if any.
    pub access_control: Option<String>,
    /// Headers sent to the origin: name and value.
    pub headers: Vec<(String, String)>,
    /// Set for a web server, unset for a bucket.
    pub custom: Option<CustomOrigin>,
}

/// How a web-server origin is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomOrigin {
    /// `http-only`, `https-only` or `match-viewer`.
    pub protocol_policy: String,
    /// Usually 80.
    pub http_port: u16,
    /// Usually 443.
    pub https_port: u16,
}

/// Two origins of which the second answers when the first fails.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginGroup {
    /// Its name within the distribution.
    pub id: String,
    /// Origin ids: primary, then secondary.
    pub members: Vec<String>,
    /// HTTP status codes that send GET, HEAD and OPTIONS on to the secondary.
    pub failover_codes: Vec<u16>,
}

/// What happens to requests of one path pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behavior {
    /// Unset for the default behaviour.
    pub path_pattern: Option<String>,
    /// An origin's or a group's id.
    pub target: String,
    /// `allow-all`, `https-only` or `redirect-to-https`.
    pub viewer_protocol: String,
    /// Methods that are answered; others get 403.
    pub allowed_methods: Vec<String>,
    /// The cache policy's id; empty when the old settings are used.
    pub cache_policy: String,
    /// The origin request policy's id, if any.
    pub origin_request_policy: Option<String>,
}

/// A page served in place of an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorResponse {
    /// The status the origin answered.
    pub error_code: u16,
    /// The page to serve; empty keeps the origin's.
    pub response_page: String,
    /// The status to answer with, when it differs.
    pub response_code: Option<u16>,
}

/// CloudFront's patterns: `*` for any characters, `?` for exactly one.
fn pattern_matches(pattern: &str, path: &str) -> bool {
    let pattern = pattern.strip_prefix('/').unwrap_or(pattern);
    let (p, s): (Vec<char>, Vec<char>) = (pattern.chars().collect(), path.chars().collect());
    let (mut i, mut j, mut star) = (0, 0, None);
    while j < s.len() {
        if i < p.len() && (p[i] == '?' || p[i] == s[j]) && p[i] != '*' {
            (i, j) = (i + 1, j + 1);
        } else if i < p.len() && p[i] == '*' {
            star = Some((i, j));
            i += 1;
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            (i, j) = (at + 1, from + 1);
        } else {
            return false;
        }
    }
    p[i..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_tried_in_order_and_a_pattern_finds_its_behaviour() {
        let origin = |id: &str| Origin { id: id.into(), ..Origin::default() };
        let behavior = |p: &str, t: &str| Behavior {
            path_pattern: Some(p.into()),
            target: t.into(),
            ..Behavior::default()
        };
        let d = Distribution {
            origins: vec![origin("a"), origin("b")],
            groups: vec![OriginGroup {
                id: "g".into(),
                members: vec!["b".into(), "a".into()],
                failover_codes: vec![403, 503],
            }],
            default_behavior: Behavior { target: "g".into(), ..Behavior::default() },
            behaviors: vec![behavior("img/*.p?g", "a")],
            ..Distribution::default()
        };
        assert_eq!(d.behavior("/img/x/logo.png").target, "a");
        assert_eq!(d.behavior("/img/logo.jpeg").target, "g");
        let (origins, codes) = d.route("g");
        assert_eq!(origins.iter().map(|o| o.id.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(codes, [403, 503]);
        assert!(d.route("a").1.is_empty());
    }
}
