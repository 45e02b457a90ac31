//! The sums that lines of account change: by month, kind, category and currency, of the contract as
//! a whole and of each work. What is owed is read from them, not from lines.

use crate::admission::admit::{Context, Ruling};
use crate::admission::{AccountLineFacts, AccountSumKey, AccountSumRow, Effect, Refusal, View};
use crate::money::{Currency, MoneyError};
use crate::record::{Category, EntryNumber, LineKind, Timestamp};
use std::collections::HashMap;

/// Whether a line is added to its sum or taken out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// The line is reported.
    Added,
    /// The line is reversed.
    Taken,
}

/// Work, month, and the place of the heading.
type Key = (EntryNumber, Timestamp, usize);

/// What lines of one kind have in common. A statement has few, and mostly some of the last again.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Heading<'a> {
    kind: LineKind,
    category: &'a Category,
    currency: Currency,
}

/// What one statement adds to one sum.
struct Change {
    minor: i128,
    units: i128,
    lines: i64,
    first_on: Timestamp,
    last_on: Timestamp,
}

/// What one statement adds to the sums of one contract.
#[derive(Default)]
pub(super) struct Changes<'a> {
    sums: HashMap<Key, Change>,
    headings: Vec<Heading<'a>>,
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
        let heading =
            Heading { kind: line.kind, category: &line.category, currency: line.currency };
        let place = self.headings.iter().rposition(|known| *known == heading);
        let place = place.unwrap_or_else(|| {
            self.headings.push(heading);
            self.headings.len() - 1
        });
        for work in [Some(EntryNumber::default()), line.work].into_iter().flatten() {
            self.count_for((work, month, place), line, sign);
        }
    }

    fn count_for(&mut self, key: Key, line: &AccountLineFacts, sign: Sign) {
        let on = line.effective_at;
        let none = Change { minor: 0, units: 0, lines: 0, first_on: on, last_on: on };
        let change = self.sums.entry(key).or_insert(none);
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
        let mut sums = Vec::with_capacity(self.sums.len());
        for ((work, month, place), change) in self.sums {
            // Places come from the list itself.
            sums.extend(self.headings.get(place).map(|heading| (work, month, *heading, change)));
        }
        // As the table holds them.
        sums.sort_unstable_by_key(|(work, month, heading, _)| {
            let Heading { kind, category, currency } = heading;
            (*work, *month, kind.name(), *category, currency.code())
        });
        let mut rows = Vec::with_capacity(sums.len());
        for (work, month, Heading { kind, category, currency }, change) in sums {
            let named = (work != EntryNumber::default()).then_some(work);
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
        let narrow = |sum: i128| i64::try_from(sum).map_err(|_| too_much(self.minor, currency));
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
fn too_much(minor: i128, currency: Currency) -> Box<Refusal> {
    Box::new(Refusal::Money { error: MoneyError::AmountOutOfRange { minor, currency } })
}
