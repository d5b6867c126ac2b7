//! Texts to read over the panes: help, log, solution, hints.

use super::super::super::command::Scroll;
use super::super::super::model::{Model, Overlay, Said};
use super::super::super::msg::Effect;
use ground::tr;

/// Lines of a page.
const PAGE: usize = 10;

pub(super) fn scroll(model: &mut Model, mut overlay: Overlay, to: Scroll) -> Vec<Effect> {
    match &mut overlay {
        Overlay::Help { scroll } | Overlay::Solution { scroll } => *scroll = scroll_by(*scroll, to),
        // Counted from the end: up goes further from it.
        Overlay::Log { scroll } => *scroll = scroll_by(*scroll, reverse(to)),
        _ => {}
    }
    model.open(overlay)
}

fn scroll_by(scroll: usize, to: Scroll) -> usize {
    match to {
        Scroll::Up => scroll.saturating_sub(1),
        Scroll::Down => scroll + 1,
        Scroll::PageUp => scroll.saturating_sub(PAGE),
        Scroll::PageDown => scroll + PAGE,
        Scroll::Top => 0,
        Scroll::Bottom => usize::from(u16::MAX),
    }
}

fn reverse(to: Scroll) -> Scroll {
    match to {
        Scroll::Up => Scroll::Down,
        Scroll::Down => Scroll::Up,
        Scroll::PageUp => Scroll::PageDown,
        Scroll::PageDown => Scroll::PageUp,
        Scroll::Top => Scroll::Bottom,
        Scroll::Bottom => Scroll::Top,
    }
}

/// The deeper hint; after the deepest there is nothing left to show.
pub(super) fn deepen_hint(model: &mut Model, check: usize, depth: usize) -> Vec<Effect> {
    let deepest = model.step().checks.get(check).map_or(0, |c| c.hints.len().saturating_sub(1));
    match depth < deepest {
        true => model.open(Overlay::Hint { check, depth: depth + 1 }),
        false => Vec::new(),
    }
}

pub(super) fn previous_hint(model: &mut Model, mut overlay: Overlay) -> Vec<Effect> {
    if let Overlay::Hint { depth, .. } = &mut overlay {
        *depth = depth.saturating_sub(1);
    }
    model.open(overlay)
}

/// Copies the solution's commands; what they are for is the shell, so it closes.
pub(super) fn copy(model: &Model) -> Vec<Effect> {
    let commands = model.step().solution.commands.join("\n");
    let said =
        Said::with(|l| tr!(l, "Copiadas las órdenes de la solución.", "Copied the solution's commands."));
    vec![Effect::Copy(commands, said)]
}
