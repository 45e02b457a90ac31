//! Which part of what the payee of the terms earned under one account falls to each work, or to each
//! country: in proportion to what came in there in the period.

use super::accounts::versions;
use super::{Accounts, AnswerError};
use crate::admission::ContractRow;
use crate::money::{Fraction, SplitRule, allocate};
use crate::record::{CountryCode, EntryNumber, LineKind, Pool, ProfitShare, Timestamp};
use crate::royalty::{
    Account, Charge, ChargedPart, Event, Line, RateTable, Received, SettlementSpan, converted,
};
use std::collections::BTreeMap;

/// What an account is parted by.
pub(super) trait Part: Copy + Ord {
    /// The part to which an event belongs; none, where it names none.
    fn of_event(event: &Event) -> Option<Self>;
    /// The part to which a whole line of the account belongs.
    fn of_line(line: &Line) -> Option<Self>;
}

impl Part for EntryNumber {
    fn of_event(event: &Event) -> Option<Self> {
        event.work
    }
    fn of_line(line: &Line) -> Option<Self> {
        line.work
    }
}

impl Part for CountryCode {
    fn of_event(event: &Event) -> Option<Self> {
        event.country
    }
    fn of_line(_: &Line) -> Option<Self> {
        None
    }
}

/// One event with the work that it names.
struct Came<P> {
    part: Option<P>,
    work: Option<EntryNumber>,
    received: Received,
}

/// An account in parts.
pub(super) struct Apportioned<P> {
    pub(super) account: Account,
    received: BTreeMap<Option<P>, Vec<Received>>,
    /// For each line of the account.
    charges: Vec<BTreeMap<Option<P>, Vec<Charge>>>,
}

impl<P: Part> Apportioned<P> {
    /// The account of a contract. What names no part belongs to the only one, where there is one,
    /// else to none; and so does what was earned in a period in which no part brought anything in.
    /// Otherwise the parts bear it in proportion to their revenue less refunds of the period; where each
    /// work has an account of its own, each account by what came in under it.
    ///
    /// # Errors
    /// A ledger that cannot be read; figures out of range.
    pub(super) fn of(
        accounts: &Accounts<'_>,
        contract: &ContractRow,
        share: &ProfitShare,
        only: Option<P>,
    ) -> Result<Self, AnswerError> {
        let events = accounts.events(contract, share)?;
        Self::of_events(accounts, (contract, share), only, events)
    }

    fn of_events(
        accounts: &Accounts<'_>,
        (contract, share): (&ContractRow, &ProfitShare),
        only: Option<P>,
        (events, rates): (Vec<Event>, RateTable),
    ) -> Result<Self, AnswerError> {
        let account = accounts.of(contract, None)?;
        let as_of = accounts.as_of();
        let amended = accounts.amended(contract)?;
        let versions = versions((contract.effective_at, share), &amended);
        let mut came = Vec::with_capacity(events.len());
        for event in &events {
            let span = SettlementSpan::containing(share.period, event.on)?;
            let received = Received {
                entry: event.entry,
                on: event.on,
                period: span.start(),
                kind: event.kind,
                minor: converted(event, &versions, &rates, as_of)?,
            };
            came.push(Came { part: P::of_event(event).or(only), work: event.work, received });
        }
        // Works that have accounts of their own bear nothing of the account beside them.
        let each_by_itself = share.pool == Some(Pool::Work);
        let of_line = |line: &Line, came: &Came<P>| match each_by_itself {
            true => came.work == line.work,
            false => true,
        };
        let charges = account.lines.iter().map(|line| {
            let came = came.iter().filter(|came| of_line(line, came));
            charges(line, &weights(came)?, only, share.split)
        });
        let charges = charges.collect::<Result<_, _>>()?;
        let mut received: BTreeMap<Option<P>, Vec<Received>> = BTreeMap::new();
        for came in came {
            received.entry(came.part).or_default().push(came.received);
        }
        Ok(Self { account, received, charges })
    }

    /// What came in for a part.
    pub(super) fn received(&self, part: Option<P>) -> &[Received] {
        self.received.get(&part).map_or(&[], Vec::as_slice)
    }

    /// What was earned of a part, in all lines.
    pub(super) fn charges(&self, part: Option<P>) -> Vec<Charge> {
        self.charges.iter().filter_map(|line| line.get(&part)).flatten().copied().collect()
    }

    /// The parts of a line of the account, and what was earned of each.
    pub(super) fn of_line(&self, line: usize) -> impl Iterator<Item = (Option<P>, &[Charge])> {
        let parts = self.charges.get(line).into_iter().flatten();
        parts.map(|(part, charges)| (*part, charges.as_slice()))
    }
}

impl Apportioned<EntryNumber> {
    /// The same by work, from sums where there are many lines: figures are alike as long as nothing
    /// about a work changes but at these moments.
    ///
    /// # Errors
    /// As [`Apportioned::of`].
    pub(super) fn by_work(
        accounts: &Accounts<'_>,
        (contract, share): (&ContractRow, &ProfitShare),
        only: Option<EntryNumber>,
        changes: &[Timestamp],
    ) -> Result<Self, AnswerError> {
        let events = accounts.events_by_work(contract, share, changes)?;
        Self::of_events(accounts, (contract, share), only, events)
    }
}

type Weights<P> = BTreeMap<Timestamp, BTreeMap<Option<P>, Fraction>>;

/// Revenue less refunds of each period, by part, where it is above zero.
fn weights<'a, P: Part + 'a>(
    came: impl Iterator<Item = &'a Came<P>>,
) -> Result<Weights<P>, AnswerError> {
    let mut weights = Weights::new();
    for Came { part, received, .. } in came {
        let of_period: &mut BTreeMap<Option<P>, Fraction> =
            weights.entry(received.period).or_default();
        let sum = of_period.entry(*part).or_insert(Fraction::ZERO);
        *sum = match received.kind {
            LineKind::Revenue => sum.checked_add(received.minor)?,
            LineKind::Refund => sum.checked_sub(received.minor)?,
            LineKind::Expense => *sum,
        };
    }
    for of_period in weights.values_mut() {
        of_period.retain(|_, sum| *sum > Fraction::ZERO);
    }
    Ok(weights)
}

/// What was earned in each period of a line, part by part.
fn charges<P: Part>(
    line: &Line,
    weights: &Weights<P>,
    only: Option<P>,
    rule: SplitRule,
) -> Result<BTreeMap<Option<P>, Vec<Charge>>, AnswerError> {
    let mut charges: BTreeMap<Option<P>, Vec<Charge>> = BTreeMap::new();
    for period in line.periods.iter().filter(|period| !period.earned.is_zero()) {
        let (from, until) = (period.span.start(), period.span.end());
        let whole = period.earned;
        match weights.get(&from) {
            Some(of_period) if !of_period.is_empty() => {
                let shares: Vec<Fraction> = of_period.values().copied().collect();
                let all = shares.iter().try_fold(Fraction::ZERO, |sum, it| sum.checked_add(*it))?;
                let parts = allocate(whole, &shares, rule)?;
                for ((part, came_in), amount) in of_period.iter().zip(parts) {
                    let of = Some(ChargedPart { whole, came_in: *came_in, all });
                    let charge = Charge { from, until, amount, of };
                    charges.entry(*part).or_default().push(charge);
                }
            }
            Some(_) | None => {
                let charge = Charge { from, until, amount: whole, of: None };
                charges.entry(P::of_line(line).or(only)).or_default().push(charge);
            }
        }
    }
    Ok(charges)
}
