//! Who is connected to the server: how long each may take over a request, what all may hold together, and
//! who has to go when room runs out. No guest can keep the others waiting.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt as _;
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use tokio::sync::Notify;
use tokio::time::Instant;

/// What a server allows those who connect to it.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How long the head of a request may take, and how long a connection may stand idle.
    pub head: Duration,
    /// How long a body may pause.
    pub pause: Duration,
    /// How long a body may take as a whole.
    pub body: Duration,
    /// The most connections; a new one takes the place of the one that has been idle longest.
    pub connections: usize,
    /// The longest body, in bytes.
    pub longest: usize,
    /// The most bytes of bodies that are held at once; who comes when there is no room waits for it, in order.
    pub held: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            head: Duration::from_secs(30),
            // As long as S3 waits.
            pause: Duration::from_secs(20),
            body: Duration::from_secs(300),
            connections: 2_048,
            longest: 64 << 20,
            held: 96 << 20,
        }
    }
}

/// The most bytes of a request's head, and of a connection's buffer: some thousand connections may each fill one.
pub(super) const HEAD: usize = 24 * 1024;

/// How long it counts that descriptors ran out, in milliseconds.
const FORGOTTEN: u64 = 60_000;

/// Why a body was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// It paused or took too long, or others needed its room.
    Late,
    /// It is longer than `Bounds::longest`.
    TooLong,
    /// The bodies of others, all of them on their way, left no room for as long as one waits.
    NoRoom,
    /// The client went away in the middle.
    Broken,
}

/// What a guest is at, as a number for an atomic: the first to go come first.
const IDLE: u8 = 0;
const SENDING: u8 = 1;
const WAITING: u8 = 2;

/// One connection.
#[derive(Debug)]
struct Guest {
    doing: AtomicU8,
    /// When it was last heard of, in milliseconds of the house's time.
    heard: AtomicU64,
    /// The bytes that are kept free for its body, come or not.
    held: AtomicUsize,
    /// Asks it to go.
    go: Notify,
    /// Asks it to give up its body and say so.
    hurry: Notify,
}

/// All who are connected.
#[derive(Debug)]
pub(super) struct House {
    bounds: Bounds,
    opened: Instant,
    guests: Mutex<HashMap<u64, Arc<Guest>>>,
    next: AtomicU64,
    held: AtomicUsize,
    /// Whose turn it is to wait for room: the first who asked.
    turn: tokio::sync::Mutex<()>,
    /// Tells it that some was given back.
    freed: Notify,
    /// The most connections at present: fewer than allowed once the system had no more descriptors.
    room: AtomicUsize,
    /// When that was, in milliseconds of the house's time.
    crowded: AtomicU64,
    /// Milliseconds that only tests let pass.
    #[cfg(test)]
    ahead: AtomicU64,
}

impl House {
    pub fn new(bounds: Bounds) -> Arc<House> {
        Arc::new(House {
            bounds,
            opened: Instant::now(),
            guests: Mutex::default(),
            next: AtomicU64::new(0),
            held: AtomicUsize::new(0),
            turn: tokio::sync::Mutex::default(),
            freed: Notify::new(),
            room: AtomicUsize::new(bounds.connections.max(1)),
            crowded: AtomicU64::new(0),
            #[cfg(test)]
            ahead: AtomicU64::new(0),
        })
    }

    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    fn now(&self) -> u64 {
        let now = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        #[cfg(test)]
        let now = now + self.ahead.load(Ordering::Relaxed);
        now
    }

    fn guests(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Arc<Guest>>> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a connection in; where there is no room for it, the first who can go has to.
    pub fn enter(self: &Arc<Self>) -> Stay {
        let guest = Arc::new(Guest {
            doing: AtomicU8::new(IDLE),
            heard: AtomicU64::new(self.now()),
            held: AtomicUsize::new(0),
            go: Notify::new(),
            hurry: Notify::new(),
        });
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        // What took the descriptors may have given them back; if not, it will be told again.
        if self.room.load(Ordering::Relaxed) < self.bounds.connections
            && self.now().saturating_sub(self.crowded.load(Ordering::Relaxed)) > FORGOTTEN
        {
            self.room.store(self.bounds.connections.max(1), Ordering::Relaxed);
        }
        let mut guests = self.guests();
        let over = (guests.len() + 1).saturating_sub(self.room.load(Ordering::Relaxed));
        dismiss(&mut guests, over);
        guests.insert(number, Arc::clone(&guest));
        drop(guests);
        Stay { house: Arc::clone(self), guest, number }
    }

    /// The system has no descriptor left for a new connection: some guests go, and from now on fewer are let in,
    /// so that files can be opened too. Whether anybody could go.
    pub fn make_room(&self) -> bool {
        /// How many descriptors are left to others.
        const SPARE: usize = 8;
        self.crowded.store(self.now(), Ordering::Relaxed);
        let mut guests = self.guests();
        let there = guests.len();
        let room = there.saturating_sub(SPARE).max(1);
        self.room.fetch_min(room, Ordering::Relaxed);
        dismiss(&mut guests, there.saturating_sub(room).max(1)) > 0
    }

    /// Takes room for some bytes of a body; where there is none, the body that has paused longest gives up its own.
    fn reserve(&self, bytes: usize, own: &Guest) -> bool {
        /// How long a body must have paused before it can lose its place, in milliseconds.
        const PAUSED: u64 = 250;
        /// The same for one that has come whole and waits for its answer.
        const UNANSWERED: u64 = 5_000;
        loop {
            let before = self.held.fetch_add(bytes, Ordering::Relaxed);
            if before + bytes <= self.bounds.held {
                own.held.fetch_add(bytes, Ordering::Relaxed);
                return true;
            }
            self.held.fetch_sub(bytes, Ordering::Relaxed);
            let now = self.now();
            let guests = self.guests();
            let holds = |g: &&Arc<Guest>| {
                g.held.load(Ordering::Relaxed) > 0
                    && !std::ptr::eq(Arc::as_ptr(g), own)
                    && now.saturating_sub(g.heard.load(Ordering::Relaxed))
                        >= if g.doing.load(Ordering::Relaxed) == WAITING { UNANSWERED } else { PAUSED }
            };
            let longest = guests.values().filter(holds).min_by_key(|g| order(g));
            let Some(guest) = longest.cloned() else { return false };
            drop(guests);
            // Its room is free from now on, though its bytes go a moment later.
            self.held.fetch_sub(guest.held.swap(0, Ordering::Relaxed), Ordering::Relaxed);
            if guest.doing.load(Ordering::Relaxed) == SENDING {
                guest.hurry.notify_one();
            } else {
                guest.go.notify_one();
            }
        }
    }
}

/// Who goes first: those at nothing, then those who still send, and last those who wait for an answer; among
/// equals who was not heard of for longest.
fn order(guest: &Guest) -> (u8, u64) {
    (guest.doing.load(Ordering::Relaxed), guest.heard.load(Ordering::Relaxed))
}

/// Asks so many to go, and strikes them off the list. How many were asked.
fn dismiss(guests: &mut HashMap<u64, Arc<Guest>>, count: usize) -> usize {
    if count == 0 {
        return 0;
    }
    let mut leaving: Vec<_> = guests.iter().map(|(number, guest)| (order(guest), *number)).collect();
    if count < leaving.len() {
        leaving.select_nth_unstable(count - 1);
        leaving.truncate(count);
    }
    for (_, number) in &leaving {
        if let Some(guest) = guests.remove(number) {
            guest.go.notify_one();
        }
    }
    leaving.len()
}

/// A connection's stay; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Stay {
    house: Arc<House>,
    guest: Arc<Guest>,
    number: u64,
}

impl Stay {
    /// A sign of life: a request has begun.
    fn note_activity(&self, doing: u8) {
        self.guest.doing.store(doing, Ordering::Relaxed);
        self.guest.heard.store(self.house.now(), Ordering::Relaxed);
    }

    /// Waits until this guest has to go.
    pub async fn wait_for_dismissal(&self) {
        self.guest.go.notified().await;
    }

    /// Takes a request's body. What it holds stays counted until the `Answering` is dropped.
    pub async fn body(&self, mut body: Incoming) -> Result<(Bytes, Answering<'_>), Lost> {
        self.note_activity(SENDING);
        let answering = Answering(self);
        if body.is_end_stream() {
            self.guest.doing.store(WAITING, Ordering::Relaxed);
            return Ok((Bytes::new(), answering));
        }
        // Asked to hurry a moment after the body before this one had come: that is past.
        let _ = self.guest.hurry.notified().now_or_never();
        let bounds = self.house.bounds;
        // As long as its head says; one in chunks does not say, and takes room as it comes.
        let declared = body.size_hint().lower();
        if declared > bounds.longest as u64 {
            return Err(Lost::TooLong);
        }
        let ends = Instant::now() + bounds.body;
        let mut room = usize::try_from(declared).unwrap_or(usize::MAX);
        self.room(room, ends).await?;
        self.note_activity(SENDING);
        let mut parts = Parts::default();
        loop {
            let frame = match body.frame().now_or_never() {
                // It came with the head, as most do: nothing to wait for.
                Some(frame) => frame,
                None => {
                    let until = ends.min(Instant::now() + bounds.pause);
                    tokio::select! {
                        biased;
                        frame = body.frame() => frame,
                        () = self.guest.hurry.notified() => return Err(Lost::Late),
                        () = tokio::time::sleep_until(until) => return Err(Lost::Late),
                    }
                }
            };
            let data = match frame {
                None => break,
                Some(Err(_)) => return Err(Lost::Broken),
                Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
            };
            let come = parts.bytes + data.len();
            if come > bounds.longest {
                return Err(Lost::TooLong);
            }
            if Instant::now() >= ends {
                return Err(Lost::Late);
            }
            if come > room {
                self.room(come - room, ends).await?;
                room = come;
            }
            self.guest.heard.store(self.house.now(), Ordering::Relaxed);
            parts.push(data);
        }
        self.guest.doing.store(WAITING, Ordering::Relaxed);
        Ok((parts.join(), answering))
    }

    /// Waits for room for some bytes of its body, in the order of those who ask. Who waits holds nothing of what it
    /// waits for, so that whoever was given room can be read to its end.
    async fn room(&self, bytes: usize, ends: Instant) -> Result<(), Lost> {
        /// Between two looks for one that has paused.
        const LOOK: Duration = Duration::from_millis(50);
        let house = &self.house;
        if house.turn.try_lock().is_ok() && house.reserve(bytes, &self.guest) {
            return Ok(());
        }
        if bytes > house.bounds.held {
            return Err(Lost::NoRoom);
        }
        let until = ends.min(Instant::now() + house.bounds.pause);
        let waits = async {
            let _turn = house.turn.lock().await;
            while !house.reserve(bytes, &self.guest) {
                let _ = tokio::time::timeout(LOOK, house.freed.notified()).await;
            }
        };
        tokio::select! {
            biased;
            () = waits => Ok(()),
            () = self.guest.hurry.notified() => Err(Lost::Late),
            () = tokio::time::sleep_until(until) => Err(Lost::NoRoom),
        }
    }

    fn release(&self) {
        let held = self.guest.held.swap(0, Ordering::Relaxed);
        if held > 0 {
            self.house.held.fetch_sub(held, Ordering::Relaxed);
            self.house.freed.notify_one();
        }
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        self.release();
        self.house.guests().remove(&self.number);
    }
}

/// While a request is being answered, its body counts.
#[derive(Debug)]
pub(super) struct Answering<'a>(&'a Stay);

impl Drop for Answering<'_> {
    fn drop(&mut self) {
        self.0.release();
        self.0.note_activity(IDLE);
    }
}

/// A body's parts, as they came.
#[derive(Default)]
struct Parts {
    first: Bytes,
    more: Vec<Bytes>,
    bytes: usize,
}

impl Parts {
    fn push(&mut self, part: Bytes) {
        self.bytes += part.len();
        if self.first.is_empty() { self.first = part } else { self.more.push(part) }
    }

    /// All in one piece; the one part of a short body is that piece.
    fn join(self) -> Bytes {
        if self.more.is_empty() {
            return self.first;
        }
        let mut whole = BytesMut::with_capacity(self.bytes);
        // Each part is let go as soon as it is copied, so that a long body is not held twice.
        for part in std::iter::once(self.first).chain(self.more) {
            whole.extend_from_slice(&part);
        }
        whole.freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(connections: usize) -> Arc<House> {
        House::new(Bounds { connections, held: 100, ..Bounds::default() })
    }

    fn a_second_passes(house: &House) {
        house.ahead.fetch_add(1_000, Ordering::Relaxed);
    }

    fn goes(stay: &Stay) -> bool {
        stay.wait_for_dismissal().now_or_never().is_some()
    }

    #[test]
    fn the_one_idle_longest_makes_room_and_who_waits_for_an_answer_stays() {
        let house = house(3);
        let waiting = house.enter();
        waiting.note_activity(WAITING);
        let mut idle = Vec::new();
        for _ in 0..3 {
            a_second_passes(&house);
            idle.push(house.enter());
        }
        assert!(goes(&idle[0]));
        assert!(!goes(&idle[1]) && !goes(&idle[2]) && !goes(&waiting));
        let _newest = house.enter();
        assert!(goes(&idle[1]) && !goes(&waiting));
    }

    #[test]
    fn where_descriptors_run_out_fewer_are_let_in_from_then_on() {
        let house = house(100);
        let stays: Vec<_> = (0..20).map(|_| house.enter()).collect();
        assert!(house.make_room());
        assert_eq!(stays.iter().filter(|stay| goes(stay)).count(), 8);
        drop(stays);
        let after: Vec<_> = (0..20).map(|_| house.enter()).collect();
        assert_eq!(after.iter().filter(|stay| goes(stay)).count(), 8, "only twelve are there at once");
        drop(after);
        house.ahead.fetch_add(FORGOTTEN + 1, Ordering::Relaxed);
        let later: Vec<_> = (0..20).map(|_| house.enter()).collect();
        assert!(!later.iter().any(goes), "after a while there is room again");
    }

    #[test]
    fn a_body_that_paused_gives_its_room_and_those_on_their_way_keep_theirs() {
        let house = house(10);
        let (slow, quick, third) = (house.enter(), house.enter(), house.enter());
        for stay in [&slow, &quick] {
            stay.note_activity(SENDING);
            assert!(house.reserve(50, &stay.guest));
        }
        assert!(!house.reserve(10, &third.guest), "all bodies are on their way");
        a_second_passes(&house);
        quick.note_activity(SENDING);
        assert!(house.reserve(10, &third.guest));
        assert!(slow.guest.hurry.notified().now_or_never().is_some());
        assert!(quick.guest.hurry.notified().now_or_never().is_none());
        drop((slow, quick, third));
        assert_eq!(house.held.load(Ordering::Relaxed), 0);
    }
}
