//! Draws a link along its path: the line's weight says whether it carries something, its heads say
//! which way.

use super::links::{Flow, LinkState};
use super::picture::{Ink, Picture};
use ground::look::Charset;

/// The characters of a line: horizontal, vertical, and the corners as seen from the way it is walked.
struct Pen {
    across: char,
    down: char,
    /// Top left, top right, bottom left, bottom right.
    corners: [char; 4],
    ink: Ink,
}

fn pen(state: LinkState, charset: Charset) -> Pen {
    let ink = match state {
        LinkState::Absent => Ink::Absent,
        LinkState::Creating => Ink::Creating,
        LinkState::Idle | LinkState::Calls => Ink::Idle,
        LinkState::Carries(Flow::Forward) => Ink::Forward,
        LinkState::Carries(Flow::Back) => Ink::Back,
        LinkState::Carries(Flow::Both) => Ink::Both,
        LinkState::Broken => Ink::Broken,
    };
    let (across, down, corners) = match (charset, state) {
        (Charset::Unicode, LinkState::Absent | LinkState::Creating) => ('┄', '┆', ['┌', '┐', '└', '┘']),
        (Charset::Unicode, LinkState::Carries(_)) => ('═', '║', ['╔', '╗', '╚', '╝']),
        (Charset::Unicode, _) => ('─', '│', ['┌', '┐', '└', '┘']),
        (Charset::Ascii, LinkState::Absent | LinkState::Creating) => ('.', ':', ['.'; 4]),
        (Charset::Ascii, LinkState::Carries(_)) => ('=', '#', ['+'; 4]),
        (Charset::Ascii, _) => ('-', '|', ['+'; 4]),
    };
    Pen { across, down, corners, ink }
}

fn head(charset: Charset, (dx, dy): (i32, i32)) -> char {
    match (charset, dx, dy) {
        (Charset::Unicode, 1.., _) => '▶',
        (Charset::Unicode, ..=-1, _) => '◀',
        (Charset::Unicode, _, 1..) => '▼',
        (Charset::Unicode, ..) => '▲',
        (Charset::Ascii, 1.., _) => '>',
        (Charset::Ascii, ..=-1, _) => '<',
        (Charset::Ascii, _, 1..) => 'v',
        (Charset::Ascii, ..) => '^',
    }
}

/// The way from one point to the next, a step in one direction.
fn step((ax, ay): (u16, u16), (bx, by): (u16, u16)) -> (i32, i32) {
    ((i32::from(bx) - i32::from(ax)).signum(), (i32::from(by) - i32::from(ay)).signum())
}

/// Draws the path through `points` in the manner of `state`, with `label` in the middle of its longest
/// stretch across.
pub(super) fn wire(
    picture: &mut Picture,
    points: &[(u16, u16)],
    state: LinkState,
    label: Option<&str>,
    charset: Charset,
) {
    let (Some(&first), Some(&last)) = (points.first(), points.last()) else { return };
    let pen = pen(state, charset);
    for pair in points.windows(2) {
        if let [a, b] = *pair {
            stretch(picture, a, b, &pen);
        }
    }
    for triple in points.windows(3) {
        if let [a, b, c] = *triple {
            picture.set(b.0, b.1, corner(&pen, step(a, b), step(b, c)), pen.ink);
        }
    }
    let ends = (points.get(1).copied().unwrap_or(last), points.iter().rev().nth(1).copied().unwrap_or(first));
    heads(picture, (first, last), ends, state, charset, pen.ink);
    label_on(picture, points, state, label);
}

fn stretch(picture: &mut Picture, a: (u16, u16), b: (u16, u16), pen: &Pen) {
    for x in a.0.min(b.0)..=a.0.max(b.0) {
        for y in a.1.min(b.1)..=a.1.max(b.1) {
            let ch = if a.1 == b.1 { pen.across } else { pen.down };
            picture.set(x, y, ch, pen.ink);
        }
    }
}

fn corner(pen: &Pen, into: (i32, i32), out: (i32, i32)) -> char {
    let [top_left, top_right, bottom_left, bottom_right] = pen.corners;
    match (into, out) {
        ((-1, 0), (0, 1)) | ((0, -1), (1, 0)) => top_left,
        ((1, 0), (0, 1)) | ((0, -1), (-1, 0)) => top_right,
        ((-1, 0), (0, -1)) | ((0, 1), (1, 0)) => bottom_left,
        ((1, 0), (0, -1)) | ((0, 1), (-1, 0)) => bottom_right,
        ((_, 0), _) => pen.across,
        _ => pen.down,
    }
}

fn heads(
    picture: &mut Picture,
    (first, last): ((u16, u16), (u16, u16)),
    (second, before_last): ((u16, u16), (u16, u16)),
    state: LinkState,
    charset: Charset,
    ink: Ink,
) {
    let (at_last, at_first) = match state {
        LinkState::Carries(Flow::Forward) | LinkState::Calls => (true, false),
        LinkState::Carries(Flow::Back) => (false, true),
        LinkState::Carries(Flow::Both) => (true, true),
        _ => (false, false),
    };
    if at_last {
        picture.set(last.0, last.1, head(charset, step(before_last, last)), ink);
    }
    if state == LinkState::Broken {
        picture.set(last.0, last.1, if charset == Charset::Unicode { '✗' } else { 'x' }, ink);
    }
    if at_first {
        picture.set(first.0, first.1, head(charset, step(second, first)), ink);
    }
}

fn label_on(picture: &mut Picture, points: &[(u16, u16)], state: LinkState, label: Option<&str>) {
    let across = points.windows(2).filter_map(|p| match *p {
        [a, b] if a.1 == b.1 => Some((a.0.min(b.0), a.0.abs_diff(b.0) + 1, a.1)),
        _ => None,
    });
    let Some((x, len, y)) = across.max_by_key(|(_, len, _)| *len) else { return };
    let (LinkState::Carries(_), Some(label)) = (state, label) else { return };
    let room = len.saturating_sub(2);
    let wide = format!(" {label} ");
    // A label that left no line beside it would hide which way things flow.
    for text in [wide.as_str(), label] {
        let width = u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
        if width <= room {
            picture.put((x + (len - width) / 2, y), text, Ink::Lag, width);
            return;
        }
    }
}
