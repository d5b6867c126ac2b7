//! A practice cloud on a clock that only the test moves, and short ways to ask it.

use std::time::Duration;

use bytes::Bytes;
use ground::clock::{Clock, Moment};
use http::{Request, Response};
use practice::scenario::Scenario;
use practice::wire::Node;
use practice::{Options, Practice, time};
use serde_json::Value;

pub const EAST: &str = "us-east-1";
pub const WEST: &str = "us-west-1";

pub struct Sky {
    pub practice: Practice,
    pub clock: Clock,
}

/// An error: status, code, message.
pub type Refused = (u16, String, String);

impl Sky {
    pub fn new(seed: u64) -> Sky {
        let clock = Clock::manual(Moment(1_800_000_000_000));
        let options = Options {
            folder: None,
            seed,
            scenario: Scenario::default(),
            clock: clock.clone(),
            workload: None,
        };
        Sky { practice: Practice::open(options).unwrap(), clock }
    }

    pub fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Lets everything happen that is under way.
    pub fn settle(&self) {
        while let Some(due) = self.practice.inspect(time::next_due) {
            self.clock.advance(due.since(self.clock.now()));
            self.json(EAST, "ListTables", "{}").unwrap();
        }
    }

    fn send(
        &self,
        service: &str,
        region: &str,
        request: http::request::Builder,
        body: String,
    ) -> Response<Bytes> {
        let scope = format!("KEY/20270115/{region}/{service}/aws4_request");
        let signed = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00");
        let request = request.header("authorization", signed).header("host", "127.0.0.1");
        self.practice.answer(request.body(Bytes::from(body)).unwrap())
    }

    /// DynamoDB.
    pub fn json(&self, region: &str, action: &str, body: &str) -> Result<Value, Refused> {
        let request = Request::post("/")
            .header("x-amz-target", format!("DynamoDB_20120810.{action}"))
            .header("content-type", "application/x-amz-json-1.0");
        let answer = self.send("dynamodb", region, request, body.to_owned());
        let value: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        if answer.status().is_success() {
            return Ok(value);
        }
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let message = text("message") + &text("Message");
        Err((answer.status().as_u16(), text("__type").rsplit('#').next().unwrap().to_owned(), message))
    }

    /// Systems Manager or Secrets Manager.
    pub fn call(&self, service: &str, target: &str, body: &str) -> Result<Value, Refused> {
        let request = Request::post("/").header("x-amz-target", target);
        let answer = self.send(service, EAST, request, body.to_owned());
        let value: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        if answer.status().is_success() {
            return Ok(value);
        }
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Err((answer.status().as_u16(), text("__type"), text("message")))
    }

    /// S3: status and document.
    pub fn s3(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, Node) {
        let request = Request::builder().method(method).uri(path);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = self.send("s3", EAST, request, body.to_owned());
        (answer.status().as_u16(), Node::parse(answer.body()).unwrap_or_default())
    }

    /// RDS or CloudFormation: the result element.
    pub fn query(
        &self,
        service: &str,
        region: &str,
        action: &str,
        params: &[(&str, &str)],
    ) -> Result<Node, Refused> {
        let mut form = format!("Action={action}&Version=x");
        for (name, value) in params {
            let value = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
            form.push_str(&format!("&{name}={value}"));
        }
        let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
        let answer = self.send(service, region, request, form);
        let root = Node::parse(answer.body()).unwrap();
        if answer.status().is_success() {
            return Ok(root.child(&format!("{action}Result")).cloned().unwrap_or_default());
        }
        let text = |path: &str| root.at(path).unwrap_or_default().to_owned();
        Err((answer.status().as_u16(), text("Error/Code"), text("Error/Message")))
    }

    pub fn rds(&self, region: &str, action: &str, params: &[(&str, &str)]) -> Node {
        self.query("rds", region, action, params).unwrap_or_else(|e| panic!("{action}: {e:?}"))
    }

    pub fn rds_refuses(&self, region: &str, action: &str, params: &[(&str, &str)]) -> Refused {
        self.query("rds", region, action, params).expect_err("must be refused")
    }

    /// CloudFront: entity tag and document.
    pub fn front(&self, method: &str, path: &str, tag: &str, body: &str) -> Result<(String, Node), Refused> {
        let mut request = Request::builder().method(method).uri(format!("/2020-05-31/{path}"));
        if !tag.is_empty() {
            request = request.header("if-match", tag);
        }
        let answer = self.send("cloudfront", EAST, request, body.to_owned());
        let etag = answer.headers().get("etag").map(|v| v.to_str().unwrap().to_owned());
        let root = Node::parse(answer.body()).unwrap_or_default();
        if answer.status().is_success() {
            return Ok((etag.unwrap_or_default(), root));
        }
        let text = |path: &str| root.at(path).unwrap_or_default().to_owned();
        Err((answer.status().as_u16(), text("Error/Code"), text("Error/Message")))
    }

    /// Creates a stack and lets it come to its end; gives its status.
    pub fn stack(&self, region: &str, name: &str, template: &str, params: &[(&str, &str)]) -> String {
        self.change_stack("CreateStack", region, name, template, params)
    }

    pub fn change_stack(
        &self,
        action: &str,
        region: &str,
        name: &str,
        template: &str,
        params: &[(&str, &str)],
    ) -> String {
        let mut all = vec![
            ("StackName".to_owned(), name.to_owned()),
            ("TemplateBody".to_owned(), template.to_owned()),
            ("Capabilities.member.1".to_owned(), "CAPABILITY_NAMED_IAM".to_owned()),
        ];
        for (i, (key, value)) in params.iter().enumerate() {
            all.push((format!("Parameters.member.{}.ParameterKey", i + 1), (*key).to_owned()));
            all.push((format!("Parameters.member.{}.ParameterValue", i + 1), (*value).to_owned()));
        }
        let all: Vec<(&str, &str)> = all.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        self.query("cloudformation", region, action, &all).unwrap_or_else(|e| panic!("{action}: {e:?}"));
        self.settle();
        self.stack_status(region, name)
    }

    pub fn delete_stack(&self, region: &str, name: &str) -> String {
        self.query("cloudformation", region, "DeleteStack", &[("StackName", name)]).unwrap();
        self.settle();
        self.stack_status(region, name)
    }

    fn stack_status(&self, region: &str, name: &str) -> String {
        match self.query("cloudformation", region, "DescribeStacks", &[("StackName", name)]) {
            Ok(found) => found.at("Stacks/member/StackStatus").unwrap().to_owned(),
            Err(_) => "gone".to_owned(),
        }
    }

    /// Every reason a stack's events give, page by page.
    pub fn reasons(&self, region: &str, name: &str) -> String {
        let (mut all, mut token) = (String::new(), String::new());
        loop {
            let params = [("StackName", name), ("NextToken", token.as_str())];
            let params = if token.is_empty() { &params[..1] } else { &params[..] };
            let page = self.query("cloudformation", region, "DescribeStackEvents", params).unwrap();
            let events = page.child("StackEvents").unwrap();
            all.extend(events.all("member").filter_map(|e| e.at("ResourceStatusReason")));
            match page.at("NextToken") {
                Some(next) => token = next.to_owned(),
                None => return all,
            }
        }
    }
}
