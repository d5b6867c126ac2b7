//! The search field: over the foot, so that the matches stay in sight.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::super::draw_context::DrawContext;
use super::super::theme::Role;
use super::super::viewports::Viewports;
use super::super::{lesson_pane, text};
use ground::tr;

pub(super) fn draw(
    context: &DrawContext<'_>,
    views: &mut Viewports,
    query: &str,
    screen: Rect,
    buffer: &mut Buffer,
) {
    let area = Rect { y: screen.bottom().saturating_sub(1), height: 1, ..screen };
    views.cover(screen, area);
    Clear.render(area, buffer);
    let found = match lesson_pane::match_count(context, views) {
        _ if query.trim().is_empty() => {
            context.say("escribe lo que buscas", "type what you look for").to_owned()
        }
        Some((_, 0)) | None => tr!(context.lang, "nada", "nothing"),
        Some((at, all)) => tr!(context.lang, "{at} de {all}", "{at} of {all}"),
    };
    let keys = context.say("Intro aceptar · Esc cerrar", "Enter accept · Esc close");
    let tail = format!("{found}  {keys} ");
    let room = usize::from(area.width).saturating_sub(text::width(&tail) + 6);
    let line = Line::from(vec![
        context.span(" / ", Role::Accent),
        context.span(context.cut(query, room), Role::Strong),
        context.span(context.signs.caret(), Role::Accent),
        Span::raw("  "),
        context.span(tail, Role::Muted),
    ]);
    buffer.set_line(area.x, area.y, &line, area.width);
}
