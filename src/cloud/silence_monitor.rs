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
pub(super) struct SilenceMonitor(BTreeMap<Role, RegionMonitor>);

/// What is heard of one Region.
#[derive(Clone, Debug, Default)]
struct RegionMonitor(Arc<Mutex<Traffic>>);

#[derive(Debug, Default)]
struct Traffic {
    /// Questions under way.
    open: usize,
    /// When the first question since the last answer was asked.
    asked: Option<Instant>,
}

impl SilenceMonitor {
    pub(super) fn new() -> SilenceMonitor {
        SilenceMonitor(Role::ALL.into_iter().map(|role| (role, RegionMonitor::default())).collect())
    }

    /// The transport of a Region, listened to.
    pub(super) fn listen(&self, region: &str, http: SharedHttpClient) -> SharedHttpClient {
        let monitor =
            self.0.iter().find(|(role, _)| role.region() == region).map(|(_, monitor)| monitor.clone());
        match monitor {
            Some(region) => SharedHttpClient::new(Listening { http, region }),
            None => http,
        }
    }

    /// How long each silent Region has been asked in vain.
    fn silent_regions(&self) -> Vec<(Role, Duration)> {
        let silent = |(role, region): (&Role, &RegionMonitor)| Some((*role, region.lock().asked?.elapsed()));
        self.0.iter().filter_map(silent).filter(|(_, d)| *d >= SILENCE).collect()
    }

    /// What is told of Regions that are silent now.
    pub(super) fn silence(&self) -> Option<Said> {
        let silent = self.silent_regions();
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
    pub(super) async fn await_silence(&self) -> Said {
        loop {
            if let Some(told) = self.silence() {
                return told;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }
}

impl RegionMonitor {
    fn lock(&self) -> MutexGuard<'_, Traffic> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin_question(&self) -> Question {
        let mut traffic = self.lock();
        traffic.open += 1;
        traffic.asked.get_or_insert_with(Instant::now);
        Question { region: self.clone() }
    }

    fn note_answer(&self) {
        let mut traffic = self.lock();
        // Whoever else is asked still may be silent, but only from now on.
        traffic.asked = (traffic.open > 1).then(Instant::now);
    }
}

/// A question under way.
struct Question {
    region: RegionMonitor,
}

impl Drop for Question {
    fn drop(&mut self) {
        let mut traffic = self.region.lock();
        traffic.open = traffic.open.saturating_sub(1);
        // Given up so soon it was called off, which says nothing about who was asked.
        if traffic.open == 0 && traffic.asked.is_some_and(|asked| asked.elapsed() < SILENCE) {
            traffic.asked = None;
        }
    }
}

#[derive(Debug)]
struct Listening {
    http: SharedHttpClient,
    region: RegionMonitor,
}

#[derive(Debug)]
struct Connector {
    http: SharedHttpConnector,
    region: RegionMonitor,
}

impl HttpClient for Listening {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let http = self.http.http_connector(settings, components);
        SharedHttpConnector::new(Connector { http, region: self.region.clone() })
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let large = request.body().content_length().is_none_or(|length| length > LARGE);
        let answer = self.http.call(request);
        if large {
            return answer;
        }
        let region = self.region.clone();
        let question = region.begin_question();
        HttpConnectorFuture::new(async move {
            let answer = answer.await;
            // A refusal of the network too is something heard; its own error tells of it.
            region.note_answer();
            drop(question);
            answer
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_back(region: &RegionMonitor, by: Duration) {
        let mut traffic = region.lock();
        traffic.asked = traffic.asked.and_then(|at| at.checked_sub(by));
    }

    #[test]
    fn a_region_asked_in_vain_is_silent_until_it_is_heard() {
        let monitor = SilenceMonitor::new();
        let region = &monitor.0[&Role::Primary];
        let question = region.begin_question();
        assert!(monitor.silent_regions().is_empty());
        set_back(region, SILENCE);
        assert_eq!(monitor.silent_regions().len(), 1);
        // The call gave up, and the next one is asked: it is the same silence.
        drop(question);
        let again = region.begin_question();
        assert_eq!(monitor.silent_regions()[0].0, Role::Primary);
        region.note_answer();
        drop(again);
        assert!(monitor.silent_regions().is_empty());
    }

    #[test]
    fn a_question_called_off_is_no_silence() {
        let monitor = SilenceMonitor::new();
        let region = &monitor.0[&Role::Standby];
        drop(region.begin_question());
        set_back(region, SILENCE);
        assert!(monitor.silent_regions().is_empty());
    }
}
