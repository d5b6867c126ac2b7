//! The report as Markdown.

use std::fmt::Write;

use super::super::Run;
use super::super::telling::{figures, terms};
use super::escape::cell;
use super::story::{date, method, tables};
use ground::lang::Lang;
use ground::tr;

/// The report as Markdown.
#[must_use]
pub fn markdown(run: &Run, lang: Lang) -> String {
    let report = &run.report;
    let mut text = tr!(lang, "# Simulacro: {}\n\n", "# Drill: {}\n\n", terms::title(&report.plan, lang));
    let _ = writeln!(text, "`{}` · {}", cell(&report.run), date(report.began, lang));
    let _ = writeln!(text, "\n**{}**", cell(&figures::verdict(report, lang)));
    for table in tables(run, lang) {
        let _ = write!(text, "\n## {}\n\n", table.heading);
        if !table.lead.is_empty() {
            let _ = write!(text, "{}\n\n", table.lead);
        }
        if table.rows.is_empty() {
            continue;
        }
        let _ = writeln!(text, "| {} |", table.head.iter().map(|c| cell(c)).collect::<Vec<_>>().join(" | "));
        let _ = writeln!(text, "|{}", " --- |".repeat(table.head.len()));
        for row in &table.rows {
            let _ = writeln!(text, "| {} |", row.iter().map(|c| cell(c)).collect::<Vec<_>>().join(" | "));
        }
    }
    let _ = write!(text, "\n{}\n", method(report, lang));
    text
}
