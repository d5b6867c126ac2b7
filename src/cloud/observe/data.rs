//! The data of the shop: the global database with its writer and lag, the table with its replicas.

use aws_sdk_rds::types::GlobalCluster;

use super::super::facts::{
    BasketProbe, DatabaseMember, Facts, FailoverState, GlobalDatabase, Phase, Replica, Role, Stack, Table,
    TableStatus,
};
use super::super::fetch::texts;
use super::super::{Cloud, error, names};
use super::silent::Silent;

impl Cloud {
    /// # Errors
    /// What kept an answer away, and in which Region.
    pub(super) async fn data(
        &self,
        facts: &mut Facts,
        silent: &Silent,
    ) -> Result<(), (Role, Box<dyn error::Coded>)> {
        let shop = |role: Role| live_stack(facts, names::shop(role));
        let global = Role::ALL.into_iter().find_map(|r| shop(r)?.outputs.get("GlobalCluster").cloned());
        let started = Role::ALL.into_iter().any(|r| {
            shop(r).is_some_and(|s| s.resources.iter().any(|x| x.kind == "AWS::RDS::GlobalCluster"))
        });
        let global = global.or(started.then(|| names::GLOBAL.to_owned()));
        let table = shop(Role::Primary).and_then(table_name);
        let mut trouble = None;
        // As with the stacks: what does not answer is shown as it was when it last did.
        if let Some(id) = global {
            let asked = Role::ALL.into_iter().filter(|r| !silent.contains_key(r)).collect::<Vec<_>>();
            // Each is asked in turn, so an error is the last one's.
            if let Some(last) = asked.last() {
                match self.database(&id, &asked).await {
                    Ok(found) => self.memory.lock().database = found,
                    Err(error) => trouble = Some((*last, error)),
                }
            }
            facts.database = self.memory.lock().database.clone().filter(|d| d.id == id);
        }
        if let Some(name) = table {
            if !silent.contains_key(&Role::Primary) {
                match self.table(&name).await {
                    Ok(found) => self.memory.lock().table = found,
                    Err(error) => trouble = Some((Role::Primary, error)),
                }
            }
            facts.table = self.memory.lock().table.clone().filter(|t| t.name == name);
            if silent.is_empty() {
                self.observe_basket(facts).await;
            }
        }
        trouble.map_or(Ok(()), Err)
    }

    /// The global database; any Region can answer, so a broken one does not hide it. They are asked in
    /// this order: one that never answers costs a minute, so the one in doubt comes last.
    pub(in crate::cloud) async fn database(
        &self,
        id: &str,
        regions: &[Role],
    ) -> Result<Option<GlobalDatabase>, Box<dyn error::Coded>> {
        let mut answer = Ok(None);
        for &role in regions {
            let request = self.clients.at(role).rds.describe_global_clusters().global_cluster_identifier(id);
            match request.send().await {
                Ok(found) => {
                    answer = Ok(found.global_clusters.unwrap_or_default().into_iter().next());
                    break;
                }
                Err(e) if error::code_of(&e) == "GlobalClusterNotFoundFault" => return Ok(None),
                Err(e) => answer = Err(Box::new(e) as Box<dyn error::Coded>),
            }
        }
        let Some(cluster) = answer? else { return Ok(None) };
        let mut database = database(cluster);
        let asked = |m: &&DatabaseMember| regions.iter().any(|r| r.region() == m.region);
        if let Some(reader) = database.members.iter().filter(asked).find(|m| !m.writer) {
            database.lag_ms = self.lag(&reader.region.clone(), &reader.arn.clone()).await;
        }
        Ok(Some(database))
    }

    /// `AuroraGlobalDBReplicationLag` of the last five minutes, which only secondary Regions report.
    async fn lag(&self, region: &str, arn: &str) -> Option<u64> {
        let cluster = arn.rsplit(':').next()?;
        let now = self.clock.now();
        let start = ground::clock::Moment(now.0.saturating_sub(300_000));
        let xml = self
            .clients
            .fetch
            .query(
                "monitoring",
                region,
                &[
                    ("Action", "GetMetricStatistics"),
                    ("Version", "2010-08-01"),
                    ("Namespace", "AWS/RDS"),
                    ("MetricName", "AuroraGlobalDBReplicationLag"),
                    ("Dimensions.member.1.Name", "DBClusterIdentifier"),
                    ("Dimensions.member.1.Value", cluster),
                    ("StartTime", &start.iso8601()),
                    ("EndTime", &now.iso8601()),
                    ("Period", "60"),
                    ("Statistics.member.1", "Average"),
                ],
            )
            .await?;
        latest_value(&texts(&xml, "Timestamp"), &texts(&xml, "Average"))
    }

    /// Looks for a basket that is in both Regions, until one has been seen: the learner's own counts
    /// as well as Espera's probe.
    async fn observe_basket(&self, facts: &Facts) {
        let seen = self.memory.lock().probe.as_ref().is_some_and(|p| p.arrived.is_some());
        let Some(table) = facts.table.as_ref().filter(|_| !seen) else { return };
        let away = Role::Standby;
        if !table.replicas.iter().any(|r| r.region == away.region() && r.status == TableStatus::Active) {
            return;
        }
        let scan = self.clients.at(away).dynamodb.scan().table_name(&table.name).limit(5);
        let Ok(found) = scan.send().await else { return };
        for item in found.items() {
            let Some(key) = item.get("uuid") else { continue };
            let home = self.clients.at(Role::Primary).dynamodb.get_item().table_name(&table.name);
            let there = home.key("uuid", key.clone()).send().await.is_ok_and(|i| i.item.is_some());
            if let (true, Ok(key)) = (there, key.as_s()) {
                let now = self.clock.now();
                let probe = BasketProbe { key: key.clone(), written: now, arrived: Some(now) };
                self.memory.lock().probe = Some(probe);
                return;
            }
        }
    }

    async fn table(&self, name: &str) -> Result<Option<Table>, Box<dyn error::Coded>> {
        let request = self.clients.at(Role::Primary).dynamodb.describe_table().table_name(name);
        let described = match request.send().await {
            Ok(answer) => answer.table,
            Err(e) if error::code_of(&e) == "ResourceNotFoundException" => None,
            Err(e) => return Err(Box::new(e)),
        };
        let Some(described) = described else { return Ok(None) };
        let replicas = described
            .replicas()
            .iter()
            .filter(|r| r.region_name() != Some(Role::Primary.region()))
            .map(|r| Replica {
                region: r.region_name().unwrap_or_default().to_owned(),
                status: r.replica_status().map(|s| s.as_str().into()).unwrap_or_default(),
                percent: r
                    .replica_status_percent_progress()
                    .and_then(|p| p.trim_end_matches('%').parse().ok()),
            })
            .collect();
        let status = described.table_status().map(|s| s.as_str().into()).unwrap_or_default();
        Ok(Some(Table { name: name.to_owned(), status, replicas }))
    }
}

/// A stack that is not deleted.
pub(super) fn live_stack<'a>(facts: &'a Facts, name: &str) -> Option<&'a Stack> {
    facts.stack(name).filter(|s| s.status.phase() != Phase::Deleted)
}

fn table_name(stack: &Stack) -> Option<String> {
    stack.outputs.get("BasketTable").cloned().or_else(|| {
        let made = stack.resources.iter().find(|r| r.kind == "AWS::DynamoDB::GlobalTable")?;
        made.physical_id.clone()
    })
}

fn database(cluster: GlobalCluster) -> GlobalDatabase {
    let failover = cluster.failover_state.filter(|f| f.status().is_some()).map(|f| FailoverState {
        status: f.status().map(|s| s.as_str().into()).unwrap_or_default(),
        from: f.from_db_cluster_arn.unwrap_or_default(),
        to: f.to_db_cluster_arn.unwrap_or_default(),
    });
    let members = cluster.global_cluster_members.unwrap_or_default();
    let members = members
        .into_iter()
        .map(|m| {
            let arn = m.db_cluster_arn().unwrap_or_default().to_owned();
            DatabaseMember {
                region: arn.split(':').nth(3).unwrap_or_default().to_owned(),
                arn,
                writer: m.is_writer() == Some(true),
                forwarding: m.global_write_forwarding_status().map(|s| s.as_str().into()).unwrap_or_default(),
                synchronization: m.synchronization_status().map(|s| s.as_str().into()).unwrap_or_default(),
            }
        })
        .collect();
    GlobalDatabase {
        id: cluster.global_cluster_identifier.unwrap_or_default(),
        status: cluster.status.unwrap_or_default(),
        endpoint: cluster.endpoint,
        members,
        failover,
        lag_ms: None,
    }
}

/// The value with the latest timestamp, in whole milliseconds.
fn latest_value(times: &[String], values: &[String]) -> Option<u64> {
    let (_, value) = times.iter().zip(values).max_by_key(|(t, _)| t.as_str())?;
    let value: f64 = value.parse().ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a lag is a small positive number"
    )]
    (value >= 0.0).then(|| value.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_point_counts_whatever_the_order() {
        let t = ["2026-11-22T10:01:00Z".to_owned(), "2026-11-22T10:00:00Z".to_owned()];
        assert_eq!(latest_value(&t, &["120.4".to_owned(), "900".to_owned()]), Some(120));
        assert_eq!(latest_value(&[], &[]), None);
    }
}
