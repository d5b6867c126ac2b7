//! The help: every key, from the keymap, by group; the keys of what lies over the panes too.

use ratatui::text::Line;

use super::super::scene::Scene;
use super::super::theme::Role;
use super::super::{keys, text};
use super::popup::Popup;
use crate::app::{Binding, Pane};

pub(super) fn popup(scene: &Scene<'_>, scroll: usize) -> Popup {
    let closes = scene.say("↑↓ mover · Esc cerrar", "↑↓ move · Esc close");
    let mut popup =
        Popup::new(scene, scene.say("Ayuda", "Help")).keys(closes).width(scene, 76).scrolled(1, scroll);
    let keymap = &scene.model.keymap;
    let here = |b: &&Binding| b.is_met_in(scene.model.focus);
    // Where one is comes first: on the drill's screen its own keys.
    let mut groups: Vec<_> = keymap.groups().iter().collect();
    groups.sort_by_key(|g| scene.model.focus == Pane::Drill && !["drill", "form"].contains(&g.id.as_str()));
    groups.retain(|g| keymap.bindings().iter().filter(here).any(|b| b.group == g.id));
    for (index, group) in groups.into_iter().enumerate() {
        if index > 0 {
            popup.gap();
        }
        popup.push(scene.line(group.title.get(scene.lang).to_owned(), Role::Heading2));
        for binding in keymap.bindings().iter().filter(here).filter(|b| b.group == group.id) {
            let names: Vec<String> =
                binding.keys.iter().map(|k| keys::name(*k, scene.lang, scene.signs)).collect();
            let names = text::fit(&names.join(" "), 18, scene.signs);
            let title = binding.title.get(scene.lang);
            let room = popup.room().saturating_sub(20);
            for (line, told) in text::wrap(title, room).into_iter().enumerate() {
                let lead = if line == 0 { names.clone() } else { " ".repeat(18) };
                popup.push(Line::from(vec![scene.span(lead, Role::KeyHint), scene.span(told, Role::Text)]));
            }
        }
    }
    popup.gap();
    let mouse = scene.say(
        "El ratón también vale: pestañas, pasos, pilas, enlaces, «copiar» y los botones; la rueda desplaza.",
        "The mouse works too: tabs, steps, stacks, links, \"copy\" and the buttons; the wheel scrolls.",
    );
    popup.say(scene, mouse, Role::Muted);
    popup
}
