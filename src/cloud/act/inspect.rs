//! Step 1: who am I, which zones, which database versions.

use super::super::action::Notes;
use super::super::facts::Role;
use super::super::fetch::texts;
use super::super::guard::Pages;
use super::super::{ActionError, Cloud, Settings};

impl Cloud {
    pub(super) async fn inspect(&self, settings: &Settings, note: Notes<'_>) -> Result<(), ActionError> {
        let identity = self.caller().await?;
        self.memory.lock().identity = Some(identity);
        self.tell(note, "STS sabe quién eres.", "STS knows who you are.");
        if let Some(client) = &settings.own_client {
            self.call_own_client(client, note).await;
        }
        for role in Role::ALL {
            self.inspect_region(role, note).await?;
        }
        Ok(())
    }

    async fn inspect_region(&self, role: Role, note: Notes<'_>) -> Result<(), ActionError> {
        let region = role.region();
        let parameters = [
            ("Action", "DescribeAvailabilityZones"),
            ("Version", "2016-11-15"),
            ("Filter.1.Name", "state"),
            ("Filter.1.Value.1", "available"),
        ];
        let Some(xml) = self.clients.fetch.query("ec2", region, &parameters).await else {
            return Err(ActionError::new(
                "RegionUnavailable",
                format!(
                    "EC2 no responde en {region}: comprueba que la Región está activada en tu cuenta y que tienes permiso."
                ),
                format!(
                    "EC2 does not answer in {region}: check that the Region is enabled in your account and that you have permission."
                ),
            ));
        };
        let zones = texts(&xml, "zoneName");
        let mut versions = Vec::new();
        let rds = &self.clients.at(role).rds;
        let mut pages =
            rds.describe_db_engine_versions().engine("aurora-mysql").into_paginator().items().send();
        let mut end = Pages::default();
        while let Some(version) = pages.next().await {
            end.count_one()?;
            versions.extend(version?.engine_version);
        }
        versions.retain(|v| v.contains("mysql_aurora.3."));
        let (z, v) = (zones.len(), versions.len());
        self.tell(
            note,
            format!("{region}: {z} zonas de disponibilidad, {v} versiones de Aurora MySQL 3."),
            format!("{region}: {z} availability zones, {v} Aurora MySQL 3 versions."),
        );
        let mut memory = self.memory.lock();
        memory.zones.insert(region, zones);
        memory.versions.insert(region, versions);
        Ok(())
    }
}
