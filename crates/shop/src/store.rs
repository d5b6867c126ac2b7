//! The stores as the routes see them: the catalogue with its users (Aurora), and the baskets
//! (DynamoDB). One conformance suite runs against every implementation.

use std::future::Future;
use std::time::Duration;

use uuid::Uuid;

use super::wire::{NewUser, Unicorn, User};

/// Why a store did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another user has this e-mail.
    #[error("a user with this e-mail exists already; sign in instead")]
    Taken,
    /// The store is away for now; the same request may succeed later.
    #[error("the store is away; try again in {} s", retry_after.as_secs())]
    Away {
        /// When to try again.
        retry_after: Duration,
    },
    /// The store answered something that it should not.
    #[error("the store failed: {0}")]
    Broken(String),
}

/// Products and users.
pub trait Catalogue: Clone + Send + Sync + 'static {
    /// All products, by name.
    fn unicorns(&self) -> impl Future<Output = Result<Vec<Unicorn>, StoreError>> + Send;
    /// The user with this e-mail, if there is one.
    fn user(&self, email: &str) -> impl Future<Output = Result<Option<User>, StoreError>> + Send;
    /// Adds a user; acknowledged means committed at the writer.
    fn add_user(&self, user: NewUser) -> impl Future<Output = Result<User, StoreError>> + Send;
    /// Whether the store answers.
    fn ping(&self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Baskets, one a user.
pub trait Baskets: Clone + Send + Sync + 'static {
    /// The ids in a user's basket, in the order they were put in; empty when there is none.
    fn basket(&self, user: Uuid) -> impl Future<Output = Result<Vec<Uuid>, StoreError>> + Send;
    /// Puts products in; one that is there already stays once. Gives the basket as it is then.
    fn put_in(
        &self,
        user: Uuid,
        unicorns: &[Uuid],
    ) -> impl Future<Output = Result<Vec<Uuid>, StoreError>> + Send;
    /// Takes products out; one that is not there is no error. Gives the basket as it is then.
    fn take_out(
        &self,
        user: Uuid,
        unicorns: &[Uuid],
    ) -> impl Future<Output = Result<Vec<Uuid>, StoreError>> + Send;
    /// Whether the store answers.
    fn ping(&self) -> impl Future<Output = Result<(), StoreError>> + Send;
}
