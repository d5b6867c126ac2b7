//! The lesson pane: the lesson's text with search matches, copy buttons and links; below it, always in
//! sight, the step's checks.

use std::ops::Range;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::checks;
use super::lesson::{self, Look, Place};
use super::lesson_sheet::Sheet;
use super::scene::{Scene, draw_lines, inset};
use super::text;
use super::theme::Role;
use super::viewports::Viewports;
use crate::app::{Motion, Pane, Target};

/// Columns beyond which lines are too long to read.
const WIDEST: u16 = 92;

/// The pane's title: the step's number and name.
pub(super) fn title(scene: &Scene<'_>) -> String {
    let step = scene.model.step();
    format!("{} {} {}", scene.model.step_index(), scene.signs.dot(), step.title.get(scene.lang))
}

/// Draws the pane's inside.
pub(super) fn draw(scene: &Scene<'_>, views: &mut Viewports, area: Rect, buffer: &mut Buffer) {
    let area = inset(area, 1);
    let checks = checks::lines(scene, area.width, area.height / 3);
    let below = u16::try_from(checks.len()).unwrap_or(0).min(area.height);
    let text_area = Rect { height: area.height - below, width: area.width.min(WIDEST), ..area };
    let checks_area = Rect { y: text_area.bottom(), height: below, ..area };
    draw_text(scene, views, text_area, buffer);
    draw_lines(buffer, checks_area, &checks);
}

fn draw_text(scene: &Scene<'_>, views: &mut Viewports, area: Rect, buffer: &mut Buffer) {
    let mut sheet = take_sheet(scene, views, area.width);
    if let Some(search) = &scene.model.search {
        sheet.search(&search.query);
    }
    let lines = sheet.rendered.lines.len();
    let top =
        views.settle(Pane::Lesson, lines, usize::from(area.height), |motion| place(scene, &sheet, motion));
    let shown = sheet.rendered.lines.get(top..).unwrap_or_default();
    draw_lines(buffer, area, shown);
    let view = View { area, top };
    #[cfg(feature = "pictures")]
    pictures(&sheet, views, view, buffer);
    links(&sheet, views, view);
    code(scene, &sheet, views, view, buffer);
    matches(scene, &sheet, view, buffer);
    more(scene, view, lines, buffer);
    views.sheet = Some(sheet);
}

/// The lesson laid out for this width and look: as kept, or anew.
fn take_sheet(scene: &Scene<'_>, views: &mut Viewports, width: u16) -> Sheet {
    let coloured = views.highlighter().is_some();
    let kept = views.sheet.take();
    if let Some(sheet) = kept {
        if sheet.fits(scene, width, coloured) {
            return sheet;
        }
        // The same place of the text in another width or language; another lesson begins at its top.
        let same = Arc::ptr_eq(&sheet.lesson, &scene.model.lesson) || sheet.lang != scene.lang;
        let sheet = set(scene, views, width);
        if same {
            views.rescale(Pane::Lesson, sheet.rendered.lines.len());
        }
        return sheet;
    }
    set(scene, views, width)
}

fn set(scene: &Scene<'_>, views: &Viewports, width: u16) -> Sheet {
    let highlight = views.highlighter();
    #[cfg(feature = "pictures")]
    let rows = views.pictures.as_ref().map(|p| |path: &std::path::Path, width| p.rows(path, width));
    #[cfg(feature = "pictures")]
    let picture = rows.as_ref().map(|rows| rows as &lesson::PictureRows<'_>);
    #[cfg(not(feature = "pictures"))]
    let picture = None;
    let look = Look { symbols: scene.signs, highlight, picture, ..Look::new(scene.theme, scene.lang) };
    Sheet {
        lesson: scene.model.lesson.clone(),
        width,
        scheme: scene.theme.scheme,
        signs: scene.signs,
        lang: scene.lang,
        coloured: highlight.is_some(),
        rendered: lesson::render(&scene.model.lesson, width, &look),
        found: Default::default(),
    }
}

/// The lines that a motion wants in sight.
fn place(scene: &Scene<'_>, sheet: &Sheet, motion: Motion) -> Option<Range<usize>> {
    match motion {
        Motion::Match => {
            let at = sheet.current(scene.model.search.as_ref()?)?;
            let line = sheet.found.1.get(at)?.line;
            Some(line..line + 1)
        }
        Motion::Block => sheet.rendered.code.get(scene.model.block?).map(|c| c.lines.clone()),
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
fn pictures(sheet: &Sheet, views: &Viewports, view: View, buffer: &mut Buffer) {
    if let Some(pictures) = &views.pictures {
        for image in &sheet.rendered.images {
            pictures.draw(image, view.top, view.area, buffer);
        }
    }
}

fn links(sheet: &Sheet, views: &mut Viewports, view: View) {
    for link in &sheet.rendered.links {
        for cells in link.places.iter().filter_map(|p| view.cells(p)) {
            views.clickable(cells, Target::Link(link.target.clone()));
        }
    }
}

/// Each block of code: a button that copies it, and a bar beside the marked one.
fn code(scene: &Scene<'_>, sheet: &Sheet, views: &mut Viewports, view: View, buffer: &mut Buffer) {
    for (index, block) in sheet.rendered.code.iter().enumerate() {
        let marked = scene.model.block == Some(index);
        if marked {
            for y in block.lines.clone().filter_map(|line| view.row(line)) {
                let x = view.area.x.saturating_sub(1);
                buffer.set_string(x, y, scene.signs.bar(), scene.style(Role::Accent));
            }
        }
        let Some(y) = view.row(block.lines.start) else { continue };
        let label = format!(" {} ", scene.say("copiar", "copy"));
        let width = text::columns(&label);
        let line = sheet.rendered.text(block.lines.start);
        let used = text::columns(line.trim_end());
        if used + width + 1 > view.area.width {
            continue;
        }
        let x = view.area.right() - width;
        let role = if marked { Role::MatchCurrent } else { Role::KeyHintText };
        buffer.set_string(x, y, &label, scene.style(role));
        views.clickable(Rect::new(x, y, width, 1), Target::Block(index));
    }
}

fn matches(scene: &Scene<'_>, sheet: &Sheet, view: View, buffer: &mut Buffer) {
    let Some(search) = &scene.model.search else { return };
    let current = sheet.current(search);
    for (index, place) in sheet.found.1.iter().enumerate() {
        let role = if current == Some(index) { Role::MatchCurrent } else { Role::Match };
        if let Some(cells) = view.cells(place) {
            buffer.set_style(cells, scene.style(role));
        }
    }
}

/// Signs in the right margin where the text goes on above and below.
fn more(scene: &Scene<'_>, view: View, lines: usize, buffer: &mut Buffer) {
    let x = view.area.right();
    if view.area.height == 0 || !buffer.area().contains((x, view.area.y).into()) {
        return;
    }
    if view.top > 0 {
        buffer.set_string(x, view.area.y, scene.signs.more_up(), scene.style(Role::Muted));
    }
    if view.top + usize::from(view.area.height) < lines {
        buffer.set_string(x, view.area.bottom() - 1, scene.signs.more_down(), scene.style(Role::Muted));
    }
}

/// How many matches there are and on which one the reader stands, from 1; for the search field.
pub(super) fn match_count(scene: &Scene<'_>, views: &Viewports) -> Option<(usize, usize)> {
    let sheet = views.sheet.as_ref()?;
    let search = scene.model.search.as_ref()?;
    Some((sheet.current(search).map_or(0, |i| i + 1), sheet.found.1.len()))
}
