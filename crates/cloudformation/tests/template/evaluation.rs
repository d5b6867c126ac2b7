//! What every intrinsic yields.

use cloudformation::template::{Pseudo, Template};
use serde_json::json;

use crate::{Everything, bind, evaluated, pseudo};

#[test]
fn every_intrinsic_yields_what_aws_yields() {
    let cases = [
        ("!Ref Env", json!("prod")),
        ("!Ref Zones", json!(["a", "b", "c"])),
        ("!Ref Other", json!("Other-id")),
        ("!Ref AWS::Region", json!("us-west-1")),
        (
            "!Sub 'arn:${AWS::Partition}:s3:::${AWS::AccountId}.${AWS::URLSuffix}'",
            json!("arn:aws:s3:::123456789012.amazonaws.com"),
        ),
        ("!GetAtt Other.Endpoint.Port", json!("Other/Endpoint.Port")),
        ("{Fn::GetAtt: [Other, !Ref Env]}", json!("Other/prod")),
        ("!GetAtt Other.Ports", json!([80, 443])),
        ("!Sub '${Env}:${Other}:${Other.Arn}:${!Env}:$x'", json!("prod:Other-id:Other/Arn:${Env}:$x")),
        ("!Sub ['${Env}-${n}', {Env: mine, n: !Select [1, !Ref Zones]}]", json!("mine-b")),
        ("!Join [',', !Ref Zones]", json!("a,b,c")),
        ("!Join ['', [a, !Ref 'AWS::NoValue', 1, true, !GetAtt Other.Arn]]", json!("a1trueOther/Arn")),
        ("!Select ['1', !GetAZs '']", json!("us-west-1c")),
        ("!GetAZs us-east-1", json!(["us-east-1a", "us-east-1c"])),
        ("!Split [':', !Sub 'a:${Env}:']", json!(["a", "prod", ""])),
        ("!FindInMap [Sizes, !Ref Env, size]", json!("large")),
        ("!FindInMap [Sizes, prod, ports]", json!([80, 443])),
        ("!FindInMap [Sizes, nowhere, size, {DefaultValue: !Ref Env}]", json!("prod")),
        ("!If [Prod, yes-it-is, no]", json!("yes-it-is")),
        ("!If [Test, x, !Ref AWS::NoValue]", json!(null)),
        ("[!If [Test, x, !Ref AWS::NoValue], y]", json!(["y"])),
        ("!Base64 {Fn::Join: ['', [a, b]]}", json!("YWI=")),
        ("!ImportValue {Fn::Sub: 'net-vpc'}", json!("vpc-1")),
        ("!GetStackOutput {StackName: net, OutputName: VpcId}", json!("VpcId@us-west-1")),
        (
            "{Fn::GetStackOutput: {StackName: net, OutputName: !Ref Env, Region: us-east-1}}",
            json!("prod@us-east-1"),
        ),
        ("!Select [1, !Cidr [10.0.0.0/16, 4, '8']]", json!("10.0.1.0/24")),
        ("'{{resolve:ssm:/shop/size:1}}!'", json!("t4g.small!")),
        ("!Sub 'p={{resolve:secretsmanager:${Secret}:SecretString:password}};'", json!("p=s3same;")),
        ("'{{resolve:other:x}} {{resolve:'", json!("{{resolve:other:x}} {{resolve:")),
        ("{Condition: {Ref: Env}, Ref: x}", json!({"Condition": "prod", "Ref": "x"})),
        ("!And [Condition: Prod, !Or [Condition: Test, !Equals [1, '1']]]", json!(true)),
    ];
    for (value, expected) in cases {
        let found = evaluated(value).unwrap_or_else(|error| panic!("{value}: {error}"));
        assert_eq!(found, expected, "{value}");
    }
}

#[test]
fn what_cannot_be_evaluated_says_so_in_the_words_of_aws() {
    let cases = [
        ("!Select [5, !Ref Zones]", "Template error: Fn::Select cannot select nonexistent value at index 5"),
        (
            "!Sub '${Zones}'",
            "Template error: variable Zones in Fn::Sub expression does not resolve to a string",
        ),
        ("!FindInMap [Sizes, test, ports]", "Template error: Unable to get mapping for Sizes::test::ports"),
        (
            "!GetAtt Other.Missing",
            "Template error: resource Other does not support attribute type Missing in Fn::GetAtt",
        ),
        ("!GetStackOutput {StackName: none, OutputName: X}", "Output X of stack none does not exist"),
        ("!ImportValue nope", "No export named nope found."),
        ("'{{resolve:ssm:/none}}'", "Parameters: [ssm:/none] cannot be found."),
        ("'{{resolve:secretsmanager:none}}'", "Secrets Manager can't find the specified secret."),
    ];
    for (value, expected) in cases {
        assert_eq!(evaluated(value).unwrap_err().to_string(), expected, "{value}");
    }
}

#[test]
fn members_without_value_are_left_out() {
    let text = crate::with("!If [Test, x, !Ref 'AWS::NoValue']");
    let template = Template::parse(&text).unwrap();
    let bindings = bind(&template, &[]).unwrap();
    let done =
        template.evaluate(&template.resources["It"].properties, &bindings, &pseudo(), &Everything).unwrap();
    assert_eq!(done, json!({"Kept": 1}));
}

#[test]
fn regions_of_china_have_their_own_partition() {
    let pseudo = Pseudo::new("1", "cn-north-1", "s", "id");
    assert_eq!((pseudo.partition(), pseudo.url_suffix()), ("aws-cn", "amazonaws.com.cn"));
}
