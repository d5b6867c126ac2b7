//! What is asked of CloudWatch, from either protocol.

use crate::call::AwsError;
use crate::wire::Params;
use crate::wire::time::moment;
use ground::clock::Moment;

/// A metric and the cluster it is asked for.
#[derive(Debug)]
pub(super) struct Metric {
    pub namespace: String,
    pub name: String,
    pub cluster: Option<String>,
}

impl Metric {
    fn read(params: &Params) -> Result<Metric, AwsError> {
        let cluster = params.maps("Dimensions.member").iter().find_map(|dimension| {
            let named = dimension.get("Name") == Some(super::series::DIMENSION);
            named.then(|| dimension.get("Value").map(str::to_owned)).flatten()
        });
        Ok(Metric {
            namespace: required_text(params, "Namespace")?.to_owned(),
            name: required_text(params, "MetricName")?.to_owned(),
            cluster,
        })
    }
}

/// `GetMetricStatistics`.
#[derive(Debug)]
pub(super) struct Statistics {
    pub metric: Metric,
    pub from: Moment,
    pub to: Moment,
    /// Milliseconds.
    pub period: u64,
    pub names: Vec<String>,
}

impl Statistics {
    pub fn read(params: &Params) -> Result<Statistics, AwsError> {
        let mut names: Vec<String> =
            params.list("Statistics.member").into_iter().map(str::to_owned).collect();
        names.retain(|n| ["Average", "Minimum", "Maximum", "Sum", "SampleCount"].contains(&n.as_str()));
        if names.is_empty() {
            let text = "Must specify either Statistics or ExtendedStatistics";
            return Err(AwsError::new("InvalidParameterCombination", text));
        }
        let (from, to) = (time(params, "StartTime")?, time(params, "EndTime")?);
        if from >= to {
            let text = "The parameter StartTime must be less than the parameter EndTime.";
            return Err(AwsError::new("InvalidParameterValue", text));
        }
        Ok(Statistics { metric: Metric::read(params)?, from, to, period: period(params), names })
    }
}

/// One query of `GetMetricData`.
#[derive(Debug)]
pub(super) struct DataQuery {
    pub id: String,
    pub metric: Metric,
    pub from: Moment,
    pub to: Moment,
    /// Milliseconds.
    pub period: u64,
    pub statistic: String,
}

impl DataQuery {
    pub fn read_all(params: &Params) -> Result<Vec<DataQuery>, AwsError> {
        let (from, to) = (time(params, "StartTime")?, time(params, "EndTime")?);
        let queries = params.maps("MetricDataQueries.member");
        let with_metric = queries.iter().filter(|query| query.has("MetricStat"));
        with_metric
            .map(|query| {
                let under = |prefix: &str| {
                    let pairs = query.iter().filter_map(|(n, v)| Some((n.strip_prefix(prefix)?, v)));
                    pairs.collect::<Params>()
                };
                let stat = under("MetricStat.");
                Ok(DataQuery {
                    id: query.get("Id").unwrap_or_default().to_owned(),
                    metric: Metric::read(&under("MetricStat.Metric."))?,
                    from,
                    to,
                    period: period(&stat),
                    statistic: stat.get("Stat").unwrap_or("Average").to_owned(),
                })
            })
            .collect()
    }
}

fn period(params: &Params) -> u64 {
    params.number("Period").unwrap_or(60).clamp(1, 86_400) * 1000
}

fn time(params: &Params, name: &str) -> Result<Moment, AwsError> {
    moment(required_text(params, name)?).ok_or_else(|| {
        AwsError::new("InvalidParameterValue", format!("The parameter {name} must be a timestamp."))
    })
}

fn required_text<'p>(params: &'p Params, name: &str) -> Result<&'p str, AwsError> {
    params
        .get(name)
        .filter(|value| !value.is_empty())
        .ok_or_else(|| AwsError::new("MissingParameter", format!("The parameter {name} is required.")))
}
