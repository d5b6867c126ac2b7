//! The last step to the terminal: what is drawn is cleaned, whoever wrote it, and only where it changed.

use std::borrow::Cow;
use std::ops::{Deref, DerefMut};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::text;

/// A backend that draws no character that turns the direction of writing or is not seen. What `render` draws
/// is for one of these.
#[derive(Clone, Debug, Default)]
pub struct Clean<B>(B);

impl<B> Clean<B> {
    /// Cleans what `backend` is given to draw.
    pub fn new(backend: B) -> Clean<B> {
        Clean(backend)
    }
}

impl<B> Deref for Clean<B> {
    type Target = B;

    fn deref(&self) -> &B {
        &self.0
    }
}

impl<B> DerefMut for Clean<B> {
    fn deref_mut(&mut self) -> &mut B {
        &mut self.0
    }
}

impl<B: Backend> Backend for Clean<B> {
    type Error = B::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), B::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut cells: Vec<(u16, u16, &Cell)> = content.collect();
        let mut cleaned = Vec::new();
        for (place, (.., cell)) in cells.iter().enumerate() {
            if let Cow::Owned(clean) = text::harmless_cell(cell) {
                cleaned.push((place, clean));
            }
        }
        for (place, clean) in &cleaned {
            cells[*place].2 = clean;
        }
        self.0.draw(cells.into_iter())
    }

    fn append_lines(&mut self, lines: u16) -> Result<(), B::Error> {
        self.0.append_lines(lines)
    }

    fn hide_cursor(&mut self) -> Result<(), B::Error> {
        self.0.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), B::Error> {
        self.0.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position, B::Error> {
        self.0.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), B::Error> {
        self.0.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), B::Error> {
        self.0.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> Result<(), B::Error> {
        self.0.clear_region(clear_type)
    }

    fn size(&self) -> Result<Size, B::Error> {
        self.0.size()
    }

    fn window_size(&mut self) -> Result<WindowSize, B::Error> {
        self.0.window_size()
    }

    fn flush(&mut self) -> Result<(), B::Error> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use ratatui::text::Line;

    use super::*;

    #[test]
    fn nothing_hidden_reaches_the_terminal() {
        let mut terminal = Terminal::new(Clean::new(TestBackend::new(12, 1))).unwrap();
        for name in ["a\u{202E}b", "b\u{61C}c", "d\u{E0041}", "👩\u{200D}👧"] {
            terminal.draw(|frame| frame.render_widget(Line::from(name), frame.area())).unwrap();
            let drawn = terminal.backend().to_string();
            assert!(!drawn.contains(['\u{202E}', '\u{61C}', '\u{E0041}']), "{drawn:?}");
        }
        assert!(terminal.backend().to_string().contains("👩\u{200D}👧"), "a family stays one");
    }
}
