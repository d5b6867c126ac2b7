//! An account over a practice world, and a transport that notes every call and may answer in AWS's place.

use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use espera::cloud::{Access, ActionError, ActionId, Cloud, Note, Run, Settings};
use espera::guest::Unishop;
use practice::Practice;
use testbed::{Setup, World, form, templates};

/// A call as it went over the wire.
#[derive(Clone, Debug)]
pub struct Sent {
    /// `cloudformation`, `s3`, ...
    pub service: String,
    pub method: String,
    pub uri: String,
    pub body: String,
    /// The account that must own the bucket, if the call says so.
    pub owner: Option<String>,
}

impl Sent {
    /// The action of a query, or method and address.
    pub fn is(&self, action: &str) -> bool {
        self.body.split('&').any(|p| p == format!("Action={action}"))
    }
}

/// What answers in AWS's place: status and body, or `None` to let the call through.
type Lie = Arc<dyn Fn(&Sent) -> Option<(u16, String)> + Send + Sync>;
/// What is made of an answer's body; `None` leaves it as it is.
type Twist = Arc<dyn Fn(&Sent, &str) -> Option<String> + Send + Sync>;

#[derive(Clone)]
struct Wire {
    practice: SharedHttpClient,
    sent: Arc<Mutex<Vec<Sent>>>,
    lie: Arc<Mutex<Lie>>,
    twist: Arc<Mutex<Twist>>,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wire")
    }
}

#[derive(Debug)]
struct Line {
    wire: Wire,
    practice: SharedHttpConnector,
}

impl HttpClient for Wire {
    fn http_connector(&self, s: &HttpConnectorSettings, c: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Line { wire: self.clone(), practice: self.practice.http_connector(s, c) })
    }
}

fn sent(request: &HttpRequest) -> Sent {
    let header = |name: &str| request.headers().get(name).map(str::to_owned);
    let scope = header("authorization").unwrap_or_default();
    let scope: Vec<String> = scope.split(['=', ',', '/']).map(str::to_owned).collect();
    let at = |i: usize| scope.get(i).cloned().unwrap_or_default();
    Sent {
        service: at(4),
        method: request.method().to_owned(),
        uri: request.uri().to_owned(),
        body: request.body().bytes().map(|b| String::from_utf8_lossy(b).into_owned()).unwrap_or_default(),
        owner: header("x-amz-expected-bucket-owner"),
    }
}

impl HttpConnector for Line {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let sent = sent(&request);
        self.wire.sent.lock().unwrap().push(sent.clone());
        let lie = self.wire.lie.lock().unwrap().clone();
        if let Some((status, body)) = lie(&sent) {
            return HttpConnectorFuture::ready(Ok(answer(status, &body)));
        }
        let (answered, twist) = (self.practice.call(request), self.wire.twist.lock().unwrap().clone());
        HttpConnectorFuture::new(async move {
            let response = answered.await?;
            let body = response.body().bytes().map(|b| String::from_utf8_lossy(b).into_owned());
            match body.and_then(|body| twist(&sent, &body)) {
                Some(twisted) => Ok(answer(response.status().as_u16(), &twisted)),
                None => Ok(response),
            }
        })
    }
}

fn answer(status: u16, body: &str) -> HttpResponse {
    let response = http::Response::builder().status(status).header("content-type", "text/xml");
    HttpResponse::try_from(response.body(SdkBody::from(body)).unwrap()).unwrap()
}

/// An account with somebody at work in it.
pub struct Account {
    pub practice: Practice,
    wire: Wire,
    told: Arc<Mutex<Vec<String>>>,
}

impl Account {
    /// An empty account.
    pub async fn new() -> Account {
        let world = Setup::seeded(7).guest(Unishop).jumping().open();
        tokio::spawn(world.driven());
        let practice = world.practice;
        let (none, same): (Lie, Twist) = (Arc::new(|_| None), Arc::new(|_, _| None));
        let wire = Wire {
            practice: practice.http_client(),
            sent: Arc::default(),
            lie: Arc::new(Mutex::new(none)),
            twist: Arc::new(Mutex::new(same)),
        };
        Account { practice, wire, told: Arc::default() }
    }

    /// Espera at work here, knowing what `run` made.
    pub fn espera(&self, run: &Run) -> Cloud {
        let cloud = Cloud::new(self.access().as_account());
        cloud.take_up(run.clone());
        cloud
    }

    /// The account's other users, who are no Espera and whose calls are not noted.
    pub fn others(&self, service: &str, region: &str, action: &str, parameters: &[(&str, &str)]) -> String {
        let version = if service == "rds" { "2014-10-31" } else { "2010-05-15" };
        let all = [("Action", action), ("Version", version)].into_iter().chain(parameters.iter().copied());
        self.answered(service, region, "POST", "/", &form(&all.collect::<Vec<_>>()))
    }

    /// Any request of the others; its answer's body.
    pub fn answered(&self, service: &str, region: &str, method: &str, path: &str, body: &str) -> String {
        let head = testbed::request(service, region, method, path)
            .header("content-type", "application/x-www-form-urlencoded");
        let response = World::of(self.practice.clone()).send(head, body.to_owned());
        let (status, text) = (response.status(), String::from_utf8_lossy(response.body()).into_owned());
        assert!(status.is_success(), "{service} {path} {body}: {status} {text}");
        text
    }

    pub fn access(&self) -> Access {
        let key = Credentials::from_keys("ESPERAPRACTICEKEY000", "espera-practice-secret", None);
        let http = SharedHttpClient::new(self.wire.clone());
        Access::with_transport(http, SharedCredentialsProvider::new(key), self.practice.clock().clone())
    }

    pub async fn run(&self, cloud: &Cloud, action: ActionId) -> Result<(), ActionError> {
        let told = self.told.clone();
        let note = move |note: Note| told.lock().unwrap().push(note.text.en);
        cloud.run(action, &settings(), &note).await.map(drop)
    }

    /// Steps 1 to 5.
    pub async fn deploy(&self, cloud: &Cloud) {
        for action in [
            ActionId::Inspect,
            ActionId::DeployPrimary,
            ActionId::DeployStandby,
            ActionId::JoinData,
            ActionId::DeployEdge,
        ] {
            self.run(cloud, action).await.unwrap_or_else(|e| panic!("{action}: {e}"));
        }
    }

    /// From now on this may answer in AWS's place.
    pub fn lies(&self, lie: impl Fn(&Sent) -> Option<(u16, String)> + Send + Sync + 'static) {
        *self.wire.lie.lock().unwrap() = Arc::new(lie);
    }

    /// From now on this may change what AWS answers.
    pub fn twists(&self, twist: impl Fn(&Sent, &str) -> Option<String> + Send + Sync + 'static) {
        *self.wire.twist.lock().unwrap() = Arc::new(twist);
    }

    /// What was sent since the last time this was asked.
    pub fn sent(&self) -> Vec<Sent> {
        std::mem::take(&mut self.wire.sent.lock().unwrap())
    }

    /// What a person was told so far, in English.
    pub fn told(&self) -> String {
        self.told.lock().unwrap().join("\n")
    }
}

/// Calls that change something, those of S3 apart from the list of all buckets.
pub fn changes(sent: &[Sent]) -> Vec<&Sent> {
    let query = |s: &Sent| {
        let looks = ["Action=Describe", "Action=Get", "Action=List"];
        s.body.starts_with("Action=") && !looks.iter().any(|l| s.body.starts_with(l))
    };
    let rest = |s: &Sent| s.service == "s3" && s.method != "GET" && s.method != "HEAD";
    sent.iter().filter(|s| query(s) || rest(s)).collect()
}

pub fn settings() -> Settings {
    Settings {
        unishop: templates::UNISHOP.to_owned(),
        edge: templates::EDGE.to_owned(),
        pages: [("index.html".to_owned(), b"<h1>Unishop</h1>".to_vec())].into(),
        program: b"a program".to_vec(),
        own_client: None,
    }
}

/// A stack of somebody else's with a bucket in it.
pub const THEIRS: &str = r#"{"Resources": {"Pages": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "somebodys-pages"}}},
 "Outputs": {"PagesBucket": {"Value": {"Ref": "Pages"}}, "ApiUrl": {"Value": "https://theirs"}, "PagesBucketDomain": {"Value": "x"}}}"#;
