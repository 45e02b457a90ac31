//! A holding: one party's share of some rights in some place for some time.

use crate::money::Share;
use crate::record::{EntryNumber, Period, Scope, Timestamp};
use std::{fmt, str::FromStr};

/// One party's share, with its ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Who holds.
    pub holder: EntryNumber,
    /// Which share of the whole.
    pub share: Share,
    /// Of which rights, where.
    pub scope: Scope,
    /// For which time.
    pub period: Period,
    /// How firmly.
    pub status: Status,
    /// Since when, and why.
    pub ground: Ground,
}

/// Why a party holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground {
    /// What kind of reason.
    pub kind: GroundKind,
    /// The entry that gives it.
    pub entry: EntryNumber,
    /// Since when the party holds on this ground.
    pub since: Timestamp,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant),+
        }

        impl $name {
            /// The word in tables and in answers.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $name {
            type Err = ();
            fn from_str(text: &str) -> Result<Self, ()> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(()),
                }
            }
        }
    };
}

words! {
    /// How firmly a holding stands.
    Status {
        /// Title has passed under the contract; terms may let it pass before the fee is paid whole.
        Complete = "complete",
        /// The provider holds until the creator has paid what the terms ask.
        UntilPaid = "until-paid",
        /// The creator holds, and owes a share of the profit.
        SubjectToShare = "subject-to-share",
        /// The creator claims it; no contract supports or contradicts the claim.
        Claimed = "claimed",
        /// Not every co-creator has signed the split; nobody can dispose of a share.
        SplitUnsigned = "split-unsigned",
    }
}

words! {
    /// What kind of reason a holding rests on.
    GroundKind {
        /// The creator's own registration.
        Registration = "registration",
        /// The terms of the contract, from the making of the work.
        Terms = "terms",
        /// The fee was paid in full.
        FeePaid = "fee-paid",
        /// The first payment was confirmed.
        FirstPayment = "first-payment",
        /// A holder assigned it.
        Assignment = "assignment",
    }
}
