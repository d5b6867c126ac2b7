//! Stopping and starting instances. Stacks make and delete them; whether one runs is kept here.

use serde::{Deserialize, Serialize};
use std::time::Duration;

use super::Ec2;
use super::instances::{find, instance_ids};
use crate::call::{AwsError, Outcome, Reply, Request};
use crate::wire::Xml;
use ::cloudformation::engine::Engine;
use ground::clock::Moment;
use ground::seed;

/// How long an instance takes to stop.
const STOPS: Duration = Duration::from_secs(30);
/// How long it takes to run again, its server included.
const STARTS: Duration = Duration::from_secs(25);

/// Where an instance stands that was stopped once. Those not known to be otherwise run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Power {
    /// It starts.
    Pending,
    /// It runs.
    #[default]
    Running,
    /// It is being deleted.
    ShuttingDown,
    /// It stops: nothing on it answers any more.
    Stopping,
    /// It stands.
    Stopped,
}

impl Power {
    /// Code and name, as EC2 shows them.
    pub(super) fn code_and_name(self) -> (&'static str, &'static str) {
        match self {
            Power::Pending => ("0", "pending"),
            Power::Running => ("16", "running"),
            Power::ShuttingDown => ("32", "shutting-down"),
            Power::Stopping => ("64", "stopping"),
            Power::Stopped => ("80", "stopped"),
        }
    }
}

/// Does everything due at or before `at`.
pub fn step(ec2: &mut Ec2, at: Moment) {
    while let Some(id) = ec2.agenda.take(at) {
        match ec2.power(&id) {
            Power::Stopping => {
                ec2.power.insert(id, Power::Stopped);
            }
            Power::Pending => {
                ec2.power.remove(&id);
            }
            Power::Running | Power::ShuttingDown | Power::Stopped => {}
        }
    }
}

pub(super) fn stop(ec2: &mut Ec2, stacks: &Engine, call: &Request<'_>) -> Outcome {
    change(ec2, stacks, call, "stopped", |now| match now {
        Power::Running | Power::Pending => Some(Some((Power::Stopping, STOPS))),
        Power::Stopping | Power::Stopped => Some(None),
        Power::ShuttingDown => None,
    })
}

pub(super) fn start(ec2: &mut Ec2, stacks: &Engine, call: &Request<'_>) -> Outcome {
    change(ec2, stacks, call, "started", |now| match now {
        Power::Stopped => Some(Some((Power::Pending, STARTS))),
        Power::Running | Power::Pending => Some(None),
        Power::Stopping | Power::ShuttingDown => None,
    })
}

/// Changes every instance named, or none: `to` gives the next state and its duration, nothing where
/// there is nothing to do, `None` where it cannot be done.
fn change(
    ec2: &mut Ec2,
    stacks: &Engine,
    call: &Request<'_>,
    word: &str,
    to: impl Fn(Power) -> Option<Option<(Power, Duration)>>,
) -> Outcome {
    let ids = instance_ids(call)?;
    let found: Vec<(String, Power)> =
        find(ec2, stacks, call)?.into_iter().map(|(_, r, id)| (id.to_owned(), ec2.state(r, id))).collect();
    let mut changed = Vec::new();
    for id in ids {
        let Some((id, was)) = found.iter().find(|(own, _)| own == id) else { continue };
        let next = to(*was).ok_or_else(|| {
            let text = format!("The instance '{id}' is not in a state from which it can be {word}.");
            AwsError::new("IncorrectInstanceState", text)
        })?;
        changed.push((id.clone(), *was, next));
    }
    for (id, _, next) in &changed {
        let Some((power, takes)) = next else { continue };
        let draw = seed::hash(call.scene.seed, &[id, &call.now.0.to_string()]);
        let takes = seed::spread(draw, *takes).mul_f64(call.scene.scale());
        ec2.power.insert(id.clone(), *power);
        ec2.agenda.retain(|other| other != id);
        ec2.agenda.add(call.now.after(takes), id.clone());
    }
    Ok(Reply::ec2(call, |xml| {
        xml.list("instancesSet", "item", &changed, |xml, (id, was, next)| {
            xml.text("instanceId", id);
            state(xml, "currentState", next.map_or(*was, |(power, _)| power));
            state(xml, "previousState", *was);
        });
    }))
}

/// A state as EC2 writes it.
pub(super) fn state(xml: &mut Xml, name: &str, power: Power) {
    let (code, text) = power.code_and_name();
    xml.nest(name, |xml| {
        xml.text("code", code);
        xml.text("name", text);
    });
}
