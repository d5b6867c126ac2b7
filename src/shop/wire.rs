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
