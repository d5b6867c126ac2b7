//! What every part of Espera stands on, and what knows none of them: two languages, the look of a terminal,
//! seeded chance, clocks that stand still when a test wants it, files read and kept with care.
//!
//! ```
//! use std::time::Duration;
//!
//! use ground::clock::{Clock, Moment};
//! use ground::lang::Lang;
//! use ground::tr;
//!
//! let clock = Clock::manual(Moment(1_800_000_000_000));
//! clock.advance(Duration::from_secs(60));
//! let now = clock.now().iso8601();
//! assert_eq!(tr!(Lang::Es, "Son las {now}", "It is {now}"), "Son las 2027-01-15T08:01:00.000Z");
//! ```

pub mod lang;

pub mod look;

pub mod seed;

pub mod reading;

pub mod clock;

pub mod disk;
