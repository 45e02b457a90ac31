//! Events summed by period, version of the terms and category: the one loop over all events.

use super::exchange::day_of;
use super::{CategoryPlace, Event, Facts, RoyaltyError, SettlementSpan, Sources, Version};
use crate::money::{Currency, MoneyError};
use crate::record::{EntryNumber, LineKind, Period, SettlementPeriod, Timestamp};
use std::collections::BTreeMap;

/// A sum of lines, and where they stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Sum {
    /// Minor units of the settlement currency.
    pub(super) minor: i128,
    /// Units sold or given back.
    pub(super) units: i128,
    /// Minor units of other currencies, by currency and day.
    pub(super) foreign: BTreeMap<(Currency, i64), i128>,
    /// The entries.
    pub(super) sources: Sources,
}

impl Sum {
    fn add(&mut self, event: &Event, settled: Currency) -> Result<(), RoyaltyError> {
        let out_of_range =
            || MoneyError::AmountOutOfRange { minor: i128::MAX, currency: event.currency };
        let minor = i128::from(event.minor);
        let sum = if event.currency == settled {
            &mut self.minor
        } else {
            self.foreign.entry((event.currency, day_of(event.on))).or_default()
        };
        *sum = sum.checked_add(minor).ok_or_else(out_of_range)?;
        // 2^64 events of 2^63 units stay below 2^127.
        self.units += i128::from(event.units);
        self.sources.add_lines(event.entry, event.line_count);
        Ok(())
    }

    /// Whether nothing was added.
    pub(super) fn is_empty(&self) -> bool {
        self.sources.line_count() == 0
    }
}

/// The sums of one settlement period, or of the part of it under one version of the terms.
#[derive(Debug)]
pub(super) struct Tally {
    /// The period.
    pub(super) span: SettlementSpan,
    /// The place of the version.
    pub(super) version: usize,
    from: Timestamp,
    until: Timestamp,
    /// By place of the category.
    pub(super) revenue: Vec<Sum>,
    /// By place of the category.
    pub(super) refunds: Vec<Sum>,
    /// By place of the category.
    pub(super) expenses: Vec<Sum>,
}

impl Tally {
    fn add(&mut self, event: &Event, settled: Currency) -> Result<(), RoyaltyError> {
        let sums = match event.kind {
            LineKind::Revenue => &mut self.revenue,
            LineKind::Refund => &mut self.refunds,
            LineKind::Expense => &mut self.expenses,
        };
        let place = event.category.index();
        if place >= sums.len() {
            sums.resize_with(place + 1, Sum::default);
        }
        sums[place].add(event, settled)
    }
}

/// The tallies of one account, found again by date.
#[derive(Debug, Default)]
struct Tallies {
    all: Vec<Tally>,
    places: BTreeMap<Timestamp, usize>,
    latest: usize,
}

impl Tallies {
    fn at(
        &mut self,
        on: Timestamp,
        period: SettlementPeriod,
        versions: &[Version<'_>],
    ) -> Result<&mut Tally, RoyaltyError> {
        let holds = |tally: &Tally| tally.from <= on && on < tally.until;
        // Neighbouring events mostly share a period.
        if !self.all.get(self.latest).is_some_and(holds) {
            let known = self.places.range(..=on).next_back().map(|(_, place)| *place);
            self.latest = match known.filter(|place| self.all.get(*place).is_some_and(holds)) {
                Some(place) => place,
                None => {
                    let span = SettlementSpan::containing(period, on)?;
                    let version = version_at(versions, on);
                    let starts = if version == 0 { span.start() } else { versions[version].from };
                    let ends = versions.get(version + 1).map_or(span.end(), |next| next.from);
                    let from = starts.max(span.start());
                    self.places.insert(from, self.all.len());
                    self.all.push(Tally {
                        span,
                        version,
                        from,
                        until: ends.min(span.end()),
                        revenue: Vec::new(),
                        refunds: Vec::new(),
                        expenses: Vec::new(),
                    });
                    self.all.len() - 1
                }
            };
        }
        Ok(&mut self.all[self.latest])
    }
}

/// The place of the version that applies at a moment.
pub(super) fn version_at(versions: &[Version<'_>], on: Timestamp) -> usize {
    versions.iter().rposition(|version| version.from <= on).unwrap_or(0)
}

/// What an event must keep to.
pub(super) struct Bounds<'a> {
    pub(super) versions: &'a [Version<'a>],
    /// When accounts run; the end of the contract's term is its end.
    pub(super) term: Period,
    /// Whether dates before the contract are refused too.
    pub(super) is_bounded: bool,
    pub(super) as_of: Timestamp,
    /// Whether each work has an account of its own.
    pub(super) by_work: bool,
}

/// Sums the events up to a moment by account and period, oldest period first; periods without an
/// event are left out. Nothing is allocated for an event, only for a period and a category.
pub(super) fn tally(
    bounds: &Bounds<'_>,
    facts: &Facts<'_>,
) -> Result<BTreeMap<Option<EntryNumber>, Vec<Tally>>, RoyaltyError> {
    let Some(first) = bounds.versions.first() else { return Err(RoyaltyError::NoVersion) };
    let (settled, period) = (first.clauses.currency, first.clauses.period);
    let counted: Vec<Vec<bool>> = bounds
        .versions
        .iter()
        .map(|version| facts.categories.iter().map(|kind| version.clauses.counts(kind)).collect())
        .collect();
    let mut accounts: BTreeMap<Option<EntryNumber>, Tallies> = BTreeMap::new();
    let mut run = 0;
    // Neighbouring events mostly share an account, so that runs of them are added together.
    while let Some(head) = facts.events.get(run) {
        let account = if bounds.by_work { head.work } else { None };
        let tallies = accounts.entry(account).or_default();
        while let Some(event) = facts.events.get(run) {
            if bounds.by_work && event.work != account {
                break;
            }
            run += 1;
            if event.on > bounds.as_of {
                continue;
            }
            check(event, bounds, facts)?;
            let tally = tallies.at(event.on, period, bounds.versions)?;
            let counts = counted[tally.version].get(event.category.index());
            check_category(event, counts.copied(), facts)?;
            tally.add(event, settled)?;
        }
    }
    Ok(accounts
        .into_iter()
        .filter(|(_, tallies)| !tallies.all.is_empty())
        .map(|(account, mut tallies)| {
            tallies.all.sort_unstable_by_key(|tally| tally.from);
            (account, tallies.all)
        })
        .collect())
}

fn check_category(
    event: &Event,
    counts: Option<bool>,
    facts: &Facts<'_>,
) -> Result<(), RoyaltyError> {
    match (counts, event.kind) {
        (Some(true), _) | (Some(false), LineKind::Expense) => Ok(()),
        (Some(false), LineKind::Revenue | LineKind::Refund) => Err(RoyaltyError::EventCategory {
            entry: event.entry,
            line: event.line,
            found: named(facts, event.category),
        }),
        (None, _) => Err(RoyaltyError::EventCategoryPlace {
            entry: event.entry,
            line: event.line,
            found: event.category.index(),
        }),
    }
}

fn named(facts: &Facts<'_>, place: CategoryPlace) -> String {
    facts.categories.name(place).map(ToString::to_string).unwrap_or_default()
}

fn check(event: &Event, bounds: &Bounds<'_>, facts: &Facts<'_>) -> Result<(), RoyaltyError> {
    if event.minor <= 0 {
        return Err(RoyaltyError::EventAmount {
            entry: event.entry,
            line: event.line,
            found: event.minor,
        });
    }
    let misdated = |needed| RoyaltyError::EventDate {
        entry: event.entry,
        line: event.line,
        found: event.on,
        needed,
    };
    if bounds.is_bounded && !bounds.term.contains(event.on) {
        return Err(misdated(format!("within the term, {}", bounds.term)));
    }
    if let Some(opening) = facts.opening.filter(|opening| event.on < opening.on) {
        return Err(misdated(format!("from {} on, the day of the opening balance", opening.on)));
    }
    match (event.country, facts.territory) {
        (Some(found), Some(territory)) if !territory.contains(found) => {
            Err(RoyaltyError::EventTerritory { entry: event.entry, line: event.line, found })
        }
        (Some(_) | None, _) => Ok(()),
    }
}
