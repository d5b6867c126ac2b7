//! The report as JSON: `schema` names the form, and every time is in milliseconds. `figures` is what
//! people read in the other forms, by ids that never change.

use serde_json::json;

use super::super::telling::figures;
use super::super::{Run, timeline};

/// The report, the chart and the drill beside it as JSON.
#[must_use]
pub fn json(run: &Run) -> String {
    let value = json!({
        "schema": super::super::SCHEMA,
        "figures": figures::data(&run.report),
        "report": run.report,
        "beside": run.beside,
        "timeline": timeline::of(&run.events),
    });
    format!("{value:#}")
}
