//! The lesson pane: the lesson's text with search matches, copy buttons and links; below it, always in
//! sight, the step's checks.

use std::ops::Range;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::checks;
use super::draw_context::{DrawContext, draw_lines, inset};
use super::lesson::{self, Look, Place};
use super::lesson_layout::LessonLayout;
use super::text;
use super::theme::Role;
use super::viewports::Viewports;
use crate::app::{Motion, Pane, Target};

/// Columns beyond which lines are too long to read.
const WIDEST: u16 = 92;

/// The pane's title: the step's number and name.
pub(super) fn title(context: &DrawContext<'_>) -> String {
    let step = context.model.step();
    format!("{} {} {}", context.model.step_index(), context.signs.dot(), step.title.get(context.lang))
}

/// Draws the pane's inside.
pub(super) fn draw(context: &DrawContext<'_>, views: &mut Viewports, area: Rect, buffer: &mut Buffer) {
    let area = inset(area, 1);
    let checks = checks::lines(context, area.width, area.height / 3);
    let below = u16::try_from(checks.len()).unwrap_or(0).min(area.height);
    let text_area = Rect { height: area.height - below, width: area.width.min(WIDEST), ..area };
    let checks_area = Rect { y: text_area.bottom(), height: below, ..area };
    draw_text(context, views, text_area, buffer);
    draw_lines(buffer, checks_area, &checks);
}

fn draw_text(context: &DrawContext<'_>, views: &mut Viewports, area: Rect, buffer: &mut Buffer) {
    let mut layout = take_layout(context, views, area.width);
    if let Some(search) = &context.model.search {
        layout.search(&search.query);
    }
    let lines = layout.rendered.lines.len();
    let top = views
        .settle(Pane::Lesson, lines, usize::from(area.height), |motion| place_of(context, &layout, motion));
    let shown = layout.rendered.lines.get(top..).unwrap_or_default();
    draw_lines(buffer, area, shown);
    let view = View { area, top };
    #[cfg(feature = "pictures")]
    draw_pictures(&layout, views, view, buffer);
    add_link_targets(&layout, views, view);
    draw_code_buttons(context, &layout, views, view, buffer);
    mark_matches(context, &layout, view, buffer);
    draw_scroll_marks(context, view, lines, buffer);
    views.layout = Some(layout);
}

/// The lesson laid out for this width and look: as kept, or anew.
fn take_layout(context: &DrawContext<'_>, views: &mut Viewports, width: u16) -> LessonLayout {
    let coloured = views.highlighter().is_some();
    let kept = views.layout.take();
    if let Some(layout) = kept {
        if layout.fits(context, width, coloured) {
            return layout;
        }
        // The same place of the text in another width or language; another lesson begins at its top.
        let same = Arc::ptr_eq(&layout.lesson, &context.model.lesson) || layout.lang != context.lang;
        let layout = lay_out(context, views, width);
        if same {
            views.rescale(Pane::Lesson, layout.rendered.lines.len());
        }
        return layout;
    }
    lay_out(context, views, width)
}

fn lay_out(context: &DrawContext<'_>, views: &Viewports, width: u16) -> LessonLayout {
    let highlight = views.highlighter();
    #[cfg(feature = "pictures")]
    let rows = views.pictures.as_ref().map(|p| |path: &std::path::Path, width| p.rows(path, width));
    #[cfg(feature = "pictures")]
    let picture = rows.as_ref().map(|rows| rows as &lesson::PictureRows<'_>);
    #[cfg(not(feature = "pictures"))]
    let picture = None;
    let look = Look { symbols: context.signs, highlight, picture, ..Look::new(context.theme, context.lang) };
    LessonLayout {
        lesson: context.model.lesson.clone(),
        width,
        scheme: context.theme.scheme,
        signs: context.signs,
        lang: context.lang,
        coloured: highlight.is_some(),
        rendered: lesson::render(&context.model.lesson, width, &look),
        found: Default::default(),
    }
}

/// The lines that a motion wants in sight.
fn place_of(context: &DrawContext<'_>, layout: &LessonLayout, motion: Motion) -> Option<Range<usize>> {
    match motion {
        Motion::Match => {
            let at = layout.current(context.model.search.as_ref()?)?;
            let line = layout.found.1.get(at)?.line;
            Some(line..line + 1)
        }
        Motion::Block => layout.rendered.code.get(context.model.block?).map(|c| c.lines.clone()),
        _ => None,
    }
}

/// Where the text is drawn and from which line.
#[derive(Clone, Copy)]
struct View {
    area: Rect,
    top: usize,
}

impl View {
    /// The screen's row of a line, if it is in sight.
    fn row(self, line: usize) -> Option<u16> {
        let down = u16::try_from(line.checked_sub(self.top)?).ok()?;
        (down < self.area.height).then(|| self.area.y + down)
    }

    /// The cells of a place, as far as they are in sight.
    fn cells(self, place: &Place) -> Option<Rect> {
        let y = self.row(place.line)?;
        let width = place.columns.end.saturating_sub(place.columns.start);
        let rect = Rect::new(self.area.x.saturating_add(place.columns.start), y, width, 1);
        Some(rect.intersection(self.area)).filter(|r| !r.is_empty())
    }
}

#[cfg(feature = "pictures")]
fn draw_pictures(layout: &LessonLayout, views: &Viewports, view: View, buffer: &mut Buffer) {
    if let Some(pictures) = &views.pictures {
        for image in &layout.rendered.images {
            pictures.draw(image, view.top, view.area, buffer);
        }
    }
}

fn add_link_targets(layout: &LessonLayout, views: &mut Viewports, view: View) {
    for link in &layout.rendered.links {
        for cells in link.places.iter().filter_map(|p| view.cells(p)) {
            views.clickable(cells, Target::Link(link.target.clone()));
        }
    }
}

/// Each block of code: a button that copies it, and a bar beside the marked one.
fn draw_code_buttons(
    context: &DrawContext<'_>,
    layout: &LessonLayout,
    views: &mut Viewports,
    view: View,
    buffer: &mut Buffer,
) {
    for (index, block) in layout.rendered.code.iter().enumerate() {
        let marked = context.model.block == Some(index);
        if marked {
            for y in block.lines.clone().filter_map(|line| view.row(line)) {
                let x = view.area.x.saturating_sub(1);
                buffer.set_string(x, y, context.signs.bar(), context.style(Role::Accent));
            }
        }
        let Some(y) = view.row(block.lines.start) else { continue };
        let label = format!(" {} ", context.say("copiar", "copy"));
        let width = text::columns(&label);
        let line = layout.rendered.text(block.lines.start);
        let used = text::columns(line.trim_end());
        if used + width + 1 > view.area.width {
            continue;
        }
        let x = view.area.right() - width;
        let role = if marked { Role::MatchCurrent } else { Role::KeyHintText };
        buffer.set_string(x, y, &label, context.style(role));
        views.clickable(Rect::new(x, y, width, 1), Target::Block(index));
    }
}

fn mark_matches(context: &DrawContext<'_>, layout: &LessonLayout, view: View, buffer: &mut Buffer) {
    let Some(search) = &context.model.search else { return };
    let current = layout.current(search);
    for (index, place) in layout.found.1.iter().enumerate() {
        let role = if current == Some(index) { Role::MatchCurrent } else { Role::Match };
        if let Some(cells) = view.cells(place) {
            buffer.set_style(cells, context.style(role));
        }
    }
}

/// Signs in the right margin where the text goes on above and below.
fn draw_scroll_marks(context: &DrawContext<'_>, view: View, lines: usize, buffer: &mut Buffer) {
    let x = view.area.right();
    if view.area.height == 0 || !buffer.area().contains((x, view.area.y).into()) {
        return;
    }
    if view.top > 0 {
        buffer.set_string(x, view.area.y, context.signs.more_up(), context.style(Role::Muted));
    }
    if view.top + usize::from(view.area.height) < lines {
        buffer.set_string(x, view.area.bottom() - 1, context.signs.more_down(), context.style(Role::Muted));
    }
}

/// How many matches there are and on which one the reader stands, from 1; for the search field.
pub(super) fn match_count(context: &DrawContext<'_>, views: &Viewports) -> Option<(usize, usize)> {
    let layout = views.layout.as_ref()?;
    let search = context.model.search.as_ref()?;
    Some((layout.current(search).map_or(0, |i| i + 1), layout.found.1.len()))
}
