//! Tables fitted to the width: columns as wide as they need, then narrower with wrapped cells, and
//! below a readable width one record after the other.

use ratatui::style::Style;

use super::canvas::Canvas;
use super::inline::chunks;
use super::wrap::{Chunk, Row, measure, wrap};
use crate::ui::theme::Role;
use lessons::document::{Align, Table, plain};

/// The least columns' width at which text in them can be read.
const READABLE: usize = 7;
/// The width of what stands between columns.
const BETWEEN: usize = 3;

pub(super) fn table(canvas: &mut Canvas<'_>, table: &Table) {
    let head_style = canvas.look.style(Role::TableHead);
    let text_style = canvas.look.style(Role::Text);
    let head: Vec<_> = table.head.iter().map(|c| chunks(canvas, c, head_style)).collect();
    let rows: Vec<Vec<_>> =
        table.rows.iter().map(|r| r.iter().map(|c| chunks(canvas, c, text_style)).collect()).collect();
    match widths(&head, &rows, table.align.len(), canvas.room()) {
        Some(widths) => grid(canvas, table, &head, &rows, &widths),
        None => records(canvas, table, &rows),
    }
}

/// The width of each column; nothing when some would be too narrow to read.
fn widths(head: &[Vec<Chunk>], rows: &[Vec<Vec<Chunk>>], columns: usize, room: usize) -> Option<Vec<usize>> {
    let mut wanted = vec![1; columns];
    let mut least = vec![1; columns];
    for row in std::iter::once(head).chain(rows.iter().map(Vec::as_slice)) {
        for ((cell, wanted), least) in row.iter().zip(&mut wanted).zip(&mut least) {
            let (line, word) = measure(cell);
            *wanted = (*wanted).max(line);
            *least = (*least).max(word);
        }
    }
    let room = room.checked_sub(BETWEEN * columns.saturating_sub(1))?;
    if wanted.iter().sum::<usize>() <= room {
        return Some(wanted);
    }
    // Narrow columns keep what they want; the others share what is left, the needier more.
    let mut widths = wanted.clone();
    let mut open: Vec<usize> = (0..columns).collect();
    let mut left = room;
    loop {
        let share = left.checked_div(open.len())?;
        if share == 0 {
            return None;
        }
        let fits: Vec<usize> = open.iter().copied().filter(|c| wanted[*c] <= share).collect();
        if fits.is_empty() {
            break;
        }
        left -= fits.iter().map(|c| wanted[*c]).sum::<usize>();
        open.retain(|c| !fits.contains(c));
    }
    share_out(&open, left, &wanted, &least, &mut widths);
    // Where that would cut a long name in two and the other columns can give, each gets its longest word.
    let whole = least.iter().sum::<usize>();
    if whole <= room && (0..columns).any(|c| widths[c] < least[c]) {
        widths.copy_from_slice(&least);
        fill(&(0..columns).collect::<Vec<_>>(), room - whole, &wanted, &mut widths);
    }
    let readable = |c: usize| widths[c] >= least[c].min(READABLE + 1).min(wanted[c]);
    (0..columns).all(readable).then_some(widths)
}

/// Gives `left` cells to the columns `open`: first their longest words (within reason), then as much as
/// each still wants of what is left.
fn share_out(open: &[usize], left: usize, wanted: &[usize], least: &[usize], widths: &mut [usize]) {
    let share = left / open.len().max(1);
    for column in open {
        widths[*column] = least[*column].min(share).max(1);
    }
    let spare = left.saturating_sub(open.iter().map(|c| widths[*c]).sum());
    fill(open, spare, wanted, widths);
}

/// Gives `spare` cells to the columns `open`, as much to each as it still wants of what is wanted in all.
fn fill(open: &[usize], mut spare: usize, wanted: &[usize], widths: &mut [usize]) {
    let lacking =
        |widths: &[usize]| open.iter().map(|c| wanted[*c] - widths[*c].min(wanted[*c])).sum::<usize>();
    let (total, all) = (lacking(widths), spare);
    for column in open {
        let more = all * (wanted[*column] - widths[*column].min(wanted[*column])) / total.max(1);
        widths[*column] += more;
        spare -= more;
    }
    if let Some(first) = open.first() {
        widths[*first] += spare.min(lacking(widths));
    }
}

fn grid(
    canvas: &mut Canvas<'_>,
    table: &Table,
    head: &[Vec<Chunk>],
    rows: &[Vec<Vec<Chunk>>],
    widths: &[usize],
) {
    let wraps = rows.iter().any(|r| r.iter().zip(widths).any(|(c, w)| measure(c).0 > *w));
    if !head.is_empty() {
        write_row(canvas, table, head, widths);
        write_rule(canvas, widths);
    }
    for (i, row) in rows.iter().enumerate() {
        if i > 0 && wraps {
            write_rule(canvas, widths);
        }
        write_row(canvas, table, row, widths);
    }
}

/// The line between rows.
fn write_rule(canvas: &mut Canvas<'_>, widths: &[usize]) {
    let symbols = canvas.look.symbols;
    let style = canvas.look.style(Role::TableBorder);
    let cross = format!("{0}{1}{0}", symbols.rule(), symbols.cross());
    let line = widths.iter().map(|w| symbols.rule().repeat(*w)).collect::<Vec<_>>().join(&cross);
    canvas.styled_words(&line, style);
}

/// A row of the table: as many lines as its tallest cell.
fn write_row(canvas: &mut Canvas<'_>, table: &Table, cells: &[Vec<Chunk>], widths: &[usize]) {
    let border = canvas.look.style(Role::TableBorder);
    let column = canvas.look.symbols.column();
    let wrapped: Vec<Vec<Row>> = cells.iter().zip(widths).map(|(c, w)| wrap(c, *w)).collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0).max(1);
    for i in 0..height {
        let mut out = Row::default();
        for (c, width) in widths.iter().enumerate() {
            if c > 0 {
                out.push(" ", 1, Style::new(), None);
                out.push(column, 1, border, None);
                out.push(" ", 1, Style::new(), None);
            }
            let cell = wrapped.get(c).and_then(|rows| rows.get(i));
            add_cell(&mut out, cell, *width, table.align.get(c).copied().unwrap_or_default());
        }
        canvas.row(out);
    }
}

/// Adds a cell's line, set as its column is.
fn add_cell(out: &mut Row, cell: Option<&Row>, width: usize, align: Align) {
    let blanks = width.saturating_sub(cell.map_or(0, |c| c.width));
    let before = match align {
        Align::Left => 0,
        Align::Centre => blanks / 2,
        Align::Right => blanks,
    };
    let blank = |out: &mut Row, n: usize| out.push(&" ".repeat(n), n, Style::new(), None);
    blank(out, before);
    if let Some(cell) = cell {
        let shift = out.width;
        out.links.extend(cell.links.iter().map(|(l, r)| (*l, r.start + shift..r.end + shift)));
        for span in &cell.spans {
            out.push(&span.content, span.width(), span.style, None);
        }
    }
    blank(out, blanks - before);
}

/// The table as records: a line `head: value` for each cell.
fn records(canvas: &mut Canvas<'_>, table: &Table, rows: &[Vec<Vec<Chunk>>]) {
    let style = canvas.look.style(Role::TableHead);
    for (i, row) in rows.iter().enumerate() {
        if i > 0 {
            let line = canvas.look.symbols.rule().repeat(canvas.room().min(8));
            canvas.styled_words(&line, canvas.look.style(Role::TableBorder));
        }
        for (c, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let mut line = Vec::new();
            if let Some(head) = table.head.get(c).map(|h| plain(h)).filter(|h| !h.trim().is_empty()) {
                line.push(Chunk::new(format!("{}: ", head.trim()), style));
            }
            line.extend(cell.iter().cloned());
            canvas.text(&line);
        }
    }
    if rows.is_empty() {
        let head: Vec<String> = table.head.iter().map(|h| plain(h)).collect();
        canvas.styled_words(&head.join(" · "), style);
    }
}
