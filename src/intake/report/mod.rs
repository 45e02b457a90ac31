//! Sales reports: CSV as platforms and spreadsheets write it, read line by line under a mapping.
//!
//! What a line says is settled here as far as the file and the mapping settle it; whether the ledger
//! knows the work and the terms allow the category is not asked here. Never holds more than one line,
//! never guesses, never uses a floating-point number.

mod date_format;
mod decimal;
mod fault;
mod mapping;
mod report_line;
mod rows;
mod sales_report;
mod text;

pub use date_format::DateFormat;
pub use fault::LineFault;
pub use mapping::{MAX_MAPPING_BYTES, Mapping, MappingError, WorkBy};
pub use report_line::{ReportLine, WorkName};
pub use sales_report::{NextLine, ReportError, SalesReport};
