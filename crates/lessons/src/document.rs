//! What a lesson says once it is read: blocks with their place in the source, without any width,
//! colour or language of the interface. The renderer (`ui::lesson`) and the linear text read this.

/// A range of bytes in the lesson's file, for messages with a caret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A whole lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The blocks, in reading order.
    pub blocks: Vec<Block>,
    /// The footnotes, in the order in which the text first names them.
    pub footnotes: Vec<Footnote>,
}

/// A footnote's text; `Inline::FootnoteRef` carries its number.
#[derive(Clone, Debug, PartialEq)]
pub struct Footnote {
    /// Its number, from 1.
    pub number: usize,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A block and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its place in the file.
    pub span: Span,
    /// What it is.
    pub kind: BlockKind,
}

/// The kinds of block.
#[derive(Clone, Debug, PartialEq)]
pub enum BlockKind {
    /// A heading with its rank (1 to 6) and the id that `#anchors` name.
    Heading {
        /// 1 to 6.
        level: u8,
        /// The id anchors point at.
        id: String,
        /// The text.
        text: Vec<Inline>,
    },
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A list; `start` is the first number of a numbered one.
    List {
        /// The first number, or `None` for bullets.
        start: Option<u64>,
        /// The items.
        items: Vec<Item>,
    },
    /// A table.
    Table(Table),
    /// A block quote.
    Quote(Vec<Block>),
    /// A notice with a tone and, if the author gave one, its own title.
    Callout {
        /// What it is for.
        tone: CalloutKind,
        /// The author's title.
        title: Option<Vec<Inline>>,
        /// What it says.
        body: Vec<Block>,
    },
    /// A block of code.
    Code {
        /// The language as the author wrote it (`bash`, `yaml`, `output`).
        language: Option<String>,
        /// The text, without a final line break.
        text: String,
    },
    /// A picture on its own.
    Image(Image),
    /// Alternatives of which a page shows one at a time.
    Tabs(Vec<Tab>),
    /// A part that a page would show folded.
    Expand {
        /// Its title, if it has one.
        title: Option<Vec<Inline>>,
        /// What it holds.
        body: Vec<Block>,
    },
    /// A diagram's source (`mermaid`), which a terminal can't draw.
    Diagram {
        /// The diagram's language.
        language: String,
        /// The source.
        source: String,
    },
    /// Links to the page before and the one after.
    Turn {
        /// The page before.
        previous: Option<Target>,
        /// The page after.
        next: Option<Target>,
    },
    /// A shortcode that Espera doesn't know, with what it enclosed.
    Unknown {
        /// Its name.
        name: String,
        /// What it enclosed.
        body: Vec<Block>,
    },
    /// A horizontal rule.
    Rule,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Whether a task is done; `None` when it's no task.
    pub task: Option<Task>,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// The state of a task in a task list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// `[ ]`
    Open,
    /// `[x]`
    Done,
}

/// A table: every row has as many cells as `align`, or fewer.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// One for each column.
    pub align: Vec<Align>,
    /// The head's cells; empty when the table has none.
    pub head: Vec<Cell>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A table cell.
pub type Cell = Vec<Inline>;

/// How a column is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// To the left.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// To the right.
    Right,
}

/// What a callout is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CalloutKind {
    /// Something to know.
    Info,
    /// Something to remember.
    Note,
    /// Something that helps.
    Tip,
    /// Something that can go wrong.
    Warning,
}

/// One of several alternatives.
#[derive(Clone, Debug, PartialEq)]
pub struct Tab {
    /// What the tab is called.
    pub title: String,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// A picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Where it is.
    pub source: Target,
    /// What it shows, for those who can't see it.
    pub alt: String,
    /// The line under it.
    pub caption: Option<String>,
    /// Where a click on it leads.
    pub link: Option<Target>,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A page of the library, by its path there, and a heading's id in it.
    Page {
        /// The page's path in the library.
        path: String,
        /// A heading's id.
        anchor: Option<String>,
    },
    /// A heading of the same page.
    Anchor(String),
    /// A file of the library (a picture, an attachment), by its path on disk.
    File(std::path::PathBuf),
    /// Somewhere outside: `https:`, `mailto:`.
    Url(String),
    /// Nothing in the library answers to it.
    Broken(String),
}

/// A run within a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Inline {
    /// Text.
    Text(String),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Struck out.
    Strike(Vec<Inline>),
    /// Code.
    Code(String),
    /// A key of the keyboard.
    Key(String),
    /// A link.
    Link {
        /// Where to.
        target: Target,
        /// What is shown.
        label: Vec<Inline>,
    },
    /// A button: a link that asks to be pressed.
    Button {
        /// Where to.
        target: Target,
        /// What is shown.
        label: Vec<Inline>,
    },
    /// A small picture within the text.
    Image(Image),
    /// A line break the author asked for.
    Break,
    /// A footnote's number.
    FootnoteRef(usize),
}

/// The words of some runs, without any style.
#[must_use]
pub fn plain(inlines: &[Inline]) -> String {
    let mut out = String::new();
    push_plain(inlines, &mut out);
    out
}

fn push_plain(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(t) | Inline::Code(t) | Inline::Key(t) => out.push_str(t),
            Inline::Strong(x) | Inline::Emphasis(x) | Inline::Strike(x) => push_plain(x, out),
            Inline::Link { label, .. } | Inline::Button { label, .. } => push_plain(label, out),
            Inline::Image(image) => out.push_str(&image.alt),
            Inline::Break => out.push(' '),
            Inline::FootnoteRef(_) => {}
        }
    }
}
