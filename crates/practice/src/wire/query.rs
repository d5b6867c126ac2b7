//! awsQuery and ec2Query: flat form parameters with dotted, numbered names, and XML envelopes.

use std::collections::BTreeMap;

use percent_encoding::percent_decode;

use crate::call::{AwsError, Call, Reply};

use super::xml::Xml;

/// The parameters of a form, in the order sent: `Parameters.member.1.ParameterKey=Role`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params {
    pairs: Vec<(String, String)>,
    cut_off: bool,
}

/// How many parameters a form may have: several times what the largest call needs.
const MOST: usize = 20_000;

impl Params {
    /// Reads `a=b&c=d` with percent and plus encoding.
    #[must_use]
    pub fn parse(form: &[u8]) -> Params {
        let mut parts = form.split(|b| *b == b'&').filter(|pair| !pair.is_empty());
        let pairs = parts
            .by_ref()
            .take(MOST)
            .map(|pair| {
                let equals = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
                let value = pair.get(equals + 1..).unwrap_or_default();
                (decode(&pair[..equals]), decode(value))
            })
            .collect();
        Params { pairs, cut_off: parts.next().is_some() }
    }

    /// Whether there were more parameters than any call has: only the first ones were read.
    #[must_use]
    pub fn cut_off(&self) -> bool {
        self.cut_off
    }

    /// The value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The value of a parameter that must be there and not empty.
    ///
    /// # Errors
    /// `MissingParameter`, in RDS's and EC2's words.
    pub fn require(&self, name: &str) -> Result<&str, AwsError> {
        self.get(name).filter(|v| !v.is_empty()).ok_or_else(|| {
            AwsError::new("MissingParameter", format!("The request must contain the parameter {name}"))
        })
    }

    /// Whether a parameter says `true`; `None` when it is not there.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.get(name).map(|v| v.eq_ignore_ascii_case("true"))
    }

    /// A whole number; `None` when it is not there or is none.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.parse().ok()
    }

    /// The values `prefix.1`, `prefix.2`, … in the order of their numbers:
    /// `list("Capabilities.member")`.
    #[must_use]
    pub fn list(&self, prefix: &str) -> Vec<&str> {
        let mut found: Vec<(u64, &str)> =
            self.under(prefix).filter_map(|(rest, value)| Some((rest.parse().ok()?, value))).collect();
        found.sort_by_key(|(n, _)| *n);
        found.into_iter().map(|(_, v)| v).collect()
    }

    /// The structures `prefix.1.…`, `prefix.2.…` in the order of their numbers, each with what follows
    /// its number: `maps("Parameters.member")[0].get("ParameterKey")`.
    #[must_use]
    pub fn maps(&self, prefix: &str) -> Vec<Params> {
        let mut found: BTreeMap<u64, Params> = BTreeMap::new();
        for (rest, value) in self.under(prefix) {
            let Some((number, name)) = rest.split_once('.') else { continue };
            let Ok(number) = number.parse() else { continue };
            found.entry(number).or_default().pairs.push((name.to_owned(), value.to_owned()));
        }
        found.into_values().collect()
    }

    /// Whether a parameter of this name, or one under it, is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some() || self.under(name).next().is_some()
    }

    /// Every parameter in the order sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }

    fn under<'p, 'n>(&'p self, prefix: &'n str) -> impl Iterator<Item = (&'p str, &'p str)> + use<'p, 'n> {
        self.pairs
            .iter()
            .filter_map(move |(n, v)| Some((n.strip_prefix(prefix)?.strip_prefix('.')?, v.as_str())))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Params {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Params { pairs: pairs.into_iter().map(|(n, v)| (n.into(), v.into())).collect(), cut_off: false }
    }
}

fn decode(text: &[u8]) -> String {
    if !text.iter().any(|b| matches!(b, b'%' | b'+')) {
        return String::from_utf8_lossy(text).into_owned();
    }
    let spaced: Vec<u8> = text.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    percent_decode(&spaced).decode_utf8_lossy().into_owned()
}

pub(crate) fn reply(call: &Call<'_>, write: impl FnOnce(&mut Xml)) -> Reply {
    let action = call.action.as_str();
    let mut xml = Xml::new();
    xml.open_parts(action, "Response", call.service.namespace());
    xml.open_parts(action, "Result", "");
    write(&mut xml);
    xml.close_parts(action, "Result");
    xml.open("ResponseMetadata");
    xml.display("RequestId", call.request_id);
    xml.close("ResponseMetadata");
    xml.close_parts(action, "Response");
    Reply::new(200, "text/xml", xml.finish())
}

pub(crate) fn ec2_reply(call: &Call<'_>, write: impl FnOnce(&mut Xml)) -> Reply {
    let action = call.action.as_str();
    let mut xml = Xml::document();
    xml.open_parts(action, "Response", call.service.namespace());
    xml.display("requestId", call.request_id);
    write(&mut xml);
    xml.close_parts(action, "Response");
    Reply::new(200, "text/xml;charset=UTF-8", xml.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_names_come_back_as_lists_and_structures() {
        let p = Params::parse(
            b"Action=CreateStack&Parameters.member.2.ParameterKey=B&Parameters.member.1.ParameterKey=A\
              &Parameters.member.1.ParameterValue=a+b%26c&Capabilities.member.10=X&Capabilities.member.9=W",
        );
        assert_eq!(p.list("Capabilities.member"), ["W", "X"]);
        let maps = p.maps("Parameters.member");
        assert_eq!(maps[0].get("ParameterKey"), Some("A"));
        assert_eq!(maps[0].get("ParameterValue"), Some("a b&c"));
        assert_eq!(maps[1].get("ParameterValue"), None);
        assert!(p.has("Parameters.member") && !p.has("Param"));
        assert_eq!(p.require("StackName").unwrap_err().code, "MissingParameter");
    }
}
