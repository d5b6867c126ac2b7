//! The program that the learner's stacks install, as practice knows it: which sites it runs at, and what it
//! finds there. It is given when a world is opened; practice itself knows none.

use std::convert::Infallible;
use std::fmt;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use bytes::Bytes;
use http::{Request, Response};
use tower::util::BoxCloneSyncService;

use super::connection::Connection;
use super::site::Site;

/// A program that was started at a site and answers the requests that come there. What it does may follow
/// from nothing but those and what it finds (`Surroundings`): a world that is opened again must come to the same.
pub type Program = BoxCloneSyncService<Request<Bytes>, Response<Bytes>, Infallible>;

/// What a program has where it runs. None of it keeps the world alive.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The SDK's way to AWS's services, as whoever the site's role is.
    pub http: SharedHttpClient,
    /// The cluster that the site is wired to.
    pub cluster: Option<Connection>,
}

/// What runs in a world: one program, or several parts of one.
pub trait Workload: fmt::Debug + Send + Sync {
    /// Whether this is what a site installs. Asked while the world is locked: it may look at the site alone.
    fn claims(&self, site: &Site) -> bool;

    /// Starts what runs at a site; `None` where it claims nothing. Once a world and site, when it is first asked.
    fn start(&self, site: &Site, surroundings: Surroundings) -> Option<Program>;
}
