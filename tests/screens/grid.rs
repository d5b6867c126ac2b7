//! A drawn screen as text: its characters, and a letter for each cell's style with a legend.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use espera::app::Model;
use espera::ui::{self, Viewports};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

/// The model drawn at a size.
pub fn draw(model: &Model, views: &mut Viewports, width: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    ui::draw(model, views, area, &mut buffer);
    buffer
}

/// The characters, a line a row.
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for row in buffer.content.chunks(usize::from(buffer.area.width).max(1)) {
        let line: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// A letter for each cell's style, and what the letters mean.
pub fn styles(buffer: &Buffer) -> String {
    let mut letters: BTreeMap<String, char> = BTreeMap::new();
    let mut grid = String::new();
    let mut free = ('a'..='z').chain('A'..='Z');
    for row in buffer.content.chunks(usize::from(buffer.area.width).max(1)) {
        let mut line = String::new();
        for cell in row {
            let name = name(cell.style());
            line.push(match name.as_str() {
                "plain" => ' ',
                _ => *letters.entry(name).or_insert_with(|| free.next().unwrap_or('?')),
            });
        }
        let _ = writeln!(grid, "{}", line.trim_end());
    }
    let mut legend: Vec<(char, String)> = letters.into_iter().map(|(n, c)| (c, n)).collect();
    legend.sort_unstable();
    for (letter, name) in legend {
        let _ = writeln!(grid, "{letter} = {name}");
    }
    grid
}

fn name(style: Style) -> String {
    let mut parts = Vec::new();
    for (label, colour) in [("", style.fg), ("on ", style.bg)] {
        if let Some(colour) = colour.filter(|c| *c != Color::Reset) {
            parts.push(format!("{label}{colour}"));
        }
    }
    if style.add_modifier != Modifier::empty() {
        parts.push(format!("{:?}", style.add_modifier).replace("Modifier", ""));
    }
    if parts.is_empty() { "plain".to_owned() } else { parts.join(" ") }
}
