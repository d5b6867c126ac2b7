//! The admission of requests: how large one may be, and the lengths, ranges and patterns that AWS's
//! service models put on its members (`assets/data/constraints.txt`), refused in AWS's words. Every
//! service's call passes here before its handler sees it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use regex_lite::Regex;

use super::call::{AwsError, Call, Service};
use super::wire::{Params, Protocol, json};

const TABLE: &str = include_str!("../../../assets/data/constraints.txt");

/// The longest form, in bytes: what the largest CreateStack needs several times over.
const FORM_LIMIT: usize = 4 * 1024 * 1024;
/// The longest body of AWS JSON, but for DynamoDB's item calls, in bytes.
const JSON_LIMIT: usize = 1024 * 1024;
/// Beyond this, in characters, a text is not held against a pattern as well: it is too long anyway.
const MATCHED: usize = 65_536;

/// Refuses a call that is too large, or whose members break a constraint of the service's model.
///
/// # Errors
/// As AWS answers it.
pub(crate) fn check(call: &Call<'_>) -> Result<(), AwsError> {
    match call.protocol {
        Protocol::Query | Protocol::Ec2 => {
            if call.body.len() > FORM_LIMIT || call.params.cut_off() {
                return Err(AwsError::with_status(413, "RequestEntityTooLarge", "Request Entity Too Large"));
            }
            members(call, &call.params)
        }
        Protocol::Json10 | Protocol::Json11 | Protocol::Cbor => {
            let rules = rules(call);
            if call.service == Service::DynamoDb && rules.is_none() {
                // Items are read and checked by DynamoDB itself, which has a limit of its own.
                return Ok(());
            }
            if call.body.len() > JSON_LIMIT {
                return Err(AwsError::with_status(
                    413,
                    "RequestEntityTooLargeException",
                    format!("HTTP content length exceeded {JSON_LIMIT} bytes."),
                ));
            }
            match (rules, call.json()) {
                (Some(_), Ok(body)) => members(call, &json::flatten(&body)),
                // What is no JSON is refused by the service in its own way.
                _ => Ok(()),
            }
        }
        Protocol::Rest => Ok(()),
    }
}

/// One constraint on one member.
#[derive(Debug)]
struct Rule {
    kind: Kind,
    least: Option<i64>,
    most: Option<i64>,
    pattern: &'static str,
    regex: OnceLock<Option<Regex>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A text; its length in characters.
    Text,
    /// A text that is never repeated in an error.
    Secret,
    /// Bytes in base64; their number.
    Bytes,
    /// A whole number.
    Number,
    /// A list; the number of its members.
    List,
}

/// By the member's path, its numbers written as `*`.
type Rules = HashMap<&'static str, Vec<&'static Rule>>;

/// By service, as clients call it, then operation.
type Table = HashMap<&'static str, HashMap<&'static str, Rules>>;

fn rules(call: &Call<'_>) -> Option<&'static Rules> {
    static ALL: OnceLock<Table> = OnceLock::new();
    ALL.get_or_init(read).get(call.service.client_name())?.get(call.action.as_str())
}

fn read() -> Table {
    let mut all = Table::new();
    let mut service = "";
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            service = name;
            continue;
        }
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        let (path, kind, least, most, actions, pattern) = (next(), next(), next(), next(), next(), next());
        let kind = match kind {
            "secret" => Kind::Secret,
            "bytes" => Kind::Bytes,
            "number" => Kind::Number,
            "list" => Kind::List,
            _ => Kind::Text,
        };
        // The table lives as long as the program.
        let rule: &'static Rule = Box::leak(Box::new(Rule {
            kind,
            least: least.parse().ok(),
            most: most.parse().ok(),
            pattern,
            regex: OnceLock::new(),
        }));
        for action in actions.split(',') {
            all.entry(service).or_default().entry(action).or_default().entry(path).or_default().push(rule);
        }
    }
    all
}

impl Rule {
    fn matches(&self, text: &str) -> bool {
        let compiled = || Regex::new(&format!(r"\A(?:{})\z", self.pattern)).ok();
        // A pattern that cannot be read here (`\p{L}`) admits everything: only AWS can tell.
        self.pattern.is_empty() || self.regex.get_or_init(compiled).as_ref().is_none_or(|r| r.is_match(text))
    }

    /// What `size` breaks, in the words of the model's validation.
    fn bounds(&self, size: i64, what: &'static str) -> Option<String> {
        if let Some(most) = self.most.filter(|most| size > *most) {
            return Some(format!("Member must have {what} less than or equal to {most}"));
        }
        let least = self.least.filter(|least| size < *least)?;
        Some(format!("Member must have {what} greater than or equal to {least}"))
    }

    fn violations(&self, value: &str) -> Vec<String> {
        let length = || i64::try_from(value.chars().map(char::len_utf16).sum::<usize>()).unwrap_or(i64::MAX);
        let mut broken = Vec::new();
        match self.kind {
            Kind::Text | Kind::Secret => {
                broken.extend(self.bounds(length(), "length"));
                if value.len() <= MATCHED && !self.matches(value) {
                    broken.push(format!("Member must satisfy regular expression pattern: {}", self.pattern));
                }
            }
            Kind::Bytes => {
                let padding = value.bytes().rev().take_while(|b| *b == b'=').count();
                let bytes = (value.len() / 4 * 3).saturating_sub(padding);
                broken.extend(self.bounds(i64::try_from(bytes).unwrap_or(i64::MAX), "length"));
            }
            Kind::Number => {
                broken.extend(value.trim().parse().ok().and_then(|n| self.bounds(n, "value")));
            }
            Kind::List => {}
        }
        broken
    }
}

/// Holds the members of a call, named as awsQuery names them, against the rules of its operation.
fn members(call: &Call<'_>, params: &Params) -> Result<(), AwsError> {
    let Some(rules) = rules(call) else { return Ok(()) };
    let mut found = Vec::new();
    let mut lists: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in params.iter() {
        count(name, &mut lists);
        for rule in rules.get(general(name).as_str()).into_iter().flatten() {
            let shown = if rule.kind == Kind::Secret { String::new() } else { format!(" '{value}'") };
            found.extend(rule.violations(value).into_iter().map(|what| violation_text(&shown, name, &what)));
        }
    }
    for (name, numbers) in &lists {
        for rule in rules.get(general(name).as_str()).into_iter().flatten().filter(|r| r.kind == Kind::List) {
            let count = i64::try_from(numbers.len()).unwrap_or(i64::MAX);
            found.extend(rule.bounds(count, "length").map(|what| violation_text("", name, &what)));
        }
    }
    refusal(call.service, &found)
}

/// Notes the member numbers of every list that `name` leads through.
fn count<'n>(name: &'n str, lists: &mut BTreeMap<&'n str, BTreeSet<&'n str>>) {
    let mut from = 0;
    while let Some(at) = name[from..].find(".member.") {
        let (list, rest) = (&name[..from + at], &name[from + at + ".member.".len()..]);
        lists.entry(list).or_default().insert(rest.split('.').next().unwrap_or_default());
        from += at + ".member.".len();
    }
}

/// The path of a member with its numbers as `*`.
fn general(name: &str) -> String {
    let numbered = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = name.split('.').map(|part| if numbered(part) { "*" } else { part }).collect();
    parts.join(".")
}

/// A broken constraint, the member named as the services name it: `tags.1.member.key`.
fn violation_text(value: &str, name: &str, what: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in name.split('.') {
        let after_member = parts.last().is_some_and(|last| last == "member");
        if after_member && part.bytes().all(|b| b.is_ascii_digit()) {
            let place = parts.len() - 1;
            parts.insert(place, part.to_owned());
        } else {
            let mut chars = part.chars();
            parts.push(chars.next().map(|c| c.to_ascii_lowercase()).into_iter().chain(chars).collect());
        }
    }
    format!("Value{value} at '{}' failed to satisfy constraint: {what}", parts.join("."))
}

fn refusal(service: Service, found: &[String]) -> Result<(), AwsError> {
    if found.is_empty() {
        return Ok(());
    }
    let errors = if found.len() == 1 { "error" } else { "errors" };
    let text = format!("{} validation {errors} detected: {}", found.len(), found.join("; "));
    let code = match service {
        Service::CloudFormation | Service::CloudWatch | Service::Sts => "ValidationError",
        _ => "ValidationException",
    };
    Err(AwsError::new(code, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_whole_and_its_patterns_are_known() {
        let all = read();
        assert!(all["cloudformation"].contains_key("CreateStack"));
        assert!(all["secretsmanager"].contains_key("CreateSecret"));
        let unread: BTreeSet<&str> = all
            .values()
            .flat_map(HashMap::values)
            .flat_map(HashMap::values)
            .flatten()
            .map(|rule| rule.pattern)
            .filter(|pattern| Regex::new(pattern).is_err())
            .collect();
        // Classes of Unicode, and surrogates: nothing else may go unchecked.
        assert!(unread.iter().all(|p| p.contains(r"\p{") || p.contains(r"\uD7FF")), "{unread:?}");
    }

    #[test]
    fn the_table_and_practice_name_the_same_operations() {
        // RDS, EC2, S3 and CloudFront refuse in other forms, each in its own place.
        const APART: [&str; 4] = ["rds", "ec2", "s3", "cloudfront"];
        const UNBOUNDED: [&str; 15] = [
            // The models bound nothing in them.
            "DescribeStackResource",
            "DescribeStackResources",
            "GetCallerIdentity",
            "DescribeEndpoints",
            "DescribeLimits",
            // Calls of items are held against DynamoDB's own limits where they are read.
            "BatchGetItem",
            "BatchWriteItem",
            "DeleteItem",
            "GetItem",
            "PutItem",
            "Query",
            "Scan",
            "TransactGetItems",
            "TransactWriteItems",
            "UpdateItem",
        ];
        let bounded: BTreeSet<(&str, &str)> = read()
            .iter()
            .flat_map(|(service, actions)| actions.keys().map(move |action| (*service, *action)))
            .collect();
        let answered: BTreeSet<(&str, &str)> = crate::operations()
            .map(|(service, operation)| (service.client_name(), operation.name))
            .filter(|(service, name)| !APART.contains(service) && !UNBOUNDED.contains(name))
            .collect();
        assert_eq!(bounded, answered);
    }

    #[test]
    fn members_are_named_as_the_services_name_them() {
        assert_eq!(
            violation_text(" ''", "Tags.member.3.Key", "Member must have length greater than or equal to 1"),
            "Value '' at 'tags.3.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1"
        );
        assert_eq!(general("Tags.member.3.Key"), "Tags.member.*.Key");
    }
}
