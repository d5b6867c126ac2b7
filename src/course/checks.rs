//! What each check means: a pure function of the facts, with the reason when it does not pass yet.

use super::data::Check;
use crate::cloud::facts::{
    DistributionStatus, Facts, ForwardingStatus, Phase, Role, Stack, SynchronizationStatus, TableStatus,
    Whose,
};
use crate::cloud::names;
use ground::lang::Said;

/// What a check says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is true.
    Pass,
    /// It is on its way.
    Doing {
        /// What is going on.
        why: Said,
    },
    /// It is not true yet.
    NotYet {
        /// What is missing.
        why: Said,
    },
}

impl Default for Verdict {
    fn default() -> Self {
        not_yet("todavía no se ha mirado", "not looked at yet")
    }
}

impl Verdict {
    /// The name in machine-readable output: `pass`, `doing`, `not_yet`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Doing { .. } => "doing",
            Verdict::NotYet { .. } => "not_yet",
        }
    }
}

type Judge = fn(&Facts) -> Verdict;

const CHECKS: &[(&str, Judge)] = &[
    ("identity-known", identity_known),
    ("aws-reaches", aws_reaches),
    ("regions-ready", regions_ready),
    ("engine-available", engine_available),
    ("primary-complete", |f| stack_complete(f, names::PRIMARY)),
    ("primary-pages", |f| pages(f, Role::Primary)),
    ("writer-in-primary", |f| writer_in(f, Role::Primary)),
    ("standby-complete", |f| stack_complete(f, names::STANDBY)),
    ("standby-pages", |f| pages(f, Role::Standby)),
    ("database-replicates", database_replicates),
    ("table-replicated", table_replicated),
    ("forwarding-enabled", forwarding_enabled),
    ("basket-travels", basket_travels),
    ("distribution-deployed", distribution_deployed),
    ("edge-serves-primary", |f| edge_serves(f, Role::Primary)),
    ("primary-broken", primary_broken),
    ("writer-in-standby", |f| writer_in(f, Role::Standby)),
    ("edge-serves-standby", |f| edge_serves(f, Role::Standby)),
    ("drill-measured", drill_measured),
    ("stacks-gone", stacks_gone),
    ("nothing-left", nothing_left),
];

pub(super) fn is_known(id: &str) -> bool {
    CHECKS.iter().any(|(name, _)| *name == id)
}

/// What a check says to the facts. A check that is no other is a question's: it passes once the
/// question is among `Facts::right_answers` (see `Course::mark`).
#[must_use]
pub fn judge(check: &Check, facts: &Facts) -> Verdict {
    match CHECKS.iter().find(|(name, _)| *name == check.id) {
        Some((_, judge)) => match judge(facts) {
            Verdict::NotYet { .. } if !facts.knows_both_regions() && facts.trouble.is_some() => {
                not_yet("no se sabe: AWS aún no ha contestado", "unknown: AWS has not answered yet")
            }
            verdict => verdict,
        },
        None => match facts.right_answers.contains(&check.id) {
            true => Verdict::Pass,
            false => match facts.answers.contains_key(&check.id) {
                true => not_yet(
                    "la respuesta no es esa: vuelve a intentarlo",
                    "that is not the answer: try again",
                ),
                false => not_yet("sin responder", "not answered yet"),
            },
        },
    }
}

fn not_yet(es: impl Into<String>, en: impl Into<String>) -> Verdict {
    Verdict::NotYet { why: Said::new(es, en) }
}

fn in_progress(es: impl Into<String>, en: impl Into<String>) -> Verdict {
    Verdict::Doing { why: Said::new(es, en) }
}

fn identity_known(f: &Facts) -> Verdict {
    match &f.identity {
        Some(_) => Verdict::Pass,
        None => not_yet("nadie ha preguntado aún a STS quién eres", "nobody has asked STS who you are yet"),
    }
}

fn aws_reaches(f: &Facts) -> Verdict {
    let own = f.identity.as_ref().map_or("", |i| i.account.as_str());
    match &f.client {
        None => not_yet(
            "ningún `aws` de fuera de Espera ha llamado aún a este mundo",
            "no `aws` from outside Espera has called this world yet",
        ),
        Some(c) if !c.account.is_empty() && !own.is_empty() && c.account != own => not_yet(
            format!("{} responde por la cuenta {}, y Espera trabaja en la {own}", c.name, c.account),
            format!("{} answers for account {}, and Espera works in {own}", c.name, c.account),
        ),
        Some(_) => Verdict::Pass,
    }
}

fn regions_ready(f: &Facts) -> Verdict {
    for role in Role::ALL {
        let zones = f.region(role).zones.len();
        if zones < 2 {
            let r = role.region();
            return not_yet(
                format!("{r}: {zones} zonas de disponibilidad vistas, hacen falta 2"),
                format!("{r}: {zones} availability zones seen, 2 are needed"),
            );
        }
    }
    Verdict::Pass
}

fn engine_available(f: &Facts) -> Verdict {
    let common = f.primary.engine_versions.iter().any(|v| f.standby.engine_versions.contains(v));
    if common {
        return Verdict::Pass;
    }
    not_yet(
        "aún no hay una versión de Aurora MySQL común a las dos Regiones",
        "no Aurora MySQL version common to both Regions seen yet",
    )
}

fn stack_complete(f: &Facts, name: &str) -> Verdict {
    let Some(stack) = f.stack(name) else {
        return not_yet(format!("la pila {name} no existe"), format!("the stack {name} does not exist"));
    };
    match stack.status.phase() {
        Phase::Done => Verdict::Pass,
        phase if phase.is_moving() => {
            let (done, all) = (stack.done_count(), stack.expected.max(stack.resources.len()));
            in_progress(
                format!("{}: {done} de {all} recursos", stack.status),
                format!("{}: {done} of {all} resources", stack.status),
            )
        }
        _ => not_yet(format!("la pila está en {}", stack.status), format!("the stack is {}", stack.status)),
    }
}

fn pages(f: &Facts, role: Role) -> Verdict {
    match &f.region(role).bucket {
        None => not_yet("el cubo de páginas no existe", "the pages bucket does not exist"),
        Some(b) if b.published => Verdict::Pass,
        Some(b) => not_yet(
            format!("en {} faltan index.html o config.json", b.name),
            format!("{} lacks index.html or config.json", b.name),
        ),
    }
}

fn writer_in(f: &Facts, role: Role) -> Verdict {
    let region = role.region();
    if let Some(failover) = f.database.as_ref().and_then(|d| d.failover.as_ref()) {
        return in_progress(
            format!("la base global está en {}", failover.status),
            format!("the global database is {}", failover.status),
        );
    }
    match f.writer_region() {
        Some(r) if r == region => Verdict::Pass,
        Some(r) => not_yet(format!("quien escribe está en {r}"), format!("the writer is in {r}")),
        None => not_yet("no hay base de datos global", "there is no global database"),
    }
}

fn database_replicates(f: &Facts) -> Verdict {
    let Some(db) = &f.database else {
        return not_yet("no hay base de datos global", "there is no global database");
    };
    match db.members.iter().find(|m| m.region == Role::Standby.region()) {
        None => not_yet(
            "us-west-1 no es miembro de la base global",
            "us-west-1 is no member of the global database",
        ),
        Some(m) if m.synchronization == SynchronizationStatus::Connected => Verdict::Pass,
        Some(m) => in_progress(
            format!("sincronización: {}", m.synchronization),
            format!("synchronization: {}", m.synchronization),
        ),
    }
}

fn table_replicated(f: &Facts) -> Verdict {
    let Some(table) = &f.table else {
        return not_yet("la tabla no existe", "the table does not exist");
    };
    match table.replicas.iter().find(|r| r.region == Role::Standby.region()) {
        None => not_yet("la tabla no tiene réplica en us-west-1", "the table has no replica in us-west-1"),
        Some(r) if r.status == TableStatus::Active => Verdict::Pass,
        Some(r) => in_progress(format!("réplica: {}", r.status), format!("replica: {}", r.status)),
    }
}

fn forwarding_enabled(f: &Facts) -> Verdict {
    let member =
        f.database.as_ref().and_then(|d| d.members.iter().find(|m| m.region == Role::Standby.region()));
    match member.map(|m| &m.forwarding) {
        Some(ForwardingStatus::Enabled) => Verdict::Pass,
        Some(ForwardingStatus::Enabling) => in_progress("se está activando", "being enabled"),
        _ => not_yet(
            "el reenvío de escrituras no está activado en us-west-1",
            "write forwarding is not enabled in us-west-1",
        ),
    }
}

fn basket_travels(f: &Facts) -> Verdict {
    match &f.basket_probe {
        Some(p) if p.arrived.is_some() => Verdict::Pass,
        Some(_) => in_progress(
            "la cesta de prueba va de camino a us-west-1",
            "the probe basket is on its way to us-west-1",
        ),
        None => not_yet("ninguna cesta de prueba ha cruzado aún", "no probe basket has crossed yet"),
    }
}

fn distribution_deployed(f: &Facts) -> Verdict {
    match f.edge.as_ref().map(|e| &e.status) {
        Some(DistributionStatus::Deployed) => Verdict::Pass,
        Some(s) => in_progress(format!("la distribución está en {s}"), format!("the distribution is {s}")),
        None => not_yet("no hay distribución de CloudFront", "there is no CloudFront distribution"),
    }
}

fn edge_serves(f: &Facts, role: Role) -> Verdict {
    let Some(edge) = &f.edge else {
        return not_yet("no hay distribución de CloudFront", "there is no CloudFront distribution");
    };
    match (&edge.served_by, edge.last_code) {
        (Some(r), _) if r == role.region() => Verdict::Pass,
        (Some(r), _) => not_yet(format!("el borde sirve desde {r}"), format!("the edge serves from {r}")),
        (None, Some(code)) => {
            not_yet(format!("el borde responde {code}"), format!("the edge answers {code}"))
        }
        (None, None) => not_yet("el borde aún no ha respondido", "the edge has not answered yet"),
    }
}

fn primary_broken(f: &Facts) -> Verdict {
    match &f.primary.health {
        crate::cloud::facts::Health::Impaired { .. } => Verdict::Pass,
        _ => not_yet("la Región primaria está sana", "the primary Region is healthy"),
    }
}

fn drill_measured(f: &Facts) -> Verdict {
    match &f.drill {
        Some(drill) if drill.acknowledged > 0 => Verdict::Pass,
        Some(_) => not_yet(
            "el último simulacro no llegó a confirmar ninguna escritura: repítelo",
            "in the last drill no write was acknowledged: repeat it",
        ),
        None => not_yet("ningún simulacro ha terminado aún", "no drill has been finished yet"),
    }
}

fn stacks_gone(f: &Facts) -> Verdict {
    let ours = |s: &&Stack| s.whose == Whose::Ours && s.status.phase() != Phase::Deleted;
    let left: Vec<_> = f.stacks().map(|(_, s)| s).filter(ours).collect();
    if let Some(stack) = left.iter().find(|s| s.status.phase() == Phase::Deleting) {
        return in_progress(
            format!("{} se está borrando", stack.name),
            format!("{} is being deleted", stack.name),
        );
    }
    match left.first() {
        None if f.sweep.is_none() => {
            not_yet("aún no se ha limpiado ni barrido", "not cleaned up and swept yet")
        }
        None => Verdict::Pass,
        Some(s) => not_yet(format!("{} sigue ahí", s.name), format!("{} is still there", s.name)),
    }
}

fn nothing_left(f: &Facts) -> Verdict {
    match &f.sweep {
        None => not_yet("falta el barrido que lo prueba", "the sweep that proves it has not been made"),
        Some(s) if s.left.is_empty() => Verdict::Pass,
        Some(s) => {
            let (n, first) = (s.left.len(), &s.left[0]);
            not_yet(
                format!("quedan {n}: {} {} en {}", first.kind, first.name, first.region),
                format!("{n} left: {} {} in {}", first.kind, first.name, first.region),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::facts::{Client, Identity};

    #[test]
    fn an_aws_reaches_this_world_if_it_came_here_or_answers_for_the_same_account() {
        let client =
            |account: &str| Client { name: "aws-cli/2.31.0".to_owned(), account: account.to_owned() };
        let mut facts = Facts::default();
        assert!(matches!(aws_reaches(&facts), Verdict::NotYet { .. }));
        facts.client = Some(client(""));
        assert_eq!(aws_reaches(&facts), Verdict::Pass, "the world itself met it");
        facts.identity = Some(Identity { account: "123456789012".to_owned(), ..Identity::default() });
        assert_eq!(aws_reaches(&facts), Verdict::Pass);
        facts.client = Some(client("123456789012"));
        assert_eq!(aws_reaches(&facts), Verdict::Pass);
        facts.client = Some(client("111122223333"));
        let Verdict::NotYet { why } = aws_reaches(&facts) else { panic!("another account passed") };
        assert!(why.get(ground::lang::Lang::En).contains("111122223333"));
    }
}
