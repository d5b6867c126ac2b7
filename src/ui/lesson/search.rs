//! Search in a lesson, whatever the case and the accents.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::rendered::{Place, Rendered, column};

/// Where something was found; a match lies within one line of the screen.
pub type Match = Place;

/// All places where `wanted` stands, in reading order; none for an empty `wanted`.
#[must_use]
pub fn search(rendered: &Rendered, wanted: &str) -> Vec<Match> {
    let wanted: String = wanted.chars().flat_map(fold_char).collect();
    let mut out = Vec::new();
    if wanted.trim().is_empty() {
        return out;
    }
    for line in 0..rendered.lines.len() {
        let text = rendered.text(line);
        let (mut plain, mut columns) = (String::with_capacity(text.len()), Vec::with_capacity(text.len()));
        let mut at = 0;
        for grapheme in text.graphemes(true) {
            let width = grapheme.width();
            plain.extend(grapheme.chars().flat_map(fold_char));
            columns.resize(plain.len(), (at, at + width));
            at += width;
        }
        for (start, found) in plain.match_indices(&wanted) {
            let from = columns.get(start).map_or(0, |c| c.0);
            let to = columns.get(start + found.len() - 1).map_or(at, |c| c.1);
            out.push(Match { line, columns: column(from)..column(to) });
        }
    }
    out
}

/// A character without case and accent; combining accents vanish.
fn fold_char(c: char) -> impl Iterator<Item = char> {
    let base = match c {
        '\u{300}'..='\u{36f}' => None,
        'á' | 'à' | 'ä' | 'â' | 'ã' | 'å' | 'Á' | 'À' | 'Ä' | 'Â' | 'Ã' | 'Å' => Some('a'),
        'é' | 'è' | 'ë' | 'ê' | 'É' | 'È' | 'Ë' | 'Ê' => Some('e'),
        'í' | 'ì' | 'ï' | 'î' | 'Í' | 'Ì' | 'Ï' | 'Î' => Some('i'),
        'ó' | 'ò' | 'ö' | 'ô' | 'õ' | 'Ó' | 'Ò' | 'Ö' | 'Ô' | 'Õ' => Some('o'),
        'ú' | 'ù' | 'ü' | 'û' | 'Ú' | 'Ù' | 'Ü' | 'Û' => Some('u'),
        'ñ' | 'Ñ' => Some('n'),
        'ç' | 'Ç' => Some('c'),
        '\u{a0}' => Some(' '),
        c => Some(c),
    };
    base.into_iter().flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_do_not_matter() {
        let rendered = Rendered { lines: vec!["日 La Región y la REGION".into()], ..Rendered::default() };
        let found = search(&rendered, "region");
        assert_eq!(found.iter().map(|m| m.columns.clone()).collect::<Vec<_>>(), [6..12, 18..24]);
        assert!(search(&rendered, "").is_empty());
        assert_eq!(search(&rendered, "regió").len(), 2);
    }
}
