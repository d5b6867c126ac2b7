//! The report as JSON: `schema` names the form, and every time is in milliseconds.

use serde_json::json;

use super::super::Run;
use super::super::timeline;

/// The report, the chart and the drill beside it as JSON.
#[must_use]
pub fn json(run: &Run) -> String {
    let value = json!({
        "schema": super::super::SCHEMA,
        "report": run.report,
        "beside": run.beside,
        "timeline": timeline::of(&run.events),
    });
    format!("{value:#}")
}
