//! The clipboard: the system's, and the terminal's own (OSC 52), which also works over SSH.

use std::io::{self, IsTerminal};

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;

use ground::lang::Said;
use ground::tr;

/// Copies `text` both ways; `said` is what to say when one of them could be tried.
pub(super) fn copy(text: &str, said: Said) -> Result<Said, Said> {
    let terminal = io::stdout().is_terminal()
        && execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text)).is_ok();
    let system = system(text);
    if terminal || system {
        return Ok(said);
    }
    Err(Said::with(|l| {
        tr!(
            l,
            "No hay portapapeles al alcance. Selecciona el texto con el ratón (Mayús en muchas terminales).",
            "No clipboard within reach. Select the text with the mouse (hold Shift in many terminals)."
        )
    }))
}

/// The system's clipboard; its owner must live on X11, so it is kept in a thread for a while.
fn system(text: &str) -> bool {
    let text = text.to_owned();
    let (told, heard) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let copied = arboard::Clipboard::new().and_then(|mut c| c.set_text(text).map(|()| c));
        let _ = told.send(copied.is_ok());
        if let Ok(_clipboard) = copied {
            std::thread::sleep(std::time::Duration::from_secs(600));
        }
    });
    heard.recv_timeout(std::time::Duration::from_millis(300)).unwrap_or(false)
}
