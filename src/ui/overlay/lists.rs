//! Lists to choose from: the steps, the step's actions, the lesson's links.

use ratatui::text::Span;

use super::super::draw_context::DrawContext;
use super::super::text;
use super::super::theme::Role;
use super::super::top_bar::money;
use super::popup::Popup;
use ground::tr;
use lessons::Target as Link;

fn choice_list(context: &DrawContext<'_>, title: &str) -> Popup {
    let keys = context.say("Intro elegir · ↑↓ mover · Esc cerrar", "Enter choose · ↑↓ move · Esc close");
    Popup::new(context, title).keys(keys)
}

pub(super) fn steps(context: &DrawContext<'_>, selected: usize) -> Popup {
    let mut popup = choice_list(context, context.say("Pasos", "Steps"));
    for (index, step) in context.model.course.steps.iter().enumerate() {
        let passed = step.checks.iter().filter(|c| context.model.progress.passed.contains(&c.id)).count();
        let all = step.checks.len();
        let (mark, role) = match passed == all {
            true => (context.signs.done(), Role::Ok),
            false if index == context.model.step_index() => (context.signs.current(), Role::Accent),
            false => (context.signs.pending(), Role::Pending),
        };
        let minutes = step.minutes;
        let tail = format!("{passed}/{all}  {minutes:>3} min");
        let room = popup.room().saturating_sub(8 + text::width(&tail));
        let title = text::fit(&format!("{index} {}", step.title.get(context.lang)), room, context.signs);
        let spans =
            vec![context.span(mark, role), Span::raw(format!(" {title}  ")), context.span(tail, Role::Muted)];
        popup.row(context, index, index == selected, spans);
    }
    popup
}

pub(super) fn actions(context: &DrawContext<'_>, selected: usize) -> Popup {
    let mut popup = choice_list(context, context.say("Acciones del paso", "The step's actions"));
    for (index, action) in context.model.step().actions.iter().enumerate() {
        let minutes = action.minutes;
        let usd = money(action.usd_per_hour, context.lang);
        let tail = match action.usd_per_hour > 0.0 {
            true => format!("{minutes} min  +{usd} USD/h"),
            false => format!("{minutes} min"),
        };
        let room = popup.room().saturating_sub(4 + text::width(&tail));
        let title = text::fit(action.title.get(context.lang), room, context.signs);
        let spans = vec![Span::raw(format!("{title}  ")), context.span(tail, Role::Muted)];
        popup.row(context, index, index == selected, spans);
    }
    popup
}

pub(super) fn links(context: &DrawContext<'_>, selected: usize) -> Popup {
    let mut popup = choice_list(context, context.say("Enlaces de la lección", "The lesson's links"));
    for (index, link) in context.model.lesson.links().iter().enumerate() {
        let to = match &link.target {
            Link::Url(url) => url.clone(),
            Link::Page { path, .. } => tr!(context.lang, "lección {path}", "lesson {path}"),
            Link::Anchor(id) => format!("#{id}"),
            Link::File(path) => path.display().to_string(),
            Link::Broken(to) => tr!(context.lang, "{to} (no existe)", "{to} (not there)"),
        };
        let room = popup.room().saturating_sub(4);
        let label = context.cut(&context.outside(&link.label), room / 2);
        let to = context.cut(&context.outside(&to), room.saturating_sub(text::width(&label) + 2));
        popup.row(
            context,
            index,
            index == selected,
            vec![Span::raw(label), context.span(format!("  {to}"), Role::Muted)],
        );
    }
    popup
}
