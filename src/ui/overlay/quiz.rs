//! A question of the step: its options, and after an answer whether it was right and why.

use ratatui::text::Span;

use super::super::scene::Scene;
use super::super::text;
use super::super::theme::Role;
use super::popup::Popup;
use ground::tr;

pub(super) fn popup(scene: &Scene<'_>, question: usize, selected: usize, given: Option<usize>) -> Popup {
    let questions = &scene.model.step().quiz;
    let (at, all) = (question + 1, questions.len());
    let title = tr!(scene.lang, "Pregunta {at} de {all}", "Question {at} of {all}");
    let Some(quiz) = questions.get(question) else { return Popup::new(scene, title) };
    let right = given == Some(quiz.answer);
    let keys = match (right, at < all) {
        (true, true) => scene.say("Intro la siguiente · Esc cerrar", "Enter the next one · Esc close"),
        (true, false) => scene.say("Intro o Esc cerrar", "Enter or Esc close"),
        _ => scene.say("Intro responder · ↑↓ elegir · Esc cerrar", "Enter answer · ↑↓ choose · Esc close"),
    };
    let mut popup = Popup::new(scene, title).keys(keys);
    popup.say(scene, quiz.question.get(scene.lang), Role::Strong);
    popup.gap();
    for (index, option) in quiz.options.iter().enumerate() {
        let (mark, role) = match given == Some(index) {
            true if right => (scene.signs.done(), Role::Ok),
            true => (scene.signs.failed(), Role::Error),
            false => (" ", Role::Text),
        };
        let room = popup.room().saturating_sub(7);
        for (line, told) in text::wrap(option.get(scene.lang), room).into_iter().enumerate() {
            let (chosen, told) = (index == selected, Span::raw(told));
            match line {
                0 => {
                    let lead = scene.span(format!("{mark} {}. ", index + 1), role);
                    popup.row(scene, index, chosen, vec![lead, told]);
                }
                _ => popup.row_goes_on(scene, index, chosen, vec![Span::raw("     "), told]),
            }
        }
    }
    if given.is_some() {
        popup.gap();
        match right {
            true => {
                popup.item(scene, scene.signs.done(), scene.say("Eso es.", "That's it."), Role::Ok);
                popup.say(scene, quiz.why.get(scene.lang), Role::Text);
            }
            false => {
                let again = scene.say("No es esa. Prueba otra.", "Not that one. Try another.");
                popup.item(scene, scene.signs.failed(), again, Role::Error);
            }
        }
    }
    popup
}
