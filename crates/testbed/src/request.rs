//! Requests as clients of AWS send them, as far as a world in the process looks at them: there nobody checks
//! a signature, but service and Region are read from it.

/// The value of an `authorization` header for a service (`s3`) in a Region, with a signature that only a world
/// in the process takes.
#[must_use]
pub fn signed(service: &str, region: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=K/20261123/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0"
    )
}

/// The head of a request to a service in a Region: more headers and the body are the caller's.
#[must_use]
pub fn request(service: &str, region: &str, method: &str, path: &str) -> http::request::Builder {
    http::Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost")
        .header("authorization", signed(service, region))
}

/// Pairs as the body of a form, their values encoded.
#[must_use]
pub fn form(pairs: &[(&str, &str)]) -> String {
    let encode = |text| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC);
    pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}
