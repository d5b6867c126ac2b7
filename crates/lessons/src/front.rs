//! Front matter: the facts about a page that stand above its text, as TOML between `+++`, YAML
//! between `---`, or a JSON object.

use serde_json::{Map, Value};

use super::diagnostic::{Diagnostic, Problem};
use super::document::Span;
use super::source::LONGEST_FRONT;

/// What a page says about itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Front {
    /// The page's title.
    pub title: Option<String>,
    /// A shorter title for menus.
    pub menu_title: Option<String>,
    /// A sentence about the page.
    pub description: Option<String>,
    /// Its place among its siblings; without one a page comes last.
    pub weight: Option<i64>,
    /// Whether menus show it.
    pub shown: Visibility,
    /// Everything that was written, as it was written.
    pub values: Map<String, Value>,
}

/// Whether menus show a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Visibility {
    /// It is in the menu.
    #[default]
    Listed,
    /// It can be reached by a link only (`hidden = true`).
    Hidden,
    /// Its author has not finished it (`draft = true`).
    Draft,
}

/// The front matter, where the text begins, and what is wrong with the former.
#[derive(Clone, Debug, Default)]
pub struct Split {
    /// The front matter; empty when there is none or it can't be read.
    pub front: Front,
    /// The text's first byte.
    pub body: usize,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the front matter of `text`.
#[must_use]
pub fn split(text: &str) -> Split {
    let start = text.len() - text.trim_start_matches(['\n', ' ', '\t']).len();
    let rest = text.get(start..).unwrap_or_default();
    let first = rest.lines().next().unwrap_or_default().trim_end();
    match first {
        "+++" => read_fenced(text, start, "+++", |t| {
            toml::from_str::<Map<String, Value>>(t).map_err(|e| {
                let at = e.span().map_or(0, |s| s.start);
                (e.message().to_owned(), at)
            })
        }),
        "---" => read_fenced(text, start, "---", yaml),
        _ if rest.starts_with('{') && !rest.starts_with("{{") => json(text, start),
        _ => Split::default(),
    }
}

fn yaml(text: &str) -> Result<Map<String, Value>, (String, usize)> {
    let parsed = yaml_serde::from_str::<Option<Map<String, Value>>>(text);
    parsed.map(Option::unwrap_or_default).map_err(|e| {
        let at = e.location().map_or(0, |l| l.index());
        let words = e.to_string();
        // The place is told by the caret; the parser's own line counts from the fence.
        let words = words.split(" at line ").next().unwrap_or_default().to_owned();
        (words, at)
    })
}

fn json(text: &str, start: usize) -> Split {
    let whole = text.get(start..).unwrap_or_default();
    let rest = whole.get(..super::source::floor(whole, LONGEST_FRONT)).unwrap_or(whole);
    let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Map<String, Value>>();
    match stream.next() {
        Some(Ok(values)) => finish(values, text, start, start + stream.byte_offset()),
        Some(Err(e)) if e.is_eof() && rest.len() < whole.len() => {
            Split { diagnostics: vec![problem(Problem::FrontMatterLong, start, 1)], ..Split::default() }
        }
        Some(Err(e)) => {
            let lines: usize =
                rest.split_inclusive('\n').take(e.line().saturating_sub(1)).map(str::len).sum();
            Split {
                diagnostics: vec![problem(
                    Problem::FrontMatter(e.to_string()),
                    start + lines + e.column(),
                    1,
                )],
                ..Split::default()
            }
        }
        None => Split::default(),
    }
}

type Parsed = Result<Map<String, Value>, (String, usize)>;

fn read_fenced(text: &str, start: usize, fence: &'static str, parse: fn(&str) -> Parsed) -> Split {
    let inner = start + text.get(start..).and_then(|t| t.find('\n')).map_or(text.len() - start, |n| n + 1);
    let rest = text.get(inner..).unwrap_or_default();
    let mut at = 0;
    let mut close = None;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == fence {
            close = Some((at, at + line.len()));
            break;
        }
        at += line.len();
    }
    let Some((end, after)) = close else {
        let lost = problem(Problem::FrontMatterOpen(fence), start, fence.len());
        return Split { body: inner, diagnostics: vec![lost], ..Split::default() };
    };
    if end > LONGEST_FRONT {
        let lost = problem(Problem::FrontMatterLong, start, fence.len());
        return Split { body: inner + after, diagnostics: vec![lost], ..Split::default() };
    }
    match parse(rest.get(..end).unwrap_or_default()) {
        Ok(values) => finish(values, text, inner, inner + after),
        Err((words, at)) => {
            let at = at.min(end.saturating_sub(1));
            let lost = problem(Problem::FrontMatter(words), inner + at, 1);
            Split { body: inner + after, diagnostics: vec![lost], ..Split::default() }
        }
    }
}

fn problem(problem: Problem, at: usize, len: usize) -> Diagnostic {
    Diagnostic { problem, span: Span { start: at, end: at + len } }
}

fn finish(values: Map<String, Value>, text: &str, from: usize, body: usize) -> Split {
    let mut diagnostics = Vec::new();
    let mut wrong = |key: &'static str| {
        let header = text.get(from..body).unwrap_or_default();
        let at = from + header.find(key).unwrap_or(0);
        diagnostics.push(problem(Problem::FrontMatterValue(key), at, key.len()));
    };
    let find = |key: &str| values.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, v)| v);
    let words = |key: &str| match find(key) {
        Some(Value::String(s)) if !s.trim().is_empty() => Some(super::source::sanitise(s.trim()).0),
        Some(Value::Number(n)) => Some(n.to_string()),
        _ => None,
    };
    let weight = match find("weight") {
        None | Some(Value::Null) => None,
        Some(v) => {
            let number = v.as_i64().or_else(|| v.as_str().and_then(|s| s.trim().parse().ok()));
            #[expect(clippy::cast_possible_truncation, reason = "a weight is a small number; saturates")]
            let number = number.or_else(|| v.as_f64().map(|f| f.round() as i64));
            if number.is_none() {
                wrong("weight");
            }
            number
        }
    };
    let mut flag = |key: &'static str| match find(key) {
        None | Some(Value::Null) => false,
        Some(Value::Bool(b)) => *b,
        Some(Value::String(s)) if ["true", "false", ""].contains(&s.as_str()) => s == "true",
        Some(_) => {
            wrong(key);
            false
        }
    };
    let shown = match (flag("draft"), flag("hidden")) {
        (true, _) => Visibility::Draft,
        (false, true) => Visibility::Hidden,
        (false, false) => Visibility::Listed,
    };
    let front = Front {
        title: words("title"),
        menu_title: words("menuTitle").or_else(|| words("linkTitle")),
        description: words("description"),
        weight,
        shown,
        values: Map::new(),
    };
    Split { front: Front { values, ..front }, body, diagnostics }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_say_the_same() {
        for text in [
            "+++\ntitle = \"Uno\"\nweight = 3\nhidden = true\n+++\nbody",
            "---\ntitle: \"Uno\"\nweight: 3\nhidden: true\ndate: 2020-01-01\n---\nbody",
            "{\"title\": \"Uno\", \"weight\": 3, \"hidden\": true}\nbody",
        ] {
            let s = split(text);
            assert_eq!(s.diagnostics, [], "{text}");
            assert_eq!((s.front.title.as_deref(), s.front.weight), (Some("Uno"), Some(3)), "{text}");
            assert_eq!(s.front.shown, Visibility::Hidden);
            assert_eq!(text[s.body..].trim(), "body");
        }
    }

    #[test]
    fn broken_front_matter_says_where() {
        let s = split("+++\ntitle = \"a\"\nweight = = 3\n+++\nbody");
        let at = s.diagnostics[0].span.start;
        assert!(matches!(s.diagnostics[0].problem, Problem::FrontMatter(_)));
        assert_eq!("+++\ntitle = \"a\"\nweight = = 3\n+++\nbody"[..at].lines().count(), 3);
        let s = split("---\ntitle: [a\n---\nbody");
        assert!(matches!(s.diagnostics[0].problem, Problem::FrontMatter(_)));
        let s = split("+++\ntitle = \"a\"\nbody");
        assert!(matches!(s.diagnostics[0].problem, Problem::FrontMatterOpen("+++")));
    }

    #[test]
    fn a_weight_in_quotes_counts_and_a_word_does_not() {
        assert_eq!(split("---\nweight: \"20\"\n---\n").front.weight, Some(20));
        let s = split("---\nweight: first\n---\n");
        assert_eq!(s.front.weight, None);
        assert_eq!(s.diagnostics[0].problem, Problem::FrontMatterValue("weight"));
        assert_eq!(s.diagnostics[0].span.start, 4);
    }

    #[test]
    fn a_text_without_front_matter_is_all_text() {
        assert_eq!(split("# Hola\n---\n").body, 0);
        assert_eq!(split("{{% notice %}}").body, 0);
        assert_eq!(split("").body, 0);
    }
}
