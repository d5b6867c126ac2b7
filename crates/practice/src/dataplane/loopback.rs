//! Pages on this machine: `config.json` names the API by its address at AWS, which a browser cannot
//! reach here; it is given the loopback form, on the port that the browser came by.

use http::HeaderMap;
use http::header::{CONTENT_LENGTH, ETAG, HOST};
use serde_json::Value;

use crate::call::Reply;
use crate::hosts::{Door, door};

/// Rewrites the APIs in a `config.json` that a page of `*.localhost` reads.
pub(crate) fn localize(reply: &mut Reply, viewer: &HeaderMap, path: &str) {
    if !path.ends_with("/config.json") || !reply.status.is_success() {
        return;
    }
    let Some(host) = viewer.get(HOST).and_then(|host| host.to_str().ok()) else { return };
    let (name, port) = host.split_once(':').map_or((host, ""), |(name, _)| (name, &host[name.len()..]));
    if !name.ends_with(".localhost") {
        return;
    }
    let Ok(Value::Object(mut config)) = serde_json::from_slice(&reply.body) else { return };
    for value in config.values_mut() {
        if let Some(local) = value.as_str().and_then(|url| local(url, port)) {
            *value = local.into();
        }
    }
    reply.body = Value::Object(config).to_string().into();
    // They were the object's own.
    reply.headers.remove(ETAG);
    reply.headers.remove(CONTENT_LENGTH);
}

/// The loopback form of an API's address; `port` with its colon.
fn local(url: &str, port: &str) -> Option<String> {
    let rest = url.strip_prefix("https://")?;
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    match door(host)? {
        Door::Api { id, region } => Some(format!("http://{id}.execute-api.{region}.localhost{port}{path}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(host: &'static str, path: &str) -> String {
        let body = r#"{"host":"https://a1.execute-api.us-east-1.amazonaws.com/v1","region":"us-east-1"}"#;
        let mut reply = Reply::new(200, "application/json", body);
        let viewer = HeaderMap::from_iter([(HOST, http::HeaderValue::from_static(host))]);
        localize(&mut reply, &viewer, path);
        String::from_utf8(reply.body.to_vec()).unwrap()
    }

    #[test]
    fn a_page_of_this_machine_is_sent_to_the_api_of_this_machine() {
        let here = r#"{"host":"http://a1.execute-api.us-east-1.localhost:4566/v1","region":"us-east-1"}"#;
        assert_eq!(read("d1.cloudfront.localhost:4566", "/config.json"), here);
        let there = r#"{"host":"https://a1.execute-api.us-east-1.amazonaws.com/v1","region":"us-east-1"}"#;
        assert_eq!(read("d1.cloudfront.net", "/config.json"), there);
        assert_eq!(read("d1.cloudfront.localhost", "/other.json"), there);
    }
}
