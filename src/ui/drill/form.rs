//! The form of the next drill: its choices, what it will do, what it costs, how it is undone; and the
//! drills there have been.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::scene::Scene;
use super::super::text;
use super::super::theme::Role;
use super::super::toast;
use super::super::viewports::Viewports;
use super::pen::{Pen, item};
use crate::app::{Field, Form, Motion, Pane, Target, World};
use crate::clock::span;
use crate::cloud::Move;
use crate::drill::telling::{figures, plan, terms};
use crate::drill::{Hands, Report};
use crate::tr;

/// Columns of the names of the lines.
const NAMES: usize = 22;

/// Draws the form in `area`.
pub(super) fn draw(scene: &Scene<'_>, views: &mut Viewports, area: Rect, buffer: &mut Buffer) {
    let form = &scene.model.drill_screen.form;
    let mut pen = Pen { area, buffer };
    if area.height >= 20 {
        let what = scene.say(
            "Sondas numeradas miden desde fuera qué cuesta perder la primaria.",
            "Numbered probes measure from outside what losing the primary costs.",
        );
        pen.say(scene, what, Role::Text);
        pen.skip();
    }
    for field in Field::ALL {
        if field == Field::Start && area.height >= 20 {
            pen.skip();
        }
        let row = Rect { height: pen.area.height.min(1), ..pen.area };
        views.clickable(row, Target::Field(field));
        pen.line(&line(scene, form, field, usize::from(area.width)));
    }
    pen.skip();
    pen.area.height = pen.area.height.saturating_sub(toast::covered(scene, scene.area.width));
    let about = about(scene, form, usize::from(pen.area.width));
    let (len, page) = (about.len(), usize::from(pen.area.height));
    let top = views.settle(Pane::Drill, len, page, |_: Motion| None);
    let place = pen.area;
    for line in about.iter().skip(top) {
        pen.line(line);
    }
    more(scene, place, (top, len, page), pen.buffer);
}

/// Marks at the right edge where there is more above or below.
pub(super) fn more(
    scene: &Scene<'_>,
    area: Rect,
    (top, len, page): (usize, usize, usize),
    buffer: &mut Buffer,
) {
    if area.height == 0 {
        return;
    }
    let (x, style) = (area.right() + 1, scene.style(Role::Accent));
    if top > 0 {
        buffer.set_string(x, area.y, scene.signs.more_up(), style);
    }
    if top + page < len {
        buffer.set_string(x, area.bottom() - 1, scene.signs.more_down(), style);
    }
}

/// A line of the form: its name and its value between arrows when it can be turned.
fn line(scene: &Scene<'_>, form: &Form, field: Field, width: usize) -> Line<'static> {
    let lang = scene.lang;
    let chosen = form.field == field;
    let mark = if chosen { scene.signs.choose() } else { " " };
    if field == Field::Start {
        let label = scene.say(" Empezar ", " Start ");
        let role = if chosen { Role::Selection } else { Role::Strong };
        return Line::from(vec![
            scene.span(format!("{mark} "), Role::Accent),
            scene.span(format!("[{label}]"), role),
        ]);
    }
    let (name, value) = match field {
        Field::Mode => (tr!(lang, "Tipo", "Kind"), terms::mode(form.mode, lang).to_owned()),
        Field::Fault if form.mode == Move::Switchover => {
            (tr!(lang, "Avería", "Fault"), tr!(lang, "ninguna: nada se rompe", "none: nothing breaks"))
        }
        Field::Fault => (tr!(lang, "Avería", "Fault"), terms::fault(form.fault, lang).to_owned()),
        Field::Hands => (tr!(lang, "Quién recupera", "Who recovers"), hands(form.hands, scene)),
        Field::Duration => (tr!(lang, "Duración máxima", "At most"), span(form.duration)),
        Field::Rto => (tr!(lang, "Objetivo de RTO", "RTO target"), span(form.targets.rto)),
        Field::Rpo => (tr!(lang, "Objetivo de RPO", "RPO target"), span(form.targets.rpo)),
        Field::Start => (String::new(), String::new()),
    };
    let value = match chosen && !form.typed.is_empty() {
        true => format!("{}{}", form.typed, scene.signs.caret()),
        false => value,
    };
    let (left, right) = (scene.signs.arrow_left(), scene.signs.arrow_right());
    let shown = if chosen { format!("{left} {value} {right}") } else { format!("  {value}") };
    let name = text::fit(&name, NAMES, scene.signs);
    let role = if chosen { Role::Selection } else { Role::Text };
    Line::from(vec![
        scene.span(format!("{mark} "), Role::Accent),
        scene.span(name, Role::Muted),
        scene.span(scene.cut(&shown, width.saturating_sub(NAMES + 2)), role),
    ])
}

fn hands(hands: Hands, scene: &Scene<'_>) -> String {
    match hands {
        Hands::Auto => tr!(scene.lang, "Espera, en cuanto lo detecta", "Espera, once it has noticed"),
        Hands::Learner => tr!(scene.lang, "tú, con las teclas f, s, w, m", "you, by the keys f, s, w, m"),
    }
}

/// What it will do, its cost, its undo, and the drills before.
fn about(scene: &Scene<'_>, form: &Form, room: usize) -> Vec<Line<'static>> {
    let lang = scene.lang;
    let mut lines = Vec::new();
    let mut told = |name: &str, what: &str, role: Role| {
        lines.extend(item(scene, scene.signs.bullet(), &format!("{name}: {what}"), role, room));
    };
    if let Some(account) = scene.model.account() {
        told(scene.say("Cuenta", "Account"), &account.title(), Role::Account);
    }
    let next = form.plan();
    told(scene.say("Hará", "It will"), plan::will(&next, lang), Role::Text);
    if let Some(undone) = plan::undone(&next, lang) {
        told(scene.say("Se deshace", "Undone"), undone, Role::Text);
    }
    told(scene.say("Después", "Afterwards"), plan::afterwards(lang), Role::Text);
    let (price, role) = price(scene, form);
    told(scene.say("Precio", "Price"), &price, role);
    if scene.model.drill_screen.offers.is_empty() {
        lines.extend(item(scene, scene.signs.warning(), &nothing_to_break(scene), Role::Warning, room));
    }
    lines.push(Line::default());
    lines.push(scene.line(scene.say("Simulacros anteriores", "Earlier drills"), Role::Heading2));
    if scene.model.drill_screen.earlier.is_empty() {
        let none = scene.say(
            "Todavía ninguno. El primero tarda unos minutos de práctica.",
            "None yet. The first takes a few minutes of practice.",
        );
        lines.extend(text::wrap(none, room).into_iter().map(|l| scene.line(l, Role::Muted)));
    }
    lines.extend(scene.model.drill_screen.earlier.iter().map(|r| earlier(scene, r, room)));
    lines
}

fn nothing_to_break(scene: &Scene<'_>) -> String {
    tr!(
        scene.lang,
        "Aquí no se puede provocar ninguna avería: solo el traspaso planeado.",
        "No fault can be caused here: only the planned switchover."
    )
}

fn price(scene: &Scene<'_>, form: &Form) -> (String, Role) {
    let lang = scene.lang;
    match &scene.model.world {
        World::Practice { .. } => {
            (tr!(lang, "nada, es la práctica.", "nothing, this is practice."), Role::Ok)
        }
        World::Aws(_) => (plan::price(&form.plan(), lang), Role::Account),
    }
}

fn earlier(scene: &Scene<'_>, report: &Report, room: usize) -> Line<'static> {
    let lang = scene.lang;
    let day = report.began.iso8601().get(..16).unwrap_or_default().replace('T', " ");
    let told = format!("{day}  {}", figures::summary(report, lang));
    scene.line(scene.cut(&told, room), Role::Text)
}
