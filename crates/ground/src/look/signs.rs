//! The signs the screen is drawn with: a Unicode set and an ASCII one for terminals and readers that can't
//! show the former. Every pane takes its marks from here.

use super::Charset;

/// Declares the signs once: name, Unicode form, ASCII form, meaning.
macro_rules! signs {
    ($($name:ident $unicode:literal $ascii:literal $doc:literal,)*) => {
        impl Charset {
            $(#[doc = $doc]
            #[must_use]
            pub fn $name(self) -> &'static str {
                match self {
                    Charset::Unicode => $unicode,
                    Charset::Ascii => $ascii,
                }
            })*
        }
    };
}

signs! {
    bullet "•" "*" "A list's bullet, first depth.",
    bullet2 "◦" "-" "A list's bullet, second depth.",
    bullet3 "▪" "+" "A list's bullet, third depth and below.",
    task_done "☑" "[x]" "A task that is done.",
    task_open "☐" "[ ]" "A task that is open.",
    bar "▌" "|" "The bar beside quotes, callouts and code.",
    rule "─" "-" "A horizontal line.",
    column "│" "|" "A vertical line between columns.",
    cross "┼" "+" "Where a horizontal and a vertical line meet.",
    corner_top_left "┌" "+" "A box's top left corner.",
    corner_top_right "┐" "+" "A box's top right corner.",
    corner_bottom_left "└" "+" "A box's bottom left corner.",
    corner_bottom_right "┘" "+" "A box's bottom right corner.",
    info "ℹ" "i" "Information.",
    note "✎" "*" "A note.",
    tip "✦" "+" "A tip.",
    warning "▲" "!" "A warning.",
    unknown "?" "?" "Something not understood.",
    done "✓" "v" "Done.",
    progress "…" "~" "Under way.",
    pending "○" "o" "Not begun.",
    failed "✗" "x" "Failed.",
    current "●" "@" "Where one stands.",
    expand "▸" ">" "A part that may be folded.",
    picture "▣" "#" "A picture.",
    arrow_left "←" "<-" "To the left, back.",
    arrow_right "→" "->" "To the right, onwards.",
    ellipsis "…" "..." "Cut off.",
    filled "▓" "#" "The done part of a bar.",
    empty "░" "." "The open part of a bar.",
    fold "▾" "v" "A part that is open and may be folded.",
    more_up "▲" "^" "There is more above.",
    more_down "▼" "v" "There is more below.",
    about "≈" "~" "Roughly.",
    times "×" "x" "So many times.",
    dot "·" "-" "Between two parts of a line.",
    join_left "├" "+" "A frame's left side where another frame begins below.",
    join_right "┤" "+" "A frame's right side where another frame begins below.",
    caret "▏" "_" "Where typed text goes.",
    choose "▶" ">" "The chosen row of a list.",
    probe_primary "●" "o" "A probe that the primary answered.",
    probe_standby "◆" "s" "A probe that the standby answered.",
    probe_failed "✗" "x" "A probe that got no answer, or an error.",
    probe_lost "◌" "!" "A write that was acknowledged and lost.",
    band_edge "├" "|" "Where a phase begins.",
    bend_down_right "┌" "." "A line that came from below goes on to the right.",
    bend_left_up "┘" "'" "A line that came from the left goes up.",
    bend_left_down "┐" "." "A line that came from the left goes down.",
    bend_up_right "└" "'" "A line that came from above goes on to the right.",
}
