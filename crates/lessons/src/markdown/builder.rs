//! Stacks up blocks and runs as Markdown and HTML open and close them, and keeps the two from
//! breaking each other: an HTML tag never closes what Markdown opened.

use std::ops::Range;

use super::super::document::{
    Align, Block, BlockKind, CalloutKind, Cell, Footnote, Inline, Item, Span, Table, Target, Task, plain,
};
use super::context::Context;
use super::fragment::{Fragment, Part, parts};
use super::inline;

/// What a frame of the stack is.
#[derive(Clone, Debug)]
pub enum Kind {
    Root,
    Quote,
    Alert(CalloutKind),
    List { start: Option<u64>, items: Vec<Item> },
    Item(Option<Task>),
    Definition,
    Footnote(usize),
    Table { align: Vec<Align>, head: Vec<Cell>, rows: Vec<Vec<Cell>> },
    Row { cells: Vec<Cell>, head: bool },
    Cell,
    Paragraph,
    Heading { level: u8, id: Option<String>, at: Range<usize> },
    Expand { title: Option<Vec<Inline>> },
    Summary,
    Term,
    Block,
    Pre { language: Option<String> },
    Strong,
    Emphasis,
    Strike,
    Raised,
    Code,
    Key,
    Link(Target),
    Image(Target),
    Span,
    Drop,
}

impl Kind {
    /// Whether it holds blocks.
    fn holds_blocks(&self) -> bool {
        matches!(
            self,
            Kind::Root
                | Kind::Quote
                | Kind::Alert(_)
                | Kind::Item(_)
                | Kind::Definition
                | Kind::Footnote(_)
                | Kind::Expand { .. }
                | Kind::Block
        )
    }

    /// Whether it holds a line of runs and can't hold blocks.
    fn is_line(&self) -> bool {
        matches!(
            self,
            Kind::Heading { .. } | Kind::Cell | Kind::Summary | Kind::Term | Kind::Pre { .. } | Kind::Drop
        )
    }

    fn is_inline(&self) -> bool {
        !self.holds_blocks()
            && !self.is_line()
            && !matches!(self, Kind::Paragraph | Kind::List { .. } | Kind::Table { .. } | Kind::Row { .. })
    }
}

#[derive(Debug)]
struct Frame {
    kind: Kind,
    /// The HTML tag that opened it; `None` when Markdown did.
    tag: Option<String>,
    start: Range<usize>,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
}

/// Builds the blocks of one fragment.
pub struct Builder<'a, 'b> {
    /// The page's shared state.
    pub cx: &'a Context<'b>,
    /// The fragment.
    pub fragment: Fragment,
    /// The range of the event being read, in the fragment's text.
    pub range: Range<usize>,
    stack: Vec<Frame>,
    /// For each open Markdown element the height of the stack below it.
    marks: Vec<usize>,
    limit: usize,
}

impl<'a, 'b> Builder<'a, 'b> {
    /// A builder for a fragment within `level` shortcodes; deeper fragments may nest less.
    #[must_use]
    pub fn new(cx: &'a Context<'b>, fragment: Fragment, level: usize) -> Builder<'a, 'b> {
        let limit = 40usize.saturating_sub(8 * level).max(8);
        let mut builder = Builder { cx, fragment, range: 0..0, stack: Vec::new(), marks: Vec::new(), limit };
        builder.push_frame(Kind::Root, None);
        builder
    }

    /// The source's span of the event being read.
    #[must_use]
    pub fn span(&self) -> Span {
        self.fragment.span(&self.range)
    }

    /// What the top frame is.
    #[must_use]
    pub fn top(&self) -> &Kind {
        self.stack.last().map_or(&Kind::Root, |f| &f.kind)
    }

    fn push_frame(&mut self, kind: Kind, tag: Option<String>) {
        let start = self.range.clone();
        self.stack.push(Frame { kind, tag, start, blocks: Vec::new(), inlines: Vec::new() });
    }

    /// Opens what Markdown opens.
    pub fn open_markdown(&mut self, kind: Kind) {
        self.marks.push(self.stack.len());
        if self.stack.len() >= self.limit && !matches!(kind, Kind::Image(_)) {
            self.cx.too_deep(self.span());
            return;
        }
        let kind = match kind {
            Kind::Item(_) if !matches!(self.top(), Kind::List { .. }) => Kind::Block,
            kind => kind,
        };
        self.enter(kind, None);
    }

    /// Closes what Markdown opened last, and all HTML left open within.
    pub fn close_markdown(&mut self) {
        if let Some(mark) = self.marks.pop() {
            self.close_to(mark.max(1));
        }
    }

    /// Opens an HTML element; nothing when the page is nested too deep.
    pub fn open_html(&mut self, kind: Kind, tag: &str) {
        if self.stack.len() < self.limit {
            self.enter(kind, Some(tag.to_owned()));
        }
    }

    /// Closes the nearest open HTML element called `tag`, unless Markdown opened something since.
    pub fn close_html(&mut self, tag: &str) {
        let stop = self.stack.iter().rposition(|f| f.tag.is_none() && !matches!(f.kind, Kind::Paragraph));
        let found = self.stack.iter().rposition(|f| f.tag.as_deref() == Some(tag));
        if let Some(place) = found.filter(|p| stop.is_none_or(|s| *p > s)) {
            self.close_to(place);
        }
    }

    /// Whether an HTML element called `tag` is open and may be closed from here.
    #[must_use]
    pub fn within(&self, tags: &[&str]) -> bool {
        let open = self.stack.iter().rev().take_while(|f| f.tag.is_some());
        open.into_iter().any(|f| f.tag.as_deref().is_some_and(|t| tags.contains(&t)))
    }

    fn enter(&mut self, kind: Kind, tag: Option<String>) {
        let is_part =
            matches!(kind, Kind::Row { .. } | Kind::Cell | Kind::Item(_) | Kind::Definition | Kind::Term);
        if !is_part {
            self.fill_structure();
            if !kind.is_inline() && !matches!(kind, Kind::Drop) {
                self.end_line();
            }
        }
        self.push_frame(kind, tag);
    }

    /// Ends the open runs: where a block begins, and at the end of a block of HTML.
    pub fn end_line(&mut self) {
        self.collapse();
        if self.stack.last().is_some_and(|f| f.kind.holds_blocks() || matches!(f.kind, Kind::Paragraph)) {
            self.flush();
        }
    }

    /// Folds the open inline frames into what they stand in; says which they were.
    fn collapse(&mut self) -> Vec<(Kind, Option<String>)> {
        let base = self.stack.iter().rposition(|f| !f.kind.is_inline()).unwrap_or(0);
        let above = self.stack.split_off(base + 1);
        let were = above.iter().map(|f| (self.again(&f.kind), f.tag.clone())).collect();
        let mut carried = Vec::new();
        for frame in above.into_iter().rev() {
            let mut runs = frame.inlines;
            runs.append(&mut carried);
            carried = if runs.is_empty() { runs } else { wrap(frame.kind, runs) };
        }
        if let Some(frame) = self.stack.last_mut() {
            frame.inlines.append(&mut carried);
        }
        were
    }

    /// An inline frame's kind once more, for what follows a block within it.
    fn again(&self, kind: &Kind) -> Kind {
        match kind {
            // A long address around many blocks would be kept as often as there are blocks.
            Kind::Link(Target::Url(to) | Target::Broken(to)) if !self.cx.afford(to.len(), self.span()) => {
                Kind::Span
            }
            kind => kind.clone(),
        }
    }

    fn close_to(&mut self, height: usize) {
        while self.stack.len() > height {
            self.pop();
        }
    }

    /// Makes the loose runs of the top frame (or of its holder) a paragraph.
    fn flush(&mut self) {
        let Some(frame) = self.stack.last_mut() else { return };
        let inlines = std::mem::take(&mut frame.inlines);
        if inlines.is_empty() {
            return;
        }
        let range = frame.start.start..self.range.end.max(frame.start.end);
        let span = self.fragment.span(&range);
        for block in inline::paragraphs(inlines, span) {
            self.deliver(block);
        }
    }

    /// Gives a block to the nearest frame that takes it: a holder of blocks, or a line its words.
    fn deliver(&mut self, block: Block) {
        let taker = self.stack.iter_mut().rfind(|f| f.kind.holds_blocks() || f.kind.is_line());
        match taker {
            Some(frame) if frame.kind.is_line() => {
                let mut runs = inline::of_block(block);
                if !frame.inlines.is_empty() {
                    frame.inlines.push(Inline::Break);
                }
                frame.inlines.append(&mut runs);
            }
            Some(frame) => frame.blocks.push(block),
            None => {}
        }
    }

    /// Adds a block of this kind.
    pub fn push_kind(&mut self, kind: BlockKind) {
        let span = self.span();
        self.push_block(Block { span, kind });
    }

    /// Adds a block where it can stand: a paragraph is split around it, a line takes its words.
    pub fn push_block(&mut self, block: Block) {
        let Some(base) = self.stack.iter().rposition(|f| !f.kind.is_inline()) else { return };
        match self.stack[base].kind {
            Kind::List { .. } | Kind::Table { .. } | Kind::Row { .. } => {
                self.collapse();
                self.fill_structure();
                self.push_block(block);
                return;
            }
            ref kind if kind.is_line() => {
                for run in inline::of_block(block) {
                    self.push_inline(run);
                }
                return;
            }
            _ => {}
        }
        let reopen = self.collapse();
        self.flush();
        self.deliver(block);
        for (kind, tag) in reopen {
            self.push_frame(kind, tag);
        }
    }

    /// Opens the item, row or cell that text directly in a list or table needs.
    fn fill_structure(&mut self) {
        match self.top() {
            Kind::List { .. } => self.push_frame(Kind::Item(None), Some("li".to_owned())),
            Kind::Table { .. } => {
                self.push_frame(Kind::Row { cells: Vec::new(), head: false }, Some("tr".to_owned()));
                self.push_frame(Kind::Cell, Some("td".to_owned()));
            }
            Kind::Row { .. } => self.push_frame(Kind::Cell, Some("td".to_owned())),
            _ => {}
        }
    }

    /// Adds a run.
    pub fn push_inline(&mut self, run: Inline) {
        self.fill_structure();
        let range = self.range.clone();
        let Some(frame) = self.stack.last_mut() else { return };
        if frame.inlines.is_empty() && frame.kind.holds_blocks() {
            frame.start = range;
        }
        if let (Inline::Text(new), Some(Inline::Text(last))) = (&run, frame.inlines.last_mut()) {
            last.push_str(new);
        } else {
            frame.inlines.push(run);
        }
    }

    /// Adds a soft line break.
    pub fn soft_break(&mut self) {
        self.push_inline(Inline::Text("\n".to_owned()));
    }

    /// Marks the row being read as a table's head.
    pub fn head_row(&mut self) {
        if let Some(Frame { kind: Kind::Row { head, .. }, .. }) = self.stack.last_mut() {
            *head = true;
        }
    }

    /// Marks the item being read as a task.
    pub fn task(&mut self, state: Task) {
        if let Some(frame) = self.stack.iter_mut().rfind(|f| matches!(f.kind, Kind::Item(_))) {
            frame.kind = Kind::Item(Some(state));
        }
    }

    /// Adds text: placeholders become what they stand for, bare addresses become links.
    pub fn text(&mut self, text: &str) {
        if matches!(self.top(), Kind::List { .. } | Kind::Table { .. } | Kind::Row { .. })
            && text.trim().is_empty()
        {
            return;
        }
        for part in parts(text) {
            match part {
                Part::Held(i) => self.push_placeholder(i),
                Part::Text(t)
                    if self.stack.iter().any(|f| matches!(f.kind, Kind::Link(_) | Kind::Pre { .. })) =>
                {
                    self.push_inline(Inline::Text(t.to_owned()));
                }
                Part::Text(t) => {
                    for run in inline::linkify(t) {
                        self.push_inline(run);
                    }
                }
            }
        }
    }

    /// Adds what placeholder `i` stands for.
    pub fn push_placeholder(&mut self, i: usize) {
        let Some(product) = self.fragment.products.get(i).cloned() else { return };
        if self.stack.iter().any(|f| matches!(f.kind, Kind::Code | Kind::Pre { .. } | Kind::Key)) {
            self.push_inline(Inline::Text(product.words()));
            return;
        }
        for run in product.inlines {
            self.push_inline(run);
        }
        for block in product.blocks {
            self.push_block(block);
        }
    }

    /// The blocks, when all is read.
    #[must_use]
    pub fn finish(mut self) -> Vec<Block> {
        self.close_to(1);
        self.flush();
        self.stack.pop().map(|f| f.blocks).unwrap_or_default()
    }

    fn pop(&mut self) {
        if self.stack.last().is_some_and(|f| f.kind.holds_blocks() || matches!(f.kind, Kind::Paragraph)) {
            self.flush();
        }
        let Some(frame) = self.stack.pop() else { return };
        let range = frame.start.start..self.range.end.max(frame.start.end);
        let span = self.fragment.span(&range);
        let block = match frame.kind {
            Kind::Root | Kind::Paragraph | Kind::Drop => return,
            Kind::Block => {
                frame.blocks.into_iter().for_each(|b| self.deliver(b));
                return;
            }
            Kind::Definition => return self.close_definition(frame.blocks),
            Kind::Item(task) => return self.close_item(Item { task, blocks: frame.blocks }),
            Kind::Footnote(number) => {
                return self.cx.keep_footnote(Footnote { number, blocks: frame.blocks });
            }
            Kind::Row { cells, head } => return self.close_row(cells, head),
            Kind::Cell => return self.close_cell(inline::trim(frame.inlines)),
            Kind::Summary => return self.close_summary(inline::trim(frame.inlines)),
            Kind::Term => {
                let strong = vec![Inline::Strong(inline::trim(frame.inlines))];
                let blocks = vec![Block { span, kind: BlockKind::Paragraph(strong) }];
                return self.close_item(Item { task: None, blocks });
            }
            Kind::Quote => BlockKind::Quote(frame.blocks),
            Kind::Alert(tone) => BlockKind::Callout { tone, title: None, body: frame.blocks },
            Kind::Expand { title } => BlockKind::Expand { title, body: frame.blocks },
            Kind::List { start, items } if !items.is_empty() => BlockKind::List { start, items },
            Kind::Table { align, head, rows } => match table(align, head, rows) {
                Some(table) => BlockKind::Table(table),
                None => return,
            },
            Kind::Pre { language } => {
                let text = plain(&frame.inlines).trim_matches('\n').to_owned();
                if text.trim().is_empty() {
                    return;
                }
                BlockKind::Code { language, text }
            }
            Kind::Heading { level, id, at } => {
                let text = inline::trim(frame.inlines);
                let id = self.cx.heading_id(&id.unwrap_or_else(|| inline::slug(&plain(&text))));
                let span = self.fragment.span(&at);
                return self.push_block(Block { span, kind: BlockKind::Heading { level, id, text } });
            }
            Kind::List { .. } => return,
            kind => {
                for run in wrap(kind, frame.inlines) {
                    self.push_inline(run);
                }
                return;
            }
        };
        self.push_block(Block { span, kind: block });
    }

    fn close_item(&mut self, item: Item) {
        if let Some(Frame { kind: Kind::List { items, .. }, .. }) = self.stack.last_mut() {
            items.push(item);
        } else {
            item.blocks.into_iter().for_each(|b| self.deliver(b));
        }
    }

    /// A definition belongs to the term before it.
    fn close_definition(&mut self, blocks: Vec<Block>) {
        match self.stack.last_mut() {
            Some(Frame { kind: Kind::List { items, .. }, .. }) => match items.last_mut() {
                Some(item) => item.blocks.extend(blocks),
                None => items.push(Item { task: None, blocks }),
            },
            _ => blocks.into_iter().for_each(|b| self.deliver(b)),
        }
    }

    fn close_row(&mut self, cells: Vec<Cell>, is_head: bool) {
        if let Some(Frame { kind: Kind::Table { head, rows, .. }, .. }) = self.stack.last_mut() {
            if is_head && head.is_empty() && rows.is_empty() {
                *head = cells;
            } else if !cells.is_empty() {
                rows.push(cells);
            }
        }
    }

    fn close_cell(&mut self, cell: Cell) {
        if let Some(Frame { kind: Kind::Row { cells, .. }, .. }) = self.stack.last_mut() {
            cells.push(cell);
        }
    }

    fn close_summary(&mut self, runs: Vec<Inline>) {
        match self.stack.iter_mut().rfind(|f| f.kind.holds_blocks()) {
            Some(Frame { kind: Kind::Expand { title }, .. }) => *title = Some(runs),
            _ => self.push_kind(BlockKind::Paragraph(vec![Inline::Strong(runs)])),
        }
    }
}

/// An inline frame's runs in what the frame says of them.
fn wrap(kind: Kind, runs: Vec<Inline>) -> Vec<Inline> {
    vec![match kind {
        Kind::Strong => Inline::Strong(runs),
        Kind::Emphasis => Inline::Emphasis(runs),
        Kind::Strike => Inline::Strike(runs),
        Kind::Raised => Inline::Text(inline::superscript(&plain(&runs))),
        Kind::Code => Inline::Code(plain(&runs)),
        Kind::Key => Inline::Key(plain(&runs)),
        Kind::Image(source) => inline::image(source, plain(&runs)),
        Kind::Link(target) => inline::link(target, runs),
        _ => return runs,
    }]
}

/// The most cells a table is filled up to: one long row must not make all others as long.
const CELLS: usize = 100_000;

/// A table whose rows all have as many cells as the longest (unless that is absurd); nothing when it is empty.
fn table(mut align: Vec<Align>, mut head: Vec<Cell>, mut rows: Vec<Vec<Cell>>) -> Option<Table> {
    let columns = rows.iter().map(Vec::len).chain([head.len(), align.len()]).max().filter(|n| *n > 0)?;
    align.resize(columns, Align::Left);
    if columns.saturating_mul(rows.len()) > CELLS {
        return Some(Table { align, head, rows });
    }
    if !head.is_empty() {
        head.resize(columns, Vec::new());
    }
    for row in &mut rows {
        row.resize(columns, Vec::new());
    }
    Some(Table { align, head, rows })
}
