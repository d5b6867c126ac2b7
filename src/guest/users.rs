//! Products and users in a cluster of the world: each user a row with two keys, the e-mail and the id.

use std::sync::LazyLock;
use std::time::Duration;

use serde::Deserialize as _;
use serde_json::json;
use uuid::Uuid;

use ground::seed;
use practice::{ClusterError, Connection, Row};
use shop::wire::{NewUser, Unicorn, User};
use shop::{Catalogue, StoreError};

/// The products, which the primary's database holds from the start and no replica lacks.
static PRODUCTS: LazyLock<Vec<Unicorn>> = LazyLock::new(shop::products);

/// When what is away may be tried again.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// The catalogue over a connection to a cluster.
#[derive(Clone, Debug)]
pub(super) struct InCluster(pub Connection);

/// What the store says when the cluster refused.
fn store_error(error: ClusterError) -> StoreError {
    match error {
        ClusterError::Taken => StoreError::Taken,
        ClusterError::Away => StoreError::Away { retry_after: RETRY_AFTER },
        ClusterError::Broken(why) => StoreError::Broken(why),
    }
}

impl Catalogue for InCluster {
    async fn unicorns(&self) -> Result<Vec<Unicorn>, StoreError> {
        self.ping().await?;
        Ok(PRODUCTS.clone())
    }

    async fn user(&self, email: &str) -> Result<Option<User>, StoreError> {
        Ok(self.0.row(&by_email(email)).map_err(store_error)?.and_then(|row| User::deserialize(row).ok()))
    }

    async fn add_user(&self, user: NewUser) -> Result<User, StoreError> {
        let row = self.0.commit(|drawn| row(user, drawn)).await.map_err(store_error)?;
        User::deserialize(row).map_err(|error| StoreError::Broken(error.to_string()))
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.0.ping().map_err(store_error)
    }
}

/// A user as a row; who brings no id gets one that follows from what was drawn.
fn row(user: NewUser, drawn: u64) -> Row {
    let NewUser { uuid, email, first_name, last_name } = user;
    let uuid = uuid.unwrap_or_else(|| minted(drawn));
    Row {
        keys: vec![by_email(&email), format!("uuid {uuid}")],
        value: json!({ "uuid": uuid, "email": email, "first_name": first_name, "last_name": last_name }),
    }
}

/// E-mails that differ in capitals alone are the same, as the column's collation has it.
fn by_email(email: &str) -> String {
    format!("email {}", email.trim().to_lowercase())
}

fn minted(drawn: u64) -> Uuid {
    Uuid::parse_str(&seed::uuid(seed::hash(drawn, &["user"]))).unwrap_or_default()
}
