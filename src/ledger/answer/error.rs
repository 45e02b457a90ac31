//! Why a question has no answer.

use super::{PeriodNeeded, day_or_moment};
use crate::journal::JournalError;
use crate::money::MoneyError;
use crate::record::{Digest, EntryNumber, Kind, RecordError, Timestamp};
use crate::royalty::RoyaltyError;
use crate::store::StoreError;
use crate::terms::odrl::OdrlError;
use crate::title::TitleError;
use crate::vault::VaultError;
use std::path::PathBuf;
use thiserror::Error;

/// A question that has no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// Nothing in the ledger goes by this name.
    #[error("`{text}` is not in the ledger: looked for {tried}")]
    NotFound {
        /// What was typed.
        text: String,
        /// As what it was looked for.
        tried: String,
    },
    /// The ledger has fewer entries.
    #[error("entry {entry} is not in the ledger, which has {size} entries, #0 to #{}", size.saturating_sub(1))]
    NoEntry {
        /// The entry asked for.
        entry: EntryNumber,
        /// How many there are.
        size: u64,
    },
    /// A file that can be read, but whose content nobody registered.
    #[error("the content of `{}` is not registered: its digest is {digest}", path.display())]
    NotRegistered {
        /// The file.
        path: PathBuf,
        /// BLAKE3-256 of its content.
        digest: Digest,
    },
    /// Several things go by this name.
    #[error("`{text}` could be {}{}", candidates.join(" or "), if *more { " or others" } else { "" })]
    Ambiguous {
        /// What was typed.
        text: String,
        /// What it could be, five at most.
        candidates: Vec<String>,
        /// Whether there are more than those.
        more: bool,
    },
    /// It is in the ledger, but is something else.
    #[error("`{text}` is {found}, must be {needed}")]
    WrongKind {
        /// What was typed.
        text: String,
        /// What it is.
        found: String,
        /// What is needed.
        needed: String,
        /// The entry that is perhaps meant.
        instead: Option<EntryNumber>,
    },
    /// Terms were named where a contract is needed, and this party has not accepted them.
    #[error("{party} has not accepted {terms}, so that there is no contract")]
    NotAccepted {
        /// The terms.
        terms: String,
        /// Who, or `nobody`.
        party: String,
    },
    /// The work was not yet made at the one moment, or not yet registered at the other.
    #[error("{}", not_yet(work, *made_at, *registered_at, *as_of, *known_at))]
    NotYet {
        /// The work.
        work: String,
        /// When it was made.
        made_at: Timestamp,
        /// When it was registered.
        registered_at: Timestamp,
        /// The moment asked about.
        as_of: Timestamp,
        /// The moment whose knowledge was asked for.
        known_at: Timestamp,
    },
    /// The terms have no text in this language.
    #[error("{terms} has no text in `{language}`, but in {available}")]
    NoText {
        /// The terms.
        terms: String,
        /// The language asked for.
        language: String,
        /// The languages there are.
        available: String,
    },
    /// The text is not in this ledger file.
    #[error("the text {digest} is not in the ledger")]
    TextMissing {
        /// Its digest.
        digest: Digest,
    },
    /// The text in the ledger file is another one: damage.
    #[error("the text stored as {digest} has another digest")]
    TextDiffers {
        /// The digest that it must have.
        digest: Digest,
    },
    /// A period of which there is no statement under a contract.
    #[error("`{period}` has no statement under contract {contract}, must be {needed}")]
    Period {
        /// The period.
        period: String,
        /// The contract.
        contract: EntryNumber,
        /// Which period is needed.
        needed: PeriodNeeded,
    },
    /// A work under no contract, of which there are no statements of account.
    #[error("{work} is under no contract, and statements of account are of contracts")]
    NoStatement {
        /// The work.
        work: String,
        /// Its entry.
        entry: EntryNumber,
    },
    /// More than is taken into memory for one answer.
    #[error("{what} are more than {limit}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many are taken.
        limit: usize,
    },
    /// The ledger cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A record that cannot be.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A chain of title that does not hold.
    #[error(transparent)]
    Title(Box<TitleError>),
    /// Figures that cannot be computed.
    #[error(transparent)]
    Royalty(Box<RoyaltyError>),
    /// Amounts that cannot be computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// Books that cannot be written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Terms that cannot be said in ODRL.
    #[error(transparent)]
    Odrl(#[from] OdrlError),
    /// The vault cannot be read.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// A rate that is not published yet is no damage: other figures of an account follow from what was
/// admitted.
fn is_rate_missing(error: &RoyaltyError) -> bool {
    matches!(error, RoyaltyError::ExchangeRateMissing { .. })
}

fn not_yet(
    work: &str,
    made: Timestamp,
    registered: Timestamp,
    as_of: Timestamp,
    known: Timestamp,
) -> String {
    if made > as_of {
        let (made, as_of) = (day_or_moment(made), day_or_moment(as_of));
        return format!("{work} was not made yet on {as_of}: it was made on {made}");
    }
    let (registered, known) = (day_or_moment(registered), day_or_moment(known));
    format!("the ledger did not know {work} on {known}: it was registered on {registered}")
}

impl AnswerError {
    /// The stable name of the error in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } | Self::NoEntry { .. } | Self::NotRegistered { .. } => {
                "not_found"
            }
            Self::Ambiguous { .. } => "ambiguous",
            Self::WrongKind { .. } => "wrong_kind",
            Self::NotAccepted { .. } => "not_accepted",
            Self::NotYet { .. } => "not_yet",
            Self::NoText { .. } => "no_text_in_language",
            Self::TextMissing { .. } => "text_missing",
            Self::TextDiffers { .. } => "integrity",
            Self::Period { .. } => "period",
            Self::NoStatement { .. } => "no_statement",
            Self::TooMany { .. } => "too_many",
            Self::Store(_) => "ledger",
            Self::Record(_) => "record",
            Self::Title(_) => "title",
            Self::Royalty(error) if is_rate_missing(error) => "no_exchange_rate",
            Self::Royalty(_) => "royalty",
            Self::Money(_) => "money",
            Self::Journal(JournalError::LastDay { .. }) => "last_day",
            Self::Journal(_) => "books",
            Self::Odrl(_) => "odrl",
            Self::Vault(_) => "vault",
        }
    }

    /// The way out.
    pub fn hint(&self) -> String {
        let hint = match self {
            Self::NotFound { .. } => {
                "a handle, `#42`, at least 4 digits of an identifier, `provider/slug@version`, a \
                 title or the path of a file will do; `deedbook search` looks for parts of names"
            }
            Self::NoEntry { .. } => "`deedbook list entries` shows the newest",
            Self::NotRegistered { .. } => {
                "one changed byte makes another content; `deedbook search` finds works by title"
            }
            Self::Ambiguous { .. } => "name one by its number, such as `#7`",
            Self::WrongKind { instead: Some(entry), .. } => {
                return format!("`{entry}` is perhaps what you mean");
            }
            Self::WrongKind { instead: None, .. } => "`deedbook show` tells what a reference is",
            Self::NotAccepted { terms, .. } => {
                return format!("`deedbook accept {terms} --as HANDLE` makes a contract");
            }
            Self::NotYet { .. } => "ask about a later moment",
            Self::NoText { .. } => "name one of those with `--language`",
            Self::Royalty(error) if is_rate_missing(error) => {
                "have the provider publish it, with its source: `deedbook rate`"
            }
            Self::TextMissing { .. } => "ask the provider for the file, and compare its digest",
            Self::TextDiffers { .. } | Self::Title(_) | Self::Royalty(_) | Self::Money(_) => {
                "`deedbook verify` names what is damaged"
            }
            Self::Journal(JournalError::LastDay { .. }) => "name an earlier day with `--as-of`",
            Self::Journal(_) => {
                "`deedbook owed --explain` shows every figure that the books rest on"
            }
            Self::Odrl(_) => "`deedbook show` has every field of the record",
            Self::Period { needed, .. } => return needed.hint(),
            Self::NoStatement { entry, .. } => {
                return format!(
                    "what came in for it, who gets which part and what was paid: `deedbook owed \
                     '{entry}' --explain`"
                );
            }
            Self::TooMany { .. } => "ask about one contract or one work",
            Self::Store(_) => "`deedbook verify` examines the whole ledger",
            Self::Record(_) => "dates are written 2026-03-01 or 2026-03-01T12:00:00Z",
            Self::Vault(_) => "name another vault with `--vault`, or mend this one",
        };
        hint.to_owned()
    }

    /// Whether the ledger is not what it was: exit code 3.
    pub fn is_integrity(&self) -> bool {
        if let Self::Royalty(error) = self {
            return !is_rate_missing(error);
        }
        matches!(self, Self::TextDiffers { .. } | Self::Title(_))
    }

    /// A kind with its article, as messages name it.
    pub(super) const fn kind_with_article(kind: Kind) -> &'static str {
        match kind {
            Kind::Ledger => "the opening of the ledger",
            Kind::Party => "a party",
            Kind::KeyAdded => "the addition of a key",
            Kind::KeyRevoked => "the revocation of a key",
            Kind::Terms => "terms",
            Kind::TermsWithdrawn => "a withdrawal of terms",
            Kind::Contract => "a contract",
            Kind::Work => "a work",
            Kind::SplitAgreed => "a signature under a split",
            Kind::Assignment => "an assignment",
            Kind::Licence => "a licence",
            Kind::Attestation => "an attestation",
            Kind::Labelled => "a labelled copy",
            Kind::Payment => "a payment",
            Kind::Confirmation => "a confirmation",
            Kind::Account => "a statement of account",
            Kind::Correction => "the reversal of a line of account",
            Kind::Opening => "an opening balance",
            Kind::OpeningAgreed => "an agreement to an opening balance",
            Kind::ExchangeRate => "an exchange rate",
            Kind::StatementClosed => "the closing of a statement",
            Kind::StatementAccepted => "the acceptance of a statement",
            Kind::StatementDisputed => "a dispute of a statement",
            Kind::SessionStarted => "a session",
            Kind::SessionSteps => "steps of a session",
            Kind::SessionStopped => "the end of a session",
        }
    }
}

impl From<TitleError> for AnswerError {
    fn from(error: TitleError) -> Self {
        Self::Title(Box::new(error))
    }
}

impl From<RoyaltyError> for AnswerError {
    fn from(error: RoyaltyError) -> Self {
        Self::Royalty(Box::new(error))
    }
}
