//! What a template may hold and what its evaluation may cost.

use std::fmt::Write as _;

use cloudformation::template::{Fault, Pseudo, Template, TemplateError};
use serde_json::json;

use crate::{Everything, bind, pseudo, refusal, with};

/// A stack that any template must do with, half as large as that of the server's threads.
const STACK: usize = 1024 * 1024;

fn evaluated(text: &str) -> Result<serde_json::Value, TemplateError> {
    let template = Template::parse(text).expect("a template");
    let bindings = bind(&template, &[]).expect("binds");
    template.evaluate(&template.resources["It"].properties, &bindings, &pseudo(), &Everything)
}

#[test]
fn names_values_and_descriptions_have_their_lengths() {
    let long = "a".repeat(256);
    let template = |section: &str, body: &str| {
        format!("{section}\nResources:\n  R: {{Type: 'AWS::SNS::Topic'}}\n{body}")
    };
    assert!(refusal(&format!("Resources: {{{long}: {{Type: 'AWS::SNS::Topic'}}}}")).contains("at most 255"));
    assert!(
        refusal(&template(&format!("Parameters: {{{long}: {{Type: String}}}}"), "")).contains("at most 255")
    );
    assert!(refusal(&template("", &format!("Outputs: {{{long}: {{Value: x}}}}"))).contains("at most 255"));
    assert!(refusal(&template(&format!("Description: {}", "d".repeat(1025)), "")).contains("1024"));
    let parameter = template("Parameters: {P: {Type: String}}", "");
    let parameter = Template::parse(&parameter).unwrap();
    bind(&parameter, &[("P", &"v".repeat(4096))]).unwrap();
    let error = bind(&parameter, &[("P", &"v".repeat(4097))]).unwrap_err();
    assert_eq!(error.to_string(), "Parameter 'P' must contain at most 4096 bytes");
}

#[test]
fn an_evaluation_ends_at_its_budget() {
    let large = "x".repeat(3000);
    let text = |value: &str| with(value);
    let doubled =
        (0..14).fold(format!("'{large}'"), |v, _| format!("{{'Fn::Sub': ['${{a}}${{a}}', {{a: {v}}}]}}"));
    let error = evaluated(&text(&doubled)).unwrap_err();
    assert!(matches!(error.fault(), Fault::TooCostly(_)), "{error}");
    let error = evaluated(&text(&format!("!Join ['', [{}]]", vec![format!("'{large}'"); 100].join(", "))))
        .unwrap_err();
    assert!(matches!(error.fault(), Fault::TooLarge(262_144)), "{error}");
    // A name that is said a thousand times is worked out once, and a long text is only long.
    let many = format!("!Sub ['{}', {{n: !Sub '${{Env}}'}}]", "${n}".repeat(5000));
    assert_eq!(evaluated(&text(&many)).unwrap()["P"], json!("prod".repeat(5000)));
}

#[test]
fn patterns_that_take_long_are_held_against_little() {
    let of = |count: usize, pattern: &str| {
        let parameters: Vec<String> = (0..count)
            .map(|i| {
                format!(
                    "  P{i}: {{Type: String, AllowedPattern: '{pattern}', Default: '{}'}}\n",
                    "a".repeat(4096)
                )
            })
            .collect();
        let text =
            format!("Parameters:\n{}Resources:\n  It: {{Type: 'AWS::SNS::Topic'}}\n", parameters.concat());
        bind(&Template::parse(&text).unwrap(), &[])
    };
    assert!(of(1, "[a-z]{1,4096}").is_ok());
    assert!(of(200, "(a?){900}a*").unwrap_err().to_string().contains("at most 32768 bytes together"));
    assert!(of(1, "b*").is_err());
}

#[test]
fn sixty_dynamic_references_are_resolved_and_no_more() {
    let of = |n: usize| with(&format!("'{}'", "{{resolve:ssm:/shop/size:1}}".repeat(n)));
    assert_eq!(evaluated(&of(60)).unwrap()["P"], json!("t4g.small".repeat(60)));
    assert!(evaluated(&of(61)).unwrap_err().to_string().contains("at most 60 dynamic references"));
}

#[test]
fn the_deepest_templates_are_read_evaluated_and_let_go_on_a_small_stack() {
    for depth in [90, 110, 5000, 50_000] {
        let calls = format!("{}\"x\"{}", r#"{"Fn::Base64":"#.repeat(depth), "}".repeat(depth));
        let subs = format!("{}\"x\"{}", r#"{"Fn::Sub":["${a}",{"a":"#.repeat(depth), "}]}".repeat(depth));
        let nots = format!(
            "{}{}{}",
            r#"{"Fn::Not":["#.repeat(depth),
            r#"{"Fn::Equals":["a","a"]}"#,
            "]}".repeat(depth)
        );
        let lists = format!("{}\"x\"{}", "[".repeat(depth), "]".repeat(depth));
        for (what, text) in [
            ("YAML", with(&lists)),
            ("YAML maps", with(&format!("{}x{}", "{a: ".repeat(depth), "}".repeat(depth)))),
            ("JSON", json_with(&lists, "true")),
            ("calls", json_with(&calls, "true")),
            ("substitutions", json_with(&subs, "true")),
            ("conditions", json_with("1", &nots)),
        ] {
            println!("{what}, {depth} deep");
            let work = move || {
                let Ok(template) = Template::parse(&text) else { return };
                let bindings = bind(&template, &[]).expect("binds");
                let _ = template.plan(&bindings, &pseudo());
                let it = &template.resources["It"].properties;
                let _ = template.evaluate(it, &bindings, &Pseudo::default(), &Everything);
            };
            std::thread::Builder::new().stack_size(STACK).spawn(work).unwrap().join().unwrap();
        }
    }
}

fn json_with(value: &str, condition: &str) -> String {
    format!(
        r#"{{"Conditions":{{"C":{condition}}},"Resources":{{"It":{{"Type":"AWS::SNS::Topic","Condition":"C","Properties":{{"P":{value}}}}}}}}}"#
    )
}

#[test]
fn fifty_thousand_names_that_lead_nowhere_are_told_once_each() {
    let mut text = String::from("Resources:\n  It:\n    Type: AWS::SNS::Topic\n    Properties:\n      P:\n");
    for i in 0..50_000 {
        let _ = writeln!(text, "      - !Ref N{i}");
    }
    assert!(refusal(&text).contains("N49999"));
}

#[test]
fn quoted_text_far_left_is_not_mended_into_megabytes() {
    let far = " ".repeat(60_000);
    let text = format!(
        "Resources: {{It: {{Type: 'AWS::SNS::Topic', Properties: {{P: {far}\"a{}\"}}}}}}",
        "\nb".repeat(3000)
    );
    let _ = Template::parse(&text);
}
