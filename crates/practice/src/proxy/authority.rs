//! A certificate authority for one run of the program: it vouches for AWS's names to the learner's own
//! clients. Its key is never written anywhere; only its certificate leaves this process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// How far back the certificates begin: clocks of containers differ.
const BEFORE: Duration = Duration::from_secs(24 * 3600);
/// How long they hold: longer than anyone leaves a workshop open, shorter than clients allow at most.
const LIFE: Duration = Duration::from_secs(60 * 24 * 3600);
/// For how many names certificates are kept. A name more, and all are made anew.
const KEPT: usize = 512;

/// Why a certificate could not be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unvouched {
    /// No key, or the name cannot stand in a certificate.
    #[error(transparent)]
    Certificate(#[from] rcgen::Error),
    /// TLS does not take it.
    #[error(transparent)]
    Tls(#[from] rustls::Error),
}

/// Signs certificates for any name, with one key for them all.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    own: CertificateDer<'static>,
    key: KeyPair,
    made: Mutex<BTreeMap<String, Arc<ServerConfig>>>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authority")
    }
}

impl Authority {
    /// A new authority with keys of its own.
    pub(super) fn new() -> Result<Authority, Unvouched> {
        let key = KeyPair::generate()?;
        let mut params = lasting("Espera practice authority (throw-away)")?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let own = params.self_signed(&key)?.der().clone();
        Ok(Authority {
            issuer: Issuer::new(params, key),
            own,
            key: KeyPair::generate()?,
            made: Mutex::default(),
        })
    }

    /// Its certificate, as files hold it.
    pub(super) fn pem(&self) -> String {
        let text = STANDARD.encode(&self.own);
        let lines = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\n");
        format!("-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n")
    }

    /// How to speak TLS as `name`.
    pub(super) fn vouch(&self, name: &str) -> Result<Arc<ServerConfig>, Unvouched> {
        let name = name.to_ascii_lowercase();
        if let Some(config) = self.made.lock().unwrap_or_else(PoisonError::into_inner).get(&name) {
            return Ok(config.clone());
        }
        let mut params = lasting("Espera practice")?;
        params.subject_alt_names = CertificateParams::new(vec![name.clone()])?.subject_alt_names;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let leaf = params.signed_by(&self.key, &self.issuer)?.der().clone();
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf, self.own.clone()],
                PrivatePkcs8KeyDer::from(self.key.serialize_der()).into(),
            )?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let config = Arc::new(config);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if made.len() >= KEPT {
            made.clear();
        }
        made.insert(name, config.clone());
        Ok(config)
    }
}

/// A certificate of that name for the time of this run.
fn lasting(name: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CommonName, name);
    let now = SystemTime::now();
    params.not_before = (now - BEFORE).into();
    params.not_after = (now + LIFE).into();
    Ok(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_vouched_for_once_and_no_two_authorities_are_alike() {
        let authority = Authority::new().unwrap();
        let first = authority.vouch("sts.us-east-1.amazonaws.com").unwrap();
        assert!(Arc::ptr_eq(&first, &authority.vouch("STS.us-east-1.amazonaws.com").unwrap()));
        assert!(authority.pem().starts_with("-----BEGIN CERTIFICATE-----\nMII"));
        assert_ne!(authority.pem(), Authority::new().unwrap().pem());
        for n in 0..KEPT * 2 {
            authority.vouch(&format!("b{n}.s3.amazonaws.com")).unwrap();
        }
        assert!(authority.made.lock().unwrap().len() <= KEPT);
    }
}
