//! Runs of a lesson as styled chunks.

use ratatui::style::Style;

use super::canvas::Canvas;
use super::look::Marks;
use super::rendered::LinkAt;
use super::wrap::Chunk;
use crate::ui::theme::Role;
use ground::look::Charset;
use lessons::document::{Inline, Target, plain};
use lessons::target_text;

/// The chunks of some runs on a base style; their links are noted on the canvas.
pub(super) fn chunks(canvas: &mut Canvas<'_>, runs: &[Inline], base: Style) -> Vec<Chunk> {
    let mut out = Vec::with_capacity(runs.len());
    let mut writer = Writer { canvas, out: &mut out, link: None };
    writer.runs(runs, base);
    out
}

struct Writer<'a, 'b, 'c> {
    canvas: &'a mut Canvas<'b>,
    out: &'c mut Vec<Chunk>,
    link: Option<usize>,
}

impl Writer<'_, '_, '_> {
    fn runs(&mut self, runs: &[Inline], style: Style) {
        for run in runs {
            self.run(run, style);
        }
    }

    fn say(&mut self, text: impl Into<String>, style: Style) {
        self.out.push(Chunk { link: self.link, ..Chunk::new(text, style) });
    }

    fn role(&self, style: Style, role: Role) -> Style {
        style.patch(self.canvas.look.style(role))
    }

    fn run(&mut self, run: &Inline, style: Style) {
        match run {
            Inline::Text(text) => self.say(text.as_str(), style),
            Inline::Strong(runs) => self.runs(runs, self.role(style, Role::Strong)),
            Inline::Emphasis(runs) => self.runs(runs, self.role(style, Role::Emphasis)),
            Inline::Strike(runs) => self.runs(runs, self.role(style, Role::Strike)),
            Inline::Code(text) => {
                let style = self.role(style, Role::Code);
                for (i, line) in text.lines().enumerate() {
                    if i > 0 {
                        self.out.push(Chunk::line_break());
                    }
                    let said = if self.canvas.look.marks == Marks::Text {
                        format!("`{line}`")
                    } else {
                        line.to_owned()
                    };
                    self.say(said, style);
                }
            }
            Inline::Key(text) => {
                let text =
                    if self.canvas.look.marks == Marks::Text { format!("[{text}]") } else { text.clone() };
                self.say(text, self.role(style, Role::Key));
            }
            Inline::Link { target, label } => self.link(target, label, style),
            Inline::Button { target, label } => {
                self.say("[ ", self.role(style, Role::Link));
                self.link(target, label, style);
                self.say(" ]", self.role(style, Role::Link));
            }
            Inline::Image(image) => {
                let sign = self.canvas.look.symbols.picture();
                let alt = if image.alt.is_empty() { target_text(&image.source) } else { image.alt.clone() };
                let label = [Inline::Text(format!("{sign} {alt}"))];
                self.link(image.link.as_ref().unwrap_or(&image.source), &label, style);
            }
            Inline::Break => self.out.push(Chunk::line_break()),
            Inline::FootnoteRef(number) => {
                let sign = footnote_sign(*number, self.canvas.look.symbols);
                self.say(sign, self.role(style, Role::Link));
            }
        }
    }

    fn link(&mut self, target: &Target, label: &[Inline], style: Style) {
        let outer = self.link;
        let links = &mut self.canvas.out.links;
        links.push(LinkAt { target: target.clone(), label: plain(label), places: Vec::new() });
        self.link = Some(links.len() - 1);
        let style = self.role(style, Role::Link);
        self.runs(label, style);
        self.link = outer;
        if self.canvas.look.marks == Marks::Text
            && let Target::Url(url) = target
            && plain(label).trim() != url
        {
            self.say(format!(" ({url})"), style);
        }
    }
}

/// The sign of a footnote's number.
pub(super) fn footnote_sign(number: usize, symbols: Charset) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    match symbols {
        Charset::Ascii => format!("[{number}]"),
        Charset::Unicode => {
            let digits = number.to_string();
            digits.bytes().filter_map(|d| RAISED.get(usize::from(d.wrapping_sub(b'0')))).collect()
        }
    }
}
