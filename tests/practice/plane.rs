//! The shop in both practice Regions, as its visitors and its API's callers meet it.

use std::time::Duration;

use bytes::Bytes;
use espera::cloud::{Fault, Switchboard as _};
use espera::practice::wire::Node;
use espera::practice::{Options, Practice, Unreached, time};
use http::{Request, Response};
use serde_json::{Value, json};

use crate::world::options;

const SHOP: &str = include_str!("../../assets/templates/unishop.yaml");
const EDGE: &str = include_str!("../../assets/templates/edge.yaml");
pub const EAST: &str = "us-east-1";
pub const WEST: &str = "us-west-1";

/// Both Regions, joined, with an edge before them.
pub struct Shop {
    pub practice: Practice,
    pub east: String,
    pub west: String,
    pub edge: String,
}

fn form(pairs: &[(String, String)]) -> String {
    let encode = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    pairs.iter().map(|(k, v)| format!("{k}={}", encode(v))).collect::<Vec<_>>().join("&")
}

/// A query to a service; the answer's XML.
pub fn query(practice: &Practice, service: &str, region: &str, pairs: &[(&str, &str)]) -> Node {
    let pairs: Vec<(String, String)> =
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let scope =
        format!("AWS4-HMAC-SHA256 Credential=K/20261123/{region}/{service}/aws4_request, Signature=0");
    let request = Request::post("/").header("host", "localhost").header("authorization", scope);
    let answer = practice.answer(request.body(Bytes::from(form(&pairs))).expect("a request"));
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(answer.status().is_success(), "{text}");
    Node::parse(answer.body()).expect("XML")
}

pub fn settle(practice: &Practice) {
    while let Some(due) = practice.inspect(time::next_due) {
        practice.clock().advance(due.since(practice.clock().now()));
    }
}

fn stack(
    practice: &Practice,
    action: &str,
    region: &str,
    name: &str,
    template: &str,
    given: &[(&str, &str)],
) {
    let mut pairs = vec![
        ("Action".to_owned(), action.to_owned()),
        ("StackName".to_owned(), name.to_owned()),
        ("TemplateBody".to_owned(), template.to_owned()),
        ("Capabilities.member.1".to_owned(), "CAPABILITY_NAMED_IAM".to_owned()),
    ];
    for (n, (key, value)) in given.iter().enumerate() {
        pairs.push((format!("Parameters.member.{}.ParameterKey", n + 1), (*key).to_owned()));
        pairs.push((format!("Parameters.member.{}.ParameterValue", n + 1), (*value).to_owned()));
    }
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    query(practice, "cloudformation", region, &pairs);
    settle(practice);
}

fn output(practice: &Practice, region: &str, name: &str, key: &str) -> String {
    practice.inspect(|world| {
        let stack = world.cloudformation.get(region, name).expect("a stack");
        let found = stack.outputs.iter().find(|o| o.key == key);
        found.unwrap_or_else(|| panic!("{name} is {:?} {:?}", stack.status, stack.reason)).value.clone()
    })
}

impl Shop {
    pub fn open(options: Options) -> Shop {
        Shop::on(Practice::open(options).expect("opens"))
    }

    fn on(practice: Practice) -> Shop {
        let clock = practice.clock().clone();
        stack(&practice, "CreateStack", EAST, "unishop-primary", SHOP, &[("Role", "primary")]);
        stack(&practice, "CreateStack", WEST, "unishop-standby", SHOP, &[("Role", "standby")]);
        let join = [("Role", "primary"), ("TableReplicaRegion", WEST), ("WriteForwarding", "enabled")];
        stack(&practice, "UpdateStack", EAST, "unishop-primary", SHOP, &join);
        let join = [("Role", "standby"), ("WriteForwarding", "enabled")];
        stack(&practice, "UpdateStack", WEST, "unishop-standby", SHOP, &join);
        let api = |region, name| host(&output(&practice, region, name, "ApiUrl"));
        let (east, west) = (api(EAST, "unishop-primary"), api(WEST, "unishop-standby"));
        let shop = Shop { edge: String::new(), east, west, practice };
        let edge = shop.publish();
        assert_eq!(clock.speed(), shop.practice.clock().speed());
        Shop { edge, ..shop }
    }

    /// Pages in both buckets and the edge before them.
    fn publish(&self) -> String {
        let mut domains = Vec::new();
        for (region, name, api) in
            [(EAST, "unishop-primary", &self.east), (WEST, "unishop-standby", &self.west)]
        {
            let bucket = output(&self.practice, region, name, "PagesBucket");
            let config = json!({"host": format!("https://{api}"), "region": region}).to_string();
            for (key, body) in [("index.html", "<h1>Unishop</h1>"), ("config.json", config.as_str())] {
                let put = crate::world::request("s3", region, "PUT", &format!("/{bucket}/{key}"), body);
                assert_eq!(crate::world::act(&self.practice, &put), 200);
            }
            domains.push(output(&self.practice, region, name, "PagesBucketDomain"));
        }
        let given =
            [("PrimaryBucketDomain", domains[0].as_str()), ("StandbyBucketDomain", domains[1].as_str())];
        stack(&self.practice, "CreateStack", EAST, "unishop-edge", EDGE, &given);
        output(&self.practice, EAST, "unishop-edge", "DistributionDomain")
    }

    pub async fn send(
        &self,
        method: &str,
        host: &str,
        path: &str,
        body: &str,
    ) -> Result<(u16, Value), Unreached> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", host)
            .header("content-type", "application/json")
            .body(Bytes::copy_from_slice(body.as_bytes()));
        let answer: Response<Bytes> = self.practice.reach(request.expect("a request")).await?;
        Ok((answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or_default()))
    }

    pub async fn sign_up(&self, api: &str, email: &str) -> u16 {
        let body = json!({"email": email, "first_name": "A", "last_name": "B"}).to_string();
        self.send("POST", api, "/user", &body).await.expect("answers").0
    }

    pub async fn knows(&self, api: &str, email: &str) -> bool {
        let (status, _) = self
            .send("POST", api, "/user/login", &json!({"email": email}).to_string())
            .await
            .expect("answers");
        assert!(matches!(status, 200 | 404), "{status}");
        status == 200
    }

    pub fn wait(&self, seconds: u64) {
        self.practice.clock().advance(Duration::from_secs(seconds));
    }

    pub async fn turn(&self, fault: Fault, on: bool) {
        let switches = self.practice.switchboard();
        let done = if on { switches.apply(fault) } else { switches.undo(fault) };
        done.await.expect("offered");
    }

    /// Whether a request gets an answer at all, on a clock that only the test moves.
    pub async fn is_silent(&self, host: &str, path: &str) -> bool {
        let asked = self.send("GET", host, path, "");
        tokio::select! {
            biased;
            _ = asked => false,
            () = tokio::task::yield_now() => true,
        }
    }
}

pub fn host(url: &str) -> String {
    url.trim_start_matches("https://").to_owned()
}

#[tokio::test]
async fn a_shop_is_there_when_its_stack_is_and_users_reach_the_other_region() {
    let shop = Shop::open(options(None));
    assert_eq!(
        shop.send("GET", "nothing.execute-api.us-east-1.amazonaws.com", "/", "").await,
        Err(Unreached::Refused)
    );
    assert_eq!(shop.sign_up(&shop.east, "ana@example.com").await, 201);
    assert_eq!(shop.sign_up(&shop.east, "Ana@example.com").await, 409);
    assert!(shop.knows(&shop.east, "ana@example.com").await);
    assert!(!shop.knows(&shop.west, "ana@example.com").await, "not arrived yet");
    shop.wait(1);
    assert!(shop.knows(&shop.west, "ana@example.com").await);
    // Forwarded, and judged at the writer.
    assert_eq!(shop.sign_up(&shop.west, "ben@example.com").await, 201);
    assert!(shop.knows(&shop.east, "ben@example.com").await);
    assert!(!shop.knows(&shop.west, "ben@example.com").await);
    assert_eq!(shop.sign_up(&shop.west, "ben@example.com").await, 409);
    assert_eq!(shop.send("GET", &shop.east, "/nothing", "").await.expect("answers").0, 404);
}
