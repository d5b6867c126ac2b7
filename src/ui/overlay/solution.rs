//! The step's solution: in words, by Espera's own actions, by hand.

use ratatui::text::Line;

use super::super::draw_context::DrawContext;
use super::super::theme::Role;
use super::popup::Popup;

pub(super) fn popup(context: &DrawContext<'_>, scroll: usize, width: usize) -> Popup {
    let solution = &context.model.step().solution;
    let keys = context
        .say("y copiar las órdenes · ↑↓ mover · Esc cerrar", "y copy the commands · ↑↓ move · Esc close");
    let columns = u16::try_from(width + 4).unwrap_or(u16::MAX);
    let mut popup = Popup::new(context, context.say("Solución", "Solution"))
        .keys(keys)
        .width(context, columns)
        .scrolled(2, scroll);
    popup.say(context, solution.text.get(context.lang), Role::Text);
    if !solution.actions.is_empty() {
        popup.gap();
        popup.push(context.line(context.say("Con Espera", "With Espera"), Role::Heading2));
        for id in &solution.actions {
            let title = context.model.action(*id).map_or(id.as_str(), |a| a.title.get(context.lang));
            popup.item(context, context.signs.bullet(), title, Role::Text);
        }
    }
    if !solution.commands.is_empty() {
        popup.gap();
        popup.push(
            context
                .line(context.say("A mano, en tu consola (!)", "By hand, in your shell (!)"), Role::Heading2),
        );
        for command in &solution.commands {
            for line in command.lines() {
                command_line(context, &mut popup, line);
            }
            popup.gap();
        }
    }
    popup
}

/// A line of a command; what doesn't fit goes on below, further in.
fn command_line(context: &DrawContext<'_>, popup: &mut Popup, line: &str) {
    let indent = line.len() - line.trim_start().len();
    let room = popup.room().saturating_sub(indent + 4);
    for (index, part) in super::super::text::wrap(&context.outside(line), room).into_iter().enumerate() {
        let lead = " ".repeat(indent + if index == 0 { 0 } else { 4 });
        popup.push(Line::from(vec![context.span(lead, Role::CodeBlock), context.span(part, Role::Code)]));
    }
}
