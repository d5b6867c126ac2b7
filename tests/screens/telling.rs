//! One drill in every form there is: each shows the figures of `drill::telling`, by their names and with
//! their values, and no others; and says the same of them. `cargo test --test screens telling -- --nocapture` prints them side by side.

use std::path::Path;
use std::process::{Command, Stdio};

use espera::app::Model;
use espera::cloud::Move;
use espera::drill::telling::rows::{self, Part, heading};
use espera::drill::telling::{Metric, figures};
use espera::drill::{Ending, Event, Report, Run, export, runs};
use espera::ui::{Viewports, plain};
use ground::lang::Lang;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::{drills, grid};

/// Names and values as a form shows them, in its order.
type Shown = Vec<(String, String)>;

/// A form of a drill, read back from its text.
struct Form {
    name: &'static str,
    /// All of it.
    text: String,
    figures: Shown,
    /// Its comparison with another drill, a row a figure; empty where the form has none.
    compared: Vec<Vec<String>>,
}

/// What an earlier telling called things. One name each is enough.
const RETIRED: &[&str] = &[
    "sin corte",
    "unbroken",
    "sin saber",
    "sin medir",
    "sin cotejar",
    "ot known",
    "not measured",
    "not looked up",
    "planificad",
    "Cambio ",
    "según lo planeado",
    "as planned",
    "planned move",
    "handed over",
    "Enviar las escrituras",
    "Send the writes to us-west-1",
    "sondeo",
    "habría visto",
    "would have seen",
    "lecturas en el borde",
    "reads at the edge",
    "comprobando",
    "reconciling",
    "failing over",
];

/// The figures of a linear text: what stands unindented between its first line and its steps.
fn of_lines(text: &str, lang: Lang) -> Shown {
    let head = match lang {
        Lang::Es => "Resultado: ",
        Lang::En => "Result: ",
    };
    let end = format!("{}:", heading(Part::Steps, lang));
    let lines = text.lines().skip_while(|l| !l.starts_with(head)).skip(1).take_while(|l| *l != end);
    let figures = lines.filter(|l| !l.starts_with("  ")).map(|line| {
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        let aim = [" (objetivo ", " (target "].iter().find_map(|aim| value.find(aim));
        (name.to_owned(), value[..aim.unwrap_or(value.len())].to_owned())
    });
    figures.collect()
}

/// The lines of the drill's pane, without its frame.
fn pane(screen: &str) -> Vec<&str> {
    screen
        .lines()
        .filter_map(|l| Some(l.strip_prefix("│ ")?.trim_end_matches(['│', '▼']).trim_end()))
        .collect()
}

/// Columns of the figures' names on the screen.
fn names(lang: Lang) -> usize {
    Metric::of(Move::Failover).into_iter().map(|m| m.name(lang).width()).max().unwrap_or(0)
}

/// A line of the screen in columns of these widths and the rest, without the blanks behind each.
fn columns(line: &str, widths: &[usize]) -> Vec<String> {
    let mut chars = line.chars();
    let mut cells: Vec<String> = widths.iter().map(|width| chars.by_ref().take(*width).collect()).collect();
    cells.push(chars.collect());
    cells.iter().map(|cell| cell.trim_end().to_owned()).collect()
}

/// The figures on the screen: what stands unindented in the paragraph above the steps.
fn of_screen(screen: &str, lang: Lang) -> Shown {
    let lines = pane(screen);
    let end = lines.iter().position(|l| *l == heading(Part::Steps, lang)).expect("the steps are shown") - 1;
    let begin = lines[..end].iter().rposition(|l| l.is_empty()).map_or(0, |at| at + 1);
    let figures = lines[begin..end].iter().filter(|l| !l.starts_with("  ")).map(|line| {
        let cells = columns(line, &[names(lang) + 1]);
        (cells[0].clone(), cells[1].split("  ").next().unwrap_or_default().to_owned())
    });
    figures.collect()
}

/// The comparison on a screen that has all the room it wants.
fn compared_on_screen(screen: &str, lang: Lang) -> Vec<Vec<String>> {
    const COLUMN: usize = 30;
    let rows = pane(screen).into_iter().skip_while(|l| *l != heading(Part::Comparison, lang)).skip(2);
    rows.take_while(|l| !l.is_empty()).map(|l| columns(l, &[names(lang) + 1, COLUMN])).collect()
}

/// The rows of a Markdown table under a heading.
fn markdown_rows(text: &str, part: Part, lang: Lang) -> Vec<Vec<String>> {
    let head = format!("## {}", heading(part, lang));
    let lines = text.lines().skip_while(|l| *l != head).skip(1).take_while(|l| !l.starts_with("## "));
    let rows = lines.filter(|l| l.starts_with('|')).skip(2);
    rows.map(|l| l.trim_matches(['|', ' ']).split('|').map(|c| c.trim().to_owned()).collect()).collect()
}

/// The rows of a table of the page under a heading.
fn page_rows(page: &str, part: Part, lang: Lang) -> Vec<Vec<String>> {
    let head = format!("<h2>{}</h2>", heading(part, lang));
    let Some(at) = page.find(&head) else { return Vec::new() };
    let section = page[at..].split("</section>").next().unwrap_or_default();
    let body = section.split("<tbody>").nth(1).unwrap_or_default();
    let rows = body.split("<tr>").skip(1);
    let cell = |cell: &str| {
        let text = cell.split_once('>').map_or("", |(_, text)| text);
        text.split('<').next().unwrap_or_default().replace("&#39;", "'")
    };
    rows.map(|row| row.split("<th ").flat_map(|part| part.split("<td ")).skip(1).map(cell).collect())
        .collect()
}

fn pairs(rows: Vec<Vec<String>>) -> Shown {
    rows.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect()
}

fn of_json(json: &Value, lang: Lang) -> Shown {
    let text = |figure: &Value, key: &str| figure[key][lang.code()].as_str().unwrap().to_owned();
    let figures = json["figures"].as_array().unwrap().iter();
    figures.map(|figure| (text(figure, "name"), text(figure, "text"))).collect()
}

/// What the report itself holds for a figure, looked up by hand in its JSON.
fn raw(report: &Value, id: &str) -> Value {
    let service = |name: &str| {
        let recovery = &report[name]["recovery"];
        match recovery["state"].as_str() {
            Some("unbroken") => 0.into(),
            Some("back") => recovery["after"].clone(),
            _ => Value::Null,
        }
    };
    let loss = |name: &str| &report[name];
    let rpo = |name: &str| {
        let whole = loss(name)["unknown"].as_array().unwrap().is_empty();
        let window = &loss(name)["window"];
        match (whole, window["to"].as_u64(), window["from"].as_u64()) {
            (true, Some(to), Some(from)) => (to - from).into(),
            (true, _, _) => 0.into(),
            (false, _, _) => Value::Null,
        }
    };
    match id {
        "rto-read" => service("reads"),
        "rto-user" => service("users"),
        "rto-basket" => service("baskets"),
        "rpo-user" => rpo("users_lost"),
        "rpo-basket" => rpo("baskets_lost"),
        "lost-user" => loss("users_lost")["lost"].as_array().unwrap().len().into(),
        "lost-basket" => loss("baskets_lost")["lost"].as_array().unwrap().len().into(),
        "time-to-detect" => report["detected"]["after"].clone(),
        "time-to-act" => report["decided"].clone(),
        "errors" => {
            let of = |name: &str| report[name]["errors"].as_u64().unwrap();
            (of("reads") + of("users") + of("baskets")).into()
        }
        "aurora-lag-most" => report["lag_most_ms"].clone(),
        _ => panic!("{id} is a figure nobody has looked up"),
    }
}

/// Every form of a run that can be made in this process.
fn forms(run: &Run, lang: Lang) -> Vec<Form> {
    let model: Model = drills::ended(lang, run.events.clone(), run.beside.clone());
    let screen = grid::text(&grid::draw(&model, &mut Viewports::default(), 200, 200));
    let linear = plain::drill::screen(&model).join("\n");
    let (json, page, text) = (export::json(run), export::html(run, lang), export::markdown(run, lang));
    let value: Value = serde_json::from_str(&json).unwrap();
    let verdicts = value["report"]["verdicts"].as_array().unwrap();
    for figure in value["figures"].as_array().unwrap() {
        let id = figure["figure"].as_str().unwrap();
        assert_eq!(figure["value"], raw(&value["report"], id), "{figure}");
        let of =
            |v: &&Value| id == format!("{}-{}", v["measure"].as_str().unwrap(), v["of"].as_str().unwrap());
        let verdict = verdicts.iter().find(of).unwrap_or(&Value::Null);
        assert_eq!((&figure["target"], &figure["met"]), (&verdict["target"], &verdict["met"]), "{figure}");
    }
    vec![
        Form {
            name: "screen",
            figures: of_screen(&screen, lang),
            compared: compared_on_screen(&screen, lang),
            text: screen,
        },
        Form { name: "linear", figures: of_lines(&linear, lang), compared: Vec::new(), text: linear },
        Form { name: "JSON", figures: of_json(&value, lang), compared: Vec::new(), text: json },
        Form {
            name: "HTML",
            figures: pairs(page_rows(&page, Part::Figures, lang)),
            compared: page_rows(&page, Part::Comparison, lang),
            text: page,
        },
        Form {
            name: "Markdown",
            figures: pairs(markdown_rows(&text, Part::Figures, lang)),
            compared: markdown_rows(&text, Part::Comparison, lang),
            text,
        },
    ]
}

/// A form's letters and digits alone: without marks, frames, line breaks and markup, each form has its own.
fn letters(text: &str) -> String {
    text.replace("&#39;", "'").chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What stands between the tags of a page.
fn without_tags(page: &str) -> String {
    page.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
}

/// All else that a report says: how it ended, targets, meanings and reasons, steps, lost writes.
fn sentences(report: &Report, lang: Lang) -> Vec<String> {
    let mut all = vec![figures::verdict(report, lang)];
    for figure in figures::of(report, lang) {
        all.extend(figure.target.map(|target| target.aim + &target.word));
        all.push(figure.means);
    }
    all.extend(rows::steps(report, lang).into_iter().map(|step| step.name + &step.began + &step.took));
    let lost = rows::lost_writes(report, lang);
    if lost.is_empty() {
        all.push(rows::none_lost_text(report, lang));
    }
    all.extend(lost.into_iter().map(|write| write.write + &write.id + &write.acknowledged + &write.fate));
    all
}

fn print(title: &str, told: &Shown, forms: &[Form]) {
    println!("\n{title}");
    let names: Vec<&str> = forms.iter().map(|f| f.name).collect();
    println!("| {:30} | {} |", "", names.iter().map(|n| format!("{n:24}")).collect::<Vec<_>>().join(" | "));
    for (at, (name, _)) in told.iter().enumerate() {
        let values = forms.iter().map(|f| f.figures.get(at).map_or("-", |(_, value)| value.as_str()));
        let values: Vec<String> = values.map(|value| format!("{value:24}")).collect();
        println!("| {name:30} | {} |", values.join(" | "));
    }
}

/// Holds that all forms tell the same, and prints what they tell.
fn all_agree(title: &str, run: &Run, forms: &[Form], lang: Lang) {
    let told: Shown = figures::of(&run.report, lang).into_iter().map(|f| (f.name, f.value)).collect();
    print(title, &told, forms);
    for form in forms {
        let name = form.name;
        let text =
            form.text.lines().filter(|l| l.contains(char::is_alphanumeric)).collect::<Vec<_>>().join("\n");
        assert_eq!(form.figures, told, "{title}: {name} tells other figures:\n{text}");
        for retired in RETIRED {
            // The JSON's own names are for programs and stay as they were.
            assert!(name == "JSON" || !text.contains(retired), "{title}: {name} says {retired:?}:\n{text}");
        }
        let shown = letters(&if name == "HTML" { without_tags(&text) } else { text.clone() });
        for sentence in sentences(&run.report, lang).iter().filter(|_| name != "JSON") {
            assert!(shown.contains(&letters(sentence)), "{title}: {name} does not say {sentence:?}:\n{text}");
        }
        if let Some(other) = run.beside.as_ref().filter(|_| !form.compared.is_empty()) {
            let mut rows = figures::compare([&run.report, other], lang);
            // The page has the planned one first, the screen the one it shows.
            if name != "screen" && run.report.plan.mode == Move::Failover {
                rows = figures::compare([other, &run.report], lang);
            }
            assert_eq!(form.compared, rows, "{title}: {name} compares otherwise:\n{text}");
        }
    }
    let compare = forms.iter().filter(|f| !f.compared.is_empty()).count();
    assert_eq!(compare, if run.beside.is_some() { 3 } else { 0 }, "{title}: a comparison is missing");
}

fn espera(folder: &Path, lang: Lang, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_espera"));
    command.args(args).args(["--speed", "max", "--lang", lang.code(), "--state-dir"]).arg(folder);
    // What leads whoever runs the tests to their own AWS, or to a proxy before it, is none of this.
    for (name, _) in std::env::vars_os() {
        let leads = |name: &str| name.starts_with("AWS_") || name.to_ascii_uppercase().ends_with("_PROXY");
        if name.to_str().is_some_and(leads) {
            command.env_remove(name);
        }
    }
    let output = command.stdin(Stdio::null()).output().unwrap();
    // A drill that misses a target is one that was run.
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 3)), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Two drills by the command line, and what was printed, kept and exported of them.
fn by_the_command_line(lang: Lang) {
    let folder = tempfile::tempdir().unwrap();
    espera(folder.path(), lang, &["walk", "--to", "edge"]);
    let printed = [
        espera(folder.path(), lang, &["drill", "--planned", "--auto"]),
        espera(folder.path(), lang, &["drill", "--fault", "region", "--auto"]),
    ];
    let drills = folder.path().join("practice/drills");
    let mut kept: Vec<String> = runs(&drills).into_iter().map(|summary| summary.run).collect();
    kept.reverse();
    assert_eq!(kept.len(), printed.len());
    for (id, printed) in kept.iter().zip(printed) {
        let run = Run::load(&drills, id).unwrap();
        assert_eq!(run.report.ending, Some(Ending::Recovered));
        let mut forms = forms(&run, lang);
        let figures = of_lines(&printed, lang);
        forms.insert(2, Form { name: "command line", text: printed, figures, compared: Vec::new() });
        all_agree(&format!("{lang} {id}"), &run, &forms, lang);
    }
}

#[test]
fn spanish_drills_are_told_alike_in_every_form() {
    by_the_command_line(Lang::Es);
}

#[test]
fn english_drills_are_told_alike_in_every_form() {
    by_the_command_line(Lang::En);
}

#[test]
fn drills_with_losses_and_with_unknowns_are_told_alike_in_every_form() {
    let logs: [(&str, Vec<Event>, Option<Report>); 2] = [
        ("lost users", drills::looked_up(), Some(drills::planned())),
        ("cut off and only undone", drills::abandoned(), None),
    ];
    for (title, events, beside) in logs {
        let run = Run { beside, ..Run::of(events) };
        for lang in Lang::ALL {
            all_agree(&format!("{lang} {title}"), &run, &forms(&run, lang), lang);
        }
    }
}
