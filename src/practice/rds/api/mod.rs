//! RDS's operations: parameters in, XML out. One file a group of operations.

use super::{Scene, Tags, errors};
use crate::practice::call::{AwsError, Call, Outcome, Reply};
use crate::practice::operation::{Operation, by_name, changes, reads};
use crate::practice::wire::{Params, Xml};
use crate::practice::world::World;

mod catalog;
mod clusters;
mod globals;
mod groups;
mod instances;
mod snapshots;
mod tags;

/// What RDS answers.
pub static OPERATIONS: &[Operation] = &by_name([
    changes("AddTagsToResource", tags::add),
    changes("CreateDBCluster", clusters::create),
    changes("CreateDBClusterParameterGroup", groups::create_parameters),
    changes("CreateDBClusterSnapshot", snapshots::create),
    changes("CreateDBInstance", instances::create),
    changes("CreateDBParameterGroup", groups::create_parameters),
    changes("CreateDBSubnetGroup", groups::create_subnets),
    changes("CreateGlobalCluster", globals::create),
    changes("DeleteDBCluster", clusters::delete),
    changes("DeleteDBClusterParameterGroup", groups::delete_parameters),
    changes("DeleteDBClusterSnapshot", snapshots::delete),
    changes("DeleteDBInstance", instances::delete),
    changes("DeleteDBParameterGroup", groups::delete_parameters),
    changes("DeleteDBSubnetGroup", groups::delete_subnets),
    changes("DeleteGlobalCluster", globals::delete),
    reads("DescribeDBClusterParameterGroups", groups::describe_parameters),
    reads("DescribeDBClusterParameters", groups::describe_values),
    reads("DescribeDBClusterSnapshots", snapshots::describe),
    reads("DescribeDBClusters", clusters::describe),
    reads("DescribeDBEngineVersions", catalog::versions),
    reads("DescribeDBInstances", instances::describe),
    reads("DescribeDBParameterGroups", groups::describe_parameters),
    reads("DescribeDBParameters", groups::describe_values),
    reads("DescribeDBSnapshots", snapshots::describe_instances),
    reads("DescribeDBSubnetGroups", groups::describe_subnets),
    reads("DescribeEvents", catalog::events),
    reads("DescribeGlobalClusters", globals::describe),
    reads("DescribeOrderableDBInstanceOptions", catalog::orderable),
    changes("FailoverGlobalCluster", globals::failover),
    reads("ListTagsForResource", tags::list),
    changes("ModifyDBCluster", clusters::modify),
    changes("ModifyDBClusterParameterGroup", groups::modify_parameters),
    changes("ModifyDBInstance", instances::modify),
    changes("ModifyDBParameterGroup", groups::modify_parameters),
    changes("ModifyDBSubnetGroup", groups::modify_subnets),
    changes("ModifyGlobalCluster", globals::modify),
    changes("RebootDBInstance", instances::reboot),
    changes("RemoveFromGlobalCluster", globals::remove),
    changes("RemoveTagsFromResource", tags::remove),
    changes("SwitchoverGlobalCluster", globals::switchover),
]);

fn scene(world: &World, call: &Call<'_>) -> Scene {
    Scene::of(world, call.region, call.now)
}

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
