//! The loop of linear text: a line in is a command, what changes is printed below what was there.

use std::io::{self, BufRead, IsTerminal};
use std::time::Duration;

use tokio::sync::mpsc;

use super::driver::{Driver, Session};
use super::interactive::{RuntimeError, SessionEnd};
use super::signals::{Ending, Signals};
use super::{job, lend_terminal, out};
use crate::app::command::{Course, Form, Over};
use crate::app::{Code, Command, DrillView, Field, Ids, Key, Msg, Overlay, Pane, Target};
use crate::drill::telling::Narrator;
use crate::ui::{mask, plain};
use ground::clock::Moment;
use ground::tr;

/// How long the end of the input waits for what is still running.
const PATIENCE: Duration = Duration::from_secs(24 * 3600);

/// Runs the workshop as linear text until the learner leaves or the input ends. When it ends, what
/// was begun is waited for, so that a piped script sees the outcome of its last line.
///
/// # Errors
/// When the output is gone.
pub async fn run_plain(session: Session) -> Result<SessionEnd, RuntimeError> {
    let mut driver = Driver::new(session);
    let mut teller = Teller::new(&driver);
    teller.lines(plain::welcome(&driver.model))?;
    // Whoever reads may turn to another terminal at once, and find there what leads to this world.
    let _ = driver.world_handle.environment.get();
    teller.news(&driver)?;
    let (mut lines, mut tick) = (input(), tokio::time::interval(Duration::from_secs(1)));
    let mut signals = Signals::new();
    let mut left = SessionEnd::default();
    loop {
        tokio::select! {
            line = lines.recv() => match line {
                Some(line) => take(&mut driver, &mut teller, line.trim())?,
                None => break,
            },
            msg = driver.next() => driver.handle(msg),
            _ = tick.tick() => driver.handle(Msg::Tick(driver.now())),
            ending = signals.wait_for_end() => end_by_signal(&mut driver, &mut left, ending),
        }
        driver.drain();
        teller.news(&driver)?;
        if driver.take_shell() {
            let ending = lend_terminal::to_shell(&mut driver, &mut signals, None).await;
            left.ending = left.ending.or(ending);
            // Keys meant for the shell are no request to us.
            signals = Signals::after_others();
        }
        if driver.take_stop() {
            stop(&mut driver);
        }
        if !driver.is_leaving() && !io::stdin().is_terminal() {
            settle(&mut driver, &mut teller, &mut signals, &mut left).await?;
        }
        if driver.is_leaving() {
            break;
        }
    }
    settle(&mut driver, &mut teller, &mut signals, &mut left).await?;
    Ok(SessionEnd { failed: driver.has_failed(), ..left })
}

fn end_by_signal(driver: &mut Driver, left: &mut SessionEnd, ending: Ending) {
    left.ending = Some(ending);
    driver.handle(Msg::Terminate);
}

/// Stops as a job, on the word of a line: the terminal's own key does it without us.
fn stop(driver: &mut Driver) {
    if !job::is_job() {
        return driver.handle(Msg::NoShell);
    }
    let began = std::time::Instant::now();
    job::stop();
    driver.handle(Msg::GoesOn(began.elapsed()));
}

/// A pipe is faster than any cloud: each of its lines waits for the one before to have its effect. Whoever
/// asks to end is heard meanwhile.
async fn settle(
    driver: &mut Driver,
    teller: &mut Teller,
    signals: &mut Signals,
    left: &mut SessionEnd,
) -> Result<(), RuntimeError> {
    while !driver.is_leaving() && driver.model.running.is_some() {
        tokio::select! {
            msg = driver.next() => driver.handle(msg),
            ending = signals.wait_for_end() => end_by_signal(driver, left, ending),
        }
        teller.news(driver)?;
    }
    while !driver.is_leaving() {
        tokio::select! {
            _ = driver.run_until_idle(PATIENCE) => break,
            ending = signals.wait_for_end() => end_by_signal(driver, left, ending),
        }
    }
    teller.news(driver)
}

/// Lines of standard input, read in a thread of its own; the channel ends with the input.
fn input() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

fn take(driver: &mut Driver, teller: &mut Teller, line: &str) -> Result<(), RuntimeError> {
    if driver.model.overlay.is_some() && answer(driver, line) {
        return Ok(());
    }
    if fill_in(driver, line) {
        return Ok(());
    }
    match line.to_lowercase().as_str() {
        "" => {}
        "pilas" | "stacks" => teller.lines(plain::stacks(&driver.model))?,
        "lección" | "leccion" | "lesson" => teller.lines(plain::step(&driver.model))?,
        "c" => {
            driver.handle(Msg::Command(Command::Course(Course::Check)));
            teller.lines(plain::checks(&driver.model))?;
        }
        number if number.parse::<usize>().is_ok_and(|n| n < driver.model.course.steps.len()) => {
            let index = number.parse().unwrap_or_default();
            driver.handle(Msg::Click(Target::Step(index)));
        }
        _ => match command(driver, line) {
            Some(command) => driver.handle(Msg::Command(command)),
            None => {
                let lang = driver.model.lang;
                teller.lines(vec![tr!(
                    lang,
                    "No conozco la orden «{line}». Escribe ? para ver las que hay.",
                    "I do not know the command \"{line}\". Type ? to see what there is."
                )])?;
            }
        },
    }
    Ok(())
}

/// A line of the drill's form, by its number: alone it turns the line, with a duration it sets it.
/// Answers whether it was one.
fn fill_in(driver: &mut Driver, line: &str) -> bool {
    if driver.model.focus != Pane::Drill || driver.model.drill_screen.view != DrillView::Form {
        return false;
    }
    let (number, duration) = line.split_once(' ').unwrap_or((line, ""));
    let Some(field) = number.parse::<usize>().ok().and_then(|n| Field::ALL.get(n.checked_sub(1)?).copied())
    else {
        return false;
    };
    if driver.model.drill_screen.form.field != field && field != Field::Start {
        driver.handle(Msg::Click(Target::Field(field)));
    }
    if duration.is_empty() {
        driver.handle(Msg::Click(Target::Field(field)));
        return true;
    }
    for c in duration.chars().filter(|c| !c.is_whitespace()) {
        driver.handle(Msg::Key(Key::plain(Code::Char(c))));
    }
    driver.handle(Msg::Command(Command::Form(Form::Accept)));
    true
}

/// A command by its key or by words of its title.
fn command(driver: &Driver, line: &str) -> Option<Command> {
    let model = &driver.model;
    let by_key = line.parse::<Key>().ok().and_then(|key| model.keymap.command(key, model.focus));
    by_key.or_else(|| model.palette_rows(line).first().copied().filter(|_| line.chars().count() > 2))
}

/// An answer to what lies over the panes. Answers whether the line was one.
fn answer(driver: &mut Driver, line: &str) -> bool {
    // What has to be typed to agree is typed as a whole.
    if let Some(Overlay::Confirm { action, .. }) = &driver.model.overlay
        && driver.model.word_to_type(*action) == Some(line)
    {
        let digits = line.chars().map(|c| Msg::Key(Key::plain(Code::Char(c))));
        digits.chain([Msg::Command(Command::Over(Over::Accept))]).for_each(|msg| driver.handle(msg));
        return true;
    }
    let is_read = matches!(
        driver.model.overlay,
        Some(Overlay::Help { .. } | Overlay::Solution { .. } | Overlay::Log { .. } | Overlay::Hint { .. })
    );
    let msg = match line.to_lowercase().as_str() {
        "." | "n" | "no" | "q" => Msg::Click(Target::No),
        "" => Msg::Command(Command::Over(Over::Accept)),
        _ if is_read => return read_on(driver, line),
        "s" | "si" | "sí" | "y" | "yes" => Msg::Click(Target::Yes),
        text => match text.parse::<usize>() {
            Ok(number) if number > 0 => Msg::Click(Target::Row(number - 1)),
            _ => Msg::Key(Key::plain(text.chars().next().map_or(Code::Esc, Code::Char))),
        },
    };
    driver.handle(msg);
    true
}

/// A key of a text that has been printed, such as a deeper hint's. A line that means nothing there closes
/// the text, for it has been read, and goes to the workshop. Answers whether it meant something.
fn read_on(driver: &mut Driver, line: &str) -> bool {
    let before = driver.model.overlay.clone();
    if let Ok(key) = line.parse() {
        driver.handle(Msg::Key(key));
    }
    if driver.model.overlay != before {
        return true;
    }
    driver.handle(Msg::Command(Command::Over(Over::Close)));
    false
}

/// Prints what is new since it last looked.
struct Teller {
    logged: usize,
    step: Option<usize>,
    lang: ground::lang::Lang,
    overlay: Vec<String>,
    /// The drill's form or result as last printed.
    drill_screen: Vec<String>,
    narrator: Narrator,
    /// Events of the run that have been told, and when that run began.
    told: (usize, Option<Moment>),
    ids: Ids,
    /// The trouble of watching AWS as last printed, without its seconds.
    trouble: Option<String>,
}

impl Teller {
    fn new(driver: &Driver) -> Teller {
        Teller {
            logged: 0,
            step: None,
            lang: driver.model.lang,
            overlay: Vec::new(),
            drill_screen: Vec::new(),
            narrator: Narrator::default(),
            told: (0, None),
            ids: driver.model.look.ids,
            trouble: None,
        }
    }

    fn news(&mut self, driver: &Driver) -> Result<(), RuntimeError> {
        let model = &driver.model;
        self.ids = model.look.ids;
        if self.step != Some(model.step_index()) || self.lang != model.lang {
            (self.step, self.lang) = (Some(model.step_index()), model.lang);
            self.lines(plain::step(model))?;
        }
        let fresh = (model.logged - self.logged).min(model.log.len());
        self.logged = model.logged;
        let lines = model.log.iter().skip(model.log.len() - fresh);
        self.lines(lines.map(|l| ground::lang::printable(l.text.get(model.lang)).into_owned()).collect())?;
        self.trouble(driver)?;
        self.drill(driver)?;
        let overlay = plain::overlay(model);
        if overlay != self.overlay {
            self.lines(overlay.clone())?;
            self.overlay = overlay;
        }
        Ok(())
    }

    /// Trouble of watching AWS, once: the seconds of a silence that goes on are no news.
    fn trouble(&mut self, driver: &Driver) -> Result<(), RuntimeError> {
        let model = &driver.model;
        let told = model.trouble().map(|t| ground::lang::printable(t.get(model.lang)).into_owned());
        let gist = |text: &String| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
        let news = told.as_ref().map(gist);
        if news != self.trouble {
            self.trouble = news;
            self.lines(told.into_iter().collect())?;
        }
        Ok(())
    }

    /// What a drill tells: its events line by line, its form and its result whole.
    fn drill(&mut self, driver: &Driver) -> Result<(), RuntimeError> {
        let model = &driver.model;
        if let Some(run) = &model.drill_screen.run {
            if self.told.1 != Some(run.began) {
                (self.told, self.narrator) = ((0, Some(run.began)), Narrator::default());
            }
            let fresh = run.events.iter().skip(self.told.0);
            let lines: Vec<String> =
                fresh.filter_map(|event| self.narrator.tell(event, model.lang)).collect();
            self.told.0 = run.events.len();
            self.lines(lines)?;
        }
        let drill_screen = if model.focus == Pane::Drill { plain::drill::screen(model) } else { Vec::new() };
        if drill_screen != self.drill_screen {
            self.lines(drill_screen.clone())?;
            self.drill_screen = drill_screen;
        }
        Ok(())
    }

    fn lines(&mut self, lines: Vec<String>) -> Result<(), RuntimeError> {
        for line in lines {
            match self.ids {
                Ids::Shown => out::line(line),
                Ids::Masked => out::line(mask(&line)),
            }
        }
        // Nobody would learn what happens from here on.
        if out::is_gone() { Err(RuntimeError::NoReader) } else { Ok(()) }
    }
}
