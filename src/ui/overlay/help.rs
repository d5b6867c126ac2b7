//! The help: every key, from the keymap, by group; the keys of what lies over the panes too.

use ratatui::text::Line;

use super::super::draw_context::DrawContext;
use super::super::theme::Role;
use super::super::{keys, text};
use super::popup::Popup;
use crate::app::{Binding, Pane};

pub(super) fn popup(context: &DrawContext<'_>, scroll: usize) -> Popup {
    let closes = context.say("↑↓ mover · Esc cerrar", "↑↓ move · Esc close");
    let mut popup =
        Popup::new(context, context.say("Ayuda", "Help")).keys(closes).width(context, 76).scrolled(1, scroll);
    let keymap = &context.model.keymap;
    let here = |b: &&Binding| b.is_met_in(context.model.focus);
    // Where one is comes first: on the drill's screen its own keys.
    let mut groups: Vec<_> = keymap.groups().iter().collect();
    groups.sort_by_key(|g| context.model.focus == Pane::Drill && !["drill", "form"].contains(&g.id.as_str()));
    groups.retain(|g| keymap.bindings().iter().filter(here).any(|b| b.group == g.id));
    for (index, group) in groups.into_iter().enumerate() {
        if index > 0 {
            popup.gap();
        }
        popup.push(context.line(group.title.get(context.lang).to_owned(), Role::Heading2));
        for binding in keymap.bindings().iter().filter(here).filter(|b| b.group == group.id) {
            let names: Vec<String> =
                binding.keys.iter().map(|k| keys::name(*k, context.lang, context.signs)).collect();
            let names = text::fit(&names.join(" "), 18, context.signs);
            let title = binding.title.get(context.lang);
            let room = popup.room().saturating_sub(20);
            for (line, told) in text::wrap(title, room).into_iter().enumerate() {
                let lead = if line == 0 { names.clone() } else { " ".repeat(18) };
                popup.push(Line::from(vec![
                    context.span(lead, Role::KeyHint),
                    context.span(told, Role::Text),
                ]));
            }
        }
    }
    popup.gap();
    let mouse = context.say(
        "El ratón también vale: pestañas, pasos, pilas, enlaces, «copiar» y los botones; la rueda desplaza.",
        "The mouse works too: tabs, steps, stacks, links, \"copy\" and the buttons; the wheel scrolls.",
    );
    popup.say(context, mouse, Role::Muted);
    popup
}
