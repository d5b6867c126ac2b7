//! Which way requests and data flow, read from the facts.

use super::plan::{LinkId, NodeId, Plan};
use super::state::{self, NodeState};
use crate::cloud::facts::{Facts, Health, Role, SynchronizationStatus, TableStatus};

/// Which way something flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flow {
    /// From the first end of the path to the last: from the primary, or from the edge.
    Forward,
    /// From the last end to the first.
    Back,
    /// Both ways.
    Both,
}

/// How a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkState {
    /// One of its ends doesn't exist.
    Absent,
    /// It is being joined, or a switchover is under way.
    Creating,
    /// It could carry something and doesn't.
    Idle,
    /// It carries requests inside a Region.
    Calls,
    /// It carries data or requests.
    Carries(Flow),
    /// It is cut.
    Broken,
}

/// The state of a link; `region` says in which Region, where a link exists in each.
pub(super) fn link(plan: &Plan, facts: &Facts, link: LinkId, region: Option<Role>) -> LinkState {
    let node = |id, region| plan.node(id).map_or(NodeState::Absent, |n| state::node(facts, region, n));
    match link {
        LinkId::Serve => edge_link(facts, node(NodeId::Edge, None), region.unwrap_or(Role::Primary), |r| {
            node(NodeId::Pages, Some(r))
        }),
        LinkId::Api => region_link(node(NodeId::Api, region), node(NodeId::Function, region)),
        LinkId::Function => region_link(node(NodeId::Function, region), node(NodeId::Table, region)),
        LinkId::Instance => region_link(node(NodeId::Instance, region), node(NodeId::Database, region)),
        LinkId::Database => database_link(facts),
        LinkId::Table => table_link(facts),
    }
}

fn edge_link(facts: &Facts, edge: NodeState, role: Role, pages: impl Fn(Role) -> NodeState) -> LinkState {
    let impaired = matches!(facts.region(role).health, Health::Impaired { .. });
    match (edge, pages(role)) {
        (NodeState::Absent, _) | (_, NodeState::Absent) => LinkState::Absent,
        (NodeState::Creating | NodeState::Deleting, _) => LinkState::Creating,
        (_, NodeState::Broken) => LinkState::Broken,
        _ if impaired => LinkState::Broken,
        _ if facts.edge.as_ref().and_then(|e| e.served_by.as_deref()) == Some(role.region()) => {
            LinkState::Carries(Flow::Forward)
        }
        _ => LinkState::Idle,
    }
}

fn region_link(from: NodeState, to: NodeState) -> LinkState {
    match (from, to) {
        (NodeState::Absent, _) | (_, NodeState::Absent) => LinkState::Absent,
        (NodeState::Broken, _) | (_, NodeState::Broken) => LinkState::Broken,
        (NodeState::Ready, NodeState::Ready) => LinkState::Calls,
        _ => LinkState::Creating,
    }
}

fn database_link(facts: &Facts) -> LinkState {
    let Some(database) = &facts.database else { return LinkState::Absent };
    let member = |role: Role| database.members.iter().find(|m| m.region == role.region());
    let (Some(primary), Some(standby)) = (member(Role::Primary), member(Role::Standby)) else {
        return LinkState::Absent;
    };
    if database.failover.is_some() {
        return LinkState::Creating;
    }
    let reader = if primary.writer { standby } else { primary };
    match reader.synchronization {
        SynchronizationStatus::PendingResync => LinkState::Creating,
        _ if primary.writer => LinkState::Carries(Flow::Forward),
        _ if standby.writer => LinkState::Carries(Flow::Back),
        _ => LinkState::Idle,
    }
}

fn table_link(facts: &Facts) -> LinkState {
    let Some(table) = &facts.table else { return LinkState::Absent };
    let replica = table.replicas.iter().find(|r| r.region == Role::Standby.region());
    match replica.map(|r| &r.status) {
        Some(TableStatus::Active) => LinkState::Carries(Flow::Both),
        Some(TableStatus::Creating | TableStatus::Updating | TableStatus::Deleting) => LinkState::Creating,
        Some(TableStatus::Other(_)) => LinkState::Broken,
        None => LinkState::Absent,
    }
}
