//! Shortcodes that lead somewhere: references, buttons, lists of pages, the page before and after.

use super::super::diagnostic::Problem;
use super::super::document::{Block, BlockKind, Inline, Item, Target};
use super::super::markdown::pieces::raw;
use super::super::markdown::{Context, Product, inline};
use super::super::page::Page;
use super::super::shortcode::Call;
use super::super::source::sanitise;
use super::part::{ITEM, block, lacking, runs};

/// `ref`, `relref`: a page; in a link's destination the link, on its own the page's title.
pub(super) fn reference(cx: &Context<'_>, call: &Call) -> Product {
    let Some(to) = call.args.get(&["path"], 0) else {
        return lacking(cx, call, "path");
    };
    let target = cx.target(to, call.tag);
    let label = match &target {
        Target::Page { path, .. } => cx.site.page(path, cx.page.lang()).map(Page::title),
        _ => None,
    };
    let label = label.filter(|title| cx.afford(title.len(), call.tag));
    let label = label.unwrap_or_else(|| inline::target_text(&target));
    let run = Inline::Link { target: target.clone(), label: vec![Inline::Text(label)] };
    Product { inlines: vec![run], target: Some(target), plain: to.to_owned(), ..Product::default() }
}

/// `button`: a link that asks to be pressed.
pub(super) fn button(cx: &Context<'_>, call: &Call, level: usize) -> Product {
    let to = call.args.get(&["href", "url", "link_url", "link"], 0).unwrap_or_default();
    let held = call.inner.as_ref().map(|held| raw(cx, held, level)).filter(|t| !t.trim().is_empty());
    let text = held.or_else(|| call.args.get(&["button_text", "text", "title"], 1).map(str::to_owned));
    let target = if to.is_empty() { None } else { Some(cx.target(to, call.tag)) };
    let text = text.or_else(|| target.as_ref().map(inline::target_text)).unwrap_or_default();
    let label = runs(cx, call, &text);
    let inlines = match &target {
        Some(target) => vec![Inline::Button { target: target.clone(), label }],
        None => label,
    };
    Product { inlines, target, plain: text, ..Product::default() }
}

/// `children`: the pages under this one.
pub(super) fn children(cx: &Context<'_>, call: &Call) -> Product {
    let depth = call.args.named_argument("depth").and_then(|d| d.parse().ok()).unwrap_or(1);
    let told = call.args.named_argument("description") == Some("true");
    let hidden = call.args.named_argument("showhidden") == Some("true");
    let list = Listing { cx, call, told, hidden };
    match list.under(&cx.page.path, depth) {
        Some(list) => Product::block(list),
        None => Product::default(),
    }
}

struct Listing<'a, 'b> {
    cx: &'a Context<'b>,
    call: &'a Call,
    told: bool,
    hidden: bool,
}

impl Listing<'_, '_> {
    fn under(&self, path: &str, depth: usize) -> Option<Block> {
        const DEEPEST: usize = 6;
        // Each look at a folder goes through all pages of the library.
        if !self.cx.afford(self.cx.site.size(), self.call.tag) {
            return None;
        }
        let pages = self.cx.site.children(path, self.cx.page.lang());
        if !self.cx.afford(pages.iter().map(|p| self.size(p)).sum(), self.call.tag) {
            return None;
        }
        let shown = pages.into_iter().filter(|p| self.hidden || p.is_listed());
        let items: Vec<Item> = shown.map(|page| self.item(page, depth.min(DEEPEST))).collect();
        (!items.is_empty()).then(|| block(self.call, BlockKind::List { start: None, items }))
    }

    /// What a page's line costs.
    fn size(&self, page: &Page) -> usize {
        let told = page.front.description.as_ref().filter(|_| self.told).map_or(0, String::len);
        ITEM + told + page.front.title.as_ref().map_or(0, String::len)
    }

    fn item(&self, page: &Page, depth: usize) -> Item {
        let target = Target::Page { path: page.path.clone(), anchor: None };
        let mut line = vec![Inline::Link { target, label: vec![Inline::Text(page.title())] }];
        if let Some(words) = page.front.description.as_ref().filter(|_| self.told) {
            line.extend([Inline::Break, Inline::Text(words.clone())]);
        }
        let mut blocks = vec![block(self.call, BlockKind::Paragraph(line))];
        if depth > 1 {
            blocks.extend(self.under(&page.path, depth - 1));
        }
        Item { task: None, blocks }
    }
}

/// `prev_next_button`: to the page before and the page after.
pub(super) fn turn(cx: &Context<'_>, call: &Call) -> Product {
    let target = |names: &[&str]| {
        let to = names.iter().find_map(|n| call.args.named_argument(n)).filter(|t| !t.is_empty())?;
        Some(cx.target(to, call.tag))
    };
    let previous = target(&["link_prev_url", "prev", "previous"]);
    let last = call.args.named_argument("final_step") == Some("true");
    let next = if last { None } else { target(&["link_next_url", "next"]) };
    if !cx.afford(cx.site.size(), call.tag) {
        return Product::default();
    }
    let (before, after) = cx.site.around(cx.page);
    let (previous, next) = match (previous, next) {
        (None, None) if call.args.named.is_empty() => (before, after),
        given => given,
    };
    if previous.is_none() && next.is_none() {
        return Product::default();
    }
    Product::block(block(call, BlockKind::Turn { previous, next }))
}

/// `siteparam`, `param`: a value of the site's configuration or the page's front matter.
pub(super) fn parameter(cx: &Context<'_>, call: &Call) -> Product {
    let Some(name) = call.args.get(&["name"], 0) else {
        return lacking(cx, call, "name");
    };
    let own = cx.page.front.values.get(name).filter(|_| call.name == "param").and_then(|v| v.as_str());
    match own.map(|v| sanitise(v).0).or_else(|| cx.site.parameter(name)) {
        Some(value) if !cx.afford(value.len(), call.tag) => Product::default(),
        Some(value) => Product::text(value),
        None => {
            cx.report(Problem::UnknownParameter(name.to_owned()), call.tag);
            Product::text(format!("[{name}]"))
        }
    }
}

/// `github`: a link to a repository.
pub(super) fn github(call: &Call) -> Product {
    let name = call.args.get(&["link", "path", "user"], 0).unwrap_or_default().trim_start_matches('/');
    let target = Target::Url(format!("https://github.com/{name}"));
    let run = Inline::Link { target: target.clone(), label: vec![Inline::Text(name.to_owned())] };
    Product { inlines: vec![run], target: Some(target), plain: name.to_owned(), ..Product::default() }
}
