//! The blocks of a lesson, one function a kind.

use ratatui::text::Span;

use super::canvas::Canvas;
use super::inline::{chunks, footnote_sign};
use super::look::Marks;
use super::rendered::{HeadingAt, ImageAt, LinkAt, column};
use super::wrap::Chunk;
use super::{code, table};
use crate::ui::theme::Role;
use ground::tr;
use lessons::document::{
    Block, BlockKind, CalloutKind, Footnote, Image, Inline, Item, Tab, Target, Task, plain,
};
use lessons::target_text;

/// What stands between blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// A blank line.
    Line,
    /// Nothing, where the list is tight.
    Tight,
}

/// Writes blocks one after the other.
pub(super) fn blocks(canvas: &mut Canvas<'_>, blocks: &[Block], gap: Gap) {
    for (i, block) in blocks.iter().enumerate() {
        if i > 0 && gap == Gap::Line {
            canvas.gap();
        }
        write_block(canvas, block);
    }
}

fn write_block(canvas: &mut Canvas<'_>, block: &Block) {
    match &block.kind {
        BlockKind::Heading { level, id, text } => heading(canvas, *level, id, text),
        BlockKind::Paragraph(runs) => {
            let chunks = chunks(canvas, runs, canvas.look.style(Role::Text));
            canvas.text(&chunks);
        }
        BlockKind::List { start, items } => list(canvas, *start, items),
        BlockKind::Table(table) => table::table(canvas, table),
        BlockKind::Quote(body) => {
            let bar = bar(canvas, Role::Quote);
            canvas.within(None, bar, |c| blocks(c, body, Gap::Line));
        }
        BlockKind::Callout { tone, title, body } => callout(canvas, *tone, title.as_deref(), body),
        BlockKind::Code { language, text } => code::block(canvas, language.as_deref(), text),
        BlockKind::Image(image) => picture(canvas, image),
        BlockKind::Tabs(tabs) => alternatives(canvas, tabs),
        BlockKind::Expand { title, body } => expand(canvas, title.as_deref(), body),
        BlockKind::Diagram { language, source } => {
            let note =
                tr!(canvas.look.lang, "Diagrama ({language}), en texto:", "Diagram ({language}), as text:");
            canvas.styled_words(&note, canvas.look.style(Role::Muted));
            code::block(canvas, Some(language), source);
        }
        BlockKind::Turn { previous, next } => write_page_links(canvas, previous.as_ref(), next.as_ref()),
        BlockKind::Unknown { name, body } => unknown_shortcode(canvas, name, body),
        BlockKind::Rule => rule(canvas, canvas.room()),
    }
}

fn bar(canvas: &Canvas<'_>, role: Role) -> Span<'static> {
    match (canvas.look.marks, role) {
        (Marks::Text, Role::Quote) => return Span::raw("> "),
        (Marks::Text, _) => return Span::raw("  "),
        (Marks::Style, _) => {}
    }
    Span::styled(format!("{} ", canvas.look.symbols.bar()), canvas.look.style(role))
}

fn rule(canvas: &mut Canvas<'_>, width: usize) {
    let line = canvas.look.symbols.rule().repeat(width);
    canvas.styled_words(&line, canvas.look.style(Role::Rule));
}

fn heading(canvas: &mut Canvas<'_>, level: u8, id: &str, text: &[Inline]) {
    let role = match level {
        1 => Role::Heading1,
        2 => Role::Heading2,
        _ => Role::Heading3,
    };
    let style = canvas.look.style(role);
    let mut line = chunks(canvas, text, style);
    if canvas.look.marks == Marks::Text {
        line.insert(0, Chunk::new(format!("{} ", "#".repeat(usize::from(level))), style));
    }
    canvas.write_gap();
    let line_number = canvas.next_line();
    canvas.text(&line);
    canvas.out.headings.push(HeadingAt { level, id: id.to_owned(), text: plain(text), line: line_number });
}

fn list(canvas: &mut Canvas<'_>, start: Option<u64>, items: &[Item]) {
    let depth = canvas.depth;
    canvas.depth += 1;
    let tight = items.iter().all(is_tight);
    let last = start.map_or(0, |s| s.saturating_add(items.len() as u64).saturating_sub(1));
    let digits = last.to_string().len();
    for (i, item) in items.iter().enumerate() {
        if i > 0 && !tight {
            canvas.gap();
        }
        let marker = match (item.task, start) {
            (Some(Task::Done), _) => canvas.look.symbols.task_done().to_owned(),
            (Some(Task::Open), _) => canvas.look.symbols.task_open().to_owned(),
            (None, Some(first)) => format!("{:>digits$}.", first.saturating_add(i as u64)),
            (None, None) => bullet(canvas, depth).to_owned(),
        };
        let style = canvas.look.style(if item.task == Some(Task::Done) { Role::Ok } else { Role::Marker });
        let first = Span::styled(format!("{marker} "), style);
        let rest = Span::raw(" ".repeat(first.width()));
        canvas.within(Some(first), rest, |c| {
            let before = c.next_line();
            blocks(c, &item.blocks, if is_tight(item) { Gap::Tight } else { Gap::Line });
            if c.next_line() == before {
                // An empty item still shows its marker.
                c.row(super::wrap::Row::default());
            }
        });
    }
    canvas.depth = depth;
}

fn bullet(canvas: &Canvas<'_>, depth: usize) -> &'static str {
    match depth {
        0 => canvas.look.symbols.bullet(),
        1 => canvas.look.symbols.bullet2(),
        _ => canvas.look.symbols.bullet3(),
    }
}

/// Whether an item is one paragraph, perhaps with lists under it.
fn is_tight(item: &Item) -> bool {
    let mut blocks = item.blocks.iter();
    blocks.next().is_none_or(|b| matches!(b.kind, BlockKind::Paragraph(_) | BlockKind::List { .. }))
        && blocks.all(|b| matches!(&b.kind, BlockKind::List { items, .. } if items.iter().all(is_tight)))
}

fn callout(canvas: &mut Canvas<'_>, tone: CalloutKind, title: Option<&[Inline]>, body: &[Block]) {
    let (symbols, lang) = (canvas.look.symbols, canvas.look.lang);
    let (role, sign, name) = match tone {
        CalloutKind::Info => (Role::CalloutInfo, symbols.info(), tr!(lang, "Información", "Information")),
        CalloutKind::Note => (Role::CalloutNote, symbols.note(), tr!(lang, "Nota", "Note")),
        CalloutKind::Tip => (Role::CalloutTip, symbols.tip(), tr!(lang, "Consejo", "Tip")),
        CalloutKind::Warning => (Role::CalloutWarning, symbols.warning(), tr!(lang, "Atención", "Warning")),
    };
    let style = canvas.look.style(role);
    let bar = bar(canvas, role);
    if canvas.look.marks == Marks::Text {
        // Said in words, as a screen reader reads it.
        let mut head = vec![Chunk::new(format!("{name}: "), style)];
        head.extend(title.map(|t| chunks(canvas, t, style)).unwrap_or_default());
        canvas.text(&head);
        canvas.within(None, bar, |c| blocks(c, body, Gap::Line));
        return;
    }
    canvas.within(None, bar, |c| {
        let mut head = vec![Chunk::new(format!("{sign} "), style)];
        match title {
            Some(title) => head.extend(chunks(c, title, style)),
            None => head.push(Chunk::new(name, style)),
        }
        c.text(&head);
        blocks(c, body, Gap::Line);
    });
}

fn unknown_shortcode(canvas: &mut Canvas<'_>, name: &str, body: &[Block]) {
    let lang = canvas.look.lang;
    let words = if name.is_empty() {
        tr!(lang, "Aquí hay un atajo mal escrito.", "There is a malformed shortcode here.")
    } else {
        tr!(lang, "Espera no conoce el atajo «{name}».", "Espera doesn't know the shortcode `{name}`.")
    };
    let style = canvas.look.style(Role::Muted);
    let sign = canvas.look.symbols.unknown();
    let bar = bar(canvas, Role::Muted);
    canvas.within(None, bar, |c| {
        c.styled_words(&format!("{sign} {words}"), style);
        blocks(c, body, Gap::Line);
    });
}

fn picture(canvas: &mut Canvas<'_>, image: &Image) {
    let width = column(canvas.room());
    let rows = match (&image.source, canvas.look.picture) {
        (Target::File(path), Some(rows)) => rows(path, width),
        _ => None,
    };
    let left = column(canvas.margin());
    let rows = match rows {
        Some(rows) => canvas.leave_rows(rows),
        None => 0..0,
    };
    let drawn = !rows.is_empty();
    canvas.out.images.push(ImageAt {
        source: image.source.clone(),
        alt: image.alt.clone(),
        rows,
        column: left,
        width,
    });
    let caption = image.caption.as_deref().unwrap_or(&image.alt);
    let named = if caption.is_empty() { target_text(&image.source) } else { caption.to_owned() };
    let target = image.link.as_ref().unwrap_or(&image.source);
    canvas.out.links.push(LinkAt { target: target.clone(), label: named.clone(), places: Vec::new() });
    let link = Some(canvas.out.links.len() - 1);
    let style = canvas.look.style(Role::Picture);
    let words = if drawn { named } else { placeholder(canvas, image, named) };
    canvas.text(&[Chunk { link, ..Chunk::new(words, style) }]);
}

/// What stands for a picture that can't be drawn: its sign, what it shows, and its file.
fn placeholder(canvas: &Canvas<'_>, image: &Image, named: String) -> String {
    let sign = canvas.look.symbols.picture();
    let file = target_text(&image.source);
    let word = tr!(canvas.look.lang, "imagen", "picture");
    if named == file {
        format!("{sign} [{word}: {file}]")
    } else {
        format!("{sign} [{word}: {named}] ({file})")
    }
}

fn alternatives(canvas: &mut Canvas<'_>, tabs: &[Tab]) {
    for (i, tab) in tabs.iter().enumerate() {
        if i > 0 {
            canvas.gap();
        }
        let number = (i + 1).to_string();
        let title = if tab.title.is_empty() { number.as_str() } else { tab.title.as_str() };
        let style = canvas.look.style(Role::Accent);
        canvas.styled_words(&format!("[{title}]"), style);
        canvas.within(None, Span::raw("  "), |c| blocks(c, &tab.blocks, Gap::Line));
    }
}

fn expand(canvas: &mut Canvas<'_>, title: Option<&[Inline]>, body: &[Block]) {
    let style = canvas.look.style(Role::Accent);
    let sign = canvas.look.symbols.expand();
    let mut head = vec![Chunk::new(format!("{sign} "), style)];
    match title {
        Some(title) => head.extend(chunks(canvas, title, style)),
        None => head.push(Chunk::new(tr!(canvas.look.lang, "Detalles", "Details"), style)),
    }
    canvas.text(&head);
    canvas.within(None, Span::raw("  "), |c| blocks(c, body, Gap::Line));
}

fn write_page_links(canvas: &mut Canvas<'_>, previous: Option<&Target>, next: Option<&Target>) {
    let (symbols, lang) = (canvas.look.symbols, canvas.look.lang);
    let style = canvas.look.style(Role::Link);
    let mut line = Vec::new();
    let sides = [
        previous.map(|t| (t, format!("{} {}", symbols.arrow_left(), tr!(lang, "Anterior", "Previous")))),
        next.map(|t| (t, format!("{} {}", tr!(lang, "Siguiente", "Next"), symbols.arrow_right()))),
    ];
    for (target, label) in sides.into_iter().flatten() {
        if !line.is_empty() {
            line.push(Chunk::new(" · ", canvas.look.style(Role::Muted)));
        }
        canvas.out.links.push(LinkAt { target: target.clone(), label: label.clone(), places: Vec::new() });
        let link = Some(canvas.out.links.len() - 1);
        line.push(Chunk { link, ..Chunk::new(label, style) });
    }
    canvas.text(&line);
}

/// The footnotes, after a short rule.
pub(super) fn footnotes(canvas: &mut Canvas<'_>, notes: &[Footnote]) {
    if notes.is_empty() {
        return;
    }
    canvas.gap();
    rule(canvas, canvas.room().min(12));
    for note in notes {
        let sign = footnote_sign(note.number, canvas.look.symbols);
        let first = Span::styled(format!("{sign} "), canvas.look.style(Role::Link));
        let rest = Span::raw(" ".repeat(first.width()));
        canvas.within(Some(first), rest, |c| blocks(c, &note.blocks, Gap::Line));
    }
}
