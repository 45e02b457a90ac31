//! Days and moments as sales reports write them.

use crate::record::Timestamp;
use std::str::FromStr;
use time::{Date, Month, Time};

/// The longest pattern: a date, a time and what stands between them.
const MAX_PATTERN_CHARS: usize = 40;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Mark(u8),
}

/// A pattern such as `DD.MM.YYYY` or `YYYY-MM-DD hh:mm:ss`. Days begin, and times count, in UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormat {
    text: String,
    parts: Vec<Part>,
}

impl DateFormat {
    /// The moment that a text of this pattern means; nothing for any other text, and for days that
    /// do not exist.
    pub(super) fn read(&self, text: &str) -> Option<Timestamp> {
        let (mut year, mut month, mut day) = (0, 0, 0);
        let (mut hour, mut minute, mut second) = (0, 0, 0);
        let mut rest = text.as_bytes();
        for part in &self.parts {
            let width = match part {
                Part::Year => 4,
                Part::Mark(_) => 1,
                Part::Month | Part::Day | Part::Hour | Part::Minute | Part::Second => 2,
            };
            let (found, after) = rest.split_at_checked(width)?;
            rest = after;
            let place = match part {
                Part::Mark(mark) if found == [*mark] => continue,
                Part::Mark(_) => return None,
                Part::Year => &mut year,
                Part::Month => &mut month,
                Part::Day => &mut day,
                Part::Hour => &mut hour,
                Part::Minute => &mut minute,
                Part::Second => &mut second,
            };
            *place = digits(found)?;
        }
        if !rest.is_empty() {
            return None;
        }
        let small = |number: u16| u8::try_from(number).ok();
        let month = Month::try_from(small(month)?).ok()?;
        let date = Date::from_calendar_date(i32::from(year), month, small(day)?).ok()?;
        let time = Time::from_hms(small(hour)?, small(minute)?, small(second)?).ok()?;
        let moment = date.with_time(time).assume_utc();
        Timestamp::from_millis(moment.unix_timestamp().checked_mul(1000)?).ok()
    }
}

fn digits(text: &[u8]) -> Option<u16> {
    text.iter().try_fold(0_u16, |number, byte| {
        byte.is_ascii_digit().then(|| number * 10 + u16::from(byte - b'0'))
    })
}

impl FromStr for DateFormat {
    type Err = ();

    /// Reads a pattern in which year, month and day stand exactly once, and hours, minutes and
    /// seconds at most once, with marks between them.
    fn from_str(text: &str) -> Result<Self, ()> {
        const WORDS: [(&str, Part); 6] = [
            ("YYYY", Part::Year),
            ("MM", Part::Month),
            ("DD", Part::Day),
            ("hh", Part::Hour),
            ("mm", Part::Minute),
            ("ss", Part::Second),
        ];
        let mut parts = Vec::new();
        let mut rest = text;
        if text.len() > MAX_PATTERN_CHARS {
            return Err(());
        }
        while let Some(first) = rest.bytes().next() {
            if let Some((word, part)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
                if parts.contains(part) {
                    return Err(());
                }
                parts.push(*part);
                rest = &rest[word.len()..];
            } else if b"-./: T".contains(&first) {
                parts.push(Part::Mark(first));
                rest = &rest[1..];
            } else {
                return Err(());
            }
        }
        let whole = [Part::Year, Part::Month, Part::Day].iter().all(|part| parts.contains(part));
        if whole { Ok(Self { text: text.to_owned(), parts }) } else { Err(()) }
    }
}

impl std::fmt::Display for DateFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_written() {
        for (pattern, text, day) in [
            ("YYYY-MM-DD", "2026-03-01", "2026-03-01"),
            ("DD.MM.YYYY", "01.03.2026", "2026-03-01"),
            ("MM/DD/YYYY", "02/29/2024", "2024-02-29"),
            ("YYYYMMDD", "20260301", "2026-03-01"),
            ("YYYY-MM-DD hh:mm:ss", "2026-03-01 13:14:15", "2026-03-01T13:14:15Z"),
        ] {
            let format: DateFormat = pattern.parse().unwrap();
            assert_eq!(format.read(text), Some(Timestamp::parse_start(day).unwrap()), "{text}");
        }
    }

    #[test]
    fn other_texts_and_other_patterns_are_refused() {
        let format: DateFormat = "DD.MM.YYYY".parse().unwrap();
        for text in ["29.02.2026", "1.3.2026", "01.03.26", "01/03/2026", "01.03.2026 ", "", "é"] {
            assert_eq!(format.read(text), None, "{text}");
        }
        for pattern in ["", "YYYY-MM", "DD.MM.YY", "YYYY-MM-DD-DD", "D.M.YYYY", "YYYY年MM月DD"] {
            assert!(pattern.parse::<DateFormat>().is_err(), "{pattern}");
        }
    }
}
