//! The drill's timeline in cells, at any width: phases as labelled bands, probes as marks in a row for
//! each kind, the replication lag as a line, and the time below.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::draw_context::DrawContext;
use super::super::text;
use super::super::theme::Role;
use ground::clock::{Moment, span};

/// Columns of the labels at the left.
const MARGIN: u16 = 11;

#[derive(Default)]
pub(super) struct Chart {
    pub from: Moment,
    pub to: Moment,
    pub bands: Vec<Band>,
    pub rows: Vec<Row>,
    pub lag: Vec<(Moment, u64)>,
    /// What the lag is called, and the highest there was.
    pub lag_label: String,
}

pub(super) struct Band {
    pub label: String,
    pub role: Role,
    pub from: Moment,
    pub to: Moment,
}

/// The probes of one kind.
pub(super) struct Row {
    pub label: String,
    pub role: Role,
    pub marks: Vec<(Moment, Mark)>,
}

/// How a probe went; where several share a column, the last of this order is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// The primary answered.
    Primary,
    /// The standby answered.
    Standby,
    /// No answer, or an error.
    Failed,
    /// Acknowledged, and lost.
    Lost,
}

impl Mark {
    pub const ALL: [Mark; 4] = [Mark::Primary, Mark::Standby, Mark::Failed, Mark::Lost];

    /// Its sign and colour: never the colour alone.
    pub fn sign(self, context: &DrawContext<'_>) -> (&'static str, Role) {
        match self {
            Mark::Primary => (context.signs.probe_primary(), Role::Primary),
            Mark::Standby => (context.signs.probe_standby(), Role::Standby),
            Mark::Failed => (context.signs.probe_failed(), Role::Error),
            Mark::Lost => (context.signs.probe_lost(), Role::Warning),
        }
    }
}

impl Chart {
    /// Rows it takes with `lag` rows for the lag.
    pub fn height(&self, lag: u16) -> u16 {
        let rows = u16::try_from(self.rows.len()).unwrap_or(0);
        2 + rows + if self.lag.is_empty() { 0 } else { lag }
    }

    /// Draws it from the area's top; the lag takes what is left above the time.
    pub fn draw(&self, context: &DrawContext<'_>, area: Rect, buffer: &mut Buffer) {
        if area.width <= MARGIN + 4 || area.height < 3 {
            return;
        }
        let plot = Rect { x: area.x + MARGIN, width: area.width - MARGIN, ..area };
        self.draw_bands(context, Rect { height: 1, ..plot }, buffer);
        let foot = area.bottom() - 1;
        let mut y = area.y + 1;
        for row in &self.rows {
            if y >= foot {
                break;
            }
            label(context, &row.label, row.role, Rect { y, height: 1, ..area }, buffer);
            self.draw_marks(context, row, Rect { y, height: 1, ..plot }, buffer);
            y += 1;
        }
        if y < foot && !self.lag.is_empty() {
            let below = Rect { y, height: foot - y, ..plot };
            self.draw_lag(context, below, Rect { y, height: 1, ..area }, buffer);
        }
        self.draw_time(context, Rect { y: foot, height: 1, ..plot }, buffer);
    }

    fn length(&self) -> u64 {
        (self.to.0.saturating_sub(self.from.0)).max(1000)
    }

    /// The column of a moment.
    fn column(&self, at: Moment, width: u16) -> u16 {
        let last = u64::from(width.saturating_sub(1));
        let x = at.0.saturating_sub(self.from.0).saturating_mul(last) / self.length();
        u16::try_from(x.min(last)).unwrap_or(0)
    }

    fn draw_bands(&self, context: &DrawContext<'_>, area: Rect, buffer: &mut Buffer) {
        for (index, band) in self.bands.iter().enumerate() {
            let from = self.column(band.from, area.width);
            let to = match self.bands.get(index + 1) {
                Some(next) => self.column(next.from, area.width),
                None => self.column(band.to, area.width) + 1,
            };
            let room = usize::from(to.saturating_sub(from));
            if room == 0 {
                continue;
            }
            let (edge, line) = (context.signs.band_edge(), context.signs.rule());
            // A letter and an ellipsis say nothing: a phase that is too short has only its edge.
            let name = if room < 4 { String::new() } else { text::cut(&band.label, room - 1, context.signs) };
            let rest = room.saturating_sub(1 + text::width(&name));
            let drawn = format!("{edge}{name}{}", line.repeat(rest));
            buffer.set_stringn(area.x + from, area.y, drawn, room, context.style(band.role));
        }
    }

    fn draw_marks(&self, context: &DrawContext<'_>, row: &Row, area: Rect, buffer: &mut Buffer) {
        let mut columns: Vec<Option<Mark>> = vec![None; usize::from(area.width)];
        for (at, mark) in &row.marks {
            if let Some(slot) = columns.get_mut(usize::from(self.column(*at, area.width))) {
                *slot = (*slot).max(Some(*mark));
            }
        }
        for (x, mark) in (area.x..).zip(columns) {
            if let Some((sign, role)) = mark.map(|m| m.sign(context)) {
                buffer.set_string(x, area.y, sign, context.style(role));
            }
        }
    }

    /// The lag as a line through the rows of `area`, the highest at the top; the scale at the left.
    fn draw_lag(&self, context: &DrawContext<'_>, area: Rect, margin: Rect, buffer: &mut Buffer) {
        let highest = self.lag.iter().map(|(_, ms)| *ms).max().unwrap_or(0).max(1);
        label(context, &self.lag_label, Role::Flow, margin, buffer);
        let rows = area.height.saturating_sub(1);
        if rows > 0 {
            let scale =
                text::cut(&span(Duration::from_millis(highest)), usize::from(MARGIN) - 1, context.signs);
            buffer.set_stringn(
                margin.x,
                margin.y + 1,
                scale,
                usize::from(MARGIN) - 1,
                context.style(Role::Muted),
            );
        }
        let level = |ms: u64| u16::try_from(ms.saturating_mul(u64::from(rows)) / highest).unwrap_or(rows);
        let mut levels: Vec<Option<u16>> = vec![None; usize::from(area.width)];
        for (at, ms) in &self.lag {
            if let Some(slot) = levels.get_mut(usize::from(self.column(*at, area.width))) {
                *slot = (*slot).max(Some(level(*ms)));
            }
        }
        let until = levels.iter().rposition(Option::is_some).unwrap_or(0);
        let mut before = levels.iter().flatten().next().copied().unwrap_or(0);
        let began = levels.iter().position(Option::is_some).unwrap_or(0);
        for (x, here) in (area.x..).zip(&levels).take(until + 1).skip(began) {
            let here = here.unwrap_or(before);
            self.step(context, area, x, (before, here), buffer);
            before = here;
        }
    }

    /// One column of the line: level, or up or down from the column before.
    fn step(
        &self,
        context: &DrawContext<'_>,
        area: Rect,
        x: u16,
        (before, here): (u16, u16),
        buffer: &mut Buffer,
    ) {
        let style = context.style(Role::Flow);
        let y = |level: u16| area.bottom() - 1 - level.min(area.height - 1);
        let mut put = |level: u16, sign: &str| {
            buffer.set_string(x, y(level), sign, style);
        };
        if here == before {
            return put(here, context.signs.rule());
        }
        let (low, high) = (before.min(here), before.max(here));
        for level in low + 1..high {
            put(level, context.signs.column());
        }
        let (at_high, at_low) = match here > before {
            true => (context.signs.bend_down_right(), context.signs.bend_left_up()),
            false => (context.signs.bend_left_down(), context.signs.bend_up_right()),
        };
        put(high, at_high);
        put(low, at_low);
    }

    fn draw_time(&self, context: &DrawContext<'_>, area: Rect, buffer: &mut Buffer) {
        let style = context.style(Role::Muted);
        let every = (area.width / 24).max(1);
        let whole = self.length();
        let mut free = area.x;
        for tick in 0..=every {
            let ms = whole * u64::from(tick) / u64::from(every);
            let name = span(Duration::from_millis(ms));
            let width = text::columns(&name);
            let at = area.x + self.column(Moment(self.from.0 + ms), area.width);
            let at = if tick == every { area.right().saturating_sub(width) } else { at };
            if at < free || at + width > area.right() {
                continue;
            }
            buffer.set_string(at, area.y, &name, style);
            free = at + width + 2;
        }
    }
}

fn label(context: &DrawContext<'_>, name: &str, role: Role, area: Rect, buffer: &mut Buffer) {
    let name = context.cut(name, usize::from(MARGIN) - 1);
    buffer.set_stringn(area.x, area.y, name, usize::from(MARGIN) - 1, context.style(role));
}
