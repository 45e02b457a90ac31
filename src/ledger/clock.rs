//! The clock: the only place that reads the machine's time.

use crate::record::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// What tells the moment at which a statement is registered.
pub trait Clock {
    /// Now, in UTC.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    /// A clock before 1970 reads as 1970 and one after the year 9999 as its end; a ledger refuses
    /// either, as running backwards or in the future.
    fn now(&self) -> Timestamp {
        let millis = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |elapsed| i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX));
        Timestamp::from_millis(millis).unwrap_or(Timestamp::MAX)
    }
}
