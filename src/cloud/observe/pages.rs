//! The pages buckets: whether the pages are there and whether the fault of step 6 blocks them.

use super::super::facts::{Bucket, Facts, Role};
use super::super::{Cloud, names};
use super::data::live;

impl Cloud {
    pub(super) async fn pages(&self, facts: &mut Facts) {
        for role in Role::ALL {
            let bucket = live(facts, names::shop(role)).and_then(|s| s.outputs.get("PagesBucket").cloned());
            if let Some(name) = bucket {
                facts.region_mut(role).bucket = self.bucket(role, name).await;
            }
        }
    }

    async fn bucket(&self, role: Role, name: String) -> Option<Bucket> {
        let client = &self.clients.at(role).s3;
        let listed = client.list_objects_v2().bucket(&name).send().await.ok()?;
        let has = |key: &str| listed.contents().iter().any(|o| o.key() == Some(key));
        let published = has("index.html") && has("config.json");
        let policy = client.get_bucket_policy().bucket(&name).send().await.ok().and_then(|p| p.policy);
        let blocked = policy.is_some_and(|p| p.contains(names::FAULT_SID));
        Some(Bucket { objects: listed.contents().len(), name, published, blocked })
    }
}
