//! Routes over the stores of the world until the shop brings its own.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::shops::InWorld;
use super::sites::Site;
use crate::practice::shared::{Practice, WeakPractice};
use crate::shop::store::{Catalogue, StoreError};
use crate::shop::wire::{NewUser, Unicorn};

pub(super) fn products() -> Vec<Unicorn> {
    Vec::new()
}

pub(super) fn router(practice: &Practice, site: &Site) -> Router {
    match site {
        Site::Catalogue { cluster, .. } => Router::new()
            .route("/unicorns", get(unicorns))
            .route("/user", post(sign_up))
            .route("/user/login", post(log_in))
            .route("/health/ping", get(|| async { Json(json!({})) }))
            .with_state(InWorld::new(practice, cluster)),
        Site::Baskets { region, table } => Router::new()
            .route("/unicorns/basket", post(put_in))
            .route("/unicorns/basket/{uuid}", get(basket))
            .with_state(Table {
                practice: practice.downgrade(),
                region: region.clone(),
                table: table.clone(),
            }),
    }
}

fn problem(error: StoreError) -> Response {
    let status = match error {
        StoreError::Taken => StatusCode::CONFLICT,
        StoreError::Away { .. } => StatusCode::SERVICE_UNAVAILABLE,
        StoreError::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    (status, error.to_string()).into_response()
}

async fn unicorns(State(store): State<InWorld>) -> Response {
    store.unicorns().await.map(Json).map_or_else(problem, IntoResponse::into_response)
}

async fn sign_up(State(store): State<InWorld>, Json(user): Json<NewUser>) -> Response {
    let done = store.add_user(user).await.map(|user| (StatusCode::CREATED, Json(user)));
    done.map_or_else(problem, IntoResponse::into_response)
}

async fn log_in(State(store): State<InWorld>, Json(body): Json<Value>) -> Response {
    match store.user(body["email"].as_str().unwrap_or_default()).await {
        Ok(Some(user)) => Json(user).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => problem(error),
    }
}

#[derive(Clone)]
struct Table {
    practice: WeakPractice,
    region: String,
    table: String,
}

impl Table {
    fn call(&self, action: &str, body: Value) -> Option<Value> {
        let scope = format!(
            "AWS4-HMAC-SHA256 Credential=K/20261123/{}/dynamodb/aws4_request, Signature=0",
            self.region
        );
        let request = http::Request::post("/")
            .header("host", "localhost")
            .header("authorization", scope)
            .header("x-amz-target", format!("DynamoDB_20120810.{action}"))
            .body(body.to_string().into());
        let answer = self.practice.upgrade()?.answer(request.ok()?);
        answer.status().is_success().then(|| serde_json::from_slice(answer.body()).unwrap_or_default())
    }
}

async fn put_in(State(table): State<Table>, Json(body): Json<Value>) -> Response {
    let list: Vec<Value> = body["unicorns"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|u| json!({"M": {"uuid": {"S": u["uuid"]}}}))
        .collect();
    let item =
        json!({"TableName": table.table, "Item": {"uuid": {"S": body["uuid"]}, "unicorns": {"L": list}}});
    match table.call("PutItem", item) {
        Some(_) => (StatusCode::CREATED, Json(body)).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn basket(State(table): State<Table>, Path(uuid): Path<String>) -> Response {
    match table.call("GetItem", json!({"TableName": table.table, "Key": {"uuid": {"S": uuid}}})) {
        Some(found) => {
            let held = found["Item"]["unicorns"]["L"].as_array().cloned().unwrap_or_default();
            let held: Vec<Value> = held.iter().map(|u| json!({"uuid": u["M"]["uuid"]["S"]})).collect();
            Json(json!({"uuid": uuid, "unicorns": held})).into_response()
        }
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
