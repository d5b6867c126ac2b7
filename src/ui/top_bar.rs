//! The top line: course, world, language, clock, price; and the banner of lasting trouble below it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::draw_context::{DrawContext, draw_lines};
use super::text;
use super::theme::Role;
use crate::app::{Pace, Seat, World};
use ground::clock::{Speed, clock_face};
use ground::lang::Lang;

/// Draws the line. What there is no room for is left out, the price's note first, the world never.
pub(super) fn draw(context: &DrawContext<'_>, area: Rect, buffer: &mut Buffer) {
    buffer.set_style(area, context.style(Role::StatusBar));
    let world = world_line(context);
    let room = usize::from(area.width);
    let fits = |title: &Line<'_>, right: &Line<'_>| title.width() + world.width() + right.width() + 8 <= room;
    let [long, short] = titles(context);
    let full = [Detail::Full, Detail::Short].map(|d| right_line(context, d));
    let choices = [
        (&long, full[0].clone()),
        (&long, full[1].clone()),
        (&short, full[0].clone()),
        (&short, full[1].clone()),
        (&short, right_line(context, Detail::Least)),
    ];
    let fitting = choices.into_iter().find(|(title, right)| fits(title, right));
    let (left, right) = fitting.map_or((Line::default(), Line::default()), |(t, r)| (t.clone(), r));
    buffer.set_line(area.x + 1, area.y, &left, area.width.saturating_sub(1));
    // The world stands in the middle where it can, and next to what is right of it where it can't.
    let (world_width, right_width) = (columns(&world), columns(&right));
    let middle = (area.width.saturating_sub(world_width)) / 2;
    let latest = area.width.saturating_sub(right_width + world_width + 3);
    let earliest = columns(&left) + 3;
    let at = middle.clamp(earliest.min(latest), latest.max(earliest.min(latest)));
    buffer.set_line(area.x + at, area.y, &world, area.width.saturating_sub(at));
    let at = area.width.saturating_sub(right_width + 1);
    buffer.set_line(area.x + at, area.y, &right, right_width);
}

fn columns(line: &Line<'_>) -> u16 {
    u16::try_from(line.width()).unwrap_or(u16::MAX)
}

/// The program's name with the course's, and alone.
fn titles(context: &DrawContext<'_>) -> [Line<'static>; 2] {
    let course = text::clean(context.model.course.title.get(context.lang));
    let name = context.span("Espera", Role::Accent);
    let course = context.span(format!(" {} {course}", context.signs.dot()), Role::Title);
    [Line::from(vec![name.clone(), course]), Line::from(name)]
}

fn world_line(context: &DrawContext<'_>) -> Line<'static> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    match &context.model.world {
        World::Practice { speed, pace, .. } => {
            let speed = match speed {
                Speed::Times(n) => format!("{}{n}", context.signs.times()),
                Speed::Max => format!("{}max", context.signs.times()),
            };
            let name = context.say("PRÁCTICA", "PRACTICE");
            spans.push(context.span(format!("{name} {speed}"), Role::Practice));
            if *pace == Pace::Paused {
                spans.push(context.span(format!(" {}", context.say("EN PAUSA", "PAUSED")), Role::Warning));
            }
        }
        World::Aws(account) => {
            spans.push(context.span("AWS", Role::Account));
            let title = context.cut(&context.outside(&account.title()), 36);
            spans.push(context.span(format!(" {title}"), Role::Text));
            let from = if account.endpoint.is_some() { context.say("emulador", "emulator") } else { "" };
            spans.push(context.span(format!(" {from}").trim_end().to_owned(), Role::Warning));
        }
    }
    if context.model.seat == Seat::Watcher {
        spans.push(context.span(format!(" {}", context.say("SOLO MIRAS", "WATCHING")), Role::Warning));
    }
    Line::from(spans)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    Full,
    Short,
    Least,
}

fn right_line(context: &DrawContext<'_>, detail: Detail) -> Line<'static> {
    let price = price(context, detail);
    if detail == Detail::Least {
        return context.line(price, Role::Money);
    }
    let gap = if detail == Detail::Full { "   " } else { "  " };
    Line::from(vec![
        context.span(context.lang.code(), Role::Text),
        Span::raw(gap),
        context.span(clock_face(context.model.elapsed), Role::Text),
        Span::raw(gap),
        context.span(price, Role::Money),
    ])
}

fn price(context: &DrawContext<'_>, detail: Detail) -> String {
    let Some(usd) = context.model.usd_per_hour() else {
        return context.say("coste desconocido", "cost unknown").to_owned();
    };
    let usd = money(usd, context.lang);
    let about = context.signs.about();
    let note = match (&context.model.world, detail) {
        (World::Practice { .. }, Detail::Full) => context.say(" en AWS", " in AWS"),
        _ => "",
    };
    format!("{about}{usd} USD/h{note}")
}

/// An amount as each language writes it: `0,62`, `0.62`.
pub(super) fn money(usd: f64, lang: Lang) -> String {
    let text = format!("{usd:.2}");
    match lang {
        Lang::Es => text.replace('.', ","),
        Lang::En => text,
    }
}

/// The lasting trouble to tell, if there is any: of the program first, then of watching the cloud.
fn trouble(context: &DrawContext<'_>) -> Option<String> {
    let model = context.model;
    let own = model.banner.as_ref().map(|said| said.get(context.lang));
    own.or_else(|| model.trouble().map(|t| t.get(context.lang))).map(|t| context.outside(t))
}

/// The banner's lines for a screen `width` columns wide: none when all is well.
pub(super) fn banner(context: &DrawContext<'_>, width: u16) -> Vec<Line<'static>> {
    let Some(trouble) = trouble(context) else { return Vec::new() };
    let mark = context.signs.warning();
    let room = usize::from(width).saturating_sub(5);
    let mut lines = text::wrap(&trouble, room);
    if lines.len() > 3 {
        let rest = lines.split_off(2).join(" ");
        lines.push(context.cut(&rest, room));
    }
    let lead = |i: usize| if i == 0 { format!(" {mark} ") } else { "   ".to_owned() };
    lines.iter().enumerate().map(|(i, l)| context.line(format!("{}{l}", lead(i)), Role::Warning)).collect()
}

pub(super) fn draw_banner(lines: &[Line<'static>], area: Rect, buffer: &mut Buffer) {
    draw_lines(buffer, area, lines);
}
