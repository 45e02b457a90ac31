//! What a share of profit yields, period by period. The steps are those of the module
//! documentation, in their order.

use super::period_course::{PeriodCourse, PeriodInput, PeriodOutput};
use super::period_yield::{PeriodYield, YieldCourse, clauses_of};
use super::settlement::{Received, Terms, Yield, settle, written};
use super::tally::{Bounds, Tally, tally, version_at};
use super::term::term_of;
use super::{
    Account, Derivation, Facts, Figure, Line, Opening, PeriodFigures, RoyaltyError, SettlementSpan,
    Sources, Version,
};
use crate::money::Amount;
use crate::record::{
    EntryNumber, Guarantee, LateInterest, Over, Part, Period, Pool, ProfitShare, Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

/// Most periods of one account: two hundred years of months.
pub const MAX_PERIODS: usize = 2400;

/// What is owed under a share of profit at a moment: one line for the contract, or for each work
/// where the clauses account for works one by one.
///
/// Events, advances, payments and versions dated after `as_of` are not looked at. See the [module
/// documentation](super) for the order of steps. Where works are accounted for together, every
/// payment pays the contract, whatever work it names.
///
/// # Errors
/// An event that the clauses do not take, an exchange rate that is missing, versions that do not
/// go together, figures or dates out of range: see [`RoyaltyError`].
///
/// ```
/// use deedbook::record::{Category, EntryNumber, LineKind, ProfitShare, Timestamp};
/// use deedbook::royalty::{Categories, Event, Facts, Version, profit_share};
///
/// let currency = "CNY".parse().unwrap();
/// let clauses = ProfitShare::flat("5%".parse().unwrap(), currency);
/// let mut categories = Categories::new();
/// let sale = Event {
///     entry: EntryNumber::new(12),
///     on: Timestamp::parse_start("2026-02-03").unwrap(),
///     minor: 123_456,
///     units: 0,
///     currency,
///     work: None,
///     line: 0,
///     line_count: 1,
///     category: categories.place(&Category::new("prints").unwrap()).unwrap(),
///     kind: LineKind::Revenue,
///     country: None,
/// };
/// let start = Timestamp::parse_start("2026-01-01").unwrap();
/// let as_of = Timestamp::parse_end("2026-06-30").unwrap();
/// let version = Version { from: start, clauses: &clauses };
/// let facts = Facts::of(start, &categories, std::slice::from_ref(&sale), &[]);
/// let account = profit_share(&[version], &facts, as_of).unwrap();
/// assert_eq!(account.lines[0].owed.to_string(), "61.73 CNY");
/// ```
pub fn profit_share(
    versions: &[Version<'_>],
    facts: &Facts<'_>,
    as_of: Timestamp,
) -> Result<Account, RoyaltyError> {
    let [first, later @ ..] = versions else { return Err(RoyaltyError::NoVersion) };
    later.iter().try_for_each(|version| check_version(first.clauses, version.clauses))?;
    // A version that does not apply yet is not looked at.
    let current: Vec<Version<'_>> = std::iter::once(*first)
        .chain(later.iter().filter(|version| version.from <= as_of).copied())
        .collect();
    let (versions, clauses) = (current.as_slice(), first.clauses);
    let by_work = match clauses.pool {
        Some(Pool::Work) => true,
        Some(Pool::Named(_)) | None => false,
    };
    let last = versions.last().unwrap_or(first);
    let term = term_of(last.clauses.term, facts.start)?;
    check_facts(clauses, facts)?;
    let bounds = Bounds { versions, term, is_bounded: last.clauses.term.is_some(), as_of, by_work };
    let mut tallies = tally(&bounds, facts)?;
    let mut works: BTreeSet<Option<EntryNumber>> = tallies.keys().copied().collect();
    if by_work {
        let dated = facts.receipts.iter().map(|receipt| (receipt.on, receipt.work));
        let advances = facts.advances.iter().map(|advance| (advance.on, advance.work));
        // What an opening balance stands for is in the account without a work.
        let is_new = |on| facts.opening.is_none_or(|it| it.on > as_of || it.on <= on);
        let known = dated.chain(advances).filter(|(on, _)| *on <= as_of && is_new(*on));
        works.extend(known.map(|(_, work)| work));
        // An opening balance names no work.
        let opened = facts.opening.filter(|opening| opening.on <= as_of);
        works.extend(opened.map(|_| None));
    } else {
        works.insert(None);
    }
    let mut lines = Vec::with_capacity(works.len());
    for work in works {
        let run = Run { bounds: &bounds, facts, work, by_work };
        lines.push(run.line(tallies.remove(&work).unwrap_or_default())?);
    }
    Ok(Account { lines })
}

fn check_version(first: &ProfitShare, later: &ProfitShare) -> Result<(), RoyaltyError> {
    changed_by(first, later).map_or(Ok(()), |what| Err(RoyaltyError::VersionChanges { what }))
}

/// What a later version of clauses changes of that on which one account runs, so that it could not
/// go on without being settled first; nothing where the later version can follow.
///
/// ```
/// use deedbook::record::ProfitShare;
/// use deedbook::royalty::changed_by;
/// let flat = |rate: &str, currency: &str| {
///     ProfitShare::flat(rate.parse().unwrap(), currency.parse().unwrap())
/// };
/// assert_eq!(changed_by(&flat("5%", "CNY"), &flat("7%", "CNY")), None);
/// let changed = changed_by(&flat("5%", "CNY"), &flat("5%", "EUR"));
/// assert_eq!(changed, Some("the settlement currency"));
/// ```
pub fn changed_by(first: &ProfitShare, later: &ProfitShare) -> Option<&'static str> {
    let kinds = |share: &ProfitShare| {
        let of = |rates: &[crate::record::RateLine]| -> Vec<_> {
            rates.iter().map(|line| line.kind.clone()).collect()
        };
        (of(&share.rates), share.alternative.as_ref().map(|other| of(&other.rates)))
    };
    let kept = [
        ("the settlement currency", first.currency == later.currency),
        ("the settlement period", first.period == later.period),
        ("what is accounted for together", first.pool == later.pool),
        ("the kinds of revenue that have their own rate", kinds(first) == kinds(later)),
        ("what a loss does", first.loss == later.loss),
        ("how figures are rounded", first.rounding == later.rounding),
        ("how amounts are divided", first.split == later.split),
    ];
    kept.into_iter().find(|(_, keeps)| !keeps).map(|(what, _)| what)
}

fn check_facts(clauses: &ProfitShare, facts: &Facts<'_>) -> Result<(), RoyaltyError> {
    let needed = clauses.currency;
    for advance in facts.advances {
        let receipt = super::Receipt {
            entry: advance.entry,
            on: advance.on,
            amount: advance.amount,
            work: advance.work,
        };
        receipt.check(needed)?;
    }
    let Some(opening) = facts.opening else { return Ok(()) };
    let amounts = [opening.loss, opening.unrecouped, opening.earned, opening.owed];
    let reached = opening.reached.iter().map(|reached| reached.base);
    for found in amounts.into_iter().chain(reached) {
        if found.currency() != needed || found.is_negative() {
            return Err(RoyaltyError::OpeningAmount { entry: opening.entry, found, needed });
        }
    }
    opening.given_back.iter().try_for_each(|refund| refund.check(needed))
}

/// What the claim is called that an opening balance brings.
pub const MOVED_IN: &str = "opening balance";
/// What a claim is called that arises when money is paid back that an opening balance counts as paid.
pub const GIVEN_BACK: &str = "paid back of earlier payments";

/// One account.
struct Run<'a> {
    bounds: &'a Bounds<'a>,
    facts: &'a Facts<'a>,
    work: Option<EntryNumber>,
    by_work: bool,
}

/// What passes from period to period.
struct Course {
    yields: YieldCourse,
    period: PeriodCourse,
}

impl Run<'_> {
    fn clauses(&self, version: usize) -> &ProfitShare {
        clauses_of(self.bounds, version)
    }

    fn is_ours(&self, work: Option<EntryNumber>) -> bool {
        !self.by_work || self.work == work
    }

    fn opening(&self) -> Option<&Opening> {
        // An opening balance names no work: it belongs to the account without one.
        self.facts.opening.filter(|opening| opening.on <= self.bounds.as_of && self.is_ours(None))
    }

    /// Whether what is of a moment counts by itself: it is not after the day asked about, and no
    /// opening balance stands for it.
    fn counts(&self, on: Timestamp) -> bool {
        let opening = self.facts.opening.filter(|opening| opening.on <= self.bounds.as_of);
        on <= self.bounds.as_of && opening.is_none_or(|opening| opening.on <= on)
    }

    fn line(&self, tallies: Vec<Tally>) -> Result<Line, RoyaltyError> {
        let clauses = self.clauses(0);
        let currency = clauses.currency;
        let mut course = self.begin()?;
        let mut segments: BTreeMap<SettlementSpan, Vec<Tally>> = BTreeMap::new();
        for tally in tallies {
            segments.entry(tally.span).or_default().push(tally);
        }
        self.add_bare_periods(&mut segments)?;
        let (mut yields, mut periods, mut earned) = (self.fixed_claims()?, Vec::new(), 0);
        while let Some((span, tallies)) = segments.pop_first() {
            if periods.len() >= MAX_PERIODS {
                return Err(RoyaltyError::TooManyPeriods { max: MAX_PERIODS });
            }
            let (figures, claim) = self.period(&mut course, span, &tallies)?;
            earned += figures.earned.minor();
            periods.push(figures);
            yields.extend(claim);
            for release in course.period.release_spans() {
                let ends = self.bounds.term.until();
                let is_within = ends.is_none_or(|until| release.start() < until);
                if release.start() <= self.bounds.as_of && is_within {
                    segments.entry(release).or_default();
                }
            }
        }
        let mut received = Received::none(currency);
        for receipt in self.facts.receipts {
            if self.counts(receipt.on) && self.is_ours(receipt.work) {
                receipt.check(currency)?;
                received.add(receipt)?;
            }
        }
        let terms = Terms { work: self.work, rounding: clauses.rounding, as_of: self.bounds.as_of };
        let earned = Amount::new(earned, currency)?;
        let line = settle(&terms, yields, received, Some(earned), periods)?;
        let opening = self.facts.opening.filter(|opening| opening.on <= self.bounds.as_of);
        Ok(Line { moved_in: opening.map(|opening| (opening.entry, opening.on)), ..line })
    }

    fn begin(&self) -> Result<Course, RoyaltyError> {
        let opening = self.opening();
        let mut advances = Vec::new();
        for (_, on, part) in self.parts(|clauses| &clauses.advance)? {
            if self.counts(on) {
                advances.push((on, part.amount.minor(), None));
            }
        }
        for advance in self.facts.advances {
            if self.counts(advance.on) && self.is_ours(advance.work) {
                advances.push((advance.on, advance.amount.minor(), Some(advance.entry)));
            }
        }
        advances.sort_unstable();
        let minor =
            |amount: fn(&Opening) -> Amount| opening.map_or(0, |found| amount(found).minor());
        Ok(Course {
            yields: YieldCourse::begin(self.clauses(0), opening)?,
            period: PeriodCourse::begin(
                minor(|opening| opening.earned),
                minor(|opening| opening.unrecouped),
                advances,
            ),
        })
    }

    /// Instalments, each of the version that is in force on the day on which it falls due: its
    /// label, without what it is of, and when that is.
    fn parts(
        &self,
        of: impl Fn(&ProfitShare) -> &[Part],
    ) -> Result<Vec<(String, Timestamp, Part)>, RoyaltyError> {
        let mut found = Vec::new();
        for (place, version) in self.bounds.versions.iter().enumerate() {
            let parts = of(version.clauses);
            for (index, part) in parts.iter().enumerate() {
                let on = part.due.moment(self.facts.start)?;
                if version_at(self.bounds.versions, on) == place {
                    found.push((format!("{} of {}", index + 1, parts.len()), on, *part));
                }
            }
        }
        Ok(found)
    }

    /// The instalments of the guarantee together, as a version has them: those that fell due under
    /// the versions before it, and its own from then on.
    fn guaranteed(&self, version: usize) -> Result<i128, RoyaltyError> {
        let mut sum = 0;
        for (place, older) in self.bounds.versions.iter().enumerate().take(version + 1) {
            for part in guaranteed_parts(older.clauses) {
                let due = version_at(self.bounds.versions, part.due.moment(self.facts.start)?);
                if due == place || place == version && due > version {
                    sum += part.amount.minor();
                }
            }
        }
        Ok(sum)
    }

    /// Claims that are fixed beforehand: the opening balance, and instalments.
    fn fixed_claims(&self) -> Result<Vec<Yield>, RoyaltyError> {
        let mut claims = Vec::new();
        if let Some(opening) = self.opening().filter(|opening| opening.owed.is_positive()) {
            let day = opening.on.date();
            let rule =
                format!("what was due and not paid when the account was moved here, on {day}");
            let mut derivation =
                Derivation::new(MOVED_IN, opening.owed, rule).sources(Sources::one(opening.entry));
            let paid = opening.earned.checked_sub(opening.owed)?;
            if !paid.is_negative() {
                let [earned, paid] = [opening.earned, paid].map(|it| Figure::from(it).number());
                derivation = derivation.working(format!("{earned} earned - {paid} paid"));
            }
            claims.push(Yield {
                label: MOVED_IN.to_owned(),
                earned: opening.owed,
                due_at: opening.on,
                late_interest: self.late_interest(opening.on),
                derivation,
            });
        }
        let opening = self.opening().into_iter();
        let given_back = opening.flat_map(|opening| &opening.given_back);
        for refund in given_back.filter(|refund| refund.on <= self.bounds.as_of) {
            let rule = "of what had been paid before the account was moved here; owed again";
            let derivation = Derivation::new(GIVEN_BACK, refund.amount, rule)
                .sources(Sources::one(refund.entry));
            claims.push(Yield {
                label: GIVEN_BACK.to_owned(),
                earned: refund.amount,
                due_at: refund.on,
                late_interest: self.late_interest(refund.on),
                derivation,
            });
        }
        // They are owed once, for the contract.
        if !self.is_ours(None) {
            return Ok(claims);
        }
        let guarantee = self.parts(guaranteed_parts)?.into_iter();
        let advance = self.parts(|clauses| &clauses.advance)?.into_iter();
        let fixed = guarantee.map(|it| ("guarantee", it)).chain(advance.map(|it| ("advance", it)));
        for (what, (place, due_at, part)) in fixed {
            // Those that fell due before an opening balance are in it.
            if self.opening().is_some_and(|opening| due_at < opening.on) {
                continue;
            }
            // Nothing falls due before the contract.
            let due_at = due_at.max(self.facts.start);
            let label = format!("{what} {place}");
            let rule = format!("an instalment, whatever is earned; due {}", written(due_at));
            let derivation = Derivation::new(label.clone(), part.amount, rule);
            let late_interest = self.late_interest(due_at);
            claims.push(Yield { label, earned: part.amount, due_at, late_interest, derivation });
        }
        Ok(claims)
    }

    /// The clause of interest on what falls due at a moment.
    fn late_interest(&self, due_at: Timestamp) -> Option<LateInterest> {
        self.clauses(version_at(self.bounds.versions, due_at)).late_interest
    }

    /// Periods without an event in which a clause does something all the same.
    fn add_bare_periods(
        &self,
        segments: &mut BTreeMap<SettlementSpan, Vec<Tally>>,
    ) -> Result<(), RoyaltyError> {
        let (bounds, clauses) = (self.bounds, self.clauses(0));
        let each = bounds.versions.iter().any(|version| match &version.clauses.guarantee {
            Some(Guarantee::TopUp(top_up)) => top_up.over == Over::Period,
            Some(Guarantee::Instalments(_)) | None => false,
        });
        let last_moment = match bounds.term.until() {
            Some(until) => Some(Timestamp::from_millis(until.as_millis() - 1)?),
            None => None,
        };
        if each && bounds.term.from() <= bounds.as_of {
            let end = last_moment.map_or(bounds.as_of, |last| last.min(bounds.as_of));
            // How the periods before it came out is in the opening balance.
            let from =
                self.opening().map_or(bounds.term.from(), |it| it.on.max(bounds.term.from()));
            let mut span = SettlementSpan::containing(clauses.period, from)?;
            while span.start() <= end {
                segments.entry(span).or_default();
                if segments.len() > MAX_PERIODS {
                    return Err(RoyaltyError::TooManyPeriods { max: MAX_PERIODS });
                }
                span = span.plus(1)?;
            }
        }
        // What rolled over under one threshold is measured by the next one, event or not.
        let mut rolls_over = false;
        for version in bounds.versions {
            if rolls_over && last_moment.is_none_or(|last| version.from <= last) {
                let span = SettlementSpan::containing(clauses.period, version.from)?;
                segments.entry(span).or_default();
            }
            rolls_over |= version.clauses.threshold.is_some();
        }
        if let Some(last) = last_moment {
            let span = SettlementSpan::containing(clauses.period, last)?;
            let is_settled = self.opening().is_some_and(|opening| span.end() <= opening.on);
            if !is_settled && (span.is_over(bounds.as_of) || last <= bounds.as_of) {
                segments.entry(span).or_default();
            }
        }
        Ok(())
    }

    fn period(
        &self,
        course: &mut Course,
        span: SettlementSpan,
        tallies: &[Tally],
    ) -> Result<(PeriodFigures, Option<Yield>), RoyaltyError> {
        let bounds = self.bounds;
        let last_moment = Timestamp::from_millis(span.end().as_millis() - 1)?;
        let version = version_at(bounds.versions, last_moment);
        let clauses = self.clauses(version);
        let is_last =
            bounds.term.until().is_some_and(|until| span.start() < until && until <= span.end());
        let is_over = span.is_over(bounds.as_of)
            || is_last
                && bounds
                    .term
                    .until()
                    .is_some_and(|until| bounds.as_of.as_millis() >= until.as_millis() - 1);
        let mut sums = course.yields.period((bounds, self.facts), clauses, tallies)?;
        let (yielded, steps) = (sums.yielded, std::mem::take(&mut sums.steps));
        let due_at = span.last_day()?.plus_days(clauses.due_days)?;
        let state = if is_over {
            let (days, date) = (clauses.due_days, written(due_at));
            format!("due {days} days after the last day of the period, {date}")
        } else {
            "the period has not ended".to_owned()
        };
        let within = Period::new(span.start(), Some(span.end()))?;
        let is_in_term = bounds.term.intersection(within).is_some();
        let guaranteed = self.guaranteed(version)?;
        let first = SettlementSpan::containing(clauses.period, bounds.term.from())?;
        let input = PeriodInput {
            clauses,
            span,
            number: span.since(first),
            is_over,
            is_last,
            is_in_term,
            guaranteed,
            yielded,
        };
        let output = course.period.period(&input, &state, steps)?;
        let figures = figures(course, &input, &sums, &output, due_at)?;
        let is_bare = tallies.is_empty() && figures.earned.is_zero() && figures.payable.is_zero();
        let claim = (!is_bare).then(|| Yield {
            label: format!("{span}"),
            earned: figures.payable,
            due_at,
            late_interest: self.late_interest(due_at),
            derivation: output.derivation,
        });
        Ok((figures, claim))
    }
}

fn guaranteed_parts(clauses: &ProfitShare) -> &[Part] {
    match &clauses.guarantee {
        Some(Guarantee::Instalments(parts)) => parts,
        Some(Guarantee::TopUp(_)) | None => &[],
    }
}

fn figures(
    course: &Course,
    input: &PeriodInput<'_>,
    sums: &PeriodYield,
    output: &PeriodOutput,
    due_at: Timestamp,
) -> Result<PeriodFigures, RoyaltyError> {
    let currency = input.clauses.currency;
    let exact = |minor| Figure::exact(minor, currency);
    let amount = |minor| Amount::new(minor, currency);
    let (base, yielded) = course.yields.waiting()?;
    let whole = output.whole;
    let deductions = sums.deductions.iter();
    Ok(PeriodFigures {
        span: input.span,
        is_over: input.is_over,
        is_last: input.is_last,
        revenue: exact(sums.revenue),
        refunds: exact(sums.refunds),
        deductions: deductions
            .map(|(name, spent, allowed)| (name.clone(), exact(*spent), exact(*allowed)))
            .collect(),
        deducted: exact(sums.deducted),
        yielded: exact(input.yielded),
        top_up: exact(output.top_up),
        earned: amount(whole.earned)?,
        against_guarantee: amount(whole.against_guarantee)?,
        reserved: amount(whole.reserved)?,
        released: amount(whole.released)?,
        recouped: amount(whole.recouped)?,
        over_cap: amount(whole.over_cap)?,
        withheld: amount(whole.withheld)?,
        rolled_in: amount(whole.rolled_in)?,
        rolled_over: amount(whole.rolled_over)?,
        payable: amount(whole.payable)?,
        due_at,
        held_after: amount(output.held)?,
        unrecouped_after: amount(output.unrecouped)?,
        loss_after: (exact(base), exact(yielded)),
    })
}
