//! One party's share of a title, and why it holds it.

use super::{Naming, day_or_moment, json};
use crate::money::Share;
use crate::record::{EntryNumber, Handle, Scope, Timestamp, Vesting};
use crate::title::{GroundKind, Holding, Status};
use serde::Serialize;

/// The contract under which a work was made, as grounds name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// The acceptance.
    pub contract: EntryNumber,
    /// The publication of its terms.
    pub terms: EntryNumber,
    /// `northlight/fee@1`.
    pub terms_name: String,
    /// When title passes by them.
    pub vesting: Vesting,
}

/// One party's share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// Who.
    #[serde(serialize_with = "json::text")]
    pub party: Handle,
    /// The entry of its enrolment.
    pub party_entry: EntryNumber,
    /// Which share of the whole.
    #[serde(serialize_with = "json::text")]
    pub share: Share,
    /// How firmly.
    #[serde(serialize_with = "json::text")]
    pub status: Status,
    /// Since when it holds this share.
    #[serde(serialize_with = "json::text")]
    pub since: Timestamp,
    /// Until when; nothing for as long as the work is protected.
    #[serde(serialize_with = "json::optional_text")]
    pub until: Option<Timestamp>,
    /// On what kind of ground.
    #[serde(serialize_with = "json::text")]
    pub ground: GroundKind,
    /// The entry that gives the ground.
    pub ground_entry: EntryNumber,
    /// The ground in words.
    pub because: String,
    /// Which rights, and where.
    #[serde(serialize_with = "json::text")]
    pub scope: Scope,
}

impl Holder {
    /// A holding of a work that was made under this contract, if any.
    ///
    /// # Errors
    /// A source that cannot be read, or that lacks what the holding names.
    pub fn of<N: Naming>(
        names: &N,
        holding: &Holding,
        basis: Option<&Basis>,
    ) -> Result<Self, N::Error> {
        Ok(Self {
            party: names.handle(holding.holder)?,
            party_entry: holding.holder,
            share: holding.share,
            status: holding.status,
            since: holding.period.from(),
            until: holding.period.until(),
            ground: holding.ground.kind,
            ground_entry: holding.ground.entry,
            because: because(names, holding, basis)?,
            scope: holding.scope,
        })
    }
}

/// The ground of a holding in words.
fn because<N: Naming>(
    names: &N,
    holding: &Holding,
    basis: Option<&Basis>,
) -> Result<String, N::Error> {
    let entry = holding.ground.entry;
    let on = day_or_moment(holding.ground.since);
    let terms = basis.map_or_else(String::new, |basis| {
        let (contract, terms, name) = (basis.contract, basis.terms, &basis.terms_name);
        format!("terms {name} ({terms}), contract {contract}")
    });
    Ok(match holding.ground.kind {
        GroundKind::Registration => format!("its own registration {entry}, without a contract"),
        GroundKind::Terms => match holding.status {
            Status::UntilPaid => {
                let first = basis.is_some_and(|basis| basis.vesting == Vesting::AtFirstPayment);
                let what = if first {
                    "until a first payment is confirmed"
                } else {
                    "until the fee is paid"
                };
                format!("{what}: {terms}")
            }
            Status::SubjectToShare => format!("subject to a share of the profit: {terms}"),
            Status::SplitUnsigned => format!("until every creator has signed the split: {terms}"),
            Status::Complete | Status::Claimed => terms,
        },
        GroundKind::FeePaid => format!("the fee was paid in full on {on} ({entry}): {terms}"),
        GroundKind::FirstPayment => {
            format!("the first payment was confirmed as of {on} ({entry}): {terms}")
        }
        GroundKind::Assignment => {
            let assignor = names.issuer(entry)?;
            format!("assigned by {assignor} on {on} ({entry})")
        }
    })
}
