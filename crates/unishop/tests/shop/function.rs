//! The same program as a Lambda function: Lambda's runtime interface, played by `runtime`, hands it an
//! HTTP API's events and takes its answers.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::runtime::{Given, play};

struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn event(method: &str, path: &str, body: Option<Value>) -> Value {
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "",
        "headers": {"content-type": "application/json", "host": "abc.execute-api.us-east-1.amazonaws.com"},
        "requestContext": {
            "accountId": "123456789012", "apiId": "abc", "domainName": "abc.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "abc", "requestId": "r", "routeKey": "$default", "stage": "$default",
            "time": "22/Nov/2026:00:00:00 +0000", "timeEpoch": 1_795_392_000_000_u64,
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "test"}
        },
        "body": body.map(|b| b.to_string()), "isBase64Encoded": false
    })
}

/// The program as Lambda starts it, with its runtime interface at `api`.
fn program(api: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unishop"));
    command
        .env("AWS_LAMBDA_RUNTIME_API", api)
        .env("AWS_LAMBDA_FUNCTION_NAME", "baskets")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "g")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "s")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "AKIDTEST")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("UNISHOP_BASKET_TABLE", "unishop-basket")
        .stdout(Stdio::null());
    command
}

#[test]
fn started_by_lambda_it_answers_the_api_s_events() {
    let events = [
        event("GET", "/health/ping", None),
        event("GET", "/unicorns/basket/nobody", None),
        event("POST", "/unicorns/basket", Some(json!({"uuid": "x"}))),
        event("GET", "/unicorns", None),
    ];
    let (api, posts) = play(events.map(|event| Given::new(event.to_string())), |_| 202);
    let _ends = Ends(program(&api).stderr(Stdio::null()).spawn().unwrap());
    let status = |named: &str| {
        let post =
            posts.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| panic!("{named}: no answer"));
        post.body["statusCode"].as_u64().unwrap_or_else(|| panic!("{named}: {}", post.body))
    };
    assert_eq!(status("ping"), 200);
    assert_eq!(status("no user"), 400);
    assert_eq!(status("no basket"), 400);
    // Products are the instance's business, not the function's.
    assert_eq!(status("products"), 404);
}

#[test]
fn without_a_runtime_interface_it_ends_and_says_so() {
    let (api, _posts) = play([], |_| 202);
    let ended = program(&api).output().unwrap();
    assert!(!ended.status.success());
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.contains("the runtime API does not answer to GET invocation/next"), "{said}");
}

#[test]
fn what_keeps_it_from_starting_is_told_to_lambda() {
    let (api, posts) = play([], |_| 202);
    let ended = program(&api).env_remove("UNISHOP_BASKET_TABLE").output().unwrap();
    assert!(!ended.status.success());
    let post = posts.recv_timeout(Duration::from_secs(60)).unwrap();
    assert_eq!(post.path, "/2018-06-01/runtime/init/error");
    assert_eq!(post.kind.as_deref(), Some("Runtime.CannotStart"));
    assert_eq!(post.body["errorMessage"], "the variable UNISHOP_BASKET_TABLE is not set");
}
