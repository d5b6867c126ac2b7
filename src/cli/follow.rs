//! Looking on: the clock of the Espera that holds the state, read at its world's port.

use std::time::Duration;

use tokio::sync::watch;

use crate::app::{Pace, Watched};
use crate::clock::{Clock, Reading};
use crate::cloud::Cloud;
use crate::practice;

/// Between two readings, in real time: as often as the screen's own clock moves.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a reading may take, in real time: it comes from this machine.
const PATIENCE: Duration = Duration::from_secs(2);

/// Sets `clock` by the one of the Espera behind `cloud`, now and each second as long as the receiver
/// lives, which tells what is heard. While nothing answers the clock goes on as it did.
pub(super) async fn follow(cloud: Cloud, clock: Clock) -> watch::Receiver<Watched> {
    let (sender, mut receiver) = watch::channel(hear(&cloud, &clock).await);
    receiver.mark_changed();
    tokio::spawn(async move {
        while !sender.is_closed() {
            tokio::time::sleep(PAUSE).await;
            let new = hear(&cloud, &clock).await;
            sender.send_if_modified(|old| std::mem::replace(old, new) != new);
        }
    });
    receiver
}

async fn hear(cloud: &Cloud, clock: &Clock) -> Watched {
    let answer = tokio::time::timeout(PATIENCE, cloud.emulator_page(practice::CLOCK)).await.ok().flatten();
    let reading = answer.and_then(|text| serde_json::from_str::<Option<Reading>>(&text).ok().flatten());
    let Some(reading) = reading else { return Watched::Silent };
    clock.follow(reading);
    Watched::Going(reading.speed, if reading.paused { Pace::Paused } else { Pace::Running })
}
