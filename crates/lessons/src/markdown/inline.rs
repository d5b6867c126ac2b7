//! Work on runs and paragraphs: pictures that stand alone become blocks, bare addresses links, blocks
//! within a line their words.

use super::super::document::{Block, BlockKind, Image, Inline, Span, Target, plain};

/// The words of some blocks, a line for each.
#[must_use]
pub fn words(blocks: &[Block]) -> String {
    let runs = blocks.iter().cloned().map(|b| plain(&of_block(b)));
    runs.filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n")
}

/// About how many bytes a block's text takes.
#[must_use]
pub fn plain_size(block: &Block) -> usize {
    plain(&of_block(block.clone())).len()
}

/// A block as runs, for where only a line can stand.
#[must_use]
pub fn of_block(block: Block) -> Vec<Inline> {
    let joined = |blocks: Vec<Block>| {
        let mut out = Vec::new();
        for block in blocks {
            if !out.is_empty() {
                out.push(Inline::Break);
            }
            out.extend(of_block(block));
        }
        out
    };
    match block.kind {
        BlockKind::Paragraph(runs) => runs,
        BlockKind::Heading { text, .. } => vec![Inline::Strong(text)],
        BlockKind::Code { text, .. } | BlockKind::Diagram { source: text, .. } => vec![Inline::Code(text)],
        BlockKind::Image(image) => vec![Inline::Image(image)],
        BlockKind::Quote(blocks) | BlockKind::Unknown { body: blocks, .. } => joined(blocks),
        BlockKind::Callout { title, body, .. } | BlockKind::Expand { title, body } => {
            let mut out = title.map_or_else(Vec::new, |t| vec![Inline::Strong(t), Inline::Break]);
            out.extend(joined(body));
            out
        }
        BlockKind::List { start, items } => {
            let mut out = Vec::new();
            for (i, item) in items.into_iter().enumerate() {
                if !out.is_empty() {
                    out.push(Inline::Break);
                }
                out.push(Inline::Text(start.map_or("- ".to_owned(), |s| format!("{}. ", s + i as u64))));
                out.extend(joined(item.blocks));
            }
            out
        }
        BlockKind::Tabs(tabs) => {
            let mut out = Vec::new();
            for tab in tabs {
                out.extend([Inline::Strong(vec![Inline::Text(tab.title)]), Inline::Break]);
                out.extend(joined(tab.blocks));
            }
            out
        }
        BlockKind::Table(table) => {
            let mut out = Vec::new();
            for row in std::iter::once(table.head).chain(table.rows).filter(|r| !r.is_empty()) {
                if !out.is_empty() {
                    out.push(Inline::Break);
                }
                for (i, cell) in row.into_iter().enumerate() {
                    out.extend((i > 0).then(|| Inline::Text(" · ".to_owned())));
                    out.extend(cell);
                }
            }
            out
        }
        BlockKind::Turn { .. } | BlockKind::Rule => Vec::new(),
    }
}

/// Runs without blanks and breaks at either end.
#[must_use]
pub fn trim(mut runs: Vec<Inline>) -> Vec<Inline> {
    let blank = |r: &Inline| match r {
        Inline::Break => true,
        Inline::Text(t) => t.trim().is_empty(),
        _ => false,
    };
    while runs.last().is_some_and(blank) {
        runs.pop();
    }
    let lead = runs.iter().take_while(|r| blank(r)).count();
    runs.drain(..lead);
    if let Some(Inline::Text(t)) = runs.last_mut() {
        t.truncate(t.trim_end().len());
    }
    if let Some(Inline::Text(t)) = runs.first_mut() {
        t.drain(..t.len() - t.trim_start().len());
    }
    runs
}

/// A paragraph's runs as blocks: a picture at its start, its end or alone on a line stands on its own.
#[must_use]
pub fn paragraphs(runs: Vec<Inline>, span: Span) -> Vec<Block> {
    let runs = trim(runs);
    let mut out = Vec::new();
    if !runs.iter().any(|r| matches!(r, Inline::Image(_))) {
        if !runs.is_empty() {
            out.push(Block { span, kind: BlockKind::Paragraph(runs) });
        }
        return out;
    }
    let alone = stand_alone(&runs);
    let mut line = Vec::new();
    let end = |line: &mut Vec<Inline>, out: &mut Vec<Block>| {
        let runs = trim(std::mem::take(line));
        if !runs.is_empty() {
            out.push(Block { span, kind: BlockKind::Paragraph(runs) });
        }
    };
    for (run, alone) in runs.into_iter().zip(alone) {
        match run {
            Inline::Image(image) if alone => {
                end(&mut line, &mut out);
                out.push(Block { span, kind: BlockKind::Image(image) });
            }
            run => line.push(run),
        }
    }
    end(&mut line, &mut out);
    out
}

/// For each run whether it is a picture with nothing but other pictures on one of its sides of the
/// paragraph, or on both of its line.
fn stand_alone(runs: &[Inline]) -> Vec<bool> {
    let is_picture = |r: &Inline| matches!(r, Inline::Image(_));
    let passes = |r: &Inline| is_picture(r) || matches!(r, Inline::Text(t) if t.trim().is_empty());
    let mut last = None;
    let mut alone: Vec<(bool, bool)> = Vec::with_capacity(runs.len());
    for run in runs {
        alone.push((last.is_none(), last.is_some_and(|r| ends_line(r, Side::Before))));
        last = if passes(run) { last } else { Some(run) };
    }
    let mut next = None;
    let mut out = vec![false; runs.len()];
    for (i, run) in runs.iter().enumerate().rev() {
        let (first, after_break) = alone.get(i).copied().unwrap_or_default();
        let before_break = next.is_some_and(|r| ends_line(r, Side::After));
        out[i] = is_picture(run) && (first || next.is_none() || (after_break && before_break));
        next = if passes(run) { next } else { Some(run) };
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// Whether a run on this side of a picture has a line break between itself and the picture.
fn ends_line(run: &Inline, side: Side) -> bool {
    match run {
        Inline::Break => true,
        Inline::Text(t) if side == Side::Before => t.trim_end_matches([' ', '\t']).ends_with('\n'),
        Inline::Text(t) => t.trim_start_matches([' ', '\t']).starts_with('\n'),
        _ => false,
    }
}

/// A picture.
#[must_use]
pub fn image(source: Target, alt: String) -> Inline {
    let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
    Inline::Image(Image { source, alt, caption: None, link: None })
}

/// A link; around a lone picture it becomes the picture's.
#[must_use]
pub fn link(target: Target, label: Vec<Inline>) -> Inline {
    if let [Inline::Image(image)] = label.as_slice() {
        return Inline::Image(Image { link: Some(target), ..image.clone() });
    }
    if plain(&label).trim().is_empty() {
        return Inline::Link { label: vec![Inline::Text(target_text(&target))], target };
    }
    Inline::Link { target, label }
}

/// A target as a person reads it.
#[must_use]
pub fn target_text(target: &Target) -> String {
    match target {
        Target::Page { path, anchor: None } => format!("/{path}"),
        Target::Page { path, anchor: Some(anchor) } => format!("/{path}#{anchor}"),
        Target::Anchor(anchor) => format!("#{anchor}"),
        Target::File(path) => path
            .file_name()
            .map_or_else(String::new, |n| super::super::source::sanitise(&n.to_string_lossy()).0),
        Target::Url(url) => url.trim_start_matches("mailto:").to_owned(),
        Target::Broken(to) => to.clone(),
    }
}

/// Text with its bare addresses as links.
pub fn linkify(text: &str) -> Vec<Inline> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = address(rest) {
        let (before, from) = rest.split_at(at);
        let end = from
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '\u{a0}'))
            .unwrap_or(from.len());
        let url = tail_trimmed(from.get(..end).unwrap_or_default());
        if !before.is_empty() {
            out.push(Inline::Text(before.to_owned()));
        }
        let full = if url.starts_with("www.") { format!("https://{url}") } else { url.to_owned() };
        out.push(Inline::Link { target: Target::Url(full), label: vec![Inline::Text(url.to_owned())] });
        rest = from.get(url.len()..).unwrap_or_default();
    }
    if !rest.is_empty() {
        out.push(Inline::Text(rest.to_owned()));
    }
    out
}

/// Where the first bare address begins, at a word's start, with something after its scheme.
fn address(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find(['h', 'w']) {
        let at = from + found;
        let rest = text.get(at..)?;
        let starts = text.get(..at)?.chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let scheme = ["https://", "http://", "www."].into_iter().find(|s| rest.starts_with(s));
        if let Some(scheme) = scheme.filter(|_| starts)
            && rest.get(scheme.len()..)?.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
        {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// An address without the punctuation of the sentence around it.
fn tail_trimmed(url: &str) -> &str {
    // What is cut off holds no opening bracket, so one count does for all rounds.
    let open = url.matches('(').count();
    let mut closing = url.matches(')').count();
    let mut url = url;
    loop {
        let cut = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~']);
        let cut = match cut.strip_suffix(')') {
            Some(shorter) if closing > open => {
                closing -= 1;
                shorter
            }
            _ => cut,
        };
        if cut.len() == url.len() {
            return url;
        }
        url = cut;
    }
}

/// The id of a heading, as Hugo makes it.
#[must_use]
pub fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            c if c.is_alphanumeric() || c == '_' => out.extend(c.to_lowercase()),
            '-' | ' ' | '\n' => out.push('-'),
            _ => {}
        }
    }
    out
}

/// Raised text in the signs that exist for it, else after a `^`.
#[must_use]
pub fn superscript(text: &str) -> String {
    const SIGNS: [(char, char); 12] = [
        ('0', '⁰'),
        ('1', '¹'),
        ('2', '²'),
        ('3', '³'),
        ('4', '⁴'),
        ('5', '⁵'),
        ('6', '⁶'),
        ('7', '⁷'),
        ('8', '⁸'),
        ('9', '⁹'),
        ('+', '⁺'),
        ('-', '⁻'),
    ];
    let sign = |c: char| SIGNS.iter().find(|(plain, _)| *plain == c).map(|(_, up)| *up);
    match text.trim() {
        "" => String::new(),
        "TM" | "tm" => "™".to_owned(),
        "R" | "®" => "®".to_owned(),
        text => text.chars().map(sign).collect::<Option<String>>().unwrap_or_else(|| format!("^{text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_text_become_links_without_the_sentence_around() {
        let urls = |t: &str| -> Vec<String> {
            linkify(t)
                .into_iter()
                .filter_map(|r| match r {
                    Inline::Link { label, .. } => Some(plain(&label)),
                    _ => None,
                })
                .collect()
        };
        assert_eq!(
            urls("see https://a.b/c, (http://x.y/z_(q)) and www.w.org."),
            ["https://a.b/c", "http://x.y/z_(q)", "www.w.org"]
        );
        assert!(urls("no https:// here, nor xhttp://a").is_empty());
    }

    #[test]
    fn a_heading_has_the_id_hugo_gives_it() {
        assert_eq!(slug("¿Qué es el RTO?"), "qué-es-el-rto");
        assert_eq!(slug("Step 1: Do it"), "step-1-do-it");
    }

    #[test]
    fn raised_text_reads_as_such() {
        assert_eq!((superscript("2").as_str(), superscript("nd").as_str()), ("²", "^nd"));
    }
}
