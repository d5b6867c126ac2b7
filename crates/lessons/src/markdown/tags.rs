//! What each HTML tag means for the lesson: harmless ones become blocks and runs, others vanish.

use super::super::document::{BlockKind, Inline, Target, Task};
use super::builder::{Builder, Kind};
use super::entities::decode;
use super::html::{Element, Token, tokens};
use super::inline;

/// Elements of HTML that show what they hold and nothing of their own. A name in neither this list
/// nor the match below isn't HTML: an author's `<your-bucket>`, which is text.
const PLAIN: [&str; 38] = [
    "abbr", "address", "article", "aside", "bdi", "bdo", "big", "button", "canvas", "caption", "center",
    "data", "dfn", "dialog", "fieldset", "figure", "font", "footer", "form", "header", "hgroup", "ins",
    "label", "legend", "main", "mark", "meter", "nav", "noscript", "object", "picture", "progress", "q",
    "section", "small", "span", "time", "u",
];

/// Elements that only arrange others, or are empty: nothing opens.
const SILENT: [&str; 13] = [
    "base", "body", "col", "colgroup", "head", "html", "link", "meta", "param", "select", "tbody", "tfoot",
    "thead",
];

/// Of these, the ones that begin and end a paragraph.
const BREAKING: [&str; 16] = [
    "address", "article", "aside", "caption", "center", "dialog", "fieldset", "figure", "footer", "form",
    "header", "legend", "main", "nav", "noscript", "section",
];

/// Reads some HTML into the builder.
pub fn apply(b: &mut Builder<'_, '_>, html: &str) {
    for token in tokens(html) {
        match token {
            Token::Text(text) => push_text(b, text),
            Token::Open(element) => open(b, &element),
            Token::Close(name) => close(b, &name),
        }
    }
}

fn push_text(b: &mut Builder<'_, '_>, text: &str) {
    if b.within(&["pre"]) {
        let text = b.fragment.fill(&decode(text));
        b.push_inline(Inline::Text(text));
    } else {
        b.text(&decode(text));
    }
}

fn open(b: &mut Builder<'_, '_>, element: &Element<'_>) {
    let name = element.name.as_str();
    if let Some(kind) = inline_kind(b, element) {
        b.open_html(kind, name);
        return;
    }
    match name {
        "br" | "wbr" => b.push_inline(if name == "br" { Inline::Break } else { Inline::Text(String::new()) }),
        "hr" => b.push_kind(BlockKind::Rule),
        "img" => {
            let alt = fill(b, element.attribute("alt").or_else(|| element.attribute("title")));
            if let Some(source) = element.attribute("src").filter(|s| !s.is_empty()) {
                let source = fill(b, Some(source));
                let source = b.cx.file(&source, b.span());
                b.push_inline(inline::image(source, alt));
            }
        }
        "iframe" | "video" | "audio" | "source" | "embed" | "track" => medium(b, element),
        "input" => {
            if element.attribute("type").is_some_and(|t| t.eq_ignore_ascii_case("checkbox")) {
                let done = element.attribute("checked").is_some();
                b.task(if done { Task::Done } else { Task::Open });
            }
        }
        _ => open_block(b, element),
    }
}

/// The frame an inline element opens.
fn inline_kind(b: &Builder<'_, '_>, element: &Element<'_>) -> Option<Kind> {
    Some(match element.name.as_str() {
        "b" | "strong" => Kind::Strong,
        "i" | "em" | "cite" | "var" => Kind::Emphasis,
        "s" | "del" | "strike" => Kind::Strike,
        "sup" => Kind::Raised,
        "sub" => Kind::Span,
        "code" | "tt" | "samp" if !b.within(&["pre"]) => Kind::Code,
        "code" | "tt" | "samp" => Kind::Span,
        "kbd" => Kind::Key,
        "a" => match element.attribute("href").filter(|h| !h.is_empty()) {
            Some(to) => {
                let to = b.fragment.fill(&decode(to));
                Kind::Link(b.cx.target(&to, b.span()))
            }
            None => Kind::Span,
        },
        "script" | "style" | "svg" | "math" | "option" | "textarea" => Kind::Drop,
        _ => return None,
    })
}

fn open_block(b: &mut Builder<'_, '_>, element: &Element<'_>) {
    let name = element.name.as_str();
    let kind = match name {
        "p" => {
            b.close_html("p");
            Kind::Paragraph
        }
        "div" => Kind::Block,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            let level = name.as_bytes().get(1).map_or(1, |d| d - b'0');
            let id = element.attribute("id").map(str::to_owned);
            Kind::Heading { level, id, at: b.range.clone() }
        }
        "blockquote" => Kind::Quote,
        "details" => Kind::Expand { title: None },
        "summary" | "figcaption" => Kind::Summary,
        "ul" | "menu" | "dl" | "dir" => Kind::List { start: None, items: Vec::new() },
        "ol" => {
            let start = element.attribute("start").and_then(|s| s.parse().ok()).unwrap_or(1);
            Kind::List { start: Some(start), items: Vec::new() }
        }
        "li" | "dt" | "dd" => {
            for other in ["li", "dt", "dd"] {
                b.close_html(other);
            }
            match (name, b.top()) {
                ("dt", Kind::List { .. }) => Kind::Term,
                ("dd", Kind::List { .. }) => Kind::Definition,
                (_, Kind::List { .. }) => Kind::Item(None),
                _ => Kind::Block,
            }
        }
        "pre" => Kind::Pre { language: element.attribute("lang").map(str::to_owned) },
        "table" => Kind::Table { align: Vec::new(), head: Vec::new(), rows: Vec::new() },
        "tr" | "td" | "th" => {
            open_cell(b, name);
            return;
        }
        _ if BREAKING.contains(&name) => Kind::Block,
        _ if SILENT.contains(&name) => return,
        _ if PLAIN.contains(&name) => Kind::Span,
        "output" if b.within(&["pre"]) => Kind::Span,
        // What isn't HTML is what an author wrote for the reader to replace.
        _ if element.is_bare() => {
            b.text(element.written);
            return;
        }
        _ => return,
    };
    b.open_html(kind, name);
}

fn open_cell(b: &mut Builder<'_, '_>, name: &str) {
    for other in ["td", "th"] {
        b.close_html(other);
    }
    if name == "tr" {
        b.close_html("tr");
        if matches!(b.top(), Kind::Table { .. } | Kind::Span) && b.within(&["table"]) {
            b.open_html(Kind::Row { cells: Vec::new(), head: false }, "tr");
        }
        return;
    }
    if matches!(b.top(), Kind::Table { .. }) {
        b.open_html(Kind::Row { cells: Vec::new(), head: name == "th" }, "tr");
    }
    let kind = if matches!(b.top(), Kind::Row { .. }) { Kind::Cell } else { Kind::Span };
    if name == "th" {
        b.head_row();
    }
    b.open_html(kind, name);
}

fn close(b: &mut Builder<'_, '_>, name: &str) {
    match name {
        "br" => b.push_inline(Inline::Break),
        "p" if !b.within(&["p"]) => b.end_line(),
        _ => b.close_html(name),
    }
}

/// Something that plays: a link to it.
fn medium(b: &mut Builder<'_, '_>, element: &Element<'_>) {
    if let Some(source) = element.attribute("src").filter(|s| !s.is_empty()) {
        let source = fill(b, Some(source));
        let full = source.strip_prefix("//").map_or(source.clone(), |s| format!("https://{s}"));
        let target = match b.cx.site.file(b.cx.page, &full) {
            Target::Broken(to) => b.cx.target(&to, b.span()),
            target => target,
        };
        let title = element.attribute("title").map(|t| decode(t).into_owned());
        let label = title.unwrap_or_else(|| inline::target_text(&target));
        b.push_inline(Inline::Link { target, label: vec![Inline::Text(label)] });
    }
}

fn fill(b: &Builder<'_, '_>, value: Option<&str>) -> String {
    b.fragment.fill(&decode(value.unwrap_or_default()))
}
