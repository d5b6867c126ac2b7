//! Where templates and their values come from: S3, Systems Manager and Secrets Manager.

use super::regions;
use super::s3::{self, S3};
use super::secretsmanager::SecretsManager;
use super::ssm::Ssm;
use ::cloudformation::engine::host::Lookup;

/// The services that CloudFormation reads from.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'w> {
    /// The world's seed.
    pub seed: u64,
    /// Buckets and objects.
    pub s3: &'w S3,
    /// Parameters.
    pub ssm: &'w Ssm,
    pub secretsmanager: &'w SecretsManager,
}

/// The longest template behind a `TemplateURL`, in bytes: the quota of 1 MB is a decimal one.
const LONGEST: usize = 1_000_000;

impl Sources<'_> {
    /// The template at a URL of the practice S3.
    ///
    /// # Errors
    /// What CloudFormation says of a URL that is none of S3's, or leads nowhere.
    pub fn template(&self, url: &str) -> Result<String, String> {
        let (bucket, key) = place(url).ok_or("TemplateURL must be a supported URL.")?;
        let body = s3::content(self.s3, &bucket, &key)
            .ok_or_else(|| format!("S3 error: The specified object {key} in bucket {bucket} does not exist here. Put the template into a bucket of this world first."))?;
        if body.len() > LONGEST {
            return Err(format!("Template may not exceed {LONGEST} bytes in size."));
        }
        String::from_utf8(body.to_vec())
            .map_err(|_| "Template format error: the object is not UTF-8 text.".to_owned())
    }
}

impl Lookup for Sources<'_> {
    fn parameter(&self, region: &str, name: &str) -> Option<String> {
        self.ssm.value(self.seed, region, name)
    }

    fn secret(&self, region: &str, id: &str) -> Option<String> {
        self.secretsmanager.find(region, id).map(|secret| secret.value.clone())
    }

    fn zones(&self, region: &str) -> Vec<String> {
        regions::zones(region)
    }
}

/// Bucket and key of a virtual-hosted or path-style S3 URL.
fn place(url: &str) -> Option<(String, String)> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/')?;
    let path = path.split('?').next().unwrap_or(path);
    let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?.into_owned();
    let host = host.split(':').next().unwrap_or(host);
    let hosted = [".s3.", ".s3-"].iter().find_map(|mark| host.split_once(mark)).map(|(bucket, _)| bucket);
    match hosted {
        Some(bucket) => Some((bucket.to_owned(), path)),
        None if host.starts_with("s3") || host.ends_with("localhost") || host == "127.0.0.1" => {
            let (bucket, key) = path.split_once('/')?;
            Some((bucket.to_owned(), key.to_owned()))
        }
        None => None,
    }
}
