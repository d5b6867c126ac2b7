//! The database's endpoints, and how their connections are made.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlPool, MySqlPoolOptions, MySqlSslMode};

/// Connections kept to one endpoint at most.
const MOST: u32 = 32;
/// How long a request waits for a connection.
const WAIT: Duration = Duration::from_secs(3);

/// A database and who asks it.
#[derive(Clone)]
pub struct Database {
    /// Host and port of the cluster's writer endpoint in this Region.
    pub writer: (String, u16),
    /// Host and port of its reader endpoint, if it has another one.
    pub reader: Option<(String, u16)>,
    /// Name of the database.
    pub name: String,
    /// User name.
    pub user: String,
    /// Password. Never printed.
    pub password: String,
    /// How the connection is protected.
    pub encryption: Encryption,
    /// How fresh a read on a replica must be; also what lets a replica forward writes.
    pub consistency: Consistency,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Database { writer, reader, name, user, encryption, consistency, .. } = self;
        f.debug_struct("Database")
            .field("writer", writer)
            .field("reader", reader)
            .field("name", name)
            .field("user", user)
            .field("encryption", encryption)
            .field("consistency", consistency)
            .finish_non_exhaustive()
    }
}

/// How a connection is protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// TLS; the server must prove its name with a certificate of this authority (a PEM file).
    Authority(PathBuf),
    /// TLS; the server's authority must be one that the system trusts.
    System,
    /// None: only for a database on this machine.
    Off,
}

/// `aurora_replica_read_consistency`: how fresh a read on a replica must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Consistency {
    /// Reads may be behind even the session's own writes.
    Eventual,
    /// A session sees its own writes.
    #[default]
    Session,
    /// Reads see everything committed before them.
    Global,
}

impl Consistency {
    /// The statement that sets it for a session.
    fn statement(self) -> &'static str {
        match self {
            Consistency::Eventual => "SET aurora_replica_read_consistency = 'EVENTUAL'",
            Consistency::Session => "SET aurora_replica_read_consistency = 'SESSION'",
            Consistency::Global => "SET aurora_replica_read_consistency = 'GLOBAL'",
        }
    }
}

impl FromStr for Consistency {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s.to_ascii_lowercase().as_str() {
            "eventual" => Ok(Consistency::Eventual),
            "session" => Ok(Consistency::Session),
            "global" => Ok(Consistency::Global),
            _ => Err(format!("`{s}`: eventual, session or global")),
        }
    }
}

/// A pool for each endpoint, the writer's first. Nothing is connected yet.
pub(super) fn pools(database: &Database) -> Vec<MySqlPool> {
    let other = database.reader.as_ref().filter(|reader| **reader != database.writer);
    std::iter::once(&database.writer).chain(other).map(|endpoint| pool(database, endpoint)).collect()
}

fn pool(database: &Database, (host, port): &(String, u16)) -> MySqlPool {
    let options = MySqlConnectOptions::new()
        .host(host)
        .port(*port)
        .username(&database.user)
        .password(&database.password)
        .database(&database.name);
    let options = match &database.encryption {
        Encryption::Authority(file) => options.ssl_mode(MySqlSslMode::VerifyIdentity).ssl_ca(file),
        Encryption::System => options.ssl_mode(MySqlSslMode::VerifyIdentity),
        Encryption::Off => options.ssl_mode(MySqlSslMode::Disabled),
    };
    let statement = database.consistency.statement();
    MySqlPoolOptions::new()
        .max_connections(MOST)
        .acquire_timeout(WAIT)
        .idle_timeout(Duration::from_secs(60))
        // A name's address changes with a failover: no connection is kept for ever.
        .max_lifetime(Duration::from_secs(300))
        .after_connect(move |connection, _| {
            Box::pin(async move {
                // Servers other than Aurora do not know it, and where forwarding is off Aurora refuses
                // it: then this endpoint only reads, and a write goes to the other one.
                if let Err(error) = sqlx::query(statement).execute(connection).await {
                    tracing::debug!(%error, "this endpoint forwards no writes");
                }
                Ok(())
            })
        })
        .connect_lazy_with(options)
}
