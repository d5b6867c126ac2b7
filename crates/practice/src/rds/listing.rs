//! Filters and paging, the same for all of RDS's lists.

use super::errors;
use crate::call::AwsError;
use crate::wire::Params;

/// Values by filter name.
pub type Filters = Vec<(String, Vec<String>)>;

/// The filters of a request.
///
/// # Errors
/// A filter name the operation does not know, or one without values.
pub fn filters(params: &Params, known: &[&str]) -> Result<Filters, AwsError> {
    let mut found = Vec::new();
    for filter in params.maps("Filters.Filter").into_iter().chain(params.maps("Filters.member")) {
        let name = filter.get("Name").unwrap_or_default().to_owned();
        if !known.contains(&name.as_str()) {
            return Err(errors::value(format!("Unrecognized filter name: {name}")));
        }
        let mut values: Vec<String> = filter.list("Values.Value").into_iter().map(str::to_owned).collect();
        values.extend(filter.list("Values.member").into_iter().map(str::to_owned));
        if values.is_empty() {
            return Err(errors::value(format!("Filter value for {name} is empty")));
        }
        found.push((name, values));
    }
    Ok(found)
}

/// Whether something passes all filters; `values` gives what it has under a filter's name.
pub fn passes(filters: &Filters, values: impl Fn(&str) -> Vec<String>) -> bool {
    filters.iter().all(|(name, wanted)| values(name).iter().any(|v| wanted.contains(v)))
}

/// One page of `all` (sorted by its key) and the marker of the next.
///
/// # Errors
/// A page size out of range.
pub fn page<'a, T>(
    params: &Params,
    all: Vec<(String, &'a T)>,
) -> Result<(Vec<&'a T>, Option<String>), AwsError> {
    let size = match params.get("MaxRecords") {
        None => 100,
        Some(text) => match text.parse::<usize>() {
            Ok(n @ 20..=100) => n,
            _ => {
                return Err(errors::value(format!(
                    "Invalid value {text} for MaxRecords. Must be between 20 and 100"
                )));
            }
        },
    };
    let after = params.get("Marker").unwrap_or_default();
    let mut rest: Vec<(String, &T)> = all.into_iter().filter(|(key, _)| key.as_str() > after).collect();
    rest.sort_by(|a, b| a.0.cmp(&b.0));
    let more = rest.len() > size;
    rest.truncate(size);
    let marker = rest.last().filter(|_| more).map(|(key, _)| key.clone());
    Ok((rest.into_iter().map(|(_, item)| item).collect(), marker))
}
