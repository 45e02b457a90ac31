//! What is owed under contracts, parted by work or by country. The parts of each figure sum to the
//! figure of the account; which part earned what follows from what came in there, period by period.

use super::apportion::{Apportioned, Part};
use super::owed::{Owed, first};
use super::{Accounts, AnswerError, Moments, Names, WorkLabel, json};
use crate::admission::ContractRow;
use crate::money::{Amount, Currency, Fraction, SplitRule, allocate};
use crate::record::{CountryCode, EntryNumber, Form, Handle, LineKind, ProfitShare};
use crate::royalty::{Line, Received};
use crate::store::{Reader, WorkFilter};
use serde::Serialize;

/// What an answer is parted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartedBy {
    /// Each work.
    Work,
    /// Each country of sale.
    Territory,
}

/// One part of what is owed under a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwedPart {
    /// The contract that has the account.
    pub contract_entry: EntryNumber,
    /// The work; none for what names no work, or by country.
    pub work: Option<WorkLabel>,
    /// The country; none for what names no country, or by work.
    pub territory: Option<CountryCode>,
    /// Who pays.
    #[serde(serialize_with = "json::text")]
    pub payer: Handle,
    /// Who receives.
    #[serde(serialize_with = "json::text")]
    pub payee: Handle,
    /// The currency of every amount.
    #[serde(serialize_with = "json::text")]
    pub currency: Currency,
    /// Revenue less refunds, fixed to the minor unit; nothing under a fee.
    #[serde(serialize_with = "json::optional_decimal")]
    pub received: Option<Amount>,
    /// Earned of it.
    #[serde(serialize_with = "json::decimal")]
    pub earned: Amount,
    /// What has fallen due.
    #[serde(serialize_with = "json::decimal")]
    pub due: Amount,
    /// What is confirmed received.
    #[serde(serialize_with = "json::decimal")]
    pub paid: Amount,
    /// Due and interest less paid.
    #[serde(serialize_with = "json::decimal")]
    pub owed: Amount,
}

/// The lines of an answer to `owed`, in parts.
///
/// # Errors
/// A ledger that cannot be read; figures out of range.
pub fn breakdown(
    reader: &Reader<'_>,
    owed: &Owed,
    by: PartedBy,
    moments: Moments,
) -> Result<Vec<OwedPart>, AnswerError> {
    let names = Names::new(reader);
    let accounts = Accounts::new(reader, moments)?;
    let mut contracts: Vec<EntryNumber> =
        owed.lines.iter().map(|line| line.contract_entry).collect();
    contracts.dedup();
    let works: Vec<_> = owed.lines.iter().filter_map(|line| line.work_entry).collect();
    let parting = Parting { names, accounts };
    let mut parts = Vec::new();
    for contract in contracts {
        let row = first(&parting.names, contract)?;
        let terms = parting.names.terms(row.terms)?.terms;
        match (&terms.form, by) {
            (Form::FeeForAssignment(_), _) => {
                let mut lines = parting.accounts.of(&row, None)?.lines;
                lines.retain(|line| line.work.is_none_or(|work| works.contains(&work)));
                for line in &lines {
                    let work = line.work.filter(|_| by == PartedBy::Work);
                    let figures = [line.earned, line.due, line.paid, line.owed];
                    parts.push(parting.part(&row, (work, None), None, figures)?);
                }
            }
            (Form::ProfitShare(share), PartedBy::Work) => {
                let only = parting.only_work(&row)?;
                parting.account::<EntryNumber>(&row, share, only, &mut parts)?;
            }
            (Form::ProfitShare(share), PartedBy::Territory) => {
                parting.account::<CountryCode>(&row, share, None, &mut parts)?;
            }
        }
    }
    Ok(parts)
}

/// A part by which answers are named.
trait Named: Part {
    fn named(part: Option<Self>) -> (Option<EntryNumber>, Option<CountryCode>);
}

impl Named for EntryNumber {
    fn named(part: Option<Self>) -> (Option<EntryNumber>, Option<CountryCode>) {
        (part, None)
    }
}

impl Named for CountryCode {
    fn named(part: Option<Self>) -> (Option<EntryNumber>, Option<CountryCode>) {
        (None, part)
    }
}

struct Parting<'a> {
    names: Names<'a>,
    accounts: Accounts<'a>,
}

impl Parting<'_> {
    /// The only work of an account, to which lines without a work belong.
    fn only_work(&self, row: &ContractRow) -> Result<Option<EntryNumber>, AnswerError> {
        let mut works = Vec::new();
        for contract in self.accounts.accounted_with(row)? {
            let filter = WorkFilter { contract: Some(contract), ..WorkFilter::first(2) };
            works.extend(self.names.reader().works(&filter)?.iter().map(|work| work.entry));
        }
        Ok(match works.as_slice() {
            [work] => Some(*work),
            [] | [_, ..] => None,
        })
    }

    fn account<P: Named>(
        &self,
        row: &ContractRow,
        share: &ProfitShare,
        only: Option<P>,
        parts: &mut Vec<OwedPart>,
    ) -> Result<(), AnswerError> {
        let account = Apportioned::<P>::of(&self.accounts, row, share, only)?;
        let several = account.account.lines.len() > 1;
        for (place, line) in account.account.lines.iter().enumerate() {
            let earned: Vec<(Option<P>, Amount)> = account
                .of_line(place)
                .map(|(part, charges)| {
                    let zero = Amount::zero(line.currency);
                    let sum = charges.iter().try_fold(zero, |sum, it| sum.checked_add(it.amount));
                    Ok((part, sum?))
                })
                .collect::<Result<_, AnswerError>>()?;
            for (part, figures) in divided(line, earned, only, share.split)? {
                // Where works have accounts of their own, a country came in for several of them.
                let received = match several && P::of_line(line).is_none() {
                    true => None,
                    false => Some(received(account.received(part), share)?),
                };
                parts.push(self.part(row, P::named(part), received, figures)?);
            }
        }
        Ok(())
    }

    fn part(
        &self,
        row: &ContractRow,
        (work, territory): (Option<EntryNumber>, Option<CountryCode>),
        received: Option<Amount>,
        [earned, due, paid, owed]: [Amount; 4],
    ) -> Result<OwedPart, AnswerError> {
        Ok(OwedPart {
            contract_entry: row.entry,
            work: work.map(|work| self.names.work_label(work)).transpose()?,
            territory,
            payer: self.names.handle(row.party)?,
            payee: self.names.handle(row.provider)?,
            currency: earned.currency(),
            received,
            earned,
            due,
            paid,
            owed,
        })
    }
}

fn received(events: &[Received], share: &ProfitShare) -> Result<Amount, AnswerError> {
    let mut sum = Fraction::ZERO;
    for event in events {
        sum = match event.kind {
            LineKind::Revenue => sum.checked_add(event.minor)?,
            LineKind::Refund => sum.checked_sub(event.minor)?,
            LineKind::Expense => sum,
        };
    }
    Ok(Amount::new(share.rounding.round(sum), share.currency)?)
}

type Divided<P> = Vec<(Option<P>, [Amount; 4])>;

/// Earned, due, paid and owed of each part. What was earned before accounts moved here belongs to no
/// part; what is due, paid and owed as interest is divided in proportion to what was earned.
fn divided<P: Part>(
    line: &Line,
    mut earned: Vec<(Option<P>, Amount)>,
    only: Option<P>,
    rule: SplitRule,
) -> Result<Divided<P>, AnswerError> {
    let zero = Amount::zero(line.currency);
    let sum = earned.iter().try_fold(zero, |sum, (_, part)| sum.checked_add(*part))?;
    let rest = line.earned.checked_sub(sum)?;
    if !rest.is_zero() || earned.is_empty() {
        let part = P::of_line(line).or(only);
        match earned.iter_mut().find(|(found, _)| *found == part) {
            Some((_, earned)) => *earned = earned.checked_add(rest)?,
            None => earned.push((part, rest)),
        }
    }
    let interest = line.owed.checked_sub(line.due)?.checked_add(line.paid)?;
    let weights: Vec<Fraction> = match earned.iter().any(|(_, part)| part.is_positive()) {
        true => earned.iter().map(|(_, part)| part.as_fraction().max(Fraction::ZERO)).collect(),
        false => earned.iter().map(|_| Fraction::ONE).collect(),
    };
    let due = allocate(line.due, &weights, rule)?;
    let paid = allocate(line.paid, &weights, rule)?;
    let interest = allocate(interest, &weights, rule)?;
    let figures = due.into_iter().zip(paid).zip(interest);
    let part = |((part, earned), ((due, paid), interest)): (_, ((Amount, Amount), Amount))| {
        let owed = due.checked_add(interest)?.checked_sub(paid)?;
        Ok((part, [earned, due, paid, owed]))
    };
    earned.into_iter().zip(figures).map(part).collect()
}
