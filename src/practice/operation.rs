//! What practice answers, operation by operation: each service keeps a table of them, and its requests are
//! found in it. Whether a request is written down follows from the type of what carries it out.

use super::call::{AwsError, Call, Outcome, Service};
use super::world::World;
use super::{cloudformation, cloudfront, cloudwatch, dynamodb, ec2, rds, s3, secretsmanager, ssm, sts};

/// One of two ways to carry something out: with a world to look at, or with one to change.
#[derive(Clone, Copy, Debug)]
pub enum Run<R, C> {
    /// It is given no more than a look at the world.
    Reads(R),
    /// It is given the world.
    Changes(C),
}

/// What carrying something out does to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing; it need not be written down.
    Reads,
    /// Maybe something: it is written down first, and carried out again when the world is opened.
    Changes,
}

/// Answers a call from what there is.
pub type Read = fn(&World, &Call<'_>) -> Outcome;
/// Answers a call and changes what there is.
pub type Change = fn(&mut World, &Call<'_>) -> Outcome;

/// One operation of a service, under AWS's name.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    name: &'static str,
    address: Address,
    run: Run<Read, Change>,
}

/// What makes a request one for an operation.
#[derive(Clone, Copy, Debug)]
enum Address {
    /// It names the operation.
    Name,
    /// Its method, and its path and query as the service's model writes them: `/{Bucket}?acl`.
    Uri(&'static str, &'static str),
}

/// An operation that leaves the world as it is.
pub(super) const fn reads(name: &'static str, read: Read) -> Operation {
    Operation { name, address: Address::Name, run: Run::Reads(read) }
}

/// An operation that may change the world.
pub(super) const fn changes(name: &'static str, change: Change) -> Operation {
    Operation { name, address: Address::Name, run: Run::Changes(change) }
}

impl<R, C> Run<R, C> {
    /// What it does to the world, which its type says.
    pub fn effect(&self) -> Effect {
        match self {
            Run::Reads(_) => Effect::Reads,
            Run::Changes(_) => Effect::Changes,
        }
    }
}

impl Operation {
    /// The same, asked for by method and path rather than by name.
    pub(super) const fn at(self, method: &'static str, uri: &'static str) -> Operation {
        Operation { address: Address::Uri(method, uri), ..self }
    }

    /// Whether it is asked for by this method and path, and by this query, if any.
    pub(super) fn is_at(&self, method: &str, path: &str, query: &str) -> bool {
        let Address::Uri(own, uri) = self.address else { return false };
        let asked = |rest: &str| match query {
            "" => rest.is_empty(),
            query => rest.strip_prefix('?') == Some(query),
        };
        own == method && uri.strip_prefix(path).is_some_and(asked)
    }

    /// Its name: `DescribeStacks`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it does to the world.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.run.effect()
    }

    /// The method it is asked for by, with its path and query, unless requests name it.
    #[must_use]
    pub fn uri(&self) -> Option<(&'static str, &'static str)> {
        match self.address {
            Address::Name => None,
            Address::Uri(method, uri) => Some((method, uri)),
        }
    }
}

/// A table whose operations are found by name, and so stand in the order of their names: one that does not
/// is refused while it is compiled.
pub(super) const fn by_name<const N: usize>(operations: [Operation; N]) -> [Operation; N] {
    let mut next = 1;
    while next < N {
        assert!(is_before(operations[next - 1].name, operations[next].name), "operations are not in order");
        next += 1;
    }
    operations
}

/// `<` for texts, where only constants are known.
const fn is_before(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() {
        if one[at] != other[at] {
            return one[at] < other[at];
        }
        at += 1;
    }
    one.len() < other.len()
}

/// The operations of a service.
fn table(service: Service) -> &'static [Operation] {
    match service {
        Service::CloudFormation => cloudformation::OPERATIONS,
        Service::Rds => rds::OPERATIONS,
        Service::Sts => sts::OPERATIONS,
        Service::CloudWatch => cloudwatch::OPERATIONS,
        Service::Ec2 => ec2::OPERATIONS,
        Service::S3 => s3::OPERATIONS,
        Service::CloudFront => cloudfront::OPERATIONS,
        Service::DynamoDb => dynamodb::OPERATIONS,
        Service::Ssm => ssm::OPERATIONS,
        Service::SecretsManager => secretsmanager::OPERATIONS,
    }
}

/// All that practice answers, service by service.
pub fn operations() -> impl Iterator<Item = (Service, &'static Operation)> {
    Service::ALL.into_iter().flat_map(|service| table(service).iter().map(move |one| (service, one)))
}

/// The operation a call is for; `None` when practice has none like it.
pub(super) fn find(call: &Call<'_>) -> Option<&'static Operation> {
    match call.service {
        Service::S3 => s3::find(call),
        Service::CloudFront => cloudfront::find(call),
        named => find_by_name(table(named), &call.action),
    }
}

fn find_by_name(table: &'static [Operation], name: &str) -> Option<&'static Operation> {
    let place = table.binary_search_by(|operation| operation.name.cmp(name)).ok()?;
    table.get(place)
}

/// What carries a call out. One that is for no operation is answered without a change, too.
pub(super) fn run(call: &Call<'_>) -> Run<Read, Change> {
    match (find(call), call.service) {
        (Some(operation), _) => operation.run,
        (None, Service::S3) => Run::Reads(s3::without_operation),
        (None, _) => Run::Reads(|_, call| Err(AwsError::unknown_action(call))),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use http::{HeaderMap, HeaderValue, Method};

    use super::*;
    use crate::practice::call::{Caller, RequestId};
    use crate::practice::route::{self, Parts};

    /// The name of the operation that a request by this name, or at this method and path, is found to be for.
    fn found(service: Service, name: &str, uri: Option<(&str, &str)>) -> Option<&'static str> {
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
        find(&call).map(Operation::name)
    }

    #[test]
    fn every_operation_is_found_and_by_nothing_else() {
        for (service, operation) in operations() {
            let name = operation.name();
            assert_eq!(found(service, name, operation.uri()), Some(name), "{service:?}");
            if operation.uri().is_none() {
                assert_eq!(found(service, &name.to_lowercase(), None), None, "{service:?} {name}");
                assert_eq!(found(service, &name[1..], None), None, "{service:?} {name}");
            }
        }
        assert_eq!(found(Service::S3, "", Some(("PATCH", "/{Bucket}"))), None);
        assert_eq!(found(Service::CloudFront, "", Some(("GET", "/distribution/{Id}/other"))), None);
        assert_eq!(found(Service::Rds, "", None), None);
    }

    #[test]
    fn no_name_stands_twice_in_a_service() {
        let all: Vec<_> = operations().map(|(service, operation)| (service, operation.name())).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert!(Service::ALL.into_iter().all(|service| !table(service).is_empty()));
    }

    #[test]
    fn what_changes_is_not_called_as_if_it_read() {
        let reading =
            ["Describe", "List", "Get", "Head", "Query", "Scan", "BatchGet", "TransactGet", "Validate"];
        for (service, operation) in operations() {
            let named_so = reading.iter().any(|word| operation.name().starts_with(word));
            // Its credentials are sealed, not kept.
            let reads = named_so || operation.name() == "AssumeRole";
            assert_eq!(operation.effect() == Effect::Reads, reads, "{service:?} {}", operation.name());
        }
    }
}
