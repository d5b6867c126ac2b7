//! The screen below the smallest usable size: says what is needed, in whatever room there is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::draw_context::DrawContext;
use super::layout::SMALLEST;
use super::text;
use super::theme::Role;
use ground::tr;

/// Draws the message in the middle of `area`, the longest version that fits.
pub(super) fn draw(context: &DrawContext<'_>, area: Rect, buffer: &mut Buffer) {
    let (w, h) = SMALLEST;
    let (now_w, now_h) = (area.width, area.height);
    let times = context.signs.times();
    let long = tr!(
        context.lang,
        "La terminal tiene {now_w}{times}{now_h}. Espera necesita al menos {w}{times}{h}: agranda la ventana o reduce \
         la letra. Todo sigue en marcha; q sale.",
        "The terminal is {now_w}{times}{now_h}. Espera needs at least {w}{times}{h}: enlarge the window or make the \
         type smaller. Everything goes on; q leaves."
    );
    let short = tr!(context.lang, "Mínimo {w}{times}{h}", "At least {w}{times}{h}");
    let lines = text::wrap(&long, usize::from(area.width));
    let lines = if lines.len() <= usize::from(area.height) {
        lines
    } else {
        text::wrap(&short, usize::from(area.width))
    };
    let count = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let top = area.y + area.height.saturating_sub(count) / 2;
    for (y, line) in (top..area.bottom()).zip(&lines) {
        let x = area.x + area.width.saturating_sub(text::columns(line)) / 2;
        buffer.set_stringn(x, y, line, usize::from(area.width), context.style(Role::Warning));
    }
}
