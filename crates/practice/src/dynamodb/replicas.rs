//! Replicas of a global table: adding and removing them, one at a time.

use std::time::Duration;

use super::DynamoDb;
use super::event::Event;
use super::refusal::Refusal;
use super::table::{Replica, Status, Table};
use crate::scene::Scene;
use ground::seed;

/// For so long after starting a new Region a source table cannot go.
const SOURCE_RULE: Duration = Duration::from_secs(24 * 3600);

/// Begins to add the replica in `to`, ready after `takes`.
///
/// # Errors
/// A table that is missing or busy, a replica that exists, a stream that is off, a Region that is none.
pub fn add(
    db: &mut DynamoDb,
    scene: &Scene<'_>,
    name: &str,
    to: &str,
    takes: Duration,
) -> Result<(), Refusal> {
    let source = ready(db, scene, name)?;
    if to == scene.region || source.replica(to).is_some() || db.table(to, name).is_some() {
        return Err(Refusal::invalid(format!(
            "Failed to create a the new replica of table with name: '{name}' because one or more replicas already existed as tables."
        )));
    }
    if source.definition.stream.as_ref().is_none_or(|s| s.view != "NEW_AND_OLD_IMAGES") {
        return Err(Refusal::invalid(
            "One or more parameter values were invalid: Table must have stream enabled with StreamViewType NEW_AND_OLD_IMAGES to be part of a global table",
        ));
    }
    let done = scene.now.after(takes);
    let seen = |region: &str, status| Replica { region: region.into(), status, span: (scene.now, done) };
    let mut others: Vec<Replica> = source.replicas.clone();
    others.push(seen(scene.region, Status::Active));
    let table = Table {
        name: name.into(),
        id: seed::uuid(seed::hash(scene.seed, &[to, name, &scene.now.0.to_string()])),
        arn: arn(to, scene.account, name),
        status: Status::Creating,
        created: scene.now,
        definition: source.definition.clone(),
        replicas: others.clone(),
        tags: source.tags.clone(),
        ..Table::default()
    };
    db.tables.entry(to.to_owned()).or_default().insert(name.into(), table);
    for region in others.iter().map(|r| r.region.as_str()) {
        if let Some(member) = db.table_mut(region, name) {
            member.replicas.push(seen(to, Status::Creating));
        }
    }
    if let Some(source) = db.table_mut(scene.region, name) {
        source.status = Status::Updating;
        source.replicated_at = Some(scene.now);
    }
    db.timers.add(done, Event::ReplicaReady(scene.region.into(), to.into(), name.into()));
    Ok(())
}

/// Begins to remove the replica in `at`, gone after `takes`.
///
/// # Errors
/// A table that is missing or busy, a replica that does not exist or was a source lately.
pub fn remove(
    db: &mut DynamoDb,
    scene: &Scene<'_>,
    name: &str,
    at: &str,
    takes: Duration,
) -> Result<(), Refusal> {
    let table = ready(db, scene, name)?;
    if at != scene.region && table.replica(at).is_none() {
        return Err(Refusal::invalid(format!(
            "Replica specified in the Replica Update or Replica Delete action of the request was not found: Replica in region: {at} not found for table {name}"
        )));
    }
    check_not_source(db, scene, name, at)?;
    let done = scene.now.after(takes);
    for tables in db.tables.values_mut() {
        let Some(member) = tables.get_mut(name) else { continue };
        for replica in member.replicas.iter_mut().filter(|r| r.region == at) {
            (replica.status, replica.span) = (Status::Deleting, (scene.now, done));
        }
    }
    if let Some(gone) = db.table_mut(at, name) {
        gone.status = Status::Deleting;
    }
    if let Some(source) = db.table_mut(scene.region, name)
        && at != scene.region
    {
        source.status = Status::Updating;
    }
    db.timers.add(done, Event::ReplicaGone(scene.region.into(), at.into(), name.into()));
    Ok(())
}

/// Refuses when the table in `region` was the source of a replica within the last day and any remains.
///
/// # Errors
/// The 24-hour rule.
pub fn check_not_source(db: &DynamoDb, scene: &Scene<'_>, name: &str, region: &str) -> Result<(), Refusal> {
    let recent = db
        .table(region, name)
        .filter(|t| !t.replicas.is_empty())
        .and_then(|t| t.replicated_at)
        .is_some_and(|at| scene.now.since(at) < SOURCE_RULE);
    if recent {
        return Err(Refusal::invalid(
            "Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the table in the last 24 hours.",
        ));
    }
    Ok(())
}

/// The table, if it is there and nothing is being changed.
pub(super) fn ready<'d>(db: &'d DynamoDb, scene: &Scene<'_>, name: &str) -> Result<&'d Table, Refusal> {
    let table = db.table(scene.region, name).ok_or_else(|| Refusal::no_such_table(name))?;
    let busy = table.replicas.iter().any(|r| r.status != Status::Active);
    if table.status != Status::Active || busy {
        return Err(Refusal::in_use(format!(
            "Attempt to change a resource which is still in use: Table is being {}: {name}",
            match table.status {
                Status::Creating => "created",
                Status::Deleting => "deleted",
                Status::Updating | Status::Active => "updated",
            }
        )));
    }
    Ok(table)
}

/// A table's ARN.
#[must_use]
pub fn arn(region: &str, account: &str, name: &str) -> String {
    format!("arn:aws:dynamodb:{region}:{account}:table/{name}")
}
