//! RDS's operations: parameters in, XML out. One file a group of operations.

use super::{Rds, Tags, errors};
use crate::practice::call::{AwsError, Call, Outcome, Reply, Request};
use crate::practice::operation::{Operation, by_name};
use crate::practice::wire::{Params, Xml};

mod catalog;
mod clusters;
mod globals;
mod groups;
mod instances;
mod snapshots;
mod tags;

/// What answers a call.
pub(in crate::practice) type Read = fn(&Rds, &Request<'_>) -> Outcome;
/// What answers a call and changes what there is.
pub(in crate::practice) type Change = fn(&mut Rds, &Request<'_>) -> Outcome;
type Op = Operation<Read, Change>;

/// What RDS answers.
pub static OPERATIONS: &[Op] = &by_name([
    Op::changes("AddTagsToResource", tags::add),
    Op::changes("CreateDBCluster", clusters::create),
    Op::changes("CreateDBClusterParameterGroup", groups::create_parameters),
    Op::changes("CreateDBClusterSnapshot", snapshots::create),
    Op::changes("CreateDBInstance", instances::create),
    Op::changes("CreateDBParameterGroup", groups::create_parameters),
    Op::changes("CreateDBSubnetGroup", groups::create_subnets),
    Op::changes("CreateGlobalCluster", globals::create),
    Op::changes("DeleteDBCluster", clusters::delete),
    Op::changes("DeleteDBClusterParameterGroup", groups::delete_parameters),
    Op::changes("DeleteDBClusterSnapshot", snapshots::delete),
    Op::changes("DeleteDBInstance", instances::delete),
    Op::changes("DeleteDBParameterGroup", groups::delete_parameters),
    Op::changes("DeleteDBSubnetGroup", groups::delete_subnets),
    Op::changes("DeleteGlobalCluster", globals::delete),
    Op::reads("DescribeDBClusterParameterGroups", groups::describe_parameters),
    Op::reads("DescribeDBClusterParameters", groups::describe_values),
    Op::reads("DescribeDBClusterSnapshots", snapshots::describe),
    Op::reads("DescribeDBClusters", clusters::describe),
    Op::reads("DescribeDBEngineVersions", catalog::versions),
    Op::reads("DescribeDBInstances", instances::describe),
    Op::reads("DescribeDBParameterGroups", groups::describe_parameters),
    Op::reads("DescribeDBParameters", groups::describe_values),
    Op::reads("DescribeDBSnapshots", snapshots::describe_instances),
    Op::reads("DescribeDBSubnetGroups", groups::describe_subnets),
    Op::reads("DescribeEvents", catalog::events),
    Op::reads("DescribeGlobalClusters", globals::describe),
    Op::reads("DescribeOrderableDBInstanceOptions", catalog::orderable),
    Op::changes("FailoverGlobalCluster", globals::failover),
    Op::reads("ListTagsForResource", tags::list),
    Op::changes("ModifyDBCluster", clusters::modify),
    Op::changes("ModifyDBClusterParameterGroup", groups::modify_parameters),
    Op::changes("ModifyDBInstance", instances::modify),
    Op::changes("ModifyDBParameterGroup", groups::modify_parameters),
    Op::changes("ModifyDBSubnetGroup", groups::modify_subnets),
    Op::changes("ModifyGlobalCluster", globals::modify),
    Op::changes("RebootDBInstance", instances::reboot),
    Op::changes("RemoveFromGlobalCluster", globals::remove),
    Op::changes("RemoveTagsFromResource", tags::remove),
    Op::changes("SwitchoverGlobalCluster", globals::switchover),
]);

/// Texts under either spelling of a list's members.
fn texts(params: &Params, list: &str, member: &str) -> Vec<String> {
    let mut found = params.list(&format!("{list}.{member}"));
    found.extend(params.list(&format!("{list}.member")));
    found.into_iter().map(str::to_owned).collect()
}

fn owned(params: &Params, name: &str) -> Option<String> {
    params.get(name).map(str::to_owned)
}

/// The most tags of one resource.
const TAGS: usize = 50;

fn tags_of(params: &Params) -> Result<Tags, AwsError> {
    let list: Vec<Params> = params.maps("Tags.Tag").into_iter().chain(params.maps("Tags.member")).collect();
    let long =
        |tag: &Params, name: &str, most: usize| tag.get(name).is_some_and(|text| text.chars().count() > most);
    // RDS user guide, "Tagging Amazon RDS resources"; the words are not RDS's, which are not known.
    if list.len() > TAGS || list.iter().any(|tag| long(tag, "Key", 128) || long(tag, "Value", 256)) {
        return Err(errors::value(format!(
            "A resource can have at most {TAGS} tags, with keys of 1 to 128 and values of up to 256 characters."
        )));
    }
    Ok(list
        .iter()
        .map(|t| (owned(t, "Key").unwrap_or_default(), owned(t, "Value").unwrap_or_default()))
        .collect())
}

/// `<Kind>…</Kind>` as a result.
fn one(call: &Call<'_>, kind: &str, write: impl FnOnce(&mut Xml)) -> Outcome {
    Ok(Reply::query(call, |xml| xml.nest(kind, write)))
}

/// A list with its marker.
fn many<T>(
    call: &Call<'_>,
    (list, member): (&str, &str),
    (items, marker): (Vec<T>, Option<String>),
    write: impl FnMut(&mut Xml, T),
) -> Outcome {
    Ok(Reply::query(call, |xml| {
        xml.list(list, member, items, write);
        xml.optional("Marker", marker);
    }))
}

fn serverless(params: &Params) -> Option<(f64, f64)> {
    let number =
        |name: &str| params.get(&format!("ServerlessV2ScalingConfiguration.{name}"))?.parse::<f64>().ok();
    Some((number("MinCapacity")?, number("MaxCapacity")?))
}

fn required(params: &Params, name: &str) -> Result<String, AwsError> {
    params.required(name).map(str::to_owned)
}
