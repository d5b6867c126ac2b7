//! Walks the Markdown parser's events and tells the builder what opens, closes and is said.

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd,
};

use super::super::document::{Align, Block, BlockKind, CalloutKind, Inline, Target, Task};
use super::builder::{Builder, Kind};
use super::context::Context;
use super::depth;
use super::fragment::{Fragment, Part, parts};
use super::tags;
use ground::lang::printable_lines as printable;

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
}

/// The blocks of a fragment.
#[must_use]
pub fn run(cx: &Context<'_>, mut fragment: Fragment, level: usize) -> Vec<Block> {
    let (text, excess) = depth::limit_depth(std::mem::take(&mut fragment.text));
    if let Some(at) = excess {
        cx.too_deep(fragment.span(&(at..at + 1)));
    }
    let define = |broken: pulldown_cmark::BrokenLink<'_>| {
        cx.definition(&broken.reference).map(|to| (to.to_owned().into(), "".into()))
    };
    let parser = Parser::new_with_broken_link_callback(&text, options(), Some(define));
    let mut walk = Walk { b: Builder::new(cx, fragment, level), html: None, code: None };
    for (event, range) in parser.into_offset_iter() {
        walk.b.range = range;
        walk.event(event);
    }
    walk.b.finish()
}

struct Walk<'a, 'b> {
    b: Builder<'a, 'b>,
    /// The HTML block being read.
    html: Option<String>,
    /// The code block being read: language, whether fenced, text.
    code: Option<(Option<String>, Fence, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fence {
    Fenced,
    Indented,
}

impl Walk<'_, '_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(t) => match &mut self.code {
                Some((_, _, text)) => text.push_str(&t),
                None => self.b.text(&printable(&t)),
            },
            Event::Code(t) => {
                let text = self.b.fragment.fill(&t);
                self.b.push_inline(Inline::Code(text));
            }
            Event::Html(t) => match &mut self.html {
                Some(html) => html.push_str(&t),
                None => tags::apply(&mut self.b, &t),
            },
            Event::InlineHtml(t) => tags::apply(&mut self.b, &t),
            Event::FootnoteReference(label) => {
                let number = self.b.cx.footnote(&label);
                self.b.push_inline(Inline::FootnoteRef(number));
            }
            Event::SoftBreak => self.b.soft_break(),
            Event::HardBreak => self.b.push_inline(Inline::Break),
            Event::Rule => self.b.push_kind(BlockKind::Rule),
            Event::TaskListMarker(done) => self.b.task(if done { Task::Done } else { Task::Open }),
            Event::InlineMath(t) | Event::DisplayMath(t) => self.b.text(&t),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let kind = match tag {
            Tag::Paragraph => Kind::Paragraph,
            Tag::Heading { level, id, .. } => {
                Kind::Heading { level: rank(level), id: id.map(|i| i.to_string()), at: self.b.range.clone() }
            }
            Tag::BlockQuote(None) => Kind::Quote,
            Tag::BlockQuote(Some(kind)) => Kind::Alert(tone(kind)),
            Tag::CodeBlock(kind) => {
                self.code = Some(match kind {
                    CodeBlockKind::Fenced(info) => (language(&info), Fence::Fenced, String::new()),
                    CodeBlockKind::Indented => (None, Fence::Indented, String::new()),
                });
                return;
            }
            Tag::HtmlBlock => {
                self.html = Some(String::new());
                return;
            }
            Tag::List(start) => Kind::List { start, items: Vec::new() },
            Tag::Item => Kind::Item(None),
            Tag::FootnoteDefinition(label) => Kind::Footnote(self.b.cx.footnote(&label)),
            Tag::DefinitionList => Kind::List { start: None, items: Vec::new() },
            Tag::DefinitionListTitle => Kind::Term,
            Tag::DefinitionListDefinition => Kind::Definition,
            Tag::Table(align) => Kind::Table {
                align: align.into_iter().map(side).collect(),
                head: Vec::new(),
                rows: Vec::new(),
            },
            Tag::TableHead => Kind::Row { cells: Vec::new(), head: true },
            Tag::TableRow => Kind::Row { cells: Vec::new(), head: false },
            Tag::TableCell => Kind::Cell,
            Tag::Emphasis => Kind::Emphasis,
            Tag::Strong => Kind::Strong,
            Tag::Strikethrough => Kind::Strike,
            Tag::Superscript | Tag::Subscript | Tag::MetadataBlock(_) => Kind::Span,
            Tag::Link { dest_url, .. } => Kind::Link(self.destination(&dest_url)),
            Tag::Image { dest_url, .. } => Kind::Image(self.picture(&dest_url)),
        };
        self.b.open_markdown(kind);
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock => {
                if let Some((language, fence, text)) = self.code.take() {
                    self.code_block(language, fence, &text);
                }
            }
            TagEnd::HtmlBlock => {
                if let Some(html) = self.html.take() {
                    tags::apply(&mut self.b, &html);
                    self.b.end_line();
                }
            }
            _ => self.b.close_markdown(),
        }
    }

    fn code_block(&mut self, language: Option<String>, fence: Fence, text: &str) {
        // A shortcode indented by four blanks is meant as a shortcode, not as code.
        let mut held = Vec::new();
        let only_held = parts(text.trim()).all(|p| match p {
            Part::Text(t) => t.trim().is_empty(),
            Part::Held(i) => {
                held.push(i);
                self.b.fragment.products.get(i).is_some_and(|p| !p.blocks.is_empty())
            }
        });
        if fence == Fence::Indented && only_held && !held.is_empty() {
            for i in held {
                self.b.push_placeholder(i);
            }
            return;
        }
        let filled = self.b.fragment.fill(text);
        let text = filled.trim_end_matches('\n').to_owned();
        self.b.push_kind(match language {
            Some(language) if language == "mermaid" => BlockKind::Diagram { language, source: text },
            language => BlockKind::Code { language, text },
        });
    }

    fn destination(&mut self, to: &str) -> Target {
        let mut held = parts(to).filter_map(|p| match p {
            Part::Held(i) => self.b.fragment.products.get(i)?.target.clone(),
            Part::Text(_) => None,
        });
        if let Some(target) = held.next() {
            let after = to.rsplit_once('#').map(|(_, a)| a.to_owned());
            return match (target, after) {
                (Target::Page { path, anchor: None }, Some(anchor)) => {
                    Target::Page { path, anchor: Some(anchor) }
                }
                (target, _) => target,
            };
        }
        let filled = self.b.fragment.fill(&printable(to));
        self.b.cx.target(&filled, self.b.span())
    }

    fn picture(&mut self, to: &str) -> Target {
        let filled = self.b.fragment.fill(&printable(to));
        self.b.cx.file(&filled, self.b.span())
    }
}

fn rank(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

fn tone(kind: BlockQuoteKind) -> CalloutKind {
    match kind {
        BlockQuoteKind::Note => CalloutKind::Note,
        BlockQuoteKind::Tip => CalloutKind::Tip,
        BlockQuoteKind::Important => CalloutKind::Info,
        BlockQuoteKind::Warning | BlockQuoteKind::Caution => CalloutKind::Warning,
    }
}

fn side(alignment: Alignment) -> Align {
    match alignment {
        Alignment::None | Alignment::Left => Align::Left,
        Alignment::Center => Align::Centre,
        Alignment::Right => Align::Right,
    }
}

/// The language of an info string: ```` ```bash {linenos=table} ````, ```` ```{.yaml} ````.
fn language(info: &str) -> Option<String> {
    let word = info.trim().trim_start_matches(['{', '.']).split([' ', ',', '{', '}', '\t', ':']).next()?;
    // An unprintable character can still come in as an entity.
    let word = printable(word);
    (!word.is_empty()).then(|| word.to_ascii_lowercase())
}
