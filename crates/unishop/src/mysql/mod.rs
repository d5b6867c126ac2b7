//! Products and users in Aurora MySQL (or any MySQL). It knows two endpoints of its own Region's
//! cluster and finds out by itself which of them takes writes: at first, and again after a failover.

mod endpoint;
mod errors;
mod rounds;
mod schema;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::mysql::{MySqlConnection, MySqlPool};
use sqlx::pool::PoolConnection;
use uuid::Uuid;

use errors::Failure;
use rounds::Rounds;
use shop::store::{Catalogue, StoreError};
use shop::wire::{NewUser, Unicorn, User};

pub use endpoint::{Consistency, Database, Encryption};

/// The longest one endpoint may take for one request.
const PATIENCE: Duration = Duration::from_secs(4);
/// When to try again while no endpoint answers.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Products and users in MySQL. Clones share their connections.
#[derive(Clone, Debug)]
pub struct MySql {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// The writer's endpoint first, then the reader's where there is another one.
    pools: Vec<MySqlPool>,
    /// The endpoint that took the last write.
    writer: AtomicUsize,
    /// Readings of the products, which are the same for everybody.
    products: Rounds<Result<Vec<Unicorn>, StoreError>>,
}

/// What a request needs of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// Near is best: the reader's endpoint first.
    Read,
    /// The endpoint that took the last write first.
    Write,
    /// The same, for reading what a write has just met there.
    ReadBack,
}

impl MySql {
    /// A store over this database. Nothing is connected before it is needed, so that the shop starts
    /// though its database is away.
    #[must_use]
    pub fn new(database: &Database) -> MySql {
        let pools = endpoint::pools(database);
        MySql { inner: Arc::new(Inner { pools, writer: AtomicUsize::new(0), products: Rounds::default() }) }
    }

    /// Makes the tables and the ten products where they are missing; once it has been done it changes
    /// nothing. Only for the primary, and only the writer accepts it.
    ///
    /// # Errors
    /// `Away` while no endpoint takes writes.
    pub async fn prepare(&self) -> Result<(), StoreError> {
        self.on(Need::Write, |connection| Box::pin(schema::prepare(connection))).await
    }

    /// Runs `work` on the first endpoint that can do it. A write may so be tried twice, which is why
    /// every write here can be repeated.
    async fn on<T: Send>(
        &self,
        need: Need,
        work: impl for<'c> Fn(&'c mut MySqlConnection) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send + Sync,
    ) -> Result<T, StoreError> {
        let count = self.inner.pools.len();
        let first = match need {
            Need::Read => count - 1,
            Need::Write | Need::ReadBack => self.inner.writer.load(Ordering::Relaxed) % count,
        };
        for turn in 0..count {
            let at = (first + turn) % count;
            match tokio::time::timeout(PATIENCE, self.at(at, &work)).await {
                Ok(Ok(done)) => {
                    if need == Need::Write {
                        self.inner.writer.store(at, Ordering::Relaxed);
                    }
                    return Ok(done);
                }
                Ok(Err(Failure::Elsewhere(why))) => tracing::warn!(endpoint = at, %why, "trying the next"),
                Ok(Err(Failure::Final(error))) => return Err(error),
                Err(_) => tracing::warn!(endpoint = at, "no answer in time, trying the next"),
            }
        }
        Err(StoreError::Away { retry_after: RETRY_AFTER })
    }

    async fn at<T: Send>(
        &self,
        at: usize,
        work: &(impl for<'c> Fn(&'c mut MySqlConnection) -> BoxFuture<'c, Result<T, sqlx::Error>> + Sync),
    ) -> Result<T, Failure> {
        let connection = self.inner.pools[at].acquire().await.map_err(|error| errors::judge(&error))?;
        let mut lent = Lent { connection, again: Again::Never };
        let done = work(&mut lent.connection).await.map_err(|error| errors::judge(&error));
        if matches!(done, Ok(_) | Err(Failure::Final(StoreError::Taken))) {
            lent.again = Again::Fine;
        }
        done
    }
}

/// Whether a connection may serve another request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    /// It answered well.
    Fine,
    /// It failed or was cut off in an answer: a session from before a failover stays read-only.
    Never,
}

/// A connection that goes back into its pool only after it has answered well.
struct Lent {
    connection: PoolConnection<sqlx::MySql>,
    again: Again,
}

impl Drop for Lent {
    fn drop(&mut self) {
        if self.again == Again::Never {
            self.connection.close_on_drop();
        }
    }
}

impl Catalogue for MySql {
    async fn unicorns(&self) -> Result<Vec<Unicorn>, StoreError> {
        let store = self.clone();
        let reading = async move {
            let rows = store.on(Need::Read, |c| Box::pin(sqlx::query(schema::ALL_UNICORNS).fetch_all(c)));
            rows.await?.iter().map(schema::unicorn).collect()
        };
        self.inner.products.ask(reading).await
    }

    async fn user(&self, email: &str) -> Result<Option<User>, StoreError> {
        let email = email.to_owned();
        let found = self.on(Need::Read, |c| {
            let query = sqlx::query(schema::USER_BY_EMAIL).bind(email.clone());
            Box::pin(query.fetch_optional(c))
        });
        found.await?.as_ref().map(schema::user).transpose()
    }

    async fn add_user(&self, new: NewUser) -> Result<User, StoreError> {
        // The id is chosen before the first try, so that a second try finds what the first one did.
        let uuid = new.uuid.unwrap_or_else(Uuid::new_v4);
        let user = User { uuid, email: new.email, first_name: new.first_name, last_name: new.last_name };
        let insert = self.on(Need::Write, |c| {
            let query = sqlx::query(schema::ADD_USER)
                .bind(user.uuid.to_string())
                .bind(user.email.clone())
                .bind(user.first_name.clone())
                .bind(user.last_name.clone());
            Box::pin(async move { query.execute(c).await.map(drop) })
        });
        match insert.await {
            Ok(()) => Ok(user),
            Err(StoreError::Taken) => self.already(user).await,
            Err(error) => Err(error),
        }
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.on(Need::Read, |c| {
            Box::pin(async move { sqlx::query(schema::PING).fetch_one(c).await.map(drop) })
        })
        .await
    }
}

impl MySql {
    /// The row in the way is this very user when the request is a repeated one.
    async fn already(&self, user: User) -> Result<User, StoreError> {
        let email = user.email.clone();
        let found = self.on(Need::ReadBack, |c| {
            let query = sqlx::query(schema::USER_BY_EMAIL).bind(email.clone());
            Box::pin(query.fetch_optional(c))
        });
        match found.await?.as_ref().map(schema::user).transpose()? {
            Some(there) if there.uuid == user.uuid => Ok(there),
            _ => Err(StoreError::Taken),
        }
    }
}
