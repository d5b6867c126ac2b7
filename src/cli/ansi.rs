//! Styled lines as text for a terminal that scrolls: SGR codes, for commands that print and end.

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Line;

use crate::runtime::out::Styled;

/// Appends a line, its styles as SGR codes if `styled`, and a line break; blanks at its end go.
pub fn write_line(out: &mut Styled, line: &Line<'_>, styled: bool) {
    for span in &line.spans {
        let code = if styled { sgr(line.style.patch(span.style)) } else { String::new() };
        out.sgr(&code, &span.content);
    }
    out.end_line();
}

/// The parameters of the SGR code for a style; empty for none.
fn sgr(style: Style) -> String {
    let mut codes: Vec<String> = Vec::new();
    let modifiers = [
        (Modifier::BOLD, "1"),
        (Modifier::DIM, "2"),
        (Modifier::ITALIC, "3"),
        (Modifier::UNDERLINED, "4"),
        (Modifier::REVERSED, "7"),
        (Modifier::CROSSED_OUT, "9"),
    ];
    codes.extend(
        modifiers.iter().filter(|(m, _)| style.add_modifier.contains(*m)).map(|(_, c)| (*c).to_owned()),
    );
    codes.extend(style.fg.and_then(|c| colour(c, 30)));
    codes.extend(style.bg.and_then(|c| colour(c, 40)));
    codes.join(";")
}

/// A colour's code; `base` is 30 for the foreground and 40 for the background.
fn colour(colour: Color, base: u8) -> Option<String> {
    let ansi = |n: u8| Some((base + n).to_string());
    let bright = |n: u8| Some((base + 60 + n).to_string());
    match colour {
        Color::Reset => None,
        Color::Black => ansi(0),
        Color::Red => ansi(1),
        Color::Green => ansi(2),
        Color::Yellow => ansi(3),
        Color::Blue => ansi(4),
        Color::Magenta => ansi(5),
        Color::Cyan => ansi(6),
        Color::Gray => ansi(7),
        Color::DarkGray => bright(0),
        Color::LightRed => bright(1),
        Color::LightGreen => bright(2),
        Color::LightYellow => bright(3),
        Color::LightBlue => bright(4),
        Color::LightMagenta => bright(5),
        Color::LightCyan => bright(6),
        Color::White => bright(7),
        Color::Indexed(n) => Some(format!("{};5;{n}", base + 8)),
        Color::Rgb(r, g, b) => Some(format!("{};2;{r};{g};{b}", base + 8)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::text::Span;

    #[test]
    fn styles_become_codes_only_when_asked() {
        let line =
            Line::from(vec![Span::raw("a "), Span::styled("b", Style::new().fg(Color::LightCyan).bold())]);
        let (mut styled, mut plain) = (Styled::default(), Styled::default());
        write_line(&mut styled, &line, true);
        write_line(&mut plain, &line, false);
        assert_eq!((styled.as_str(), plain.as_str()), ("a \u{1b}[1;96mb\u{1b}[0m\n", "a b\n"));
    }
}
