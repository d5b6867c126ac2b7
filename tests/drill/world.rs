//! A practice world with the shop deployed in both Regions, ready for a drill.

use espera::guest::Unishop;
use espera::switchboard::PracticeSwitches;
use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use espera::cloud::{Access, ActionId, Cloud, Settings};
use espera::drill::{DrillContext, Event, Order, Plan, Report};
use ground::clock::{Clock, Moment, Speed};
use ground::lang::Lang;
use practice::scenario::Scenario;
use practice::{Options, Practice};
use tokio::sync::mpsc;

const START: Moment = Moment(1_795_392_000_000);

/// A world with a stage for drills.
pub struct World {
    pub practice: Practice,
    pub stage: DrillContext,
}

#[allow(clippy::needless_update, reason = "what else there is to set is not this test's concern")]
pub fn settings() -> Settings {
    Settings {
        unishop: include_str!("../../assets/templates/unishop.yaml").to_owned(),
        edge: include_str!("../../assets/templates/edge.yaml").to_owned(),
        pages: [("index.html".to_owned(), b"<h1>Unishop</h1>".to_vec())].into(),
        program: b"a program".to_vec(),
        ..Settings::default()
    }
}

impl World {
    /// Steps 1 to 5 of the course.
    pub async fn deployed(folder: &Path, seed: u64, scenario: Scenario) -> World {
        let clock = Clock::practice(START, Speed::Max);
        let options =
            Options { folder: None, seed, scenario, clock: clock.clone(), workload: Some(Arc::new(Unishop)) };
        let practice = Practice::open(options).expect("opens");
        let driven = practice.clone();
        tokio::spawn(async move { driven.drive().await });
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
        World { practice, stage }
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
