//! Whatever bytes come in, practice answers as AWS would: an error of the caller's in the protocol's
//! shape. It never fails inside, and never takes the program down.

use bytes::Bytes;
use practice::Practice;
use practice::wire::Node;
use proptest::prelude::*;
use testbed::{EAST, form as encoded};

use crate::world::setup;

/// Services with the way they are asked and some of their operations.
const QUERIES: [(&str, &[&str]); 5] = [
    (
        "cloudformation",
        &["CreateStack", "UpdateStack", "DescribeStacks", "CreateChangeSet", "ValidateTemplate"],
    ),
    ("rds", &["CreateDBCluster", "DescribeDBClusters", "FailoverGlobalCluster", "CreateDBInstance"]),
    ("sts", &["GetCallerIdentity"]),
    ("ec2", &["DescribeInstances", "DescribeAvailabilityZones", "StopInstances"]),
    ("monitoring", &["GetMetricStatistics", "PutMetricData"]),
];
const JSONS: [(&str, &str, &[&str]); 3] = [
    (
        "dynamodb",
        "DynamoDB_20120810",
        &["PutItem", "Query", "UpdateItem", "CreateTable", "TransactWriteItems"],
    ),
    ("ssm", "AmazonSSM", &["GetParameter", "GetParametersByPath"]),
    ("secretsmanager", "secretsmanager", &["GetSecretValue", "CreateSecret"]),
];
const XML: &str = "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a&amp;b</Key></Object>\
                   <Quiet>true</Quiet></Delete>";
const CHUNKED: &[u8] =
    b"5;chunk-signature=00\r\nhello\r\n0;chunk-signature=00\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";

fn request(service: &str, method: &str, target: &str) -> http::request::Builder {
    testbed::request(service, EAST, method, target)
}

/// Sends it; complains unless the answer is one that AWS could have given.
fn answers(practice: &Practice, request: http::request::Builder, body: &[u8], json: bool) -> u16 {
    // What cannot be an HTTP request never reaches practice.
    let Ok(request) = request.body(Bytes::copy_from_slice(body)) else { return 400 };
    let head = request.method() == http::Method::HEAD;
    let asked = format!("{request:?}");
    let answer = practice.answer(request);
    let (status, text) = (answer.status().as_u16(), String::from_utf8_lossy(answer.body()).into_owned());
    assert!(status < 500 || status == 501, "{status}: {text}\n{asked}");
    if status < 400 || head || status == 404 && text.is_empty() {
        return status;
    }
    let code = match json {
        true => serde_json::from_str::<serde_json::Value>(&text).ok().and_then(|v| v.get("__type").cloned()),
        false => Node::parse(answer.body()).ok().filter(|_| text.contains("<Code>")).map(|_| "Code".into()),
    };
    assert!(code.is_some(), "{status} is not AWS's shape: {text}\n{asked}");
    status
}

fn practice() -> Practice {
    setup().open().practice
}

fn garbled(good: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let length = good.len();
    (0..=length, 0..=length, proptest::collection::vec(any::<u8>(), 0..12)).prop_map(move |(a, b, new)| {
        let (a, b) = (a.min(b), a.max(b));
        [&good[..a], &new, &good[b..]].concat()
    })
}

/// Anything, or something nearly right.
fn body(good: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![proptest::collection::vec(any::<u8>(), 0..200), garbled(good)]
}

/// A form with members a service might look for, and values it will not expect.
fn form() -> impl Strategy<Value = Vec<u8>> {
    let names = "(StackName|TemplateBody|Parameters\\.member\\.[0-9]{1,20}\\.ParameterKey|Tags\\.member\\.1\\.Key|\
                 MaxRecords|Marker|NextToken|DBClusterIdentifier|StartTime|Period|InstanceId\\.[0-9]{1,20}|\
                 Filters?\\.[0-9]\\.Name|[A-Za-z.]{0,12}|%[0-9a-zA-Z]{0,2})";
    let values = "(|%|%zz|%ff%fe|[0-9]{1,30}|-1|NaN|[\\[{&*!: \"'a-z-]{1,30}|\\PC{0,20})";
    let pairs = proptest::collection::vec((names, values), 0..8);
    let text = pairs.prop_map(|p| p.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("&"));
    text.prop_map(String::into_bytes)
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        "(|#a = :a|SET #a = |unishop|S|N|1e999|attribute_exists\\(\\(|[a-z#:=<>() ]{0,20}|\\PC{0,8})"
            .prop_map(Into::into),
    ];
    let names = "(TableName|Item|Key|KeySchema|AttributeDefinitions|KeyConditionExpression|UpdateExpression|\
                 ExpressionAttributeValues|ExpressionAttributeNames|Limit|Name|Path|SecretId|TransactItems|Put|S|N|B|M|L|NULL|:a|#a)";
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            proptest::collection::hash_map(names, inner, 0..6)
                .prop_map(|m| serde_json::Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn query_parameters(s in 0..QUERIES.len(), n in 0..5_usize, form in form(), raw in body(b"a=b&c=d".to_vec())) {
        let practice = practice();
        let (service, actions) = QUERIES[s];
        let action = actions[n % actions.len()];
        let named = [format!("Action={action}&").as_bytes(), &form].concat();
        for body in [named, form, raw] {
            answers(&practice, request(service, "POST", "/"), &body, false);
        }
    }

    #[test]
    fn json_bodies(s in 0..JSONS.len(), n in 0..5_usize, value in value(), raw in body(br#"{"TableName": "t", "Key": {"uuid": {"S": "x"}}}"#.to_vec())) {
        let practice = practice();
        let (service, prefix, actions) = JSONS[s];
        let target = format!("{prefix}.{}", actions[n % actions.len()]);
        for body in [value.to_string().into_bytes(), raw] {
            answers(&practice, request(service, "POST", "/").header("x-amz-target", &target), &body, true);
        }
    }

    #[test]
    fn buckets_objects_and_their_documents(
        method in "(GET|PUT|POST|DELETE|HEAD|PATCH)",
        path in "/(bucket)?(/[a-zA-Z0-9%._~-]{0,12}){0,3}",
        query in "(delete|policy|tagging|versioning|uploads|uploadId=[0-9a-z]{0,4}|versionId=[a-z]{0,3}|max-keys=[0-9-]{0,22}|list-type=2|[a-z-]{0,8}=[%0-9a-f]{0,6})?",
        range in "(bytes=[0-9]{0,22}-[0-9]{0,22}|bytes=-[0-9]{0,22}|[a-z=-]{0,8})",
        body in body(XML.as_bytes().to_vec()),
    ) {
        let practice = practice();
        answers(&practice, request("s3", "PUT", "/bucket"), b"", false);
        answers(&practice, request("s3", "PUT", "/bucket/a"), b"content", false);
        let target = format!("{path}?{query}");
        answers(&practice, request("s3", &method, &target).header("range", range), &body, false);
    }

    #[test]
    fn chunked_uploads(body in body(CHUNKED.to_vec()), length in "[0-9]{0,22}", kind in "(STREAMING-AWS4-HMAC-SHA256-PAYLOAD|STREAMING-UNSIGNED-PAYLOAD-TRAILER|UNSIGNED-PAYLOAD|[0-9a-f]{64}|\\PC{0,4})") {
        let practice = practice();
        answers(&practice, request("s3", "PUT", "/bucket"), b"", false);
        let put = request("s3", "PUT", "/bucket/a")
            .header("content-encoding", "aws-chunked")
            .header("x-amz-content-sha256", kind)
            .header("x-amz-decoded-content-length", length);
        answers(&practice, put, &body, false);
    }

    #[test]
    fn distributions(
        method in "(GET|PUT|POST|DELETE)",
        path in "/2020-05-31/(distribution|origin-access-control|[a-z-]{0,12})(/[A-Z0-9]{0,14})?(/config|/invalidation)?",
        marker in "[0-9A-Za-z%]{0,20}",
        body in body(b"<DistributionConfig><CallerReference>r</CallerReference><Origins><Quantity>1</Quantity><Items><Origin><Id>a</Id></Origin></Items></Origins></DistributionConfig>".to_vec()),
    ) {
        let practice = practice();
        let target = format!("{path}?MaxItems={marker}&Marker={marker}");
        answers(&practice, request("cloudfront", &method, &target), &body, false);
    }
}

/// Depth is the cheapest way to make a recursive reader run out of stack, which no answer survives.
#[test]
fn bottomless_documents_are_refused() {
    let practice = practice();
    let deep = |open: &str, n: usize| open.repeat(n);
    answers(&practice, request("s3", "PUT", "/bucket"), b"", false);
    for sub in ["delete", "tagging", "versioning"] {
        let method = if sub == "delete" { "POST" } else { "PUT" };
        let body = deep("<a>", 100_000);
        let status =
            answers(&practice, request("s3", method, &format!("/bucket?{sub}")), body.as_bytes(), false);
        assert_eq!(status, 400, "{sub}");
    }
    let body = deep("<a>", 100_000);
    answers(&practice, request("cloudfront", "POST", "/2020-05-31/distribution"), body.as_bytes(), false);
    for open in ["[", "{\"a\":", "{\"M\":{\"a\":"] {
        let put = request("dynamodb", "POST", "/").header("x-amz-target", "DynamoDB_20120810.PutItem");
        assert_eq!(answers(&practice, put, deep(open, 50_000).as_bytes(), true), 400, "{open}");
    }
    let policy = request("s3", "PUT", "/bucket?policy");
    assert_eq!(answers(&practice, policy, deep("[", 50_000).as_bytes(), false), 400);
    for open in ["[", "{a: ", "- ", "!Ref ", "{\"a\":"] {
        let template = deep(open, 51_000 / open.len());
        let body = encoded(&[("Action", "CreateStack"), ("StackName", "s"), ("TemplateBody", &template)]);
        let status = answers(&practice, request("cloudformation", "POST", "/"), body.as_bytes(), false);
        assert_eq!(status, 400, "{open}");
    }
    let expression = format!("{}a = :a{}", deep("(", 4000), deep(")", 4000));
    let body =
        serde_json::json!({"TableName": "t", "Item": {"id": {"S": "1"}}, "ConditionExpression": expression});
    let put = request("dynamodb", "POST", "/").header("x-amz-target", "DynamoDB_20120810.PutItem");
    assert_eq!(answers(&practice, put, body.to_string().as_bytes(), true), 400);
}
