//! What a frame costs: the whole screen at 200x60 while a stack is being created, p50 and p99, and the
//! first frame, in which the lesson is laid out. `cargo bench --bench frame`.

#[path = "../tests/screens/states.rs"]
#[expect(dead_code, reason = "the benchmark needs some of the states alone")]
mod states;

use std::time::{Duration, Instant};

use espera::app::{Model, Motion, Overlay, Pane};
use espera::ui::{self, Viewports};
use ground::lang::Lang;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

const FRAMES: usize = 2000;
/// Frames slower than this at 200x60 are felt while scrolling.
const AIM: Duration = Duration::from_millis(4);

fn main() {
    let deploying = states::deploying(Lang::Es);
    let mut help = deploying.clone();
    help.overlay = Some(Overlay::Help { scroll: 0 });
    let mut ascii = deploying.clone();
    ascii.look.charset = ground::look::Charset::Ascii;
    ascii.look.ids = espera::app::Ids::Masked;
    for (name, model, (w, h)) in [
        ("80x24", &deploying, (80, 24)),
        ("120x40", &deploying, (120, 40)),
        ("200x60", &deploying, (200, 60)),
        ("200x60, help over it", &help, (200, 60)),
        ("200x60, ASCII, masked", &ascii, (200, 60)),
    ] {
        measure(name, model, w, h);
    }
}

fn measure(name: &str, model: &Model, w: u16, h: u16) {
    let mut terminal =
        Terminal::new(ui::Clean::new(TestBackend::new(w, h))).unwrap_or_else(|e| panic!("{e}"));
    let mut views = Viewports::default();
    let mut times = Vec::with_capacity(FRAMES);
    let mut model = model.clone();
    for frame in 0..FRAMES {
        // As in use: the clock moves, and the reader scrolls up and down.
        model.now = model.now.after(Duration::from_secs(1));
        views.request(Pane::Lesson, Motion::Lines(if frame % 20 < 10 { 1 } else { -1 }));
        let began = Instant::now();
        terminal.draw(|f| ui::render(&model, &mut views, f)).unwrap_or_else(|e| panic!("{e}"));
        times.push(began.elapsed());
    }
    let first = times[0];
    times.sort_unstable();
    let (p50, p99) = (times[FRAMES / 2], times[FRAMES * 99 / 100]);
    let ratio = p99.as_secs_f64() / AIM.as_secs_f64();
    println!(
        "frame {name:<24} first {first:>9.1?}  p50 {p50:>9.1?}  p99 {p99:>9.1?}  ({ratio:.2} of the aim)"
    );
}
