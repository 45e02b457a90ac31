//! What bears on the title of one work.

use crate::money::{Amount, Share};
use crate::record::{EntryNumber, Scope, Timestamp, Vesting};

/// One fact, with its two times: when it took effect, and when the ledger learned of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The entry that says it.
    pub entry: EntryNumber,
    /// When it took effect.
    pub effective_at: Timestamp,
    /// When the ledger learned of it.
    pub registered_at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// What happened to the title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The work was made and registered.
    Registered(Registration),
    /// A co-creator signed the split.
    SplitAgreed {
        /// Who.
        party: EntryNumber,
    },
    /// A payment that counts for this work was confirmed: for this work alone, or for the contract.
    PaymentConfirmed {
        /// How much.
        amount: Amount,
    },
    /// The payee paid back part of what it had received. Title that has passed stays.
    PaymentRefunded {
        /// How much.
        amount: Amount,
    },
    /// A holder transferred a share.
    Assigned {
        /// From whom.
        assignor: EntryNumber,
        /// To whom.
        assignee: EntryNumber,
        /// Which share of the whole.
        share: Share,
        /// Of which rights, where.
        scope: Scope,
        /// Until when.
        until: Option<Timestamp>,
    },
}

/// Who made the work, and under what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Who signed the registration, and thereby the split.
    pub signer: EntryNumber,
    /// The creators and their shares, which sum to 1.
    pub creators: Vec<(EntryNumber, Share)>,
    /// Under which terms.
    pub regime: Regime,
}

/// Under which terms a work was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Regime {
    /// None: the registration is a bare claim.
    BareClaim,
    /// A contract.
    Contract {
        /// The acceptance.
        contract: EntryNumber,
        /// Whose terms.
        provider: EntryNumber,
        /// When title passes to the creators.
        vesting: Vesting,
        /// What passes to them; the provider keeps the rest.
        scope: Scope,
        /// The fee, under fee-for-assignment.
        fee: Option<Amount>,
    },
}
