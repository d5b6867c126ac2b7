//! The screen, as a person sees it: every main state, at four sizes, in both languages; its text and
//! its styles. And a drill's figures, which every other form must tell as the screen does.
//! `LOOK=deploying,120,40,es cargo test --test screens look -- --ignored --nocapture` prints one.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should fail loudly")]

mod screens {
    pub mod drills;
    pub mod grid;
    pub mod keys;
    pub mod overlays;
    pub mod states;
    pub mod telling;
}

use espera::app::command::{Lesson, Program, View};
use espera::app::{Command, Ids, Model, Motion, Msg, Pane, Target, Zoom, update};
use espera::ui::Viewports;
use ground::lang::Lang;
use ground::look::{Charset, Scheme};
use screens::{drills, grid, overlays, states};

const SIZES: [(u16, u16); 4] = [(60, 20), (80, 24), (120, 40), (200, 60)];

fn text(model: &Model, (w, h): (u16, u16)) -> String {
    grid::text(&grid::draw(model, &mut Viewports::default(), w, h))
}

/// Everything that is drawn somewhere in these tests, by name.
fn every(lang: Lang) -> Vec<(String, Model)> {
    let states = states::all(lang).into_iter().map(|(n, m)| (n.to_owned(), m));
    let overlays = overlays::all(lang).into_iter().map(|(n, m)| (format!("over-{n}"), m));
    let drills = drill_states(lang).into_iter().chain(drills::all(lang));
    states.chain(overlays).chain(drills.map(|(n, m)| (format!("drill-{n}"), m))).collect()
}

#[test]
fn main_states_at_every_size() {
    for (lang, (w, h)) in Lang::ALL.into_iter().flat_map(|l| SIZES.map(|s| (l, s))) {
        for (name, model) in states::all(lang) {
            let buffer = grid::draw(&model, &mut Viewports::default(), w, h);
            let shown = format!("{}\n{}", grid::text(&buffer), grid::styles(&buffer));
            insta::assert_snapshot!(format!("{name}-{w}x{h}-{lang}"), shown);
        }
    }
}

fn drill_states(lang: Lang) -> Vec<(&'static str, Model)> {
    vec![("form", drills::form(lang)), ("live", drills::live(lang)), ("result", drills::result(lang))]
}

#[test]
fn the_drill_at_every_size() {
    for (lang, (w, h)) in Lang::ALL.into_iter().flat_map(|l| SIZES.map(|s| (l, s))) {
        for (name, model) in drill_states(lang) {
            let buffer = grid::draw(&model, &mut Viewports::default(), w, h);
            let shown = format!("{}\n{}", grid::text(&buffer), grid::styles(&buffer));
            insta::assert_snapshot!(format!("drill-{name}-{w}x{h}-{lang}"), shown);
        }
    }
}

#[test]
fn the_drills_other_states_and_its_questions() {
    for (lang, (w, h)) in [(Lang::Es, (80, 24)), (Lang::En, (60, 20))] {
        for (name, model) in drills::all(lang) {
            let shown = text(&model, (w, h));
            insta::assert_snapshot!(format!("drill-{name}-{w}x{h}-{lang}"), shown);
        }
    }
}

#[test]
fn overlays_at_every_size() {
    let sizes = [(Lang::Es, (80, 24)), (Lang::En, (60, 20)), (Lang::Es, (120, 40)), (Lang::En, (200, 60))];
    for (lang, (w, h)) in sizes {
        for (name, model) in overlays::all(lang) {
            let buffer = grid::draw(&model, &mut Viewports::default(), w, h);
            let shown = format!("{}\n{}", grid::text(&buffer), grid::styles(&buffer));
            insta::assert_snapshot!(format!("over-{name}-{w}x{h}-{lang}"), shown);
        }
    }
}

#[test]
fn panes_alone() {
    for pane in [Pane::Stacks, Pane::Architecture] {
        for (w, h) in [(60, 20), (80, 24), (200, 60)] {
            let mut model = states::deploying(Lang::Es);
            (model.focus, model.zoom) = (pane, Zoom::Focused);
            insta::assert_snapshot!(format!("alone-{pane:?}-{w}x{h}"), text(&model, (w, h)));
        }
    }
}

#[test]
fn nothing_panics_at_any_size() {
    let models: Vec<Model> = Lang::ALL.into_iter().flat_map(every).map(|(_, m)| m).collect();
    let widths: Vec<u16> = (1..=12).chain((13..=250).step_by(7)).chain([59, 60, 99, 100, 120, 250]).collect();
    let heights: Vec<u16> = (1..=24).chain((25..=80).step_by(11)).chain([80]).collect();
    let mut turn = 0;
    for w in &widths {
        for h in &heights {
            // Every size with a few of the states in turn, in every look.
            for _ in 0..3 {
                turn += 1;
                let mut model = models[turn % models.len()].clone();
                if model.focus != Pane::Drill {
                    model.focus = Pane::ALL[turn % 3];
                }
                model.zoom = if turn % 5 == 0 { Zoom::Focused } else { Zoom::All };
                model.look.charset = if turn % 4 == 0 { Charset::Ascii } else { Charset::Unicode };
                let mut views = Viewports::default();
                views.request(model.focus, Motion::Bottom);
                grid::draw(&model, &mut views, *w, *h);
            }
        }
    }
}

#[test]
fn too_small_a_terminal_says_what_is_needed() {
    for lang in Lang::ALL {
        let model = states::joined(lang);
        assert!(text(&model, (59, 20)).contains("60×20"));
        assert!(text(&model, (20, 5)).contains("60×20"), "{}", text(&model, (20, 5)));
        insta::assert_snapshot!(format!("too-small-40x10-{lang}"), text(&model, (40, 10)));
    }
}

#[test]
fn every_overlay_shows_whole_lines_at_the_smallest_size() {
    for lang in Lang::ALL {
        for (name, model) in overlays::all(lang).into_iter().filter(|(n, _)| *n != "search") {
            let shown = text(&model, (60, 20));
            assert!(shown.contains('└') && shown.contains('┘'), "{name}\n{shown}");
        }
    }
}

#[test]
fn without_colour_there_is_none_and_ascii_draws_no_other_sign() {
    for (name, mut model) in every(Lang::Es) {
        model.look.scheme = Scheme::Plain;
        model.look.charset = Charset::Ascii;
        let buffer = grid::draw(&model, &mut Viewports::default(), 120, 40);
        let styles = grid::styles(&buffer);
        let legend: Vec<&str> = styles.lines().filter(|l| l.contains(" = ")).collect();
        let modifiers = ["BOLD", "DIM", "ITALIC", "UNDERLINED", "REVERSED", "CROSSED_OUT"];
        for line in legend {
            let meaning = line.split_once(" = ").map_or("", |(_, m)| m);
            assert!(
                meaning.split(" | ").all(|m| modifiers.contains(&m.trim_matches(['(', ')']))),
                "{name}: {line}"
            );
        }
        let foreign: String = grid::text(&buffer)
            .chars()
            .filter(|c| !c.is_ascii() && !c.is_alphabetic() && !"¿¡".contains(*c))
            .collect();
        assert!(foreign.is_empty(), "{name}: {foreign}");
    }
}

#[test]
fn the_language_switches_everything_at_once() {
    for ((_, es), (name, en)) in every(Lang::Es).into_iter().zip(every(Lang::En)) {
        let mut switched = es.clone();
        update(&mut switched, Msg::Command(Command::View(View::Language)));
        assert_eq!(text(&switched, (120, 40)), text(&en, (120, 40)), "{name}");
    }
}

#[test]
fn presenter_mode_hides_account_ids_everywhere() {
    let mut seen = 0;
    for (name, mut model) in every(Lang::Es) {
        let account = "123456789012";
        model.banner = Some(ground::lang::Said::with(|_| format!("arn:aws:iam::{account}:user/x")));
        seen += text(&model, (120, 40)).matches(account).count();
        model.look.ids = Ids::Masked;
        let shown = text(&model, (120, 40));
        assert!(!shown.contains("12345678") && shown.contains("1234**"), "{name}\n{shown}");
    }
    assert!(seen > 0);
}

#[test]
fn a_click_finds_tabs_steps_buttons_and_code() {
    let model = states::deploying(Lang::En);
    let mut views = Viewports::default();
    let shown = grid::text(&grid::draw(&model, &mut views, 80, 24));
    let find = |what: &str| {
        let (y, line) =
            shown.lines().enumerate().find(|(_, l)| l.contains(what)).unwrap_or_else(|| panic!("{what}"));
        let x = line[..line.find(what).unwrap()].chars().count();
        (u16::try_from(x).unwrap(), u16::try_from(y).unwrap())
    };
    let at = |(x, y): (u16, u16)| views.hit(x, y);
    assert_eq!(at(find("Stacks")), Some(Target::Pane(Pane::Stacks)));
    assert_eq!(at(find("help")), Some(Target::Command(Command::Program(Program::Help))));
    let (_, foot) = find("help");
    assert_eq!(views.hit(1, foot - 1), Some(Target::Step(0)));

    let mut views = Viewports::default();
    let shown = grid::text(&grid::draw(&model, &mut views, 120, 40));
    let (y, line) = shown.lines().enumerate().find(|(_, l)| l.contains(" copy ")).unwrap();
    let x = line[..line.find(" copy ").unwrap()].chars().count() + 1;
    let hit = views.hit(u16::try_from(x).unwrap(), u16::try_from(y).unwrap());
    assert_eq!(hit, Some(Target::Block(0)));
    assert_eq!(views.pane_at(100, 5), Some(Pane::Stacks));

    let (_, confirm) = overlays::all(Lang::En).into_iter().find(|(n, _)| *n == "confirm").unwrap();
    let mut views = Viewports::default();
    let shown = grid::text(&grid::draw(&confirm, &mut views, 80, 24));
    let (y, line) = shown.lines().enumerate().find(|(_, l)| l.contains(" Yes ")).unwrap();
    let x = line[..line.find("Yes").unwrap()].chars().count();
    assert_eq!(views.hit(u16::try_from(x).unwrap(), u16::try_from(y).unwrap()), Some(Target::Yes));
    assert_eq!(views.hit(0, 0), Some(Target::No), "a click outside closes");
}

#[test]
fn scrolling_and_resizing_keep_the_place() {
    let model = states::deploying(Lang::Es);
    let mut views = Viewports::default();
    grid::draw(&model, &mut views, 80, 24);
    views.request(Pane::Lesson, Motion::Bottom);
    let end = grid::text(&grid::draw(&model, &mut views, 80, 24));
    assert!(end.contains("todo lo demás"), "{end}");
    let (at, max) = views.scroll(Pane::Lesson);
    assert!(at == max && max > 0);
    grid::draw(&model, &mut views, 200, 60);
    assert_eq!(views.scroll(Pane::Lesson), (0, 0), "it all fits: nothing is scrolled away");
}

#[test]
fn a_search_shows_its_match() {
    let mut model = states::deploying(Lang::Es);
    let mut views = Viewports::default();
    update(&mut model, Msg::Command(Command::Lesson(Lesson::Search)));
    for c in "mas que".chars() {
        for effect in update(&mut model, Msg::Key(espera::app::Key::plain(espera::app::Code::Char(c)))) {
            if let espera::app::Effect::Move(pane, motion) = effect {
                views.request(pane, motion);
            }
        }
    }
    let shown = grid::text(&grid::draw(&model, &mut views, 80, 24));
    assert!(shown.contains("más que"), "{shown}");
    assert!(shown.contains("1 de 1"), "{shown}");
}

#[test]
#[ignore = "prints screens for a person to look at"]
fn look() {
    let what = std::env::var("LOOK").unwrap_or_else(|_| "deploying,120,40,es".to_owned());
    let parts: Vec<&str> = what.split(',').collect();
    let lang: Lang = parts[3].parse().unwrap();
    let (w, h) = (parts[1].parse().unwrap(), parts[2].parse().unwrap());
    for (name, mut model) in every(lang).into_iter().filter(|(n, _)| n.starts_with(parts[0])) {
        if let Some(pane) = parts.get(4).filter(|p| !p.is_empty()) {
            model.focus = Pane::ALL[pane.parse::<usize>().unwrap()];
        }
        if parts.len() > 5 {
            model.look.charset = Charset::Ascii;
        }
        println!("{name}\n{}", text(&model, (w, h)));
    }
}

/// The README's pictures are screens like this one, of a world at work: see `tests/workshop.rs`.
#[test]
fn a_screen_becomes_a_picture() {
    for lang in Lang::ALL {
        let model = states::deploying(lang);
        let buffer = grid::draw(&model, &mut Viewports::default(), 120, 40);
        let svg = espera::ui::svg::picture(&buffer, "Espera");
        assert!(svg.starts_with("<svg") && svg.contains("unishop-standby"));
    }
}
