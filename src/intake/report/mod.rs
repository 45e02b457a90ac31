//! Sales reports: CSV as platforms and spreadsheets write it, read line by line under a mapping; sheets
//! of events, on which terms are tried; and logs of generations, which a provider attests.
//!
//! What a line says is settled here as far as the file and the mapping settle it; whether the ledger
//! knows the work and the terms allow the category is not asked here. Never holds more than one line,
//! never guesses, never uses a floating-point number.

mod attestation_fault;
mod attestation_log;
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

pub use attestation_fault::{AttestationFault, AttestationLogError, AttestationProblem};
pub use attestation_log::{
    AttestationLog, LOG_COLUMNS, LogFormat, LoggedOutput, MAX_LOGGED_OUTPUTS,
};
pub use date_format::DateFormat;
pub use event_fault::{EventFault, EventProblem, EventSheetError};
pub use event_sheet::{EVENT_COLUMNS, EventSheet, MAX_EVENTS, SheetWork};
pub use fault::LineFault;
pub use mapping::{MAX_MAPPING_BYTES, Mapping, MappingError, WorkBy};
pub use report_line::{ReportLine, WorkName};
pub use sales_report::{NextLine, ReportError, SalesReport};
