//! Questions and answers, asked from outside on ledgers of their own.

mod history;
pub(crate) mod journal;
mod licensed;
mod list;
mod owed;
mod owner;
mod proceeds;
mod reference;
mod statement;
mod sums;

use crate::support::{Register, at};
use deedbook::ledger::answer::{AnswerError, Moments};
use deedbook::record::{EntryNumber, RecordId, Timestamp};

/// The entry of a statement.
fn entry(register: &Register, id: RecordId) -> EntryNumber {
    let reader = register.ledger().read().unwrap();
    reader.entry_number(&id).unwrap().unwrap()
}

/// The end of a day, as a date in a question means it.
fn end(day: &str) -> Timestamp {
    Timestamp::parse_end(day).unwrap()
}

/// A question about these two days; `now` is after everything.
fn moments(as_of: &str, known_at: &str) -> Moments {
    let moment = |day: &str| {
        if day == "now" { at("2026-12-31") } else { end(day) }
    };
    Moments { as_of: moment(as_of), known_at: moment(known_at) }
}

fn code<T: std::fmt::Debug>(answer: Result<T, AnswerError>) -> &'static str {
    answer.unwrap_err().code()
}
