//! What S3 holds: buckets, their settings, and the versions of their objects.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::errors;
use crate::call::AwsError;
use ground::clock::Moment;

/// Buckets and objects, in all Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct S3 {
    /// By name, which is unique in the world.
    pub buckets: BTreeMap<String, Bucket>,
}

/// One bucket.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Where it lives.
    pub region: String,
    /// When it was made.
    pub created: Moment,
    /// Whether it keeps old versions.
    pub versioning: Versioning,
    /// Its policy, as given.
    pub policy: Option<String>,
    /// Other settings by the name of their sub-resource: XML documents as given.
    pub settings: BTreeMap<String, String>,
    /// By key: versions, the newest last. Never empty.
    pub objects: BTreeMap<String, Vec<Version>>,
    /// Multipart uploads under way, by id.
    pub uploads: BTreeMap<String, Upload>,
}

/// Whether a bucket keeps old versions of its objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Versioning {
    /// Never switched on: each object has one version, `null`.
    #[default]
    Off,
    /// Every write makes a version.
    Enabled,
    /// Old versions stay; new ones are `null`.
    Suspended,
}

/// One version of an object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Version {
    /// `null`, or an id.
    pub id: String,
    /// When it was written.
    pub at: Moment,
    /// What was written; `None` for a delete marker.
    pub stored: Option<Stored>,
}

/// What one version of an object holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Stored {
    /// The content.
    pub body: Blob,
    /// Its entity tag without quotation marks.
    pub etag: String,
    /// Headers given with it and returned with it (`content-type`, `x-amz-meta-…`).
    pub headers: Vec<(String, String)>,
    /// Checksums by header name (`x-amz-checksum-crc32`), in base64.
    pub checksums: Vec<(String, String)>,
    /// Tags.
    pub tags: Vec<(String, String)>,
}

/// A multipart upload under way.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Upload {
    /// The key it will have.
    pub key: String,
    /// When it began.
    pub at: Moment,
    /// Headers of the object to be.
    pub headers: Vec<(String, String)>,
    /// Parts by number: content and entity tag.
    pub parts: BTreeMap<u32, (Blob, String)>,
}

/// Bytes that are saved as base64 text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blob(pub Bytes);

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64.decode(text).map(|bytes| Blob(bytes.into())).map_err(serde::de::Error::custom)
    }
}

impl S3 {
    /// A bucket.
    ///
    /// # Errors
    /// `NoSuchBucket`.
    pub fn bucket(&self, name: &str) -> Result<&Bucket, AwsError> {
        self.buckets.get(name).ok_or_else(|| errors::no_bucket(name))
    }

    /// A bucket to change.
    ///
    /// # Errors
    /// `NoSuchBucket`.
    pub fn bucket_mut(&mut self, name: &str) -> Result<&mut Bucket, AwsError> {
        self.buckets.get_mut(name).ok_or_else(|| errors::no_bucket(name))
    }
}

impl Bucket {
    /// The newest content of a key, unless it is deleted.
    #[must_use]
    pub fn object(&self, key: &str) -> Option<(&Version, &Stored)> {
        let version = self.objects.get(key)?.last()?;
        Some((version, version.stored.as_ref()?))
    }

    /// Writes a version; `id` is used where the bucket keeps versions. Gives the version's id.
    pub fn write(&mut self, key: &str, id: String, at: Moment, stored: Option<Stored>) -> String {
        let id = if self.versioning == Versioning::Enabled { id } else { "null".to_owned() };
        let versions = self.objects.entry(key.to_owned()).or_default();
        if self.versioning != Versioning::Enabled {
            versions.retain(|version| version.id != "null");
        }
        versions.push(Version { id: id.clone(), at, stored });
        id
    }

    /// Whether old versions may exist, so that ids are told.
    #[must_use]
    pub fn tells_versions(&self) -> bool {
        self.versioning != Versioning::Off
    }
}
