//! A Region lost while nobody drills: what is still shown of it, a failover without it, and a clean-up
//! that says what it could not delete and ends once the Region is back. Both kinds of loss: the control
//! plane answers 503, and it takes the connection and never answers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use espera::cloud::facts::{Facts, Health, Role};
use espera::cloud::{Access, ActionError, ActionId, Cloud, Fault, Note};
use espera::switchboard::PracticeSwitches;
use practice::scenario::Scenario;

use crate::world::{Deployed, settings};

const EAST: &str = "us-east-1";

/// A transport on which a Region's hosts say nothing while it is told so.
#[derive(Clone, Debug)]
struct Mute {
    inner: SharedHttpClient,
    connector: Option<SharedHttpConnector>,
    silent: Arc<AtomicBool>,
    /// The part of a signature's scope that tells who is asked.
    whom: &'static str,
}

impl HttpClient for Mute {
    fn http_connector(&self, s: &HttpConnectorSettings, c: &RuntimeComponents) -> SharedHttpConnector {
        let connector = Some(self.inner.http_connector(s, c));
        SharedHttpConnector::new(Mute { connector, ..self.clone() })
    }
}

impl HttpConnector for Mute {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let scope = request.headers().get("authorization").unwrap_or_default().to_owned();
        let global = request.uri().contains("cloudfront");
        if self.silent.load(Ordering::SeqCst) && !global && scope.contains(self.whom) {
            return HttpConnectorFuture::new(std::future::pending());
        }
        self.connector.as_ref().expect("made by http_connector").call(request)
    }
}

/// How the Region is lost.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Loss {
    Refuses,
    SaysNothing,
}

struct Case {
    world: Deployed,
    cloud: Cloud,
    silent: Arc<AtomicBool>,
    loss: Loss,
    notes: Mutex<Vec<Note>>,
}

impl Case {
    async fn deployed(loss: Loss) -> Case {
        Case::silencing(loss, EAST).await
    }

    async fn silencing(loss: Loss, whom: &'static str) -> Case {
        let folder = tempfile::tempdir().unwrap();
        let world = Deployed::open(folder.path(), 7, Scenario::default()).await;
        let silent = Arc::new(AtomicBool::new(false));
        let mute = Mute { inner: world.stage.http.clone(), connector: None, silent: silent.clone(), whom };
        let keys = world.practice.keys();
        let key = Credentials::from_keys(keys.access_key(), keys.secret(), None);
        let http = SharedHttpClient::new(mute);
        let provider = SharedCredentialsProvider::new(key);
        let cloud = Cloud::new(Access::with_transport(http, provider, world.stage.clock.clone()));
        Case { world, cloud, silent, loss, notes: Mutex::default() }
    }

    fn lose(&self) {
        self.world.practice.break_region(EAST);
        self.silent.store(self.loss == Loss::SaysNothing, Ordering::SeqCst);
    }

    fn mend(&self) {
        self.world.practice.mend_region(EAST);
        self.silent.store(false, Ordering::SeqCst);
    }

    async fn does(&self, action: ActionId) -> Result<(), ActionError> {
        let note = |n: Note| self.notes.lock().unwrap().push(n);
        self.cloud.run(action, &settings(), &note).await.map(drop)
    }

    fn told(&self) -> String {
        self.notes.lock().unwrap().drain(..).map(|n| format!("{} | {}\n", n.text.es, n.text.en)).collect()
    }
}

fn statuses(facts: &Facts, role: Role) -> Vec<(String, String, usize)> {
    let stacks = &facts.region(role).stacks;
    stacks.iter().map(|s| (s.name.clone(), s.status.0.clone(), s.resources.len())).collect()
}

async fn keeps_what_was_known(loss: Loss, symptom: &str) {
    let case = Case::deployed(loss).await;
    let before = case.cloud.observe().await;
    assert_eq!(statuses(&before, Role::Primary).len(), 2, "{before:?}");
    assert_eq!(before.primary.health, Health::Serving);
    case.lose();
    let lost = case.cloud.observe().await;
    assert_eq!(statuses(&lost, Role::Primary), statuses(&before, Role::Primary));
    assert_eq!(lost.primary.health, Health::Impaired { symptom: symptom.to_owned() });
    assert_eq!(lost.standby.health, Health::Serving);
    assert_eq!(lost.primary.bucket, before.primary.bucket);
    assert_eq!(lost.table, before.table);
    assert_eq!(lost.writer_region(), Some(EAST));
    assert!(lost.edge.is_some(), "{lost:?}");
    let trouble = lost.trouble.clone().unwrap();
    assert!(trouble.es.contains("us-east-1 no contesta"), "{trouble:?}");
    assert!(trouble.en.contains("us-east-1 does not answer"), "{trouble:?}");
    case.mend();
    let after = case.cloud.observe().await;
    assert_eq!((after.trouble, after.primary.health), (None, Health::Serving));
}

/// Stacks answer and the table does not: a Region lost between two questions, told as one lost before.
#[tokio::test]
async fn a_region_lost_in_the_middle_of_a_look_is_told_as_one_lost_before() {
    let case = Case::silencing(Loss::SaysNothing, "us-east-1/dynamodb").await;
    let before = case.cloud.observe().await;
    case.silent.store(true, Ordering::SeqCst);
    let facts = case.cloud.observe().await;
    let told = facts.trouble.expect("it is told");
    assert!(told.en.starts_with("us-east-1 does not answer"), "{told:?}");
    assert!(matches!(facts.primary.health, Health::Impaired { .. }), "{:?}", facts.primary.health);
    assert_eq!(facts.table, before.table);
}

#[tokio::test]
async fn a_region_that_refuses_keeps_what_was_known_of_it() {
    keeps_what_was_known(Loss::Refuses, "ServiceUnavailable").await;
}

#[tokio::test]
async fn a_region_that_says_nothing_keeps_what_was_known_of_it() {
    keeps_what_was_known(Loss::SaysNothing, "Timeout").await;
}

#[tokio::test]
async fn a_failover_never_waits_for_the_region_it_is_done_without() {
    let case = Case::deployed(Loss::SaysNothing).await;
    case.lose();
    let began = case.cloud.observe().await.at;
    let began = began.max(case.world.stage.clock.now());
    case.does(ActionId::FailOver).await.unwrap();
    let notes = case.notes.lock().unwrap().clone();
    let asked = notes.iter().find(|n| n.text.en.contains("Failover asked for")).unwrap();
    // One question to the lost Region alone would have cost a minute.
    assert!(asked.at.since(began).as_secs() < 10, "asked after {:?}", asked.at.since(began));
    assert_eq!(case.cloud.observe().await.writer_region(), Some("us-west-1"));
}

/// Cleans up without the primary, then again with it.
async fn cleans_up_around(case: &Case, named: &[&str]) {
    let error = case.does(ActionId::CleanUp).await.expect_err("the primary Region cannot be cleaned up");
    assert_eq!(error.code, "RegionLost");
    for lost in ["unishop-primary (us-east-1)", "unishop-edge (us-east-1)"].iter().chain(named) {
        let trouble = &error.text;
        assert!(trouble.en.contains(lost) && trouble.es.contains("No se pudo borrar"), "{lost}: {trouble:?}");
    }
    let told = case.told();
    assert!(told.contains("Left: us-east-1 · AWS::CloudFormation::Stack unishop-primary"), "{told}");
    let facts = case.cloud.observe().await;
    let sweep = facts.sweep.clone().expect("a sweep that tells what is left");
    assert!(!sweep.left.is_empty(), "nothing is proven while a Region is lost");
    // Asked for alone, the proof is refused too.
    let error = case.does(ActionId::Sweep).await.expect_err("cannot search the primary Region");
    assert!(error.text.en.contains("proves nothing"), "{error:?}");
    case.mend();
    case.told();
    case.does(ActionId::CleanUp).await.unwrap_or_else(|e| panic!("{e}\n{}", case.told()));
    let told = case.told();
    assert!(told.contains("nothing of the workshop is left"), "{told}");
    let facts = case.cloud.observe().await;
    assert_eq!(facts.sweep.unwrap().left, []);
}

async fn cleans_up(loss: Loss) {
    let case = Case::deployed(loss).await;
    case.cloud.observe().await;
    case.lose();
    cleans_up_around(&case, &[]).await;
}

#[tokio::test]
async fn a_clean_up_without_a_region_that_refuses_says_what_is_left_and_ends_when_it_is_back() {
    cleans_up(Loss::Refuses).await;
}

#[tokio::test]
async fn a_clean_up_without_a_region_that_says_nothing_says_what_is_left_and_ends_when_it_is_back() {
    cleans_up(Loss::SaysNothing).await;
}

#[tokio::test]
async fn a_standby_that_took_over_stays_until_the_lost_region_is_back() {
    let case = Case::deployed(Loss::Refuses).await;
    case.lose();
    case.does(ActionId::FailOver).await.unwrap();
    // Never seen by this Espera, so all that could be there is named.
    cleans_up_around(&case, &["unishop-standby (us-west-1: its cluster is the writer"]).await;
}

#[tokio::test]
async fn a_region_lost_in_the_middle_of_a_clean_up_is_told_as_one_lost_before() {
    let case = Case::deployed(Loss::Refuses).await;
    let practice = case.world.practice.clone();
    let note = move |n: Note| {
        if n.text.en == "unishop-edge: deleted." {
            practice.break_region(EAST);
        }
    };
    let error = case.cloud.run(ActionId::CleanUp, &settings(), &note).await.expect_err("lost half-way");
    assert_eq!(error.code, "RegionLost");
    let text = error.text.get(ground::lang::Lang::En).to_owned();
    assert!(text.contains("unishop-primary (us-east-1)") && !text.contains("unishop-edge"), "{text}");
    case.mend();
    case.does(ActionId::CleanUp).await.unwrap();
    assert_eq!(case.cloud.observe().await.sweep.unwrap().left, []);
}

#[tokio::test]
async fn a_lost_standby_leaves_the_primary_joined_to_it_and_the_edge_goes() {
    let case = Case::deployed(Loss::Refuses).await;
    case.cloud.observe().await;
    let board = PracticeSwitches::of(&case.world.practice);
    assert!(espera::cloud::Switchboard::offers(&board).contains(&Fault::Region));
    case.world.practice.break_region("us-west-1");
    let error = case.does(ActionId::CleanUp).await.expect_err("the standby Region cannot be cleaned up");
    let text = error.text.en.clone();
    assert!(text.contains("unishop-standby (us-west-1)"), "{text}");
    assert!(text.contains("unishop-primary (us-east-1: its cluster is the writer"), "{text}");
    assert!(!text.contains("unishop-edge"), "{text}");
    case.world.practice.mend_region("us-west-1");
    case.does(ActionId::CleanUp).await.unwrap();
    assert_eq!(case.cloud.observe().await.sweep.unwrap().left, []);
}
