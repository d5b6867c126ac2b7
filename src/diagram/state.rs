//! How each node of the diagram stands, read from the facts.

use super::plan::{Node, NodeId};
use crate::cloud::facts::{
    DistributionStatus, Facts, Health, Phase, Role, SynchronizationStatus, TableStatus,
};

/// How a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeState {
    /// It doesn't exist.
    Absent,
    /// It is being created, changed or switched over.
    Creating,
    /// It is being deleted.
    Deleting,
    /// It exists and works.
    Ready,
    /// It failed or doesn't answer.
    Broken,
}

/// The state of `node` in `region` (`None`: the edge, wherever its stack is).
pub(super) fn node(facts: &Facts, region: Option<Role>, node: &Node) -> NodeState {
    let built = from_resources(facts, region, node);
    match (node.id, region) {
        (NodeId::Edge, _) => edge(facts, built),
        (NodeId::Pages, Some(role)) => pages(facts, role, built),
        (NodeId::Database, Some(role)) => database(facts, role, built),
        (NodeId::Table, Some(role)) => table(facts, role, built),
        _ => built,
    }
}

/// What the stacks say: a node is as far along as the slowest of its resources.
fn from_resources(facts: &Facts, region: Option<Role>, node: &Node) -> NodeState {
    let phases: Vec<Phase> = facts
        .stacks()
        .filter(|(role, _)| region.is_none_or(|r| r == *role))
        .flat_map(|(_, s)| &s.resources)
        .filter(|r| node.kinds.contains(&r.kind))
        .map(|r| r.status.phase())
        .collect();
    let any = |wanted: &[Phase]| phases.iter().any(|p| wanted.contains(p));
    if any(&[Phase::Failed, Phase::RolledBack]) {
        NodeState::Broken
    } else if any(&[Phase::Deleting, Phase::RollingBack]) {
        NodeState::Deleting
    } else if any(&[Phase::Creating, Phase::Updating]) {
        NodeState::Creating
    } else if any(&[Phase::Done]) {
        // Some complete and others not begun: it is on its way.
        if any(&[Phase::Waiting]) { NodeState::Creating } else { NodeState::Ready }
    } else {
        NodeState::Absent
    }
}

fn edge(facts: &Facts, built: NodeState) -> NodeState {
    match (&facts.edge, built) {
        (Some(e), NodeState::Absent | NodeState::Ready) if e.status == DistributionStatus::InProgress => {
            NodeState::Creating
        }
        (Some(e), NodeState::Absent | NodeState::Ready) if e.last_code.is_some_and(|c| c >= 400) => {
            NodeState::Broken
        }
        (Some(_), NodeState::Absent) => NodeState::Ready,
        _ => built,
    }
}

fn pages(facts: &Facts, role: Role, built: NodeState) -> NodeState {
    match (&facts.region(role).bucket, built) {
        (Some(b), NodeState::Ready | NodeState::Absent) if b.blocked => NodeState::Broken,
        (Some(_), NodeState::Absent) => NodeState::Ready,
        _ => built,
    }
}

fn database(facts: &Facts, role: Role, built: NodeState) -> NodeState {
    let Some(database) = &facts.database else { return built };
    let Some(member) = database.members.iter().find(|m| m.region == role.region()) else { return built };
    match built {
        NodeState::Ready | NodeState::Absent if database.failover.is_some() => NodeState::Creating,
        NodeState::Ready | NodeState::Absent
            if member.synchronization == SynchronizationStatus::PendingResync =>
        {
            NodeState::Creating
        }
        NodeState::Absent => NodeState::Ready,
        _ => built,
    }
}

fn table(facts: &Facts, role: Role, built: NodeState) -> NodeState {
    let Some(table) = &facts.table else { return built };
    let replica = table.replicas.iter().find(|r| r.region == role.region());
    let status = match role {
        Role::Primary if built == NodeState::Absent => Some(&table.status),
        Role::Primary => None,
        Role::Standby => replica.map(|r| &r.status),
    };
    match status {
        Some(s) => state_of_table(s),
        None => built,
    }
}

fn state_of_table(status: &TableStatus) -> NodeState {
    match status {
        TableStatus::Active => NodeState::Ready,
        TableStatus::Creating | TableStatus::Updating => NodeState::Creating,
        TableStatus::Deleting => NodeState::Deleting,
        TableStatus::Other(word) if word.is_empty() => NodeState::Absent,
        TableStatus::Other(_) => NodeState::Broken,
    }
}

/// How a Region stands as a whole: what its frame's title says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RegionState {
    Empty,
    Creating,
    Deleting,
    Ready,
    Serving,
    Broken,
}

/// The state of the Region that plays `role`.
pub(super) fn region(facts: &Facts, role: Role) -> RegionState {
    let here = facts.region(role);
    if matches!(here.health, Health::Impaired { .. }) {
        return RegionState::Broken;
    }
    let serves = facts.edge.as_ref().and_then(|e| e.served_by.as_deref()) == Some(role.region());
    // The edge's stack lives in the primary's Region but is no part of it.
    let phases: Vec<Phase> = here
        .stacks
        .iter()
        .filter(|s| !s.resources.iter().any(|r| r.kind == "AWS::CloudFront::Distribution"))
        .map(|s| s.status.phase())
        .filter(|p| !matches!(p, Phase::Deleted | Phase::Review | Phase::Waiting | Phase::Unknown))
        .collect();
    let any = |wanted: &[Phase]| phases.iter().any(|p| wanted.contains(p));
    if any(&[Phase::Failed, Phase::RolledBack]) {
        RegionState::Broken
    } else if any(&[Phase::Deleting, Phase::RollingBack]) {
        RegionState::Deleting
    } else if any(&[Phase::Creating, Phase::Updating]) {
        RegionState::Creating
    } else if serves {
        RegionState::Serving
    } else if phases.is_empty() {
        RegionState::Empty
    } else {
        RegionState::Ready
    }
}
