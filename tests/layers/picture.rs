//! The picture of the house, drawn from the code: every crate with its floors, the ground floor below, and the
//! crates it stands on.

use std::fmt::Write as _;

/// A crate as it is drawn.
#[derive(Debug)]
pub struct House {
    pub name: String,
    /// Modules, a list a floor, from the ground up.
    pub floors: Vec<Vec<String>>,
    /// The crates it uses.
    pub uses: Vec<String>,
}

/// Characters of a line of modules.
const LINE: usize = 44;
const WIDTH: usize = 424;
const GAP: usize = 28;
const ROW: usize = 19;
const HEAD: usize = 30;

/// The lines a floor takes.
fn lines(floor: &[String]) -> Vec<String> {
    let mut lines = vec![String::new()];
    for name in floor {
        let last = lines.last_mut().unwrap();
        if !last.is_empty() && last.len() + name.len() + 3 > LINE {
            lines.push(name.clone());
            continue;
        }
        if !last.is_empty() {
            last.push_str(" · ");
        }
        last.push_str(name);
    }
    lines
}

/// How many crates stand below one, counted along the longest way.
fn height(houses: &[House], name: &str) -> usize {
    let own = houses.iter().find(|house| house.name == name).unwrap();
    own.uses.iter().map(|below| height(houses, below) + 1).max().unwrap_or(0)
}

fn size(house: &House) -> usize {
    let rows: usize = house.floors.iter().map(|floor| lines(floor).len() * ROW + 3).sum();
    let below = if house.uses.is_empty() { 0 } else { ROW };
    HEAD + rows + below + 6
}

/// The picture, as SVG that follows the reader's colour scheme.
pub fn draw(houses: &[House]) -> String {
    let most = houses.iter().map(|house| height(houses, &house.name)).max().unwrap();
    let on = |level| houses.iter().filter(move |house| height(houses, &house.name) == level).collect();
    let levels: Vec<Vec<&House>> = (0..=most).rev().map(on).collect();
    let beside = |count: usize| count * (WIDTH + GAP) + GAP;
    let widest = beside(levels.iter().map(Vec::len).max().unwrap());
    let mut body = String::new();
    let mut y = GAP;
    for level in levels {
        let mut x = (widest - beside(level.len())) / 2 + GAP;
        for house in &level {
            box_of(&mut body, house, x, y);
            x += WIDTH + GAP;
        }
        y += level.iter().map(|house| size(house)).max().unwrap() + GAP;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {widest} {y}\" role=\"img\" aria-label=\"The crates of \
         Espera and their floors\">\n<style>text{{font:13px ui-monospace,monospace;fill:#24292f}}.n{{font-weight:bold;\
         font-size:15px}}.u{{fill:#57606a}}.h{{fill:#f6f8fa;stroke:#57606a}}.f{{fill:#ddf4ff}}@media \
         (prefers-color-scheme:dark){{text{{fill:#e6edf3}}.u{{fill:#9198a1}}.h{{fill:#161b22;stroke:#9198a1}}\
         .f{{fill:#0c2d4d}}}}</style>\n{body}</svg>\n"
    )
}

fn box_of(out: &mut String, house: &House, x: usize, y: usize) {
    let House { name, floors, uses } = house;
    let _ = writeln!(
        out,
        "<rect class=\"h\" x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{}\" rx=\"6\"/>",
        size(house)
    );
    let _ = writeln!(out, "<text class=\"n\" x=\"{}\" y=\"{}\">{name}</text>", x + 12, y + 20);
    let mut at = y + HEAD;
    for floor in floors.iter().rev() {
        let lines = lines(floor);
        let tall = lines.len() * ROW;
        let _ = writeln!(
            out,
            "<rect class=\"f\" x=\"{}\" y=\"{at}\" width=\"{}\" height=\"{tall}\" rx=\"3\"/>",
            x + 8,
            WIDTH - 16
        );
        for (row, line) in lines.iter().enumerate() {
            let _ = writeln!(out, "<text x=\"{}\" y=\"{}\">{line}</text>", x + 16, at + row * ROW + 14);
        }
        at += tall + 3;
    }
    if !uses.is_empty() {
        let below = format!("on {}", uses.join(", "));
        let _ = writeln!(out, "<text class=\"u\" x=\"{}\" y=\"{}\">{below}</text>", x + 12, at + 14);
    }
}
