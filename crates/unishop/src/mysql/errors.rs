//! What a failed statement means: try the other endpoint, or tell the visitor.

use std::time::Duration;

use sqlx::mysql::MySqlDatabaseError;

use shop::store::StoreError;

/// A row with this key exists.
const DUPLICATE: u16 = 1062;
/// What a server says that only reads, is being promoted or stopped, or has no room; source: the MySQL
/// server error reference, and Aurora's documentation on write forwarding for the last ones.
const ELSEWHERE: [u16; 15] = [
    1040, // too many connections
    1053, // server shutdown in progress
    1105, // unknown error: what Aurora says of a forwarded write whose writer went away
    1158, 1159, 1160, 1161, // network errors towards the client
    1205, // waited too long for a lock
    1213, // chosen as the victim of a deadlock
    1290, // running with --read-only
    1317, // query execution was interrupted
    1792, // a read-only transaction
    1836, // running in read-only mode
    1046, // no database selected: a replica that has not received it yet
    1049, // unknown database: the same
];

/// What becomes of a request after a failure.
#[derive(Debug)]
pub(super) enum Failure {
    /// The next endpoint may do it. With the reason, for the log.
    Elsewhere(String),
    /// No other endpoint would answer differently.
    Final(StoreError),
}

/// Judges a failure.
pub(super) fn judge(error: &sqlx::Error) -> Failure {
    match error {
        sqlx::Error::Database(database) => {
            let number =
                database.try_downcast_ref::<MySqlDatabaseError>().map_or(0, MySqlDatabaseError::number);
            match number {
                DUPLICATE => Failure::Final(StoreError::Taken),
                number if ELSEWHERE.contains(&number) => Failure::Elsewhere(database.message().to_owned()),
                // A table that is not there yet comes with the first writes of the primary.
                1146 => Failure::Final(StoreError::Away { retry_after: Duration::from_secs(10) }),
                number => Failure::Final(StoreError::Broken(format!("MySQL error {number}"))),
            }
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed => Failure::Elsewhere(error.to_string()),
        other => Failure::Final(StoreError::Broken(other.to_string())),
    }
}
