//! A hint for a check, in two depths: a nudge first, then nearly the answer.

use super::super::checks::verdict_words;
use super::super::scene::Scene;
use super::super::theme::Role;
use super::popup::Popup;
use crate::course::Verdict;
use ground::tr;

pub(super) fn popup(scene: &Scene<'_>, check: usize, depth: usize) -> Popup {
    let Some(check) = scene.model.step().checks.get(check) else {
        return Popup::new(scene, scene.say("Pista", "Hint"));
    };
    let all = check.hints.len().max(1);
    let at = depth.min(all - 1) + 1;
    let title = tr!(scene.lang, "Pista {at} de {all}", "Hint {at} of {all}");
    let keys = match at < all {
        true => scene.say("h una pista más honda · Esc cerrar", "h a deeper hint · Esc close"),
        false => scene.say("s la solución · Esc cerrar", "s the solution · Esc close"),
    };
    let mut popup = Popup::new(scene, title).keys(keys);
    let verdict = scene.model.verdict(check);
    let (mark, word, role) = verdict_words(scene, &verdict);
    popup.item(scene, mark, &format!("{} ({word})", check.title.get(scene.lang)), role);
    if let Verdict::Doing { why } | Verdict::NotYet { why } = &verdict {
        popup.say(scene, &format!("  {}", scene.outside(why.get(scene.lang))), Role::Muted);
    }
    for hint in check.hints.iter().take(at) {
        popup.gap();
        popup.item(scene, scene.signs.tip(), hint.get(scene.lang), Role::Text);
    }
    popup
}
