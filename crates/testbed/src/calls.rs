//! Calls to services, one way for each of AWS's protocols: JSON, query and REST.

use bytes::Bytes;
use http::Response;
use practice::call::Service;
use practice::wire::Node;
use serde_json::Value;

use super::{EAST, World, form, request};

/// An answer that is an error: its status, AWS's code and the message.
pub type Refused = (u16, String, String);

impl World {
    /// Calls a service of AWS JSON: `AmazonSSM.GetParameter` is a target.
    ///
    /// # Errors
    /// What the service refuses.
    pub fn json(&self, service: &str, region: &str, target: &str, body: &str) -> Result<Value, Refused> {
        let version = if service == "dynamodb" { "1.0" } else { "1.1" };
        let head = request(service, region, "POST", "/")
            .header("x-amz-target", target)
            .header("content-type", format!("application/x-amz-json-{version}"));
        let answer = self.send(head, body.to_owned());
        let value: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        if answer.status().is_success() {
            return Ok(value);
        }
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let code = text("__type").rsplit('#').next().unwrap_or_default().to_owned();
        // A cancelled transaction alone writes it with a capital.
        Err((answer.status().as_u16(), code, text("message") + &text("Message")))
    }

    /// Calls DynamoDB.
    ///
    /// # Errors
    /// What DynamoDB refuses.
    pub fn dynamodb(&self, region: &str, action: &str, body: &str) -> Result<Value, Refused> {
        self.json("dynamodb", region, &format!("DynamoDB_20120810.{action}"), body)
    }

    /// Calls a service by a form. The element with the result, or, where the protocol has none (EC2), the answer.
    ///
    /// # Errors
    /// What the service refuses.
    ///
    /// # Panics
    /// If the answer is no XML.
    pub fn query(
        &self,
        service: &str,
        region: &str,
        action: &str,
        params: &[(&str, &str)],
    ) -> Result<Node, Refused> {
        let version = Service::of(service).map_or("x", Service::version);
        let pairs = [&[("Action", action), ("Version", version)], params].concat();
        let head =
            request(service, region, "POST", "/").header("content-type", "application/x-www-form-urlencoded");
        let answer = self.send(head, form(&pairs));
        let root = Node::parse(answer.body()).expect("an answer in XML");
        if answer.status().is_success() {
            return Ok(root.child(&format!("{action}Result")).cloned().unwrap_or(root));
        }
        Err(refused(&answer, &root))
    }

    /// Calls S3 in us-east-1: status and document, which is empty where an object is no XML.
    pub fn s3(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, Node) {
        let head = request("s3", EAST, method, path);
        let head = headers.iter().fold(head, |head, (name, value)| head.header(*name, *value));
        let answer = self.send(head, body.to_owned());
        (answer.status().as_u16(), Node::parse(answer.body()).unwrap_or_default())
    }

    /// Calls CloudFront with a path below its version: entity tag and document. With a tag, only if that is
    /// the thing's own.
    ///
    /// # Errors
    /// What CloudFront refuses.
    pub fn cloudfront(
        &self,
        method: &str,
        path: &str,
        tag: Option<&str>,
        body: &str,
    ) -> Result<(String, Node), Refused> {
        let path = format!("/{}/{path}", Service::CloudFront.version());
        let head = request("cloudfront", EAST, method, &path);
        let head = tag.into_iter().fold(head, |head, tag| head.header("if-match", tag));
        let answer = self.send(head, body.to_owned());
        let root = Node::parse(answer.body()).unwrap_or_default();
        if answer.status().is_success() {
            let tag = answer.headers().get("etag").and_then(|tag| tag.to_str().ok());
            return Ok((tag.unwrap_or_default().to_owned(), root));
        }
        Err(refused(&answer, &root))
    }
}

/// An error in XML. EC2 has it one element further in.
fn refused(answer: &Response<Bytes>, root: &Node) -> Refused {
    let error = root.child("Error").or_else(|| root.node("Errors/Error"));
    let text = |name| error.and_then(|error| error.at(name)).unwrap_or_default().to_owned();
    (answer.status().as_u16(), text("Code"), text("Message"))
}
