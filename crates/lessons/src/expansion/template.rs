//! A site's own shortcodes (`layouts/shortcodes/NAME.md` or `.html`), where the template does no more than
//! put arguments and the enclosed text in their places; one with logic stays unknown.

use super::super::markdown::pieces::{Foreign, inner, piece_together};
use super::super::markdown::{Context, Product};
use super::super::shortcode::Call;

/// What a call becomes by the site's template; `None` when there is none or it does more than is read here.
pub(super) fn produce(cx: &Context<'_>, call: &Call, level: usize) -> Option<Product> {
    let template = cx.site.template(&call.name)?;
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (action, next) = after.split_once("}}")?;
        parts.push(Foreign::Text(before.to_owned()));
        parts.extend(part(call, action)?.filter(|p| cx.afford(p.size(), call.tag)));
        rest = next;
    }
    parts.push(Foreign::Text(rest.to_owned()));
    let held = if parts.contains(&Foreign::Inner) { inner(cx, call, level) } else { Vec::new() };
    Some(Product { blocks: piece_together(cx, &parts, held, call.tag, level + 1), ..Product::default() })
}

/// What an action of the template puts there; `None` when it is logic.
fn part(call: &Call, action: &str) -> Option<Option<Foreign>> {
    let action = action.trim_matches(['-', ' ', '\n', '\t']);
    if action.starts_with("/*") {
        return Some(None);
    }
    let action = action.strip_prefix("$").unwrap_or(action).trim_matches(['(', ')']);
    let mut stages = action.split('|').map(str::trim);
    let first = stages.next()?;
    if !stages.all(|s| ["safeHTML", "markdownify", "htmlUnescape", "safeURL", "trim \" \""].contains(&s)) {
        return None;
    }
    if first == ".Inner" {
        return Some(Some(Foreign::Inner));
    }
    let argument = first.strip_prefix(".Get ").or_else(|| first.strip_prefix("index .Params "))?.trim();
    let value = match argument.parse::<usize>() {
        Ok(place) => call.args.positional.get(place).map(String::as_str),
        Err(_) => call.args.named_argument(argument.trim_matches('"')),
    };
    Some(Some(Foreign::Text(value.unwrap_or_default().to_owned())))
}
