//! What reading a page asks of everything around it: other pages, files, the site's own settings.

use std::path::PathBuf;

use super::document::Target;
use super::page::Page;
use ground::lang::Lang;

/// What a page is part of.
pub trait Site {
    /// Whether a question for a file is one to the disk.
    fn is_on_disk(&self) -> bool;

    /// How many pages there are, of all languages: what a look at all of them costs.
    fn size(&self) -> usize;

    /// The page at `path` for a reader of `lang`, in the nearest language there is.
    fn page(&self, path: &str, lang: Lang) -> Option<&Page>;

    /// The page that `to` names, as seen from `page`, in that page's language if there is one.
    fn sibling(&self, page: &Page, to: &str) -> Option<&Page>;

    /// The pages right under `path`, in order.
    fn children(&self, path: &str, lang: Lang) -> Vec<&Page>;

    /// The page before and the page after, in reading order.
    fn around(&self, page: &Page) -> (Option<Target>, Option<Target>);

    /// Where `to`, written on `page`, leads.
    fn resolve(&self, page: &Page, to: &str) -> Target;

    /// Where the file `to`, written on `page`, is.
    fn file(&self, page: &Page, to: &str) -> Target;

    /// The files attached to a page: those in its `.files` folder or, for a bundle, beside it.
    fn attachments(&self, page: &Page) -> Vec<PathBuf>;

    /// The template of the site's own shortcode `name`.
    fn template(&self, name: &str) -> Option<&str>;

    /// The site's parameter `name`.
    fn parameter(&self, name: &str) -> Option<String>;
}
