//! The two times of a question, and how moments are written for people.

use crate::record::Timestamp;

/// What a question is about: what had taken effect at one moment, as the ledger knew it at another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moments {
    /// Facts count that had taken effect by then.
    pub as_of: Timestamp,
    /// Facts count that the ledger had registered by then.
    pub known_at: Timestamp,
}

impl Moments {
    /// Everything the ledger will ever know of.
    pub const ALL: Self = Self { as_of: Timestamp::MAX, known_at: Timestamp::MAX };
}

/// A moment as people write it: the day alone where it is the first or the last of a day, else
/// with the time, in UTC.
///
/// ```
/// use deedbook::narration::day_or_moment;
/// use deedbook::record::Timestamp;
/// let day = Timestamp::parse_start("2026-02-01").unwrap();
/// assert_eq!(day_or_moment(day), "2026-02-01");
/// let moment = Timestamp::parse_start("2026-02-01T09:30:05Z").unwrap();
/// assert_eq!(day_or_moment(moment), "2026-02-01 09:30:05 UTC");
/// ```
pub fn day_or_moment(moment: Timestamp) -> String {
    let date = moment.date();
    let is = |bound: Result<Timestamp, _>| bound.is_ok_and(|bound| bound == moment);
    if is(Timestamp::start_of(date)) || is(Timestamp::end_of(date)) {
        return date.to_string();
    }
    let text = moment.to_string();
    let time = text.split('T').nth(1).unwrap_or_default();
    let seconds = time.split('.').next().unwrap_or_default();
    format!("{date} {seconds} UTC")
}
