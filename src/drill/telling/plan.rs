//! What a drill will do before it is begun: its effect, how that is undone, what comes afterwards, and
//! what it costs in an account. And what to know before one is ended, or something broken by hand.

use super::terms::of;
use crate::cloud::Fault;
use crate::drill::Plan;
use ground::lang::Lang;
use ground::tr;

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

/// What a plan does: its fault's effect, or the planned switchover.
#[must_use]
pub fn effect_of(plan: &Plan, l: Lang) -> &'static str {
    match plan.breaks() {
        Some(fault) => effect(fault, l),
        None => of(
            l,
            "Nada se rompe: Aurora se traspasa a us-west-1 esperando a la réplica. No debe perder nada.",
            "Nothing breaks: Aurora is switched over to us-west-1, waiting for the replica. It must lose nothing.",
        ),
    }
}

/// How a plan's fault is undone; `None` when nothing breaks.
#[must_use]
pub fn undo_of(plan: &Plan, l: Lang) -> Option<&'static str> {
    plan.breaks().map(|fault| undo(fault, l))
}

/// What follows the recovery, and what stays.
#[must_use]
pub fn afterwards(l: Lang) -> &'static str {
    of(
        l,
        "se busca cada escritura confirmada en us-west-1. El escritor de Aurora se queda allí; config.json se restaura.",
        "every acknowledged write is looked up in us-west-1. Aurora's writer stays there; config.json is restored.",
    )
}

/// What a plan costs in an account.
#[must_use]
pub fn price(plan: &Plan, l: Lang) -> String {
    let requests = (plan.requests_per_second() * plan.limit.as_secs_f64()).round();
    tr!(
        l,
        "hasta {requests} peticiones en tu cuenta (céntimos); el taller sigue costando unos 0,62 USD por hora.",
        "up to {requests} requests on your account (cents); the workshop goes on costing about 0.62 USD an hour."
    )
}

/// What to know of a drill that was cut off.
#[must_use]
pub fn about_cut_off(l: Lang) -> &'static str {
    of(
        l,
        "Su registro está entero; la avería puede seguir puesta.",
        "Its log is whole; the fault may still be in place.",
    )
}

/// What ending a drill early does.
#[must_use]
pub fn effect_of_stopping(l: Lang) -> &'static str {
    of(
        l,
        "Las sondas paran ya, la avería se deshace y cada escritura confirmada se busca. El informe dirá que lo terminaste tú.",
        "The probes stop now, the fault is undone and every acknowledged write is looked up. The report will say that you ended it.",
    )
}

/// How long what is broken by hand stays so.
#[must_use]
pub fn how_long_it_stays(l: Lang) -> &'static str {
    of(
        l,
        "Sigue roto hasta que lo repares (B), también tras cerrar Espera.",
        "It stays broken until you mend it (B), also after Espera is closed.",
    )
}
