//! Unishop as the workload of the practice Regions: its own routers where a stack installs it, over stores
//! that are in the world.

mod users;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use practice::Practice;
use practice::Site;
use practice::workload::{Program, Surroundings, Workload};
use shop::{Catalogue, DynamoBaskets, Place, Table};
use users::InCluster;

/// What a start-up script that installs the server has in it.
const PROGRAM: &[u8] = b"unishop";
/// The variables that name the function's table.
const TABLE: [&str; 2] = ["UNISHOP_BASKET_TABLE", "TABLE"];

/// The shop, to be given to a world (`practice::Options`).
#[derive(Clone, Copy, Debug)]
pub struct Unishop;

/// A part of the shop, by what its site says.
enum Part<'s> {
    /// Products and users, on an instance with a cluster behind it.
    Catalogue { region: &'s str },
    /// Baskets, as a function with a table behind it.
    Baskets { region: &'s str, table: &'s str },
}

impl<'s> Part<'s> {
    fn at(site: &'s Site) -> Option<Part<'s>> {
        match site {
            Site::Instance { region, script, cluster } => {
                let installs = script.windows(PROGRAM.len()).any(|word| word == PROGRAM);
                (installs && cluster.is_some()).then_some(Part::Catalogue { region })
            }
            Site::Function { region, environment } => {
                let mut named = TABLE.iter().filter_map(|name| environment.get(*name));
                let table = named.find(|table| !table.is_empty())?;
                Some(Part::Baskets { region, table })
            }
        }
    }
}

impl Workload for Unishop {
    fn claims(&self, site: &Site) -> bool {
        Part::at(site).is_some()
    }

    fn start(&self, site: &Site, surroundings: Surroundings) -> Option<Program> {
        let Surroundings { http, cluster } = surroundings;
        Some(program(match Part::at(site)? {
            Part::Catalogue { region } => shop::catalogue_routes(InCluster(cluster?), Place::new(region)),
            Part::Baskets { region, table } => {
                let credentials = Credentials::from_keys("PRACTICE", "practice", None);
                let baskets = DynamoBaskets::new(Table {
                    name: table.to_owned(),
                    region: region.to_owned(),
                    http,
                    credentials: SharedCredentialsProvider::new(credentials),
                    endpoint: None,
                });
                shop::basket_routes(baskets, Place::new(region))
            }
        }))
    }
}

/// Routes as a program with bodies that are whole.
fn program(routes: Router) -> Program {
    Program::new(tower::service_fn(move |request: Request<Bytes>| {
        let routes = routes.clone();
        async move {
            let Ok(response) = routes.oneshot(request.map(Body::from)).await;
            let (head, body) = response.into_parts();
            Ok(match body.collect().await {
                Ok(body) => Response::from_parts(head, body.to_bytes()),
                Err(_) => refused(),
            })
        }
    }))
}

/// The answer of a program that ended in the middle of it.
fn refused() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response
}

/// The shop's catalogue behind the Aurora cluster with this ARN, without an API before it. It does not keep
/// the world alive: once that is gone, the store is away.
#[must_use]
pub fn catalogue(practice: &Practice, cluster_arn: &str) -> impl Catalogue + use<> {
    InCluster(practice.connect(cluster_arn))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_shop_is_where_its_server_is_installed_or_its_table_is_named() {
        let instance = |script: &'static str, cluster: Option<&str>| Site::Instance {
            region: "us-east-1".into(),
            script: script.into(),
            cluster: cluster.map(str::to_owned),
        };
        let function = |name: &str, table: &str| Site::Function {
            region: "us-east-1".into(),
            environment: BTreeMap::from([(name.to_owned(), table.to_owned())]),
        };
        let (yes, no) = (|site| Unishop.claims(&site), |site| !Unishop.claims(&site));
        assert!(yes(instance("#!/bin/sh\nunzip unishop.zip", Some("arn"))));
        assert!(no(instance("#!/bin/sh\nunzip unishop.zip", None)) && no(instance("nginx", Some("arn"))));
        assert!(yes(function("UNISHOP_BASKET_TABLE", "t")) && yes(function("TABLE", "t")));
        assert!(no(function("TABLE", "")) && no(function("OTHER", "t")));
    }
}
