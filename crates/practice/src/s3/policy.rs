//! Bucket policies: read strictly, judged simply. An explicit denial wins over any permission.

use serde_json::Value;

use crate::call::AwsError;
use crate::scene::ACCOUNT;

/// A bucket policy.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Policy {
    statements: Vec<Statement>,
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Allow,
    Deny,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who<'a> {
    Account,
    Anonymous,
    /// A distribution, by its ARN.
    Distribution(&'a str),
}

#[derive(Clone, Debug, PartialEq)]
struct Statement {
    effect: Effect,
    principal: Principal,
    actions: Names,
    resources: Names,
    condition: Value,
}

#[derive(Clone, Debug, PartialEq)]
enum Principal {
    Everyone,
    Some { aws: Vec<String>, service: Vec<String> },
    AllBut { aws: Vec<String> },
}

/// Names, or all but those.
#[derive(Clone, Debug, PartialEq)]
enum Names {
    Only(Vec<String>),
    Not(Vec<String>),
}

impl Names {
    fn has(&self, wanted: &str, exact: impl Fn(&str) -> String) -> bool {
        let any = |patterns: &Vec<String>| patterns.iter().any(|p| matches(&exact(p), &exact(wanted)));
        match self {
            Names::Only(patterns) => any(patterns),
            Names::Not(patterns) => !any(patterns),
        }
    }
}

fn malformed_policy(text: &str) -> AwsError {
    AwsError::new("MalformedPolicy", text)
}

impl Policy {
    /// Reads the policy of `bucket`.
    pub fn parse(text: &str, bucket: &str) -> Result<Policy, AwsError> {
        let value: Value = serde_json::from_str(text)
            .map_err(|_| malformed_policy("Policies must be valid JSON and the first byte must be '{'"))?;
        let statements = match value.get("Statement") {
            Some(Value::Array(all)) => {
                all.iter().map(|s| Statement::read(s, bucket)).collect::<Result<_, _>>()?
            }
            Some(one @ Value::Object(_)) => vec![Statement::read(one, bucket)?],
            _ => return Err(malformed_policy("Missing required field Statement")),
        };
        Ok(Policy { statements })
    }

    /// What the policy says; `None` when it says nothing.
    pub fn judge(&self, who: &Who<'_>, action: &str, resource: &str) -> Option<Effect> {
        let mut verdict = None;
        for statement in self.statements.iter().filter(|s| s.applies(who, action, resource)) {
            match statement.effect {
                Effect::Deny => return Some(Effect::Deny),
                Effect::Allow => verdict = Some(Effect::Allow),
            }
        }
        verdict
    }

    /// Whether it allows something to everyone, without a condition that narrows whom.
    pub fn is_public(&self) -> bool {
        self.statements
            .iter()
            .any(|s| s.effect == Effect::Allow && s.principal == Principal::Everyone && s.condition.is_null())
    }
}

impl Statement {
    fn read(value: &Value, bucket: &str) -> Result<Statement, AwsError> {
        let effect = match value.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => return Err(malformed_policy("Missing required field Effect")),
        };
        let names = |yes: &str, no: &str| match (value.get(yes), value.get(no)) {
            (Some(list), _) => Ok(Names::Only(texts(list))),
            (None, Some(list)) => Ok(Names::Not(texts(list))),
            (None, None) => Err(malformed_policy(&format!("Missing required field {yes}"))),
        };
        let resources = names("Resource", "NotResource")?;
        let own = format!("arn:aws:s3:::{bucket}");
        if let Names::Only(all) = &resources {
            let ours = |r: &String| r == "*" || *r == own || r.starts_with(&format!("{own}/"));
            if !all.iter().all(ours) {
                return Err(malformed_policy("Policy has invalid resource"));
            }
        }
        let condition = value.get("Condition").cloned().unwrap_or(Value::Null);
        let principal = principal(value).ok_or_else(|| malformed_policy("Invalid principal in policy"))?;
        Ok(Statement { effect, principal, actions: names("Action", "NotAction")?, resources, condition })
    }

    fn applies(&self, who: &Who<'_>, action: &str, resource: &str) -> bool {
        self.names(who)
            && self.actions.has(action, str::to_ascii_lowercase)
            && self.resources.has(resource, str::to_owned)
            && self.conditions_hold(who)
    }

    fn names(&self, who: &Who<'_>) -> bool {
        let ours = |aws: &Vec<String>| aws.iter().any(|p| p == "*" || p.contains(ACCOUNT));
        match (&self.principal, who) {
            (Principal::Everyone, _) => true,
            (Principal::Some { aws, .. }, Who::Account) => ours(aws),
            (Principal::Some { aws, .. }, Who::Anonymous) => aws.iter().any(|p| p == "*"),
            (Principal::Some { aws, service }, Who::Distribution(_)) => {
                service.iter().any(|s| s == "cloudfront.amazonaws.com") || aws.iter().any(|p| p == "*")
            }
            (Principal::AllBut { aws }, Who::Account) => !ours(aws),
            (Principal::AllBut { .. }, _) => true,
        }
    }

    /// Every operator and key must hold; one that practice does not know does not.
    fn conditions_hold(&self, who: &Who<'_>) -> bool {
        let Some(operators) = self.condition.as_object() else { return true };
        operators.iter().all(|(operator, keys)| {
            keys.as_object().is_some_and(|keys| {
                keys.iter().all(|(key, wanted)| holds(operator, &texts(wanted), context(who, key).as_deref()))
            })
        })
    }
}

fn principal(value: &Value) -> Option<Principal> {
    let list = |of: &Value, name| of.get(name).map(texts).unwrap_or_default();
    match (value.get("Principal"), value.get("NotPrincipal")) {
        (Some(Value::String(s)), _) => (s == "*").then_some(Principal::Everyone),
        (Some(of @ Value::Object(_)), _) => {
            let (aws, service) = (list(of, "AWS"), list(of, "Service"));
            let everyone = aws.iter().any(|p| p == "*");
            Some(if everyone { Principal::Everyone } else { Principal::Some { aws, service } })
        }
        (None, Some(of)) => Some(Principal::AllBut { aws: list(of, "AWS") }),
        _ => None,
    }
}

fn holds(operator: &str, wanted: &[String], actual: Option<&str>) -> bool {
    let (operator, if_exists) = match operator.strip_suffix("IfExists") {
        Some(operator) => (operator, true),
        None => (operator, false),
    };
    let negative = operator.contains("Not");
    let Some(actual) = actual else { return if_exists || negative };
    let lower = str::to_ascii_lowercase;
    let any = match operator {
        "StringEquals" | "StringNotEquals" | "ArnEquals" | "ArnNotEquals" => {
            wanted.iter().any(|w| w == actual)
        }
        "StringEqualsIgnoreCase" | "StringNotEqualsIgnoreCase" | "Bool" => {
            wanted.iter().any(|w| lower(w) == lower(actual))
        }
        "StringLike" | "StringNotLike" | "ArnLike" | "ArnNotLike" => {
            wanted.iter().any(|w| matches(w, actual))
        }
        _ => return false,
    };
    any != negative
}

/// The value of a condition key for a request.
fn context(who: &Who<'_>, key: &str) -> Option<String> {
    match (key.to_ascii_lowercase().as_str(), who) {
        ("aws:sourcearn", Who::Distribution(arn)) => Some((*arn).to_owned()),
        ("aws:sourceaccount", Who::Distribution(_)) | ("aws:principalaccount", Who::Account) => {
            Some(ACCOUNT.to_owned())
        }
        ("aws:principaltype", Who::Account) => Some("Account".to_owned()),
        ("aws:principalarn", Who::Account) => Some(format!("arn:aws:iam::{ACCOUNT}:user/practice")),
        ("aws:principalisawsservice", _) => Some(matches!(who, Who::Distribution(_)).to_string()),
        ("aws:securetransport", _) => Some("true".to_owned()),
        _ => None,
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(s) => vec![s.clone()],
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        Value::Bool(b) => vec![b.to_string()],
        Value::Number(n) => vec![n.to_string()],
        _ => Vec::new(),
    }
}

/// IAM's patterns: `*` for any characters, `?` for one.
fn matches(pattern: &str, text: &str) -> bool {
    let (p, t) = (pattern.as_bytes(), text.as_bytes());
    let (mut i, mut j, mut star) = (0, 0, None);
    while j < t.len() {
        match p.get(i) {
            Some(b'*') => {
                star = Some((i, j));
                i += 1;
            }
            Some(c) if *c == b'?' || *c == t[j] => (i, j) = (i + 1, j + 1),
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (i, j) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    p[i..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGE: &str = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject",
         "Resource":"arn:aws:s3:::pages/*",
         "Condition":{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::123456789012:distribution/E1"}}}]}"#;
    const DENY: &str = r#"{"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:Get*",
        "Resource":["arn:aws:s3:::pages/*"]}}"#;

    #[test]
    fn only_the_named_distribution_may_read() {
        let policy = Policy::parse(EDGE, "pages").unwrap();
        let object = "arn:aws:s3:::pages/index.html";
        let e1 = Who::Distribution("arn:aws:cloudfront::123456789012:distribution/E1");
        let e2 = Who::Distribution("arn:aws:cloudfront::123456789012:distribution/E2");
        assert_eq!(policy.judge(&e1, "s3:GetObject", object), Some(Effect::Allow));
        assert_eq!(policy.judge(&e2, "s3:GetObject", object), None);
        assert_eq!(policy.judge(&Who::Anonymous, "s3:GetObject", object), None);
        assert!(!policy.is_public());
    }

    #[test]
    fn a_denial_holds_for_everyone_and_only_for_what_it_names() {
        let policy = Policy::parse(DENY, "pages").unwrap();
        let object = "arn:aws:s3:::pages/index.html";
        assert_eq!(policy.judge(&Who::Account, "s3:GetObject", object), Some(Effect::Deny));
        assert_eq!(policy.judge(&Who::Account, "s3:PutObject", object), None);
    }

    #[test]
    fn wrong_policies_are_refused() {
        for (text, says) in [
            ("x", "valid JSON"),
            ("{}", "Statement"),
            (
                r#"{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::other/*"}]}"#,
                "resource",
            ),
        ] {
            let error = Policy::parse(text, "pages").unwrap_err();
            assert!(error.code == "MalformedPolicy" && error.message.contains(says), "{error:?}");
        }
    }
}
