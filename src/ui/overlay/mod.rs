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

use super::scene::Scene;
use super::viewports::Viewports;
use crate::app::Overlay;

/// Draws `overlay` over the screen `area`.
pub(super) fn draw(
    scene: &Scene<'_>,
    views: &mut Viewports,
    overlay: &Overlay,
    area: Rect,
    buffer: &mut Buffer,
) {
    let popup = match overlay {
        Overlay::Search { query } => return search::draw(scene, views, query, area, buffer),
        Overlay::Help { scroll } => help::popup(scene, *scroll),
        Overlay::Palette { query, selected } => palette::popup(scene, query, *selected),
        Overlay::Steps { selected } => lists::steps(scene, *selected),
        Overlay::Actions { selected } => lists::actions(scene, *selected),
        Overlay::Links { selected } => lists::links(scene, *selected),
        Overlay::Confirm { action, choice, typed } => confirm::action(scene, *action, *choice, typed),
        Overlay::Resume { action, choice } => confirm::resume(scene, *action, *choice),
        Overlay::TakeOver { action, claims, choice } => confirm::take_over(scene, *action, claims, *choice),
        Overlay::ConfirmStop { choice } => drill::stop(scene, *choice),
        Overlay::Faults { selected } => drill::faults(scene, *selected),
        Overlay::ConfirmFault { fault, choice } => drill::confirm(scene, *fault, *choice),
        Overlay::Unfinished { selected } => drill::unfinished(scene, *selected),
        Overlay::ConfirmQuit { choice } => confirm::quit(scene, *choice),
        Overlay::Hint { check, depth } => hint::popup(scene, *check, *depth),
        Overlay::Solution { scroll } => solution::popup(scene, *scroll, inner_width(area)),
        Overlay::Quiz { question, selected, given } => quiz::popup(scene, *question, *selected, *given),
        Overlay::Log { scroll } => log::popup(scene, *scroll, area),
    };
    popup.draw(scene, views, area, buffer);
}

/// Columns of text in the widest box the screen has room for.
fn inner_width(area: Rect) -> usize {
    usize::from(area.width.min(popup::WIDEST).saturating_sub(8))
}
