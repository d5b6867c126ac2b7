//! Presenter mode: account ids are masked wherever they appear, as `1234****9012`.

use ratatui::buffer::Buffer;

/// Digits of an AWS account id.
const LEN: usize = 12;

/// `text` with every run of exactly twelve digits masked in its middle.
#[must_use]
pub fn mask(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for start in account_id_starts(&chars) {
        chars[start + 4..start + 8].fill('*');
    }
    chars.into_iter().collect()
}

/// Masks the account ids of a drawn screen, whoever drew them.
pub(super) fn mask_screen(buffer: &mut Buffer) {
    let area = *buffer.area();
    for y in area.top()..area.bottom() {
        let row: Vec<char> = (area.left()..area.right())
            .map(|x| buffer.cell((x, y)).and_then(|c| c.symbol().chars().next()).unwrap_or(' '))
            .collect();
        for start in account_id_starts(&row) {
            for x in start + 4..start + 8 {
                let x = area.left() + u16::try_from(x).unwrap_or(u16::MAX);
                if let Some(cell) = buffer.cell_mut((x, y)) {
                    cell.set_char('*');
                }
            }
        }
    }
}

/// Where runs of exactly twelve digits begin.
fn account_id_starts(chars: &[char]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let digits = chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        if digits == LEN {
            found.push(at);
        }
        at += digits + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_ids_are_masked_within_arns_and_names_and_nothing_else_is() {
        assert_eq!(mask("arn:aws:sts::123456789012:user/ana"), "arn:aws:sts::1234****9012:user/ana");
        assert_eq!(mask("unishop-123456789012-pages"), "unishop-1234****9012-pages");
        assert_eq!(mask("1234567890123 12345678901"), "1234567890123 12345678901");
        assert_eq!(mask("123456789012"), "1234****9012");
    }
}
