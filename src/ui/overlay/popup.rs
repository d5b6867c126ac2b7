//! The box that overlays share: a frame in the middle of the screen with lines, rows that can be
//! chosen and clicked, a scroll that keeps within its text, two buttons, and its keys at the foot.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::super::draw_context::{DrawContext, draw_lines};
use super::super::text;
use super::super::theme::Role;
use super::super::viewports::Viewports;
use crate::app::{Choice, Target};

pub(super) const WIDEST: u16 = 90;

/// What a box shows.
pub(super) struct Popup {
    title: String,
    lines: Vec<(Line<'static>, Option<Target>)>,
    /// Keys, shown in the frame's foot.
    keys: String,
    place: Place,
    buttons: Option<Choice>,
    width: u16,
}

/// Which of the lines are shown when not all fit.
#[derive(Clone, Copy)]
enum Place {
    /// From the top.
    Top,
    /// Around this line.
    Around(usize),
    /// From this line on, as the model asked; which overlay it is.
    From { kind: u8, asked: usize },
    /// So many lines above the last.
    FromEnd { kind: u8, asked: usize },
}

impl Popup {
    pub fn new(context: &DrawContext<'_>, title: impl Into<String>) -> Popup {
        Popup {
            title: title.into(),
            lines: Vec::new(),
            keys: String::new(),
            place: Place::Top,
            buttons: None,
            width: 0,
        }
        .width(context, 72)
    }

    pub fn keys(mut self, keys: impl Into<String>) -> Popup {
        self.keys = keys.into();
        self
    }

    /// As wide as this, or as the screen has room for.
    pub fn width(mut self, context: &DrawContext<'_>, columns: u16) -> Popup {
        self.width = columns.min(context.area.width.saturating_sub(2));
        self
    }

    /// Scrolled by the model; `kind` tells one overlay from another.
    pub fn scrolled(mut self, kind: u8, asked: usize) -> Popup {
        self.place = Place::From { kind, asked };
        self
    }

    /// Scrolled by the model, counted from the end.
    pub fn scrolled_from_end(mut self, kind: u8, asked: usize) -> Popup {
        self.place = Place::FromEnd { kind, asked };
        self
    }

    pub fn buttons(mut self, choice: Choice) -> Popup {
        self.buttons = Some(choice);
        self
    }

    pub fn push(&mut self, line: Line<'static>) {
        self.lines.push((line, None));
    }

    pub fn gap(&mut self) {
        self.push(Line::default());
    }

    /// Text wrapped to the box.
    pub fn say(&mut self, context: &DrawContext<'_>, told: &str, role: Role) {
        for line in text::wrap(told, self.room()) {
            self.push(context.line(line, role));
        }
    }

    /// Text with a sign before its first line and the rest below its beginning.
    pub fn item(&mut self, context: &DrawContext<'_>, sign: &str, told: &str, role: Role) {
        let indent = text::width(sign) + 1;
        for (index, line) in text::wrap(told, self.room().saturating_sub(indent)).into_iter().enumerate() {
            let lead = if index == 0 { format!("{sign} ") } else { " ".repeat(indent) };
            self.push(Line::from(vec![context.span(lead, role), context.span(line, role)]));
        }
    }

    /// A row that can be chosen; the chosen one is marked and kept in sight.
    pub fn row(&mut self, context: &DrawContext<'_>, index: usize, chosen: bool, spans: Vec<Span<'static>>) {
        self.part_of_row(context, index, chosen, chosen, spans);
    }

    /// A further line of a row that was begun with `row`.
    pub fn row_goes_on(
        &mut self,
        context: &DrawContext<'_>,
        index: usize,
        chosen: bool,
        spans: Vec<Span<'static>>,
    ) {
        self.part_of_row(context, index, chosen, false, spans);
    }

    fn part_of_row(
        &mut self,
        context: &DrawContext<'_>,
        index: usize,
        chosen: bool,
        marked: bool,
        spans: Vec<Span<'static>>,
    ) {
        let room = self.room();
        let (mark, style) = match chosen {
            true if marked => (context.signs.choose(), context.style(Role::Selection)),
            true => (" ", context.style(Role::Selection)),
            false => (" ", context.style(Role::Text)),
        };
        if chosen {
            self.place = Place::Around(self.lines.len());
        }
        let mut line = Line::from(vec![Span::raw(format!("{mark} "))]);
        line.spans.extend(spans);
        let used = line.width();
        line.spans.push(Span::raw(" ".repeat(room.saturating_sub(used))));
        if chosen {
            // One style for the whole row: reversed colours of its parts would be a patchwork.
            line.spans.iter_mut().for_each(|s| s.style = style);
        }
        self.lines.push((line, Some(Target::Row(index))));
    }

    /// Columns for text.
    pub fn room(&self) -> usize {
        usize::from(self.width).saturating_sub(4)
    }

    /// Draws the box in the middle of `screen`.
    pub fn draw(self, context: &DrawContext<'_>, views: &mut Viewports, screen: Rect, buffer: &mut Buffer) {
        let width = self.width;
        let buttons = u16::from(self.buttons.is_some()) * 2;
        let wanted = u16::try_from(self.lines.len()).unwrap_or(u16::MAX).saturating_add(2 + buttons);
        let height = wanted.min(screen.height.saturating_sub(2));
        let area = Rect {
            x: screen.x + (screen.width - width) / 2,
            y: screen.y + (screen.height - height) / 2,
            width,
            height,
        };
        views.cover(screen, area);
        Clear.render(area, buffer);
        buffer.set_style(area, context.style(Role::Popup));
        let keys = context.line(format!(" {} ", self.keys), Role::Muted);
        let frame = context.frame(context.title(&self.title, true), true);
        let frame = if self.keys.is_empty() { frame } else { frame.title_bottom(keys) };
        frame.render(area, buffer);
        let inside = Rect {
            x: area.x + 2,
            y: area.y + 1,
            width: area.width.saturating_sub(4),
            height: area.height.saturating_sub(2 + buttons),
        };
        self.draw_rows(context, views, area, inside, buffer);
        if let Some(choice) = self.buttons {
            draw_buttons(
                context,
                views,
                Rect { y: inside.bottom() + 1, height: 1, ..inside },
                choice,
                buffer,
            );
        }
    }

    fn draw_rows(
        &self,
        context: &DrawContext<'_>,
        views: &mut Viewports,
        area: Rect,
        inside: Rect,
        buffer: &mut Buffer,
    ) {
        let (len, page) = (self.lines.len(), usize::from(inside.height));
        let last = len.saturating_sub(page);
        let top = match self.place {
            Place::Top => 0,
            Place::Around(line) => (line + 2).saturating_sub(page).min(last),
            Place::From { kind, asked } => views.overlay.follow(kind, asked, len, page),
            Place::FromEnd { kind, asked } => last - views.overlay.follow_from_end(kind, asked, len, page),
        };
        let shown = self.lines.get(top..).unwrap_or_default();
        draw_lines(buffer, inside, shown.iter().map(|(line, _)| line));
        for (y, (_, target)) in (inside.top()..inside.bottom()).zip(shown) {
            if let Some(target) = target {
                views.clickable(Rect { y, height: 1, ..inside }, target.clone());
            }
        }
        let x = area.right() - 1;
        if top > 0 {
            buffer.set_string(x, inside.top(), context.signs.more_up(), context.style(Role::Accent));
        }
        if top < last {
            buffer.set_string(x, inside.bottom() - 1, context.signs.more_down(), context.style(Role::Accent));
        }
    }
}

fn draw_buttons(
    context: &DrawContext<'_>,
    views: &mut Viewports,
    area: Rect,
    choice: Choice,
    buffer: &mut Buffer,
) {
    let mut x = area.x;
    for (this, label, target) in [
        (Choice::No, context.say(" No ", " No "), Target::No),
        (Choice::Yes, context.say(" Sí ", " Yes "), Target::Yes),
    ] {
        let (label, role) = match this == choice {
            true => (format!("[{label}]"), Role::Selection),
            false => (format!(" {label} "), Role::Text),
        };
        let width = text::columns(&label);
        buffer.set_stringn(
            x,
            area.y,
            &label,
            usize::from(area.right().saturating_sub(x)),
            context.style(role),
        );
        views.clickable(Rect::new(x, area.y, width, 1).intersection(area), target);
        x = x.saturating_add(width + 2);
    }
}
