//! Baskets in a DynamoDB table: one item a user, changed only on the version that was read, so that
//! two changes at once both stay.

use std::collections::HashMap;
use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use uuid::Uuid;

use super::store::{Baskets, StoreError};

/// The table's key: the user's id.
const KEY: &str = "uuid";
const UNICORNS: &str = "unicorns";
const VERSION: &str = "version";
/// How often a change is tried on what another change has just left.
const TRIES: usize = 8;
/// What a browser is willing to wait leaves so much for one try.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where the table is and how it is reached.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its Region.
    pub region: String,
    /// The way to DynamoDB.
    pub http: SharedHttpClient,
    /// Who asks.
    pub credentials: SharedCredentialsProvider,
    /// Another address than AWS's own.
    pub endpoint: Option<String>,
}

/// Baskets in DynamoDB.
#[derive(Clone, Debug)]
pub struct DynamoBaskets {
    client: Client,
    table: String,
}

/// What is stored of a basket.
#[derive(Debug, Default)]
struct Stored {
    unicorns: Vec<Uuid>,
    version: u64,
}

impl DynamoBaskets {
    /// Baskets in this table.
    #[must_use]
    pub fn new(table: Table) -> DynamoBaskets {
        let mut config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(table.region))
            .credentials_provider(table.credentials)
            .http_client(table.http)
            .sleep_impl(TokioSleep::new())
            .time_source(SystemTimeSource::new())
            .retry_config(
                RetryConfig::standard().with_max_attempts(2).with_initial_backoff(Duration::from_millis(50)),
            )
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(PATIENCE)
                    .operation_attempt_timeout(PATIENCE)
                    .build(),
            );
        config.set_endpoint_url(table.endpoint);
        DynamoBaskets { client: Client::from_conf(config.build()), table: table.name }
    }

    async fn load(&self, user: Uuid) -> Result<Stored, StoreError> {
        let asked = self.client.get_item().table_name(&self.table).key(KEY, string(user));
        let answer = asked.consistent_read(true).send().await.map_err(|error| trouble(&error))?;
        answer.item.as_ref().map_or(Ok(Stored::default()), read)
    }

    /// Stores what `change` makes of the basket; again on what is there by then if another was faster.
    async fn change(
        &self,
        user: Uuid,
        change: impl Fn(Vec<Uuid>) -> Vec<Uuid> + Send,
    ) -> Result<Vec<Uuid>, StoreError> {
        for _ in 0..TRIES {
            let before = self.load(user).await?;
            let after = change(before.unicorns.clone());
            if after == before.unicorns && before.version > 0 {
                return Ok(after);
            }
            if self.save(user, &after, before.version).await? {
                return Ok(after);
            }
        }
        Err(StoreError::Away { retry_after: Duration::from_secs(1) })
    }

    /// Stores a basket over `version`; answers `false` when another version is there by now.
    async fn save(&self, user: Uuid, unicorns: &[Uuid], version: u64) -> Result<bool, StoreError> {
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .item(KEY, string(user))
            .item(UNICORNS, AttributeValue::L(unicorns.iter().map(|uuid| chosen(*uuid)).collect()))
            .item(VERSION, AttributeValue::N((version + 1).to_string()))
            .condition_expression("attribute_not_exists(#version) OR #version = :read")
            .expression_attribute_names("#version", VERSION)
            .expression_attribute_values(":read", AttributeValue::N(version.to_string()));
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(false),
            Err(error) => Err(trouble(&error)),
        }
    }
}

impl Baskets for DynamoBaskets {
    async fn basket(&self, user: Uuid) -> Result<Vec<Uuid>, StoreError> {
        Ok(self.load(user).await?.unicorns)
    }

    async fn put_in(&self, user: Uuid, unicorns: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
        self.change(user, |mut held| {
            for unicorn in unicorns {
                if !held.contains(unicorn) {
                    held.push(*unicorn);
                }
            }
            held
        })
        .await
    }

    async fn take_out(&self, user: Uuid, unicorns: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
        self.change(user, |mut held| {
            held.retain(|uuid| !unicorns.contains(uuid));
            held
        })
        .await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.load(Uuid::nil()).await.map(drop)
    }
}

fn string(uuid: Uuid) -> AttributeValue {
    AttributeValue::S(uuid.to_string())
}

fn chosen(uuid: Uuid) -> AttributeValue {
    AttributeValue::M(HashMap::from([(KEY.to_owned(), string(uuid))]))
}

fn read(item: &HashMap<String, AttributeValue>) -> Result<Stored, StoreError> {
    let broken = || StoreError::Broken("a basket's item is not one this shop wrote".into());
    let list = match item.get(UNICORNS) {
        Some(value) => value.as_l().map_err(|_| broken())?.as_slice(),
        None => &[],
    };
    let id = |value: &AttributeValue| {
        value.as_m().ok()?.get(KEY)?.as_s().ok().and_then(|text| Uuid::parse_str(text).ok())
    };
    let unicorns = list.iter().map(|value| id(value).ok_or_else(broken)).collect::<Result<_, _>>()?;
    // Items of other writers have no version; the first change gives them one.
    let version = item.get(VERSION).and_then(|value| value.as_n().ok()?.parse().ok()).unwrap_or(0);
    Ok(Stored { unicorns, version })
}

/// What a failed call means for the shop: most failures pass, and the same request may then succeed.
fn trouble<E>(error: &SdkError<E>) -> StoreError
where
    E: ProvideErrorMetadata + std::error::Error,
{
    let away = |seconds| StoreError::Away { retry_after: Duration::from_secs(seconds) };
    match error {
        SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) | SdkError::ResponseError(_) => away(2),
        SdkError::ServiceError(answer) if answer.raw().status().is_server_error() => away(2),
        SdkError::ServiceError(answer) => match answer.err().code() {
            // A replica that is still being made.
            Some("ResourceNotFoundException") => away(30),
            Some(
                "ThrottlingException"
                | "RequestLimitExceeded"
                | "ProvisionedThroughputExceededException"
                | "ReplicatedWriteConflictException",
            ) => away(1),
            code => StoreError::Broken(format!("DynamoDB answered {}", code.unwrap_or("an unnamed error"))),
        },
        _ => StoreError::Broken("the request to DynamoDB could not be made".into()),
    }
}
