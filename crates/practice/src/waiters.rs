//! Waiters of the `aws` command ask every 30 seconds of real time, while practice time runs faster: the
//! answer that something is still on its way is held until it has arrived, for some seconds at most.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, header};
use tokio::time::Instant;

use super::{Practice, Unreached};

/// The longest an answer is held, in real time: well within the time-outs of the `aws` command.
const HELD: Duration = Duration::from_secs(20);
/// Between two looks, however much happens meanwhile.
const BREATH: Duration = Duration::from_millis(50);
/// What an answer says of something on its way, in each protocol that has waiters.
const ON_ITS_WAY: [&str; 12] = [
    "_IN_PROGRESS</StackStatus>",
    "<Status>CREATE_PENDING</Status>",
    "<Status>CREATE_IN_PROGRESS</Status>",
    "<Status>InProgress</Status>",
    "<Status>creating</Status>",
    "<Status>modifying</Status>",
    "<Status>deleting</Status>",
    "<DBInstanceStatus>creating</DBInstanceStatus>",
    "<DBInstanceStatus>deleting</DBInstanceStatus>",
    "\"TableStatus\":\"CREATING\"",
    "\"TableStatus\":\"UPDATING\"",
    "\"TableStatus\":\"DELETING\"",
];

/// Whether a waiter of the `aws` command asks. Everybody else has a rhythm of their own.
pub(super) fn waits(request: &Request<Bytes>) -> bool {
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let Some(agent) = agent.filter(|agent| agent.starts_with("aws-cli/")) else { return false };
    let mut parts = agent.split(' ');
    parts
        .clone()
        .any(|part| part.strip_prefix("m/").is_some_and(|marks| marks.split(',').any(|mark| mark == "B")))
        || parts.any(|part| part.starts_with("md/command#") && part.contains(".wait."))
}

impl Practice {
    /// As `reach`, for a waiter.
    pub(super) async fn reach_in_time(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Unreached> {
        let end = Instant::now() + HELD;
        let mut changed = self.changes();
        loop {
            changed.mark_unchanged();
            let answer = self.reach(request.clone()).await?;
            let text = String::from_utf8_lossy(answer.body());
            let arrived = !answer.status().is_success() || !ON_ITS_WAY.iter().any(|mark| text.contains(mark));
            if arrived || Instant::now() >= end {
                return Ok(answer);
            }
            // The world's end is no news, and ends the server too.
            let _ = tokio::time::timeout_at(end, changed.changed()).await;
            tokio::time::sleep(BREATH).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_waiters_of_the_aws_command_are_waited_with() {
        let asks = |agent: &str| {
            let request = Request::builder().header("user-agent", agent);
            waits(&request.body(Bytes::new()).unwrap())
        };
        assert!(asks(
            "aws-cli/1.46.3 md/Botocore#1.43.62 lang/python#3.11.7 m/N,Z,D,g,B,b cfg/retry-mode#legacy"
        ));
        assert!(asks("aws-cli/2.9.19 md/prompt#off md/command#cloudformation.wait.stack-create-complete"));
        assert!(!asks("aws-cli/1.46.3 md/Botocore#1.43.62 m/N,g,D,Z,C,b"));
        assert!(!asks("Boto3/1.44.5 md/Botocore#1.44.8 m/Z,b,N,E,e,B"));
        assert!(!asks("curl/8.5.0"));
    }
}
