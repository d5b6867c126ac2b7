//! Pictures of a lesson drawn in the terminal, by the protocol the terminal speaks: kitty, iTerm2, sixel,
//! else half-blocks. A file is measured when the lesson is laid out and read when it first comes to sight.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use image::{ImageReader, Limits};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::widgets::Widget as _;
use ratatui_image::FontSize;
use ratatui_image::picker::{Picker, ProtocolType};
use ratatui_image::protocol::halfblocks::Halfblocks;
use ratatui_image::sliced::{SlicedImage, SlicedProtocol};

use super::rendered::ImageAt;
use lessons::document::Target;

/// The largest file that is drawn: 8 MiB.
const FILE: u64 = 8 * 1024 * 1024;
/// The longest side that is drawn, in pixels.
const SIDE: u32 = 8_000;
/// The most rows a picture takes.
const ROWS: u16 = 24;
/// The most pictures kept ready.
const KEPT: usize = 32;

/// How the terminal draws pictures, and the pictures it has drawn.
pub struct Pictures {
    /// The terminal's protocol; half-blocks without one.
    picker: Option<Picker>,
    cell: FontSize,
    sizes: RefCell<HashMap<PathBuf, Option<(u32, u32)>>>,
    ready: RefCell<HashMap<(PathBuf, Size), Option<SlicedProtocol>>>,
}

impl Pictures {
    /// What the terminal can do, from its environment and the size of its cells; half-blocks where
    /// nothing better is known. Asks the terminal nothing, so the first frame waits for no answer.
    #[must_use]
    pub fn detect(get: impl Fn(&str) -> Option<String>) -> Pictures {
        let cell = crossterm::terminal::window_size().ok().and_then(|s| {
            let (width, height) = (s.width.checked_div(s.columns)?, s.height.checked_div(s.rows)?);
            (width > 0 && height > 0).then_some((width, height))
        });
        let protocol = protocol(&get);
        match cell {
            // Without the size of a cell only half-blocks fit their rows.
            Some(cell) if protocol != ProtocolType::Halfblocks => Pictures::with(cell.into(), protocol),
            _ => Pictures::half_blocks(),
        }
    }

    /// Pictures as half-blocks, which every terminal with colours shows.
    #[must_use]
    pub fn half_blocks() -> Pictures {
        // A cell is about twice as high as it is wide.
        Pictures::of(None, FontSize::new(10, 20))
    }

    #[expect(deprecated, reason = "the other way asks the terminal and may wait two seconds for an answer")]
    fn with(cell: FontSize, protocol: ProtocolType) -> Pictures {
        let mut picker = Picker::from_fontsize(cell);
        picker.set_protocol_type(protocol);
        Pictures::of(Some(picker), cell)
    }

    fn of(picker: Option<Picker>, cell: FontSize) -> Pictures {
        Pictures { picker, cell, sizes: RefCell::default(), ready: RefCell::default() }
    }

    /// The rows the picture in a file takes at most `width` columns; `None` when it can't be drawn.
    /// Reads the file's head only. For [`super::Look::picture`].
    #[must_use]
    pub fn rows(&self, path: &Path, width: u16) -> Option<u16> {
        self.size(path, width).map(|s| s.height)
    }

    fn size(&self, path: &Path, width: u16) -> Option<Size> {
        let mut sizes = self.sizes.borrow_mut();
        let (w, h) = (*sizes.entry(path.to_owned()).or_insert_with(|| pixel_size(path)))?;
        let (cw, ch) = (f64::from(self.cell.width), f64::from(self.cell.height));
        let (w, h) = (f64::from(w), f64::from(h));
        let scale = (f64::from(width) * cw / w).min(f64::from(ROWS) * ch / h).min(1.0);
        let cells = |pixels: f64, cell: f64| whole((pixels * scale / cell).ceil().max(1.0));
        Some(Size::new(cells(w, cw).min(width), cells(h, ch).min(ROWS)))
    }

    /// Draws what is to be seen of a picture when the lesson is scrolled so that line `top` is the first
    /// of `area`.
    pub fn draw(&self, at: &ImageAt, top: usize, area: Rect, buffer: &mut Buffer) {
        let Target::File(path) = &at.source else { return };
        let seen = at.rows.start < top + usize::from(area.height) && at.rows.end > top;
        if !seen || at.column >= area.width {
            return;
        }
        let Some(size) = self.size(path, at.width) else { return };
        let mut ready = self.ready.borrow_mut();
        if ready.len() >= KEPT {
            ready.clear();
        }
        let drawn = ready.entry((path.clone(), size)).or_insert_with(|| self.read(path, size));
        let Some(drawn) = drawn else { return };
        let below = i32::try_from(at.rows.start)
            .unwrap_or(i32::MAX)
            .saturating_sub_unsigned(u32::try_from(top).unwrap_or(u32::MAX));
        let (Ok(x), Ok(y)) = (i16::try_from(at.column), i16::try_from(below)) else { return };
        SlicedImage::new(drawn, (x, y).into()).render(area, buffer);
    }

    fn read(&self, path: &Path, size: Size) -> Option<SlicedProtocol> {
        let mut reader = ImageReader::open(path).ok()?.with_guessed_format().ok()?;
        let mut limits = Limits::default();
        limits.max_image_width = Some(SIDE);
        limits.max_image_height = Some(SIDE);
        limits.max_alloc = Some(256 * 1024 * 1024);
        reader.limits(limits);
        let picture = reader.decode().ok()?;
        match &self.picker {
            Some(picker) => SlicedProtocol::new(picker, picture, Some(size)).ok(),
            None => Halfblocks::new(picture, size).ok().map(SlicedProtocol::Halfblocks),
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rows and columns of a screen")]
fn whole(cells: f64) -> u16 {
    cells.clamp(1.0, f64::from(u16::MAX)) as u16
}

/// A picture's width and height in pixels, if it may be drawn.
fn pixel_size(path: &Path) -> Option<(u32, u32)> {
    // A pipe or a device with a picture's name would be waited for, or read for ever.
    if !std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() <= FILE) {
        return None;
    }
    let (width, height) = ImageReader::open(path).ok()?.with_guessed_format().ok()?.into_dimensions().ok()?;
    (width > 0 && height > 0 && width <= SIDE && height <= SIDE).then_some((width, height))
}

/// The protocol the environment's terminal speaks.
fn protocol(get: &impl Fn(&str) -> Option<String>) -> ProtocolType {
    let value = |name: &str| get(name).unwrap_or_default().to_ascii_lowercase();
    let (term, program) = (value("TERM"), value("TERM_PROGRAM"));
    let multiplexed = !value("TMUX").is_empty()
        || term.starts_with("screen")
        || term.starts_with("tmux")
        || program == "tmux";
    match program.as_str() {
        _ if multiplexed => ProtocolType::Halfblocks,
        "iterm.app" | "wezterm" | "mintty" | "vscode" => ProtocolType::Iterm2,
        "ghostty" => ProtocolType::Kitty,
        _ if !value("WEZTERM_EXECUTABLE").is_empty() || !value("KONSOLE_VERSION").is_empty() => {
            ProtocolType::Iterm2
        }
        _ if term.contains("kitty") || term.contains("ghostty") => ProtocolType::Kitty,
        _ if term.starts_with("foot") || term.contains("sixel") || term.starts_with("mlterm") => {
            ProtocolType::Sixel
        }
        _ => ProtocolType::Halfblocks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOUD: &str = "tests/fixtures/hugo/static/images/cloud.png";

    #[test]
    fn the_terminal_decides_the_protocol() {
        let of = |pairs: &'static [(&'static str, &'static str)]| {
            protocol(&|n: &str| pairs.iter().find(|(k, _)| *k == n).map(|(_, v)| (*v).to_owned()))
        };
        assert_eq!(of(&[("TERM", "xterm-kitty")]), ProtocolType::Kitty);
        assert_eq!(of(&[("TERM_PROGRAM", "iTerm.app")]), ProtocolType::Iterm2);
        assert_eq!(of(&[("TERM", "foot")]), ProtocolType::Sixel);
        assert_eq!(of(&[("TERM", "xterm-256color")]), ProtocolType::Halfblocks);
        assert_eq!(of(&[("TERM", "tmux-256color"), ("TERM_PROGRAM", "tmux")]), ProtocolType::Halfblocks);
    }

    #[test]
    fn a_picture_is_drawn_in_its_rows_even_when_half_scrolled_away() {
        let pictures = Pictures::half_blocks();
        let rows = pictures.rows(Path::new(CLOUD), 40).unwrap();
        let at = ImageAt {
            source: Target::File(CLOUD.into()),
            alt: String::new(),
            rows: 10..10 + usize::from(rows),
            column: 2,
            width: 40,
        };
        let area = Rect::new(0, 0, 20, 6);
        let mut buffer = Buffer::empty(area);
        pictures.draw(&at, 9, area, &mut buffer);
        assert_ne!(buffer[(2, 1)].style(), Buffer::empty(area)[(2, 1)].style());
        assert_eq!(buffer[(2, 0)].symbol(), " ");
        for top in 0..30 {
            pictures.draw(&at, top, area, &mut Buffer::empty(area));
        }
    }

    #[test]
    fn what_is_no_picture_is_not_drawn() {
        assert_eq!(Pictures::half_blocks().rows(Path::new("Cargo.toml"), 40), None);
        assert_eq!(Pictures::half_blocks().rows(Path::new("missing.png"), 40), None);
    }
}
