//! The screen: renders the model, decides nothing. A pane a file; colours are roles.

mod architecture;
mod checks;
mod clean;
mod draw_context;
mod drill;
mod key_bar;
mod keys;
mod layout;
pub mod lesson;
mod lesson_layout;
mod lesson_pane;
mod mask;
mod overlay;
mod panes;
pub mod plain;
mod stacks;
mod step_bar;
pub mod svg;
pub mod symbols;
mod text;
pub mod theme;
mod toast;
mod too_small;
mod top_bar;
mod viewports;

pub use clean::Clean;
pub use layout::SMALLEST;
pub use mask::mask;
pub use viewports::Viewports;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{Ids, Model, Pane};
use draw_context::DrawContext;

/// Draws the model on the frame of a terminal with a `Clean` backend. `views` keeps what depends on the size: it learns from each frame how
/// far panes can scroll and what a click where means.
pub fn render(model: &Model, views: &mut Viewports, frame: &mut Frame<'_>) {
    let area = frame.area();
    compose(model, views, area, frame.buffer_mut());
}

/// Draws the model on a buffer: what a terminal shows of `render`, for tests and pictures.
pub fn draw(model: &Model, views: &mut Viewports, area: Rect, buffer: &mut Buffer) {
    compose(model, views, area, buffer);
    text::make_harmless(buffer);
}

fn compose(model: &Model, views: &mut Viewports, area: Rect, buffer: &mut Buffer) {
    let context = DrawContext::new(model, area);
    views.begin();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        too_small::draw(&context, area, buffer);
    } else {
        screen(&context, views, area, buffer);
    }
    if context.signs == ground::look::Charset::Ascii {
        symbols::to_ascii(buffer);
    }
    if model.look.ids == Ids::Masked {
        mask::mask_screen(buffer);
    }
}

fn screen(context: &DrawContext<'_>, views: &mut Viewports, area: Rect, buffer: &mut Buffer) {
    let model = context.model;
    let banner = top_bar::banner(context, area.width);
    let rows = u16::try_from(banner.len()).unwrap_or(0);
    let picture = |width| architecture::height(context, width);
    let division = layout::divide(area, model.focus, model.zoom, rows, picture);
    top_bar::draw(context, division.top, buffer);
    top_bar::draw_banner(&banner, division.banner, buffer);
    let body = match model.focus {
        // The steps have no place here: their line is the drill's.
        Pane::Drill => {
            let y = division.banner.bottom();
            let body = Rect { y, height: division.foot.y.saturating_sub(y), ..area };
            drill::draw(context, views, body, buffer);
            body
        }
        _ => {
            let body = panes::draw(context, views, division.panes, buffer);
            step_bar::draw(context, views, division.steps, buffer);
            body
        }
    };
    key_bar::draw(context, views, division.foot, buffer);
    match &model.overlay {
        Some(overlay) => overlay::draw(context, views, overlay, area, buffer),
        None => views.overlay.close(),
    }
    toast::draw(context, body, buffer);
}
