//! The pages buckets: whether the pages are there and whether the fault of step 6 blocks them.

use aws_sdk_s3::types::Object;

use super::super::facts::{Bucket, Facts, Role};
use super::super::guard::Pages;
use super::super::{Cloud, names};
use super::data::live_stack;
use super::silent::Silent;

impl Cloud {
    pub(super) async fn pages(&self, facts: &mut Facts, silent: &Silent) {
        for role in Role::ALL {
            let bucket =
                live_stack(facts, names::shop(role)).and_then(|s| s.outputs.get("PagesBucket").cloned());
            let Some(name) = bucket else { continue };
            if !silent.contains_key(&role) {
                let seen = self.observe_bucket(role, name.clone()).await;
                let mut memory = self.memory.lock();
                match seen {
                    Some(bucket) => memory.buckets.insert(role, bucket),
                    None => memory.buckets.remove(&role),
                };
            }
            let known = self.memory.lock().buckets.get(&role).cloned();
            facts.region_mut(role).bucket = known.filter(|b| b.name == name);
        }
    }

    async fn observe_bucket(&self, role: Role, name: String) -> Option<Bucket> {
        let owner = self.account().await.ok()?;
        let client = &self.clients.at(role).s3;
        let (mut objects, mut found) = (0, 0);
        let request = client.list_objects_v2().bucket(&name).expected_bucket_owner(&owner);
        let (mut pages, mut end) = (request.into_paginator().send(), Pages::default());
        while let Some(page) = pages.next().await {
            end.count_one().ok()?;
            let page = page.ok()?;
            objects += page.contents().len();
            let named = |o: &&Object| matches!(o.key(), Some("index.html" | "config.json"));
            found += page.contents().iter().filter(named).count();
        }
        let published = found == 2;
        let policy = client.get_bucket_policy().bucket(&name).expected_bucket_owner(&owner).send().await;
        let policy = policy.ok().and_then(|p| p.policy);
        let blocked = policy.is_some_and(|p| p.contains(names::FAULT_SID));
        Some(Bucket { objects, name, published, blocked })
    }
}
