//! The drill's terms in both languages, for the screen, the linear text and the command line alike.

use std::time::Duration;

use crate::cloud::Fault;
use crate::drill::explain::{self, time};
use crate::drill::timeline::Phase;
use crate::drill::{Ending, Hands, Kind, Mode, Outcome, Signal, Step};
use crate::lang::{Lang, Text};
use crate::tr;

fn of(lang: Lang, es: &'static str, en: &'static str) -> &'static str {
    Text::new(es, en).get(lang)
}

/// What a fault is called.
#[must_use]
pub fn fault(fault: Fault, l: Lang) -> &'static str {
    explain::fault_name(fault).get(l)
}

/// What a fault does to the shop.
#[must_use]
pub fn effect(fault: Fault, l: Lang) -> &'static str {
    match fault {
        Fault::Bucket => of(
            l,
            "El cubo de us-east-1 responde 403: el borde pasa a leer de us-west-1.",
            "The bucket in us-east-1 answers 403: the edge goes on to read from us-west-1.",
        ),
        Fault::Api => of(
            l,
            "La API de us-east-1 responde 5xx: fallan las escrituras, las páginas no.",
            "The API in us-east-1 answers 5xx: writes fail, pages do not.",
        ),
        Fault::Instance => of(
            l,
            "La instancia de us-east-1 se para: fallan los usuarios, las cestas no.",
            "The instance in us-east-1 is stopped: users fail, baskets do not.",
        ),
        Fault::Region => of(
            l,
            "us-east-1 acepta conexiones y no contesta nunca: lo más parecido a perder la Región.",
            "us-east-1 takes connections and never answers: the nearest thing to losing the Region.",
        ),
        Fault::Network => of(
            l,
            "Nada cruza entre las Regiones: la réplica se para, las dos siguen vivas.",
            "Nothing crosses between the Regions: replication stops, both stay alive.",
        ),
        Fault::Lag => of(
            l,
            "La réplica de Aurora se retrasa cada vez más: lo que perderías va creciendo.",
            "Aurora's replica falls further and further behind: what you would lose grows.",
        ),
    }
}

/// How a fault is undone.
#[must_use]
pub fn undo(fault: Fault, l: Lang) -> &'static str {
    match fault {
        Fault::Bucket => of(
            l,
            "Quita de la política del cubo la instrucción que lo niega.",
            "Takes the denying statement out of the bucket's policy.",
        ),
        Fault::Api => of(l, "La API vuelve a contestar.", "The API answers again."),
        Fault::Instance => of(l, "Arranca la instancia.", "Starts the instance."),
        Fault::Region => of(
            l,
            "La Región vuelve a contestar; las bases se ponen al día.",
            "The Region answers again; the databases catch up.",
        ),
        Fault::Network => {
            of(l, "Vuelve a haber red entre las Regiones.", "The Regions reach each other again.")
        }
        Fault::Lag => of(l, "La réplica se pone al día.", "The replica catches up."),
    }
}

/// Planned or unplanned.
#[must_use]
pub fn mode(mode: Mode, l: Lang) -> &'static str {
    match mode {
        Mode::Failover => of(l, "no planeado (failover)", "unplanned (failover)"),
        Mode::Switchover => of(l, "planeado (switchover)", "planned (switchover)"),
    }
}

/// The same, in one word.
#[must_use]
pub fn mode_short(mode: Mode, l: Lang) -> &'static str {
    match mode {
        Mode::Failover => of(l, "no planeado", "unplanned"),
        Mode::Switchover => of(l, "planeado", "planned"),
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

/// What a phase is called.
#[must_use]
pub fn phase(phase: Phase, l: Lang) -> &'static str {
    match phase {
        Phase::Steady => of(l, "normal", "steady"),
        Phase::Fault => of(l, "avería", "fault"),
        Phase::Detected => of(l, "detectada", "detected"),
        Phase::FailingOver => of(l, "conmutando", "recovering"),
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

/// By what the fault was noticed.
#[must_use]
pub fn signal(signal: &Signal, l: Lang) -> String {
    match signal {
        Signal::Probes { kind, failed } => {
            let kind = kind_short(*kind, l).to_lowercase();
            tr!(l, "{failed} fallos seguidos de {kind}", "{failed} failures of {kind} in a row")
        }
        Signal::Edge { region } => {
            let region = crate::lang::printable(region);
            tr!(l, "el borde pasó a servir desde {region}", "the edge began to serve from {region}")
        }
        Signal::Lag { ms } => {
            let lag = time(Duration::from_millis(*ms), l);
            tr!(l, "la réplica va {lag} por detrás", "the replica is {lag} behind")
        }
        Signal::Grace => {
            tr!(l, "por nada: las sondas no vieron fallo alguno", "by nothing: the probes saw no failure")
        }
    }
}
