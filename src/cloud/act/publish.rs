//! Publishing: the pages and the `config.json` that tells them which API to call.

use aws_sdk_s3::primitives::ByteStream;

use super::super::facts::{Role, Stack};
use super::super::{ActionError, Cloud, Settings};
use super::Notes;

impl Cloud {
    /// Puts the pages into a Region's bucket.
    pub(super) async fn publish(
        &self,
        role: Role,
        stack: &Stack,
        settings: &Settings,
        note: Notes<'_>,
    ) -> Result<(), ActionError> {
        let output = |key: &str| stack.outputs.get(key).cloned().unwrap_or_default();
        let bucket = output("PagesBucket");
        let region = role.region();
        for (key, body) in &settings.pages {
            self.put(role, &bucket, key, body.clone()).await?;
        }
        self.put(role, &bucket, "config.json", super::writes::config(role, stack)).await?;
        let count = settings.pages.len() + 1;
        self.tell(
            note,
            format!("{count} ficheros publicados en {bucket} ({region})."),
            format!("{count} files published in {bucket} ({region})."),
        );
        Ok(())
    }

    pub(super) async fn put(
        &self,
        role: Role,
        bucket: &str,
        key: &str,
        body: Vec<u8>,
    ) -> Result<(), ActionError> {
        let request = self.clients.at(role).s3.put_object().bucket(bucket).key(key);
        request
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
