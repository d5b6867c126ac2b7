//! A practice world with the shop deployed in both Regions, ready for a drill.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use espera::cloud::{Access, ActionId, Cloud, Settings};
use espera::drill::{DrillContext, Event, Order, Plan, Report};
use espera::guest::Unishop;
use espera::switchboard::PracticeSwitches;
use ground::lang::Lang;
use practice::Practice;
use practice::scenario::Scenario;
use testbed::{Setup, templates};
use tokio::sync::mpsc;

/// A world with the shop in both its Regions, and a stage for drills.
pub struct Deployed {
    pub practice: Practice,
    pub stage: DrillContext,
}

#[allow(clippy::needless_update, reason = "what else there is to set is not this test's concern")]
pub fn settings() -> Settings {
    Settings {
        unishop: templates::UNISHOP.to_owned(),
        edge: templates::EDGE.to_owned(),
        pages: [("index.html".to_owned(), b"<h1>Unishop</h1>".to_vec())].into(),
        program: b"a program".to_vec(),
        ..Settings::default()
    }
}

impl Deployed {
    /// Steps 1 to 5 of the course.
    pub async fn open(folder: &Path, seed: u64, scenario: Scenario) -> Deployed {
        let world = Setup::seeded(seed).scenario(scenario).guest(Unishop).jumping().open();
        tokio::spawn(world.driven());
        let (practice, clock) = (world.practice.clone(), world.clock().clone());
        let keys = practice.keys();
        let key = Credentials::from_keys(keys.access_key(), keys.secret(), None);
        let http = practice.http_client();
        let cloud = Cloud::new(Access::with_transport(
            http.clone(),
            SharedCredentialsProvider::new(key),
            clock.clone(),
        ));
        for action in [
            ActionId::Inspect,
            ActionId::DeployPrimary,
            ActionId::DeployStandby,
            ActionId::JoinData,
            ActionId::DeployEdge,
        ] {
            cloud.run(action, &settings(), &|_| {}).await.unwrap_or_else(|e| panic!("{action}: {e}"));
        }
        let switchboards: Vec<Arc<dyn espera::cloud::Switchboard>> =
            vec![Arc::new(PracticeSwitches::of(&practice)), Arc::new(cloud.clone())];
        let folder = folder.to_owned();
        let stage = DrillContext { cloud, http, clock, switchboards, folder, lang: Lang::En };
        Deployed { practice, stage }
    }

    /// Runs a drill that needs no orders.
    pub async fn drill(&self, plan: Plan) -> (Report, Vec<Event>) {
        let (_orders, received) = mpsc::channel::<Order>(1);
        let events = RefCell::new(Vec::new());
        let tell = |event: &Event| events.borrow_mut().push(event.clone());
        let report = espera::drill::run(self.stage.clone(), plan, received, tell).await;
        let report = report.unwrap_or_else(|e| {
            panic!("{e}\n{:?}", events.borrow().iter().rev().take(5).collect::<Vec<_>>())
        });
        (report, events.into_inner())
    }
}
