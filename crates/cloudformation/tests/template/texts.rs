//! Any text at all: refused or read, never a panic, and never slowly.

use cloudformation::template::Template;
use proptest::prelude::*;
use serde_json::Value;

use crate::{Everything, bind, pseudo};

/// Does with a text all that the engine would do.
fn run(text: &str) {
    let Ok(template) = Template::parse(text) else { return };
    let _ = template.summary();
    let Ok(bindings) = bind(&template, &[]) else { return };
    let Ok(plan) = template.plan(&bindings, &pseudo()) else { return };
    for id in &plan.live {
        let _ = template.evaluate(&template.resources[id].properties, &bindings, &pseudo(), &Everything);
    }
}

/// Pieces of which templates, and nearly templates, are made.
fn piece() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "Resources:",
        "Parameters:",
        "Conditions:",
        "Mappings:",
        "Outputs:",
        "Rules:",
        "Transform: X",
        "\n",
        "\n  ",
        "\n    ",
        "\n      ",
        "A:",
        "B:",
        "Type: X",
        "Type: String",
        "Properties:",
        "DependsOn: ",
        "Condition: ",
        "Value: ",
        "P: ",
        "- ",
        "!Ref ",
        "!Sub ",
        "!GetAtt ",
        "!If ",
        "!Join ",
        "!Select ",
        "!Cidr ",
        "!FindInMap ",
        "!Equals ",
        "!And ",
        "!Transform ",
        "!GetAZs",
        "A.B",
        "'${A.B}'",
        "'${'",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ": ",
        "\"",
        "'",
        "0",
        "-1",
        "10.0.0.0/8",
        "99999999999999999999",
        "&a ",
        "*a",
        "<<: ",
        "|",
        ">",
        "#",
        "---",
        "~",
        "\t",
        "\u{feff}",
        "ñ",
        "{{resolve:ssm:x}}",
        "\"Fn::If\"",
        "\"Ref\"",
    ])
}

/// Values with intrinsics in every position, in their right form or not.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::from("A")),
        Just(Value::from("C")),
        Just(Value::from("${A.B} ${P}")),
        Just(Value::from(1)),
        Just(Value::from(-1)),
        Just(Value::from("10.0.0.0/30")),
        Just(Value::Bool(true)),
        Just(Value::from("")),
    ];
    let names = vec![
        "Ref",
        "Fn::GetAtt",
        "Fn::Sub",
        "Fn::Join",
        "Fn::Split",
        "Fn::Select",
        "Fn::If",
        "Fn::FindInMap",
        "Fn::Base64",
        "Fn::GetAZs",
        "Fn::Cidr",
        "Fn::ImportValue",
        "Fn::Equals",
        "Fn::Not",
        "Fn::And",
        "Fn::Or",
        "Fn::ValueOf",
        "Fn::Contains",
        "Fn::GetStackOutput",
        "Condition",
        "Plain",
    ];
    leaf.prop_recursive(4, 40, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            (prop::sample::select(names.clone()), inner.clone())
                .prop_map(|(name, value)| serde_json::json!({name: value})),
            (prop::sample::select(names.clone()), prop::collection::vec(inner, 1..4))
                .prop_map(|(name, list)| serde_json::json!({name: list})),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in "\\PC{0,200}") {
        run(&text);
    }

    #[test]
    fn nothing_nearly_a_template_panics(pieces in prop::collection::vec(piece(), 0..60)) {
        run(&pieces.concat());
    }

    #[test]
    fn no_arrangement_of_intrinsics_panics(one in value(), other in value()) {
        let template = serde_json::json!({
            "Parameters": {"P": {"Type": "CommaDelimitedList", "Default": "a,b"}},
            "Conditions": {"C": other},
            "Resources": {"A": {"Type": "X", "Properties": {"Q": one, "R": "x"}}, "B": {"Type": "Y", "Condition": "C"}},
            "Outputs": {"O": {"Value": one}},
        });
        run(&template.to_string());
        let open = serde_json::json!({"Resources": {"A": {"Type": "X"}, "Z": {"Type": "X", "Properties": {"Q": one}}},
            "Conditions": {"C": {"Fn::Equals": ["1", "1"]}}, "Mappings": {"A": {"A": {"C": "1"}}}});
        run(&open.to_string());
    }

    #[test]
    fn json_read_as_yaml_is_the_same(one in value()) {
        let json = serde_json::json!({"Resources": {"A": {"Type": "X", "Metadata": {"M": one}}}}).to_string();
        let yaml = format!("# not JSON any more\n{json}");
        let (json, yaml) = (Template::parse(&json), Template::parse(&yaml));
        prop_assert_eq!(json.map(|read| read.resources["A"].metadata.clone()).map_err(|error| error.to_string()),
            yaml.map(|read| read.resources["A"].metadata.clone()).map_err(|error| error.to_string()));
    }
}

#[test]
fn hostile_texts_are_refused_at_once() {
    let hostile = [
        "[".repeat(1_000_000),
        format!("{{\"a\":{}", "[".repeat(1_000_000)),
        "- ".repeat(500_000),
        "a: {".repeat(200_000),
        "\"".repeat(500_001),
        "&a ".repeat(300_000),
        format!("Resources:\n  A:\n    Type: X\n    Properties:\n      P: !Sub '{}'", "${".repeat(200_000)),
    ];
    let start = std::time::Instant::now();
    hostile.iter().for_each(|text| run(text));
    assert!(start.elapsed().as_secs() < 5, "it took {:?}", start.elapsed());
}
