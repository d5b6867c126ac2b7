//! Puts a layout's frames, nodes and links on a picture.

use super::links;
use super::path;
use super::picture::{Ink, Picture};
use super::plan::{Form, Frame, Layout, LinkId, NodeId, Placed, Plan};
use super::state::{self, NodeState, RegionState};
use super::words;
use crate::cloud::facts::{DistributionStatus, Facts, Role};
use ground::lang::Lang;
use ground::look::Charset;

/// What every part of a drawing needs.
struct Drawing<'a> {
    plan: &'a Plan,
    facts: &'a Facts,
    lang: Lang,
    charset: Charset,
    /// Columns to the left of the layout, so that it stands in the middle.
    left: u16,
}

/// Draws `layout` in the middle of `width` columns.
pub(super) fn layout(
    plan: &Plan,
    layout: &Layout,
    facts: &Facts,
    lang: Lang,
    width: u16,
    charset: Charset,
) -> Picture {
    let drawing = Drawing { plan, facts, lang, charset, left: (width - layout.size.0) / 2 };
    let mut picture = Picture::new(width, layout.size.1);
    for frame in &layout.frames {
        region(&mut picture, frame, &drawing);
    }
    for wire in &layout.links {
        let state = links::link(plan, facts, wire.link, wire.region);
        let label = if wire.link == LinkId::Database { words::lag(facts) } else { None };
        let points: Vec<_> = wire.path.iter().map(|(x, y)| (x + drawing.left, *y)).collect();
        path::wire(&mut picture, &points, state, label.as_deref(), charset);
    }
    // After the links, so that a node covers the ends that reach under it.
    for placed in &layout.nodes {
        node(&mut picture, placed, &drawing);
    }
    finish(picture, charset)
}

/// The architecture as lines of text, cut to `width` x `height`.
pub(super) fn lines(facts: &Facts, lang: Lang, width: u16, height: u16, charset: Charset) -> Picture {
    let sentences = words::sentences(facts, lang);
    let rows = height.min(u16::try_from(sentences.len()).unwrap_or(u16::MAX));
    let mut picture = Picture::new(width, rows);
    for (y, line) in (0..rows).zip(&sentences) {
        picture.put((0, y), line, Ink::Text, width);
    }
    finish(picture, charset)
}

fn finish(picture: Picture, charset: Charset) -> Picture {
    match charset {
        Charset::Unicode => picture,
        Charset::Ascii => picture.into_ascii(),
    }
}

/// Corner and side characters: top left, top right, bottom left, bottom right, across, down.
fn edges(charset: Charset) -> [char; 6] {
    match charset {
        Charset::Unicode => ['┌', '┐', '└', '┘', '─', '│'],
        Charset::Ascii => ['+', '+', '+', '+', '-', '|'],
    }
}

fn rectangle(picture: &mut Picture, (x, y): (u16, u16), (w, h): (u16, u16), ink: Ink, charset: Charset) {
    let [tl, tr, bl, br, across, down] = edges(charset);
    let (right, bottom) = (x + w.saturating_sub(1), y + h.saturating_sub(1));
    for column in x..=right {
        picture.set(column, y, across, ink);
        picture.set(column, bottom, across, ink);
    }
    for row in y..=bottom {
        picture.set(x, row, down, ink);
        picture.set(right, row, down, ink);
    }
    for (column, row, ch) in [(x, y, tl), (right, y, tr), (x, bottom, bl), (right, bottom, br)] {
        picture.set(column, row, ch, ink);
    }
}

fn mark(state: NodeState, charset: Charset) -> (&'static str, Ink) {
    match (state, charset) {
        (NodeState::Absent, Charset::Unicode) => ("○", Ink::Absent),
        (NodeState::Absent, Charset::Ascii) => ("o", Ink::Absent),
        (NodeState::Creating | NodeState::Deleting, Charset::Unicode) => ("…", Ink::Creating),
        (NodeState::Creating | NodeState::Deleting, Charset::Ascii) => ("~", Ink::Creating),
        (NodeState::Ready, Charset::Unicode) => ("✓", Ink::Ready),
        (NodeState::Ready, Charset::Ascii) => ("v", Ink::Ready),
        (NodeState::Broken, Charset::Unicode) => ("✗", Ink::Broken),
        (NodeState::Broken, Charset::Ascii) => ("x", Ink::Broken),
    }
}

fn region(picture: &mut Picture, frame: &Frame, drawing: &Drawing<'_>) {
    let state = state::region(drawing.facts, frame.region);
    let (sign, ink) = match state {
        RegionState::Empty => mark(NodeState::Absent, drawing.charset),
        RegionState::Creating | RegionState::Deleting => mark(NodeState::Creating, drawing.charset),
        RegionState::Ready | RegionState::Serving => mark(NodeState::Ready, drawing.charset),
        RegionState::Broken => mark(NodeState::Broken, drawing.charset),
    };
    let border = match state {
        RegionState::Broken => Ink::Broken,
        RegionState::Empty => Ink::Absent,
        _ => Ink::Line,
    };
    let (x, y) = (frame.at.0 + drawing.left, frame.at.1);
    rectangle(picture, (x, y), frame.size, border, drawing.charset);
    let name = match frame.region {
        Role::Primary => Ink::Primary,
        Role::Standby => Ink::Standby,
    };
    let word = words::region(state, drawing.lang);
    let long = format!(" {} · {} · ", frame.region.region(), words::role(frame.region, drawing.lang));
    // The narrow frame has no room for the role; its word stays.
    let room = frame.size.0.saturating_sub(4);
    let tail = u16::try_from(word.chars().count()).unwrap_or(u16::MAX) + 3;
    let fits = u16::try_from(long.chars().count()).unwrap_or(u16::MAX) + tail <= room;
    let title = if fits { long } else { format!(" {} ", frame.region.region()) };
    let at = picture.put((x + 1, y), &title, name, room);
    let at = picture.put((at, y), sign, ink, 1);
    picture.put((at, y), &format!(" {word} "), ink, (x + frame.size.0).saturating_sub(at + 1));
}

fn node(picture: &mut Picture, placed: &Placed, drawing: &Drawing<'_>) {
    let Some(node) = drawing.plan.node(placed.node) else { return };
    let state = state::node(drawing.facts, placed.region, node);
    let word = words::node(drawing.facts, placed.region, placed.node, state, drawing.lang);
    let (sign, ink) = mark(state, drawing.charset);
    let (x, y) = (placed.at.0 + drawing.left, placed.at.1);
    let writer = placed.node == NodeId::Database
        && placed.region.is_some_and(|r| words::is_writer(drawing.facts, r))
        && state == NodeState::Ready;
    let said = if writer { Ink::Writer } else { ink };
    let name = if state == NodeState::Absent { Ink::Absent } else { Ink::Text };
    match placed.form {
        Form::Box => {
            let border = match state {
                NodeState::Absent => Ink::Absent,
                NodeState::Broken => Ink::Broken,
                NodeState::Creating | NodeState::Deleting => Ink::Creating,
                NodeState::Ready => Ink::Line,
            };
            rectangle(picture, (x, y), (placed.width, 3), border, drawing.charset);
            let room = placed.width.saturating_sub(2);
            picture.put((x + 1, y), &format!(" {} ", node.name), name, room);
            picture.put((x + 2, y + 1), sign, ink, 1);
            let word = if placed.node == NodeId::Edge { edge_word(drawing.facts, word) } else { word };
            let room = placed.width.saturating_sub(5);
            if word.chars().count() <= usize::from(room) {
                picture.put((x + 4, y + 1), &word, said, room);
            }
        }
        Form::Line => {
            let centred = placed.node == NodeId::Edge;
            let length = u16::try_from(node.name.chars().count() + word.chars().count()).unwrap_or(0) + 3;
            let x = if centred { x + placed.width.saturating_sub(length) / 2 } else { x };
            if centred {
                picture.put(
                    (x.saturating_sub(1), y),
                    &" ".repeat(usize::from(length) + 2),
                    Ink::Blank,
                    length + 2,
                );
            }
            picture.put((x, y), sign, ink, 1);
            let at = picture.put((x + 2, y), &node.name, name, placed.width.saturating_sub(2));
            let room = placed.width.saturating_sub(at.saturating_sub(x) + 1);
            // A word cut to a letter or two says nothing.
            if room >= 4 {
                picture.put((at + 1, y), &word, said, room);
            }
        }
    }
}

/// The edge's box has room for its name on the internet, once it is deployed.
fn edge_word(facts: &Facts, word: String) -> String {
    match &facts.edge {
        Some(e) if e.status == DistributionStatus::Deployed && !e.domain.is_empty() => e.domain.clone(),
        _ => word,
    }
}
