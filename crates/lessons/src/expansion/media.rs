//! Shortcodes that bring something in: pictures, films, files, things that live elsewhere.

use super::super::document::{Block, BlockKind, Image, Inline, Item, Target, plain};
use super::super::front;
use super::super::markdown::pieces::{foreign, raw};
use super::super::markdown::{Context, Product, inline};
use super::super::shortcode::{Call, scan};
use super::super::source::Source;
use super::part::{ITEM, block, lacking, runs};

/// What opening a file costs of a page's allowance, in bytes that could be read meanwhile.
const FETCH: usize = 1_000;

/// `figure`, `img`: a picture with its caption.
pub(super) fn picture(cx: &Context<'_>, call: &Call, level: usize) -> Product {
    let Some(source) = call.args.get(&["src", "source", "path", "url"], 0) else {
        return lacking(cx, call, "src");
    };
    let caption = call.args.get(&["caption", "title", "attr"], 1).map(|c| plain(&runs(cx, call, c)));
    let held = call.inner.as_ref().map(|held| raw(cx, held, level)).filter(|t| !t.is_empty());
    let alt =
        call.args.named_argument("alt").map(str::to_owned).or_else(|| caption.clone()).unwrap_or_default();
    let link = call.args.named_argument("link").filter(|l| !l.is_empty()).map(|l| cx.target(l, call.tag));
    let image = Image { source: cx.file(source, call.tag), alt, caption: caption.or(held), link };
    Product { plain: source.to_owned(), ..Product::block(block(call, BlockKind::Image(image))) }
}

/// `youtube`, `vimeo`: a link, as a terminal plays no film.
pub(super) fn film(cx: &Context<'_>, call: &Call) -> Product {
    let Some(id) = call.args.get(&["id", "src", "url", "file"], 0) else {
        return lacking(cx, call, "id");
    };
    let url = match call.name.as_str() {
        _ if id.starts_with("http") => id.to_owned(),
        "vimeo" => format!("https://vimeo.com/{id}"),
        _ => format!("https://www.youtube.com/watch?v={id}"),
    };
    let label = call.args.named_argument("title").unwrap_or(&url).to_owned();
    link_product(url, label)
}

/// `gist`, `tweet`, `openapi` and such: a link to where the thing is.
pub(super) fn elsewhere(cx: &Context<'_>, call: &Call) -> Product {
    let first = call.args.get(&["src", "user", "id", "url", "text"], 0).unwrap_or_default();
    let second = call.args.get(&["id"], 1).unwrap_or_default();
    let url = match call.name.as_str() {
        "gist" => format!("https://gist.github.com/{first}/{second}"),
        "tweet" | "x" | "twitter" | "twitter_simple" => {
            let id = if second.is_empty() { first } else { second };
            format!("https://x.com/i/status/{id}")
        }
        "instagram" => format!("https://www.instagram.com/p/{first}/"),
        _ => {
            let target = cx.file(first, call.tag);
            let label = inline::target_text(&target);
            let runs = vec![Inline::Link { target, label: vec![Inline::Text(label)] }];
            return Product { inlines: runs, plain: first.to_owned(), ..Product::default() };
        }
    };
    link_product(url.clone(), url)
}

fn link_product(url: String, label: String) -> Product {
    let target = Target::Url(url.clone());
    let run = Inline::Link { target: target.clone(), label: vec![Inline::Text(label)] };
    Product { inlines: vec![run], target: Some(target), plain: url, ..Product::default() }
}

/// `include`, `readfile`: another file's text here, as code where that is asked.
pub(super) fn include(cx: &Context<'_>, call: &Call, level: usize) -> Product {
    let Some(file) = call.args.get(&["file", "path", "src"], 0) else {
        return lacking(cx, call, "file");
    };
    let language = match (call.args.named_argument("lang"), call.args.named_argument("code")) {
        (Some(language), _) => Some(language),
        (None, Some("true")) => Some(""),
        _ => None,
    };
    Product { blocks: include_file(cx, call, file, language, level), ..Product::default() }
}

/// The blocks of another file; a code block when a language is given or the file is no Markdown.
pub(super) fn include_file(
    cx: &Context<'_>,
    call: &Call,
    file: &str,
    language: Option<&str>,
    level: usize,
) -> Vec<Block> {
    const DEPTH: usize = 4;
    let sibling = if language.is_none() { cx.site.sibling(cx.page, file) } else { None };
    if let Some(page) = sibling.filter(|p| level < DEPTH && p.path != cx.page.path) {
        return text_of_other_page(cx, call, page.source.text.get(page.body..).unwrap_or_default(), level);
    }
    let Target::File(path) = cx.file(file, call.tag) else { return Vec::new() };
    if !cx.afford(FETCH, call.tag) {
        return Vec::new();
    }
    let Ok(source) = Source::read(&path) else { return Vec::new() };
    let kind = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    if language.is_none() && (kind == "md" || kind == "html") && level < DEPTH {
        let body = front::split(&source.text).body;
        return text_of_other_page(cx, call, source.text.get(body..).unwrap_or_default(), level);
    }
    if !cx.afford(source.text.len(), call.tag) {
        return Vec::new();
    }
    let language = language.filter(|l| !l.is_empty()).unwrap_or(kind);
    let language = (!language.is_empty()).then(|| language.to_owned());
    vec![block(call, BlockKind::Code { language, text: source.text.trim_end().to_owned() })]
}

/// Another page's text here. The tags of its shortcodes are left out (what they enclose stays): they
/// belong to that page.
fn text_of_other_page(cx: &Context<'_>, call: &Call, text: &str, level: usize) -> Vec<Block> {
    if !cx.afford(text.len(), call.tag) {
        return Vec::new();
    }
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for tag in scan::tags(text, 0, text.len(), &mut Vec::new()) {
        kept.push_str(text.get(at..tag.span.start).unwrap_or_default());
        at = tag.span.end;
    }
    kept.push_str(text.get(at..).unwrap_or_default());
    foreign(cx, &kept, call.tag, level + 1)
}

/// `attachments`: links to the files beside the page.
pub(super) fn attachments(cx: &Context<'_>, call: &Call) -> Product {
    let pattern = call
        .args
        .named_argument("pattern")
        .unwrap_or_default()
        .trim_matches(['*', '.', '$', '\\'])
        .to_owned();
    let files = if cx.afford(FETCH, call.tag) { cx.site.attachments(cx.page) } else { Vec::new() };
    if !cx.afford(files.len() * ITEM, call.tag) {
        return Product::default();
    }
    let wanted = files.into_iter().filter(|f| f.to_string_lossy().contains(&pattern));
    let items: Vec<Item> = wanted
        .map(|file| {
            let target = Target::File(file);
            let label = vec![Inline::Text(inline::target_text(&target))];
            let runs = vec![Inline::Link { target, label }];
            Item { task: None, blocks: vec![block(call, BlockKind::Paragraph(runs))] }
        })
        .collect();
    let mut blocks = Vec::new();
    if let Some(title) = call.args.named_argument("title").filter(|_| !items.is_empty()) {
        let strong = vec![Inline::Strong(vec![Inline::Text(title.to_owned())])];
        blocks.push(block(call, BlockKind::Paragraph(strong)));
    }
    if !items.is_empty() {
        blocks.push(block(call, BlockKind::List { start: None, items }));
    }
    Product { blocks, ..Product::default() }
}
