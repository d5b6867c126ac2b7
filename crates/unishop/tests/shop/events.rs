//! Lambda's events as requests, answers as Lambda takes them, and what becomes of events that have no answer.

use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::AppendHeaders;
use axum::routing::{get, post};
use serde_json::{Value, json};
use unishop::{Lost, Runtime};

use crate::function::event;
use crate::runtime::{Given, Post, play};

/// Routes that say what they were asked, and some that do not answer.
fn routes() -> Router {
    Router::new()
        .route("/echo", post(|body: Bytes| async move { body }))
        .route("/ping", get(|| async { "pong" }))
        .route("/panic", get(panics))
        .route("/never", get(std::future::pending::<()>))
        .route("/heads", get(heads))
        .fallback(|uri: Uri| async move { uri.to_string() })
}

async fn panics() -> &'static str {
    panic!("on purpose")
}

async fn heads(headers: HeaderMap) -> (AppendHeaders<[(header::HeaderName, &'static str); 4]>, String) {
    let said = ["accept", "cookie", "x-amzn-trace-id"].map(|name| headers[name].to_str().unwrap());
    let own = AppendHeaders([
        (header::SET_COOKIE, "a=1; Secure"),
        (header::SET_COOKIE, "b=2"),
        (header::VARY, "accept"),
        (header::VARY, "origin"),
    ]);
    (own, said.join(" | "))
}

/// What the routes post to these events, and why it ended after them.
async fn posted(events: impl IntoIterator<Item = Given>, takes: fn(&str) -> u16) -> (Vec<Post>, Lost) {
    let (api, posts) = play(events, takes);
    let lost = Runtime::new(api).answer_events(routes()).await;
    (posts.try_iter().collect(), lost)
}

async fn answers(events: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let (posts, lost) = posted(events.into_iter().map(|e| Given::new(e.to_string())), |_| 202).await;
    assert!(matches!(lost, Lost::Away { .. }), "{lost}");
    for (number, post) in (1..).zip(&posts) {
        assert_eq!(post.path, format!("/2018-06-01/runtime/invocation/{number}/response"), "{}", post.body);
        assert_eq!(post.kind, None);
    }
    posts.into_iter().map(|post| post.body).collect()
}

fn with(mut event: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else { panic!("{changes}") };
    event.as_object_mut().unwrap().extend(changes);
    event
}

#[tokio::test]
async fn bodies_go_in_and_out_as_text_or_as_base64() {
    let echo = |body: Value, encoded: Value| {
        with(event("POST", "/echo", None), json!({"body": body, "isBase64Encoded": encoded}))
    };
    let answers = answers([
        echo(json!("mañana"), json!(false)),
        echo(json!("bWHDsWFuYQ=="), json!(true)),
        echo(json!("AP8K"), json!(true)),
        echo(Value::Null, Value::Null),
    ])
    .await;
    let said: Vec<_> = answers.iter().map(|a| (&a["body"], &a["isBase64Encoded"])).collect();
    let (yes, no) = (json!(true), json!(false));
    let expected = [
        (json!("mañana"), &no),
        (json!("mañana"), &no),
        // Bytes that are no text.
        (json!("AP8K"), &yes),
        (json!(""), &no),
    ];
    assert_eq!(said, expected.iter().map(|(body, encoded)| (body, *encoded)).collect::<Vec<_>>());
    assert!(answers.iter().all(|answer| answer["statusCode"] == 200));
}

#[tokio::test]
async fn paths_and_queries_arrive_as_they_were_asked() {
    let asked = |path: &str, query: &str, stage: &str| {
        let mut event = with(event("GET", path, None), json!({"rawQueryString": query}));
        event["requestContext"]["stage"] = json!(stage);
        event
    };
    let cases = [
        (asked("/p", "a=1&a=2&b=x%20y%26z&c=%C3%B1&d", "$default"), "/p?a=1&a=2&b=x%20y%26z&c=%C3%B1&d"),
        (asked("/p", "", "$default"), "/p"),
        // API Gateway decodes paths. What is escaped already stays so.
        (asked("/a b/ñ/50%/?#", "q=a b?", "$default"), "/a%20b/%C3%B1/50%25/%3F%23?q=a%20b?"),
        (asked("/a%20b", "", "$default"), "/a%20b"),
        (asked("/live/p", "", "live"), "/p"),
        (asked("/live", "", "live"), "/"),
        (asked("/lively/p", "", "live"), "/lively/p"),
        (asked("", "", "$default"), "/"),
    ];
    let (events, expected): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
    let said: Vec<_> = answers(events).await.into_iter().map(|answer| answer["body"].clone()).collect();
    assert_eq!(said, expected);
}

#[tokio::test]
async fn headers_are_joined_by_commas_and_cookies_stand_apart() {
    let own = json!({"headers": {"Accept": "text/html,*/*"}, "cookies": ["c=3", "d=4"]});
    let answers = answers([with(event("GET", "/heads", None), own)]).await;
    assert_eq!(answers[0]["body"], "text/html,*/* | c=3; d=4 | Root=1-1");
    assert_eq!(answers[0]["cookies"], json!(["a=1; Secure", "b=2"]));
    assert_eq!(answers[0]["headers"]["vary"], "accept,origin");
    assert_eq!(answers[0]["headers"]["set-cookie"], Value::Null);
}

#[tokio::test]
async fn what_is_no_event_is_a_failure_of_its_own() {
    let bad = |changes| with(event("POST", "/echo", None), changes).to_string();
    let cases = [
        ("hello".to_owned(), "the event is no JSON"),
        (json!({"Records": []}).to_string(), "it names no payload format"),
        (json!({"version": "1.0", "path": "/ping", "httpMethod": "GET"}).to_string(), "PayloadFormatVersion"),
        (json!({"version": "2.0", "rawPath": "/ping"}).to_string(), "requestContext"),
        (bad(json!({"body": "a!", "isBase64Encoded": true})), "the base64 that it claims to be"),
        (bad(json!({"headers": {"a b": "c"}})), "the name of a header"),
        (bad(json!({"headers": {"a": "b\nc"}})), "a: "),
        (bad(json!({"requestContext": {"http": {"method": "P T"}}})), "requestContext.http.method"),
    ];
    let ping = event("GET", "/ping", None).to_string();
    let events = cases.iter().map(|(event, _)| event).chain([&ping]).map(Given::new);
    let (posts, _) = posted(events, |_| 202).await;
    assert_eq!(posts.len(), cases.len() + 1);
    for ((number, post), (event, why)) in (1..).zip(&posts).zip(&cases) {
        assert_eq!(post.path, format!("/2018-06-01/runtime/invocation/{number}/error"));
        assert_eq!(post.kind.as_deref(), Some("Function.UnknownEvent"));
        assert_eq!(post.form.as_deref(), Some("application/vnd.aws.lambda.error+json"));
        assert_eq!(post.body["errorType"], "Function.UnknownEvent");
        assert_eq!(post.body["stackTrace"], json!([]));
        let said = post.body["errorMessage"].as_str().unwrap();
        assert!(said.contains(why), "{event}: {said}");
    }
    assert_eq!(posts.last().unwrap().body["body"], "pong");
}

#[tokio::test]
async fn neither_a_panic_nor_a_late_answer_ends_the_function() {
    let soon = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap() + Duration::from_millis(400);
    let late = Given { deadline: soon.as_millis(), ..Given::new(event("GET", "/never", None).to_string()) };
    let asked = |path| Given::new(event("GET", path, None).to_string());
    let (posts, _) = posted([asked("/panic"), asked("/ping"), late, asked("/ping")], |_| 202).await;
    let kinds: Vec<_> = posts.iter().map(|post| post.kind.as_deref()).collect();
    assert_eq!(kinds, [Some("Function.Panic"), None, Some("Function.Late"), None]);
    let said = posts[0].body["errorMessage"].as_str().unwrap();
    assert!(said.contains("panicked"), "{said}");
    assert_eq!((&posts[1].body["body"], &posts[3].body["body"]), (&json!("pong"), &json!("pong")));
}

#[tokio::test]
async fn an_answer_that_is_not_taken_ends_its_invocation_and_a_broken_interface_all() {
    let pings = || (0..3).map(|_| Given::new(event("GET", "/ping", None).to_string()));
    let (posts, lost) = posted(pings(), |path| if path.contains("/1/") { 413 } else { 202 }).await;
    assert_eq!(posts.len(), 3);
    assert!(matches!(lost, Lost::Away { .. }), "{lost}");

    let (posts, lost) = posted(pings(), |path| if path.contains("/2/") { 500 } else { 202 }).await;
    assert_eq!(posts.len(), 2);
    assert!(matches!(lost, Lost::Refused { status: StatusCode::INTERNAL_SERVER_ERROR, .. }), "{lost}");
    assert_eq!(
        lost.to_string(),
        "the runtime API answered 500 Internal Server Error to POST invocation/2/response"
    );
}
