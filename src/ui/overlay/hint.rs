//! A hint for a check, in two depths: a nudge first, then nearly the answer.

use super::super::checks::verdict_words;
use super::super::draw_context::DrawContext;
use super::super::theme::Role;
use super::popup::Popup;
use crate::course::Verdict;
use ground::tr;

pub(super) fn popup(context: &DrawContext<'_>, check: usize, depth: usize) -> Popup {
    let Some(check) = context.model.step().checks.get(check) else {
        return Popup::new(context, context.say("Pista", "Hint"));
    };
    let all = check.hints.len().max(1);
    let at = depth.min(all - 1) + 1;
    let title = tr!(context.lang, "Pista {at} de {all}", "Hint {at} of {all}");
    let keys = match at < all {
        true => context.say("h una pista más honda · Esc cerrar", "h a deeper hint · Esc close"),
        false => context.say("s la solución · Esc cerrar", "s the solution · Esc close"),
    };
    let mut popup = Popup::new(context, title).keys(keys);
    let verdict = context.model.verdict(check);
    let (mark, word, role) = verdict_words(context, &verdict);
    popup.item(context, mark, &format!("{} ({word})", check.title.get(context.lang)), role);
    if let Verdict::Doing { why } | Verdict::NotYet { why } = &verdict {
        popup.say(context, &format!("  {}", context.outside(why.get(context.lang))), Role::Muted);
    }
    for hint in check.hints.iter().take(at) {
        popup.gap();
        popup.item(context, context.signs.tip(), hint.get(context.lang), Role::Text);
    }
    popup
}
