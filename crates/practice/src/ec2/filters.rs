//! EC2's filters: all must pass, any value of one suffices, `*` stands for any characters.

use crate::wire::Params;

/// The filters of a request.
#[derive(Debug)]
pub(super) struct Filters {
    all: Vec<(String, Vec<String>)>,
}

impl Filters {
    pub fn of(params: &Params) -> Filters {
        let all = params
            .maps("Filter")
            .iter()
            .map(|filter| {
                let values = filter.list("Value").into_iter().map(str::to_owned).collect();
                (filter.get("Name").unwrap_or_default().to_owned(), values)
            })
            .collect();
        Filters { all }
    }

    /// Whether a thing passes; `value` gives what it has for a filter's name, `None` for nothing.
    pub fn pass(&self, value: impl Fn(&str) -> Option<String>) -> bool {
        self.all.iter().all(|(name, wanted)| {
            value(name).is_some_and(|has| wanted.iter().any(|wanted| like(wanted, &has)))
        })
    }
}

fn like(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut left) = text.strip_prefix(head) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn stars_stand_for_anything() {
        assert!(like("web*-primary", "webapp-primary") && like("*", "") && like("a*b*c", "a1b2c"));
        assert!(!like("web*x", "webapp") && !like("app", "webapp"));
    }
}
