//! The probes and the look-ups: what is asked of the shop and when an answer counts as good.

use serde_json::{Value, json};

use super::event::{Endpoints, Kind, Outcome, Presence, Probe};
use super::web::{Answer, Web};
use super::{DrillError, identity};
use ground::clock::Moment;
use shop::wire::NewUser;

/// Sends probes and looks writes up.
#[derive(Clone, Debug)]
pub(super) struct Prober {
    pub web: Web,
    pub endpoints: Endpoints,
    pub run: String,
}

/// A probe that ended, and the API that the edge's pages named if it was a read.
#[derive(Debug)]
pub(super) struct Probed {
    pub at: Moment,
    pub probe: Probe,
    pub host: Option<String>,
}

impl Prober {
    /// Looks at the shop while nothing is broken, and learns of a product to fill baskets with.
    pub async fn prepare(web: Web, mut endpoints: Endpoints, run: String) -> Result<Prober, DrillError> {
        let not_well = |url: &str, symptom: String| DrillError::NotWell { url: url.to_owned(), symptom };
        for api in [endpoints.standby.clone(), endpoints.primary.clone()] {
            let url = format!("{api}/unicorns");
            let answer = web.get(&url).await.and_then(success).map_err(|o| not_well(&url, symptom(&o)))?;
            let product = answer.json()[0]["uuid"].as_str().and_then(|id| id.parse().ok());
            endpoints.product = product.ok_or_else(|| not_well(&url, "no products".to_owned()))?;
        }
        let prober = Prober { web, endpoints, run };
        let (outcome, ..) = prober.read().await;
        if !outcome.is_good() {
            return Err(not_well(&prober.endpoints.edge, symptom(&outcome)));
        }
        Ok(prober)
    }

    /// Sends a probe; writes go to `host`.
    pub async fn send(self, kind: Kind, number: u64, host: String) -> Probed {
        let sent = self.web.clock.now();
        let (outcome, region, host) = match kind {
            Kind::Read => self.read().await,
            Kind::User | Kind::Basket => {
                let (path, body) = self.write(kind, number);
                match self.web.post(&format!("{host}{path}"), &body).await.and_then(success) {
                    Ok(answer) => (Outcome::Good, answer.region, None),
                    Err(outcome) => (outcome, None, None),
                }
            }
        };
        Probed { at: self.web.clock.now(), probe: Probe { kind, number, sent, outcome, region }, host }
    }

    /// The page and its configuration at once, as a browser that has neither.
    async fn read(&self) -> (Outcome, Option<String>, Option<String>) {
        let (page, config) =
            (format!("{}/", self.endpoints.edge), format!("{}/config.json", self.endpoints.edge));
        let (page, config) = tokio::join!(self.web.get(&page), self.web.get(&config));
        let config = match (page.and_then(success), config.and_then(success)) {
            (Ok(_), Ok(config)) => config.json(),
            (Err(outcome), _) | (_, Err(outcome)) => return (outcome, None, None),
        };
        match (config["host"].as_str(), config["region"].as_str()) {
            (Some(host), Some(region)) => {
                let host = host.trim_end_matches('/').to_owned();
                (Outcome::Good, Some(ground::lang::printable(region).into_owned()), Some(host))
            }
            _ => (Outcome::Garbled, None, None),
        }
    }

    /// Path and body of a write.
    fn write(&self, kind: Kind, number: u64) -> (&'static str, Value) {
        let uuid = identity::uuid(&self.run, kind, number);
        match kind {
            Kind::Basket => (
                "/unicorns/basket",
                json!({ "uuid": uuid, "unicorns": [{ "uuid": self.endpoints.product }] }),
            ),
            Kind::User | Kind::Read => {
                let user = NewUser {
                    uuid: Some(uuid),
                    email: identity::email(&self.run, number),
                    first_name: "Drill".to_owned(),
                    last_name: number.to_string(),
                };
                ("/user", json!(user))
            }
        }
    }

    /// Looks a write up through the standby's API.
    pub async fn look_up(&self, kind: Kind, number: u64) -> Presence {
        let api = &self.endpoints.standby;
        let answer = match kind {
            Kind::Basket => {
                let id = identity::uuid(&self.run, kind, number);
                self.web.get(&format!("{api}/unicorns/basket/{id}")).await
            }
            Kind::User | Kind::Read => {
                let body = json!({ "email": identity::email(&self.run, number) });
                self.web.post(&format!("{api}/user/login"), &body).await
            }
        };
        match answer {
            Ok(answer) if answer.code == 404 => Presence::Lost,
            Ok(answer) if answer.code == 200 && self.holds(kind, number, &answer) => Presence::Present,
            // An empty basket is how the shop says that it knows of none.
            Ok(answer) if answer.code == 200 => Presence::Lost,
            Ok(_) | Err(_) => Presence::Unknown,
        }
    }

    fn holds(&self, kind: Kind, number: u64, answer: &Answer) -> bool {
        let wanted = match kind {
            Kind::Basket => self.endpoints.product,
            Kind::User | Kind::Read => identity::uuid(&self.run, kind, number),
        };
        String::from_utf8_lossy(&answer.body).contains(&wanted.to_string())
    }
}

/// Only 2xx is success: the edge's and the API's error pages have bodies as well.
fn success(answer: Answer) -> Result<Answer, Outcome> {
    if (200..300).contains(&answer.code) { Ok(answer) } else { Err(Outcome::Status { code: answer.code }) }
}

/// An outcome as a symptom in field's terms.
fn symptom(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Good => "200".to_owned(),
        Outcome::Status { code } => code.to_string(),
        Outcome::Refused => "connection refused".to_owned(),
        Outcome::TimedOut => "timeout".to_owned(),
        Outcome::Garbled => "unexpected answer".to_owned(),
    }
}
