//! The practice world's own keys, as Espera's clients take them.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

use practice::keys::Keys;

/// The world's own keys, as the SDK takes them.
pub(super) fn credentials(keys: &Keys) -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(Credentials::from_keys(keys.access_key(), keys.secret(), None))
}
