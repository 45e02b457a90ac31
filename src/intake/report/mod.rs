//! Sales reports: CSV as platforms and spreadsheets write it, read line by line under a mapping; and
//! sheets of events, on which terms are tried.
//!
//! What a line says is settled here as far as the file and the mapping settle it; whether the ledger
//! knows the work and the terms allow the category is not asked here. Never holds more than one line,
//! never guesses, never uses a floating-point number.

mod date_format;
mod decimal;
mod event_fault;
mod event_line;
mod event_sheet;
mod fault;
mod mapping;
mod report_line;
mod rows;
mod sales_report;
mod text;

pub use date_format::DateFormat;
pub use event_fault::{EventFault, EventProblem, EventSheetError};
pub use event_sheet::{EVENT_COLUMNS, EventSheet, MAX_EVENTS, SheetWork};
pub use fault::LineFault;
pub use mapping::{MAX_MAPPING_BYTES, Mapping, MappingError, WorkBy};
pub use report_line::{ReportLine, WorkName};
pub use sales_report::{NextLine, ReportError, SalesReport};
