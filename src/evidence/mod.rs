//! Evidence: one file that shows an ownership history to somebody who has nothing else, and the
//! verifier of it.
//!
//! A bundle is a zip whose parts are standard forms, each at a fixed name: leaves of the log with
//! their receipts, a checkpoint, texts, and a manifest that the register signs.
//! `schema/evidence-v1.md` specifies it. [`Draft`] becomes the bytes of a bundle; [`verify`] takes
//! bytes of whatever origin, and says what they prove.
//!
//! The verifier is pure. It never imports the store or the ledger, never touches a file, a clock or
//! a network, and trusts nothing but the keys in the [`Policy`] that it is given; keys that it
//! takes from the bundle it shows as such. Memory is bounded by a constant, whatever the file says.

mod archive;
mod archive_error;
mod attestation;
mod case;
mod case_closing;
mod case_error;
mod case_money;
mod case_names;
mod compare;
mod comparison;
mod draft;
mod error;
mod extension;
mod index;
mod manifest;
mod manifest_error;
mod page;
mod part;
mod parts;
mod policy;
mod report;
mod seal_error;
mod verdict;
mod verify;

pub use archive::{MAX_BUNDLE_SIZE_BYTES, MAX_PARTS};
pub use archive_error::ArchiveError;
pub use attestation::{Attestation, Means};
pub use case::{Case, CaseTitle};
pub use case_closing::{CaseClosing, Recomputed};
pub use case_error::CaseError;
pub use case_money::{CaseAccount, CasePayment, ContractTold};
pub use compare::{Side, compare};
pub use comparison::{
    Agreement, ClaimedWork, Comparison, ConsistencyShown, DifferingEntry, Earlier, Fork, Head,
    Heads, OneSided, Order, SharedContent, SharedStatement,
};
pub use draft::{Draft, DraftCheckpoint, DraftEarlier, DraftEntry, DraftOpening};
pub use error::EvidenceError;
pub use index::{INDEX_CONTENT_TYPE, Index, IndexError};
pub use manifest::{
    FORMAT, ListedPart, MAX_ENTRIES, Manifest, Selection, Subject, SubjectKind, VERSION,
};
pub use manifest_error::ManifestError;
pub use page::Page;
pub use part::PartName;
pub use policy::{LedgerKey, Policy, PolicyError};
pub use report::{Cosigned, Proof, SeenEarlier, TimeStamped, report};
pub use seal_error::SealError;
pub use verdict::{
    Claim, Completeness, FileMatch, MAX_ACCOUNTS, OpenedPrompt, ToldAccount, Verdict,
};
pub use verify::verify;
