//! What can be said: identifiers, the closed set of records, canonical CBOR and signing.
//!
//! A [`Statement`] is one [`Record`] signed by a party, as a tagged COSE_Sign1 (RFC 9052) in
//! deterministic CBOR (RFC 8949 section 4.2.1). An [`Entry`] is a statement with the moment the
//! ledger took it in. This module never reads a clock, a file or a database, and decides nothing
//! about whether a statement may be admitted: that is [`crate::admission`].

mod account;
mod assignment;
mod attestation;
mod batch;
mod checked_text;
mod closing;
mod commitment;
mod committed;
mod confirmation;
mod content;
mod content_code;
mod content_codes;
mod contract;
mod correction;
mod deduction;
mod derivation;
mod entry;
mod error;
mod exchange_rate;
mod fee;
mod file_claim;
mod generation;
mod guarantee;
mod handle;
mod header;
pub mod hex;
mod id;
mod key;
mod labelled;
mod late_interest;
mod ledger;
mod licence;
mod opening;
mod party;
mod payment;
mod profit_share;
mod public_key;
mod rate_rule;
#[expect(clippy::module_inception, reason = "the noun of the file is the record")]
mod record;
mod reserve;
mod rights;
mod scope;
mod session;
mod signer;
mod split;
mod statement;
mod step;
mod terms;
mod territory;
mod text;
mod text_code;
mod thumbprint;
mod timestamp;
mod transparent;
mod wire;
mod work;

pub use account::{Account, AccountLine, Category, LineKind, MAX_ACCOUNT_LINES, MAX_UNITS};
pub use assignment::Assignment;
pub use attestation::{Attestation, AttestedOutput, MAX_ATTESTED_OUTPUTS};
pub use closing::{StatementAccepted, StatementClosed, StatementDisputed};
pub use commitment::{Commitment, Salt};
pub use committed::{Committed, TextRole};
pub use confirmation::Confirmation;
pub use content::{Content, MAX_CLAIMS};
pub use content_code::{CodeKind, ContentCode};
pub use content_codes::{ContentCodes, MAX_REGIONS};
pub use contract::{Contract, Manner, Notice};
pub use correction::Correction;
pub use deduction::{Deduction, DeductionCap, Limit, Over};
pub use derivation::DerivationKind;
pub use entry::{Entry, EntryNumber, MAX_ENTRY_SIZE_BYTES};
pub use error::RecordError;
pub use exchange_rate::{DecimalRate, ExchangeRate};
pub use fee::{Fee, FeeUnit};
pub use file_claim::{ClaimSource, FileClaim};
pub use generation::{Generation, Parameter, Prompt, PromptRole};
pub use guarantee::{Due, Guarantee, Part, Recoup, TopUp, TotalCap};
pub use handle::{Handle, Slug};
pub use header::Header;
pub use id::{Digest, RecordId};
pub use key::{KeyAdded, KeyRevoked, possession_message};
pub use labelled::{Carrier, Certainty, ImplicitLabel, Labelled, SourceType, WithoutExplicit};
pub use late_interest::{DayCount, LateInterest};
pub use ledger::Ledger;
pub use licence::{Licence, Passing};
pub use opening::{Opening, OpeningAgreed};
pub use party::{Party, Role, Roles};
pub use payment::{Payment, Purpose};
pub use profit_share::{
    Alternative, Base, Conversion, Loss, Pool, ProfitShare, SettlementPeriod, Take, Term,
};
pub use public_key::{Algorithm, PublicKey, PublicKeyError};
pub use rate_rule::{Measure, Price, RateLine, Scale, Tier, TierMethod, Tiers};
pub use record::{Body, Kind, Record};
pub use reserve::{Release, Reserve};
pub use rights::{Right, Rights};
pub use scope::{Period, Scope};
pub use session::{MAX_STEPS, SessionStarted, SessionSteps, SessionStopped};
pub use signer::{SignatureError, Signer};
pub use split::SplitAgreed;
pub use statement::{CONTENT_TYPE, Statement, Verified};
pub use step::{Act, Step};
pub use terms::{Clause, Form, Terms, TermsText, TermsWithdrawn, Vesting};
pub use territory::{CountryCode, Territory};
pub use text::{ClauseName, Language, Name, Note, Reference, Title};
pub use text_code::TextCode;
pub use thumbprint::Thumbprint;
pub use timestamp::Timestamp;
pub use transparent::{MAX_RECEIPTS, TransparentStatement};
pub use work::{Creator, MAX_PARENTS, Parent, Work};
