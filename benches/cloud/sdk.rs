//! The SDK's own clients in process: what one call costs.

use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_sts::config::BehaviorVersion;
use aws_types::SdkConfig;
use aws_types::region::Region;

use crate::open;

const CALLS: usize = 3000;

pub fn measure() {
    let practice = open(None);
    let credentials = Credentials::from_keys("K", "S", None);
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .http_client(practice.http_client())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let sts = aws_sdk_sts::Client::new(&config);
        show("GetCallerIdentity", timed(|| async { sts.get_caller_identity().send().await.is_ok() }).await);
        let cloud = aws_sdk_cloudformation::Client::new(&config);
        let template = r#"{"Resources":{"Q":{"Type":"AWS::SQS::Queue"}}}"#;
        cloud.create_stack().stack_name("bench").template_body(template).send().await.expect("a stack");
        practice.clock().advance(Duration::from_secs(600));
        let describe = || async { cloud.describe_stacks().stack_name("bench").send().await.is_ok() };
        show("DescribeStacks", timed(describe).await);
    });
}

async fn timed<F: Future<Output = bool>>(call: impl Fn() -> F) -> Vec<Duration> {
    for _ in 0..200 {
        call().await;
    }
    let mut times = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        let begun = Instant::now();
        assert!(call().await, "a call failed");
        times.push(begun.elapsed());
    }
    times.sort();
    times
}

fn show(name: &str, times: Vec<Duration>) {
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e6;
    println!("cloud: SDK call in process, {name:<18} p50 {:.0} µs, p99 {:.0} µs", at(50), at(99));
}
