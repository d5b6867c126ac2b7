//! Hosts: which names this machine, and which stand for the learner's own system rather than for a service of
//! AWS: the edge, APIs, instances, functions.

/// What a host of the data plane leads to. Names are as the host writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door<'h> {
    /// A distribution: `….cloudfront.net`, `….cloudfront.localhost`.
    Edge,
    /// An API: `<id>.execute-api.<region>.amazonaws.com`, `….localhost`.
    Api { id: &'h str, region: &'h str },
    /// An instance, as if one stood beside it in its network: `<id>.<region>.instance.localhost`.
    Instance { id: &'h str, region: &'h str },
    /// A function: `<name>.<region>.lambda.localhost`.
    Function { name: &'h str, region: &'h str },
}

/// The door of a host without its port; `None` for services and Espera itself.
pub(crate) fn door(host: &str) -> Option<Door<'_>> {
    if host.ends_with(".cloudfront.net") || host.ends_with(".cloudfront.localhost") {
        return Some(Door::Edge);
    }
    if let Some(name) = host.strip_suffix(".localhost") {
        let (rest, last) = name.rsplit_once('.')?;
        return match last {
            "instance" => rest.split_once('.').map(|(id, region)| Door::Instance { id, region }),
            "lambda" => rest.split_once('.').map(|(name, region)| Door::Function { name, region }),
            _ => api(rest, last),
        };
    }
    let (rest, region) = host.strip_suffix(".amazonaws.com")?.rsplit_once('.')?;
    api(rest, region)
}

fn api<'h>(rest: &'h str, region: &'h str) -> Option<Door<'h>> {
    rest.strip_suffix(".execute-api").map(|id| Door::Api { id, region })
}

/// The host a request is for, without its port.
pub(crate) fn host_of<B>(request: &http::Request<B>) -> &str {
    let named = request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok());
    let host = named.or_else(|| request.uri().authority().map(http::uri::Authority::as_str));
    without_port(host.unwrap_or_default())
}

/// Whether a host (without port) names this machine: the only hosts the loopback server answers.
pub(crate) fn is_local(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let localhost = |name: &str| name.eq_ignore_ascii_case("localhost");
    matches!(host, "127.0.0.1" | "[::1]")
        || localhost(host)
        || host.rsplit_once('.').is_some_and(|(_, last)| localhost(last))
}

/// A host without its port.
pub(crate) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_learners_own_hosts_are_doors() {
        let api = Some(Door::Api { id: "a1", region: "us-east-1" });
        assert_eq!(door("a1.execute-api.us-east-1.amazonaws.com"), api);
        assert_eq!(door("a1.execute-api.us-east-1.localhost"), api);
        assert_eq!(door("d1.cloudfront.net"), Some(Door::Edge));
        let instance = Some(Door::Instance { id: "i-0", region: "us-west-1" });
        assert_eq!(door("i-0.us-west-1.instance.localhost"), instance);
        let function = Some(Door::Function { name: "f", region: "us-west-1" });
        assert_eq!(door("f.us-west-1.lambda.localhost"), function);
        for service in
            ["dynamodb.us-east-1.amazonaws.com", "b.s3.us-east-1.localhost", "127.0.0.1", "localhost"]
        {
            assert_eq!(door(service), None, "{service}");
        }
    }

    #[test]
    fn only_names_of_this_machine_are_local() {
        for host in
            ["localhost", "127.0.0.1", "[::1]", "E1.cloudfront.localhost", "a.b.LOCALHOST", "localhost."]
        {
            assert!(is_local(host), "{host}");
        }
        for host in
            ["evil.example", "localhost.evil.example", "127.0.0.2", "", "169.254.169.254", "xlocalhost"]
        {
            assert!(!is_local(host), "{host}");
        }
        assert_eq!(without_port("[::1]:80"), "[::1]");
        assert_eq!(without_port("[::1]"), "[::1]");
        assert_eq!(without_port("a:80"), "a");
    }
}
