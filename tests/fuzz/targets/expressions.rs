//! Expressions of DynamoDB, made by their grammar and mutated, in every operation that takes them.

use practice::Practice;

use super::super::mutate::{Rng, Trade};
use super::world::{ask, open, with_table};
use super::{Seen, Target};

pub struct Expressions {
    practice: Practice,
}

impl Expressions {
    pub fn new() -> Expressions {
        let mut target = Expressions { practice: open() };
        target.fresh();
        target
    }
}

/// The parameter that takes an expression, and its operation with the rest of its body.
const PLACES: [(&str, &str, &str); 10] = [
    ("PutItem", "ConditionExpression", r#""Item":{"p":{"S":"a"},"s":{"N":"1"}}"#),
    ("UpdateItem", "UpdateExpression", r#""Key":{"p":{"S":"a"},"s":{"N":"1"}}"#),
    (
        "UpdateItem",
        "ConditionExpression",
        r#""UpdateExpression":"SET q = :v","Key":{"p":{"S":"a"},"s":{"N":"2"}}"#,
    ),
    ("DeleteItem", "ConditionExpression", r#""Key":{"p":{"S":"a"},"s":{"N":"9"}}"#),
    ("GetItem", "ProjectionExpression", r#""Key":{"p":{"S":"a"},"s":{"N":"1"}}"#),
    ("Query", "KeyConditionExpression", r#""Limit":3"#),
    ("Query", "FilterExpression", r#""KeyConditionExpression":"p = :s""#),
    ("Query", "ProjectionExpression", r#""KeyConditionExpression":"p = :s""#),
    ("Scan", "FilterExpression", r#""Limit":5"#),
    ("Scan", "ProjectionExpression", r#""Limit":5"#),
];

/// Values and names an expression can speak of.
const VALUES: [(&str, &str); 10] = [
    (":s", r#"{"S":"a"}"#),
    (":v", r#"{"N":"1"}"#),
    (":n", r#"{"N":"-2.5"}"#),
    (":l", r#"{"L":[{"S":"x"}]}"#),
    (":m", r#"{"M":{"k":{"S":"v"}}}"#),
    (":ss", r#"{"SS":["x"]}"#),
    (":ns", r#"{"NS":["1"]}"#),
    (":b", r#"{"B":"AA=="}"#),
    (":t", r#"{"BOOL":true}"#),
    (":z", r#"{"NULL":true}"#),
];
const NAMES: [(&str, &str); 4] = [("#a", r#""n""#), ("#b", r#""l""#), ("#c", r#""ss""#), ("#d", r#""k""#)];

/// Of some names those that a text speaks of, as a parameter: what is given and not used is refused.
fn given(parameter: &str, of: &[(&str, &str)], text: &str) -> String {
    let sign = |c: char| !(c.is_alphanumeric() || matches!(c, ':' | '#' | '_'));
    let used: Vec<&str> = text.split(sign).collect();
    let entries: Vec<String> = of
        .iter()
        .filter(|(name, _)| used.contains(name))
        .map(|(name, value)| format!(r#""{name}":{value}"#))
        .collect();
    if entries.is_empty() { String::new() } else { format!(r#","{parameter}":{{{}}}"#, entries.join(",")) }
}

impl Target for Expressions {
    fn batched(&self) -> bool {
        true
    }

    fn fresh(&mut self) {
        self.practice = open();
        with_table(&self.practice);
    }

    fn trade(&self) -> Trade {
        Trade {
            words: &[
                "AND",
                "OR",
                "NOT ",
                "BETWEEN",
                "IN",
                "(",
                ")",
                ",",
                ".",
                "[0]",
                "[",
                "]",
                "=",
                "<>",
                "<",
                "<=",
                ">",
                ">=",
                "SET ",
                "REMOVE ",
                "ADD ",
                "DELETE ",
                "+",
                "-",
                "if_not_exists(",
                "list_append(",
                "attribute_exists(",
                "attribute_not_exists(",
                "attribute_type(",
                "begins_with(",
                "contains(",
                "size(",
                ":s",
                ":v",
                ":n",
                ":l",
                ":m",
                ":ss",
                ":ns",
                ":b",
                ":t",
                ":z",
                ":x",
                "#a",
                "#b",
                "#c",
                "#d",
                "#x",
                "p",
                "s",
                "n",
                "l",
                "l[0]",
                "l[1].k",
                "a.b.c",
                "size",
                "and",
                "\t",
                " ",
                "\n",
                "[99999999999]",
                ":",
                "#",
            ],
            pairs: &[
                ("(", ")"),
                ("NOT ", ""),
                ("NOT(", ")"),
                ("size(", ")"),
                ("a.", ""),
                ("", "[0]"),
                ("", ".a"),
                ("", " AND p=:s"),
                ("", " OR p=:s"),
                ("p=:s AND (", ")"),
                ("list_append(l,", ")"),
                ("if_not_exists(q,", ")"),
                ("", ",p"),
                ("", " + :v"),
            ],
        }
    }

    fn made(&mut self, rng: &mut Rng) -> Option<Vec<u8>> {
        let place = rng.below(PLACES.len());
        let text = match PLACES[place].1 {
            "UpdateExpression" => update(rng),
            "ProjectionExpression" => list(rng, path),
            "KeyConditionExpression" => key(rng),
            _ => condition(rng, 0),
        };
        Some(format!("{place}{text}").into_bytes())
    }

    fn taste(&mut self, input: &[u8]) -> Seen {
        let text = String::from_utf8_lossy(input);
        let mut chars = text.chars();
        let place = chars.next().map_or(0, |c| c as usize) % PLACES.len();
        let place =
            text.as_bytes().first().filter(|b| b.is_ascii_digit()).map_or(place, |b| usize::from(b - b'0'));
        let (operation, parameter, rest) = PLACES[place];
        let expression = serde_json::Value::from(chars.as_str());
        let text = format!("{} {rest}", chars.as_str());
        let values = given("ExpressionAttributeValues", &VALUES, &text);
        let names = given("ExpressionAttributeNames", &NAMES, &text);
        let body = format!(r#"{{"TableName":"tab",{rest}{values}{names},"{parameter}":{expression}}}"#);
        ask(&self.practice, "dynamodb", &format!("DynamoDB_20120810.{operation}"), &body)
    }
}

fn path(rng: &mut Rng) -> String {
    let mut out = (*rng.pick(&["p", "s", "n", "l", "ss", "b", "z", "#a", "#b", "#c", "q", "m"])).to_owned();
    while rng.one_in(3) {
        out += *rng.pick(&["[0]", "[1]", ".k", ".#d", "[7]", ".x"]);
    }
    out
}

fn value(rng: &mut Rng) -> String {
    (*rng.pick(&[":s", ":v", ":n", ":l", ":m", ":ss", ":ns", ":b", ":t", ":z"])).to_owned()
}

fn operand(rng: &mut Rng) -> String {
    match rng.below(5) {
        0 | 1 => path(rng),
        2 | 3 => value(rng),
        _ => format!("size({})", path(rng)),
    }
}

fn list(rng: &mut Rng, each: fn(&mut Rng) -> String) -> String {
    (0..=rng.below(4)).map(|_| each(rng)).collect::<Vec<_>>().join(", ")
}

fn condition(rng: &mut Rng, depth: usize) -> String {
    let leaf = depth > 5;
    match rng.below(if leaf { 7 } else { 12 }) {
        0 => format!("{} {} {}", operand(rng), rng.pick(&["=", "<>", "<", "<=", ">", ">="]), operand(rng)),
        1 => format!("{} BETWEEN {} AND {}", operand(rng), operand(rng), operand(rng)),
        2 => format!("{} IN ({})", operand(rng), list(rng, operand)),
        3 => format!("{}({})", rng.pick(&["attribute_exists", "attribute_not_exists"]), path(rng)),
        4 => format!("attribute_type({}, {})", path(rng), value(rng)),
        5 => format!("begins_with({}, {})", path(rng), operand(rng)),
        6 => format!("contains({}, {})", path(rng), operand(rng)),
        7 => format!("NOT {}", condition(rng, depth + 1)),
        8 => format!("({})", condition(rng, depth + 1)),
        9 | 10 => format!("{} AND {}", condition(rng, depth + 1), condition(rng, depth + 1)),
        _ => format!("{} OR {}", condition(rng, depth + 1), condition(rng, depth + 1)),
    }
}

fn key(rng: &mut Rng) -> String {
    let sort = match rng.below(4) {
        0 => String::new(),
        1 => format!(" AND s {} :v", rng.pick(&["=", "<", "<=", ">", ">="])),
        2 => " AND s BETWEEN :n AND :v".to_owned(),
        _ => " AND begins_with(s, :s)".to_owned(),
    };
    format!("p = :s{sort}")
}

fn update(rng: &mut Rng) -> String {
    let set = |rng: &mut Rng| {
        let to = match rng.below(4) {
            0 => format!("{} + {}", operand(rng), value(rng)),
            1 => format!("if_not_exists({}, {})", path(rng), value(rng)),
            2 => format!("list_append({}, {})", operand(rng), value(rng)),
            _ => operand(rng),
        };
        format!("{} = {to}", path(rng))
    };
    let add = |rng: &mut Rng| format!("{} {}", path(rng), value(rng));
    let mut out = String::new();
    for clause in ["SET", "REMOVE", "ADD", "DELETE"] {
        if rng.one_in(2) {
            let what = match clause {
                "SET" => list(rng, set),
                "REMOVE" => list(rng, path),
                _ => list(rng, add),
            };
            out += &format!("{clause} {what} ");
        }
    }
    out
}
