//! A sheet of events: what terms are tried on, without a ledger. `schema/events-v1.md` describes it.

use super::event_fault::{EventFault, EventProblem, EventSheetError};
use super::event_line::EventLine;
use super::rows::{RowError, Rows};
use super::text::ReportText;
use crate::intake::IntakeError;
use crate::intake::regular_file::RegularFile;
use crate::record::{EntryNumber, Timestamp};
use crate::royalty::{Advance, Categories, Event, Opening, RateTable, Receipt};
use encoding_rs::UTF_8;
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Lines of a sheet that are taken into memory.
pub const MAX_EVENTS: usize = 1_000_000;
/// Problems that are told.
const MAX_PROBLEMS: usize = 100;

/// The columns, in order.
pub const EVENT_COLUMNS: [&str; 9] =
    ["date", "kind", "category", "amount", "currency", "units", "territory", "work", "reference"];

/// A work that a sheet names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetWork {
    /// What stands for it in figures: the first line that names it.
    pub entry: EntryNumber,
    /// What the sheet calls it.
    pub label: String,
    /// The earliest day on which something is said about it.
    pub from: Timestamp,
}

/// The facts of a sheet of events, as the engine takes them in. What a line says has the number of
/// the line where facts of a ledger have that of an entry.
///
/// ```
/// use deedbook::intake::EventSheet;
/// let csv = "date,kind,category,amount,currency,units,territory,work,reference\n\
///            2026-03-01,revenue,print-sales,49.00,CNY,1,CN,spring,A-1\n";
/// let sheet = EventSheet::read(csv.as_bytes(), "events.csv".as_ref())?;
/// assert_eq!(sheet.events[0].minor, 4900);
/// assert_eq!((sheet.works[0].label.as_str(), sheet.works[0].entry.get()), ("spring", 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventSheet {
    /// The categories that events name by place.
    pub categories: Categories,
    /// Revenue, expenses and refunds.
    pub events: Vec<Event>,
    /// Payments.
    pub receipts: Vec<Receipt>,
    /// Advances.
    pub advances: Vec<Advance>,
    /// Where the account stood before.
    pub opening: Option<Opening>,
    /// Exchange rates.
    pub rates: RateTable,
    /// The works, in the order of the lines that name them first.
    pub works: Vec<SheetWork>,
    /// The day of the first event and that of the last one, rates apart; none without an event.
    pub days: Option<(Timestamp, Timestamp)>,
}

impl EventSheet {
    /// Reads a file.
    ///
    /// # Errors
    /// As [`EventSheet::read`]; a path that leads to no regular file, or one that changes meanwhile.
    pub fn open(path: &Path) -> Result<Self, EventSheetError> {
        let looked = RegularFile::look(path, u64::MAX)?;
        let file = File::open(path).map_err(IntakeError::io(path))?;
        looked.check_open(path, &file)?;
        let sheet = Self::read(file, path)?;
        looked.check_unchanged(path)?;
        Ok(sheet)
    }

    /// Reads a sheet whole. The path is what errors name.
    ///
    /// # Errors
    /// A file that cannot be read, has another heading, no events, or too many; every line that is
    /// wrong, up to a hundred.
    pub fn read(source: impl Read, path: &Path) -> Result<Self, EventSheetError> {
        let io = |error| EventSheetError::File(IntakeError::io(path)(error));
        let text = ReportText::new(source, UTF_8).map_err(io)?;
        let mut rows = Rows::new(text, b',', false);
        let mut reading = Reading::default();
        let (mut count, mut problems) = (0, Vec::new());
        loop {
            let more = match rows.advance() {
                Ok(more) => more,
                Err(RowError::Io(error)) => return Err(io(error)),
                Err(RowError::Fault(line, fault)) => {
                    problems.push(EventProblem { line, fault: fault.into() });
                    return Err(EventSheetError::Lines { problems, more: false });
                }
            };
            if !more {
                break;
            }
            if count == 0 {
                check_heading(&rows)?;
            } else if count > MAX_EVENTS {
                return Err(EventSheetError::TooManyLines { max: MAX_EVENTS });
            } else if let Err(fault) =
                EventLine::of(&rows).and_then(|line| reading.take(rows.line(), &line))
            {
                problems.push(EventProblem { line: rows.line(), fault });
                if problems.len() == MAX_PROBLEMS {
                    return Err(EventSheetError::Lines { problems, more: true });
                }
            }
            count += 1;
        }
        if !problems.is_empty() {
            return Err(EventSheetError::Lines { problems, more: false });
        }
        if reading.sheet.days.is_none() {
            return Err(EventSheetError::NoEvents);
        }
        Ok(reading.sheet)
    }
}

fn check_heading<R: Read>(rows: &Rows<R>) -> Result<(), EventSheetError> {
    let found: Vec<&str> =
        (0..rows.count()).map(|place| rows.field(place).unwrap_or("?")).collect();
    if found == EVENT_COLUMNS {
        return Ok(());
    }
    let mut found = found.join(",");
    if let Some((end, _)) = found.char_indices().nth(200) {
        found.truncate(end);
        found.push('…');
    }
    Err(EventSheetError::Heading { found, needed: EVENT_COLUMNS.join(",") })
}

/// A sheet on its way.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) sheet: EventSheet,
    references: HashMap<String, u64>,
    labels: HashMap<String, usize>,
    /// The figures of the opening balance that were given.
    pub(super) opened: Vec<String>,
}

impl Reading {
    /// Where a reference, kind apart from kind, stands for the second time.
    pub(super) fn check_reference(&mut self, found: &str, line: u64) -> Result<(), EventFault> {
        if found.is_empty() {
            return Ok(());
        }
        let first = *self.references.entry(found.to_owned()).or_insert(line);
        if first == line {
            return Ok(());
        }
        Err(EventFault::ReferenceTwice { reference: found.to_owned(), first })
    }

    /// The work that a line names.
    pub(super) fn work(&mut self, label: &str, on: Timestamp, line: u64) -> Option<EntryNumber> {
        if label.is_empty() {
            return None;
        }
        let place = self.labels.get(label).copied().unwrap_or(self.sheet.works.len());
        if place == self.sheet.works.len() {
            let entry = EntryNumber::new(line);
            self.labels.insert(label.to_owned(), place);
            self.sheet.works.push(SheetWork { entry, label: label.to_owned(), from: on });
        }
        let work = self.sheet.works.get_mut(place)?;
        work.from = work.from.min(on);
        Some(work.entry)
    }

    /// Counts a day in.
    pub(super) fn day(&mut self, on: Timestamp) {
        let (first, last) = self.sheet.days.unwrap_or((on, on));
        self.sheet.days = Some((first.min(on), last.max(on)));
    }
}

#[cfg(test)]
mod tests;
