//! The table of baskets as the program reaches it: by its own client, with the credentials of its environment.

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as Provided;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_http_client::tls;
use shop::{DynamoBaskets, Table};

/// The variables in which Lambda gives a function the credentials of its role, and people theirs to a program.
const KEY: &str = "AWS_ACCESS_KEY_ID";
const SECRET: &str = "AWS_SECRET_ACCESS_KEY";
const TOKEN: &str = "AWS_SESSION_TOKEN";

/// Credentials from the environment's variables. Without them the calls fail one by one, each with its reason.
#[derive(Debug)]
struct FromEnvironment;

impl FromEnvironment {
    fn credentials() -> provider::Result {
        let need = |name| {
            let value = std::env::var(name).ok().filter(|value| !value.is_empty());
            value.ok_or_else(|| CredentialsError::not_loaded(format!("the variable {name} is not set")))
        };
        let token = std::env::var(TOKEN).ok().filter(|token| !token.is_empty());
        Ok(Credentials::new(need(KEY)?, need(SECRET)?, token, None, "environment"))
    }
}

impl ProvideCredentials for FromEnvironment {
    fn provide_credentials<'a>(&'a self) -> Provided<'a>
    where
        Self: 'a,
    {
        Provided::ready(FromEnvironment::credentials())
    }
}

/// Baskets in the table of this name, with the credentials of the environment and a client of their own.
#[must_use]
pub fn baskets(name: String, region: String, endpoint: Option<String>) -> DynamoBaskets {
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
        .build_https();
    let credentials = SharedCredentialsProvider::new(FromEnvironment);
    DynamoBaskets::new(Table { name, region, http, credentials, endpoint })
}
