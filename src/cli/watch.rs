//! Looking on at the world of the Espera that holds the state, with the clock read at its port.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

use super::context::Context;
use super::credentials::credentials;
use super::options::WORLD;
use super::record::Record;
use super::start_error::StartError;
use super::workspace::Workspace;
use crate::app::{Pace, Watched, World};
use crate::cloud::{Access, Cloud, Settings};
use crate::runtime::{News, WorldHandle};
use ground::clock::{Clock, Moment, Reading, Speed};
use ground::lang::Said;
use ground::tr;
use practice;
use practice::keys::Keys;

/// Where nothing can listen: the address of a world that has told none.
const NOWHERE: &str = "http://127.0.0.1:0";
/// Between two readings, in real time: as often as the screen's own clock moves.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a reading may take, in real time: it comes from this machine.
const PATIENCE: Duration = Duration::from_secs(2);

/// Looks on at the world of the Espera that holds this state.
pub(super) async fn open(mut workspace: Workspace, settings: Settings) -> Result<Context, StartError> {
    let endpoint =
        std::fs::read_to_string(workspace.folder.join("endpoint")).ok().filter(|url| !url.is_empty());
    let clock = Clock::practice(Moment::from(SystemTime::now()), Speed::Times(1.0));
    let address = endpoint.clone().unwrap_or_else(|| NOWHERE.to_owned());
    let keys = match Keys::of(&workspace.folder.join(WORLD)) {
        Some(keys) => keys,
        None => {
            let folder = workspace.folder.join(WORLD).display().to_string();
            workspace.warnings.push(Said::with(|l| {
                tr!(
                    l,
                    "Aquí no se pueden leer las claves de ese mundo de práctica ({folder}): sin ellas no contesta. Ábrelo con el usuario que lo tiene abierto.",
                    "The keys of that practice world cannot be read here ({folder}): it does not answer without them. Open it as the user who has it open."
                )
            }));
            Keys::random()?
        }
    };
    let access = Access::endpoint(address, credentials(&keys), clock.clone());
    let cloud = Cloud::new(access);
    let watched = follow_clock(cloud.clone(), clock.clone()).await;
    let (speed, pace) = match *watched.borrow() {
        Watched::Going(speed, pace) => (speed, pace),
        Watched::Silent => (clock.speed().unwrap_or_default(), Pace::Running),
    };
    let record = Record::read(&workspace.folder).filter(|record| endpoint.as_ref() == Some(&record.endpoint));
    let environment = record.map(|record| record.environment).unwrap_or_default().into();
    let world = World::Practice { speed, pace, endpoint };
    let news = News { watched: Some(watched), ..News::silent() };
    let world_handle =
        WorldHandle { clock, cloud, settings: Arc::new(settings), drill_context: None, environment, news };
    Ok(Context { workspace, world, world_handle, host: None })
}

/// Sets `clock` by the one of the Espera behind `cloud`, now and each second as long as the receiver
/// lives, which tells what is heard. While nothing answers the clock goes on as it did.
async fn follow_clock(cloud: Cloud, clock: Clock) -> watch::Receiver<Watched> {
    let (sender, mut receiver) = watch::channel(read_clock(&cloud, &clock).await);
    receiver.mark_changed();
    tokio::spawn(async move {
        while !sender.is_closed() {
            tokio::time::sleep(PAUSE).await;
            let new = read_clock(&cloud, &clock).await;
            sender.send_if_modified(|old| std::mem::replace(old, new) != new);
        }
    });
    receiver
}

async fn read_clock(cloud: &Cloud, clock: &Clock) -> Watched {
    let answer = tokio::time::timeout(PATIENCE, cloud.emulator_page(practice::CLOCK)).await.ok().flatten();
    let reading = answer.and_then(|text| serde_json::from_str::<Option<Reading>>(&text).ok().flatten());
    let Some(reading) = reading else { return Watched::Silent };
    clock.follow(reading);
    Watched::Going(reading.speed, if reading.paused { Pace::Paused } else { Pace::Running })
}
