//! All that practice answers, and what carries it out: the service of a call has a table in which it is found,
//! and is given its own state.

use super::call::{AwsError, Call, Outcome, Request, Service};
use super::operation::{self, Entry, Operation, Run};
use super::world::World;
use super::{cloudformation, cloudfront, cloudwatch, dynamodb, ec2, rds, s3, secretsmanager, ssm, sts};

/// What answers a call from what there is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Read {
    CloudFormation(cloudformation::Read),
    Rds(rds::Read),
    Sts(sts::Read),
    CloudWatch(cloudwatch::Read),
    Ec2(ec2::Read),
    S3(s3::Read),
    CloudFront(cloudfront::Read),
    DynamoDb(dynamodb::Read),
    Ssm(ssm::Read),
    SecretsManager(secretsmanager::Read),
    /// Practice has no such operation.
    Unknown,
}

/// What answers a call and changes the state of its service.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    CloudFormation(cloudformation::Change),
    Rds(rds::Change),
    Ec2(ec2::Change),
    S3(s3::Change),
    CloudFront(cloudfront::Change),
    DynamoDb(dynamodb::Change),
    Ssm(ssm::Change),
    SecretsManager(secretsmanager::Change),
}

/// All that practice answers, service by service.
pub fn operations() -> impl Iterator<Item = (Service, Entry)> {
    Service::ALL.into_iter().flat_map(|service| entries(service).into_iter().map(move |one| (service, one)))
}

fn entries(service: Service) -> Vec<Entry> {
    fn of<R: Copy, C: Copy>(table: &[Operation<R, C>]) -> Vec<Entry> {
        table.iter().map(Operation::entry).collect()
    }
    match service {
        Service::CloudFormation => of(cloudformation::OPERATIONS),
        Service::Rds => of(rds::OPERATIONS),
        Service::Sts => of(sts::OPERATIONS),
        Service::CloudWatch => of(cloudwatch::OPERATIONS),
        Service::Ec2 => of(ec2::OPERATIONS),
        Service::S3 => of(s3::OPERATIONS),
        Service::CloudFront => of(cloudfront::OPERATIONS),
        Service::DynamoDb => of(dynamodb::OPERATIONS),
        Service::Ssm => of(ssm::OPERATIONS),
        Service::SecretsManager => of(secretsmanager::OPERATIONS),
    }
}

/// What a call is for, and what carries it out; `None` when practice has no operation like it.
fn find_operation(call: &Call<'_>) -> Option<(Entry, Run<Read, Change>)> {
    fn of<R: Copy, C: Copy>(
        operation: Option<&Operation<R, C>>,
        read: fn(R) -> Read,
        change: fn(C) -> Change,
    ) -> Option<(Entry, Run<Read, Change>)> {
        operation.map(|one| (one.entry(), one.run().map(read, change)))
    }
    let name = call.action.as_str();
    match call.service {
        Service::CloudFormation => of(
            operation::find(cloudformation::OPERATIONS, name),
            Read::CloudFormation,
            Change::CloudFormation,
        ),
        Service::Rds => of(operation::find(rds::OPERATIONS, name), Read::Rds, Change::Rds),
        Service::Sts => of(operation::find(sts::OPERATIONS, name), Read::Sts, |never| match never {}),
        Service::CloudWatch => {
            of(operation::find(cloudwatch::OPERATIONS, name), Read::CloudWatch, |never| match never {})
        }
        Service::Ec2 => of(operation::find(ec2::OPERATIONS, name), Read::Ec2, Change::Ec2),
        Service::S3 => of(s3::find(call), Read::S3, Change::S3),
        Service::CloudFront => of(cloudfront::find(call), Read::CloudFront, Change::CloudFront),
        Service::DynamoDb => {
            of(operation::find(dynamodb::OPERATIONS, name), Read::DynamoDb, Change::DynamoDb)
        }
        Service::Ssm => of(operation::find(ssm::OPERATIONS, name), Read::Ssm, Change::Ssm),
        Service::SecretsManager => of(
            operation::find(secretsmanager::OPERATIONS, name),
            Read::SecretsManager,
            Change::SecretsManager,
        ),
    }
}

/// What carries a call out. One that is for no operation is answered without a change, too.
pub(super) fn run(call: &Call<'_>) -> Run<Read, Change> {
    match (find_operation(call), call.service) {
        (Some((_, run)), _) => run,
        (None, Service::S3) => Run::Reads(Read::S3(s3::without_operation)),
        (None, _) => Run::Reads(Read::Unknown),
    }
}

/// Carries out one call on a world that has been advanced to its moment.
///
/// # Errors
/// As AWS answers them.
pub fn answer(world: &mut World, call: &Call<'_>) -> Outcome {
    match run(call) {
        Run::Reads(read) => read.answer(world, call),
        Run::Changes(change) => change.carry_out(world, call),
    }
}

impl Read {
    /// The answer at the call's moment.
    pub(super) fn answer(self, world: &World, call: &Call<'_>) -> Outcome {
        let scene = world.scene(call.region, call.now);
        let call = &Request { call, scene };
        match self {
            Read::CloudFormation(read) => read(&world.cloudformation, &world.sources(), call),
            Read::Rds(read) => read(&world.rds, call),
            Read::Sts(read) => read(call),
            Read::CloudWatch(read) => read(&world.rds, &world.dataplane.aurora, call),
            Read::Ec2(read) => read(&world.ec2, &world.cloudformation, call),
            Read::S3(read) => read(&world.s3, call),
            Read::CloudFront(read) => read(&world.cloudfront, call),
            Read::DynamoDb(read) => read(&world.dynamodb, call),
            Read::Ssm(read) => read(&world.ssm, call),
            Read::SecretsManager(read) => read(&world.secretsmanager, call),
            Read::Unknown => Err(AwsError::unknown_action(call)),
        }
    }
}

impl Change {
    /// Carries it out at the call's moment.
    pub(super) fn carry_out(self, world: &mut World, call: &Call<'_>) -> Outcome {
        let (engine, mut services) = world.split();
        let scene = services.scene(call.region, call.now);
        let call = &Request { call, scene };
        match self {
            Change::CloudFormation(change) => change(engine, &mut services, call),
            Change::Rds(change) => change(services.rds, call),
            Change::Ec2(change) => change(services.ec2, engine, call),
            Change::S3(change) => change(services.s3, services.tickets, call),
            Change::CloudFront(change) => change(services.cloudfront, call),
            Change::DynamoDb(change) => change(services.dynamodb, call),
            Change::Ssm(change) => change(services.ssm, call),
            Change::SecretsManager(change) => change(services.secretsmanager, services.tickets, call),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use http::{HeaderMap, HeaderValue, Method};

    use super::*;
    use crate::call::{Caller, RequestId};
    use crate::operation::Effect;
    use crate::route::{self, Parts};

    /// The name of the operation that a request by this name, or at this method and path, is found to be for.
    fn operation_name(service: Service, name: &str, uri: Option<(&str, &str)>) -> Option<&'static str> {
        let (method, uri) = uri.unwrap_or(("POST", "/"));
        let base = if service == Service::CloudFront { "/2020-05-31" } else { "" };
        let uri = format!("{base}{uri}").replace("{Key+}", "some/key").replace(['{', '}'], "");
        let (path, query) = uri.split_once('?').unwrap_or((&uri, ""));
        let mut headers = HeaderMap::new();
        headers.insert("x-amz-target", HeaderValue::from_str(&format!("Any.{name}")).unwrap());
        if query == "x-id=CopyObject" {
            headers.insert("x-amz-copy-source", HeaderValue::from_static("bucket/key"));
        }
        let body = format!("Action={name}").into();
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let parts = Parts { method: &method, host: "localhost", path, query, headers: &headers, body: &body };
        let call = route::call(service, "us-east-1", Caller::Account, parts, RequestId(1));
        find_operation(&call).map(|(entry, _)| entry.name)
    }

    #[test]
    fn every_operation_is_found_and_by_nothing_else() {
        for (service, operation) in operations() {
            let name = operation.name;
            assert_eq!(operation_name(service, name, operation.uri), Some(name), "{service:?}");
            if operation.uri.is_none() {
                assert_eq!(operation_name(service, &name.to_lowercase(), None), None, "{service:?} {name}");
                assert_eq!(operation_name(service, &name[1..], None), None, "{service:?} {name}");
            }
        }
        assert_eq!(operation_name(Service::S3, "", Some(("PATCH", "/{Bucket}"))), None);
        assert_eq!(operation_name(Service::CloudFront, "", Some(("GET", "/distribution/{Id}/other"))), None);
        assert_eq!(operation_name(Service::Rds, "", None), None);
    }

    #[test]
    fn no_name_stands_twice_in_a_service() {
        let all: Vec<_> = operations().map(|(service, operation)| (service, operation.name)).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert!(Service::ALL.into_iter().all(|service| !entries(service).is_empty()));
    }

    #[test]
    fn what_changes_is_not_called_as_if_it_read() {
        let reading =
            ["Describe", "List", "Get", "Head", "Query", "Scan", "BatchGet", "TransactGet", "Validate"];
        for (service, operation) in operations() {
            let named_so = reading.iter().any(|word| operation.name.starts_with(word));
            // Its credentials are sealed, not kept.
            let reads = named_so || operation.name == "AssumeRole";
            assert_eq!(operation.effect == Effect::Reads, reads, "{service:?} {}", operation.name);
        }
    }
}
