//! Lists to choose from: the steps, the step's actions, the lesson's links.

use ratatui::text::Span;

use super::super::scene::Scene;
use super::super::text;
use super::super::theme::Role;
use super::super::top_bar::money;
use super::popup::Popup;
use ground::tr;
use lessons::Target as Link;

fn chooser(scene: &Scene<'_>, title: &str) -> Popup {
    let keys = scene.say("Intro elegir · ↑↓ mover · Esc cerrar", "Enter choose · ↑↓ move · Esc close");
    Popup::new(scene, title).keys(keys)
}

pub(super) fn steps(scene: &Scene<'_>, selected: usize) -> Popup {
    let mut popup = chooser(scene, scene.say("Pasos", "Steps"));
    for (index, step) in scene.model.course.steps.iter().enumerate() {
        let passed = step.checks.iter().filter(|c| scene.model.progress.passed.contains(&c.id)).count();
        let all = step.checks.len();
        let (mark, role) = match passed == all {
            true => (scene.signs.done(), Role::Ok),
            false if index == scene.model.step_index() => (scene.signs.current(), Role::Accent),
            false => (scene.signs.pending(), Role::Pending),
        };
        let minutes = step.minutes;
        let tail = format!("{passed}/{all}  {minutes:>3} min");
        let room = popup.room().saturating_sub(8 + text::width(&tail));
        let title = text::fit(&format!("{index} {}", step.title.get(scene.lang)), room, scene.signs);
        let spans =
            vec![scene.span(mark, role), Span::raw(format!(" {title}  ")), scene.span(tail, Role::Muted)];
        popup.row(scene, index, index == selected, spans);
    }
    popup
}

pub(super) fn actions(scene: &Scene<'_>, selected: usize) -> Popup {
    let mut popup = chooser(scene, scene.say("Acciones del paso", "The step's actions"));
    for (index, action) in scene.model.step().actions.iter().enumerate() {
        let minutes = action.minutes;
        let usd = money(action.usd_per_hour, scene.lang);
        let tail = match action.usd_per_hour > 0.0 {
            true => format!("{minutes} min  +{usd} USD/h"),
            false => format!("{minutes} min"),
        };
        let room = popup.room().saturating_sub(4 + text::width(&tail));
        let title = text::fit(action.title.get(scene.lang), room, scene.signs);
        let spans = vec![Span::raw(format!("{title}  ")), scene.span(tail, Role::Muted)];
        popup.row(scene, index, index == selected, spans);
    }
    popup
}

pub(super) fn links(scene: &Scene<'_>, selected: usize) -> Popup {
    let mut popup = chooser(scene, scene.say("Enlaces de la lección", "The lesson's links"));
    for (index, link) in scene.model.lesson.links().iter().enumerate() {
        let to = match &link.target {
            Link::Url(url) => url.clone(),
            Link::Page { path, .. } => tr!(scene.lang, "lección {path}", "lesson {path}"),
            Link::Anchor(id) => format!("#{id}"),
            Link::File(path) => path.display().to_string(),
            Link::Broken(to) => tr!(scene.lang, "{to} (no existe)", "{to} (not there)"),
        };
        let room = popup.room().saturating_sub(4);
        let label = scene.cut(&scene.outside(&link.label), room / 2);
        let to = scene.cut(&scene.outside(&to), room.saturating_sub(text::width(&label) + 2));
        popup.row(
            scene,
            index,
            index == selected,
            vec![Span::raw(label), scene.span(format!("  {to}"), Role::Muted)],
        );
    }
    popup
}
