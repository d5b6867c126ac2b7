//! CloudWatch (awsQuery 2010-08-01, and the JSON 1.0 and CBOR that newer clients send): the metrics of
//! Aurora's replication, which only secondary Regions report. Nothing is stored; values follow from
//! the world.

use serde_json::{Value, json};

use super::aurora::Aurora;
use super::call::{AwsError, Call, Outcome, Reply, Request};
use super::operation::{Operation, by_name};
use super::rds::Rds;
use super::wire::{Params, Protocol, json};

mod input;
mod series;

use input::{DataQuery, Statistics};
use series::Series;

/// How many queries a GetMetricData may have, and how many points its answer (API reference).
const QUERIES: usize = 500;
const POINTS: usize = 100_800;

/// What answers a call.
pub(crate) type Read = fn(&Rds, &Aurora, &Request<'_>) -> Outcome;
/// Nothing here changes anything.
pub(crate) type Change = std::convert::Infallible;
type Op = Operation<Read, Change>;

/// What CloudWatch answers.
pub(super) static OPERATIONS: &[Op] = &by_name([
    Op::reads("DescribeAlarms", alarms),
    Op::reads("GetMetricData", data),
    Op::reads("GetMetricStatistics", statistics),
    Op::reads("ListMetrics", list),
]);

/// Nobody can make an alarm yet.
fn alarms(_: &Rds, _: &Aurora, call: &Request<'_>) -> Outcome {
    Ok(match call.protocol {
        Protocol::Query => Reply::query(call, |xml| xml.text("MetricAlarms", "")),
        _ => Reply::json(call, &json!({"MetricAlarms": [], "CompositeAlarms": []})),
    })
}

/// The parameters of a call in either protocol, under the names awsQuery gives them.
fn params(call: &Call<'_>) -> Result<Params, AwsError> {
    match call.protocol {
        Protocol::Query => Ok(call.params.clone()),
        _ => Ok(json::flatten(&call.json()?)),
    }
}

fn statistics(rds: &Rds, aurora: &Aurora, call: &Request<'_>) -> Outcome {
    let asked = Statistics::read(&params(call)?)?;
    let series = Series::of(rds, call.region, &asked.metric);
    let points = series
        .map_or_else(Vec::new, |s| s.points((rds, aurora), &call.scene, asked.from, asked.to, asked.period));
    if call.protocol != Protocol::Query {
        let points: Vec<Value> = points
            .iter()
            .map(|point| {
                let mut object = json!({"Timestamp": point.at.unix_seconds(), "Unit": "Milliseconds"});
                asked.names.iter().for_each(|name| object[name] = json!(point.value(name)));
                object
            })
            .collect();
        return Ok(Reply::json(call, &json!({"Label": asked.metric.name, "Datapoints": points})));
    }
    Ok(Reply::query(call, |xml| {
        xml.text("Label", &asked.metric.name);
        xml.list("Datapoints", "member", &points, |xml, point| {
            for name in &asked.names {
                xml.display(name, point.value(name));
            }
            xml.text("Unit", "Milliseconds");
            xml.text("Timestamp", point.at.iso8601());
        });
    }))
}

fn data(rds: &Rds, aurora: &Aurora, call: &Request<'_>) -> Outcome {
    let queries = DataQuery::read_all(&params(call)?)?;
    if queries.len() > QUERIES {
        let text = format!("The collection MetricDataQueries must not have a size greater than {QUERIES}.");
        return Err(AwsError::new("ValidationError", text));
    }
    let mut left = POINTS;
    let results: Vec<_> = queries
        .iter()
        .map(|query| {
            let series = Series::of(rds, call.region, &query.metric);
            let mut points = series.map_or_else(Vec::new, |s| {
                s.points((rds, aurora), &call.scene, query.from, query.to, query.period)
            });
            points.reverse();
            let status = if points.len() > left { "PartialData" } else { "Complete" };
            points.truncate(left);
            left -= points.len();
            (query, points, status)
        })
        .collect();
    if call.protocol != Protocol::Query {
        let results: Vec<Value> = results
            .iter()
            .map(|(query, points, status)| {
                json!({
                    "Id": query.id, "Label": query.metric.name, "StatusCode": status,
                    "Timestamps": points.iter().map(|p| p.at.unix_seconds()).collect::<Vec<_>>(),
                    "Values": points.iter().map(|p| p.value(&query.statistic)).collect::<Vec<_>>(),
                })
            })
            .collect();
        return Ok(Reply::json(call, &json!({"MetricDataResults": results, "Messages": []})));
    }
    Ok(Reply::query(call, |xml| {
        xml.list("MetricDataResults", "member", &results, |xml, (query, points, status)| {
            xml.text("Id", &query.id);
            xml.text("Label", &query.metric.name);
            xml.nest("Timestamps", |xml| points.iter().for_each(|p| xml.text("member", p.at.iso8601())));
            let value = |p: &series::Point| p.value(&query.statistic);
            xml.nest("Values", |xml| points.iter().for_each(|p| xml.display("member", value(p))));
            xml.text("StatusCode", status);
        });
        xml.text("Messages", "");
    }))
}

fn list(rds: &Rds, _: &Aurora, call: &Request<'_>) -> Outcome {
    let params = params(call)?;
    let wanted = |name: &str, namespace: &str| {
        params.get("MetricName").is_none_or(|n| n == name)
            && params.get("Namespace").is_none_or(|n| n == namespace)
    };
    let found: Vec<(&str, String)> = series::reported_metrics(rds, call.region)
        .into_iter()
        .filter(|(name, _)| wanted(name, series::NAMESPACE))
        .collect();
    if call.protocol != Protocol::Query {
        let metrics: Vec<Value> = found
            .iter()
            .map(|(name, cluster)| {
                json!({"Namespace": series::NAMESPACE, "MetricName": name,
                       "Dimensions": [{"Name": series::DIMENSION, "Value": cluster}]})
            })
            .collect();
        return Ok(Reply::json(call, &json!({"Metrics": metrics})));
    }
    Ok(Reply::query(call, |xml| {
        xml.list("Metrics", "member", &found, |xml, (name, cluster)| {
            xml.text("Namespace", series::NAMESPACE);
            xml.text("MetricName", name);
            xml.list("Dimensions", "member", [cluster], |xml, cluster| {
                xml.text("Name", series::DIMENSION);
                xml.text("Value", cluster);
            });
        });
    }))
}
