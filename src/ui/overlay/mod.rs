//! What lies over the panes and takes the keys: one file for each kind, and the box they share.

mod confirm;
mod drill;
mod help;
mod hint;
mod lists;
mod log;
mod palette;
mod popup;
mod quiz;
mod search;
mod solution;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::draw_context::DrawContext;
use super::viewports::Viewports;
use crate::app::Overlay;

/// Draws `overlay` over the screen `area`.
pub(super) fn draw(
    context: &DrawContext<'_>,
    views: &mut Viewports,
    overlay: &Overlay,
    area: Rect,
    buffer: &mut Buffer,
) {
    let popup = match overlay {
        Overlay::Search { query } => return search::draw(context, views, query, area, buffer),
        Overlay::Help { scroll } => help::popup(context, *scroll),
        Overlay::Palette { query, selected } => palette::popup(context, query, *selected),
        Overlay::Steps { selected } => lists::steps(context, *selected),
        Overlay::Actions { selected } => lists::actions(context, *selected),
        Overlay::Links { selected } => lists::links(context, *selected),
        Overlay::Confirm { action, choice, typed } => confirm::action(context, *action, *choice, typed),
        Overlay::Resume { action, choice } => confirm::resume(context, *action, *choice),
        Overlay::TakeOver { action, claims, choice } => confirm::take_over(context, *action, claims, *choice),
        Overlay::ConfirmStop { choice } => drill::stop(context, *choice),
        Overlay::Faults { selected } => drill::faults(context, *selected),
        Overlay::ConfirmFault { fault, choice } => drill::confirm(context, *fault, *choice),
        Overlay::Unfinished { selected } => drill::unfinished_run(context, *selected),
        Overlay::ConfirmQuit { choice } => confirm::quit(context, *choice),
        Overlay::Hint { check, depth } => hint::popup(context, *check, *depth),
        Overlay::Solution { scroll } => solution::popup(context, *scroll, inner_width(area)),
        Overlay::Quiz { question, selected, given } => quiz::popup(context, *question, *selected, *given),
        Overlay::Log { scroll } => log::popup(context, *scroll, area),
    };
    popup.draw(context, views, area, buffer);
}

/// Columns of text in the widest box the screen has room for.
fn inner_width(area: Rect) -> usize {
    usize::from(area.width.min(popup::WIDEST).saturating_sub(8))
}
