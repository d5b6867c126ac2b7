//! What the learner's systems do: Aurora's replication and writes, DynamoDB's replicas, the edge, the APIs
//! and the programs that run behind them.

pub(crate) mod edge;
pub(crate) mod gateway;
pub(crate) mod loopback;
mod routes;
pub(crate) mod sites;
pub(crate) mod writes;
