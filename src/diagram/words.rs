//! What the diagram says in words: a state is never told by colour alone. Also the whole architecture
//! as sentences, for `--plain` and for panes too small for a drawing.

use super::plan::NodeId;
use super::state::{NodeState, RegionState};
use crate::cloud::facts::{
    DistributionStatus, Facts, FailoverStatus, ForwardingStatus, Health, Role, TableStatus,
};
use ground::lang::{Lang, Text};
use ground::tr;

/// The word for the role a Region plays.
pub(super) fn role(role: Role, lang: Lang) -> &'static str {
    match role {
        Role::Primary => Text::new("primaria", "primary"),
        Role::Standby => Text::new("espera", "standby"),
    }
    .get(lang)
}

/// The word for how a Region stands.
pub(super) fn region(state: RegionState, lang: Lang) -> &'static str {
    match state {
        RegionState::Empty => Text::new("vacía", "empty"),
        RegionState::Creating => Text::new("en obras", "building"),
        RegionState::Deleting => Text::new("se borra", "deleting"),
        RegionState::Ready => Text::new("lista", "ready"),
        RegionState::Serving => Text::new("sirve", "serving"),
        RegionState::Broken => Text::new("averiada", "broken"),
    }
    .get(lang)
}

/// The word beside a node: its part where it has one, else its state.
pub(super) fn node(facts: &Facts, region: Option<Role>, id: NodeId, state: NodeState, lang: Lang) -> String {
    if let (NodeId::Database, Some(role)) = (id, region)
        && let Some(word) = database(facts, role, state, lang)
    {
        return word;
    }
    if let (NodeId::Table, Some(Role::Standby), NodeState::Creating) = (id, region, state)
        && let Some(percent) = replica_percent(facts)
    {
        return tr!(lang, "réplica {percent}%", "replica {percent}%");
    }
    state_word(id, region, state, lang).to_owned()
}

fn state_word(id: NodeId, region: Option<Role>, state: NodeState, lang: Lang) -> &'static str {
    let text = match (state, id) {
        (NodeState::Absent, _) => Text::new("", ""),
        (NodeState::Creating, NodeId::Edge) => Text::new("se despliega", "deploying"),
        (NodeState::Creating, _) => Text::new("se crea", "creating"),
        (NodeState::Deleting, _) => Text::new("se borra", "deleting"),
        (NodeState::Broken, NodeId::Pages) => Text::new("no responde", "no answer"),
        (NodeState::Broken, _) => Text::new("falló", "failed"),
        (NodeState::Ready, NodeId::Pages) => Text::new("páginas", "pages"),
        (NodeState::Ready, NodeId::Table) => match region {
            Some(Role::Standby) => Text::new("réplica", "replica"),
            _ => Text::new("tabla", "table"),
        },
        (NodeState::Ready, NodeId::Edge) => Text::new("desplegado", "deployed"),
        (NodeState::Ready, NodeId::Api | NodeId::Function) => Text::new("lista", "ready"),
        (NodeState::Ready, _) => Text::new("listo", "ready"),
    };
    text.get(lang)
}

fn database(facts: &Facts, role: Role, state: NodeState, lang: Lang) -> Option<String> {
    let database = facts.database.as_ref()?;
    let member = database.members.iter().find(|m| m.region == role.region())?;
    if let Some(failover) = &database.failover {
        let word = match (failover.to == member.arn, &failover.status) {
            (true, _) => Text::new("toma la escritura", "taking over"),
            (false, FailoverStatus::FailingOver) => Text::new("conmuta", "failing over"),
            (false, _) => Text::new("cede", "handing over"),
        };
        return Some(word.get(lang).to_owned());
    }
    if !matches!(state, NodeState::Ready) {
        return None;
    }
    let word = match (member.writer, &member.forwarding) {
        (true, _) => Text::new("escritor", "writer"),
        (false, ForwardingStatus::Enabled) => Text::new("reenvía", "forwards"),
        (false, _) => Text::new("lector", "reader"),
    };
    Some(word.get(lang).to_owned())
}

fn replica_percent(facts: &Facts) -> Option<u8> {
    facts.table.as_ref()?.replicas.iter().find(|r| r.region == Role::Standby.region())?.percent
}

/// Whether the database of `role` is the writer and nothing is moving it.
pub(super) fn is_writer(facts: &Facts, role: Role) -> bool {
    facts.writer_region() == Some(role.region())
        && facts.database.as_ref().is_some_and(|d| d.failover.is_none())
}

/// The replication lag as people say it, when one is known.
pub(super) fn lag(facts: &Facts) -> Option<String> {
    let ms = facts.database.as_ref()?.lag_ms?;
    Some(match ms {
        0..10_000 => format!("{ms} ms"),
        _ => ground::clock::span(std::time::Duration::from_millis(ms)),
    })
}

/// The architecture in a few sentences, the most telling first: who serves, who writes, how far the
/// reader is behind, whether the table is global, what is broken.
#[must_use]
pub fn sentences(facts: &Facts, lang: Lang) -> Vec<String> {
    let mut out = Vec::new();
    out.push(edge_sentence(facts, lang));
    for role in Role::ALL {
        let word = region(super::state::region(facts, role), lang);
        let part = self::role(role, lang);
        let mut line = format!("{} ({part}): {word}", role.region());
        if let Health::Impaired { symptom } = &facts.region(role).health {
            line.push_str(&format!(", {symptom}"));
        }
        out.push(line);
    }
    out.push(database_sentence(facts, lang));
    out.push(table_sentence(facts, lang));
    out
}

fn edge_sentence(facts: &Facts, lang: Lang) -> String {
    match &facts.edge {
        None => tr!(lang, "CloudFront: no existe", "CloudFront: not there"),
        Some(e) if e.status == DistributionStatus::InProgress => {
            tr!(lang, "CloudFront: se despliega", "CloudFront: deploying")
        }
        Some(e) => match &e.served_by {
            Some(region) => tr!(lang, "CloudFront: sirve {region}", "CloudFront: {region} serves"),
            None => tr!(lang, "CloudFront: nadie sirve", "CloudFront: nobody serves"),
        },
    }
}

fn database_sentence(facts: &Facts, lang: Lang) -> String {
    let Some(database) = &facts.database else {
        return tr!(lang, "Aurora: no existe", "Aurora: not there");
    };
    if let Some(failover) = &database.failover {
        let status = &failover.status;
        return tr!(
            lang,
            "Aurora: la escritura cambia de Región ({status})",
            "Aurora: the writer is moving ({status})"
        );
    }
    let writer = facts.writer_region().unwrap_or("?");
    let mut line = tr!(lang, "Aurora: escribe {writer}", "Aurora: {writer} writes");
    if let (Some(lag), true) = (lag(facts), database.members.len() > 1) {
        line.push_str(&tr!(lang, "; el lector va {lag} por detrás", "; the reader is {lag} behind"));
    }
    line
}

fn table_sentence(facts: &Facts, lang: Lang) -> String {
    let Some(table) = &facts.table else {
        return tr!(lang, "DynamoDB: no existe", "DynamoDB: not there");
    };
    match table.replicas.iter().find(|r| r.region == Role::Standby.region()) {
        None => tr!(lang, "DynamoDB: una sola Región", "DynamoDB: one Region only"),
        Some(r) if r.status == TableStatus::Active => {
            tr!(lang, "DynamoDB: tabla global, en los dos sentidos", "DynamoDB: global table, both ways")
        }
        Some(r) => tr!(lang, "DynamoDB: réplica {}", "DynamoDB: replica {}", r.status),
    }
}
