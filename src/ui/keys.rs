//! How keys are called on the screen, in either language and in either set of signs.

use crate::app::{Code, Key};
use ground::lang::{Lang, Text};
use ground::look::Charset;

/// The name of `key`.
pub(super) fn name(key: Key, lang: Lang, signs: Charset) -> String {
    let mut out = String::new();
    if key.ctrl {
        out.push('^');
    }
    if key.alt {
        out.push_str("Alt+");
    }
    match key.code {
        Code::Char(' ') => out.push_str(Text::new("Espacio", "Space").get(lang)),
        Code::Char(c) if key.ctrl => out.extend(c.to_uppercase()),
        Code::Char(c) => out.push(c),
        Code::F(n) => out.push_str(&format!("F{n}")),
        code => out.push_str(code_name(code, lang, signs)),
    }
    out
}

fn code_name(code: Code, lang: Lang, signs: Charset) -> &'static str {
    let arrow = |unicode, es, en| match signs {
        Charset::Unicode => Text::new(unicode, unicode),
        Charset::Ascii => Text::new(es, en),
    };
    match code {
        Code::Enter => Text::new("Intro", "Enter"),
        Code::Esc => Text::new("Esc", "Esc"),
        Code::Tab => Text::new("Tab", "Tab"),
        Code::BackTab => Text::new("Mayús+Tab", "Shift+Tab"),
        Code::Backspace => Text::new("Retroceso", "Backspace"),
        Code::Delete => Text::new("Supr", "Del"),
        Code::Up => arrow("↑", "Arriba", "Up"),
        Code::Down => arrow("↓", "Abajo", "Down"),
        Code::Left => arrow("←", "Izda", "Left"),
        Code::Right => arrow("→", "Dcha", "Right"),
        Code::PageUp => Text::new("RePág", "PgUp"),
        Code::PageDown => Text::new("AvPág", "PgDn"),
        Code::Home => Text::new("Inicio", "Home"),
        Code::End => Text::new("Fin", "End"),
        Code::Char(_) | Code::F(_) => Text::new("", ""),
    }
    .get(lang)
}
