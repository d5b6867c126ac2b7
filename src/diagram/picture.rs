//! A drawn diagram: a grid of characters, each with what it is.

/// What a cell shows, so that whoever draws it can choose a colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ink {
    /// Nothing.
    #[default]
    Blank,
    /// A frame or another line that says nothing of its own.
    Line,
    /// The name of the primary Region.
    Primary,
    /// The name of the standby Region.
    Standby,
    /// Something that doesn't exist.
    Absent,
    /// Something being created, changed or deleted.
    Creating,
    /// Something that exists and works.
    Ready,
    /// Something broken.
    Broken,
    /// The database's writer.
    Writer,
    /// A way that nothing takes at the moment.
    Idle,
    /// Data or requests on their way, from primary to standby or from the edge.
    Forward,
    /// Data on its way from standby to primary.
    Back,
    /// Data on its way in both directions.
    Both,
    /// How far the reader is behind.
    Lag,
    /// Plain text: a node's name.
    Text,
}

impl Ink {
    /// A letter for each ink, for tests and for people who print a picture.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Ink::Blank => ' ',
            Ink::Line => '-',
            Ink::Primary => '1',
            Ink::Standby => '2',
            Ink::Absent => 'a',
            Ink::Creating => 'c',
            Ink::Ready => 'r',
            Ink::Broken => 'X',
            Ink::Writer => 'W',
            Ink::Idle => 'i',
            Ink::Forward => '>',
            Ink::Back => '<',
            Ink::Both => '=',
            Ink::Lag => 'l',
            Ink::Text => 't',
        }
    }
}

/// One character of a picture; every one is a single column wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The character.
    pub ch: char,
    /// What it is.
    pub ink: Ink,
}

const BLANK: Cell = Cell { ch: ' ', ink: Ink::Blank };

/// A drawn diagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: u16,
    height: u16,
    cells: Vec<Cell>,
}

impl Picture {
    /// An empty picture.
    #[must_use]
    pub fn new(width: u16, height: u16) -> Picture {
        Picture { width, height, cells: vec![BLANK; usize::from(width) * usize::from(height)] }
    }

    /// Columns.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height
    }

    /// The rows, from the top.
    pub fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunks(usize::from(self.width).max(1))
    }

    /// The text without inks, a line a row, no blanks at the ends.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines(|c| c.ch)
    }

    /// A letter for each cell's ink, in the form of `text`.
    #[must_use]
    pub fn inks(&self) -> String {
        self.lines(|c| c.ink.letter())
    }

    fn lines(&self, of: impl Fn(&Cell) -> char) -> String {
        let mut out = String::new();
        for row in self.rows() {
            let line: String = row.iter().map(&of).collect();
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// Sets a cell; outside of the picture nothing happens.
    pub(super) fn set(&mut self, x: u16, y: u16, ch: char, ink: Ink) {
        if x < self.width && y < self.height {
            let at = usize::from(y) * usize::from(self.width) + usize::from(x);
            if let Some(cell) = self.cells.get_mut(at) {
                *cell = Cell { ch, ink };
            }
        }
    }

    /// Writes `text` from (x, y), at most `max` columns of it, the last one an ellipsis if it is cut.
    /// Returns the column after it.
    pub(super) fn put(&mut self, (x, y): (u16, u16), text: &str, ink: Ink, max: u16) -> u16 {
        let max = usize::from(max);
        let cut = text.chars().count() > max;
        let keep = if cut { max.saturating_sub(1) } else { max };
        let mut column = x;
        for ch in text.chars().take(keep) {
            self.set(column, y, single(ch), ink);
            column = column.saturating_add(1);
        }
        if cut && max > 0 {
            self.set(column, y, '…', ink);
            column = column.saturating_add(1);
        }
        column
    }

    /// Replaces the one character that `put` may add beyond ASCII.
    pub(super) fn into_ascii(mut self) -> Picture {
        for cell in &mut self.cells {
            cell.ch = match cell.ch {
                '…' => '~',
                c if c.is_ascii() => c,
                c => fold(c),
            };
        }
        self
    }
}

/// A character that takes one column: others would move all that follow.
fn single(ch: char) -> char {
    if ground::lang::is_unprintable(ch) || unicode_width::UnicodeWidthChar::width(ch) != Some(1) {
        '?'
    } else {
        ch
    }
}

/// Signs beyond ASCII as ASCII; letters stay letters: they are text, not drawing.
fn fold(ch: char) -> char {
    match ch {
        c if c.is_alphabetic() => c,
        '·' => '-',
        '×' => 'x',
        '≈' => '~',
        _ => '?',
    }
}
