//! What every pane needs to draw: the model, the theme, the signs and the language; and the few ways
//! in which panes put text on the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::border;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders};

use super::text;
use super::theme::{Role, Theme};
use crate::app::{Appearance, Ids, Model};
use ground::lang::{Lang, Text};
use ground::look::Charset;

pub(super) struct DrawContext<'a> {
    pub model: &'a Model,
    pub theme: &'static Theme,
    pub signs: Charset,
    pub lang: Lang,
    /// The whole screen.
    pub area: Rect,
}

impl<'a> DrawContext<'a> {
    pub fn new(model: &'a Model, area: Rect) -> DrawContext<'a> {
        let Appearance { scheme, charset, .. } = model.look;
        DrawContext { model, theme: Theme::of(scheme), signs: charset, lang: model.lang, area }
    }

    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// A word or sentence in the language of the screen.
    pub fn say(&self, es: &'static str, en: &'static str) -> &'static str {
        Text::new(es, en).get(self.lang)
    }

    pub fn span<'t>(&self, text: impl Into<std::borrow::Cow<'t, str>>, role: Role) -> Span<'t> {
        Span::styled(text, self.style(role))
    }

    pub fn line<'t>(&self, text: impl Into<std::borrow::Cow<'t, str>>, role: Role) -> Line<'t> {
        Line::from(self.span(text, role))
    }

    /// Text from outside: without control characters, account ids masked where they have to be.
    pub fn outside(&self, text: &str) -> String {
        let text = text::clean(text);
        match self.model.look.ids {
            Ids::Shown => text.into_owned(),
            Ids::Masked => super::mask::mask(&text),
        }
    }

    pub fn cut(&self, text: &str, max: usize) -> String {
        text::cut(text, max, self.signs)
    }

    /// The characters of a pane's frame.
    pub fn border(&self) -> border::Set<'static> {
        match self.signs {
            Charset::Unicode => border::PLAIN,
            Charset::Ascii => border::Set {
                top_left: "+",
                top_right: "+",
                bottom_left: "+",
                bottom_right: "+",
                vertical_left: "|",
                vertical_right: "|",
                horizontal_top: "-",
                horizontal_bottom: "-",
            },
        }
    }

    /// A frame with a title, bright when it has the keys.
    pub fn frame(&self, title: Line<'static>, focused: bool) -> Block<'static> {
        let role = if focused { Role::BorderFocused } else { Role::Border };
        Block::new()
            .borders(Borders::ALL)
            .border_set(self.border())
            .border_style(self.style(role))
            .title(title)
    }

    pub fn title(&self, text: &str, focused: bool) -> Line<'static> {
        let role = if focused { Role::TitleFocused } else { Role::Title };
        self.line(format!(" {} ", text::clean(text)), role)
    }
}

/// Draws `lines` from `area`'s top, as many as fit.
pub(super) fn draw_lines<'l>(buffer: &mut Buffer, area: Rect, lines: impl IntoIterator<Item = &'l Line<'l>>) {
    for (y, line) in (area.top()..area.bottom()).zip(lines) {
        buffer.set_line(area.x, y, line, area.width);
    }
}

/// `area` without `n` columns on the left and right.
pub(super) fn inset(area: Rect, n: u16) -> Rect {
    Rect { x: area.x + n.min(area.width), width: area.width.saturating_sub(2 * n), ..area }
}
