//! The books of what came in for works and is shared: what payers owe other holders, and what these
//! confirmed, or gave back. For a work 7, of which wen has the money and bo a part:
//!
//! - each part from `Liabilities:Work-7:Wen:Bo` to `Expenses:Work-7:Wen:Shared`, on the as-of day;
//! - what was paid from the bank to that liability, and back where it was given back;
//! - of a work with an account of its own, its lines, likewise under `Work-7:Wen`.
//!
//! What the liability comes to is less than zero by what is owed, which is asserted.

use super::accounts::{MAX_ROWS, bounded};
use super::{Accounts, AnswerError, Names, ProceedsSource, WorkProceeds};
use crate::admission::{AccountLineFacts, View, proceeds_moved};
use crate::journal::{Account, Balance, JournalError, Root, Transaction};
use crate::money::Amount;
use crate::record::{EntryNumber, LineKind};
use std::collections::BTreeMap;
use time::Date;

/// Transactions and assertions.
pub(super) type Written = (Vec<Transaction>, Vec<Balance>);

/// Work, payer, payee and the code of the currency.
type Sides = (EntryNumber, String, String, &'static str);

/// What one payer owes one payee of one work, in all.
struct Shared {
    owed: Amount,
    bank: Account,
}

/// The books of these works, as of a day.
pub(super) fn shares(
    names: &Names<'_>,
    accounts: &Accounts<'_>,
    works: &[WorkProceeds],
) -> Result<Written, AnswerError> {
    let today = accounts.as_of().date();
    let (mut transactions, mut balances) = Written::default();
    let mut shared: BTreeMap<Sides, Shared> = BTreeMap::new();
    for work in works {
        let (entry, payer) = (work.work.entry, work.payer.as_str());
        for part in &work.parts {
            let Some(owed) = part.owed else { continue };
            let payee = part.payee.as_str();
            let between = (
                account(Root::Liabilities, (entry, payer), &[payee])?,
                account(Root::Expenses, (entry, payer), &["shared"])?,
            );
            if !part.amount.is_zero() {
                let label = format!("part of {payee} as holder of work {}", part.holds.entry);
                transactions.push(Transaction::transfer(today, label, part.amount, between)?);
            }
            let sides = (entry, payer.to_owned(), payee.to_owned(), work.currency.code());
            let bank = bank(work)?;
            let sum = shared
                .entry(sides)
                .or_insert_with(|| Shared { owed: Amount::zero(work.currency), bank });
            sum.owed = sum.owed.checked_add(owed)?;
        }
    }
    let mut entries: Vec<EntryNumber> = works.iter().map(|work| work.work.entry).collect();
    entries.sort_unstable();
    entries.dedup();
    for work in entries {
        transactions.extend(payments(names, accounts, work, &shared)?);
    }
    for ((work, payer, payee, _), Shared { owed, .. }) in &shared {
        let account = account(Root::Liabilities, (*work, payer), &[payee])?;
        let amount = Amount::zero(owed.currency()).checked_sub(*owed)?;
        balances.push(Balance { on: today, account, amount });
    }
    Ok((transactions, balances))
}

fn account(
    root: Root,
    (work, payer): (EntryNumber, &str),
    names: &[&str],
) -> Result<Account, JournalError> {
    let work = format!("work-{}", work.get());
    let names: Vec<&str> =
        [work.as_str(), payer].into_iter().chain(names.iter().copied()).collect();
    Account::new(root, &names)
}

/// Where the money is: with a contract, that of its account.
fn bank(work: &WorkProceeds) -> Result<Account, JournalError> {
    match work.contract_entry {
        Some(contract) => {
            Account::new(Root::Assets, &[&format!("contract-{}", contract.get()), "bank"])
        }
        None => account(Root::Assets, (work.work.entry, work.payer.as_str()), &["bank"]),
    }
}

/// What was paid of a work, as confirmed, and given back, between those who have a part in it.
fn payments(
    names: &Names<'_>,
    accounts: &Accounts<'_>,
    work: EntryNumber,
    shared: &BTreeMap<Sides, Shared>,
) -> Result<Vec<Transaction>, AnswerError> {
    let mut transactions = Vec::new();
    let rows = names.reader().confirmations(work, Some(work), MAX_ROWS + 1)?;
    for row in bounded(rows, "payments")? {
        if !accounts.is_known(row.entry) || row.effective_at > accounts.as_of() {
            continue;
        }
        let payment = names.payment(row.payment)?;
        let Some((payer, payee, minor)) = proceeds_moved(&row, &payment) else { continue };
        let (payer, payee) = (names.handle(payer)?.to_string(), names.handle(payee)?.to_string());
        let sides = (work, payer, payee, row.currency.code());
        let Some(Shared { bank, .. }) = shared.get(&sides) else { continue };
        let (_, payer, payee, _) = &sides;
        let liability = account(Root::Liabilities, (work, payer), &[payee])?;
        let (what, between) = match minor < 0 {
            true => ("part given back", (liability, bank.clone())),
            false => ("part paid", (bank.clone(), liability)),
        };
        let amount = Amount::new(i128::from(row.minor), row.currency)?;
        let on: Date = row.effective_at.date();
        let transfer = Transaction::transfer(on, what, amount, between)?;
        transactions.push(transfer.entry(row.entry).reference(payment.reference.as_str()));
    }
    Ok(transactions)
}

/// From where a line of the account of a work comes, and to where it goes; nothing for the line of another
/// holder.
pub(super) fn line(
    names: &Names<'_>,
    work: &WorkProceeds,
    line: &AccountLineFacts,
) -> Result<Option<(Account, Account)>, AnswerError> {
    let reporter = View::reporter(names.reader(), line.entry)?;
    let reporter = reporter.map(|reporter| names.handle(reporter)).transpose()?;
    let is_own = work.source == ProceedsSource::Account && work.contract_entry.is_none();
    if !is_own || reporter.as_ref() != Some(&work.payer) || line.currency != work.currency {
        return Ok(None);
    }
    let place = (work.work.entry, work.payer.as_str());
    let category = line.category.as_str();
    let bank = bank(work)?;
    Ok(Some(match line.kind {
        LineKind::Revenue => (account(Root::Income, place, &[category])?, bank),
        LineKind::Refund => (bank, account(Root::Income, place, &[category])?),
        LineKind::Expense => (bank, account(Root::Expenses, place, &["costs", category])?),
    }))
}
