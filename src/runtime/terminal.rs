//! The terminal, taken and always given back: on leaving, on an error, on a panic, on a signal.

use std::io::{self, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::execute;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, SetTitle, disable_raw_mode, enable_raw_mode,
};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use crate::ui::Clean;

/// Whether the screen is ours at the moment, so that it is given back exactly once.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours; dropping it gives it back.
pub struct Screen {
    /// What frames are drawn on.
    pub terminal: Terminal<Clean<CrosstermBackend<io::BufWriter<Stdout>>>>,
}

impl Screen {
    /// Takes the terminal: raw mode, alternate screen, mouse, bracketed paste.
    ///
    /// # Errors
    /// When standard output is no terminal that can do this.
    pub fn take() -> io::Result<Screen> {
        enter()?;
        // One write a frame: a frame torn in two flickers over a slow line.
        let out = io::BufWriter::with_capacity(64 * 1024, io::stdout());
        let terminal = Terminal::new(Clean::new(CrosstermBackend::new(out))).inspect_err(|_| give_back())?;
        Ok(Screen { terminal })
    }

    /// Gives the terminal back for a while, for the learner's shell.
    pub fn lend(&mut self) {
        give_back();
    }

    /// Takes the terminal again after `lend` and draws all of it anew.
    ///
    /// # Errors
    /// When the terminal has gone.
    pub fn retake(&mut self) -> io::Result<()> {
        // A shell that had the terminal meanwhile, asked or not, left it in a mode of its own: raw mode is
        // set anew, whatever it was believed to be.
        disable_raw_mode()?;
        enter()?;
        // Not `clear`: it would ask the terminal where the cursor is and wait for the answer.
        let size = self.terminal.size()?;
        self.terminal.resize(size.into())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(io::stdout(), EnterAlternateScreen, EnableMouseCapture, EnableBracketedPaste, SetTitle("Espera"))
        .inspect_err(|_| give_back())
}

/// Gives the terminal back if it is ours. Errors are passed over: there is nobody left to tell.
pub fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout();
        let _ = execute!(out, DisableBracketedPaste, DisableMouseCapture);
        // Before the screen shows that it is given back: what is typed from then on is for whoever gets it,
        // and in raw mode their line would neither be echoed nor end.
        let _ = disable_raw_mode();
        let _ = execute!(out, LeaveAlternateScreen, Show);
        let _ = out.flush();
    }
}

/// From here on a panic gives the terminal back first and then says, in plain words, what to do.
pub fn catch_panics(report: impl Fn(&std::panic::PanicHookInfo<'_>) -> String + Send + Sync + 'static) {
    std::panic::set_hook(Box::new(move |info| {
        give_back();
        super::out::note(report(info));
    }));
}
