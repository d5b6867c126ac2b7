//! Every operation that practice answers, asked for as a client would, in a world where there is something of
//! each kind: those that read leave no trace in the world nor in what is written down of it.

use std::fs;
use std::path::Path;

use bytes::Bytes;
use practice::Practice;
use practice::call::Service;
use practice::operation::{Effect, Entry};
use practice::operations;
use proptest::prelude::*;
use tempfile::tempdir;
use testbed::{EAST, form};

use crate::world::{Act, act, image, open};

const TEMPLATE: &str = "Resources:\n  Pages:\n    Type: AWS::S3::Bucket\n  Net:\n    Type: AWS::EC2::VPC\n    \
                        Properties: {CidrBlock: 10.0.0.0/16}\nOutputs:\n  Out:\n    Value: here\n    \
                        Export: {Name: out}\n";
const IMPORTING: &str = "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties:\n      DisplayName: \
                         !ImportValue out\n";
const DISTRIBUTION: &str = "<DistributionConfig><CallerReference>r</CallerReference><Comment/><Enabled>true</Enabled>\
    <Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id><DomainName>bucket.s3.us-east-1.amazonaws.com\
    </DomainName><S3OriginConfig><OriginAccessIdentity/></S3OriginConfig></Origin></Items></Origins>\
    <DefaultCacheBehavior><TargetOriginId>o</TargetOriginId><ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy>\
    <CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId></DefaultCacheBehavior></DistributionConfig>";
/// One of AWS's own policies of each kind, which need not be made.
const MANAGED: [(&str, &str); 3] = [
    ("cache-policy", "658327ea-f89d-4fab-a63d-7e88639e58f6"),
    ("origin-request-policy", "216adef6-5c7f-47e4-b989-5492eafa07d3"),
    ("response-headers-policy", "67f7725c-6f97-4210-82d7-5512b31e9d03"),
];

/// What may be put into a request's path or body: the ids of what was made.
struct Made {
    distribution: String,
    invalidation: String,
    access_control: String,
    upload: String,
}

impl Made {
    /// Ids as if something had been made.
    fn nothing() -> Made {
        let id = || "E1".to_owned();
        Made { distribution: id(), invalidation: id(), access_control: id(), upload: id() }
    }
}

fn send(
    practice: &Practice,
    service: Service,
    line: (&str, &str),
    target: &str,
    body: &str,
) -> (u16, String) {
    let mut request = testbed::request(service.as_str(), EAST, line.0, line.1);
    if !target.is_empty() {
        request = request.header("x-amz-target", target);
    }
    let answer = practice.answer(request.body(Bytes::from(body.to_owned())).expect("a request"));
    (answer.status().as_u16(), String::from_utf8_lossy(answer.body()).into_owned())
}

/// What stands between two marks of a text.
fn between(text: &str, from: &str, to: &str) -> String {
    let rest = text.split_once(from).map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split_once(to)).expect("it is told").0.to_owned()
}

/// Makes something of each kind.
fn fill(practice: &Practice) -> Made {
    let ask = |service, line: (&str, &str), target: &str, body: &str| {
        let (status, text) = send(practice, service, line, target, body);
        assert!((200..300).contains(&status), "{line:?} {target} {body}: {text}");
        text
    };
    let put = |path, body| ask(Service::S3, ("PUT", path), "", body);
    put("/bucket", "");
    put("/bucket/some/key", "content");
    let uploads = ask(Service::S3, ("POST", "/bucket/some/key?uploads"), "", "");
    let post = ("POST", "/");
    ask(Service::Ssm, post, "AmazonSSM.PutParameter", r#"{"Name":"/n","Value":"v","Type":"String"}"#);
    ask(
        Service::SecretsManager,
        post,
        "secretsmanager.CreateSecret",
        r#"{"Name":"secret","SecretString":"x"}"#,
    );
    ask(
        Service::DynamoDb,
        post,
        "DynamoDB_20120810.CreateTable",
        r#"{"TableName":"tab","BillingMode":"PAY_PER_REQUEST",
            "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
            "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}"#,
    );
    let query = |service, pairs: &[(&str, &str)]| ask(service, post, "", &form(pairs));
    let stack = |name, template| {
        query(
            Service::CloudFormation,
            &[("Action", "CreateStack"), ("StackName", name), ("TemplateBody", template)],
        )
    };
    stack("one", TEMPLATE);
    let engine = ("Engine", "aurora-mysql");
    query(Service::Rds, &[("Action", "CreateGlobalCluster"), ("GlobalClusterIdentifier", "g"), engine]);
    let cluster = ("DBClusterIdentifier", "c");
    let user = [("MasterUsername", "admin"), ("MasterUserPassword", "password1")];
    query(Service::Rds, &[("Action", "CreateDBCluster"), cluster, engine, user[0], user[1]]);
    for (kind, name) in [("Cluster", "DBClusterParameterGroupName"), ("", "DBParameterGroupName")] {
        let action = format!("CreateDB{kind}ParameterGroup");
        let family = ("DBParameterGroupFamily", "aurora-mysql8.0");
        query(Service::Rds, &[("Action", &action), (name, "group"), family, ("Description", "d")]);
    }
    let distribution = ask(Service::CloudFront, ("POST", "/2020-05-31/distribution"), "", DISTRIBUTION);
    let distribution = between(&distribution, "<Id>", "</Id>");
    let invalidation = ask(
        Service::CloudFront,
        ("POST", &format!("/2020-05-31/distribution/{distribution}/invalidation")),
        "",
        "<InvalidationBatch><Paths><Quantity>1</Quantity><Items><Path>/*</Path></Items></Paths>\
         <CallerReference>r</CallerReference></InvalidationBatch>",
    );
    let control = ask(
        Service::CloudFront,
        ("POST", "/2020-05-31/origin-access-control"),
        "",
        "<OriginAccessControlConfig><Name>a</Name><SigningProtocol>sigv4</SigningProtocol><SigningBehavior>\
         always</SigningBehavior><OriginAccessControlOriginType>s3</OriginAccessControlOriginType>\
         </OriginAccessControlConfig>",
    );
    act(practice, &Act::Time(600));
    stack("two", IMPORTING);
    let change = [("Action", "CreateChangeSet"), ("StackName", "one"), ("ChangeSetName", "change")];
    let smaller = ("TemplateBody", IMPORTING);
    query(Service::CloudFormation, &[change[0], change[1], change[2], smaller]);
    query(
        Service::Rds,
        &[("Action", "CreateDBClusterSnapshot"), cluster, ("DBClusterSnapshotIdentifier", "snap")],
    );
    act(practice, &Act::Time(600));
    Made {
        distribution,
        invalidation: between(&invalidation, "<Id>", "</Id>"),
        access_control: between(&control, "<Id>", "</Id>"),
        upload: between(&uploads, "<UploadId>", "</UploadId>"),
    }
}

/// Asks for an operation with all it could need to find something.
fn ask_for(practice: &Practice, made: &Made, service: Service, operation: Entry) -> (u16, String) {
    let name = operation.name;
    if let Some((method, uri)) = operation.uri {
        let line = address(made, service, uri);
        return send(practice, service, (method, &line), "", "");
    }
    let post = ("POST", "/");
    let Some(target) = service.target_prefix() else {
        return send(practice, service, post, "", &form(&members(service, name)));
    };
    let body = r#"{"TableName":"tab","ResourceArn":"arn:aws:dynamodb:us-east-1:123456789012:table/tab",
        "Key":{"id":{"S":"a"}},"KeyConditionExpression":"id = :i","ExpressionAttributeValues":{":i":{"S":"a"}},
        "RequestItems":{"tab":{"Keys":[{"id":{"S":"a"}}]}},
        "TransactItems":[{"Get":{"TableName":"tab","Key":{"id":{"S":"a"}}}}],
        "Name":"/n","Names":["/n"],"Path":"/","SecretId":"secret"}"#;
    // A scan takes no values that it does not use, and tags are asked for by ARN alone.
    let body = match name {
        "Scan" => r#"{"TableName":"tab"}"#,
        "GetItem" => r#"{"TableName":"tab","Key":{"id":{"S":"a"}}}"#,
        _ => body,
    };
    send(practice, service, post, &format!("{target}.{name}"), body)
}

fn address(made: &Made, service: Service, uri: &str) -> String {
    if service == Service::S3 {
        let upload = format!("?uploadId={}&partNumber=1", made.upload);
        let uri = uri.replace("{Bucket}", "bucket").replace("{Key+}", "some/key");
        return uri.replace("?uploadId", &upload);
    }
    let of = |(kind, id): &(&str, &str)| uri.starts_with(&format!("/{kind}")).then(|| (*id).to_owned());
    let id = MANAGED.iter().find_map(of).unwrap_or_else(|| match uri {
        uri if uri.starts_with("/origin-access-control") => made.access_control.clone(),
        uri if uri.contains("{DistributionId}") => made.invalidation.clone(),
        _ => made.distribution.clone(),
    });
    let resource = format!("?Resource=arn:aws:cloudfront::123456789012:distribution/{}", made.distribution);
    let uri = uri.replace("{DistributionId}", &made.distribution).replace("{Id}", &id);
    match uri.as_str() {
        "/tagging" => format!("/2020-05-31{uri}{resource}"),
        _ => format!("/2020-05-31{uri}"),
    }
}

fn members(service: Service, name: &str) -> Vec<(&'static str, &str)> {
    let mut members = vec![("Action", name)];
    members.extend(match service {
        Service::CloudFormation => vec![
            ("ChangeSetName", "change"),
            ("ExportName", "out"),
            ("LogicalResourceId", "Pages"),
            ("StackName", "one"),
        ],
        Service::Rds => vec![
            ("DBClusterIdentifier", "c"),
            ("DBClusterParameterGroupName", "group"),
            ("DBParameterGroupName", "group"),
            ("Engine", "aurora-mysql"),
            ("ResourceName", "arn:aws:rds:us-east-1:123456789012:cluster:c"),
        ],
        Service::Sts => vec![("RoleArn", "arn:aws:iam::123456789012:role/r"), ("RoleSessionName", "session")],
        Service::CloudWatch => vec![
            ("EndTime", "2026-11-24T00:00:00Z"),
            ("MetricName", "AuroraGlobalDBReplicationLag"),
            ("Namespace", "AWS/RDS"),
            ("StartTime", "2026-11-22T00:00:00Z"),
            ("Statistics.member.1", "Average"),
        ],
        _ => Vec::new(),
    });
    match (service, name) {
        // A template is given or that of a stack is asked for, not both; an engine is none of a filter.
        (Service::CloudFormation, "ValidateTemplate" | "GetTemplateSummary") => {
            vec![("Action", name), ("TemplateBody", TEMPLATE)]
        }
        _ => members,
    }
}

/// What is written down of a world.
fn written(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).expect("a folder").filter_map(Result::ok);
    let journals = files.filter(|file| file.file_name().to_string_lossy().starts_with("journal-"));
    journals.filter_map(|file| Some(file.metadata().ok()?.len())).sum()
}

fn reading() -> Vec<(Service, Entry)> {
    operations().filter(|(_, operation)| operation.effect == Effect::Reads).collect()
}

#[test]
fn whatever_reads_finds_something_and_leaves_no_trace() {
    let folder = tempdir().expect("a folder");
    let practice = open(folder.path());
    let made = fill(&practice);
    let (world, bytes) = (image(&practice), written(folder.path()));
    for (service, operation) in reading() {
        let told: [(u16, String); 2] = std::array::from_fn(|_| ask_for(&practice, &made, service, operation));
        for (status, text) in &told {
            // A setting that a bucket was never given is not there.
            let unset = service == Service::S3 && operation.name.starts_with("Get") && *status == 404;
            assert!(*status == 200 || unset, "{service:?} {}: {status} {text}", operation.name);
        }
        assert!(world == image(&practice), "{service:?} {} changed the world", operation.name);
        assert_eq!(bytes, written(folder.path()), "{service:?} {} was written down", operation.name);
    }
}

#[test]
fn whatever_changes_is_answered_and_written_down() {
    let folder = tempdir().expect("a folder");
    let practice = open(folder.path());
    for (service, operation) in operations().filter(|(_, one)| one.effect == Effect::Changes) {
        let before = written(folder.path());
        let (status, text) = ask_for(&practice, &Made::nothing(), service, operation);
        let unknown = ["UnknownOperationException", "InvalidAction", "NotImplemented", "MethodNotAllowed"];
        let known = unknown.iter().all(|code| !text.contains(code));
        assert!(known, "{service:?} {}: {status} {text}", operation.name);
        assert!(before < written(folder.path()), "{service:?} {} is forgotten", operation.name);
    }
}

#[test]
fn what_practice_does_not_have_is_refused_as_aws_refuses_it() {
    let folder = tempdir().expect("a folder");
    let practice = open(folder.path());
    act(&practice, &crate::world::request("s3", EAST, "PUT", "/bucket", ""));
    let (world, bytes) = (image(&practice), written(folder.path()));
    let named = |service| send(&practice, service, ("POST", "/"), "", "Action=MakeCoffee&Version=1");
    for service in [Service::CloudFormation, Service::Rds, Service::Sts, Service::CloudWatch] {
        let (status, text) = named(service);
        assert_eq!(status, 400, "{text}");
        let told = format!("Could not find operation MakeCoffee for version {}", service.version());
        assert!(text.contains("<Code>InvalidAction</Code>") && text.contains(&told), "{text}");
    }
    let (status, text) = named(Service::Ec2);
    assert_eq!(status, 400);
    assert!(text.contains("InvalidAction") && text.contains("not valid for this web service"), "{text}");
    for (service, target) in [
        (Service::DynamoDb, "DynamoDB_20120810.MakeCoffee"),
        (Service::Ssm, "AmazonSSM.MakeCoffee"),
        (Service::SecretsManager, "secretsmanager.MakeCoffee"),
        (Service::CloudWatch, "GraniteServiceVersion20100801.MakeCoffee"),
    ] {
        let (status, text) = send(&practice, service, ("POST", "/"), target, "{}");
        assert_eq!(status, 400, "{text}");
        assert!(text.contains("UnknownOperationException"), "{text}");
    }
    for (service, line, expected) in [
        (Service::S3, ("PUT", "/bucket?coffee"), (501, "NotImplemented")),
        (Service::S3, ("PUT", "/bucket/key?coffee"), (501, "NotImplemented")),
        (Service::S3, ("POST", "/"), (405, "MethodNotAllowed")),
        (Service::S3, ("DELETE", "/bucket?notification"), (405, "MethodNotAllowed")),
        (Service::S3, ("GET", "/missing?coffee"), (404, "NoSuchBucket")),
        (Service::CloudFront, ("GET", "/2020-05-31/coffee"), (501, "NotImplemented")),
        (Service::CloudFront, ("PATCH", "/2020-05-31/distribution"), (501, "NotImplemented")),
        (Service::CloudFront, ("GET", "/2015-01-01/distribution"), (501, "NotImplemented")),
    ] {
        let (status, text) = send(&practice, service, line, "", "");
        assert_eq!(status, expected.0, "{line:?}: {text}");
        assert!(text.contains(expected.1), "{line:?}: {text}");
    }
    assert!(world == image(&practice), "what is refused changes nothing");
    assert_eq!(bytes, written(folder.path()), "and need not be remembered");
}

/// The requests that other tests are made of.
fn examples() -> Vec<(Service, &'static str, http::Request<Bytes>)> {
    let files = [
        include_str!("../fuzz/corpus/requests/forms.txt"),
        include_str!("../fuzz/corpus/requests/items.txt"),
        include_str!("../fuzz/corpus/requests/others.txt"),
    ];
    let texts = files.iter().flat_map(|file| file.split("=== next ===\n"));
    texts.filter_map(example).collect()
}

fn example(text: &'static str) -> Option<(Service, &'static str, http::Request<Bytes>)> {
    let (head, body) = text.split_once("\n\n")?;
    let mut lines = head.lines();
    let (method, uri) = lines.next()?.split_once(' ')?;
    let mut request = http::Request::builder().method(method).uri(uri);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        request = request.header(name, value);
    }
    let request = request.body(Bytes::from(body.trim_end())).ok()?;
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let service = Service::of(header("authorization")?.split('/').nth(3)?)?;
    let target = text.lines().find_map(|line| line.strip_prefix("x-amz-target: ")?.split('.').nth(1));
    let action = body.split('&').find_map(|pair| pair.strip_prefix("Action="));
    Some((service, target.or(action)?.trim(), request))
}

fn reads(service: Service, name: &str) -> bool {
    reading().iter().any(|(of, operation)| *of == service && operation.name == name)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Whatever was done before, what reads leaves the world as it found it, asked once or twice.
    #[test]
    fn reading_leaves_no_trace_in_any_world(
        places in prop::collection::vec((any::<prop::sample::Index>(), 0..90_u64), 1..30),
    ) {
        let folder = tempdir().expect("a folder");
        let practice = open(folder.path());
        let examples = examples();
        let made = Made::nothing();
        let reading = reading();
        for (place, seconds) in places {
            act(&practice, &Act::Time(seconds));
            let (service, name, request) = place.get(&examples);
            let before = image(&practice);
            let _ = practice.answer(request.clone());
            if reads(*service, name) {
                prop_assert!(before == image(&practice), "{service:?} {name} changed the world");
            }
            let before = image(&practice);
            let (service, operation) = place.get(&reading);
            for _ in 0..2 {
                let _ = ask_for(&practice, &made, *service, *operation);
                prop_assert!(before == image(&practice), "{service:?} {} changed the world", operation.name);
            }
        }
    }
}
