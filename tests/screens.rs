//! The screen, as a person sees it: every main state, at four sizes, in both languages; its text and
//! its styles.

mod screens {
    pub mod grid;
    pub mod states;
}

use espera::lang::Lang;
use espera::ui::Viewports;
use screens::{grid, states};

#[test]
#[ignore = "prints screens for a person to look at: LOOK=deploying,120,40,es"]
fn look() {
    let what = std::env::var("LOOK").unwrap_or_else(|_| "deploying,120,40,es".to_owned());
    let parts: Vec<&str> = what.split(',').collect();
    let lang: Lang = parts[3].parse().unwrap();
    let (w, h) = (parts[1].parse().unwrap(), parts[2].parse().unwrap());
    for (name, model) in states::all(lang).into_iter().filter(|(n, _)| parts[0] == "all" || *n == parts[0]) {
        println!("{name}\n{}", grid::text(&grid::draw(&model, &mut Viewports::default(), w, h)));
    }
}
