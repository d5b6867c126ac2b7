//! The shortcodes Espera knows: Hugo's own, those of the Learn and Relearn themes, and those of the AWS
//! workshops. Each call becomes blocks or runs; an unknown one a visible note.

use super::super::diagnostic::Problem;
use super::super::document::{Block, BlockKind, CalloutKind, Inline, Tab, plain};
use super::super::markdown::entities::decode;
use super::super::markdown::pieces::{inner, raw};
use super::super::markdown::{Context, Product};
use super::super::shortcode::Call;
use super::part::{block, runs, unknown_shortcode};
use super::{media, navigation, template};

/// What a call becomes, within `level` others: what Markdown asks of shortcodes.
#[must_use]
pub fn produce(cx: &Context<'_>, call: &Call, level: usize) -> Product {
    match call.name.to_ascii_lowercase().as_str() {
        // A malformed tag has told its author what is wrong.
        "" => unknown_shortcode(cx, call, level),
        "notice" | "admonition" | "alert" | "callout" | "hint" => notice(cx, call, level),
        "tabs" => tabs(cx, call, level),
        "tab" => Product::block(block(call, BlockKind::Tabs(vec![tab(cx, call, level)]))),
        "expand" | "details" => expand(cx, call, level),
        "output" => code(cx, call, level, Some("output")),
        "highlight" => code(cx, call, level, call.args.get(&["lang", "type"], 0)),
        "code" => code(cx, call, level, call.args.get(&["lang", "type", "codelang"], 0)),
        "math" | "katex" => code(cx, call, level, Some("tex")),
        "mermaid" => diagram(cx, call, level, "mermaid"),
        "tree" | "columns" | "column" | "cards" | "rawhtml" | "include-html" | "div" | "center" | "p" => {
            within(cx, call, level)
        }
        "comment" => Product::default(),
        "br" => Product { inlines: vec![Inline::Break], ..Product::default() },
        "badge" => badge(cx, call, level),
        "icon" | "anchor" | "toc" | "tags" | "related_tags" => Product::default(),
        "kbd" => Product {
            inlines: vec![Inline::Key(call.args.get(&["key"], 0).unwrap_or_default().to_owned())],
            ..Product::default()
        },
        "figure" | "img" | "image" | "picture" => media::picture(cx, call, level),
        "youtube" | "vimeo" | "video" => media::film(cx, call),
        "gist" | "tweet" | "x" | "twitter" | "twitter_simple" | "instagram" | "openapi" | "swagger"
        | "qr" => media::elsewhere(cx, call),
        "include" | "readfile" | "include-file" | "literalinclude" | "embed-code" | "insert-md-from-file" => {
            media::include(cx, call, level)
        }
        "attachments" | "resources" => media::attachments(cx, call),
        "button" | "openurl_button" => navigation::button(cx, call, level),
        "ref" | "relref" => navigation::reference(cx, call),
        "children" => navigation::children(cx, call),
        "prev_next_button" => navigation::turn(cx, call),
        "siteparam" | "param" => navigation::parameter(cx, call),
        "github" | "githublink" => navigation::github(call),
        _ => template::produce(cx, call, level).unwrap_or_else(|| {
            cx.report(Problem::UnknownShortcode(call.name.clone()), call.tag);
            unknown_shortcode(cx, call, level)
        }),
    }
}

fn within(cx: &Context<'_>, call: &Call, level: usize) -> Product {
    Product { blocks: inner(cx, call, level), ..Product::default() }
}

fn notice(cx: &Context<'_>, call: &Call, level: usize) -> Product {
    let style = call.args.get(&["style", "type", "color", "context"], 0).unwrap_or("note");
    let title = call.args.get(&["title", "heading"], 1);
    let tone = tone_of(style).unwrap_or_else(|| {
        cx.report(Problem::UnknownTone(style.to_owned()), call.tag);
        CalloutKind::Note
    });
    let title = title.map(|t| runs(cx, call, t));
    Product::block(block(call, BlockKind::Callout { tone, title, body: inner(cx, call, level) }))
}

fn tone_of(style: &str) -> Option<CalloutKind> {
    Some(match style.to_ascii_lowercase().as_str() {
        "info" | "information" | "important" | "blue" | "cyan" | "primary" | "accent" | "abstract"
        | "question" => CalloutKind::Info,
        "note" | "notes" | "default" | "transparent" | "secondary" | "grey" | "magenta" | "code" | "link"
        | "quote" | "cite" | "example" | "light" | "dark" | "code-block" => CalloutKind::Note,
        "tip" | "hint" | "success" | "green" | "check" | "done" => CalloutKind::Tip,
        "warning" | "warn" | "caution" | "danger" | "error" | "red" | "orange" | "yellow" | "bug"
        | "failure" | "attention" => CalloutKind::Warning,
        _ => return None,
    })
}

fn tabs(cx: &Context<'_>, call: &Call, level: usize) -> Product {
    let mut tabs = Vec::new();
    let mut rest = Vec::new();
    for found in inner(cx, call, level) {
        match found.kind {
            BlockKind::Tabs(mut more) => tabs.append(&mut more),
            // Stray braces of a template beside the tabs are no content.
            BlockKind::Paragraph(runs) if plain(&runs).trim_matches(['{', '}', ' ']).is_empty() => {}
            kind => rest.push(Block { kind, ..found }),
        }
    }
    let mut blocks = Vec::new();
    if !tabs.is_empty() {
        blocks.push(block(call, BlockKind::Tabs(tabs)));
    }
    blocks.append(&mut rest);
    Product { blocks, ..Product::default() }
}

fn tab(cx: &Context<'_>, call: &Call, level: usize) -> Tab {
    let title = call.args.get(&["name", "title", "header"], 0).unwrap_or("").to_owned();
    let blocks =
        match (call.args.named_argument("include"), call.args.named_argument("codelang"), &call.inner) {
            (_, Some(language), Some(held)) => {
                let kind =
                    BlockKind::Code { language: Some(language.to_owned()), text: raw(cx, held, level) };
                vec![block(call, kind)]
            }
            (_, _, Some(_)) => inner(cx, call, level),
            (Some(file), language, None) => media::include_file(cx, call, file, language, level),
            (None, _, None) => Vec::new(),
        };
    Tab { title, blocks }
}

fn expand(cx: &Context<'_>, call: &Call, level: usize) -> Product {
    let title = call.args.get(&["title", "summary"], 0).map(|t| runs(cx, call, t));
    Product::block(block(call, BlockKind::Expand { title, body: inner(cx, call, level) }))
}

fn code(cx: &Context<'_>, call: &Call, level: usize, language: Option<&str>) -> Product {
    let Some(held) = &call.inner else { return Product::default() };
    let text = raw(cx, held, level);
    // Some authors fence what the shortcode already makes code.
    let fence = text.trim().strip_prefix("```").and_then(|t| t.strip_suffix("```"));
    let (language, text) = match fence.and_then(|t| t.split_once('\n')) {
        Some((info, body)) if !info.trim().is_empty() => (Some(info.trim()), body.trim_end()),
        Some((_, body)) => (language, body.trim_end()),
        None => (language, text.as_str()),
    };
    let text = if language == Some("output") { decode(text).into_owned() } else { text.to_owned() };
    let language = language.map(str::to_ascii_lowercase);
    Product { plain: text.clone(), ..Product::block(block(call, BlockKind::Code { language, text })) }
}

fn diagram(cx: &Context<'_>, call: &Call, level: usize, language: &str) -> Product {
    let source = call.inner.as_ref().map(|held| raw(cx, held, level)).unwrap_or_default();
    Product::block(block(call, BlockKind::Diagram { language: language.to_owned(), source }))
}

fn badge(cx: &Context<'_>, call: &Call, level: usize) -> Product {
    let title = call.args.named_argument("title").map(|t| format!("{t}: ")).unwrap_or_default();
    let held = call.inner.as_ref().map(|held| raw(cx, held, level)).unwrap_or_default();
    let text = format!("{title}{held}");
    Product {
        inlines: vec![Inline::Strong(vec![Inline::Text(text.clone())])],
        plain: text,
        ..Product::default()
    }
}
