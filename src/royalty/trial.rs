//! What a form of either kind yields from facts that no ledger holds.

use super::{Account, Facts, FeeObligation, RoyaltyError, Version, fee, profit_share};
use crate::record::{EntryNumber, FeeUnit, Form, Timestamp};

/// The contract of a trial, which no entry made.
const CONTRACT: EntryNumber = EntryNumber::new(0);

/// What is owed at a moment under a form that is tried: a share of profit from the facts, a fee for
/// each of the works, or one fee from the start. A fee looks at the payments among the facts alone.
///
/// # Errors
/// As [`profit_share`] and [`fee`].
///
/// ```
/// use deedbook::money::Amount;
/// use deedbook::record::{EntryNumber, Fee, FeeUnit, Form, Timestamp};
/// use deedbook::royalty::{Categories, Facts, FeeObligation, trial};
///
/// let amount = Amount::parse_with_currency("49.00 CNY").unwrap();
/// let form = Form::FeeForAssignment(Fee::plain(FeeUnit::Work, amount, 30));
/// let from = Timestamp::parse_start("2026-01-10").unwrap();
/// let categories = Categories::new();
/// let facts = Facts::of(from, &categories, &[], &[]);
/// let work = EntryNumber::new(2);
/// let works = [FeeObligation { entry: work, work: Some(work), from }];
/// let as_of = Timestamp::parse_end("2026-02-20").unwrap();
/// let account = trial(&form, &facts, &works, as_of).unwrap();
/// assert_eq!(account.lines[0].owed.to_string(), "49.00 CNY");
/// ```
pub fn trial(
    form: &Form,
    facts: &Facts<'_>,
    works: &[FeeObligation],
    as_of: Timestamp,
) -> Result<Account, RoyaltyError> {
    match form {
        Form::ProfitShare(clauses) => {
            profit_share(&[Version { from: facts.start, clauses }], facts, as_of)
        }
        Form::FeeForAssignment(clauses) => {
            let contract = [FeeObligation { entry: CONTRACT, work: None, from: facts.start }];
            let obligations = match clauses.unit {
                FeeUnit::Contract => &contract,
                FeeUnit::Work => works,
            };
            fee(clauses, obligations, facts.receipts, &[], as_of)
        }
    }
}
