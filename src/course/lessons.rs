//! The lessons that are part of the program: a name here, a file of that name in each language's folder.

use lessons::Library;

/// Path in the content and text, in both languages.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[
            $((concat!("es/", $name, ".md"), include_str!(concat!("../../lessons/es/", $name, ".md"))),)*
            $((concat!("en/", $name, ".md"), include_str!(concat!("../../lessons/en/", $name, ".md"))),)*
        ]
    };
}

const FILES: &[(&str, &str)] = files!(
    "_index",
    "introduction",
    "prerequisites",
    "primary",
    "standby",
    "global",
    "edge",
    "failover",
    "clean-up",
);

/// The lessons that are part of the program.
#[must_use]
pub fn library() -> Library {
    Library::of_texts(FILES.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ground::lang::Lang;
    use lessons::document::{Block, BlockKind};

    /// What a reader sees the shape of; commands stand in it whole, for they are the same in any language.
    fn outline(blocks: &[Block], out: &mut Vec<String>) {
        for block in blocks {
            match &block.kind {
                BlockKind::Heading { level, .. } => out.push(format!("heading {level}")),
                BlockKind::List { start, items } => {
                    out.push(format!("list {start:?} of {}", items.len()));
                    items.iter().for_each(|item| outline(&item.blocks, out));
                }
                BlockKind::Table(table) => {
                    out.push(format!("table {}x{}", table.align.len(), table.rows.len()));
                }
                BlockKind::Callout { tone, body, .. } => {
                    out.push(format!("callout {tone:?}"));
                    outline(body, out);
                }
                BlockKind::Expand { body, .. } => {
                    out.push("expand".into());
                    outline(body, out);
                }
                BlockKind::Tabs(tabs) => {
                    out.push(format!("tabs {}", tabs.len()));
                    tabs.iter().for_each(|tab| outline(&tab.blocks, out));
                }
                BlockKind::Code { language, text } => match language.as_deref() {
                    Some("bash" | "json" | "output") => out.push(format!("code {text}")),
                    language => out.push(format!("code in {language:?}")),
                },
                other => out.push(format!("{:?}", std::mem::discriminant(other))),
            }
        }
    }

    fn shape(library: &Library, path: &str, lang: Lang) -> Vec<String> {
        let mut out = Vec::new();
        outline(&library.lesson(path, lang).blocks, &mut out);
        out
    }

    #[test]
    fn both_languages_have_the_same_lessons_in_the_same_shape() {
        let library = library();
        let names = |folder: &str| -> Vec<String> {
            FILES.iter().filter_map(|(path, _)| Some(path.strip_prefix(folder)?.to_owned())).collect()
        };
        assert_eq!(names("es/"), names("en/"));
        for name in names("es/").iter().filter(|name| *name != "_index.md") {
            let path = name.trim_end_matches(".md");
            let shapes = Lang::ALL.map(|lang| shape(&library, path, lang));
            assert!(shapes[0].len() > 10, "{path} says little");
            assert_eq!(shapes[0], shapes[1], "{path} differs between the languages");
        }
    }

    #[test]
    fn no_lesson_is_forgotten() {
        for lang in ["es", "en"] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons").join(lang);
            for file in std::fs::read_dir(folder).unwrap() {
                let path = format!("{lang}/{}", file.unwrap().file_name().to_str().unwrap());
                assert!(FILES.iter().any(|(known, _)| *known == path), "{path} is not part of the program");
            }
        }
    }

    #[test]
    fn the_lessons_have_no_faults() {
        let library = library();
        let faults: Vec<String> = library
            .all()
            .flat_map(|page| {
                library.parse(page).diagnostics.iter().map(move |d| d.report(&page.source, Lang::En))
            })
            .collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }

    /// Narrow enough for the lesson's pane beside the others on a screen of 120 columns.
    #[test]
    fn drawings_fit_a_narrow_pane() {
        for (path, text) in FILES {
            for drawing in text.split("```text\n").skip(1) {
                let lines = drawing.lines().take_while(|line| !line.starts_with("```"));
                let widest = lines.map(|line| line.chars().count()).max().unwrap_or(0);
                assert!(widest <= 52, "{path}: a drawing is {widest} columns wide");
            }
        }
    }
}
