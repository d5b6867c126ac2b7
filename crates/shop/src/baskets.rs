//! The routes of baskets, which run as the function with DynamoDB behind them.

use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use uuid::Uuid;

use super::place::{self, Place};
use super::problem::Refusal;
use super::store::Baskets;
use super::wire::{Basket, Health};

/// The most products a request may name.
const MOST: usize = 100;

#[derive(Clone)]
struct Counter<B> {
    baskets: B,
    place: Place,
}

/// `/unicorns/basket` and `/health/*` over baskets.
pub fn basket_routes<B: Baskets>(baskets: B, place: Place) -> Router {
    let routes = Router::new()
        .route("/unicorns/basket", post(put_in::<B>).delete(take_out::<B>))
        .route("/unicorns/basket/{uuid}", get(basket::<B>))
        .route("/health/ping", get(ping::<B>))
        .route("/health/ishealthy", get(healthy::<B>))
        .route("/health/dbping", get(healthy::<B>))
        .with_state(Counter { baskets, place: place.clone() });
    place::around(routes, place)
}

async fn basket<B: Baskets>(
    State(counter): State<Counter<B>>,
    user: Result<Path<Uuid>, PathRejection>,
) -> Result<Json<Basket>, Refusal> {
    let Path(user) = user.map_err(|_| Refusal::invalid("uuid: the path names no user id."))?;
    Ok(Json(Basket::of(user, &counter.baskets.basket(user).await?)))
}

async fn put_in<B: Baskets>(
    State(counter): State<Counter<B>>,
    body: Result<Json<Basket>, JsonRejection>,
) -> Result<(StatusCode, Json<Basket>), Refusal> {
    let (user, named) = change(body)?;
    let held = counter.baskets.put_in(user, &named).await?;
    Ok((StatusCode::CREATED, Json(Basket::of(user, &held))))
}

async fn take_out<B: Baskets>(
    State(counter): State<Counter<B>>,
    body: Result<Json<Basket>, JsonRejection>,
) -> Result<Json<Basket>, Refusal> {
    let (user, named) = change(body)?;
    Ok(Json(Basket::of(user, &counter.baskets.take_out(user, &named).await?)))
}

fn change(body: Result<Json<Basket>, JsonRejection>) -> Result<(Uuid, Vec<Uuid>), Refusal> {
    let Json(basket) = body?;
    match basket.ids() {
        none if none.is_empty() => Err(Refusal::invalid("unicorns: it is empty; name at least one product.")),
        many if many.len() > MOST => {
            Err(Refusal::invalid(format!("unicorns: more than {MOST} at once; send fewer.")))
        }
        named => Ok((basket.uuid, named)),
    }
}

async fn ping<B: Baskets>(State(counter): State<Counter<B>>) -> Json<Health> {
    Json(Health { status: "ok".into(), region: counter.place.region })
}

async fn healthy<B: Baskets>(State(counter): State<Counter<B>>) -> Result<Json<Health>, Refusal> {
    counter.baskets.ping().await?;
    Ok(Json(Health { status: "ok".into(), region: counter.place.region }))
}
