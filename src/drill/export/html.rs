//! The report as one HTML page that needs nothing else: its style and its timeline are in it, and no
//! script.

use std::fmt::Write;

use super::super::telling::{figures, terms, time};
use super::super::timeline::{self, Timeline};
use super::super::{Report, Run};
use super::escape::escape;
use super::story::{self, Table, method, tables};
use super::svg;
use ground::lang::Lang;
use ground::tr;

/// The style, light and dark, for screens of any width and for paper.
const STYLE: &str = include_str!("../../../assets/drill/report.css");

/// The report as an HTML page.
#[must_use]
pub fn html(run: &Run, lang: Lang) -> String {
    let report = &run.report;
    let heading = tr!(lang, "Simulacro: {}", "Drill: {}", terms::title(&report.plan, lang));
    let chart = timeline::of(&run.events);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
        lang.code(),
        escape(&heading)
    );
    let _ = write!(
        out,
        "<h1>{}</h1>\n<p class=\"run\"><code>{}</code> · <time datetime=\"{}\">{}</time></p>\n",
        escape(&heading),
        escape(&report.run),
        report.began.iso8601(),
        story::date(report.began, lang)
    );
    verdict(&mut out, report, lang);
    figure(&mut out, &chart, report, lang);
    for table in tables(run, lang) {
        write_table(&mut out, &table, lang);
    }
    let _ =
        write!(out, "<p class=\"method\">{}</p>\n</main>\n</body>\n</html>\n", escape(&method(report, lang)));
    out
}

/// How it ended: the one line for those who read no further.
fn verdict(out: &mut String, report: &Report, lang: Lang) {
    let (met, all) = figures::targets_met(report);
    let (class, sign) = if met == all { ("yes", "✓") } else { ("no", "✗") };
    let text = figures::verdict(report, lang);
    let text = escape(&text);
    let _ = writeln!(out, "<p class=\"verdict {class}\"><span aria-hidden=\"true\">{sign}</span> {text}</p>");
}

fn figure(out: &mut String, chart: &Timeline, report: &Report, lang: Lang) {
    let zero = terms::start(report.plan.mode, lang);
    let caption = tr!(
        lang,
        "Cada raya es una sonda, en el momento en que se envió. El fondo dice en qué fase estaba el simulacro. El tiempo se cuenta desde {zero}.",
        "Each tick is a probe, at the moment it was sent. The ground says which phase the drill was in. Time counts from {zero}."
    );
    // On a narrow screen the chart scrolls in its own frame, by keys too.
    let name = escape(&tr!(lang, "Línea de tiempo", "Timeline")).into_owned();
    let _ = write!(
        out,
        "<figure>\n<div class=\"chart\" role=\"group\" tabindex=\"0\" aria-label=\"{name}\">{}</div>\n",
        svg::svg(chart, report, lang)
    );
    out.push_str("<ul class=\"legend\">");
    for (class, shape, name) in svg::signs(lang) {
        let _ = write!(
            out,
            r#"<li><svg class="key" viewBox="0 0 16 16" aria-hidden="true"><path class="{class}" d="{shape}"/></svg>{}</li>"#,
            escape(&name)
        );
    }
    out.push_str("</ul>\n<ul class=\"legend\">");
    for band in chart.bands.iter().filter(|b| !b.span.length().is_zero()) {
        let (class, name) = svg::phase(band.phase, lang);
        let took = time(band.span.length(), lang);
        let _ = write!(out, "<li><i class=\"{class}\"></i>{} <small>{took}</small></li>", escape(name));
    }
    let _ = write!(out, "</ul>\n<figcaption>{}</figcaption>\n</figure>\n", escape(&caption));
}

fn write_table(out: &mut String, table: &Table, lang: Lang) {
    let _ = writeln!(out, "<section>\n<h2>{}</h2>", escape(table.heading));
    if !table.lead.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", escape(&table.lead));
    }
    let rows = table.rows.len();
    if rows == 0 {
        out.push_str("</section>\n");
        return;
    }
    let long = rows > GLANCE;
    if long {
        let all = tr!(lang, "Ver las {rows}", "Show all {rows}");
        let _ = writeln!(out, "<details>\n<summary>{all}</summary>");
    }
    out.push_str("<table>\n<thead><tr>");
    for cell in &table.head {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escape(cell));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            // On a narrow screen each cell stands under its row's name and says what it is.
            let name = table.head.get(column).map(|h| escape(h)).unwrap_or_default();
            let text = escape(cell);
            let _ = match column {
                0 => write!(out, "<th scope=\"row\">{text}</th>"),
                _ => write!(out, "<td data-name=\"{name}\">{text}</td>"),
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
    out.push_str(if long { "</details>\n</section>\n" } else { "</section>\n" });
}

/// How many rows of a table are read at a glance; a longer one unfolds when asked, and on paper.
const GLANCE: usize = 30;
