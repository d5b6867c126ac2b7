//! The templates, pages and program that come with Espera: what actions deploy, and the same as files for
//! the learner's own hands.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cloud::Settings;
use ground::disk::{private_folder, write_private};

/// The files that come with the program, byte for byte.
pub(super) fn settings(program: Vec<u8>) -> Settings {
    let page = |key: &str, text: &str| (key.to_owned(), text.as_bytes().to_vec());
    Settings {
        unishop: include_str!("../../assets/templates/unishop.yaml").to_owned(),
        edge: include_str!("../../assets/templates/edge.yaml").to_owned(),
        pages: BTreeMap::from([
            page("index.html", include_str!("../../assets/shop/index.html")),
            page("error.html", include_str!("../../assets/shop/error.html")),
            page("shop.css", include_str!("../../assets/shop/shop.css")),
            page("shop.js", include_str!("../../assets/shop/shop.js")),
            page("unicorns.svg", include_str!("../../assets/shop/unicorns.svg")),
        ]),
        program,
        own_client: None,
    }
}

/// Folder of the shop's pages, beside the templates.
pub(super) const PAGES: &str = "pages";

/// Puts the templates and pages where the learner's shell finds them.
pub(super) fn write_templates(folder: &Path, settings: &Settings) -> std::io::Result<PathBuf> {
    let dir = folder.join("templates");
    private_folder(&dir)?;
    for (name, text) in [("unishop.yaml", &settings.unishop), ("edge.yaml", &settings.edge)] {
        let file = dir.join(name);
        if std::fs::read_to_string(&file).ok().as_ref() != Some(text) {
            write_private(&file, text.as_bytes())?;
        }
    }
    let pages = dir.join(PAGES);
    private_folder(&pages)?;
    for (key, bytes) in &settings.pages {
        write_private(&pages.join(key), bytes)?;
    }
    write_private(&dir.join(crate::cloud::names::PROGRAM), &settings.program)?;
    Ok(dir)
}
