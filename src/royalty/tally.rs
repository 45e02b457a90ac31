//! Events summed by settlement period and category: the one loop over all events.

use super::{Event, RoyaltyError, SettlementSpan, Sources};
use crate::money::{Amount, Currency, MoneyError};
use crate::record::{Base, Category, LineKind, ProfitShare, Timestamp};
use std::collections::BTreeMap;

/// A sum of lines, and where they stand.
#[derive(Debug, Default)]
pub(super) struct Sum {
    /// Minor units.
    pub(super) minor: i128,
    /// The entries.
    pub(super) sources: Sources,
}

impl Sum {
    fn add(&mut self, event: &Event) -> Result<(), RoyaltyError> {
        self.minor = self
            .minor
            .checked_add(i128::from(event.minor))
            .ok_or(MoneyError::AmountOutOfRange { minor: i128::MAX, currency: event.currency })?;
        self.sources.add(event.entry);
        Ok(())
    }

    /// The sum as money.
    pub(super) fn amount(&self, currency: Currency) -> Result<Amount, RoyaltyError> {
        Ok(Amount::new(self.minor, currency)?)
    }
}

/// The sums of one settlement period.
#[derive(Debug)]
pub(super) struct Tally {
    /// The period.
    pub(super) span: SettlementSpan,
    /// Money received.
    pub(super) revenue: Sum,
    /// Revenue given back.
    pub(super) refunds: Sum,
    /// Expenses of the allowed categories, in the order in which the clauses list them.
    pub(super) allowed: Vec<Sum>,
    /// Expenses of other categories.
    pub(super) left_out: BTreeMap<Category, Sum>,
}

impl Tally {
    fn new(span: SettlementSpan, allowed_count: usize) -> Self {
        Self {
            span,
            revenue: Sum::default(),
            refunds: Sum::default(),
            allowed: (0..allowed_count).map(|_| Sum::default()).collect(),
            left_out: BTreeMap::new(),
        }
    }

    fn add(&mut self, event: &Event, allowed: &[Category]) -> Result<(), RoyaltyError> {
        match event.kind {
            LineKind::Revenue => self.revenue.add(event),
            LineKind::Refund => self.refunds.add(event),
            LineKind::Expense => {
                let place = allowed.iter().position(|name| *name == event.category);
                match place.and_then(|place| self.allowed.get_mut(place)) {
                    Some(sum) => sum.add(event),
                    None => match self.left_out.get_mut(&event.category) {
                        Some(sum) => sum.add(event),
                        None => self.left_out.entry(event.category.clone()).or_default().add(event),
                    },
                }
            }
        }
    }
}

/// The categories whose expenses the clauses deduct.
pub(super) fn allowed_categories(clauses: &ProfitShare) -> &[Category] {
    match clauses.base {
        Base::Gross => &[],
        Base::Net => &clauses.deductions,
    }
}

/// Sums the events up to a moment by period, oldest period first; periods without an event are
/// left out. Nothing is allocated for an event, only for a period and a category.
pub(super) fn tally(
    clauses: &ProfitShare,
    events: &[Event],
    as_of: Timestamp,
) -> Result<Vec<Tally>, RoyaltyError> {
    let allowed = allowed_categories(clauses);
    let mut tallies: Vec<Tally> = Vec::new();
    let mut places: BTreeMap<Timestamp, usize> = BTreeMap::new();
    let mut place = 0;
    for event in events.iter().filter(|event| event.on <= as_of) {
        check(event, clauses.currency)?;
        // Neighbouring events mostly share a period.
        let hit = tallies.get(place);
        if hit.is_none_or(|tally| !tally.span.contains(event.on)) {
            let known = places.range(..=event.on).next_back().map(|(_, place)| *place);
            place = match known.filter(|place| tallies[*place].span.contains(event.on)) {
                Some(known) => known,
                None => {
                    let span = SettlementSpan::containing(clauses.period, event.on)?;
                    places.insert(span.start(), tallies.len());
                    tallies.push(Tally::new(span, allowed.len()));
                    tallies.len() - 1
                }
            };
        }
        tallies[place].add(event, allowed)?;
    }
    tallies.sort_unstable_by_key(|tally| tally.span);
    Ok(tallies)
}

fn check(event: &Event, currency: Currency) -> Result<(), RoyaltyError> {
    if event.currency != currency {
        return Err(RoyaltyError::EventCurrency {
            entry: event.entry,
            line: event.line,
            found: event.currency,
            needed: currency,
        });
    }
    if event.minor <= 0 {
        return Err(RoyaltyError::EventAmount {
            entry: event.entry,
            line: event.line,
            found: event.minor,
        });
    }
    Ok(())
}
