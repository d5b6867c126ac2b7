//! The drill's terms in both languages: one name for each thing, the field's own where it has one.

use std::time::Duration;

use super::time;
use crate::cloud::{Fault, Move};
use crate::drill::timeline::Phase;
use crate::drill::{Ending, Hands, Kind, Outcome, Plan, Signal, Step};
use ground::lang::{Lang, Text, printable};
use ground::tr;

pub(super) fn of(lang: Lang, es: &'static str, en: &'static str) -> &'static str {
    Text::new(es, en).get(lang)
}

/// What a fault is called.
#[must_use]
pub fn fault(fault: Fault, l: Lang) -> &'static str {
    match fault {
        Fault::Bucket => of(l, "cubo de páginas", "pages bucket"),
        Fault::Api => of(l, "API de la primaria", "primary's API"),
        Fault::Instance => of(l, "instancia de la primaria", "primary's instance"),
        Fault::Region => of(l, "toda la Región primaria", "whole primary Region"),
        Fault::Network => of(l, "red entre las Regiones", "network between the Regions"),
        Fault::Lag => of(l, "retardo de la réplica", "replication lag"),
    }
}

/// Planned or unplanned, with the term of AWS's own orders where the language has another.
#[must_use]
pub fn mode(mode: Move, l: Lang) -> &'static str {
    match mode {
        Move::Failover => of(l, "conmutación por avería (failover)", "unplanned failover"),
        Move::Switchover => of(l, "traspaso planeado (switchover)", "planned switchover"),
    }
}

/// The same name without the term, for narrow places.
#[must_use]
pub fn mode_short(mode: Move, l: Lang) -> &'static str {
    match mode {
        Move::Failover => of(l, "conmutación por avería", "unplanned failover"),
        Move::Switchover => of(l, "traspaso planeado", "planned switchover"),
    }
}

/// What a plan is, with its fault.
#[must_use]
pub fn title(plan: &Plan, l: Lang) -> String {
    let mode = mode(plan.mode, l);
    match plan.breaks() {
        Some(broken) => format!("{mode}: {}", fault(broken, l)),
        None => mode.to_owned(),
    }
}

/// What sets a plan apart from others, in few words: its fault, or that it is planned.
#[must_use]
pub fn subject(plan: &Plan, l: Lang) -> &'static str {
    plan.breaks().map_or_else(|| mode_short(plan.mode, l), |broken| fault(broken, l))
}

/// Where every time of a drill begins, within a sentence.
#[must_use]
pub fn start(mode: Move, l: Lang) -> &'static str {
    match mode {
        Move::Failover => of(l, "la avería", "the fault"),
        Move::Switchover => of(l, "el primer paso", "the first step"),
    }
}

/// Who acts.
#[must_use]
pub fn hands(hands: Hands, l: Lang) -> &'static str {
    match hands {
        Hands::Auto => of(l, "automático", "automatic"),
        Hands::Learner => of(l, "a mano", "by hand"),
    }
}

/// What a kind of probe tries, with its store.
#[must_use]
pub fn kind(kind: Kind, l: Lang) -> &'static str {
    match kind {
        Kind::Read => of(l, "Lecturas (borde)", "Reads (edge)"),
        Kind::User => of(l, "Usuarios (Aurora)", "Users (Aurora)"),
        Kind::Basket => of(l, "Cestas (DynamoDB)", "Baskets (DynamoDB)"),
    }
}

/// The same, in one word.
#[must_use]
pub fn kind_short(kind: Kind, l: Lang) -> &'static str {
    match kind {
        Kind::Read => of(l, "Lecturas", "Reads"),
        Kind::User => of(l, "Usuarios", "Users"),
        Kind::Basket => of(l, "Cestas", "Baskets"),
    }
}

/// One probe of a kind, or the write it made, by its number.
#[must_use]
pub fn probe(kind: Kind, number: u64, l: Lang) -> String {
    match kind {
        Kind::Read => tr!(l, "lectura {number}", "read {number}"),
        Kind::User => tr!(l, "usuario {number}", "user {number}"),
        Kind::Basket => tr!(l, "cesta {number}", "basket {number}"),
    }
}

/// What a phase is called.
#[must_use]
pub fn phase(phase: Phase, l: Lang) -> &'static str {
    match phase {
        Phase::Steady => of(l, "normal", "steady"),
        Phase::Fault => of(l, "avería", "fault"),
        Phase::Detected => of(l, "detectada", "detected"),
        Phase::FailingOver => of(l, "recuperando", "recovering"),
        Phase::Recovered => of(l, "recuperada", "recovered"),
        Phase::Reconciling => of(l, "cotejo", "look-up"),
    }
}

/// What a step of the recovery is called.
#[must_use]
pub fn step(step: Step, l: Lang) -> &'static str {
    match step {
        Step::FailOver => of(l, "Conmutar Aurora (failover)", "Fail Aurora over"),
        Step::SwitchOver => of(l, "Traspasar Aurora (switchover)", "Switch Aurora over"),
        Step::SwitchWrites => of(l, "Llevar las escrituras a la espera", "Send the writes to the standby"),
        Step::Mend => of(l, "Reparar la avería", "Mend the fault"),
    }
}

/// How a run ended.
#[must_use]
pub fn ending(ending: Ending, l: Lang) -> &'static str {
    match ending {
        Ending::Recovered => of(l, "recuperado", "recovered"),
        Ending::Limit => of(l, "se agotó el tiempo", "time ran out"),
        Ending::Stopped => of(l, "terminado por ti", "ended by you"),
        Ending::Resumed => of(l, "cortado y acabado después", "cut off, finished later"),
        Ending::Abandoned => of(l, "cortado y deshecho", "cut off and undone"),
    }
}

/// How a probe that failed did so.
#[must_use]
pub fn outcome(outcome: &Outcome, l: Lang) -> String {
    match outcome {
        Outcome::Good => of(l, "bien", "good").to_owned(),
        Outcome::Status { code } => tr!(l, "respondió {code}", "answered {code}"),
        Outcome::Refused => of(l, "conexión rechazada", "connection refused").to_owned(),
        Outcome::TimedOut => of(l, "sin respuesta a tiempo", "no answer in time").to_owned(),
        Outcome::Garbled => of(l, "respuesta ilegible", "answer not understood").to_owned(),
    }
}

/// By what the fault was noticed, or why it was not.
#[must_use]
pub fn signal(signal: &Signal, l: Lang) -> String {
    match signal {
        Signal::Probes { kind, failed } => {
            let kind = kind_short(*kind, l).to_lowercase();
            tr!(l, "{failed} fallos seguidos de {kind}", "{failed} failures of {kind} in a row")
        }
        Signal::Edge { region } => {
            let region = printable(region);
            tr!(l, "el borde pasó a servir desde {region}", "the edge began to serve from {region}")
        }
        Signal::Lag { ms } => {
            let lag = time(Duration::from_millis(*ms), l);
            tr!(l, "la réplica va {lag} por detrás", "the replica is {lag} behind")
        }
        Signal::Grace => tr!(
            l,
            "las sondas no vieron fallo alguno y Espera actuó por su cuenta",
            "the probes saw no failure and Espera acted of its own accord"
        ),
    }
}
