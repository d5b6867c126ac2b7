//! A text made while the program runs, in both languages at once: for all that is kept, sent or saved before
//! anybody knows in which language it will be read.

use serde::{Deserialize, Serialize};

use super::Lang;

/// An owned text in both languages, so that the live switch changes what is already on screen. Saved and
/// sent as `{"es": …, "en": …}`, in data files too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// In Spanish.
    pub es: String,
    /// In English.
    pub en: String,
}

impl Said {
    /// A text from its two versions.
    pub fn new(es: impl Into<String>, en: impl Into<String>) -> Said {
        Said { es: es.into(), en: en.into() }
    }

    /// A text made in both languages by the same closure.
    pub fn with(f: impl Fn(Lang) -> String) -> Said {
        Said { es: f(Lang::Es), en: f(Lang::En) }
    }

    /// What reads alike in both languages: names, and AWS's own words.
    pub fn alike(text: impl Into<String>) -> Said {
        let text = text.into();
        Said { es: text.clone(), en: text }
    }

    /// The text in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Es => &self.es,
            Lang::En => &self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_saved_by_language_and_old_files_open() {
        let said = Said::new("Hecho.", "Done.");
        let saved = r#"{"es":"Hecho.","en":"Done."}"#;
        assert_eq!(serde_json::to_string(&said).unwrap(), saved);
        assert_eq!(serde_json::from_str::<Said>(saved).unwrap(), said);
        assert_eq!(toml::from_str::<Said>("es = \"Hecho.\"\nen = \"Done.\"").unwrap(), said);
        assert!(serde_json::from_str::<Said>(r#"{"es":"Hecho."}"#).is_err(), "one language is not enough");
    }
}
