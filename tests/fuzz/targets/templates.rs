//! Templates: read, bound, planned and evaluated; and now and then made a stack of.

use std::collections::BTreeMap;
use std::time::Duration;

use cloudformation::template::{EmptyResolver, Pseudo, Template};
use practice::Practice;

use super::super::mutate::{Rng, Trade};
use super::world::{ask, open};
use super::{Seen, Target, kind};

pub struct Templates {
    practice: Practice,
    turn: usize,
}

impl Templates {
    pub fn new() -> Templates {
        // The first is made a stack of too: it may be the only one.
        Templates { practice: open(), turn: 15 }
    }
}

impl Target for Templates {
    fn fresh(&mut self) {
        self.practice = open();
    }

    fn trade(&self) -> Trade {
        Trade {
            words: &[
                "Ref",
                "Fn::Sub",
                "Fn::Join",
                "Fn::GetAtt",
                "Fn::If",
                "Fn::Select",
                "Fn::Split",
                "Fn::FindInMap",
                "Fn::Base64",
                "Fn::Cidr",
                "Fn::GetAZs",
                "Fn::ImportValue",
                "Fn::Equals",
                "Fn::And",
                "Fn::Or",
                "Fn::Not",
                "Condition",
                "Fn::Transform",
                "Fn::Length",
                "Fn::ToJsonString",
                "Fn::ForEach::x",
                "!Ref ",
                "!Sub ",
                "!Join ",
                "!GetAtt ",
                "!If ",
                "!Select ",
                "!Split ",
                "!Cidr ",
                "!Equals ",
                "!Base64 ",
                "AWS::NoValue",
                "AWS::Region",
                "${AWS::StackName}",
                "${",
                "${!x}",
                "Resources",
                "Parameters",
                "Outputs",
                "Mappings",
                "Conditions",
                "Rules",
                "Metadata",
                "Type",
                "Properties",
                "DependsOn",
                "DeletionPolicy",
                "Default",
                "AllowedPattern",
                "AWS::S3::Bucket",
                "AWS::DynamoDB::Table",
                "AWS::EC2::VPC",
                "AWS::CloudFormation::Stack",
                "AWS::SSM::Parameter::Value<String>",
                "CommaDelimitedList",
                "{{resolve:ssm:/x:1}}",
                "{{resolve:",
                "&a ",
                "*a",
                "<<: *a",
                "---\n",
                "|\n",
                ">-\n",
                "? ",
                "- ",
                ": ",
                "\n  ",
                "\n    ",
                "{",
                "}",
                "[",
                "]",
                "\"",
                "'",
                ",",
                "#",
                "%YAML 1.2\n",
                "!!binary ",
                "!<x> ",
                "0x1F",
                "0o17",
                "~",
                "yes",
            ],
            pairs: &[
                ("[", "]"),
                ("{a: ", "}"),
                ("{\"Fn::Not\": [", "]}"),
                ("{\"Fn::Join\": [\"\", [", "]]}"),
                ("{\"Fn::Sub\": ", "}"),
                ("{\"Ref\": ", "}"),
                ("!Not [", "]"),
                ("!Join ['', [", "]]"),
                ("!If [x, ", ", y]"),
                ("!Base64 ", ""),
                ("- ", ""),
                ("{\"Fn::Base64\": ", "}"),
                ("!Select [0, [", "]]"),
                ("!Split [',', ", "]"),
                ("${", "}"),
                ("? ", ""),
                ("[*a, ", "]"),
            ],
        }
    }

    fn made(&mut self, rng: &mut Rng) -> Option<Vec<u8>> {
        Some(serde_json::to_string(&template(rng)).unwrap().into_bytes())
    }

    fn taste(&mut self, input: &[u8]) -> Seen {
        let text = String::from_utf8_lossy(input);
        self.turn += 1;
        if self.turn.is_multiple_of(16) {
            return self.stack(&text);
        }
        let template = match Template::parse(&text) {
            Ok(template) => template,
            Err(error) => return Seen { taken: false, kind: kind(&error.to_string()) },
        };
        let pseudo = Pseudo::new(
            "123456789012",
            "us-east-1",
            "shop",
            "arn:aws:cloudformation:us-east-1:1:stack/shop/1",
        );
        let bound = template.bind(&BTreeMap::new(), None, &|_| None);
        let bindings = match bound {
            Ok(bindings) => bindings,
            Err(error) => return Seen { taken: false, kind: kind(&error.to_string()) ^ 1 },
        };
        if let Err(error) = template.plan(&bindings, &pseudo) {
            return Seen { taken: false, kind: kind(&error.to_string()) ^ 2 };
        }
        let mut seen = 3;
        for resource in template.resources.values() {
            if let Err(error) = template.evaluate(&resource.properties, &bindings, &pseudo, &EmptyResolver) {
                seen ^= kind(&error.to_string());
            }
        }
        Seen { taken: true, kind: seen }
    }
}

impl Templates {
    /// Makes a stack of it, lets it get somewhere, and deletes it.
    fn stack(&mut self, text: &str) -> Seen {
        let form = |action: &str, more: &str| format!("Action={action}&Version=2010-05-15&{more}");
        let body = testbed::form(&[("TemplateBody", text)]);
        ask(&self.practice, "cloudformation", "", &form("GetTemplateSummary", &body));
        let name = format!("StackName=s{}", self.turn);
        let capable =
            "Capabilities.member.1=CAPABILITY_NAMED_IAM&Capabilities.member.2=CAPABILITY_AUTO_EXPAND";
        let made = ask(
            &self.practice,
            "cloudformation",
            "",
            &form("CreateStack", &format!("{name}&{capable}&{body}")),
        );
        self.practice.clock().advance(Duration::from_secs(40));
        ask(&self.practice, "cloudformation", "", &form("DescribeStackEvents", &name));
        ask(&self.practice, "cloudformation", "", &form("DeleteStack", &name));
        self.practice.clock().advance(Duration::from_secs(600));
        ask(&self.practice, "cloudformation", "", &form("DescribeStacks", ""));
        made
    }
}

fn template(rng: &mut Rng) -> serde_json::Value {
    use serde_json::json;
    let mut resources = serde_json::Map::new();
    for i in 0..=rng.below(4) {
        let kind = *rng.pick(&[
            "AWS::S3::Bucket",
            "AWS::SNS::Topic",
            "AWS::EC2::VPC",
            "AWS::SSM::Parameter",
            "AWS::DynamoDB::Table",
        ]);
        let mut resource = json!({"Type": kind, "Properties": {"P": value(rng, 0), "Name": value(rng, 2)}});
        if rng.one_in(3) {
            resource["DependsOn"] = json!(format!("R{}", rng.below(5)));
        }
        if rng.one_in(3) {
            resource["Condition"] = json!("C0");
        }
        resources.insert(format!("R{i}"), resource);
    }
    json!({
        "Parameters": {"A": {"Type": "String", "Default": "a"}, "L": {"Type": "CommaDelimitedList", "Default": "x,y"}},
        "Mappings": {"M": {"a": {"k": "v", "l": [1, 2]}}},
        "Conditions": {"C0": condition(rng, 0), "C1": condition(rng, 0)},
        "Resources": resources,
        "Outputs": {"O": {"Value": value(rng, 1)}},
    })
}

fn condition(rng: &mut Rng, depth: usize) -> serde_json::Value {
    use serde_json::json;
    match rng.below(if depth > 4 { 2 } else { 5 }) {
        0 => json!({"Fn::Equals": [value(rng, 4), value(rng, 4)]}),
        1 => json!({"Condition": format!("C{}", rng.below(2))}),
        2 => json!({"Fn::Not": [condition(rng, depth + 1)]}),
        3 => json!({"Fn::And": [condition(rng, depth + 1), condition(rng, depth + 1)]}),
        _ => json!({"Fn::Or": [condition(rng, depth + 1), condition(rng, depth + 1)]}),
    }
}

fn value(rng: &mut Rng, depth: usize) -> serde_json::Value {
    use serde_json::json;
    if depth > 5 || rng.one_in(3) {
        return match rng.below(6) {
            0 => json!("a"),
            1 => json!(7),
            2 => json!({"Ref": *rng.pick(&["A", "L", "R0", "R1", "AWS::Region", "AWS::NoValue", "X"])}),
            3 => json!({"Fn::GetAtt": ["R0", "Arn"]}),
            4 => json!({"Fn::Sub": *rng.pick(&["${A}-${AWS::Region}", "${R1.Arn}", "${!x}${A}", "$A${"])}),
            _ => json!(true),
        };
    }
    let next = depth + 1;
    match rng.below(11) {
        0 => json!({"Fn::Join": [",", [value(rng, next), value(rng, next)]]}),
        1 => json!({"Fn::Select": [rng.below(3), value(rng, next)]}),
        2 => json!({"Fn::Split": [",", value(rng, next)]}),
        3 => json!({"Fn::If": ["C0", value(rng, next), value(rng, next)]}),
        4 => json!({"Fn::FindInMap": ["M", value(rng, next), "k"]}),
        5 => json!({"Fn::Base64": value(rng, next)}),
        6 => json!({"Fn::Cidr": ["10.0.0.0/16", rng.below(300), 8]}),
        7 => json!({"Fn::GetAZs": value(rng, next)}),
        8 => json!({"Fn::Sub": ["${x}${A}", {"x": value(rng, next)}]}),
        9 => json!([value(rng, next), value(rng, next)]),
        _ => json!({"k": value(rng, next), "j": value(rng, next)}),
    }
}
