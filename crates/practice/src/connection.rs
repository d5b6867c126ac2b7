//! A program's connection to an Aurora cluster of the world: rows by their unique keys, and commits. It takes
//! the time that such work takes, in practice time.

use serde_json::Value;
use thiserror::Error;

use super::Practice;
use super::cloud::WeakPractice;
use super::dataplane::writes::{self, Write};

/// Why a cluster did not do it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ClusterError {
    /// Another row holds one of the keys.
    #[error("another row holds one of these keys; choose others")]
    Taken,
    /// It does not answer, or takes no writes at present.
    #[error("the cluster is away or takes no writes at present; try again in some seconds")]
    Away,
    /// It answered something that it should not.
    #[error("the cluster failed: {0}; this is a defect of Espera")]
    Broken(String),
}

/// A row to be committed.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its keys, which no other row may have.
    pub keys: Vec<String>,
    /// What it holds.
    pub value: Value,
}

/// A connection to the cluster with one ARN, whether or not there is one. It does not keep the world alive:
/// once that is gone, the cluster is away.
#[derive(Clone, Debug)]
pub struct Connection {
    practice: WeakPractice,
    cluster: String,
}

impl Practice {
    /// A connection to the Aurora cluster with this ARN.
    #[must_use]
    pub fn connect(&self, cluster_arn: &str) -> Connection {
        Connection { practice: self.downgrade(), cluster: cluster_arn.to_owned() }
    }
}

impl Connection {
    fn practice(&self) -> Result<Practice, ClusterError> {
        self.practice.upgrade().ok_or(ClusterError::Away)
    }

    /// Asks whether the cluster answers queries.
    ///
    /// # Errors
    /// `Away` when it does not.
    pub fn ping(&self) -> Result<(), ClusterError> {
        let serves = self.practice()?.inspect(|world| writes::serves(world, &self.cluster));
        if serves { Ok(()) } else { Err(ClusterError::Away) }
    }

    /// The row that holds a key, as far as this cluster has got it.
    ///
    /// # Errors
    /// `Away` when the cluster does not answer.
    pub fn row(&self, key: &str) -> Result<Option<Value>, ClusterError> {
        self.practice()?.inspect(|world| {
            if !writes::serves(world, &self.cluster) {
                return Err(ClusterError::Away);
            }
            Ok(writes::row(world, &self.cluster, key).cloned())
        })
    }

    /// Commits a row at the writer, through forwarding where this cluster is not the writer itself. Gives the
    /// row that holds the keys then: this one, or the one of an earlier commit that holds all of them, so that
    /// a repeated commit does no harm. `row` is given a number that was drawn for this commit from the world's
    /// seed: what is minted must follow from it.
    ///
    /// # Errors
    /// `Taken` when another row holds a key, `Away` while nothing takes writes.
    pub async fn commit(&self, row: impl FnOnce(u64) -> Row + Send) -> Result<Value, ClusterError> {
        let practice = self.practice()?;
        let (seed, way, takes) = practice.inspect(|world| {
            let way = writes::way(world, &self.cluster);
            (world.seed, way, writes::takes(world, way))
        });
        practice.pass(takes).await;
        if !way.arrives() {
            return Err(ClusterError::Away);
        }
        let id = practice.next_id();
        let Row { keys, value } = row(seed ^ id.0);
        let reply = practice.write(&Write { cluster: self.cluster.clone(), keys, change: value }, id);
        match reply.status.as_u16() {
            201 => serde_json::from_slice(&reply.body).map_err(|e| ClusterError::Broken(e.to_string())),
            409 => Err(ClusterError::Taken),
            503 => Err(ClusterError::Away),
            status => Err(ClusterError::Broken(format!("status {status}"))),
        }
    }
}
