//! A second, naive title: one small table a cell, where a cell is one right in one country at one
//! moment. It knows nothing of boxes; every cell is worked out for itself.

use super::*;
use crate::money::Fraction;
use crate::record::{CountryCode, Right};
use std::collections::{BTreeMap, BTreeSet};

/// One right, one country, one moment.
pub(super) type Cell = (Right, CountryCode, Timestamp);

/// Who holds, how firmly, on what ground; and how much.
pub(super) type Held = BTreeMap<(EntryNumber, Status, GroundKind, EntryNumber), Fraction>;

/// One holding of a cell. Those of a cell stand in the order in which they arose.
#[derive(Clone, Copy)]
struct Lot {
    holder: EntryNumber,
    status: Status,
    kind: GroundKind,
    entry: EntryNumber,
    share: Fraction,
}

/// Why the model refuses an assignment.
#[derive(Debug, PartialEq)]
pub(super) enum Refusal {
    BeforeWork,
    SameParty,
    Unsigned,
    Expectancy,
    /// The smallest share in any cell.
    NotHeld(Fraction),
}

pub(super) struct Model {
    pub(super) held: BTreeMap<Cell, Held>,
    pub(super) outstanding: Option<i128>,
    pub(super) unsigned: BTreeSet<EntryNumber>,
}

fn scope_has(scope: Scope, (right, country, _): Cell) -> bool {
    scope.rights.contains(right) && scope.territory.contains(country)
}

/// Takes a share from the lots of a party, first come first; what came out of each.
fn take(lots: &mut Vec<Lot>, party: EntryNumber, wanted: Fraction) -> Vec<Lot> {
    let mut missing = wanted;
    let mut taken = Vec::new();
    for lot in lots.iter_mut().filter(|lot| lot.holder == party) {
        let share = lot.share.min(missing);
        lot.share = lot.share.checked_sub(share).unwrap();
        missing = missing.checked_sub(share).unwrap();
        taken.push(Lot { share, ..*lot });
    }
    lots.retain(|lot| !lot.share.is_zero());
    taken.retain(|lot| !lot.share.is_zero());
    taken
}

fn sum(lots: &[Lot], party: EntryNumber) -> Fraction {
    lots.iter()
        .filter(|lot| lot.holder == party)
        .fold(Fraction::ZERO, |sum, lot| sum.checked_add(lot.share).unwrap())
}

struct Work<'a> {
    registration: &'a Registration,
    lots: BTreeMap<Cell, Vec<Lot>>,
    is_made: bool,
    has_vested: bool,
    paid: i128,
    lowered: i128,
    has_payment: bool,
    unsigned: BTreeSet<EntryNumber>,
}

impl Work<'_> {
    fn cells_from(&mut self, moment: Timestamp) -> impl Iterator<Item = (Cell, &mut Vec<Lot>)> {
        let cells = self.lots.iter_mut().map(|(cell, lots)| (*cell, lots));
        cells.filter(move |((_, _, at), _)| *at >= moment)
    }

    fn signed_status(&self) -> Status {
        match self.registration.regime {
            Regime::BareClaim => Status::Claimed,
            Regime::Contract { fee: None, .. } => Status::SubjectToShare,
            Regime::Contract { .. } => Status::Complete,
        }
    }

    /// The creators instead of whoever holds, wherever the scope reaches.
    fn give_creators(&mut self, fact: &Fact, scope: Scope, kind: GroundKind) {
        let status =
            if self.unsigned.is_empty() { self.signed_status() } else { Status::SplitUnsigned };
        let registration = self.registration;
        for (cell, lots) in self.cells_from(fact.effective_at) {
            if scope_has(scope, cell) {
                let creators = registration.creators.iter();
                *lots = creators
                    .map(|(holder, share)| Lot {
                        holder: *holder,
                        status,
                        kind,
                        entry: fact.entry,
                        share: share.as_fraction(),
                    })
                    .collect();
            }
        }
    }

    fn vest_if_due(&mut self, fact: &Fact) {
        let Regime::Contract { vesting, scope, fee, .. } = self.registration.regime else {
            return;
        };
        let (is_due, kind) = match vesting {
            Vesting::AtGeneration => (true, GroundKind::Terms),
            Vesting::AtFirstPayment => (self.has_payment, GroundKind::FirstPayment),
            Vesting::WhenPaid => (self.paid >= fee.unwrap().minor(), GroundKind::FeePaid),
        };
        if is_due && self.is_made && !self.has_vested {
            self.has_vested = true;
            self.give_creators(fact, scope, kind);
        }
    }

    fn make(&mut self, fact: &Fact) {
        self.is_made = true;
        let Regime::Contract { provider, scope, .. } = self.registration.regime else {
            return self.give_creators(fact, Scope::WHOLE, GroundKind::Registration);
        };
        for (cell, lots) in self.cells_from(fact.effective_at) {
            lots.push(Lot {
                holder: provider,
                status: if scope_has(scope, cell) { Status::UntilPaid } else { Status::Complete },
                kind: GroundKind::Terms,
                entry: fact.entry,
                share: Fraction::ONE,
            });
        }
        self.vest_if_due(fact);
    }

    fn sign(&mut self, fact: &Fact, party: EntryNumber) {
        self.unsigned.remove(&party);
        if self.unsigned.is_empty() {
            let status = self.signed_status();
            for (_, lots) in self.cells_from(fact.effective_at) {
                for lot in lots {
                    if lot.status == Status::SplitUnsigned {
                        lot.status = status;
                    }
                }
            }
        }
    }

    fn assign(&mut self, fact: &Fact) -> Result<(), Refusal> {
        let Event::Assigned { assignor, assignee, share, scope, until } = fact.event else {
            return Ok(());
        };
        if assignor == assignee {
            return Err(Refusal::SameParty);
        }
        if !self.is_made {
            return Err(Refusal::BeforeWork);
        }
        let wanted = share.as_fraction();
        let mut cells: Vec<_> = self
            .cells_from(fact.effective_at)
            .filter(|(cell, _)| scope_has(scope, *cell) && until.is_none_or(|until| cell.2 < until))
            .collect();
        let has = |status| {
            let mut lots = cells.iter().flat_map(|(_, lots)| lots.iter());
            lots.any(|lot| lot.holder == assignor && lot.status == status)
        };
        if has(Status::SplitUnsigned) {
            return Err(Refusal::Unsigned);
        }
        if has(Status::UntilPaid) {
            return Err(Refusal::Expectancy);
        }
        let least = cells.iter().map(|(_, lots)| sum(lots, assignor)).min();
        if least.unwrap() < wanted {
            return Err(Refusal::NotHeld(least.unwrap()));
        }
        for (_, lots) in &mut cells {
            for taken in take(lots, assignor, wanted) {
                lots.push(Lot {
                    holder: assignee,
                    kind: GroundKind::Assignment,
                    entry: fact.entry,
                    ..taken
                });
            }
        }
        Ok(())
    }
}

/// The table of every cell, from facts that are sorted here; nothing where none registers.
pub(super) fn model(facts: &[Fact], cells: &[Cell]) -> Option<Result<Model, Refusal>> {
    let mut facts: Vec<_> = facts.to_vec();
    facts.sort_by_key(|fact| (fact.effective_at, fact.entry));
    let registration = facts.iter().find_map(|fact| match &fact.event {
        Event::Registered(registration) => Some(registration),
        Event::SplitAgreed { .. }
        | Event::PaymentConfirmed { .. }
        | Event::PaymentRefunded { .. }
        | Event::Assigned { .. } => None,
    })?;
    let creators = registration.creators.iter().map(|(party, _)| *party);
    let mut work = Work {
        registration,
        lots: cells.iter().map(|cell| (*cell, Vec::new())).collect(),
        is_made: false,
        has_vested: false,
        paid: 0,
        lowered: 0,
        has_payment: false,
        unsigned: creators.filter(|party| *party != registration.signer).collect(),
    };
    for fact in &facts {
        match &fact.event {
            Event::Registered(_) => work.make(fact),
            Event::SplitAgreed { party } => work.sign(fact, *party),
            Event::PaymentConfirmed { amount } => {
                work.paid += amount.minor();
                work.has_payment = true;
                work.vest_if_due(fact);
            }
            Event::PaymentRefunded { amount } => {
                // Of what was paid beyond the fee nothing is asked again; once title has passed, nor
                // is the rest.
                let fee = match registration.regime {
                    Regime::Contract { fee: Some(fee), .. } => fee.minor() - work.lowered,
                    Regime::Contract { fee: None, .. } | Regime::BareClaim => 0,
                };
                let excess = (work.paid - fee).clamp(0, amount.minor());
                work.paid -= amount.minor();
                if work.has_vested {
                    work.lowered += amount.minor() - excess;
                }
            }
            Event::Assigned { .. } => {
                if let Err(refusal) = work.assign(fact) {
                    return Some(Err(refusal));
                }
            }
        }
    }
    let outstanding = match registration.regime {
        Regime::Contract { fee: Some(fee), .. } => {
            Some((fee.minor() - work.lowered - work.paid).max(0))
        }
        Regime::Contract { fee: None, .. } | Regime::BareClaim => None,
    };
    let mut held: BTreeMap<Cell, Held> = BTreeMap::new();
    for (cell, lots) in work.lots {
        let table = held.entry(cell).or_default();
        for lot in lots {
            let key = (lot.holder, lot.status, lot.kind, lot.entry);
            let share = table.entry(key).or_insert(Fraction::ZERO);
            *share = share.checked_add(lot.share).unwrap();
        }
    }
    Some(Ok(Model { held, outstanding, unsigned: work.unsigned }))
}
