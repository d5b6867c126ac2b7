//! How long lessons take: a lesson of 100 kB read and laid out, code colours, and, with `LESSONS=DIR` (folders
//! divided by `:`), every page of real sites at three widths, each checked for raw shortcodes and lines too wide.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use espera::ui::lesson::{Highlighter, Look, render};
use espera::ui::theme::Theme;
use ground::lang::Lang;
use lessons::{Library, Severity};

/// The widths real pages are laid out at.
const WIDTHS: [u16; 3] = [60, 80, 120];
/// How often each site is gone through: once for faults, then for times, of which the best counts.
const ROUNDS: usize = 6;

fn main() {
    let theme = Theme::default();
    let look = Look::new(&theme, Lang::Es);
    hundred_kilobytes(&look);
    let start = Instant::now();
    let highlighter = Highlighter::new();
    println!("syntaxes loaded                    {:>10.2?}", start.elapsed());
    let coloured = Look { highlight: Some(&highlighter), ..look };
    let code =
        Library::of_texts([("a.md", "```yaml\nResources:\n  Table:\n    Type: AWS::DynamoDB::Table\n```\n")]);
    let document = code.lesson("a", Lang::Es);
    let first = timed(1, || drop(render(&document, 80, &coloured)));
    let again = timed(200, || drop(render(&document, 80, &coloured)));
    println!("a small block coloured             {first:>10.2?}   kept {again:>10.2?}");
    for dir in std::env::var("LESSONS").unwrap_or_default().split(':').filter(|d| !d.is_empty()) {
        site(Path::new(dir), &look);
    }
}

fn hundred_kilobytes(look: &Look<'_>) {
    let part = include_str!("../tests/fixtures/hugo/content/everything.es.md");
    let body = part.splitn(3, "+++").nth(2).unwrap_or(part);
    let text = body.repeat(100_000 / body.len() + 1);
    let read = timed(20, || drop(Library::of_texts([("big.md", text.as_str())]).lesson("big", Lang::Es)));
    let library = Library::of_texts([("big.md", text.as_str())]);
    let document = library.lesson("big", Lang::Es);
    let laid = timed(20, || drop(render(&document, 80, look)));
    let lines = render(&document, 80, look).lines.len();
    println!("a lesson of {} kB ({lines} lines)", text.len() / 1000);
    println!("  read                             {read:>10.2?}");
    println!("  laid out at 80 columns           {laid:>10.2?}   {:.2} of reading", ratio(laid, read));
    println!(
        "  per kB, both                     {:>10.2?}",
        (read + laid) / u32::try_from(text.len() / 1000).unwrap_or(1)
    );
}

fn site(dir: &Path, look: &Look<'_>) {
    let mut best: BTreeMap<(String, u16), Duration> = BTreeMap::new();
    for round in 0..ROUNDS {
        let start = Instant::now();
        let library = match Library::open(dir) {
            Ok(library) => library,
            Err(error) => return println!("{}: {error}", dir.display()),
        };
        let opened = start.elapsed();
        if round == 0 {
            faults(dir, &library, opened, look);
            continue;
        }
        for page in library.all() {
            let start = Instant::now();
            let parsed = library.parse(page);
            let read = start.elapsed();
            for width in WIDTHS {
                let start = Instant::now();
                drop(render(&parsed.document, width, look));
                let time = read + start.elapsed();
                let kept = best.entry((page.source.path.display().to_string(), width)).or_insert(time);
                *kept = time.min(*kept);
            }
        }
    }
    let mut times: Vec<_> = best.into_iter().map(|(page, time)| (time, page)).collect();
    times.sort();
    let sum: Duration = times.iter().map(|t| t.0).sum();
    let at = |part: usize| times.get(times.len() * part / 1000).map(|t| t.0).unwrap_or_default();
    let mean = sum / u32::try_from(times.len().max(1)).unwrap_or(1);
    println!("  read and laid out, a page: mean {mean:.2?} p50 {:.2?} p99 {:.2?}", at(500), at(990));
    if let Some((time, (name, width))) = times.last() {
        println!("  slowest {time:.2?} at {width}: {name}");
    }
}

/// What is wrong with a site's pages, and whether any shows a raw shortcode or a line too wide.
fn faults(dir: &Path, library: &Library, opened: Duration, look: &Look<'_>) {
    let (mut pages, mut bytes, mut raw, mut wide, mut errors, mut warnings) = (0, 0, 0, 0, 0, 0);
    for page in library.all() {
        let parsed = library.parse(page);
        pages += 1;
        bytes += page.source.text.len();
        errors += parsed.diagnostics.iter().filter(|d| d.severity() == Severity::Error).count();
        warnings += parsed.diagnostics.iter().filter(|d| d.severity() == Severity::Warning).count();
        // What an author commented out is shown as it is written: that is no shortcode left raw.
        let literal = page.source.text.contains("{{</*") || page.source.text.contains("{{%/*");
        for width in WIDTHS {
            let rendered = render(&parsed.document, width, look);
            wide += rendered.lines.iter().filter(|l| l.width() > usize::from(width)).count();
            let shown: String = (0..rendered.lines.len()).map(|l| rendered.text(l)).collect();
            if !literal && (shown.contains("{{<") || shown.contains("{{%")) {
                raw += 1;
                println!("  raw shortcode: {} at {width}", page.source.path.display());
            }
        }
    }
    println!("{}: {pages} pages, {} kB, opened in {opened:.2?}", dir.display(), bytes / 1000);
    let unreadable = library.unreadable.len();
    println!("  unreadable {unreadable} errors {errors} warnings {warnings} raw {raw} too wide {wide}");
}

fn timed(times: u32, mut work: impl FnMut()) -> Duration {
    work();
    let start = Instant::now();
    for _ in 0..times {
        work();
    }
    start.elapsed() / times
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64().max(f64::MIN_POSITIVE)
}
