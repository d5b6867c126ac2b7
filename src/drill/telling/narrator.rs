//! A drill told line by line, for linear text and the command line: what happens is told at once, of
//! the probes only where they turn from good to failing and back.

use super::{plan, terms};
use crate::drill::{Event, Kind, Presence, Probe, Signal, Step, Undo, What};
use ground::clock::{Moment, span};
use ground::lang::Said;
use ground::lang::{Lang, printable};
use ground::tr;

/// Tells a run's events in order.
#[derive(Clone, Debug, Default)]
pub struct Narrator {
    began: Option<Moment>,
    /// The kinds that are failing, with the failures since they do.
    failing: [u64; Kind::ALL.len()],
    /// When the newest probe of each kind that has ended was sent: answers overtake each other, and an
    /// older one says nothing about the present.
    newest: [Moment; Kind::ALL.len()],
    looked_up: u64,
    lost: u64,
}

impl Narrator {
    /// The line an event is worth, if it is.
    pub fn tell(&mut self, event: &Event, lang: Lang) -> Option<String> {
        let began = *self.began.get_or_insert(event.at);
        let told = self.text(event, lang)?;
        let after = span(event.at.since(began));
        Some(format!("+{after:<9} {}", printable(&told)))
    }

    fn text(&mut self, event: &Event, l: Lang) -> Option<String> {
        Some(match &event.what {
            What::Began { plan, .. } => {
                let (mode, hands) = (terms::mode(plan.mode, l), terms::hands(plan.hands, l));
                tr!(l, "Empiezan las sondas: {mode}, {hands}", "Probes begin: {mode}, {hands}")
            }
            What::Probe(probe) => return self.probe(probe, l),
            What::Undo { .. } | What::Lag { .. } => return None,
            What::Fault { fault } => {
                let (name, effect) = (terms::fault(*fault, l), plan::effect(*fault, l));
                tr!(l, "AVERÍA: {name}. {effect}", "FAULT: {name}. {effect}")
            }
            What::Detected { by } => describe_detection(by, l),
            What::Asked { order } => match order.step() {
                Some(step) => {
                    let step = terms::step(step, l);
                    tr!(l, "Pides: {step}", "You ask for: {step}")
                }
                None => tr!(l, "Pides terminar", "You ask for the end"),
            },
            What::Step { step } => {
                let step = terms::step(*step, l);
                tr!(l, "Empieza: {step}", "Started: {step}")
            }
            What::Ended { step, trouble } => describe_step_end(*step, trouble.as_ref(), l),
            What::Note { text } => text.get(l).to_owned(),
            What::Reconciling { region } => {
                tr!(l, "Se busca cada escritura en {region}", "Every write is looked up in {region}")
            }
            What::Found { kind, number, presence } => {
                return self.describe_presence(*kind, *number, *presence, l);
            }
            What::Returned { kind, number } => {
                let write = terms::probe(*kind, *number, l);
                tr!(l, "Volvió al reparar: {write}", "Came back when mended: {write}")
            }
            What::Undone { undo } => match undo {
                Undo::Mend { fault } => plan::undo(*fault, l).to_owned(),
                Undo::Writes => {
                    tr!(l, "config.json vuelve a como estaba", "config.json is as it was again")
                }
            },
            What::Finished { ending } => {
                let (ending, all, lost) = (terms::ending(*ending, l), self.looked_up, self.lost);
                tr!(
                    l,
                    "Fin: {ending}; escrituras buscadas: {all}, perdidas: {lost}",
                    "End: {ending}; writes looked up: {all}, lost: {lost}"
                )
            }
        })
    }

    fn probe(&mut self, probe: &Probe, l: Lang) -> Option<String> {
        let kind = terms::kind(probe.kind, l);
        let failures = &mut self.failing[probe.kind as usize];
        let newest = &mut self.newest[probe.kind as usize];
        if probe.sent < *newest {
            *failures += u64::from(*failures > 0 && !probe.outcome.is_good());
            return None;
        }
        *newest = probe.sent;
        if probe.outcome.is_good() {
            let failures = std::mem::take(failures);
            return (failures > 0).then(|| {
                let region = probe.region.as_deref().unwrap_or("?");
                tr!(
                    l,
                    "{kind}: vuelve a funcionar desde {region}, tras {failures} fallos",
                    "{kind}: works again from {region}, after {failures} failures"
                )
            });
        }
        *failures += 1;
        (*failures == 1).then(|| {
            let what = terms::outcome(&probe.outcome, l);
            tr!(l, "{kind}: empieza a fallar, {what}", "{kind}: begins to fail, {what}")
        })
    }

    fn describe_presence(&mut self, kind: Kind, number: u64, presence: Presence, l: Lang) -> Option<String> {
        self.looked_up += 1;
        let write = terms::probe(kind, number, l);
        match presence {
            Presence::Present => None,
            Presence::Lost => {
                self.lost += 1;
                Some(tr!(l, "PERDIDA: {write}", "LOST: {write}"))
            }
            Presence::Unknown => {
                Some(tr!(l, "No se pudo buscar: {write}", "Could not be looked up: {write}"))
            }
        }
    }
}

fn describe_detection(by: &Signal, l: Lang) -> String {
    let told = terms::signal(by, l);
    match by {
        Signal::Grace => tr!(l, "Sin detectar: {told}", "Not detected: {told}"),
        Signal::Probes { .. } | Signal::Edge { .. } | Signal::Lag { .. } => {
            tr!(l, "Detectada: {told}", "Detected: {told}")
        }
    }
}

fn describe_step_end(step: Step, trouble: Option<&Said>, l: Lang) -> String {
    let step = terms::step(step, l);
    match trouble {
        None => tr!(l, "Hecho: {step}", "Done: {step}"),
        Some(trouble) => {
            let why = trouble.get(l);
            tr!(l, "Falló: {step}: {why}", "Failed: {step}: {why}")
        }
    }
}
