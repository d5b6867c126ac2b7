//! The drill as it runs: probes on the beat, the fault after the steady phase, steps by the learner's
//! orders or by itself, until all is well again.
//!
//! All of it is one task. So on a clock that jumps, time cannot run on while an answer is worked out.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::mpsc;

use super::closing::close;
use super::context::DrillContext;
use super::event::{Ending, Event, Kind, Undo, VERSION, What};
use super::plan::{Order, Plan, Step};
use super::prepare::Ready;
use super::probe::{Probed, Prober};
use super::record::Recorder;
use super::recover::undo_of_step;
use super::report::Report;
use super::state::{Due, State};
use super::{DrillError, identity};
use crate::cloud::{ActionError, Note};
use ground::clock::Moment;
use ground::lang::Said;

/// Between two looks at the lag, in the world's time: CloudWatch has a new value each minute at most.
const SAMPLE: Duration = Duration::from_secs(10);

/// Runs a drill to its end: what it breaks is mended, and its reports are in its folder. Dropping the
/// future leaves the log; [`super::find_unfinished`] then offers to finish or undo.
///
/// # Errors
/// When a drill cannot begin, the log cannot be written, or the world refuses a fault or its undo.
pub async fn run(
    context: DrillContext,
    plan: Plan,
    orders: mpsc::Receiver<Order>,
    tell: impl Fn(&Event),
) -> Result<Report, DrillError> {
    let Ready { prober, database } = context.prepare(&plan, &tell).await?;
    let began = context.clock.now();
    let (run, endpoints) = (prober.run.clone(), prober.endpoints.clone());
    let what = What::Began { version: VERSION, run, plan: plan.clone(), scene: endpoints.clone() };
    let recorder = Recorder::begin(&context, &prober.run, Event { at: began, what }, tell)?;
    let (notes, told) = mpsc::unbounded_channel();
    let state = State::new(plan.clone(), endpoints, began);
    let work = FuturesUnordered::new();
    let mut running = Running {
        context,
        plan,
        prober,
        database,
        recorder,
        state,
        work,
        notes,
        numbers: [0; 3],
        flying: 0,
        over: false,
    };
    let ending = running.probe(orders, told).await?;
    let Running { context, prober, mut recorder, .. } = running;
    close(&context, &prober, &mut recorder, ending).await
}

/// Something that is under way.
type Pending = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// What came of it.
enum Outcome {
    Probed(Probed),
    Strike,
    Broke(Result<(), ActionError>),
    Stepped(Step, Result<(), ActionError>),
    Lag(Option<u64>),
}

struct Running<T> {
    context: DrillContext,
    plan: Plan,
    prober: Prober,
    database: String,
    recorder: Recorder<T>,
    state: State,
    work: FuturesUnordered<Pending>,
    notes: mpsc::UnboundedSender<Note>,
    /// How many probes of each kind have been sent.
    numbers: [u64; 3],
    /// How many are not yet answered.
    flying: usize,
    /// Whether probing is over: nothing is broken any more then.
    over: bool,
}

impl<T: Fn(&Event)> Running<T> {
    /// Probes until the drill is over and the last probe has ended.
    async fn probe(
        &mut self,
        mut orders: mpsc::Receiver<Order>,
        mut told: mpsc::UnboundedReceiver<Note>,
    ) -> Result<Ending, DrillError> {
        let clock = self.context.clock.clone();
        let mut next = beat(clock.now(), self.plan.every);
        let mut sleep = Box::pin(clock.sleep_until(next));
        let (mut ending, mut listening) = (None, true);
        loop {
            tokio::select! {
                biased;
                Some(note) = told.recv() => self.recorder.record(vec![note.into()])?,
                order = orders.recv(), if listening => match order {
                    Some(order) => ending = ending.or(self.obey(order)?),
                    None => listening = false,
                },
                Some(outcome) = self.work.next() => self.take(outcome).await?,
                () = &mut sleep => {
                    let now = clock.now();
                    next = beat(now, self.plan.every);
                    sleep = Box::pin(clock.sleep_until(next));
                    if ending.is_none() {
                        self.send(now);
                    }
                }
            }
            if ending.is_none() {
                ending = self.proceed()?;
            }
            self.over = ending.is_some();
            if let Some(ending) = ending.filter(|_| self.flying == 0) {
                return Ok(ending);
            }
        }
    }

    /// Sends a probe of each kind, and looks at the lag from time to time.
    fn send(&mut self, now: Moment) {
        for kind in Kind::ALL {
            let number = &mut self.numbers[kind as usize];
            *number += 1;
            self.flying += 1;
            let sent = self.prober.clone().send(kind, *number, self.state.host.clone());
            self.work.push(Box::pin(async move { Outcome::Probed(sent.await) }));
        }
        let every = u64::try_from(self.plan.every.as_millis()).unwrap_or(u64::MAX);
        let sample = u64::try_from(SAMPLE.as_millis()).unwrap_or(u64::MAX).max(every);
        if now.0 % sample < every {
            let (cloud, id) = (self.context.cloud.clone(), self.database.clone());
            self.work.push(Box::pin(async move { Outcome::Lag(cloud.replication_lag(&id).await) }));
        }
    }

    /// Writes down what has ended: all that is ready at once, so that one sync serves them all.
    async fn take(&mut self, first: Outcome) -> Result<(), DrillError> {
        let mut events = Vec::new();
        self.event(first, &mut events)?;
        while let Some(Some(outcome)) = futures_util::FutureExt::now_or_never(self.work.next()) {
            self.event(outcome, &mut events)?;
        }
        self.record(events)
    }

    fn event(&mut self, outcome: Outcome, events: &mut Vec<Event>) -> Result<(), DrillError> {
        let at = self.context.clock.now();
        match outcome {
            Outcome::Probed(Probed { at, probe, host }) => {
                self.flying -= 1;
                if let Some(host) = host {
                    self.state.host = host;
                }
                events.push(Event { at, what: What::Probe(probe) });
            }
            Outcome::Strike if self.over => {}
            Outcome::Strike => self.strike()?,
            Outcome::Broke(result) => result?,
            Outcome::Lag(None) => {}
            Outcome::Lag(Some(ms)) => events.push(Event { at, what: What::Lag { ms } }),
            Outcome::Stepped(step, result) => {
                if step == Step::Mend && result.is_ok() {
                    let undo = Undo::Mend { fault: self.plan.fault };
                    events.push(Event { at, what: What::Undone { undo } });
                }
                let trouble: Option<Said> = result.err().map(|e| e.text);
                events.push(Event { at, what: What::Ended { step, trouble } });
            }
        }
        Ok(())
    }

    fn record(&mut self, events: Vec<Event>) -> Result<(), DrillError> {
        events.iter().for_each(|event| self.state.take(event));
        self.recorder.record(events)
    }

    /// Does what is due.
    fn proceed(&mut self) -> Result<Option<Ending>, DrillError> {
        while let Some(due) = self.state.due(self.context.clock.now()) {
            match due {
                Due::End(ending) => return Ok(Some(ending)),
                Due::Notice(by) => self.record_now(vec![What::Detected { by }])?,
                Due::Step(step) => self.begin(step)?,
                Due::Fault => {
                    // On the beat every write has had a whole beat to arrive. A fault knows no beat.
                    self.state.striking = true;
                    let (clock, wait) = (self.context.clock.clone(), self.off_beat());
                    self.work.push(Box::pin(async move {
                        clock.sleep(wait).await;
                        Outcome::Strike
                    }));
                }
            }
        }
        Ok(None)
    }

    /// Breaks it. The undo is on the disk before; time counts from the asking.
    fn strike(&mut self) -> Result<(), DrillError> {
        let fault = self.plan.fault;
        let switchboard = self.context.switchboard(fault)?;
        self.record_now(vec![What::Undo { undo: Undo::Mend { fault } }, What::Fault { fault }])?;
        self.work.push(Box::pin(async move { Outcome::Broke(switchboard.apply(fault).await) }));
        Ok(())
    }

    /// A part of a beat, another in each run.
    fn off_beat(&self) -> Duration {
        let draw = identity::uuid(&self.prober.run, Kind::Read, 0).as_u128() % 1000;
        self.plan.every.mul_f64(draw as f64 / 1000.0)
    }

    fn obey(&mut self, order: Order) -> Result<Option<Ending>, DrillError> {
        self.record_now(vec![What::Asked { order }])?;
        match order.step() {
            None => return Ok(Some(Ending::Stopped)),
            Some(step) if self.state.is_running(step) => {}
            Some(step) => self.begin(step)?,
        }
        Ok(None)
    }

    fn begin(&mut self, step: Step) -> Result<(), DrillError> {
        let undo = undo_of_step(step).map(|undo| What::Undo { undo });
        self.record_now(undo.into_iter().chain([What::Step { step }]).collect())?;
        let doing = self.context.clone().step(step, self.plan.breaks(), self.notes.clone());
        self.work.push(Box::pin(async move { Outcome::Stepped(step, doing.await) }));
        Ok(())
    }

    fn record_now(&mut self, whats: Vec<What>) -> Result<(), DrillError> {
        let at = self.context.clock.now();
        self.record(whats.into_iter().map(|what| Event { at, what }).collect())
    }
}

/// The next whole beat after a moment: all probes of a drill go out on one.
fn beat(now: Moment, every: Duration) -> Moment {
    let every = u64::try_from(every.as_millis()).unwrap_or(u64::MAX).max(1);
    Moment((now.0 / every).saturating_add(1).saturating_mul(every))
}
