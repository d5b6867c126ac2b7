//! What the command palette offers: all commands whose title holds the query's letters in order.

use super::command::{Command, Program};
use super::keymap::Keymap;
use super::pane::Pane;
use ground::lang::Lang;

/// Commands for `query`, best first: matches that start a word and stand together come before scattered ones.
pub(super) fn rows(keymap: &Keymap, lang: Lang, pane: Pane, query: &str) -> Vec<Command> {
    let query = fold(query);
    let mut found: Vec<(usize, usize, Command)> = keymap
        .bindings()
        .iter()
        .filter(|b| b.command != Command::Program(Program::Palette) && b.works_in(pane))
        .enumerate()
        .filter_map(|(i, b)| Some((score(&fold(b.title.get(lang)), &query)?, i, b.command)))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(.., c)| c).collect()
}

/// Lower is better; `None` when the letters are not all there in order.
fn score(title: &str, query: &str) -> Option<usize> {
    if let Some(at) = title.find(query) {
        let starts_word = at == 0 || title[..at].ends_with(' ');
        return Some(if starts_word { at } else { 100 + at });
    }
    let mut rest = title.chars();
    let mut gaps = 0;
    for wanted in query.chars().filter(|c| !c.is_whitespace()) {
        gaps += rest.by_ref().take_while(|c| *c != wanted).count();
        if rest.as_str().is_empty() && !title.ends_with(wanted) {
            return None;
        }
    }
    Some(1000 + gaps)
}

/// Lower case without the accents of Spanish, so that `leccion` finds `lección`.
fn fold(s: &str) -> String {
    s.trim()
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'á' => 'a',
            'é' => 'e',
            'í' => 'i',
            'ó' => 'o',
            'ú' | 'ü' => 'u',
            'ñ' => 'n',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::command::{Course, Drill, Lesson};
    use super::*;

    #[test]
    fn the_palette_finds_without_accents_and_by_scattered_letters() {
        let keymap = Keymap::embedded().unwrap();
        assert_eq!(
            rows(&keymap, Lang::Es, Pane::Lesson, "busc leccion").first(),
            Some(&Command::Lesson(Lesson::Search))
        );
        assert_eq!(
            rows(&keymap, Lang::En, Pane::Lesson, "leave").first(),
            Some(&Command::Program(Program::Quit))
        );
        assert!(rows(&keymap, Lang::En, Pane::Lesson, "zzzz").is_empty());
        assert!(rows(&keymap, Lang::Es, Pane::Lesson, "").len() > 30);
        let drill = rows(&keymap, Lang::En, Pane::Drill, "");
        assert!(
            drill.contains(&Command::Drill(Drill::Stop))
                && !drill.contains(&Command::Course(Course::NextStep))
        );
        assert!(!rows(&keymap, Lang::En, Pane::Lesson, "").contains(&Command::Drill(Drill::Stop)));
    }
}
