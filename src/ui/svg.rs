//! A drawn screen as an SVG picture, for the README: text stays text, one element for each run of the
//! same style, colours of a usual dark terminal.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier, Style};

/// Width of a column and height of a row, in pixels.
const CELL: (f32, f32) = (8.4, 16.3);
/// Pixels around the screen.
const MARGIN: f32 = 12.0;
const GROUND: &str = "#14161b";
const INK: &str = "#d7dae0";

/// The picture of `buffer`; `title` is read out by screen readers.
#[must_use]
pub fn picture(buffer: &Buffer, title: &str) -> String {
    let area = buffer.area();
    let width = f32::from(area.width) * CELL.0 + 2.0 * MARGIN;
    let height = f32::from(area.height) * CELL.1 + 2.0 * MARGIN;
    let mut out = String::new();
    let _ = writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0}" height="{height:.0}" viewBox="0 0 {width:.0} {height:.0}" role="img">"#
    );
    let _ = writeln!(out, "<title>{}</title>", escape(title));
    let _ = writeln!(out, r#"<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>"#);
    let _ = writeln!(
        out,
        r#"<g font-family="ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="14">"#
    );
    for (y, row) in buffer.content.chunks(usize::from(area.width).max(1)).enumerate() {
        for run in runs(row) {
            draw(&mut out, &run, y);
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// Cells of one style beside each other.
struct Run {
    column: usize,
    cells: Vec<String>,
    style: Style,
}

impl Run {
    /// The pieces between wide gaps, each with its column: renderers of SVG do not agree on what blanks
    /// at the ends of a text, or many in a row, are worth.
    fn pieces(&self) -> Vec<(usize, String)> {
        let mut pieces: Vec<(usize, String)> = Vec::new();
        let mut blanks = usize::MAX;
        for (at, cell) in self.cells.iter().enumerate() {
            if cell.trim().is_empty() {
                blanks = blanks.saturating_add(1);
                continue;
            }
            match pieces.last_mut() {
                Some((_, text)) if blanks < 2 => {
                    text.extend(std::iter::repeat_n(' ', blanks));
                    text.push_str(cell);
                }
                _ => pieces.push((self.column + at, cell.clone())),
            }
            blanks = 0;
        }
        pieces
    }
}

fn runs(row: &[Cell]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (column, cell) in row.iter().enumerate() {
        let style = cell.style();
        match runs.last_mut() {
            Some(run) if run.style == style => {
                run.cells.push(cell.symbol().to_owned());
            }
            _ => runs.push(Run { column, cells: vec![cell.symbol().to_owned()], style }),
        }
    }
    runs
}

fn draw(out: &mut String, run: &Run, row: usize) {
    let has = |m: Modifier| run.style.add_modifier.contains(m);
    let fg = colour(run.style.fg, INK);
    let bg = run.style.bg.filter(|c| *c != Color::Reset).map(|c| colour(Some(c), GROUND));
    let (fg, bg) =
        if has(Modifier::REVERSED) { (bg.unwrap_or_else(|| GROUND.into()), Some(fg)) } else { (fg, bg) };
    let y = offset(row, CELL.1);
    if let Some(bg) = bg {
        let (x, width, height) = (offset(run.column, CELL.0), length(run.cells.len(), CELL.0), CELL.1);
        let _ = writeln!(
            out,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="{bg}"/>"#
        );
    }
    let mut extra = String::new();
    for (modifier, attribute) in [
        (Modifier::BOLD, r#" font-weight="bold""#),
        (Modifier::ITALIC, r#" font-style="italic""#),
        (Modifier::DIM, r#" opacity="0.6""#),
        (Modifier::UNDERLINED, r#" text-decoration="underline""#),
        (Modifier::CROSSED_OUT, r#" text-decoration="line-through""#),
    ] {
        if has(modifier) {
            extra.push_str(attribute);
        }
    }
    let base = y + CELL.1 * 0.8;
    for (column, text) in run.pieces() {
        // The length is fixed, so that a font of another width does not shift what follows.
        let (x, width) = (offset(column, CELL.0), length(text.chars().count(), CELL.0));
        let text = escape(&text);
        let _ = writeln!(
            out,
            r#"<text x="{x:.1}" y="{base:.1}" fill="{fg}" textLength="{width:.1}" lengthAdjust="spacingAndGlyphs"{extra}>{text}</text>"#
        );
    }
}

fn offset(cells: usize, unit: f32) -> f32 {
    MARGIN + length(cells, unit)
}

fn length(cells: usize, unit: f32) -> f32 {
    f32::from(u16::try_from(cells).unwrap_or(u16::MAX)) * unit
}

fn colour(colour: Option<Color>, reset: &str) -> String {
    let hex = match colour {
        None | Some(Color::Reset) => reset,
        Some(Color::Rgb(r, g, b)) => return format!("#{r:02x}{g:02x}{b:02x}"),
        Some(Color::Black) => "#14161b",
        Some(Color::Red) => "#d75f5f",
        Some(Color::Green) => "#6fae5f",
        Some(Color::Yellow) => "#d7a14b",
        Some(Color::Blue) => "#5f87d7",
        Some(Color::Magenta) => "#af6fc7",
        Some(Color::Cyan) => "#4fa8b0",
        Some(Color::Gray) => "#b0b4bd",
        Some(Color::DarkGray) => "#7c828e",
        Some(Color::LightRed) => "#ff7b72",
        Some(Color::LightGreen) => "#8ddb8c",
        Some(Color::LightYellow) => "#f2cc60",
        Some(Color::LightBlue) => "#79b8ff",
        Some(Color::LightMagenta) => "#d2a8ff",
        Some(Color::LightCyan) => "#7ee0e6",
        Some(Color::White) => "#ffffff",
        Some(Color::Indexed(_)) => INK,
    };
    hex.to_owned()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;

    #[test]
    fn runs_keep_their_place_and_markup_is_escaped() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
        buffer.set_string(0, 0, "a<b", Style::new());
        buffer.set_string(4, 0, "✓ ok", Style::new().fg(Color::LightGreen).add_modifier(Modifier::BOLD));
        let svg = picture(&buffer, "A & B");
        assert!(svg.contains("<title>A &amp; B</title>"));
        assert!(svg.contains(">a&lt;b<"), "{svg}");
        assert!(svg.contains(r##"fill="#8ddb8c""##) && svg.contains("bold"), "{svg}");
        let x = format!("x=\"{:.1}\"", MARGIN + 4.0 * CELL.0);
        assert!(svg.contains(&x), "{svg}");
    }
}
