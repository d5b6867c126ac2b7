//! How an action tells of what it does, as it does it.

use super::super::Cloud;
use super::super::action::{Note, Notes};
use ground::lang::Said;

impl Cloud {
    /// Tells a line, stamped with the world's time.
    pub(super) fn tell(&self, note: Notes<'_>, es: impl Into<String>, en: impl Into<String>) {
        self.tell_text(note, Said::new(es, en));
    }

    /// Tells a line that exists in both languages already.
    pub(super) fn tell_text(&self, note: Notes<'_>, text: Said) {
        note(Note { at: self.clock.now(), text });
    }
}
