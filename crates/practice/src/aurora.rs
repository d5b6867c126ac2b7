//! Aurora's replication: commits carry a sequence number and reach the other Regions after a lag. A
//! failover keeps what had arrived and loses the rest; a switchover waits for everything.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::faults::Faults;
use crate::rds::{FailoverStatus, Global, Rds, Replication};
use crate::scenario::Scenario;
use crate::scene::Scene;
use ground::clock::Moment;
use ground::seed;

/// One committed change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Commit {
    /// Its place in the order of all commits; the first is 1.
    pub sequence: u64,
    /// When it was acknowledged.
    pub at: Moment,
    /// What changed: the business of the program that wrote it.
    pub change: Value,
}

/// A cluster that follows the writer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Follower {
    /// The last sequence that has arrived.
    arrived: u64,
    /// Sequences on their way, and when they arrive.
    under_way: VecDeque<(Moment, u64)>,
    /// Whether it follows at all: not between an unplanned failover and its resynchronization.
    detached: bool,
}

/// The commits of one global database.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Stream {
    /// The writer's cluster ARN.
    writer: String,
    /// In order and without gaps: the first has the sequence 1.
    commits: Vec<Commit>,
    last: u64,
    /// Keys that are unique among the commits, and the sequence of the commit that took each.
    #[serde(default)]
    keys: BTreeMap<String, u64>,
    /// Which global database it is of: another one may be given the same identifier later.
    #[serde(default)]
    of: String,
    /// By cluster ARN.
    followers: BTreeMap<String, Follower>,
}

impl Stream {
    /// A stream whose writer is the cluster `writer`.
    #[must_use]
    pub fn new(writer: &str) -> Stream {
        Stream { writer: writer.to_owned(), ..Stream::default() }
    }

    /// Lets a cluster follow, with everything there is up to now.
    pub fn follow(&mut self, arn: &str) {
        let arrived = self.last;
        self.followers.entry(arn.to_owned()).or_insert(Follower { arrived, ..Follower::default() });
    }

    /// Acknowledges a change; it arrives at each follower after `lag`. Gives its sequence.
    pub fn commit(&mut self, now: Moment, change: Value, lag: Duration) -> u64 {
        self.last += 1;
        self.commits.push(Commit { sequence: self.last, at: now, change });
        for follower in self.followers.values_mut().filter(|f| !f.detached) {
            // The log is one stream: nothing overtakes.
            let last = follower.under_way.back().map_or(Moment(0), |(due, _)| *due);
            follower.under_way.push_back((now.after(lag).max(last), self.last));
        }
        self.last
    }

    /// Takes in what has arrived by `at`, for the followers whose way `open` says is open.
    pub fn settle(&mut self, at: Moment, open: impl Fn(&str, &str) -> bool) {
        for (arn, follower) in &mut self.followers {
            while open(&self.writer, arn) {
                let Some((_, sequence)) = follower.under_way.pop_front_if(|(due, _)| *due <= at) else {
                    break;
                };
                follower.arrived = sequence;
            }
        }
    }

    /// The commits a cluster has: all for the writer, what arrived for a follower.
    pub fn seen_by(&self, arn: &str) -> impl Iterator<Item = &Commit> {
        let until = self.arrived_at(arn);
        self.commits.iter().take_while(move |c| c.sequence <= until)
    }

    /// The last sequence a cluster has. One that joined after the last commit got everything then.
    fn arrived_at(&self, arn: &str) -> u64 {
        self.followers.get(arn).map_or(self.last, |follower| follower.arrived)
    }

    /// The commit that took a unique key, whoever has seen it.
    #[must_use]
    pub fn holder(&self, key: &str) -> Option<&Commit> {
        self.commits.get(usize::try_from(self.keys.get(key)?.checked_sub(1)?).ok()?)
    }

    /// The same for a cluster: only if it has the commit.
    #[must_use]
    pub fn held_at(&self, arn: &str, key: &str) -> Option<&Commit> {
        self.holder(key).filter(|commit| commit.sequence <= self.arrived_at(arn))
    }

    /// When the oldest commit was made that a cluster has not got yet.
    fn oldest_missing(&self, arn: &str) -> Option<Moment> {
        let arrived = usize::try_from(self.arrived_at(arn)).ok()?;
        self.commits.get(arrived).map(|commit| commit.at)
    }

    /// Makes `to` the writer with what had arrived there. Gives the acknowledged commits that are lost.
    pub fn fail_over(&mut self, to: &str) -> Vec<Commit> {
        let kept = self.arrived_at(to);
        self.followers.remove(to);
        self.keys.retain(|_, sequence| *sequence <= kept);
        let lost = self.commits.split_off(self.commits.partition_point(|c| c.sequence <= kept));
        self.last = kept;
        let old = std::mem::replace(&mut self.writer, to.to_owned());
        self.followers.insert(old, Follower { arrived: kept, ..Follower::default() });
        for follower in self.followers.values_mut() {
            *follower =
                Follower { arrived: follower.arrived.min(kept), detached: true, ..Follower::default() };
        }
        lost
    }

    /// Makes `to` the writer after everything has arrived there; all others go on following.
    pub fn switch_over(&mut self, to: &str) {
        self.followers.remove(to);
        let old = std::mem::replace(&mut self.writer, to.to_owned());
        self.followers.insert(old, Follower { arrived: self.last, ..Follower::default() });
    }

    /// A follower was made anew from the writer.
    pub fn resynchronize(&mut self, arn: &str) {
        if let Some(follower) = self.followers.get_mut(arn) {
            *follower = Follower { arrived: self.last, ..Follower::default() };
        }
    }

    fn next_due(&self) -> Option<Moment> {
        self.followers.values().filter_map(|f| f.under_way.front().map(|(due, _)| *due)).min()
    }
}

/// What Aurora global databases have committed and replicated.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Aurora {
    /// By global cluster identifier.
    streams: BTreeMap<String, Stream>,
    /// Regions whose arrivals wait because a Region is broken: no timer runs for them.
    waiting: bool,
}

impl Aurora {
    /// The moment something next becomes due by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        if self.waiting {
            return None;
        }
        self.streams.values().filter_map(Stream::next_due).min()
    }

    /// The stream of a global database.
    #[must_use]
    pub fn stream(&self, global: &Global) -> Option<&Stream> {
        self.streams.get(&global.id).filter(|stream| stream.of == global.resource_id)
    }

    /// The same to write to, made when it is not there; `writer` is the writing cluster's ARN.
    fn stream_mut(&mut self, global: &Global, writer: &str) -> &mut Stream {
        let stream = self.streams.entry(global.id.clone()).or_default();
        if stream.of != global.resource_id {
            *stream = Stream { of: global.resource_id.clone(), ..Stream::new(writer) };
        }
        stream
    }
}

impl Replication for Aurora {
    fn fail_over(&mut self, global: &str, to: &str) -> usize {
        self.streams.get_mut(global).map_or(0, |stream| stream.fail_over(to).len())
    }

    fn switch_over(&mut self, global: &str, to: &str) {
        if let Some(stream) = self.streams.get_mut(global) {
            stream.switch_over(to);
        }
    }

    fn resynchronize(&mut self, global: &str, cluster: &str) {
        if let Some(stream) = self.streams.get_mut(global) {
            stream.resynchronize(cluster);
        }
    }
}

impl Aurora {
    /// Does everything due at or before `at`.
    pub fn step(&mut self, faults: &Faults, at: Moment) {
        for stream in self.streams.values_mut() {
            stream.settle(at, |a, b| faults.apart_since(region(a), region(b)).is_none());
        }
        self.waiting = self.streams.values().filter_map(Stream::next_due).any(|due| due <= at);
    }

    /// Commits a change at the writer of a global database; it reaches the other members after the scenario's
    /// lag. The change takes keys which no other may have; whether they are free is for the caller to ask
    /// (`holder`). Gives its sequence, or `None` while nothing takes writes: the writer's Region is broken, or
    /// the writer is being changed.
    pub fn commit(
        &mut self,
        rds: &Rds,
        scene: &Scene<'_>,
        global: &str,
        keys: &[String],
        change: Value,
    ) -> Option<u64> {
        let found = rds.global(global)?;
        let writer = found.writer()?;
        if scene.faults.broken_since(writer.region()).is_some() || changing(found) {
            return None;
        }
        let mean = Duration::from_millis(scene.scenario.lag.aurora_ms);
        // What has arrived at a cut may be due now; the next step tells.
        self.waiting = false;
        let stream = self.stream_mut(found, &writer.arn);
        found.members.iter().filter(|m| !m.writer).for_each(|m| stream.follow(&m.arn));
        let lag = commit_lag(scene.seed, stream.last + 1, mean) + scene.faults.slowdown(scene.now);
        let sequence = stream.commit(scene.now, change, lag);
        stream.keys.extend(keys.iter().map(|key| (key.clone(), sequence)));
        Some(sequence)
    }

    /// The changes a member of a global database has, oldest first.
    pub fn visible_commits<'w>(
        &'w self,
        rds: &Rds,
        global: &str,
        cluster_arn: &'w str,
    ) -> impl Iterator<Item = &'w Commit> + use<'w> {
        let stream = rds.global(global).and_then(|global| self.stream(global));
        stream.into_iter().flat_map(move |s| s.seen_by(cluster_arn))
    }

    /// The lag in milliseconds that CloudWatch shows for a secondary cluster: around the scenario's, more while
    /// replication falls behind, growing since the way was cut. `None` unless the cluster is a secondary.
    #[must_use]
    pub fn lag_ms(&self, rds: &Rds, scene: &Scene<'_>, cluster_arn: &str) -> Option<f64> {
        let global = rds.global_of(cluster_arn)?;
        let writer = global.writer().filter(|w| w.arn != cluster_arn)?;
        let member = global.member(cluster_arn)?;
        let now = scene.now;
        let mean = Duration::from_millis(scene.scenario.lag.aurora_ms);
        let minute = (now.0 / 60_000).to_string();
        let usual = seed::spread(seed::hash(scene.seed, &[cluster_arn, &minute]), mean);
        let cut = scene.faults.apart_since(writer.region(), member.region());
        let cut = cut.map_or(Duration::ZERO, |at| now.since(at));
        let missing = self.stream(global).and_then(|stream| stream.oldest_missing(cluster_arn));
        let missing = missing.map_or(Duration::ZERO, |at| now.since(at));
        let lag = (usual + cut + scene.faults.slowdown(now)).max(missing);
        Some(lag.as_secs_f64() * 1000.0)
    }
}

/// Whether the writer is being changed just now, so that nothing takes writes.
#[must_use]
pub fn changing(global: &Global) -> bool {
    global.failover.as_ref().is_some_and(|failover| failover.status != FailoverStatus::Pending)
}

fn region(arn: &str) -> &str {
    arn.split(':').nth(3).unwrap_or_default()
}

/// The lag of one commit: around `mean`, seeded.
#[must_use]
pub fn commit_lag(seed: u64, sequence: u64, mean: Duration) -> Duration {
    seed::spread(seed::hash(seed ^ sequence, &["aurora lag"]), mean)
}

/// What a write through the standby's forwarding costs beyond the write itself: the way to the
/// writer's Region and back.
#[must_use]
pub fn forwarding_cost(scenario: &Scenario) -> Duration {
    Duration::from_millis(scenario.lag.round_trip_ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_that_had_arrived_is_ever_lost(lags in prop::collection::vec(0u64..200, 1..60), stop in 0u64..600) {
            let mut stream = Stream::new("a");
            stream.follow("b");
            for (i, lag) in lags.iter().enumerate() {
                stream.commit(Moment(i as u64 * 10), Value::from(i), Duration::from_millis(*lag));
            }
            stream.settle(Moment(stop), |_, _| true);
            let arrived: Vec<u64> = stream.seen_by("b").map(|c| c.sequence).collect();
            let all = stream.last;
            let lost = stream.fail_over("b");
            let kept: Vec<u64> = stream.seen_by("b").map(|c| c.sequence).collect();
            prop_assert_eq!(&kept, &arrived);
            prop_assert_eq!(kept.len() + lost.len(), usize::try_from(all).unwrap());
            // What arrived is a prefix: no later commit without the earlier ones.
            prop_assert!(kept.iter().copied().eq(1..=kept.len() as u64));
            // The new writer goes on from there.
            prop_assert_eq!(stream.commit(Moment(9999), Value::Null, Duration::ZERO), kept.len() as u64 + 1);
        }

        #[test]
        fn a_switchover_loses_nothing_and_the_old_writer_follows(n in 1u64..50, lag in 0u64..500) {
            let mut stream = Stream::new("a");
            stream.follow("b");
            for i in 0..n {
                stream.commit(Moment(i), Value::from(i), Duration::from_millis(lag));
            }
            stream.switch_over("b");
            prop_assert_eq!(stream.seen_by("b").count() as u64, n);
            stream.commit(Moment(1000), Value::Null, Duration::from_millis(lag));
            stream.settle(Moment(1000 + lag), |_, _| true);
            prop_assert_eq!(stream.seen_by("a").count() as u64, n + 1);
        }
    }

    #[test]
    fn nothing_arrives_while_the_way_is_cut() {
        let mut stream = Stream::new("a");
        stream.follow("b");
        stream.commit(Moment(0), Value::Null, Duration::from_millis(100));
        stream.settle(Moment(5000), |_, _| false);
        assert_eq!(stream.seen_by("b").count(), 0);
        stream.settle(Moment(5000), |_, _| true);
        assert_eq!(stream.seen_by("b").count(), 1);
    }
}
