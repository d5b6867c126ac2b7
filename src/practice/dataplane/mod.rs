//! What the learner's systems do: Aurora's replication, DynamoDB's replicas, the edge, the APIs and the
//! shop that runs behind them.

pub(crate) mod edge;
pub(crate) mod gateway;
pub(crate) mod loopback;
mod routes;
pub(crate) mod shops;
pub(crate) mod sites;
pub(crate) mod users;
