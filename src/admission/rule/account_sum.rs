//! The sums that lines of account change: by month, kind, category and currency, of the contract as
//! a whole and of each work. What is owed is read from them, not from lines.

use crate::admission::admit::{Context, Ruling};
use crate::admission::{AccountLineFacts, AccountSumKey, AccountSumRow, Effect, Refusal, View};
use crate::money::{Currency, MoneyError};
use crate::record::{Category, EntryNumber, LineKind, Timestamp};
use std::collections::{BTreeMap, HashMap};

/// Whether a line is added to its sum or taken out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// The line is reported.
    Added,
    /// The line is reversed.
    Taken,
}

/// In the order in which rows are added: entry, then work, month, kind, category and currency as
/// the table holds them.
type Key<'a> = (EntryNumber, Timestamp, &'static str, &'a Category, &'static str);

/// What one statement adds to one sum.
struct Change {
    kind: LineKind,
    currency: Currency,
    minor: i128,
    units: i128,
    lines: i64,
    first_on: Timestamp,
    last_on: Timestamp,
}

/// What one statement adds to the sums of one contract.
#[derive(Default)]
pub(super) struct Changes<'a> {
    sums: HashMap<Key<'a>, Change>,
    /// The month of the line before, and when it was: lines mostly come day by day.
    month: Option<(Timestamp, Timestamp)>,
}

impl<'a> Changes<'a> {
    /// Counts a line, for its contract and for its work.
    pub(super) fn count(&mut self, line: &'a AccountLineFacts, sign: Sign) {
        let on = line.effective_at;
        let month = match self.month {
            Some((known, month)) if known == on => month,
            // A month begins at or after the first moment there is.
            Some(_) | None => on.start_of_month().unwrap_or(on),
        };
        self.month = Some((on, month));
        for work in [Some(EntryNumber::default()), line.work].into_iter().flatten() {
            self.count_for(work, month, line, sign);
        }
    }

    fn count_for(
        &mut self,
        work: EntryNumber,
        month: Timestamp,
        line: &'a AccountLineFacts,
        sign: Sign,
    ) {
        let on = line.effective_at;
        let key = (work, month, line.kind.name(), &line.category, line.currency.code());
        let change = self.sums.entry(key).or_insert(Change {
            kind: line.kind,
            currency: line.currency,
            minor: 0,
            units: 0,
            lines: 0,
            first_on: on,
            last_on: on,
        });
        let factor = match sign {
            Sign::Added => 1,
            Sign::Taken => -1,
        };
        change.minor += i128::from(factor) * i128::from(line.minor);
        change.units += i128::from(factor) * i128::from(line.units.unwrap_or_default());
        change.lines += factor;
        change.first_on = change.first_on.min(on);
        change.last_on = change.last_on.max(on);
    }

    /// The rows of the changed sums.
    pub(super) fn rows<V: View>(
        self,
        context: &Context<V>,
        contract: EntryNumber,
    ) -> Ruling<Vec<Effect>, V> {
        let sums: BTreeMap<Key<'a>, Change> = self.sums.into_iter().collect();
        let mut rows = Vec::with_capacity(sums.len());
        for ((work, month, _, category, _), change) in sums {
            let named = (work != EntryNumber::default()).then_some(work);
            let Change { kind, currency, .. } = change;
            let category = category.clone();
            let key = AccountSumKey { contract, work: named, month, kind, category, currency };
            let before = context.ask(context.view.account_sum(&key))?;
            rows.push(change.row(context.number, key, before)?.into());
        }
        Ok(rows)
    }
}

impl Change {
    fn row(
        self,
        entry: EntryNumber,
        key: AccountSumKey,
        before: Option<AccountSumRow>,
    ) -> Result<AccountSumRow, Box<Refusal>> {
        let AccountSumKey { contract, work, month, kind, category, currency } = key;
        let (mut minor, mut units, mut lines) = (self.minor, self.units, self.lines);
        let (mut first_on, mut last_on) = (self.first_on, self.last_on);
        if let Some(before) = before {
            minor += i128::from(before.minor);
            units += i128::from(before.units);
            lines = lines.saturating_add(before.lines);
            first_on = first_on.min(before.first_on);
            last_on = last_on.max(before.last_on);
        }
        let narrow = |sum: i128| i64::try_from(sum).map_err(|_| too_much(&self));
        Ok(AccountSumRow {
            entry,
            contract,
            work: work.unwrap_or_default(),
            month,
            kind,
            category,
            currency,
            minor: narrow(minor)?,
            units: narrow(units)?,
            lines,
            first_on,
            last_on,
        })
    }
}

/// A sum that no table can hold; nobody ever earned as much.
fn too_much(change: &Change) -> Box<Refusal> {
    let (minor, currency) = (change.minor, change.currency);
    Box::new(Refusal::Money { error: MoneyError::AmountOutOfRange { minor, currency } })
}
