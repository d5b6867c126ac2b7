//! The end of a drill: every acknowledged write is looked up in the surviving Region, what was done is
//! taken back, and the reports are written.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};

use super::context::DrillContext;
use super::event::{Ending, Event, Kind, Presence, Undo, What};
use super::history::{Run, outstanding_undos};
use super::probe::Prober;
use super::record::Recorder;
use super::report::Report;
use super::{DrillError, export};
use crate::cloud::Move;
use crate::cloud::facts::Role;

/// How many look-ups are under way at once.
const AT_ONCE: usize = 16;
/// Between two rounds of looking for what was not found, in the world's time.
const ROUND: Duration = Duration::from_secs(5);
/// How long a write may still arrive after a fault before it counts as lost.
const LATE: Duration = Duration::from_secs(30);
/// The same when nothing keeps it from arriving: after a planned move, or once all is mended.
const LATE_PLANNED: Duration = Duration::from_secs(300);
/// How often an undo is tried before the drill gives up on it, and the time between.
const TRIES: u32 = 6;

/// Reconciles, undoes, ends and reports.
pub(super) async fn close<T: Fn(&Event)>(
    context: &DrillContext,
    prober: &Prober,
    recorder: &mut Recorder<T>,
    ending: Ending,
) -> Result<Report, DrillError> {
    let reconciled = reconcile(context, prober, recorder).await;
    // What is broken is mended even when nothing could be written down.
    take_back(context, recorder).await?;
    reconciled?;
    look_again(context, prober, recorder).await?;
    finish(context, recorder, ending)
}

/// Writes the end down, and the reports beside the log.
pub(super) fn finish<T: Fn(&Event)>(
    context: &DrillContext,
    recorder: &mut Recorder<T>,
    ending: Ending,
) -> Result<Report, DrillError> {
    recorder.record_one(context.clock.now(), What::Finished { ending })?;
    let report = recorder.report();
    let run = Run::load(&context.folder, &report.run)?;
    export::write(&context.folder.join(&report.run), &run, context.lang)?;
    Ok(report)
}

/// Looks every acknowledged write up. What is not there may still be under way, so it is asked for again
/// until time is up.
async fn reconcile<T: Fn(&Event)>(
    context: &DrillContext,
    prober: &Prober,
    recorder: &mut Recorder<T>,
) -> Result<(), DrillError> {
    let region = Role::Standby.region().to_owned();
    let began = context.clock.now();
    recorder.record_one(began, What::Reconciling { region })?;
    let report = recorder.report();
    let late = match report.plan.mode {
        Move::Failover => LATE,
        Move::Switchover => LATE_PLANNED,
    };
    let unknown = |kind| report.loss(kind).map(|l| l.unknown.clone()).unwrap_or_default();
    let mut open: Vec<(Kind, u64)> = Vec::new();
    for kind in Kind::WRITES {
        open.extend(unknown(kind).into_iter().map(|number| (kind, number)));
    }
    loop {
        let found = look_up(prober, &open).await;
        let (here, away): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, p)| *p == Presence::Present);
        record_presence(context, recorder, here)?;
        open = away.iter().map(|(write, _)| *write).collect();
        if open.is_empty() {
            return Ok(());
        }
        if context.clock.now().since(began) >= late {
            return record_presence(context, recorder, away);
        }
        context.clock.sleep(ROUND).await;
    }
}

async fn look_up(prober: &Prober, writes: &[(Kind, u64)]) -> Vec<((Kind, u64), Presence)> {
    let asked = writes
        .iter()
        .copied()
        .map(|(kind, number)| async move { ((kind, number), prober.look_up(kind, number).await) });
    let found: BTreeMap<_, _> = stream::iter(asked).buffer_unordered(AT_ONCE).collect().await;
    found.into_iter().collect()
}

fn record_presence<T: Fn(&Event)>(
    context: &DrillContext,
    recorder: &mut Recorder<T>,
    found: Vec<((Kind, u64), Presence)>,
) -> Result<(), DrillError> {
    let at = context.clock.now();
    let event = |((kind, number), presence)| Event { at, what: What::Found { kind, number, presence } };
    recorder.record(found.into_iter().map(event).collect())
}

/// Takes back all that is on record as done.
pub(super) async fn take_back<T: Fn(&Event)>(
    context: &DrillContext,
    recorder: &mut Recorder<T>,
) -> Result<(), DrillError> {
    for undo in outstanding_undos(&recorder.events) {
        let mut tries = 0;
        while let Err(error) = context.take_back(&undo).await {
            tries += 1;
            if tries == TRIES {
                return Err(DrillError::NotUndone { what: name(&undo), error });
            }
            context.clock.sleep(ROUND).await;
        }
        recorder.record_one(context.clock.now(), What::Undone { undo })?;
    }
    Ok(())
}

fn name(undo: &Undo) -> String {
    match undo {
        Undo::Mend { fault } => fault.to_string(),
        Undo::Writes => "config.json".to_owned(),
    }
}

/// Looks for the lost once more now that the primary is back: what DynamoDB had not sent yet arrives then.
/// What Aurora lost does not, so nothing is waited for on its account.
async fn look_again<T: Fn(&Event)>(
    context: &DrillContext,
    prober: &Prober,
    recorder: &mut Recorder<T>,
) -> Result<(), DrillError> {
    let report = recorder.report();
    let lost = |kind: Kind| report.loss(kind).map(|l| l.lost.as_slice()).unwrap_or_default().iter();
    let mut open: Vec<_> =
        Kind::WRITES.into_iter().flat_map(|k| lost(k).map(move |w| (k, w.number))).collect();
    let began = context.clock.now();
    while !open.is_empty() {
        context.clock.sleep(ROUND).await;
        let found = look_up(prober, &open).await;
        let (back, away): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, p)| *p == Presence::Present);
        let at = context.clock.now();
        let event = |((kind, number), _)| Event { at, what: What::Returned { kind, number } };
        recorder.record(back.into_iter().map(event).collect())?;
        open = away.into_iter().map(|(write, _)| write).collect();
        if at.since(began) >= LATE_PLANNED || open.iter().all(|(kind, _)| *kind == Kind::User) {
            break;
        }
    }
    Ok(())
}
