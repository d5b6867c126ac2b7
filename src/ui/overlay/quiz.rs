//! A question of the step: its options, and after an answer whether it was right and why.

use ratatui::text::Span;

use super::super::draw_context::DrawContext;
use super::super::text;
use super::super::theme::Role;
use super::popup::Popup;
use ground::tr;

pub(super) fn popup(
    context: &DrawContext<'_>,
    question: usize,
    selected: usize,
    given: Option<usize>,
) -> Popup {
    let questions = &context.model.step().quiz;
    let (at, all) = (question + 1, questions.len());
    let title = tr!(context.lang, "Pregunta {at} de {all}", "Question {at} of {all}");
    let Some(quiz) = questions.get(question) else { return Popup::new(context, title) };
    let right = given == Some(quiz.answer);
    let keys = match (right, at < all) {
        (true, true) => context.say("Intro la siguiente · Esc cerrar", "Enter the next one · Esc close"),
        (true, false) => context.say("Intro o Esc cerrar", "Enter or Esc close"),
        _ => context.say("Intro responder · ↑↓ elegir · Esc cerrar", "Enter answer · ↑↓ choose · Esc close"),
    };
    let mut popup = Popup::new(context, title).keys(keys);
    popup.say(context, quiz.question.get(context.lang), Role::Strong);
    popup.gap();
    for (index, option) in quiz.options.iter().enumerate() {
        let (mark, role) = match given == Some(index) {
            true if right => (context.signs.done(), Role::Ok),
            true => (context.signs.failed(), Role::Error),
            false => (" ", Role::Text),
        };
        let room = popup.room().saturating_sub(7);
        for (line, told) in text::wrap(option.get(context.lang), room).into_iter().enumerate() {
            let (chosen, told) = (index == selected, Span::raw(told));
            match line {
                0 => {
                    let lead = context.span(format!("{mark} {}. ", index + 1), role);
                    popup.row(context, index, chosen, vec![lead, told]);
                }
                _ => popup.row_goes_on(context, index, chosen, vec![Span::raw("     "), told]),
            }
        }
    }
    if given.is_some() {
        popup.gap();
        match right {
            true => {
                popup.item(context, context.signs.done(), context.say("Eso es.", "That's it."), Role::Ok);
                popup.say(context, quiz.why.get(context.lang), Role::Text);
            }
            false => {
                let again = context.say("No es esa. Prueba otra.", "Not that one. Try another.");
                popup.item(context, context.signs.failed(), again, Role::Error);
            }
        }
    }
    popup
}
