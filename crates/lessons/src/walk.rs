//! Walks a document for what a reader can take out of it: code to copy and links to follow, in reading order.

use super::document::{Block, BlockKind, Document, Image, Inline, Target, plain};

/// A link of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// What is shown.
    pub label: String,
    /// Where it leads.
    pub target: Target,
}

impl Document {
    /// The code blocks' text, in reading order: the order in which they are drawn and marked.
    #[must_use]
    pub fn code_blocks(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.each_block(&mut |block| {
            if let BlockKind::Code { text, .. } | BlockKind::Diagram { source: text, .. } = &block.kind {
                found.push(text.as_str());
            }
        });
        found
    }

    /// The links, in reading order.
    #[must_use]
    pub fn links(&self) -> Vec<Link> {
        let mut found = Vec::new();
        self.each_block(&mut |block| match &block.kind {
            BlockKind::Heading { text, .. } | BlockKind::Paragraph(text) => links_of(text, &mut found),
            BlockKind::Callout { title: Some(title), .. } | BlockKind::Expand { title: Some(title), .. } => {
                links_of(title, &mut found);
            }
            BlockKind::Table(table) => {
                for cell in table.head.iter().chain(table.rows.iter().flatten()) {
                    links_of(cell, &mut found);
                }
            }
            BlockKind::Image(image) => found.push(link_of(image)),
            BlockKind::Turn { previous, next } => {
                found.extend([("←", previous), ("→", next)].into_iter().filter_map(|(label, target)| {
                    Some(Link { label: label.to_owned(), target: target.clone()? })
                }));
            }
            _ => {}
        });
        found
    }

    fn each_block<'a>(&'a self, f: &mut impl FnMut(&'a Block)) {
        walk(&self.blocks, f);
        for note in &self.footnotes {
            walk(&note.blocks, f);
        }
    }
}

fn walk<'a>(blocks: &'a [Block], f: &mut impl FnMut(&'a Block)) {
    for block in blocks {
        f(block);
        match &block.kind {
            BlockKind::List { items, .. } => items.iter().for_each(|i| walk(&i.blocks, f)),
            BlockKind::Tabs(tabs) => tabs.iter().for_each(|t| walk(&t.blocks, f)),
            BlockKind::Quote(body)
            | BlockKind::Callout { body, .. }
            | BlockKind::Expand { body, .. }
            | BlockKind::Unknown { body, .. } => walk(body, f),
            _ => {}
        }
    }
}

/// Where a picture leads: where its author says, else to its file.
fn link_of(image: &Image) -> Link {
    Link { label: image.alt.clone(), target: image.link.as_ref().unwrap_or(&image.source).clone() }
}

fn links_of(inlines: &[Inline], found: &mut Vec<Link>) {
    for inline in inlines {
        match inline {
            Inline::Link { target, label } | Inline::Button { target, label } => {
                found.push(Link { label: plain(label), target: target.clone() });
                links_of(label, found);
            }
            Inline::Image(image) => found.push(link_of(image)),
            Inline::Strong(x) | Inline::Emphasis(x) | Inline::Strike(x) => links_of(x, found),
            _ => {}
        }
    }
}
