//! What a file itself says: its digest and its size, and the exact bytes of short texts; and which files
//! of a folder are complete.
//!
//! Reads files that a person names, and nothing else. Never changes a file, never keeps one in
//! memory whole unless it is a short text, and never takes what changed while it was being read.

mod content;
mod file_digest;
mod folder;
mod intake_error;
mod regular_file;
mod report;
mod short_text;

pub use content::{Content, MAX_CONTENT_SIZE_BYTES};
pub use folder::{Folder, FolderFile, MAX_FILES};
pub use intake_error::IntakeError;
pub use report::{
    DateFormat, EVENT_COLUMNS, EventFault, EventProblem, EventSheet, EventSheetError, LineFault,
    MAX_EVENTS, MAX_MAPPING_BYTES, Mapping, MappingError, NextLine, ReportError, ReportLine,
    SalesReport, SheetWork, WorkBy, WorkName,
};
pub use short_text::{MAX_PROMPT_SIZE_BYTES, read_prompt, read_short_file};
