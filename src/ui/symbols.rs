//! A screen drawn in ASCII alone, for terminals and readers that can't show more.

use ratatui::buffer::Buffer;

/// Replaces what a drawn screen holds beyond ASCII, except letters, by the nearest ASCII sign: text
/// brings arrows and dashes of its own.
pub(super) fn to_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if cell.symbol().is_ascii() {
            continue;
        }
        let nearest = match cell.symbol() {
            "…" | "≈" => '~',
            "·" | "–" | "—" | "─" => '-',
            "×" => 'x',
            "→" | "▶" | "»" | "›" => '>',
            "←" | "◀" | "«" | "‹" => '<',
            "↑" | "▲" => '^',
            "↓" | "▼" => 'v',
            "“" | "”" => '"',
            "‘" | "’" => '\'',
            "│" | "▌" | "┆" => '|',
            "•" | "◦" | "●" => '*',
            "✓" => 'v',
            "✗" => 'x',
            other if other.chars().all(char::is_alphanumeric) || "¿¡€".contains(other) => continue,
            _ => '?',
        };
        cell.set_char(nearest);
    }
}
