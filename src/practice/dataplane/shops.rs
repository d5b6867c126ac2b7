//! Unishop in the practice Regions: its own routers over stores that are in the world. A router is
//! made when its site is first asked, and kept.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::Request;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::sites::Site;
use super::users::{self, SignUp, Way};
use crate::practice::call::Reply;
use crate::practice::shared::{Practice, WeakPractice};
use crate::shop::wire::{NewUser, Unicorn, User};
use crate::shop::{Catalogue, DynamoBaskets, Place, StoreError, Table};

/// The products, which the primary's database holds from the start and no replica lacks.
static PRODUCTS: LazyLock<Vec<Unicorn>> = LazyLock::new(crate::shop::products);

/// The parts of the shop that run.
#[derive(Debug, Default)]
pub(crate) struct Shops {
    routers: Mutex<HashMap<Site, Router>>,
}

impl Shops {
    /// Answers a request at a site.
    pub async fn answer(&self, practice: &Practice, site: &Site, request: Request<Bytes>) -> Reply {
        let Ok(response) = self.router(practice, site).oneshot(request.map(Body::from)).await;
        let (head, body) = response.into_parts();
        match body.collect().await {
            Ok(body) => Reply { status: head.status, headers: head.headers, body: body.to_bytes() },
            Err(_) => Reply::empty(502),
        }
    }

    fn router(&self, practice: &Practice, site: &Site) -> Router {
        let mut routers = self.routers.lock().unwrap_or_else(PoisonError::into_inner);
        match routers.get(site) {
            Some(router) => router.clone(),
            None => {
                let router = open(practice, site);
                routers.insert(site.clone(), router.clone());
                router
            }
        }
    }
}

/// Opens the part of the shop that runs at a site.
fn open(practice: &Practice, site: &Site) -> Router {
    match site {
        Site::Catalogue { region, cluster } => {
            crate::shop::catalogue_routes(InWorld::new(practice, cluster), Place::new(region))
        }
        Site::Baskets { region, table } => {
            let credentials = Credentials::from_keys("PRACTICE", "practice", None);
            let baskets = DynamoBaskets::new(Table {
                name: table.clone(),
                region: region.clone(),
                http: practice.resident_client(),
                credentials: SharedCredentialsProvider::new(credentials),
                endpoint: None,
            });
            crate::shop::basket_routes(baskets, Place::new(region))
        }
    }
}

/// Products and users in a cluster of the world.
#[derive(Clone, Debug)]
pub(crate) struct InWorld {
    practice: WeakPractice,
    cluster: String,
}

impl InWorld {
    /// The catalogue behind the cluster with this ARN.
    pub fn new(practice: &Practice, cluster: &str) -> InWorld {
        InWorld { practice: practice.downgrade(), cluster: cluster.to_owned() }
    }

    /// The world, while there is one.
    fn practice(&self) -> Result<Practice, StoreError> {
        self.practice.upgrade().ok_or_else(away)
    }

    /// The world, if the cluster answers queries.
    fn reading(&self) -> Result<Practice, StoreError> {
        let practice = self.practice()?;
        match practice.inspect(|world| users::reads(world, &self.cluster)) {
            true => Ok(practice),
            false => Err(away()),
        }
    }
}

impl Practice {
    /// The shop's catalogue behind the Aurora cluster with this ARN, without an API before it. It does
    /// not keep the world alive: once that is gone, the store is away.
    #[must_use]
    pub fn catalogue(&self, cluster_arn: &str) -> impl Catalogue + use<> {
        InWorld::new(self, cluster_arn)
    }
}

fn away() -> StoreError {
    StoreError::Away { retry_after: Duration::from_secs(users::RETRY_AFTER) }
}

impl Catalogue for InWorld {
    async fn unicorns(&self) -> Result<Vec<Unicorn>, StoreError> {
        self.reading()?;
        Ok(PRODUCTS.clone())
    }

    async fn user(&self, email: &str) -> Result<Option<User>, StoreError> {
        Ok(self.reading()?.inspect(|world| users::find(world, &self.cluster, email)))
    }

    async fn add_user(&self, user: NewUser) -> Result<User, StoreError> {
        let practice = self.practice()?;
        let (way, takes) = practice.inspect(|world| {
            let way = users::way(world, &self.cluster);
            (way, users::takes(world, way))
        });
        practice.pass(takes).await;
        if matches!(way, Way::Lost | Way::ReadOnly) {
            return Err(away());
        }
        let order = SignUp { cluster: self.cluster.clone(), user };
        let reply = practice.sign_up(&order);
        match reply.status.as_u16() {
            201 => serde_json::from_slice(&reply.body).map_err(|e| StoreError::Broken(e.to_string())),
            409 => Err(StoreError::Taken),
            503 => Err(away()),
            status => Err(StoreError::Broken(format!("status {status}"))),
        }
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.reading().map(|_| ())
    }
}
