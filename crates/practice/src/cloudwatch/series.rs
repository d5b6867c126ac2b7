//! The series of a metric: what `dataplane` knows of the lag now, with a seeded unrest before it.

use crate::aurora::Aurora;
use crate::rds::Rds;
use crate::scene::Scene;
use ground::clock::Moment;
use ground::seed;

use super::input::Metric;

pub(super) const NAMESPACE: &str = "AWS/RDS";
pub(super) const DIMENSION: &str = "DBClusterIdentifier";
const LAGS: [&str; 2] = ["AuroraGlobalDBReplicationLag", "AuroraGlobalDBRPOLag"];
/// The most points an answer holds.
const MOST: u64 = 1440;

/// One cluster's lag.
#[derive(Debug)]
pub(super) struct Series {
    arn: String,
    created: Moment,
}

/// One point of a series: the lag in milliseconds over its period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub at: Moment,
    lag: f64,
}

impl Point {
    pub fn value(&self, statistic: &str) -> f64 {
        match statistic {
            "Minimum" => self.lag * 0.9,
            "Maximum" => self.lag * 1.1,
            "SampleCount" => 1.0,
            _ => self.lag,
        }
    }
}

impl Series {
    /// The series of a metric in a Region, if there is one.
    pub fn of(rds: &Rds, region: &str, metric: &Metric) -> Option<Series> {
        if metric.namespace != NAMESPACE || !LAGS.contains(&metric.name.as_str()) {
            return None;
        }
        let cluster = rds.cluster(region, metric.cluster.as_deref()?)?;
        let member = rds.global_of(&cluster.arn)?.member(&cluster.arn)?;
        (!member.writer).then(|| Series { arn: cluster.arn.clone(), created: cluster.created })
    }

    /// Points of the periods that begin in the span and are past, oldest first.
    pub fn points(
        &self,
        (rds, aurora): (&Rds, &Aurora),
        scene: &Scene<'_>,
        from: Moment,
        to: Moment,
        period: u64,
    ) -> Vec<Point> {
        let Some(lag) = aurora.lag_ms(rds, scene, &self.arn) else { return Vec::new() };
        let to = to.0.min(scene.now.0 + 1);
        let first = from.0.max(self.created.0).max(to.saturating_sub(MOST * period)).div_ceil(period);
        (first..to.div_ceil(period))
            .map(|n| {
                let at = Moment(n * period);
                let draw = seed::hash(scene.seed, &[&self.arn, &at.0.to_string()]) % 2001;
                // Up to a tenth to either side.
                Point { at, lag: (lag * (0.9 + draw as f64 / 10_000.0) * 10.0).round() / 10.0 }
            })
            .collect()
    }
}

/// The metrics that a Region reports: name and cluster.
pub(super) fn reported_metrics(rds: &Rds, region: &str) -> Vec<(&'static str, String)> {
    let followers = rds.globals().flat_map(|global| &global.members);
    let here = followers.filter(|member| !member.writer && member.region() == region);
    here.flat_map(|member| {
        let cluster = member.arn.rsplit(':').next().unwrap_or_default();
        LAGS.map(|name| (name, cluster.to_owned()))
    })
    .collect()
}
