//! Pairs the tags of a text: which shortcodes enclose something, and what.

use std::collections::HashMap;

use super::super::diagnostic::{Diagnostic, Problem};
use super::super::document::Span;
use super::call::{Call, Inner, Piece};
use super::scan::{self, Tag, TagKind};

/// The most shortcodes within shortcodes; what lies deeper stands on the last level.
const DEPTH: usize = 16;

/// Shortcodes that mean nothing unless they are closed.
const CLOSED: [&str; 16] = [
    "notice",
    "tabs",
    "expand",
    "mermaid",
    "output",
    "highlight",
    "rawhtml",
    "details",
    "hint",
    "alert",
    "admonition",
    "callout",
    "button",
    "columns",
    "cards",
    "math",
];

/// The pieces of `text[from..to]`.
pub fn pieces(text: &str, from: usize, to: usize, diagnostics: &mut Vec<Diagnostic>) -> Vec<Piece> {
    let tags = scan::tags(text, from, to, diagnostics);
    if tags.is_empty() {
        return if from < to { vec![Piece::Text(Span { start: from, end: to })] } else { Vec::new() };
    }
    let closes = pair(&tags, diagnostics);
    Builder { tags: &tags, closes: &closes }.run(0..tags.len(), from, to, 0)
}

/// For each tag the index of the tag that closes it, if one does.
fn pair(tags: &[Tag], diagnostics: &mut Vec<Diagnostic>) -> Vec<Option<usize>> {
    let mut closes = vec![None; tags.len()];
    let mut open: Vec<usize> = Vec::new();
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut unclosed = Vec::new();
    for (i, tag) in tags.iter().enumerate() {
        let name = tag.name.as_str();
        match tag.kind {
            TagKind::Open => {
                open.push(i);
                by_name.entry(name).or_default().push(i);
            }
            TagKind::Close => {
                let Some(partner) = by_name.get_mut(name).and_then(Vec::pop) else {
                    let problem = Problem::StrayClose(name.to_owned());
                    diagnostics.push(Diagnostic { problem, span: tag.span });
                    continue;
                };
                while let Some(inner) = open.pop().filter(|o| *o != partner) {
                    unclosed.push(inner);
                    by_name.get_mut(tags[inner].name.as_str()).and_then(Vec::pop);
                }
                closes[partner] = Some(i);
            }
            _ => {}
        }
    }
    unclosed.extend(open);
    for tag in unclosed.into_iter().map(|i| &tags[i]).filter(|t| must_close(&t.name)) {
        diagnostics.push(Diagnostic { problem: Problem::NotClosed(tag.name.clone()), span: tag.span });
    }
    closes
}

/// Whether a shortcode of this name must be closed.
fn must_close(name: &str) -> bool {
    CLOSED.contains(&name)
}

struct Builder<'a> {
    tags: &'a [Tag],
    closes: &'a [Option<usize>],
}

impl Builder<'_> {
    fn run(&self, tags: std::ops::Range<usize>, from: usize, to: usize, depth: usize) -> Vec<Piece> {
        let mut out = Vec::new();
        let (mut at, mut i) = (from, tags.start);
        while i < tags.end {
            let tag = &self.tags[i];
            push_text(&mut out, at, tag.span.start);
            at = tag.span.end;
            match tag.kind {
                TagKind::Literal => out.push(Piece::Literal(tag.name.clone(), tag.span)),
                TagKind::Close => {}
                TagKind::Broken | TagKind::Open | TagKind::SelfClosing => {
                    let close = self.closes[i].filter(|_| depth < DEPTH);
                    let inner = close.map(|c| {
                        let span = Span { start: at, end: self.tags[c].span.start };
                        Inner { span, pieces: self.run(i + 1..c, span.start, span.end, depth + 1) }
                    });
                    let end = close.map_or(tag.span.end, |c| self.tags[c].span.end);
                    out.push(Piece::Call(Call {
                        name: tag.name.clone(),
                        args: tag.args.clone(),
                        tag: tag.span,
                        span: Span { start: tag.span.start, end },
                        inner,
                    }));
                    at = end;
                    i = close.unwrap_or(i);
                }
            }
            i += 1;
        }
        push_text(&mut out, at, to);
        out
    }
}

fn push_text(out: &mut Vec<Piece>, start: usize, end: usize) {
    if start < end {
        out.push(Piece::Text(Span { start, end }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces in a short form: `text`, `name(inner)`.
    fn form(text: &str) -> (String, Vec<Problem>) {
        fn show(text: &str, pieces: &[Piece]) -> String {
            let one = |p: &Piece| match p {
                Piece::Text(s) => text[s.start..s.end].to_owned(),
                Piece::Literal(t, _) => format!("'{t}'"),
                Piece::Call(c) => match &c.inner {
                    Some(i) => format!("{}({})", c.name, show(text, &i.pieces)),
                    None => format!("{}!", c.name),
                },
            };
            pieces.iter().map(one).collect()
        }
        let mut wrong = Vec::new();
        let found = pieces(text, 0, text.len(), &mut wrong);
        (show(text, &found), wrong.into_iter().map(|d| d.problem).collect())
    }

    #[test]
    fn openings_and_closings_pair_by_name() {
        assert_eq!(form("a{{< x >}}b{{< /x >}}c").0, "ax(b)c");
        assert_eq!(form("{{< img a >}}{{% x %}}{{< img b >}}{{% /x %}}").0, "img!x(img!)");
        assert_eq!(form("{{< t >}}{{< t >}}1{{< /t >}}{{< /t >}}").0, "t(t(1))");
        assert_eq!(form("{{</* x */>}}").0, "'{{< x >}}'");
    }

    #[test]
    fn what_is_left_open_is_an_error_only_where_it_must_close() {
        assert_eq!(form("{{% notice %}}a"), ("notice!a".into(), vec![Problem::NotClosed("notice".into())]));
        assert_eq!(form("{{% img %}}a"), ("img!a".into(), vec![]));
        assert_eq!(form("a{{% /tab %}}b"), ("ab".into(), vec![Problem::StrayClose("tab".into())]));
        assert_eq!(
            form("{{% notice %}}{{< expand >}}a{{% /notice %}}"),
            ("notice(expand!a)".into(), vec![Problem::NotClosed("expand".into())])
        );
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "{{% x %}}".repeat(5000) + &"{{% /x %}}".repeat(5000);
        assert!(form(&deep).0.len() < 50_000);
    }
}
