//! The routes of products and users, which run on the instance with Aurora behind them.

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};

use super::place::{self, Place};
use super::problem::Refusal;
use super::store::Catalogue;
use super::wire::{Health, Login, NewUser, Unicorn, User};

/// The most characters of an e-mail.
const LONGEST_EMAIL: usize = 200;
/// The most characters of a name.
const LONGEST_NAME: usize = 100;

#[derive(Clone)]
struct Counter<C> {
    catalogue: C,
    place: Place,
}

/// `/unicorns`, `/user`, `/user/login` and `/health/*` over a catalogue.
pub fn catalogue_routes<C: Catalogue>(catalogue: C, place: Place) -> Router {
    let routes = Router::new()
        .route("/unicorns", get(unicorns::<C>))
        .route("/user", post(sign_up::<C>))
        .route("/user/login", post(sign_in::<C>))
        .route("/health/ping", get(ping::<C>))
        .route("/health/ishealthy", get(healthy::<C>))
        .route("/health/dbping", get(healthy::<C>))
        .with_state(Counter { catalogue, place: place.clone() });
    place::around(routes, place)
}

async fn unicorns<C: Catalogue>(State(counter): State<Counter<C>>) -> Result<Json<Vec<Unicorn>>, Refusal> {
    Ok(Json(counter.catalogue.unicorns().await?))
}

async fn sign_up<C: Catalogue>(
    State(counter): State<Counter<C>>,
    body: Result<Json<NewUser>, JsonRejection>,
) -> Result<(StatusCode, Json<User>), Refusal> {
    let Json(asked) = body?;
    let user = NewUser {
        uuid: asked.uuid,
        email: email(&asked.email)?,
        first_name: name(&asked.first_name, "first_name")?,
        last_name: name(&asked.last_name, "last_name")?,
    };
    Ok((StatusCode::CREATED, Json(counter.catalogue.add_user(user).await?)))
}

async fn sign_in<C: Catalogue>(
    State(counter): State<Counter<C>>,
    body: Result<Json<Login>, JsonRejection>,
) -> Result<Json<User>, Refusal> {
    let Json(login) = body?;
    let found = counter.catalogue.user(&email(&login.email)?).await?;
    found.map(Json).ok_or_else(|| Refusal::missing("No account has this e-mail; sign up first."))
}

async fn ping<C: Catalogue>(State(counter): State<Counter<C>>) -> Json<Health> {
    Json(Health { status: "ok".into(), region: counter.place.region })
}

async fn healthy<C: Catalogue>(State(counter): State<Counter<C>>) -> Result<Json<Health>, Refusal> {
    counter.catalogue.ping().await?;
    Ok(Json(Health { status: "ok".into(), region: counter.place.region }))
}

/// An e-mail as it is kept: without spaces around it, in lower case, so that one person has one account.
fn email(given: &str) -> Result<String, Refusal> {
    let email = given.trim().to_lowercase();
    let sound = email.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty() && !domain.is_empty() && !domain.contains('@') && !domain.starts_with('.')
    });
    if !sound || email.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Refusal::invalid(
            "email: this is no e-mail address; it needs a name, an @ and a domain.",
        ));
    }
    bounded(email, "email", LONGEST_EMAIL)
}

fn name(given: &str, field: &str) -> Result<String, Refusal> {
    let name = given.trim().to_owned();
    if name.is_empty() {
        return Err(Refusal::invalid(format!("{field}: it is empty; give a name.")));
    }
    if name.chars().any(char::is_control) {
        return Err(Refusal::invalid(format!("{field}: it has control characters; leave them out.")));
    }
    bounded(name, field, LONGEST_NAME)
}

fn bounded(text: String, field: &str, most: usize) -> Result<String, Refusal> {
    if text.chars().count() > most {
        return Err(Refusal::invalid(format!("{field}: it is longer than {most} characters; shorten it.")));
    }
    Ok(text)
}
