//! The step's solution: in words, by Espera's own actions, by hand.

use ratatui::text::Line;

use super::super::scene::Scene;
use super::super::theme::Role;
use super::popup::Popup;

pub(super) fn popup(scene: &Scene<'_>, scroll: usize, width: usize) -> Popup {
    let solution = &scene.model.step().solution;
    let keys = scene
        .say("y copiar las órdenes · ↑↓ mover · Esc cerrar", "y copy the commands · ↑↓ move · Esc close");
    let columns = u16::try_from(width + 4).unwrap_or(u16::MAX);
    let mut popup = Popup::new(scene, scene.say("Solución", "Solution"))
        .keys(keys)
        .width(scene, columns)
        .scrolled(2, scroll);
    popup.say(scene, solution.text.get(scene.lang), Role::Text);
    if !solution.actions.is_empty() {
        popup.gap();
        popup.push(scene.line(scene.say("Con Espera", "With Espera"), Role::Heading2));
        for id in &solution.actions {
            let title = scene.model.action(*id).map_or(id.as_str(), |a| a.title.get(scene.lang));
            popup.item(scene, scene.signs.bullet(), title, Role::Text);
        }
    }
    if !solution.commands.is_empty() {
        popup.gap();
        popup.push(
            scene.line(scene.say("A mano, en tu consola (!)", "By hand, in your shell (!)"), Role::Heading2),
        );
        for command in &solution.commands {
            for line in command.lines() {
                command_line(scene, &mut popup, line);
            }
            popup.gap();
        }
    }
    popup
}

/// A line of a command; what doesn't fit goes on below, further in.
fn command_line(scene: &Scene<'_>, popup: &mut Popup, line: &str) {
    let indent = line.len() - line.trim_start().len();
    let room = popup.room().saturating_sub(indent + 4);
    for (index, part) in super::super::text::wrap(&scene.outside(line), room).into_iter().enumerate() {
        let lead = " ".repeat(indent + if index == 0 { 0 } else { 4 });
        popup.push(Line::from(vec![scene.span(lead, Role::CodeBlock), scene.span(part, Role::Code)]));
    }
}
