//! Signals: what a creation policy or a wait condition waits for, from simulated machines or from
//! `SignalResource`, and what happens when they do not come.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::operation::{JobState, Signals, Task};
use super::resource::StackResource;
use super::run::{Run, Verb};
use ground::seed;

const WAIT_CONDITION: &str = "AWS::CloudFormation::WaitCondition";

/// What a machine does between its start and its signal, on average.
const BOOTSTRAP: Duration = Duration::from_secs(75);

/// Lets job `i` wait for signals if its resource wants any; says whether it does.
pub(super) fn expect(run: &mut Run<'_>, i: usize) -> bool {
    let Ok(model) = run.model() else { return false };
    let Some(resource) = run.target(i) else { return false };
    let Some(spec) = model.template.resources.get(&resource.logical_id) else { return false };
    let Some((count, timeout)) = required_signals(&spec.creation_policy, resource) else { return false };
    let patience = period(&timeout).mul_f64(run.host.scale().max(1.0));
    let senders = senders(resource, count, &run.stack.wish.template);
    let mean = match resource.kind.as_str() {
        WAIT_CONDITION => run.host.creating(WAIT_CONDITION).min(patience / 2),
        _ => BOOTSTRAP,
    };
    let takes: Vec<Duration> = {
        let cx = super::host::cx(run.host, run.stack, resource, run.at);
        senders.iter().map(|unique| seed::spread(cx.hash(unique), mean).mul_f64(cx.scale)).collect()
    };
    let deadline = run.at.after(patience);
    let job = &mut run.op.jobs[i];
    job.state = JobState::Signalled;
    let early = job.signals.take().map(|signals| signals.received).unwrap_or_default();
    job.signals = Some(Signals { count, received: early, deadline, timeout });
    for (unique, takes) in senders.into_iter().zip(takes) {
        run.later(takes, Task::Signal(i, unique));
    }
    run.later(patience, Task::SignalsDue(i));
    run.enough(i);
    true
}

/// How many signals are wanted and for how long they are waited for (an ISO 8601 period).
fn required_signals(policy: &Value, resource: &StackResource) -> Option<(usize, String)> {
    let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let count =
        |from: &Value| from.get("Count").and_then(number).map_or(1, |n| usize::try_from(n).unwrap_or(1));
    if let Some(signal) = policy.get("ResourceSignal") {
        let timeout = signal.get("Timeout").and_then(Value::as_str).unwrap_or("PT5M");
        return Some((count(signal), timeout.to_owned()));
    }
    let waits = resource.kind == WAIT_CONDITION;
    let seconds = resource.props.get("Timeout").and_then(number).unwrap_or(300);
    waits.then(|| (count(&resource.props), format!("PT{seconds}S")))
}

/// Who will signal by themselves: the machines of a template that calls `cfn-signal` or the like.
fn senders(resource: &StackResource, count: usize, template: &str) -> Vec<String> {
    let calls = ["cfn-signal", "signal-resource", "SignalResource", "signal_resource"];
    if resource.kind != WAIT_CONDITION && !calls.iter().any(|call| template.contains(call)) {
        return Vec::new();
    }
    let own = resource.physical_id.clone().filter(|id| id.starts_with("i-"));
    (0..count)
        .map(|n| match (&own, n) {
            (Some(own), 0) => own.clone(),
            _ => {
                let state = seed::hash(n as u64, &[&resource.logical_id, &resource.kind]);
                format!("i-0{}", seed::letters(state, 16, seed::HEX))
            }
        })
        .collect()
}

/// The length of `PT1H30M15S`, or of plain seconds.
fn period(text: &str) -> Duration {
    let mut seconds = 0_u64;
    let mut number = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        let n: u64 = number.parse().unwrap_or(0);
        number.clear();
        seconds = seconds.saturating_add(match c {
            'D' => n.saturating_mul(86_400),
            'H' => n.saturating_mul(3600),
            'M' => n.saturating_mul(60),
            'S' => n,
            _ => 0,
        });
    }
    Duration::from_secs(seconds.min(43_200))
}

/// Whether a signal reports success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// The machine is ready.
    Success,
    /// It is not and will not be.
    Failure,
}

impl Run<'_> {
    /// A simulated machine reports success.
    pub(super) fn signal(&mut self, i: usize, unique: &str) {
        self.receive(i, unique, Report::Success);
    }

    /// A signal for job `i`.
    pub(super) fn receive(&mut self, i: usize, unique: &str, report: Report) {
        if !self.op.jobs[i].state.active() {
            return;
        }
        let word = if report == Report::Success { "SUCCESS" } else { "FAILURE" };
        let status = self.verb(i, Verb::Begun);
        self.tell(i, status, Some(&format!("Received {word} signal with UniqueId {unique}")));
        let failed = self.verb(i, Verb::Failed);
        let signals = self.op.jobs[i].signals.get_or_insert_with(|| Signals {
            count: usize::MAX,
            received: BTreeMap::new(),
            deadline: self.at,
            timeout: String::new(),
        });
        if report == Report::Failure {
            let reason = format!(
                "Received 1 FAILURE signal(s) out of {}. Unable to satisfy 100% MinSuccessfulInstancesPercent requirement",
                if signals.count == usize::MAX { 1 } else { signals.count }
            );
            return self.fail_job(i, failed, &reason);
        }
        signals.received.insert(unique.to_owned(), String::new());
        self.enough(i);
    }

    fn enough(&mut self, i: usize) {
        let job = &self.op.jobs[i];
        let Some(signals) = job.signals.as_ref().filter(|_| job.state == JobState::Signalled) else { return };
        if signals.received.len() < signals.count {
            return;
        }
        let data: serde_json::Map<String, Value> =
            signals.received.iter().map(|(unique, data)| (unique.clone(), data.clone().into())).collect();
        let id = job.logical_id.clone();
        if let Some(resource) = self.stack.resources.get_mut(&id).filter(|r| r.kind == WAIT_CONDITION) {
            resource.attributes.insert("Data".to_owned(), Value::String(Value::Object(data).to_string()));
        }
        self.complete(i);
    }

    /// The time to wait for signals has passed.
    pub(super) fn signals_due(&mut self, i: usize) {
        let job = &self.op.jobs[i];
        let Some(signals) = job.signals.as_ref().filter(|_| job.state == JobState::Signalled) else { return };
        let (received, count) = (signals.received.len(), signals.count);
        let waits = self.target(i).is_some_and(|r| r.kind == WAIT_CONDITION);
        let reason = if waits {
            format!("WaitCondition timed out. Received {received} conditions when expecting {count}")
        } else {
            format!(
                "Failed to receive {} resource signal(s) within the specified duration",
                count.saturating_sub(received)
            )
        };
        let status = self.verb(i, Verb::Failed);
        self.fail_job(i, status, &reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_cloudformation_writes_them() {
        assert_eq!(period("PT15M"), Duration::from_secs(900));
        assert_eq!(period("PT1H30M5S"), Duration::from_secs(5405));
        assert_eq!(period("PT600S"), Duration::from_secs(600));
    }
}
