//! Faults and drills as tasks beside the screen: what the model asks for, and the messages it gets back.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, watch};

use crate::app::{CutOffChoice, CutOffRun, Msg};
use crate::cloud::{ActionError, Fault, Turn};
use crate::drill::telling::terms;
use crate::drill::{self, DrillContext, DrillError, Event, Order, Plan, Report};
use ground::lang::{Lang, Said};
use ground::tr;

/// Orders a drill may have waiting: nobody presses keys faster than it takes them.
const ORDERS: usize = 16;

/// Runs drills, one at a time.
pub(super) struct Drills {
    drill_context: Option<DrillContext>,
    orders: Option<mpsc::Sender<Order>>,
    news: News,
    heard: watch::Receiver<u64>,
    sender: mpsc::UnboundedSender<Msg>,
}

/// Events on their way to the model. They are taken all at once: a drill at full speed makes more of
/// them than there are frames.
#[derive(Clone)]
struct News {
    waiting: Arc<Mutex<Vec<Event>>>,
    bell: Arc<watch::Sender<u64>>,
}

impl News {
    fn push(&self, event: &Event) {
        self.lock().push(event.clone());
        self.bell.send_modify(|n| *n += 1);
    }

    fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Event>> {
        // A list of events is whole after every push.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drills {
    pub(super) fn new(drill_context: Option<DrillContext>, sender: mpsc::UnboundedSender<Msg>) -> Drills {
        let (bell, heard) = watch::channel(0);
        let news = News { waiting: Arc::default(), bell: Arc::new(bell) };
        Drills { drill_context, orders: None, news, heard, sender }
    }

    /// Waits for news of the drill; the message with all of it.
    pub(super) async fn next(&mut self) -> Msg {
        // The bell lives as long as this does, so it never ends.
        let _ = self.heard.changed().await;
        Msg::Drill(self.news.take())
    }

    /// News that wait already.
    pub(super) fn try_next(&mut self) -> Option<Msg> {
        if !self.heard.has_changed().unwrap_or(false) {
            return None;
        }
        self.heard.mark_unchanged();
        Some(Msg::Drill(self.news.take()))
    }

    pub(super) fn start(&mut self, plan: Plan, lang: Lang) {
        let Some(drill_context) = self.drill_context(lang) else {
            return self.answer(Msg::DrillEnded(Box::new(Err(no_drills_text()))));
        };
        let (orders, inbox) = mpsc::channel(ORDERS);
        self.orders = Some(orders);
        let (news, sender) = (self.news.clone(), self.sender.clone());
        tokio::spawn(async move {
            let told = news.clone();
            let result = drill::run(drill_context, plan, inbox, move |event| told.push(event)).await;
            // What it told last comes before its end.
            let _ = sender.send(Msg::Drill(news.take()));
            let _ = sender.send(Msg::DrillEnded(Box::new(result.map_err(error_text))));
        });
    }

    pub(super) fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // Full or gone: the drill is at its end and no order can change it.
            let _ = orders.try_send(order);
        }
    }

    /// Reads earlier drills and the one that was cut off, beside the screen.
    pub(super) fn read(&self) {
        let Some(drill_context) = &self.drill_context else { return };
        let (folder, sender) = (drill_context.folder.clone(), self.sender.clone());
        tokio::task::spawn_blocking(move || {
            let finished = drill::runs(&folder).into_iter().filter_map(|s| s.report.ok());
            let earlier: Vec<Report> = finished.filter(|r| r.ended.is_some()).collect();
            let cut = drill::find_unfinished(&folder).map(|u| CutOffRun {
                began: u.report.began,
                fault: u.report.plan.breaks(),
                run: u.run,
            });
            let _ = sender.send(Msg::DrillsRead(earlier, cut));
        });
    }

    /// Finishes or undoes the drill that was cut off.
    pub(super) fn settle(&self, settle: CutOffChoice, lang: Lang) {
        let Some(drill_context) = self.drill_context(lang) else {
            return self.answer(Msg::Settled(Box::new(Err(no_drills_text()))));
        };
        let sender = self.sender.clone();
        tokio::spawn(async move {
            let result = match (drill::find_unfinished(&drill_context.folder), settle) {
                (None, _) => Ok(None),
                (Some(cut), CutOffChoice::Finish) => cut.finish(drill_context, |_| ()).await.map(Some),
                (Some(cut), CutOffChoice::Undo) => cut.undo(drill_context, |_| ()).await.map(|_| None),
            };
            let _ = sender.send(Msg::Settled(Box::new(result.map_err(error_text))));
        });
    }

    /// Writes a run's report anew, in the language of the moment.
    pub(super) fn export(&self, run: String, lang: Lang) {
        let Some(drill_context) = &self.drill_context else { return };
        let (folder, sender) = (drill_context.folder.clone(), self.sender.clone());
        tokio::task::spawn_blocking(move || {
            let result = export(&folder, &run, &folder.join(&run), lang);
            let _ = sender.send(Msg::Exported(result));
        });
    }

    /// Breaks or mends something.
    pub(super) fn switch(&self, fault: Fault, turn: Turn) {
        let boards = self.drill_context.as_ref().map(|s| s.switchboards.clone()).unwrap_or_default();
        let sender = self.sender.clone();
        tokio::spawn(async move {
            let result = match (boards.iter().find(|b| b.offers().contains(&fault)), turn) {
                (Some(board), Turn::Break) => board.apply(fault).await,
                (Some(board), Turn::Mend) => board.undo(fault).await,
                (None, _) => Err(not_offered_error(fault)),
            };
            let _ = sender.send(Msg::Switched(fault, turn, result));
        });
    }

    fn drill_context(&self, lang: Lang) -> Option<DrillContext> {
        self.drill_context.clone().map(|drill_context| DrillContext { lang, ..drill_context })
    }

    fn answer(&self, msg: Msg) {
        let _ = self.sender.send(msg);
    }
}

/// Writes the report of a run kept in `folder` to the folder `to`, as Markdown, JSON and HTML; answers
/// with `to`.
///
/// # Errors
/// When the run cannot be read or a file cannot be written: what happened and what to do.
pub fn export(
    folder: &std::path::Path,
    run: &str,
    to: &std::path::Path,
    lang: Lang,
) -> Result<PathBuf, Said> {
    let whole = drill::Run::load(folder, run).map_err(error_text)?;
    std::fs::create_dir_all(to).map_err(|e| unwritable_text(to, &e))?;
    drill::export::write(to, &whole, lang).map_err(error_text)?;
    Ok(to.to_owned())
}

fn unwritable_text(file: &std::path::Path, error: &std::io::Error) -> Said {
    let file = file.display();
    Said::with(|l| {
        tr!(
            l,
            "No se pudo escribir {file}: {error}. Elige otra carpeta o libera espacio.",
            "{file} could not be written: {error}. Choose another folder or free some space."
        )
    })
}

#[expect(clippy::needless_pass_by_value, reason = "handed to `map_err`, which gives the value")]
fn error_text(error: DrillError) -> Said {
    Said::with(|l| error.text(l))
}

fn no_drills_text() -> Said {
    Said::with(|l| {
        tr!(
            l,
            "Aquí no se pueden hacer simulacros: otra Espera tiene este estado.",
            "No drills can be run here: another Espera holds this state."
        )
    })
}

fn not_offered_error(fault: Fault) -> ActionError {
    let text = Said::with(|l| {
        let name = terms::fault(fault, l);
        tr!(l, "Aquí no se puede romper ni reparar: {name}.", "This cannot be broken or mended here: {name}.")
    });
    ActionError::from_said("NotOffered", text)
}
