//! Admission: whether a statement may enter the ledger, and what it adds when it does.
//!
//! [`admit`] is one pure function over a read-only [`View`]. Appending, replaying and verifying all
//! go through it, so that they cannot disagree. It never reads a clock, a file or a database.

mod admit;
mod code_block;
mod facts;
mod memory;
mod payments;
mod refusal;
mod row;
mod rule;
mod text_band;
mod value;
mod view;

pub use admit::{Admission, AdmitError, Outcome, admit, own_key, signing_key};
pub use code_block::CodeBlock;
pub use facts::{assigned, line_facts, payment_confirmed, proceeds_moved, regime, reported};
pub use memory::{MemoryError, MemoryView};
pub use payments::{advances, fee_payments, line_event, opening_balance, receipts};
pub use refusal::Refusal;
pub use row::{
    AboutRow, AccountLineRow, AccountRow, AccountSumRow, AssignmentRow, AttestedRow, CodeRow,
    ConfirmationRow, ConflictRow, ContentRow, ContractRow, CorrectionRow, DerivationRow, Effect,
    ExchangeRateRow, KeyRevokedRow, KeyRow, LabelRow, LicenceRow, OpeningAgreedRow, OpeningRow,
    PartyRow, PaymentRow, PoolRow, Row, SessionOutputRow, SessionRow, SessionStoppedRow,
    SplitAgreedRow, StatementAnsweredRow, StatementClosedRow, TermsRow, TermsWithdrawnRow,
    TextCodeRow, TitleRow, WorkRow,
};
pub use rule::account::{check_account_line, check_territory, opened};
pub use rule::attestation::check_attested_at;
pub use rule::proceeds::holds;
pub use rule::work_account::check_work_line;
pub use text_band::TextBand;
pub use value::{Column, Value, ValueError};
pub use view::{
    AccountLineFacts, AccountSumKey, KeyFacts, PartyFacts, TermsFacts, View, WorkFacts,
};
