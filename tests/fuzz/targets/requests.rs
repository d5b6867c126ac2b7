//! HTTP requests for every service, against a world that lives for a batch of them.

use std::time::Duration;

use practice::Practice;

use super::super::mutate::{Rng, Trade};
use super::world::{ask, open, request, send, signed, with_table};
use super::{Seen, Target};

pub struct Requests {
    practice: Practice,
    turn: u64,
}

impl Requests {
    pub fn new() -> Requests {
        Requests { practice: open(), turn: 0 }
    }
}

/// Operations of the services that are called by a target, and of those called by a form.
const TARGETS: &[(&str, &str, &[&str])] = &[
    (
        "dynamodb",
        "DynamoDB_20120810",
        &[
            "CreateTable",
            "PutItem",
            "GetItem",
            "UpdateItem",
            "DeleteItem",
            "Query",
            "Scan",
            "BatchWriteItem",
            "BatchGetItem",
            "TransactWriteItems",
            "TransactGetItems",
            "DescribeTable",
            "UpdateTable",
            "ListTables",
            "DeleteTable",
            "TagResource",
            "UpdateTimeToLive",
            "DescribeContinuousBackups",
            "DescribeLimits",
        ],
    ),
    (
        "ssm",
        "AmazonSSM",
        &[
            "PutParameter",
            "GetParameter",
            "GetParameters",
            "GetParametersByPath",
            "DeleteParameter",
            "DescribeParameters",
        ],
    ),
    (
        "secretsmanager",
        "secretsmanager",
        &[
            "CreateSecret",
            "GetSecretValue",
            "ListSecrets",
            "DeleteSecret",
            "PutSecretValue",
            "DescribeSecret",
            "GetRandomPassword",
        ],
    ),
];

const FORMS: &[(&str, &[&str])] = &[
    (
        "cloudformation",
        &[
            "CreateStack",
            "UpdateStack",
            "DeleteStack",
            "DescribeStacks",
            "DescribeStackEvents",
            "CreateChangeSet",
            "ExecuteChangeSet",
            "DescribeChangeSet",
            "ListStacks",
            "GetTemplateSummary",
            "ValidateTemplate",
            "ListExports",
            "ListStackResources",
            "GetTemplate",
        ],
    ),
    (
        "rds",
        &[
            "CreateDBCluster",
            "CreateGlobalCluster",
            "DescribeDBClusters",
            "DescribeGlobalClusters",
            "FailoverGlobalCluster",
            "SwitchoverGlobalCluster",
            "RemoveFromGlobalCluster",
            "DeleteDBCluster",
            "CreateDBInstance",
            "DescribeDBInstances",
            "DeleteDBInstance",
            "CreateDBSubnetGroup",
            "DescribeDBClusterSnapshots",
            "ModifyDBCluster",
            "AddTagsToResource",
        ],
    ),
    ("sts", &["GetCallerIdentity", "AssumeRole"]),
    (
        "ec2",
        &[
            "DescribeVpcs",
            "DescribeInstances",
            "DescribeRegions",
            "StopInstances",
            "StartInstances",
            "DescribeSubnets",
            "DescribeAvailabilityZones",
        ],
    ),
    ("monitoring", &["GetMetricStatistics", "PutMetricData", "ListMetrics", "GetMetricData"]),
];

const MEMBERS: &[&str] = &[
    "TableName",
    "Item",
    "Key",
    "KeySchema",
    "AttributeDefinitions",
    "BillingMode",
    "RequestItems",
    "TransactItems",
    "Limit",
    "Name",
    "Value",
    "Type",
    "Overwrite",
    "Path",
    "SecretId",
    "SecretString",
    "StackName",
    "TemplateBody",
    "ChangeSetName",
    "DBClusterIdentifier",
    "GlobalClusterIdentifier",
    "Engine",
    "EngineVersion",
    "DBInstanceIdentifier",
    "MasterUsername",
    "MasterUserPassword",
    "MaxRecords",
    "Marker",
    "NextToken",
    "InstanceId.1",
    "Filter.1.Name",
    "Filter.1.Value.1",
    "Parameters.member.1.ParameterKey",
    "Parameters.member.1.ParameterValue",
    "Tags.member.1.Key",
    "Tags.member.1.Value",
    "Namespace",
    "MetricName",
    "StartTime",
    "EndTime",
    "Period",
    "Capabilities.member.1",
    "ExclusiveStartKey",
    "ReplicaUpdates",
    "ClientRequestToken",
    "TargetDbClusterIdentifier",
    "AllowDataLoss",
    "ReturnValues",
];

impl Target for Requests {
    fn batched(&self) -> bool {
        true
    }

    fn fresh(&mut self) {
        self.practice = open();
        self.turn = 0;
        with_table(&self.practice);
        assert!(ask(&self.practice, "s3", "PUT /bucket", "").taken);
        assert!(ask(&self.practice, "s3", "PUT /bucket/key", "hello").taken);
        let template = "Resources%3A%0A%20%20B%3A%0A%20%20%20%20Type%3A%20AWS%3A%3AS3%3A%3ABucket";
        assert!(
            ask(
                &self.practice,
                "cloudformation",
                "",
                &format!("Action=CreateStack&StackName=s&TemplateBody={template}")
            )
            .taken
        );
    }

    fn trade(&self) -> Trade {
        Trade {
            words: &[
                "GET",
                "PUT",
                "POST",
                "DELETE",
                "HEAD",
                "OPTIONS",
                "/",
                "/bucket",
                "/bucket/key",
                "?versioning",
                "?uploads",
                "?list-type=2",
                "?delete",
                "?policy",
                "?acl",
                "?tagging",
                "&max-keys=",
                "&prefix=",
                "&delimiter=%2F",
                "&continuation-token=",
                "host: localhost",
                "host: a.cloudfront.localhost",
                "host: bucket.s3.localhost",
                "host: x.execute-api.us-east-1.amazonaws.com",
                "content-type: application/x-amz-json-1.0",
                "content-encoding: aws-chunked",
                "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "x-amz-decoded-content-length: 5",
                "range: bytes=0-1",
                "range: bytes=-99999999999999999999",
                "if-match: *",
                "x-amz-copy-source: /bucket/key",
                "if-modified-since: Thu, 01 Jan 1970 00:00:00 GMT",
                "x-amz-target: DynamoDB_20120810.Query",
                "X-Amz-Credential=",
                "Action=",
                "&",
                "=",
                "%",
                "%2F",
                "+",
                "{\"S\":\"a\"}",
                "{\"N\":\"1\"}",
                "{\"L\":[",
                "{\"M\":{",
                "\"BOOL\":true",
                "null",
                "true",
                "[]",
                "{}",
                "\"\"",
                "<",
                ">",
                "</",
                "<Delete><Object><Key>key</Key></Object></Delete>",
                "<?xml version=\"1.0\"?>",
                "<!DOCTYPE a [<!ENTITY b \"c\">]>",
                "&b;",
                "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
                "us-west-1",
                "us-east-1",
                "aws4_request",
                "member.1",
                ".member.99999999999.",
                "/_espera/regions/us-east-1/break",
                "/_espera/clock",
                "5;chunk-signature=0\r\nhello\r\n0\r\n\r\n",
            ],
            pairs: &[
                ("{\"L\":[", "]}"),
                ("{\"M\":{\"a\":", "}}"),
                ("[", "]"),
                ("{\"a\":", "}"),
                ("<a>", "</a>"),
                ("%5B", "%5D"),
                ("(", ")"),
                ("NOT (", ")"),
                ("/", ""),
                (".member.1", ""),
                ("{\"Fn::Not\":[", "]}"),
                ("&a=", ""),
            ],
        }
    }

    fn made(&mut self, rng: &mut Rng) -> Option<Vec<u8>> {
        let (head, body) = if rng.one_in(2) {
            let (service, prefix, operations) = rng.pick(TARGETS);
            let target = format!("x-amz-target: {prefix}.{}\n{}", rng.pick(operations), signed(service));
            (target, serde_json::Value::Object((0..=rng.below(5)).map(|_| member(rng)).collect()).to_string())
        } else {
            let (service, actions) = rng.pick(FORMS);
            let mut body = format!("Action={}", rng.pick(actions));
            for _ in 0..=rng.below(5) {
                body += &format!(
                    "&{}={}",
                    rng.pick(MEMBERS),
                    rng.pick(&[
                        "a",
                        "tab",
                        "s",
                        "1",
                        "aurora-mysql",
                        "key",
                        "",
                        "true",
                        "2026-11-27T00:00:00Z"
                    ])
                );
            }
            (signed(service), body)
        };
        Some(format!("POST /\nhost: localhost\n{head}\n\n{body}").into_bytes())
    }

    fn taste(&mut self, input: &[u8]) -> Seen {
        self.turn += 1;
        // Things under way come to their end, some of them in the middle of what is asked.
        self.practice.clock().advance(Duration::from_secs(self.turn % 7 * 20));
        match request(input) {
            Some(request) => send(&self.practice, request),
            None => Seen { taken: false, kind: 0 },
        }
    }
}

fn member(rng: &mut Rng) -> (String, serde_json::Value) {
    ((*rng.pick(MEMBERS)).to_owned(), value(rng, 0))
}

fn value(rng: &mut Rng, depth: usize) -> serde_json::Value {
    use serde_json::json;
    match rng.below(if depth > 3 { 6 } else { 11 }) {
        0 => json!("tab"),
        1 => json!("a"),
        2 => json!(rng.below(100)),
        3 => json!({"p": {"S": "a"}, "s": {"N": "1"}}),
        4 => json!({"S": "a"}),
        5 => json!(true),
        6 => json!([value(rng, depth + 1)]),
        7 => {
            json!({"tab": [{"PutRequest": {"Item": {"p": {"S": "a"}, "s": {"N": "7"}, "x": value(rng, depth + 1)}}}]})
        }
        8 => json!({"L": [value(rng, depth + 1), value(rng, depth + 1)]}),
        9 => json!({"M": {"k": value(rng, depth + 1)}}),
        _ => serde_json::Value::Object((0..2).map(|_| member(rng)).collect()),
    }
}
