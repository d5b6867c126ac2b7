//! How the cloud is reached: credentials, transport, endpoint and clock. The command line makes one;
//! nothing here or above knows whether AWS, an emulator or the practice world is at the other end.

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{AppName, BehaviorVersion, Region};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep, TokioSleep};
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_http_client::tls;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;

use std::time::Duration;

use super::ActionError;
use super::run::Trust;
use super::silence_monitor::SilenceMonitor;
use ground::clock::Clock;

/// The application Espera's own calls name, so that a world can tell them from the learner's.
pub(crate) const APP: &str = "espera";
/// The one they name where Espera stands in for a client that is not installed.
pub(super) const STAND_IN: &str = "espera-shell";
/// A name of this machine, for a transport that needs none.
const IN_PROCESS: &str = "http://localhost";

/// How the cloud is reached.
#[derive(Clone, Debug)]
pub struct Access {
    pub(super) config: SdkConfig,
    pub(super) clock: Clock,
    /// Where the practice world tells of itself; `None` for AWS and for others' emulators.
    pub(super) home: Option<String>,
    pub(super) trust: Trust,
    pub(super) silence: Option<SilenceMonitor>,
}

impl Access {
    /// Fixed credentials over a given transport. Pauses and time-outs of calls follow `clock`, so that a
    /// Region that does not answer costs the world's time and no other.
    #[must_use]
    pub fn with_transport(
        http: SharedHttpClient,
        credentials: SharedCredentialsProvider,
        clock: Clock,
    ) -> Access {
        let config = base().http_client(http).credentials_provider(credentials);
        let config = config.sleep_impl(OnClock(clock.clone())).build();
        Access { config, clock, home: Some(IN_PROCESS.to_owned()), trust: Trust::Tag, silence: None }
    }

    /// Fixed credentials at an address that answers as AWS does.
    #[must_use]
    pub fn endpoint(url: String, credentials: SharedCredentialsProvider, clock: Clock) -> Access {
        let config = base()
            .http_client(network_client())
            .credentials_provider(credentials)
            .endpoint_url(url.clone())
            .build();
        Access { config, clock, home: Some(url), trust: Trust::Tag, silence: None }
    }

    /// The learner's account, as the AWS CLI would reach it: environment, profile, SSO, and so on.
    ///
    /// # Errors
    /// When no credentials can be found, with advice on where to put them.
    pub async fn account(
        profile: Option<String>,
        endpoint_url: Option<String>,
        clock: Clock,
    ) -> Result<Access, ActionError> {
        let region = Region::new("us-east-1");
        let http = network_client();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http.clone())
            .retry_config(RetryConfig::standard().with_max_attempts(3))
            .timeout_config(timeouts())
            .region(region.clone());
        if let Some(profile) = &profile {
            // Whoever names a profile means it, whatever keys the environment holds; so the AWS CLI has it.
            let means = ProviderConfig::without_region().with_region(Some(region)).with_http_client(http);
            let named = ProfileFileCredentialsProvider::builder().configure(&means).profile_name(profile);
            loader = loader.profile_name(profile).credentials_provider(named.build());
        }
        if let Some(url) = endpoint_url {
            // Variants of AWS's own addresses that the environment asks for: of a given address there are none,
            // and the SDK refuses both at once as if nothing could be reached.
            loader = loader.endpoint_url(url).use_fips(false).use_dual_stack(false);
        }
        let config = loader.load().await;
        let found = match config.credentials_provider() {
            Some(provider) => {
                use aws_credential_types::provider::ProvideCredentials;
                provider.provide_credentials().await.is_ok()
            }
            None => false,
        };
        if !found {
            return Err(no_credentials_error(profile.as_deref().unwrap_or("default")));
        }
        Ok(Access { config, clock, home: None, trust: Trust::Run, silence: Some(SilenceMonitor::new()) })
    }

    /// The same, as an account that others may use too: only what this run made is its own.
    #[must_use]
    pub fn as_account(self) -> Access {
        Access { trust: Trust::Run, ..self }
    }

    /// The transport, for those who ask the shop itself and not AWS.
    #[must_use]
    pub fn http(&self) -> Option<SharedHttpClient> {
        self.config.http_client()
    }

    pub(super) fn at(&self, region: &str) -> SdkConfig {
        let mut config = self.config.to_builder().region(Region::new(region.to_owned()));
        if let (Some(silence), Some(http)) = (&self.silence, self.config.http_client()) {
            config = config.http_client(silence.listen(region, http));
        }
        config.build()
    }
}

/// A clock as the SDK waits on it.
#[derive(Clone, Debug)]
struct OnClock(Clock);

impl AsyncSleep for OnClock {
    fn sleep(&self, duration: Duration) -> Sleep {
        let clock = self.0.clone();
        Sleep::new(async move { clock.sleep(duration).await })
    }
}

fn no_credentials_error(profile: &str) -> ActionError {
    ActionError::new(
        "NoCredentials",
        format!(
            "No hay credenciales de AWS en el perfil «{profile}». Ejecuta `aws configure` o `aws sso login`, o elige otro con --profile."
        ),
        format!(
            "There are no AWS credentials in the profile \"{profile}\". Run `aws configure` or `aws sso login`, or choose another with --profile."
        ),
    )
}

/// What `aws_config` would have set, for configurations made by hand.
fn base() -> aws_types::sdk_config::Builder {
    let mut builder = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .retry_config(
            RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(50)),
        )
        .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(60)).build())
        .sleep_impl(TokioSleep::new())
        .time_source(SystemTimeSource::new());
    builder.set_app_name(AppName::new(APP).ok());
    builder
}

/// The longest that each part of a call to an account may take. A silence is told of much earlier.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .read_timeout(Duration::from_secs(12))
        .operation_attempt_timeout(Duration::from_secs(14))
        .operation_timeout(Duration::from_secs(30))
        .build()
}

/// The same for a call that carries megabytes to AWS.
pub(super) fn upload_timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .read_timeout(Duration::from_secs(600))
        .operation_attempt_timeout(Duration::from_secs(600))
        .operation_timeout(Duration::from_secs(1800))
        .build()
}

fn network_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
        .build_https()
}
