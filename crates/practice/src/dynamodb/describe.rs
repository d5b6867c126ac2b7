//! A table as `DescribeTable` shows it.

use serde_json::{Map, Value as Json, json};

use super::key::Schema;
use super::table::{Billing, Index, Replica, Status, Table};
use super::value::item_size;
use ground::clock::Moment;

/// The `TableDescription`.
#[must_use]
pub fn table(table: &Table, now: Moment) -> Json {
    let d = &table.definition;
    let bytes: usize = table.items.items().map(|(_, i)| item_size(i)).sum();
    let attributes: Vec<Json> =
        d.attributes.iter().map(|(n, t)| json!({"AttributeName": n, "AttributeType": t})).collect();
    let mut out = json!({
        "AttributeDefinitions": attributes,
        "TableName": table.name,
        "KeySchema": keys(&d.schema),
        "TableStatus": table.status.name(),
        "CreationDateTime": seconds(table.created),
        "ProvisionedThroughput": throughput(d.billing),
        "TableSizeBytes": bytes,
        "ItemCount": table.items.len(),
        "TableArn": table.arn,
        "TableId": table.id,
        "DeletionProtectionEnabled": d.protected,
    });
    optional(&mut out, table, now);
    out
}

fn optional(out: &mut Json, table: &Table, now: Moment) {
    let d = &table.definition;
    if d.billing == Billing::OnDemand {
        out["BillingModeSummary"] = json!({
            "BillingMode": "PAY_PER_REQUEST", "LastUpdateToPayPerRequestDateTime": seconds(table.created)
        });
    }
    for (member, local) in [("LocalSecondaryIndexes", true), ("GlobalSecondaryIndexes", false)] {
        let list: Vec<Json> =
            d.indexes.iter().filter(|i| i.local == local).map(|i| index(i, table)).collect();
        if !list.is_empty() {
            out[member] = Json::Array(list);
        }
    }
    if let Some(stream) = &d.stream {
        let label = stream.since.iso8601().trim_end_matches('Z').to_owned();
        out["StreamSpecification"] = json!({"StreamEnabled": true, "StreamViewType": stream.view});
        out["LatestStreamArn"] = json!(format!("{}/stream/{label}", table.arn));
        out["LatestStreamLabel"] = json!(label);
    }
    if !table.replicas.is_empty() {
        out["GlobalTableVersion"] = json!("2019.11.21");
        out["Replicas"] = table.replicas.iter().map(|r| replica(r, table, now)).collect();
        out["MultiRegionConsistency"] = json!("EVENTUAL");
    }
    if let Some(key) = &d.kms {
        out["SSEDescription"] = json!({"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key});
    }
    if let Some(class) = &d.class {
        out["TableClassSummary"] = json!({"TableClass": class});
    }
}

/// A moment as JSON protocols write it: seconds with decimals.
#[must_use]
pub fn seconds(at: Moment) -> f64 {
    at.0 as f64 / 1000.0
}

fn keys(schema: &Schema) -> Json {
    let mut list = vec![json!({"AttributeName": schema.hash.0, "KeyType": "HASH"})];
    list.extend(schema.range.iter().map(|(n, _)| json!({"AttributeName": n, "KeyType": "RANGE"})));
    Json::Array(list)
}

fn throughput(billing: Billing) -> Json {
    let (read, write) = match billing {
        Billing::OnDemand => (0, 0),
        Billing::Provisioned { read, write } => (read, write),
    };
    json!({"NumberOfDecreasesToday": 0, "ReadCapacityUnits": read, "WriteCapacityUnits": write})
}

fn index(index: &Index, table: &Table) -> Json {
    let has = |i: &super::value::Item| index.schema.key_of(i).is_some();
    let held: Vec<usize> = table.items.items().filter(|(_, i)| has(i)).map(|(_, i)| item_size(i)).collect();
    let mut projection = Map::new();
    projection.insert("ProjectionType".into(), json!(index.projection.0));
    if !index.projection.1.is_empty() {
        projection.insert("NonKeyAttributes".into(), json!(index.projection.1));
    }
    let mut out = json!({
        "IndexName": index.name,
        "KeySchema": keys(&index.schema),
        "Projection": projection,
        "IndexSizeBytes": held.iter().sum::<usize>(),
        "ItemCount": held.len(),
        "IndexArn": format!("{}/index/{}", table.arn, index.name),
    });
    if !index.local {
        let status = if table.status == Status::Creating { "CREATING" } else { "ACTIVE" };
        out["IndexStatus"] = json!(status);
        out["ProvisionedThroughput"] = throughput(index.throughput);
    }
    out
}

fn replica(replica: &Replica, table: &Table, now: Moment) -> Json {
    let mut out = json!({"RegionName": replica.region, "ReplicaStatus": replica.status.name()});
    out["ReplicaArn"] = json!(
        table
            .arn
            .split(':')
            .enumerate()
            .map(|(i, part)| if i == 3 { replica.region.as_str() } else { part })
            .collect::<Vec<_>>()
            .join(":")
    );
    if replica.status == Status::Creating {
        let (from, to) = replica.span;
        let all = to.since(from).as_millis().max(1);
        let share = (now.since(from).as_millis() * 100 / all).min(99);
        out["ReplicaStatusPercentProgress"] = json!(share.to_string());
    }
    out
}
