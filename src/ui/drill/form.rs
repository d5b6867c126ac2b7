//! The form of the next drill: its choices, what it will do, what it costs, how it is undone; and the
//! drills there have been.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::draw_context::DrawContext;
use super::super::text;
use super::super::theme::Role;
use super::super::toast;
use super::super::viewports::Viewports;
use super::pen::{Pen, item};
use crate::app::{Field, Form, Motion, Pane, Target, World};
use crate::cloud::Move;
use crate::drill::telling::{figures, plan, terms};
use crate::drill::{Hands, Report};
use ground::clock::span;
use ground::tr;

/// Columns of the names of the lines.
const NAMES: usize = 22;

/// Draws the form in `area`.
pub(super) fn draw(context: &DrawContext<'_>, views: &mut Viewports, area: Rect, buffer: &mut Buffer) {
    let form = &context.model.drill_screen.form;
    let mut pen = Pen { area, buffer };
    if area.height >= 20 {
        let what = context.say(
            "Sondas numeradas miden desde fuera qué cuesta perder la primaria.",
            "Numbered probes measure from outside what losing the primary costs.",
        );
        pen.say(context, what, Role::Text);
        pen.skip();
    }
    for field in Field::ALL {
        if field == Field::Start && area.height >= 20 {
            pen.skip();
        }
        let row = Rect { height: pen.area.height.min(1), ..pen.area };
        views.clickable(row, Target::Field(field));
        pen.line(&line(context, form, field, usize::from(area.width)));
    }
    pen.skip();
    pen.area.height = pen.area.height.saturating_sub(toast::covered_rows(context, context.area.width));
    let about = about_lines(context, form, usize::from(pen.area.width));
    let (len, page) = (about.len(), usize::from(pen.area.height));
    let top = views.settle(Pane::Drill, len, page, |_: Motion| None);
    let place = pen.area;
    for line in about.iter().skip(top) {
        pen.line(line);
    }
    draw_scroll_marks(context, place, (top, len, page), pen.buffer);
}

/// Marks at the right edge where there is more above or below.
pub(super) fn draw_scroll_marks(
    context: &DrawContext<'_>,
    area: Rect,
    (top, len, page): (usize, usize, usize),
    buffer: &mut Buffer,
) {
    if area.height == 0 {
        return;
    }
    let (x, style) = (area.right() + 1, context.style(Role::Accent));
    if top > 0 {
        buffer.set_string(x, area.y, context.signs.more_up(), style);
    }
    if top + page < len {
        buffer.set_string(x, area.bottom() - 1, context.signs.more_down(), style);
    }
}

/// A line of the form: its name and its value between arrows when it can be turned.
fn line(context: &DrawContext<'_>, form: &Form, field: Field, width: usize) -> Line<'static> {
    let lang = context.lang;
    let chosen = form.field == field;
    let mark = if chosen { context.signs.choose() } else { " " };
    if field == Field::Start {
        let label = context.say(" Empezar ", " Start ");
        let role = if chosen { Role::Selection } else { Role::Strong };
        return Line::from(vec![
            context.span(format!("{mark} "), Role::Accent),
            context.span(format!("[{label}]"), role),
        ]);
    }
    let (name, value) = match field {
        Field::Mode => (tr!(lang, "Tipo", "Kind"), terms::mode(form.mode, lang).to_owned()),
        Field::Fault if form.mode == Move::Switchover => {
            (tr!(lang, "Avería", "Fault"), tr!(lang, "ninguna: nada se rompe", "none: nothing breaks"))
        }
        Field::Fault => (tr!(lang, "Avería", "Fault"), terms::fault(form.fault, lang).to_owned()),
        Field::Hands => (tr!(lang, "Quién recupera", "Who recovers"), hands(form.hands, context)),
        Field::Duration => (tr!(lang, "Duración máxima", "At most"), span(form.duration)),
        Field::Rto => (tr!(lang, "Objetivo de RTO", "RTO target"), span(form.targets.rto)),
        Field::Rpo => (tr!(lang, "Objetivo de RPO", "RPO target"), span(form.targets.rpo)),
        Field::Start => (String::new(), String::new()),
    };
    let value = match chosen && !form.typed.is_empty() {
        true => format!("{}{}", form.typed, context.signs.caret()),
        false => value,
    };
    let (left, right) = (context.signs.arrow_left(), context.signs.arrow_right());
    let shown = if chosen { format!("{left} {value} {right}") } else { format!("  {value}") };
    let name = text::fit(&name, NAMES, context.signs);
    let role = if chosen { Role::Selection } else { Role::Text };
    Line::from(vec![
        context.span(format!("{mark} "), Role::Accent),
        context.span(name, Role::Muted),
        context.span(context.cut(&shown, width.saturating_sub(NAMES + 2)), role),
    ])
}

fn hands(hands: Hands, context: &DrawContext<'_>) -> String {
    match hands {
        Hands::Auto => tr!(context.lang, "Espera, en cuanto lo detecta", "Espera, once it has noticed"),
        Hands::Learner => tr!(context.lang, "tú, con las teclas f, s, w, m", "you, by the keys f, s, w, m"),
    }
}

/// What it will do, its cost, its undo, and the drills before.
fn about_lines(context: &DrawContext<'_>, form: &Form, room: usize) -> Vec<Line<'static>> {
    let lang = context.lang;
    let mut lines = Vec::new();
    let mut told = |name: &str, what: &str, role: Role| {
        lines.extend(item(context, context.signs.bullet(), &format!("{name}: {what}"), role, room));
    };
    if let Some(account) = context.model.account() {
        told(context.say("Cuenta", "Account"), &account.title(), Role::Account);
    }
    let next = form.plan();
    told(context.say("Hará", "It will"), plan::effect_of(&next, lang), Role::Text);
    if let Some(undone) = plan::undo_of(&next, lang) {
        told(context.say("Se deshace", "Undone"), undone, Role::Text);
    }
    told(context.say("Después", "Afterwards"), plan::afterwards(lang), Role::Text);
    let (price, role) = price(context, form);
    told(context.say("Precio", "Price"), &price, role);
    if context.model.drill_screen.offers.is_empty() {
        lines.extend(item(context, context.signs.warning(), &nothing_to_break(context), Role::Warning, room));
    }
    lines.push(Line::default());
    lines.push(context.line(context.say("Simulacros anteriores", "Earlier drills"), Role::Heading2));
    if context.model.drill_screen.earlier.is_empty() {
        let none = context.say(
            "Todavía ninguno. El primero tarda unos minutos de práctica.",
            "None yet. The first takes a few minutes of practice.",
        );
        lines.extend(text::wrap(none, room).into_iter().map(|l| context.line(l, Role::Muted)));
    }
    lines.extend(context.model.drill_screen.earlier.iter().map(|r| earlier_line(context, r, room)));
    lines
}

fn nothing_to_break(context: &DrawContext<'_>) -> String {
    tr!(
        context.lang,
        "Aquí no se puede provocar ninguna avería: solo el traspaso planeado.",
        "No fault can be caused here: only the planned switchover."
    )
}

fn price(context: &DrawContext<'_>, form: &Form) -> (String, Role) {
    let lang = context.lang;
    match &context.model.world {
        World::Practice { .. } => {
            (tr!(lang, "nada, es la práctica.", "nothing, this is practice."), Role::Ok)
        }
        World::Aws(_) => (plan::price(&form.plan(), lang), Role::Account),
    }
}

fn earlier_line(context: &DrawContext<'_>, report: &Report, room: usize) -> Line<'static> {
    let lang = context.lang;
    let day = report.began.iso8601().get(..16).unwrap_or_default().replace('T', " ");
    let told = format!("{day}  {}", figures::summary(report, lang));
    context.line(context.cut(&told, room), Role::Text)
}
