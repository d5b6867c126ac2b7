//! Paths, codes, headers and refusals of the routes.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use shop::wire::{Basket, NewUser, Problem, Unicorn, User};
use shop::{Place, StoreError, basket_routes, catalogue_routes, products};
use tower::ServiceExt;
use uuid::Uuid;

use crate::memory::Memory;
use crate::{conformance, tables};

pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    fn json<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {:?}", String::from_utf8_lossy(&self.body)))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
    }

    fn problem(&self) -> Problem {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem: Problem = self.json();
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(problem.request_id.as_deref(), Some(self.header("x-request-id")));
        problem
    }
}

pub async fn ask(routes: &Router, method: Method, path: &str, body: Option<Value>) -> Answer {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    send(routes, request.body(body.map_or(Body::empty(), |b| Body::from(b.to_string()))).unwrap()).await
}

async fn send(routes: &Router, request: Request<Body>) -> Answer {
    let (parts, body) = routes.clone().oneshot(request).await.unwrap().into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: body.collect().await.unwrap().to_bytes().to_vec(),
    }
}

fn shop() -> (Router, Memory) {
    let store = Memory::default();
    (catalogue_routes(store.clone(), Place::new("us-west-1")), store)
}

#[tokio::test]
async fn the_memory_of_these_tests_is_a_catalogue_too() {
    conformance::catalogue(Memory::default()).await;
}

#[tokio::test]
async fn a_visitor_looks_signs_up_and_signs_in() {
    let (shop, _) = shop();
    let answer = ask(&shop, Method::GET, "/unicorns", None).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json::<Vec<Unicorn>>(), products());
    assert_eq!(answer.header("x-unishop-region"), "us-west-1");
    assert_eq!(answer.header("cache-control"), "no-store");

    let ana = json!({"email": " Ana@Example.org ", "first_name": "Ana", "last_name": "Belén"});
    let made = ask(&shop, Method::POST, "/user", Some(ana.clone())).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let made: User = made.json();
    assert_eq!(made.email, "ana@example.org");
    let again = ask(&shop, Method::POST, "/user", Some(ana)).await;
    assert_eq!((again.status, again.problem().title.as_str()), (StatusCode::CONFLICT, "The e-mail is taken"));

    let login = ask(&shop, Method::POST, "/user/login", Some(json!({"email": "ANA@example.org"}))).await;
    assert_eq!((login.status, login.json::<User>()), (StatusCode::OK, made));
    let unknown = ask(&shop, Method::POST, "/user/login", Some(json!({"email": "eva@example.org"}))).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    unknown.problem();
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_a_reason() {
    let (shop, _) = shop();
    let good = NewUser { uuid: None, ..conformance::somebody() };
    let with = |field: &str, value: Value| {
        let mut body = serde_json::to_value(&good).unwrap();
        body[field] = value;
        body
    };
    let long = "x".repeat(101);
    for (field, value) in [
        ("email", json!("no at sign")),
        ("email", json!("@example.org")),
        ("email", json!("a@")),
        ("email", json!("a b@example.org")),
        ("email", json!(format!("{}@example.org", "x".repeat(200)))),
        ("first_name", json!("  ")),
        ("first_name", json!(long)),
        ("last_name", json!("a\u{1b}[31mb")),
        ("last_name", json!(7)),
        ("uuid", json!("not one")),
        ("admin", json!(true)),
    ] {
        let answer = ask(&shop, Method::POST, "/user", Some(with(field, value.clone()))).await;
        assert!(answer.status.is_client_error(), "{field} = {value}: {}", answer.status);
        assert!(answer.problem().detail.contains(field), "{:?} does not name {field}", answer.problem());
    }
    let not_json =
        Request::post("/user").header("content-type", "application/json").body(Body::from("{")).unwrap();
    assert_eq!(send(&shop, not_json).await.status, StatusCode::BAD_REQUEST);
    let form = Request::post("/user").header("content-type", "text/plain").body(Body::from("{}")).unwrap();
    assert_eq!(send(&shop, form).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let huge = with("first_name", json!("x".repeat(70_000)));
    assert_eq!(ask(&shop, Method::POST, "/user", Some(huge)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_as_well() {
    let (shop, _) = shop();
    let missing = ask(&shop, Method::GET, "/nothing", None).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    missing.problem();
    let wrong = ask(&shop, Method::DELETE, "/unicorns", None).await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(wrong.header("allow").contains("GET"));
    wrong.problem();
}

#[tokio::test]
async fn a_request_keeps_its_id_if_it_is_harmless() {
    let (shop, _) = shop();
    for (given, kept) in [("probe-000123", true), ("a b", false), (&*"x".repeat(65), false)] {
        let request = Request::get("/health/ping").header("x-request-id", given).body(Body::empty()).unwrap();
        let answer = send(&shop, request).await;
        assert_eq!(answer.header("x-request-id") == given, kept, "{given}");
    }
}

#[tokio::test]
async fn a_store_that_is_away_makes_503_until_it_is_back() {
    let (shop, store) = shop();
    store.fails(Some(Memory::away()));
    for path in ["/unicorns", "/health/ishealthy", "/health/dbping"] {
        let answer = ask(&shop, Method::GET, path, None).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(answer.header("retry-after"), "7");
        answer.problem();
    }
    assert_eq!(ask(&shop, Method::GET, "/health/ping", None).await.status, StatusCode::OK);
    store.fails(None);
    assert_eq!(ask(&shop, Method::GET, "/unicorns", None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_a_store_says_of_itself_does_not_reach_the_visitor() {
    let (shop, store) = shop();
    store.fails(Some(StoreError::Broken("password of root".into())));
    let answer = ask(&shop, Method::GET, "/unicorns", None).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!answer.problem().detail.contains("password"));
}

#[tokio::test]
async fn a_basket_is_filled_and_emptied() {
    let shop = basket_routes(tables::practice().await, Place::new("us-east-1"));
    let user = Uuid::new_v4();
    let ids: Vec<Uuid> = products().iter().map(|p| p.uuid).collect();
    let change = |ids: &[Uuid]| Some(serde_json::to_value(Basket::of(user, ids)).unwrap());
    let path = format!("/unicorns/basket/{user}");

    let empty = ask(&shop, Method::GET, &path, None).await;
    assert_eq!((empty.status, empty.json::<Basket>()), (StatusCode::OK, Basket::of(user, &[])));
    let put = ask(&shop, Method::POST, "/unicorns/basket", change(&ids[..2])).await;
    assert_eq!((put.status, put.json::<Basket>()), (StatusCode::CREATED, Basket::of(user, &ids[..2])));
    let taken = ask(&shop, Method::DELETE, "/unicorns/basket", change(&ids[..1])).await;
    assert_eq!((taken.status, taken.json::<Basket>()), (StatusCode::OK, Basket::of(user, &ids[1..2])));
    assert_eq!(ask(&shop, Method::GET, &path, None).await.json::<Basket>().ids(), ids[1..2]);

    for wrong in [json!({"uuid": user, "unicorns": []}), json!({"uuid": "x", "unicorns": []}), json!({})] {
        let answer = ask(&shop, Method::POST, "/unicorns/basket", Some(wrong)).await;
        assert!(answer.status.is_client_error());
        answer.problem();
    }
    let no_user = ask(&shop, Method::GET, "/unicorns/basket/somebody", None).await;
    assert_eq!(no_user.status, StatusCode::BAD_REQUEST);
}
