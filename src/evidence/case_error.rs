//! Why entries do not make a case.

use crate::admission::{MemoryError, Refusal};
use crate::money::MoneyError;
use crate::record::{Digest, EntryNumber, Kind, RecordError, RecordId, Thumbprint, Timestamp};
use crate::royalty::RoyaltyError;
use crate::title::TitleError;
use thiserror::Error;

/// What is wrong with the part of a ledger that was handed in; the first entry where it is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CaseError {
    /// The ledger's own opening, which names its origin and its key, is not among the entries.
    #[error("the entries begin with {}, must begin with #0, the opening of the ledger", found.map_or_else(|| "none".to_owned(), |found| found.to_string()))]
    Unopened {
        /// The first entry, if there is one.
        found: Option<EntryNumber>,
    },
    /// More entries than are taken.
    #[error("there are {found} entries, must be {max} or fewer")]
    TooMany {
        /// How many there are.
        found: usize,
        /// How many are taken.
        max: usize,
    },
    /// Entries that do not ascend.
    #[error("entry {entry} comes after entry {after}, must be in ascending order")]
    Order {
        /// The entry.
        entry: EntryNumber,
        /// The one before it.
        after: EntryNumber,
    },
    /// An entry that was registered before one with a smaller number.
    #[error(
        "entry {entry} was registered at {found}, must not be before {needed}, when an earlier entry was"
    )]
    TimeOrder {
        /// The entry.
        entry: EntryNumber,
        /// When it was registered.
        found: Timestamp,
        /// When an entry before it was.
        needed: Timestamp,
    },
    /// A key that none of the entries brings.
    #[error("entry {entry} is signed with the key {kid}, which no entry here adds")]
    UnknownKey {
        /// The entry.
        entry: EntryNumber,
        /// The key that it names.
        kid: Thumbprint,
    },
    /// A signature that is not by the key that the statement names.
    #[error("entry {entry} is not signed by the key {kid} that it names")]
    Signature {
        /// The entry.
        entry: EntryNumber,
        /// The key.
        kid: Thumbprint,
    },
    /// A statement that a ledger does not admit.
    #[error("entry {entry} breaks a rule of admission: {refusal}")]
    Refused {
        /// The entry.
        entry: EntryNumber,
        /// The rule, with the values.
        refusal: Box<Refusal>,
    },
    /// A statement that stands in an earlier entry.
    #[error("entry {entry} repeats entry {earlier}")]
    Repeated {
        /// The entry.
        entry: EntryNumber,
        /// Where the statement stands.
        earlier: EntryNumber,
    },
    /// An entry that does not fit those before it.
    #[error("entry {entry} cannot be taken up: {error}")]
    Unfit {
        /// The entry.
        entry: EntryNumber,
        /// Why.
        error: MemoryError,
    },
    /// A text that is another one.
    #[error("the text given as {digest} has another digest")]
    Document {
        /// The digest that it must have.
        digest: Digest,
    },
    /// What the case is about is not among the entries, or cannot be a subject.
    #[error("entry {entry} is {}, must be a work, a contract or a party", found.map_or("not here", Kind::name))]
    Subject {
        /// The entry.
        entry: EntryNumber,
        /// What it is, if it is here.
        found: Option<Kind>,
    },
    /// A question about an entry that is not here.
    #[error("entry {entry} is not here as {needed}")]
    Missing {
        /// The entry.
        entry: EntryNumber,
        /// What was asked for.
        needed: &'static str,
    },
    /// A question about a statement that is not here.
    #[error("the statement {id} is not here")]
    NotHere {
        /// Its identifier.
        id: RecordId,
    },
    /// More lines than are taken into memory.
    #[error("{what} are more than {limit}")]
    TooManyRows {
        /// Of what.
        what: &'static str,
        /// How many are taken.
        limit: usize,
    },
    /// A chain of title that does not hold.
    #[error(transparent)]
    Title(Box<TitleError>),
    /// Figures that cannot be computed.
    #[error(transparent)]
    Royalty(Box<RoyaltyError>),
    /// Amounts that cannot be computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A record that cannot be.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The entries contradict each other.
    #[error(transparent)]
    View(#[from] MemoryError),
}

impl From<TitleError> for CaseError {
    fn from(error: TitleError) -> Self {
        Self::Title(Box::new(error))
    }
}

impl From<RoyaltyError> for CaseError {
    fn from(error: RoyaltyError) -> Self {
        Self::Royalty(Box::new(error))
    }
}
