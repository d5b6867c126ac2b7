//! What goes over the wire: the shop's products, users and baskets as JSON.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unicorn {
    /// Its id.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// Price in US dollars, with two decimals.
    pub price: f64,
    /// Name of its picture.
    pub image: String,
}

/// A user as the shop knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Their id; also the key of their basket.
    pub uuid: Uuid,
    /// Unique among users.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
}

/// Somebody who signs up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// Their id, when the client chose one: a repeated request then makes no second user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<Uuid>,
    /// Unique among users.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
}

/// Somebody who signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Their e-mail.
    pub email: String,
}

/// A product by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// The product's id.
    pub uuid: Uuid,
}

/// A basket, and also a change to one: what to put in or take out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basket {
    /// The user's id.
    pub uuid: Uuid,
    /// The products, in the order they were put in.
    pub unicorns: Vec<Chosen>,
}

impl Basket {
    /// The basket of `user` with these products.
    #[must_use]
    pub fn of(user: Uuid, unicorns: &[Uuid]) -> Basket {
        Basket { uuid: user, unicorns: unicorns.iter().map(|uuid| Chosen { uuid: *uuid }).collect() }
    }

    /// The ids of its products.
    #[must_use]
    pub fn ids(&self) -> Vec<Uuid> {
        self.unicorns.iter().map(|chosen| chosen.uuid).collect()
    }
}

/// How a part of the shop is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// `ok`; anything else comes as a problem.
    pub status: String,
    /// The Region that answers.
    pub region: String,
}

/// An error as problem details (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind of problem, in a few words that stay the same.
    pub title: String,
    /// The HTTP status, repeated.
    pub status: u16,
    /// What happened this time and what to do.
    pub detail: String,
    /// The request's id, to find it in the logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}
