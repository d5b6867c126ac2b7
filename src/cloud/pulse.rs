//! Whether AWS answers at all: listens to the transport, so that a silence is told while it lasts and not
//! only once a call gives up.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::facts::Role;
use ground::lang::Said;
use ground::tr;

/// From when on it is a silence: below ten seconds, so that it is told within ten.
const SILENCE: Duration = Duration::from_secs(8);
/// What takes its time on the way there is no silence: larger bodies are not listened to.
const LARGE: u64 = 256 * 1024;

/// What is heard of both Regions.
#[derive(Clone, Debug, Default)]
pub(super) struct Pulse(BTreeMap<Role, Beat>);

/// What is heard of one Region.
#[derive(Clone, Debug, Default)]
struct Beat(Arc<Mutex<Heard>>);

#[derive(Debug, Default)]
struct Heard {
    /// Questions under way.
    open: usize,
    /// When the first question since the last answer was asked.
    asked: Option<Instant>,
}

impl Pulse {
    pub(super) fn new() -> Pulse {
        Pulse(Role::ALL.into_iter().map(|role| (role, Beat::default())).collect())
    }

    /// The transport of a Region, listened to.
    pub(super) fn listen(&self, region: &str, http: SharedHttpClient) -> SharedHttpClient {
        let beat = self.0.iter().find(|(role, _)| role.region() == region).map(|(_, beat)| beat.clone());
        match beat {
            Some(beat) => SharedHttpClient::new(Listening { http, beat }),
            None => http,
        }
    }

    /// How long each silent Region has been asked in vain.
    fn silent(&self) -> Vec<(Role, Duration)> {
        let silent = |(role, beat): (&Role, &Beat)| Some((*role, beat.lock().asked?.elapsed()));
        self.0.iter().filter_map(silent).filter(|(_, d)| *d >= SILENCE).collect()
    }

    /// What is told of Regions that are silent now.
    pub(super) fn silence(&self) -> Option<Said> {
        let silent = self.silent();
        let longest = silent.iter().map(|(_, d)| d.as_secs()).max()?;
        let who = match silent[..] {
            [(role, _)] => role.region(),
            _ => "AWS",
        };
        Some(Said::with(|l| {
            tr!(
                l,
                "{who} lleva {longest} s sin contestar: lo que no se ha visto es desconocido. Se sigue preguntando.",
                "{who} has not answered for {longest} s: what has not been seen is unknown. Espera goes on asking."
            )
        }))
    }

    /// Waits until there is a silence to tell.
    pub(super) async fn falls_silent(&self) -> Said {
        loop {
            if let Some(told) = self.silence() {
                return told;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }
}

impl Beat {
    fn lock(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn asks(&self) -> Question {
        let mut heard = self.lock();
        heard.open += 1;
        heard.asked.get_or_insert_with(Instant::now);
        Question { beat: self.clone() }
    }

    fn answers(&self) {
        let mut heard = self.lock();
        // Whoever else is asked still may be silent, but only from now on.
        heard.asked = (heard.open > 1).then(Instant::now);
    }
}

/// A question under way.
struct Question {
    beat: Beat,
}

impl Drop for Question {
    fn drop(&mut self) {
        let mut heard = self.beat.lock();
        heard.open = heard.open.saturating_sub(1);
        // Given up so soon it was called off, which says nothing about who was asked.
        if heard.open == 0 && heard.asked.is_some_and(|asked| asked.elapsed() < SILENCE) {
            heard.asked = None;
        }
    }
}

#[derive(Debug)]
struct Listening {
    http: SharedHttpClient,
    beat: Beat,
}

#[derive(Debug)]
struct Connector {
    http: SharedHttpConnector,
    beat: Beat,
}

impl HttpClient for Listening {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let http = self.http.http_connector(settings, components);
        SharedHttpConnector::new(Connector { http, beat: self.beat.clone() })
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let large = request.body().content_length().is_none_or(|length| length > LARGE);
        let answer = self.http.call(request);
        if large {
            return answer;
        }
        let beat = self.beat.clone();
        let question = beat.asks();
        HttpConnectorFuture::new(async move {
            let answer = answer.await;
            // A refusal of the network too is something heard; its own error tells of it.
            beat.answers();
            drop(question);
            answer
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(beat: &Beat, by: Duration) {
        let mut heard = beat.lock();
        heard.asked = heard.asked.and_then(|at| at.checked_sub(by));
    }

    #[test]
    fn a_region_asked_in_vain_is_silent_until_it_is_heard() {
        let pulse = Pulse::new();
        let beat = &pulse.0[&Role::Primary];
        let question = beat.asks();
        assert!(pulse.silent().is_empty());
        back(beat, SILENCE);
        assert_eq!(pulse.silent().len(), 1);
        // The call gave up, and the next one is asked: it is the same silence.
        drop(question);
        let again = beat.asks();
        assert_eq!(pulse.silent()[0].0, Role::Primary);
        beat.answers();
        drop(again);
        assert!(pulse.silent().is_empty());
    }

    #[test]
    fn a_question_called_off_is_no_silence() {
        let pulse = Pulse::new();
        let beat = &pulse.0[&Role::Standby];
        drop(beat.asks());
        back(beat, SILENCE);
        assert!(pulse.silent().is_empty());
    }
}
