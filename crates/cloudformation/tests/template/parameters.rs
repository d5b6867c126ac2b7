//! Parameters: which values are taken, and AWS's words for those that are not.

use std::collections::BTreeMap;

use cloudformation::template::Template;
use serde_json::json;

use crate::bind;

fn declaring(parameter: &str) -> Template {
    Template::parse(&format!("Parameters:\n  P: {parameter}\nResources: {{A: {{Type: X}}}}\n")).unwrap()
}

#[test]
fn values_are_refused_in_the_words_of_aws() {
    let cases = [
        ("{Type: String, AllowedValues: [a, b]}", "c", "Parameter 'P' must be one of AllowedValues"),
        ("{Type: String, AllowedPattern: '[a-z]+'}", "ab1", "Parameter 'P' must match pattern [a-z]+"),
        ("{Type: String, AllowedPattern: 'a|ab'}", "abc", "Parameter 'P' must match pattern a|ab"),
        (
            "{Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: only letters}",
            "1",
            "Parameter 'P' failed to satisfy constraint: only letters",
        ),
        ("{Type: String, MinLength: 3}", "ññ", "Parameter 'P' must contain at least 3 characters"),
        ("{Type: String, MaxLength: '1'}", "ññ", "Parameter 'P' must contain at most 1 characters"),
        ("{Type: Number}", "many", "Parameter 'P' must be a number."),
        ("{Type: Number}", "NaN", "Parameter 'P' must be a number."),
        ("{Type: Number, MinValue: 5}", "4", "Parameter 'P' must be a number not less than 5"),
        ("{Type: Number, MaxValue: 5}", "5.1", "Parameter 'P' must be a number not greater than 5"),
        ("{Type: List<Number>}", "1,x", "Parameter 'P' must be a number."),
        (
            "{Type: CommaDelimitedList, AllowedValues: [a, b]}",
            "a,c",
            "Parameter 'P' must be one of AllowedValues",
        ),
        (
            "{Type: 'AWS::EC2::KeyPair::KeyName'}",
            "",
            "Parameter validation failed: parameter value  for parameter name P does not exist",
        ),
        (
            "{Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>'}",
            "/ami/none",
            "Unable to fetch parameters [/ami/none] from parameter store for this account.",
        ),
    ];
    for (parameter, value, expected) in cases {
        let refused = bind(&declaring(parameter), &[("P", value)]).unwrap_err().to_string();
        assert_eq!(refused, expected, "{parameter} {value}");
    }
}

#[test]
fn missing_and_unknown_parameters_are_named() {
    let template =
        Template::parse("Parameters: {A: {Type: String}, B: {Type: Number}}\nResources: {R: {Type: X}}")
            .unwrap();
    assert_eq!(bind(&template, &[]).unwrap_err().to_string(), "Parameters: [A, B] must have values");
    let unknown = bind(&template, &[("C", "1")]).unwrap_err().to_string();
    assert_eq!(unknown, "Parameters: [C] do not exist in the template");
}

#[test]
fn values_become_what_ref_yields() {
    let cases = [
        ("{Type: Number, Default: 080}", "", json!("080")),
        ("{Type: String, Default: true}", "", json!("true")),
        ("{Type: CommaDelimitedList}", "a, b ,c", json!(["a", "b", "c"])),
        ("{Type: CommaDelimitedList, Default: ''}", "", json!([""])),
        ("{Type: 'List<AWS::EC2::Subnet::Id>'}", "subnet-1,subnet-2", json!(["subnet-1", "subnet-2"])),
        ("{Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>'}", "/ami/latest", json!("ami-0123")),
        ("{Type: 'AWS::SSM::Parameter::Value<List<String>>'}", "/ami/latest", json!(["ami-0123"])),
        ("{Type: String, AllowedPattern: '(?=.*x)[a-z]+'}", "y", json!("y")),
    ];
    for (parameter, value, expected) in cases {
        let given = [("P", value)];
        let given = if value.is_empty() { &[][..] } else { &given[..] };
        assert_eq!(bind(&declaring(parameter), given).unwrap().get("P"), Some(&expected), "{parameter}");
    }
}

#[test]
fn an_update_may_keep_what_was_given_and_hidden_values_stay_hidden() {
    let template = declaring("{Type: String, NoEcho: 'true', Default: d}");
    let before = BTreeMap::from([("P".to_owned(), "old".to_owned())]);
    let bindings = template.bind(&BTreeMap::new(), Some(&before), &|_| None).unwrap();
    assert_eq!(bindings.given_values(), before);
    assert_eq!(bindings.values["P"].shown_value(), "****");
    assert_eq!(bind(&template, &[]).unwrap().get("P"), Some(&json!("d")));
}
