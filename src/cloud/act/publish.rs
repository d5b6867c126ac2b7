//! Publishing: the pages and the `config.json` that tells them which API to call.

use aws_sdk_s3::primitives::ByteStream;

use super::super::action::Notes;
use super::super::facts::Role;
use super::super::ours::{OurBucket, OurStack};
use super::super::{ActionError, Cloud, Settings};

impl Cloud {
    /// Puts the pages into a Region's bucket.
    pub(super) async fn publish(
        &self,
        role: Role,
        stack: &OurStack,
        settings: &Settings,
        note: Notes<'_>,
    ) -> Result<(), ActionError> {
        let bucket = self.own_bucket(role, stack, "PagesBucket").await?;
        let region = role.region();
        for (key, body) in &settings.pages {
            self.put(&bucket, key, body.clone()).await?;
        }
        self.put(&bucket, "config.json", super::writes::config(role, stack)).await?;
        let (count, bucket) = (settings.pages.len() + 1, &bucket.name);
        self.tell(
            note,
            format!("{count} ficheros publicados en {bucket} ({region})."),
            format!("{count} files published in {bucket} ({region})."),
        );
        Ok(())
    }

    pub(super) async fn put(&self, bucket: &OurBucket, key: &str, body: Vec<u8>) -> Result<(), ActionError> {
        let request = self.clients.at(bucket.role).s3.put_object().bucket(&bucket.name).key(key);
        request
            .expected_bucket_owner(&bucket.owner)
            .content_type(content_type(key))
            .cache_control("no-cache")
            .body(ByteStream::from(body))
            .send()
            .await?;
        Ok(())
    }
}

fn content_type(key: &str) -> &'static str {
    match key.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("json") => "application/json",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
