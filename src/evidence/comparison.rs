//! What two bundles from opposing sides agree on, and where they differ.

use crate::narration::{Holder, WorkLabel};
use crate::record::{Digest, EntryNumber, Kind, RecordId, Thumbprint, Timestamp};
use crate::tlog::{Hash, Origin};

/// The head of a log, as a bundle shows it under the register's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The log, by the name in its checkpoints.
    pub origin: Origin,
    /// The thumbprint of the key that signed it.
    pub key: Thumbprint,
    /// How many entries the log had.
    pub size: u64,
    /// The root of its tree.
    pub root: Hash,
}

/// How the heads of the two logs stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heads {
    /// Two registers: their logs have nothing to do with each other.
    OtherLogs,
    /// Both call themselves by one name and sign with different keys. One of them is not the log that
    /// it says it is, or the register changed its key.
    OtherKeys,
    /// One log, at one size, with one root.
    Same,
    /// One log, and a proof shows that the longer extends the shorter.
    Consistent,
    /// One log at two sizes; nothing here shows whether the longer extends the shorter.
    NotShown,
    /// One key signed two histories: a fork. Both signatures together prove that the register
    /// showed different logs to different people.
    Fork(Fork),
}

/// What shows a fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fork {
    /// Two roots for one size.
    Roots,
    /// Two entries at one number, each proven to be in its log.
    Entry(EntryNumber),
}

/// What a receipt of consistency from elsewhere showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsistencyShown {
    /// Entries of the older log.
    pub old_size: u64,
    /// Entries of the newer one, whose root the register signed.
    pub new_size: u64,
    /// Whether it goes on from a head of the left: the register signed it, and that head is the older
    /// log.
    pub left: bool,
    /// Whether it goes on from a head of the right.
    pub right: bool,
}

/// A statement that both sides show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedStatement {
    /// The statement.
    pub id: RecordId,
    /// Its kind.
    pub kind: Kind,
    /// Where it stands on the left.
    pub left: EntryNumber,
    /// Where it stands on the right.
    pub right: EntryNumber,
}

/// Two entries at one number of one log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DifferingEntry {
    /// The number.
    pub entry: EntryNumber,
    /// The statement on the left, and when it was registered.
    pub left: (RecordId, Timestamp),
    /// The statement on the right, and when it was registered.
    pub right: (RecordId, Timestamp),
}

/// An entry that one side alone shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneSided {
    /// The entry.
    pub entry: EntryNumber,
    /// The statement.
    pub id: RecordId,
    /// Its kind.
    pub kind: Kind,
    /// Whether the log of the other side was long enough to have it, so that the other side left it
    /// out or had no reason to show it; nothing where the logs are not one.
    pub was_there: Option<bool>,
}

/// A work as one side shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedWork {
    /// The work.
    pub work: WorkLabel,
    /// Who registered it.
    pub signer: String,
    /// The key that signed it.
    pub key: Thumbprint,
    /// When the register took it in.
    pub registered_at: Timestamp,
    /// Who holds it by the entries of this side; nothing where this side does not tell it whole.
    pub holders: Option<Vec<Holder>>,
}

/// Content that both sides have a registration of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedContent {
    /// BLAKE3-256 of it.
    pub digest: Digest,
    /// The registration on the left.
    pub left: ClaimedWork,
    /// The registration on the right.
    pub right: ClaimedWork,
    /// Which was registered first.
    pub earlier: Earlier,
    /// How the two accounts of it stand to each other.
    pub verdict: Agreement,
}

/// Which of two registrations came first, and how that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// Both are one registration.
    Same,
    /// The left one.
    Left(Order),
    /// The right one.
    Right(Order),
    /// Both registers give the same moment.
    NotShown,
}

/// How an order is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By their numbers in one log, which its signed tree fixes.
    Number,
    /// By the clocks of the registers, which is the word of those who run them.
    Clock,
}

/// How two accounts of one content stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// One registration, and the same holders.
    Agree,
    /// One registration; one side does not tell its title whole, so that holders cannot be compared.
    Partly,
    /// One registration, but different holders: one side shows entries that the other does not.
    Holders,
    /// Two registrations of the same content by one signer.
    RegisteredTwice,
    /// Two registrations of the same content by different signers.
    Claims,
}

impl Agreement {
    /// Whether the sides contradict each other here.
    pub const fn is_conflict(self) -> bool {
        match self {
            Self::Agree | Self::Partly | Self::RegisteredTwice => false,
            Self::Holders | Self::Claims => true,
        }
    }
}

/// Two bundles side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How the logs stand to each other.
    pub heads: Heads,
    /// What the receipts of consistency showed that came with the two, in their order.
    pub receipts: Vec<ConsistencyShown>,
    /// Content of which both have a registration.
    pub contents: Vec<SharedContent>,
    /// Statements that both show.
    pub shared: Vec<SharedStatement>,
    /// Numbers of one log at which they show different entries.
    pub differing: Vec<DifferingEntry>,
    /// Entries that the left alone shows.
    pub only_left: Vec<OneSided>,
    /// Entries that the right alone shows.
    pub only_right: Vec<OneSided>,
}

impl Comparison {
    /// Whether the sides contradict each other anywhere.
    pub fn is_conflict(&self) -> bool {
        let heads = match self.heads {
            Heads::OtherKeys | Heads::Fork(_) => true,
            Heads::OtherLogs | Heads::Same | Heads::Consistent | Heads::NotShown => false,
        };
        heads || self.contents.iter().any(|content| content.verdict.is_conflict())
    }
}
