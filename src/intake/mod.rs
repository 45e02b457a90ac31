//! What a file itself says: its digest, its size and its codes, what it claims of itself, and the exact
//! bytes of short texts; and which files of a folder are complete.
//!
//! Reads files that a person names, and nothing else. Never changes a file, never keeps one in
//! memory whole unless it is a short text, and never takes what changed while it was being read.

mod claim;
mod code;
mod content;
mod credentials;
mod examined;
mod examiner;
mod file_digest;
mod folder;
mod intake_error;
mod regular_file;
mod report;
mod short_text;

pub use claim::{
    ClaimFault, FileClaims, FileForm, JsonFault, MAX_CLAIM_FIELDS, MAX_CLAIM_LORAS,
    MAX_CLAIM_PROMPTS, MAX_METADATA_BYTES, MAX_TEXT_BYTES, PictureSize, ReadClaim, ReadPrompt,
    XmlFault,
};
pub use code::{Coded, Contrast, PREPARATION, Picture, PictureError, Region};
pub use content::{Content, MAX_CONTENT_SIZE_BYTES};
pub use credentials::{CredentialManifest, Credentials, MAX_CREDENTIALS_BYTES, credentials};
pub use examined::Examined;
pub use examiner::examine_all;
pub use folder::{Folder, FolderFile, MAX_FILES, is_left_out};
pub use intake_error::IntakeError;
pub use report::{
    AttestationFault, AttestationLog, AttestationLogError, AttestationProblem, DateFormat,
    EVENT_COLUMNS, EventFault, EventProblem, EventSheet, EventSheetError, LOG_COLUMNS, LineFault,
    LogFormat, LoggedOutput, MAX_EVENTS, MAX_LOGGED_OUTPUTS, MAX_MAPPING_BYTES, Mapping,
    MappingError, NextLine, ReportError, ReportLine, SalesReport, SheetWork, WorkBy, WorkName,
};
pub use short_text::{MAX_PROMPT_SIZE_BYTES, read_prompt, read_short_file};
