//! Which bucket and key a request means: by host (virtual-hosted style) or by path.

use crate::call::Call;

/// The paths of S3's model.
pub(super) const SERVICE: &str = "/";
pub(super) const BUCKET: &str = "/{Bucket}";
pub(super) const OBJECT: &str = "/{Bucket}/{Key+}";

/// A bucket and a key; either may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub bucket: String,
    pub key: String,
}

pub(super) fn place(call: &Call<'_>) -> Place {
    of(call.host, call.path)
}

/// What a request is about, as S3's model writes its path: nothing, a bucket or an object.
pub(super) fn uri(call: &Call<'_>) -> &'static str {
    match parts(call.host, call.path) {
        ("", _) => SERVICE,
        (_, "") => BUCKET,
        _ => OBJECT,
    }
}

fn of(host: &str, path: &str) -> Place {
    let (bucket, key) = parts(host, path);
    // Only what stands in the path is encoded.
    let bucket = bucket_of_host(host).map_or_else(|| decode(bucket), str::to_owned);
    Place { bucket, key: decode(key) }
}

/// Bucket and key, percent-encoded where the path has them.
fn parts<'a>(host: &'a str, path: &'a str) -> (&'a str, &'a str) {
    let path = path.strip_prefix('/').unwrap_or(path);
    match bucket_of_host(host) {
        Some(bucket) => (bucket, path),
        None => path.split_once('/').unwrap_or((path, "")),
    }
}

/// `bucket` of `bucket.s3.region.amazonaws.com`, `bucket.s3.localhost` or `bucket.localhost`.
pub(crate) fn bucket_of_host(host: &str) -> Option<&str> {
    let local = host.strip_suffix(".localhost");
    let name = local.or_else(|| host.strip_suffix(".amazonaws.com"))?;
    // From the right, since a bucket's own name may have dots and even a label `s3`.
    let ends = [".s3.", ".s3-"].iter().filter_map(|mark| name.rfind(mark)).max();
    if let Some(at) = ends {
        return Some(&name[..at]);
    }
    match name.strip_suffix(".s3") {
        Some(bucket) => Some(bucket),
        None if local.is_some() && name != "s3" && !name.starts_with("s3.") => Some(name),
        None => None,
    }
}

/// Whether a host is that of a bucket's website: `bucket.s3-website-us-east-1.amazonaws.com`, or with a dot.
pub(super) fn is_website(host: &str) -> bool {
    let rest = |bucket: &str| host.get(bucket.len()..)?.strip_prefix(".s3-website");
    bucket_of_host(host).and_then(rest).is_some_and(|region| region.starts_with(['-', '.']))
}

/// The part of a bucket or object the query names; empty for the thing itself.
pub(super) fn subresource<'a>(call: &'a Call<'_>) -> &'a str {
    const PLAIN: [&str; 20] = [
        "prefix",
        "delimiter",
        "marker",
        "max-keys",
        "list-type",
        "continuation-token",
        "start-after",
        "fetch-owner",
        "encoding-type",
        "versionId",
        "x-id",
        "partNumber",
        "key-marker",
        "version-id-marker",
        "max-uploads",
        "upload-id-marker",
        "optional-object-attributes",
        "AWSAccessKeyId",
        "Signature",
        "Expires",
    ];
    call.params
        .iter()
        .map(|(name, _)| name)
        .find(|name| !PLAIN.contains(name) && !name.starts_with("X-Amz-") && !name.starts_with("response-"))
        .unwrap_or_default()
}

pub(super) fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_styles_name_the_same_object() {
        let hosted = [
            "pages.s3.us-west-1.amazonaws.com",
            "pages.s3.amazonaws.com",
            "pages.s3.us-west-1.localhost",
            "pages.s3.localhost",
            "pages.localhost",
            "pages.s3-website-us-east-1.amazonaws.com",
            "pages.s3-website.us-east-2.amazonaws.com",
        ];
        for host in hosted {
            assert_eq!(of(host, "/a%20b/c"), Place { bucket: "pages".into(), key: "a b/c".into() }, "{host}");
            assert_eq!(is_website(host), host.contains("website"), "{host}");
        }
        for host in
            ["s3.us-west-1.amazonaws.com", "s3.amazonaws.com", "127.0.0.1", "localhost", "s3.localhost"]
        {
            assert_eq!(of(host, "/pages/a%20b/c").bucket, "pages", "{host}");
        }
        assert_eq!(of("my.s3.bucket.s3.us-east-1.amazonaws.com", "/").bucket, "my.s3.bucket");
    }
}
