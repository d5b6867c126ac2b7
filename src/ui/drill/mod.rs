//! The drill's screen: the form of the next one, the run while it goes on, its result. It takes the
//! place of the panes while it has the focus.

mod chart;
mod form;
mod live;
mod pen;
mod result;
mod timeline;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::draw_context::{DrawContext, inset};
use super::theme::Role;
use super::viewports::Viewports;
use crate::app::{DrillView, Pane, RunState};
use crate::drill::telling::terms;

/// Draws the screen in `area`.
pub(super) fn draw(context: &DrawContext<'_>, views: &mut Viewports, area: Rect, buffer: &mut Buffer) {
    let drill_screen = &context.model.drill_screen;
    let frame = context.frame(context.title(&title(context), true), true);
    let frame = match drill_screen.view {
        DrillView::Form => frame.title_bottom(context.line(format!(" {} ", form_keys(context)), Role::Muted)),
        DrillView::Run => frame,
    };
    frame.render(area, buffer);
    views.pane(area, Pane::Drill);
    let inside = inset(Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area }, 2);
    match (drill_screen.view, &drill_screen.run) {
        (DrillView::Run, Some(run)) => match &run.state {
            RunState::Running | RunState::Ending => live::draw(context, run, inside, buffer),
            RunState::Ended => result::draw(context, views, run, inside, buffer),
            RunState::Failed(said) => result::draw_failure(context, views, run, said, inside, buffer),
        },
        _ => form::draw(context, views, inside, buffer),
    }
}

fn form_keys(context: &DrawContext<'_>) -> &'static str {
    context.say(
        "↑↓ línea · ←→ cambiar · cifras escribir · Intro empezar",
        "↑↓ line · ←→ change · digits type · Enter start",
    )
}

fn title(context: &DrawContext<'_>) -> String {
    let name = context.say("Simulacro", "Drill");
    let drill_screen = &context.model.drill_screen;
    match (drill_screen.view, &drill_screen.run) {
        (DrillView::Run, Some(run)) => {
            let dot = context.signs.dot();
            let whose = terms::hands(run.plan.hands, context.lang);
            format!("{name} {dot} {} {dot} {whose}", terms::subject(&run.plan, context.lang))
        }
        _ => name.to_owned(),
    }
}
