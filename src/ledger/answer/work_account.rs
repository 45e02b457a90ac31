//! What came in for a work that no share of profit is owed of, as its holders report it. Converts
//! nothing: each holder has an account in each currency.

use super::{Accounts, AnswerError, Names};
use crate::admission::View;
use crate::money::{Currency, Fraction};
use crate::record::{EntryNumber, SettlementPeriod};
use crate::royalty::{Received, SettlementSpan};
use std::collections::BTreeMap;

/// The lines of a work, by who reported them and by currency.
type WorkAccounts = BTreeMap<(EntryNumber, Currency), Vec<Received>>;

/// The lines of the account of a work that count, by who reported them and by currency. They are summed
/// by quarters, which decides nothing where every figure is whole minor units.
pub(super) fn work_accounts(
    names: &Names<'_>,
    accounts: &Accounts<'_>,
    work: EntryNumber,
) -> Result<WorkAccounts, AnswerError> {
    let reader = names.reader();
    let mut reporters: BTreeMap<EntryNumber, Option<EntryNumber>> = BTreeMap::new();
    let mut found = WorkAccounts::new();
    for line in accounts.lines(work)? {
        let reporter = match reporters.get(&line.entry) {
            Some(reporter) => *reporter,
            None => {
                let reporter = View::reporter(reader, line.entry)?;
                reporters.insert(line.entry, reporter);
                reporter
            }
        };
        let Some(reporter) = reporter else { continue };
        let on = line.effective_at;
        let period = SettlementSpan::containing(SettlementPeriod::Quarter, on)?.start();
        let minor = Fraction::from_integer(i128::from(line.minor));
        let received = Received { entry: line.entry, on, period, kind: line.kind, minor };
        found.entry((reporter, line.currency)).or_default().push(received);
    }
    Ok(found)
}
