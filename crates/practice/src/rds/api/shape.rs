//! What RDS's operations have in common: parameters read, answers written.

use crate::call::{AwsError, Call, Outcome, Reply};
use crate::rds::{Tags, errors};
use crate::wire::{Params, Xml};

/// Texts under either spelling of a list's members.
pub(super) fn texts(params: &Params, list: &str, member: &str) -> Vec<String> {
    let mut found = params.list(&format!("{list}.{member}"));
    found.extend(params.list(&format!("{list}.member")));
    found.into_iter().map(str::to_owned).collect()
}

pub(super) fn text(params: &Params, name: &str) -> Option<String> {
    params.get(name).map(str::to_owned)
}

/// The most tags of one resource.
pub(super) const TAGS: usize = 50;
pub(super) fn tags_of(params: &Params) -> Result<Tags, AwsError> {
    let list: Vec<Params> = params.maps("Tags.Tag").into_iter().chain(params.maps("Tags.member")).collect();
    let long =
        |tag: &Params, name: &str, most: usize| tag.get(name).is_some_and(|text| text.chars().count() > most);
    // RDS user guide, "Tagging Amazon RDS resources"; the words are not RDS's, which are not known.
    if list.len() > TAGS || list.iter().any(|tag| long(tag, "Key", 128) || long(tag, "Value", 256)) {
        return Err(errors::value(format!(
            "A resource can have at most {TAGS} tags, with keys of 1 to 128 and values of up to 256 characters."
        )));
    }
    Ok(list
        .iter()
        .map(|t| (text(t, "Key").unwrap_or_default(), text(t, "Value").unwrap_or_default()))
        .collect())
}

/// `<Kind>…</Kind>` as a result.
pub(super) fn one(call: &Call<'_>, kind: &str, write: impl FnOnce(&mut Xml)) -> Outcome {
    Ok(Reply::query(call, |xml| xml.nest(kind, write)))
}

/// A list with its marker.
pub(super) fn many<T>(
    call: &Call<'_>,
    (list, member): (&str, &str),
    (items, marker): (Vec<T>, Option<String>),
    write: impl FnMut(&mut Xml, T),
) -> Outcome {
    Ok(Reply::query(call, |xml| {
        xml.list(list, member, items, write);
        xml.optional("Marker", marker);
    }))
}

pub(super) fn serverless(params: &Params) -> Option<(f64, f64)> {
    let number =
        |name: &str| params.get(&format!("ServerlessV2ScalingConfiguration.{name}"))?.parse::<f64>().ok();
    Some((number("MinCapacity")?, number("MaxCapacity")?))
}

pub(super) fn required_text(params: &Params, name: &str) -> Result<String, AwsError> {
    params.require(name).map(str::to_owned)
}
