//! What depends on the size of the screen and therefore lives outside the model: how far each pane is
//! scrolled, what was drawn where (for the mouse), and the lesson as it was last set.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use ratatui::layout::{Position, Rect};

use super::lesson::Highlighter;
use super::lesson_layout::LessonLayout;
use crate::app::{Motion, Pane, Target};

/// The state of the view between frames.
#[derive(Default)]
pub struct Viewports {
    /// What a click means, the last drawn on top; `None` swallows the click.
    hits: Vec<(Rect, Option<Target>)>,
    panes: Vec<(Rect, Pane)>,
    /// By pane; the drill's is the last.
    scrolls: [Scroll; Pane::Drill as usize + 1],
    wishes: Vec<(Pane, Motion)>,
    pub(super) overlay: Paging,
    pub(super) layout: Option<LessonLayout>,
    highlighter: Arc<OnceLock<Highlighter>>,
    colours: Colours,
    #[cfg(feature = "pictures")]
    pub(super) pictures: Option<super::lesson::picture::Pictures>,
}

/// Whether the colours of code have been asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Colours {
    #[default]
    Unasked,
    Asked,
}

/// How far something is scrolled.
#[derive(Clone, Copy, Debug, Default)]
struct Scroll {
    at: usize,
    len: usize,
    page: usize,
    end: End,
}

/// Whether a reader has gone to the end of what there is to scroll: they stay there when it changes its
/// length, since they read what stands last, not what stands in a certain line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    #[default]
    Elsewhere,
    There,
}

impl End {
    /// Of something without anything to scroll one is not at the end.
    fn of(at: usize, max: usize) -> End {
        if max > 0 && at == max { End::There } else { End::Elsewhere }
    }
}

impl Scroll {
    fn max(self) -> usize {
        self.len.saturating_sub(self.page)
    }
}

/// The scroll of an overlay. The model counts what was asked for and may run past either end; this
/// follows its changes and stays within what there is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Paging {
    kind: u8,
    asked: usize,
    at: usize,
    len: usize,
    end: End,
}

impl Paging {
    /// The first line to show, for an overlay of this kind with `len` lines of which `page` fit.
    pub fn follow(&mut self, kind: u8, asked: usize, len: usize, page: usize) -> usize {
        if self.kind != kind {
            *self = Paging { kind, ..Paging::default() };
        }
        let max = len.saturating_sub(page);
        if self.end == End::There {
            self.at = max;
        }
        let (from, to) = (i64::try_from(self.asked).unwrap_or(0), i64::try_from(asked).unwrap_or(0));
        let at = i64::try_from(self.at).unwrap_or(0).saturating_add(to - from);
        self.asked = asked;
        self.at = usize::try_from(at.max(0)).unwrap_or(0).min(max);
        (self.len, self.end) = (len, End::of(self.at, max));
        self.at
    }

    /// The same for one that begins at its end and grows there: how many lines below the last one shown.
    /// Who reads further up keeps the lines before their eyes.
    pub fn follow_from_end(&mut self, kind: u8, asked: usize, len: usize, page: usize) -> usize {
        if self.kind == kind && self.at > 0 && self.end == End::Elsewhere {
            self.at += len.saturating_sub(self.len);
        }
        self.follow(kind, asked, len, page)
    }

    /// Forgets the overlay that was closed.
    pub fn close(&mut self) {
        *self = Paging::default();
    }
}

impl Viewports {
    /// Asks for a pane to be moved; done when it is next drawn, clamped to what there is.
    pub fn request(&mut self, pane: Pane, motion: Motion) {
        self.wishes.push((pane, motion));
    }

    /// What a click at column `x`, row `y` means, as last drawn.
    #[must_use]
    pub fn hit(&self, x: u16, y: u16) -> Option<Target> {
        let at = Position::new(x, y);
        self.hits.iter().rev().find(|(area, _)| area.contains(at)).and_then(|(_, target)| target.clone())
    }

    /// The pane at column `x`, row `y`, as last drawn; none while an overlay is open.
    #[must_use]
    pub fn pane_at(&self, x: u16, y: u16) -> Option<Pane> {
        self.panes.iter().find(|(area, _)| area.contains(Position::new(x, y))).map(|(_, pane)| *pane)
    }

    /// The first line a pane shows, and the last it could.
    #[must_use]
    pub fn scroll(&self, pane: Pane) -> (usize, usize) {
        let scroll = self.scrolls[pane as usize];
        (scroll.at, scroll.max())
    }

    /// Draws the lesson's pictures from now on, as this terminal can.
    #[cfg(feature = "pictures")]
    pub fn show_pictures(&mut self, pictures: super::lesson::picture::Pictures) {
        self.pictures = Some(pictures);
        self.layout = None;
    }

    /// Loads the colours of code beside the frames: that takes longer than a frame may, so code is plain
    /// until they are there. Called after each frame; only the first call that has a lesson does anything.
    pub fn load_colours(&mut self) {
        let (Colours::Unasked, Some(layout)) = (self.colours, &self.layout) else { return };
        self.colours = Colours::Asked;
        let (slot, code) = (self.highlighter.clone(), layout.code());
        std::thread::spawn(move || {
            let highlighter = Highlighter::new();
            // The first block of a language costs most: it is paid here, not in a frame.
            for (language, text) in code {
                let _ = highlighter.lines(&language, &text);
            }
            let _ = slot.set(highlighter);
        });
    }

    /// The colours of code, once they are there.
    pub(super) fn highlighter(&self) -> Option<&Highlighter> {
        self.highlighter.get()
    }

    /// Begins a frame: what was where is no longer true.
    pub(super) fn begin(&mut self) {
        self.hits.clear();
        self.panes.clear();
    }

    pub(super) fn clickable(&mut self, area: Rect, target: Target) {
        self.hits.push((area, Some(target)));
    }

    pub(super) fn pane(&mut self, area: Rect, pane: Pane) {
        self.panes.push((area, pane));
        self.clickable(area, Target::Pane(pane));
    }

    /// An overlay covers `area`: clicks within reach nothing below, clicks outside close it.
    pub(super) fn cover(&mut self, screen: Rect, area: Rect) {
        self.panes.clear();
        self.hits.push((screen, Some(Target::No)));
        self.hits.push((area, None));
    }

    /// Carries out what was asked of `pane`, which has `len` lines of which `page` fit; `place` says
    /// which lines a match, a block or a stack takes. Answers with the first line to show.
    pub(super) fn settle(
        &mut self,
        pane: Pane,
        len: usize,
        page: usize,
        place: impl Fn(Motion) -> Option<Range<usize>>,
    ) -> usize {
        let scroll = &mut self.scrolls[pane as usize];
        (scroll.len, scroll.page) = (len, page);
        let max = scroll.max();
        if scroll.end == End::There {
            scroll.at = max;
        }
        for (_, motion) in self.wishes.extract_if(.., |(p, _)| *p == pane) {
            scroll.at = match motion {
                Motion::Lines(n) => scroll.at.saturating_add_signed(n),
                // A line of the page before stays in sight.
                Motion::Pages(n) => {
                    let page = isize::try_from(page.saturating_sub(1).max(1)).unwrap_or(isize::MAX);
                    scroll.at.saturating_add_signed(n.saturating_mul(page))
                }
                Motion::Top => 0,
                Motion::Bottom => max,
                Motion::Match | Motion::Block | Motion::Stack => match place(motion) {
                    Some(lines) => reveal(scroll.at, page, &lines),
                    None => scroll.at,
                },
            }
            .min(max);
        }
        scroll.at = scroll.at.min(max);
        scroll.end = End::of(scroll.at, max);
        scroll.at
    }

    /// The text of `pane` has been set anew and has `len` lines now: the reader keeps the place.
    pub(super) fn rescale(&mut self, pane: Pane, len: usize) {
        let scroll = &mut self.scrolls[pane as usize];
        scroll.at = (scroll.at * len).checked_div(scroll.len).unwrap_or(0);
    }
}

/// The first line to show so that `lines` are in sight, moving as little as need be.
fn reveal(at: usize, page: usize, lines: &Range<usize>) -> usize {
    if lines.start < at || lines.len() >= page {
        lines.start.saturating_sub(1)
    } else if lines.end > at + page {
        lines.end - page
    } else {
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scrolling_stops_at_both_ends() {
        let mut views = Viewports::default();
        let none = |_: Motion| None;
        views.request(Pane::Lesson, Motion::Lines(-5));
        assert_eq!(views.settle(Pane::Lesson, 100, 10, none), 0);
        views.request(Pane::Lesson, Motion::Bottom);
        views.request(Pane::Lesson, Motion::Lines(3));
        assert_eq!(views.settle(Pane::Lesson, 100, 10, none), 90);
        assert_eq!(views.settle(Pane::Lesson, 20, 15, none), 5, "less to show: no empty page");
        views.request(Pane::Stacks, Motion::Lines(1));
        assert_eq!(views.scroll(Pane::Lesson), (5, 5));
    }

    #[test]
    fn who_reads_the_end_stays_there_when_the_text_or_the_screen_changes() {
        let mut views = Viewports::default();
        let none = |_: Motion| None;
        views.request(Pane::Drill, Motion::Bottom);
        assert_eq!(views.settle(Pane::Drill, 40, 10, none), 30);
        assert_eq!(views.settle(Pane::Drill, 42, 10, none), 32, "two lines more, in another language");
        assert_eq!(views.settle(Pane::Drill, 42, 4, none), 38, "a smaller screen");
        views.request(Pane::Drill, Motion::Lines(-1));
        assert_eq!(views.settle(Pane::Drill, 42, 4, none), 37);
        assert_eq!(views.settle(Pane::Drill, 60, 4, none), 37, "who reads on in the middle stays there");
        views.request(Pane::Drill, Motion::Top);
        assert_eq!(views.settle(Pane::Drill, 60, 60, none), 0);
        assert_eq!(views.settle(Pane::Drill, 70, 60, none), 0, "all was in sight: its end was not sought");
        // The lesson keeps its place by its share of the text, and its end as its end.
        views.request(Pane::Lesson, Motion::Bottom);
        assert_eq!(views.settle(Pane::Lesson, 100, 30, none), 70);
        views.rescale(Pane::Lesson, 140);
        assert_eq!(views.settle(Pane::Lesson, 140, 30, none), 110);
    }

    #[test]
    fn who_reads_the_end_of_an_overlay_stays_there() {
        let mut paging = Paging::default();
        assert_eq!(paging.follow(1, 0, 40, 10), 0);
        assert_eq!(paging.follow(1, 65_535, 40, 10), 30);
        assert_eq!(paging.follow(1, 65_535, 44, 10), 34);
        assert_eq!(paging.follow(1, 65_534, 44, 10), 33);
        assert_eq!(paging.follow(1, 65_534, 50, 10), 33);
    }

    #[test]
    fn who_reads_up_in_the_log_is_not_moved_by_new_lines() {
        let mut paging = Paging::default();
        let mut first = |asked, len: usize| len - 10 - paging.follow_from_end(3, asked, len, 10);
        assert_eq!(first(0, 40), 30);
        assert_eq!(first(0, 41), 31, "at its end it follows");
        assert_eq!(first(5, 41), 26);
        assert_eq!(first(5, 44), 26);
        assert_eq!(first(65_535, 44), 0);
        assert_eq!(first(65_535, 50), 0, "at its top it stays at its top");
    }

    #[test]
    fn a_match_comes_into_sight() {
        let mut views = Viewports::default();
        views.request(Pane::Lesson, Motion::Match);
        assert_eq!(views.settle(Pane::Lesson, 100, 10, |_| Some(50..51)), 41);
        views.request(Pane::Lesson, Motion::Match);
        assert_eq!(views.settle(Pane::Lesson, 100, 10, |_| Some(45..46)), 41);
    }

    #[test]
    fn an_overlay_asked_past_its_end_comes_back_at_once() {
        let mut paging = Paging::default();
        assert_eq!(paging.follow(1, 0, 40, 10), 0);
        assert_eq!(paging.follow(1, 65_535, 40, 10), 30);
        assert_eq!(paging.follow(1, 65_534, 40, 10), 29);
        assert_eq!(paging.follow(2, 0, 40, 10), 0);
    }

    #[test]
    fn clicks_reach_what_is_on_top() {
        let mut views = Viewports::default();
        views.pane(Rect::new(0, 0, 50, 20), Pane::Lesson);
        views.clickable(Rect::new(5, 5, 5, 1), Target::Block(2));
        assert_eq!(views.hit(6, 5), Some(Target::Block(2)));
        assert_eq!(views.hit(1, 1), Some(Target::Pane(Pane::Lesson)));
        views.cover(Rect::new(0, 0, 50, 20), Rect::new(4, 4, 10, 10));
        assert_eq!((views.hit(6, 5), views.hit(40, 1)), (None, Some(Target::No)));
        assert_eq!(views.pane_at(1, 1), None);
    }
}
