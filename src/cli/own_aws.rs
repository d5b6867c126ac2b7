//! The learner's own `aws`, run as it runs in their shell, so that step 1 can say whether it reaches the
//! same world as Espera; where there is none, Espera's client stands in for it.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use super::credentials::credentials;
use crate::cloud::{Calling, ClientCall, OwnClient, StandInReason, stand_in};
use crate::runtime::LazyEnvironment;
use ground::clock::Clock;
use ground::lang::printable;
use practice::Practice;

/// How long an `aws` may take to start and be answered, in real time. Some take ten seconds to start.
const PATIENCE: Duration = Duration::from_secs(60);
/// The longest of its words that are told, in characters.
const LONGEST: usize = 200;

/// The learner's own client and what it stands for.
#[derive(Debug)]
pub(super) struct OwnAws {
    /// The one that is installed.
    pub aws: Option<PathBuf>,
    /// What it finds around it.
    pub environment: LazyEnvironment,
    /// The world of this process, which Espera's client reaches where none is installed.
    pub practice: Option<Practice>,
    /// The clock of the world, which a program that runs must not move.
    pub clock: Clock,
}

impl OwnClient for OwnAws {
    fn call(&self) -> Calling<'_> {
        Box::pin(async move {
            let _hold = self.clock.hold();
            match &self.aws {
                Some(aws) => self.run(aws).await,
                None => self.stand_in().await,
            }
        })
    }
}

impl OwnAws {
    async fn run(&self, aws: &std::path::Path) -> ClientCall {
        // In the learner's shell Espera's own comes first, and calls theirs.
        let wrapped =
            self.environment.get().bin.as_ref().map(|bin| bin.join("aws")).filter(|file| file.exists());
        let aws = wrapped.unwrap_or_else(|| aws.to_owned());
        let asked = self.output(&aws, &["sts", "get-caller-identity", "--output", "json"]);
        let (asked, version) = tokio::join!(asked, self.output(&aws, &["--version"]));
        let failed =
            |why: String| ClientCall::Failed { why: printable(&why).chars().take(LONGEST).collect() };
        let asked = match asked {
            Ok(output) => output,
            Err(why) => return failed(why),
        };
        let said = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
        };
        let answer: Option<serde_json::Value> = serde_json::from_slice(&asked.stdout).ok();
        match answer.as_ref().and_then(|answer| answer.get("Account")?.as_str()) {
            Some(account) => {
                let version = version.map(|output| said(&output.stdout)).unwrap_or_default();
                let client = version.split(' ').next().filter(|v| !v.is_empty()).unwrap_or("aws");
                ClientCall::Answered {
                    client: printable(client).into_owned(),
                    account: printable(account).into_owned(),
                }
            }
            None => failed(said(&asked.stderr)),
        }
    }

    async fn output(&self, program: &std::path::Path, args: &[&str]) -> Result<Output, String> {
        let mut command = Command::new(program);
        self.environment.get().apply(&mut command);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut command = tokio::process::Command::from(command);
        let running = command.kill_on_drop(true).output();
        match tokio::time::timeout(PATIENCE, running).await {
            Ok(Ok(output)) => Ok(output),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("{} s", PATIENCE.as_secs())),
        }
    }

    async fn stand_in(&self) -> ClientCall {
        // An account is reached by Espera's own client already: there is no other way to try.
        let Some(practice) = &self.practice else {
            return ClientCall::StoodIn { reason: StandInReason::Missing };
        };
        let served = match self.environment.get().get("AWS_ENDPOINT_URL") {
            Some(url) => Ok((url.to_owned(), None, StandInReason::Missing)),
            None => practice.serve(0).map(|server| (server.url(), Some(server), StandInReason::Spared)),
        };
        let (url, _server, reason) = match served {
            Ok(served) => served,
            Err(error) => return ClientCall::Failed { why: error.to_string() },
        };
        match stand_in(url, credentials(practice.keys()), self.clock.clone()).await {
            Ok(()) => ClientCall::StoodIn { reason },
            Err(error) => ClientCall::Failed { why: error.code },
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail loudly")]

    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::runtime::Environment;

    /// What comes of a call by an `aws` that does as the script says.
    async fn call(script: &str) -> ClientCall {
        let folder = tempfile::tempdir().unwrap();
        let aws = folder.path().join("aws");
        std::fs::write(&aws, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&aws, std::fs::Permissions::from_mode(0o755)).unwrap();
        let environment = Environment::default().into();
        let own = OwnAws { aws: Some(aws), environment, practice: None, clock: Clock::wall() };
        // A test beside this one that starts a program may hold the script open for writing, between fork and exec.
        let busy = std::io::Error::from_raw_os_error(libc::ETXTBSY).to_string();
        loop {
            match own.call().await {
                ClientCall::Failed { why } if why == busy => tokio::task::yield_now().await,
                call => return call,
            }
        }
    }

    #[tokio::test]
    async fn the_learners_own_aws_says_for_whom_it_was_answered() {
        let script = r#"[ "$1" = --version ] && echo 'aws-cli/2.9.19 Python/3.11' || echo '{"Account": "111122223333"}'"#;
        let (client, account) = ("aws-cli/2.9.19".to_owned(), "111122223333".to_owned());
        assert_eq!(call(script).await, ClientCall::Answered { client, account });
    }

    #[tokio::test]
    async fn one_that_is_refused_says_why_and_draws_nothing() {
        let script = r#"printf '\n\033[31mUnable to locate credentials\n' >&2; exit 253"#;
        let ClientCall::Failed { why } = call(script).await else { panic!("not told") };
        assert!(why.contains("Unable to locate") && !why.contains('\x1b'), "{why:?}");
        assert!(matches!(call("echo no json").await, ClientCall::Failed { .. }));
    }
}
