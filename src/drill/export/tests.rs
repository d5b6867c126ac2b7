//! The exports of a small drill.

use super::super::event::Kind;
use super::super::plan::Plan;
use super::super::samples::{Drill, bad, good};
use super::*;
use crate::drill::{Run, Step, What};
use ground::lang::{Lang, Said};

fn run() -> Run {
    let mut drill = Drill::new();
    for second in 1..10 {
        drill.probe(Kind::Read, second, good()).probe(Kind::User, second, good());
    }
    drill.fault(10).probe(Kind::User, 11, bad()).at(12, What::Step { step: Step::FailOver });
    let trouble = Some(Said { es: "<script>malo</script>".into(), en: "<script>bad|x</script>".into() });
    drill.at(13, What::Lag { ms: 7000 }).at(14, What::Ended { step: Step::FailOver, trouble });
    drill.probe(Kind::User, 15, good()).probe(Kind::Read, 15, good());
    for number in 1..=9 {
        drill.found(Kind::User, number, if number > 7 { 'l' } else { 'p' });
    }
    drill.found(Kind::User, 11, 'p').finish(30);
    let mut planned = Drill::new();
    planned.plan = Plan::switchover();
    Run { beside: Some(planned.finish(9).report()), ..Run::of(drill.events()) }
}

#[test]
fn the_page_needs_nothing_from_outside_and_text_stays_text() {
    let page = html(&run(), Lang::En);
    assert!(!page.contains("<script"), "text became markup");
    assert!(page.contains("&lt;script&gt;bad|x"));
    for outside in ["src=", "href=", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("<html lang=\"en\">") && page.contains("prefers-color-scheme: dark"));
    assert!(page.contains("@media print") && page.contains("name=\"viewport\""));
}

#[test]
fn what_turns_the_direction_of_writing_gets_into_no_file() {
    let hostile = "a\u{1b}b\u{202E}c\u{200F}d\u{E0041}e";
    assert_eq!(super::escape::escape(hostile), "a b c d e");
    assert_eq!(super::escape::cell(hostile), "a b c d e");
}

#[test]
fn every_opened_element_is_closed() {
    let page = html(&run(), Lang::Es);
    let body = &page[page.find("<body>").unwrap()..];
    let mut reader = quick_xml::Reader::from_str(body.trim_end().trim_end_matches("</html>"));
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn every_lost_write_is_named_and_the_planned_move_stands_beside() {
    let run = run();
    let lost = &run.report.users_lost.lost;
    assert_eq!(lost.len(), 2);
    for (lang, planned) in [(Lang::Es, "traspaso planeado"), (Lang::En, "planned switchover")] {
        let (page, text) = (html(&run, lang), markdown(&run, lang));
        assert!(page.contains(planned) && text.contains(planned));
        for write in lost {
            assert!(page.contains(&write.id), "{}", write.id);
            assert!(text.contains(&write.id), "{text}");
        }
    }
}

#[test]
fn markdown_tables_have_as_many_cells_in_every_row() {
    let text = markdown(&run(), Lang::En);
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    for table in text.split("\n\n").filter(|part| part.starts_with('|')) {
        let counts: std::collections::BTreeSet<_> = table.lines().map(cells).collect();
        assert_eq!(counts.len(), 1, "{table}");
    }
}

#[test]
fn json_names_its_schema_and_can_be_read_back() {
    let value: serde_json::Value = serde_json::from_str(&json(&run())).unwrap();
    assert_eq!(value["schema"], 1);
    let report: crate::drill::Report = serde_json::from_value(value["report"].clone()).unwrap();
    assert_eq!(report, run().report);
}
