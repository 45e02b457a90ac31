//! The books of contracts: every line of account, what fell due and what was paid, as double entry.
//!
//! What stands where, for contract 12 with northlight:
//!
//! - revenue from `Income:Contract-12:<Category>` to `Assets:Contract-12:Bank`, refunds the other
//!   way, expenses from the bank to `Expenses:Contract-12:Costs:<Category>`; a line that was
//!   corrected with its reversal, both on the day of the line;
//! - what fell due from `Liabilities:Contract-12:Northlight`, or where works are accounted for one
//!   by one from `:Work-7` of it, to `Expenses:Contract-12:Royalty`, `:Fee` or `:Interest`, and
//!   what was due when accounts moved here to `Equity:Contract-12:Opening`;
//! - confirmed payments from the bank to that liability, and back where they were given back;
//! - what came in for works and is shared with other holders, as `journal_shares` says.
//!
//! So what the liability comes to is less than zero by exactly what is owed, which is asserted.

use super::accounts::{MAX_ROWS, bounded};
use super::owed::accounted_for;
use super::{
    Accounts, AnswerError, Moments, Names, ProceedsSource, WorkProceeds, journal_shares, proceeds,
};
use crate::admission::{AccountLineFacts, ConfirmationRow, ContractRow, View};
use crate::journal::{Account, Balance, Journal, JournalError, Root, Transaction};
use crate::money::Amount;
use crate::record::{EntryNumber, Form, Handle, LineKind, Purpose};
use crate::royalty::{self, GIVEN_BACK, Line, MOVED_IN};
use crate::store::{EntryFilter, Reader};
use time::Date;

/// The books of a party's contracts, of one contract or of every contract, with the assertion of
/// what every payable comes to: minus what [`owed`](super::owed()) answers for the same moments.
///
/// # Errors
/// What [`owed`](super::owed()) refuses; an as-of day that is the last of the calendar; books that do not come to
/// what is owed, which would be a defect.
pub fn journal(
    reader: &Reader<'_>,
    about: Option<EntryNumber>,
    moments: Moments,
) -> Result<Journal, AnswerError> {
    let mut contracts = accounted_for(reader, about, moments)?;
    contracts.sort_unstable_by_key(|contract| contract.entry);
    let filter = EntryFilter { to: Some(moments.known_at), ..EntryFilter::newest(1) };
    let known = reader.entry_list(&filter)?.first().map(|row| row.number);
    let names = Names::new(reader);
    let accounts = Accounts::new(reader, moments)?;
    let mut books =
        Books { names, accounts, moments, known, transactions: Vec::new(), balances: Vec::new() };
    for contract in contracts {
        books.contract(&contract)?;
    }
    books.shares(&proceeds(reader, about, moments)?)?;
    let journal = Journal::new(books.transactions, books.balances);
    journal.check()?;
    Ok(journal)
}

/// From where a line comes and to where it goes, where it is of these books.
type Between<'a> =
    dyn Fn(&AccountLineFacts) -> Result<Option<(Account, Account)>, AnswerError> + 'a;

struct Books<'a> {
    names: Names<'a>,
    accounts: Accounts<'a>,
    moments: Moments,
    /// The last entry that counts.
    known: Option<EntryNumber>,
    transactions: Vec<Transaction>,
    balances: Vec<Balance>,
}

/// The accounts of one contract.
struct Chart {
    contract: String,
    payee: Handle,
    /// What the terms yield: `royalty` or `fee`.
    yielded: &'static str,
    /// Whether each work has a payable of its own.
    by_work: bool,
}

impl Chart {
    fn account(&self, root: Root, names: &[&str]) -> Result<Account, JournalError> {
        let names: Vec<&str> =
            std::iter::once(self.contract.as_str()).chain(names.iter().copied()).collect();
        Account::new(root, &names)
    }

    fn bank(&self) -> Result<Account, JournalError> {
        self.account(Root::Assets, &["bank"])
    }

    fn payable(&self, work: Option<EntryNumber>) -> Result<Account, JournalError> {
        let payee = self.payee.as_str();
        match work {
            Some(work) => {
                let work = format!("work-{}", work.get());
                self.account(Root::Liabilities, &[payee, &work])
            }
            // A program may count what is below an account as part of it.
            None if self.by_work => self.account(Root::Liabilities, &[payee, "no-work"]),
            None => self.account(Root::Liabilities, &[payee]),
        }
    }

    /// From where a line of account comes, and to where it goes.
    fn line(&self, line: &AccountLineFacts) -> Result<(Account, Account), JournalError> {
        let category = line.category.as_str();
        Ok(match line.kind {
            LineKind::Revenue => (self.account(Root::Income, &[category])?, self.bank()?),
            LineKind::Refund => (self.bank()?, self.account(Root::Income, &[category])?),
            LineKind::Expense => {
                (self.bank()?, self.account(Root::Expenses, &["costs", category])?)
            }
        })
    }
}

impl Books<'_> {
    fn contract(&mut self, contract: &ContractRow) -> Result<(), AnswerError> {
        let account = self.accounts.of(contract, None)?;
        let chart = Chart {
            contract: format!("contract-{}", contract.entry.get()),
            payee: self.names.handle(contract.provider)?,
            yielded: match self.names.terms(contract.terms)?.terms.form {
                Form::FeeForAssignment(_) => "fee",
                Form::ProfitShare(_) => "royalty",
            },
            by_work: account.lines.iter().any(|line| line.work.is_some()),
        };
        let members = match &self.names.terms(contract.terms)?.terms.form {
            Form::ProfitShare(share) => self.accounts.members(contract, share)?,
            Form::FeeForAssignment(_) => vec![contract.clone()],
        };
        for member in &members {
            self.lines_of_account(member.entry, &|line| Ok(Some(chart.line(line)?)))?;
        }
        self.payments(&members, &chart, &account)?;
        account.lines.iter().try_for_each(|line| self.payable(&chart, line))
    }

    /// What is shared with other holders, with the lines of accounts that works have of their own.
    fn shares(&mut self, works: &[WorkProceeds]) -> Result<(), AnswerError> {
        let names = self.names;
        for work in works {
            let is_own = work.source == ProceedsSource::Account && work.contract_entry.is_none();
            if is_own {
                let between = |line: &AccountLineFacts| journal_shares::line(&names, work, line);
                self.lines_of_account(work.work.entry, &between)?;
            }
        }
        let (transactions, balances) = journal_shares::shares(&names, &self.accounts, works)?;
        self.transactions.extend(transactions);
        self.balances.extend(balances);
        Ok(())
    }

    /// The lines that count, and those that were reversed with their reversals.
    fn lines_of_account(
        &mut self,
        entry: EntryNumber,
        between: &Between<'_>,
    ) -> Result<(), AnswerError> {
        let as_of = self.moments.as_of;
        let reader = self.names.reader();
        let lines = reader.account_lines(entry, Some(as_of), self.known, MAX_ROWS + 1)?;
        for line in bounded(lines, "lines of account")? {
            let Some(between) = between(&line)? else { continue };
            self.line(&line, line.entry, String::new(), between)?;
        }
        for correction in reader.corrections(entry, self.known)? {
            let line = View::account_line(reader, entry, &correction.reference)?;
            let Some(line) = line.filter(|line| line.effective_at <= as_of) else { continue };
            let Some((from, to)) = between(&line)? else { continue };
            self.line(&line, line.entry, String::new(), (from.clone(), to.clone()))?;
            self.line(&line, correction.entry, "reversal of ".to_owned(), (to, from))?;
        }
        Ok(())
    }

    fn line(
        &mut self,
        line: &AccountLineFacts,
        entry: EntryNumber,
        mut narration: String,
        between: (Account, Account),
    ) -> Result<(), AnswerError> {
        narration.push_str(line.kind.name());
        narration.push(' ');
        narration.push_str(line.category.as_str());
        if let Some(work) = line.work {
            narration.push_str(&format!(", work {work}"));
        }
        let amount = Amount::new(i128::from(line.minor), line.currency)?;
        let transfer = Transaction::transfer(line.effective_at.date(), narration, amount, between)?;
        self.transactions.push(transfer.entry(entry).reference(line.reference.as_str()));
        Ok(())
    }

    /// Confirmed payments, and what was given back of them.
    fn payments(
        &mut self,
        members: &[ContractRow],
        chart: &Chart,
        account: &royalty::Account,
    ) -> Result<(), AnswerError> {
        let mut rows = Vec::new();
        for member in members {
            rows.extend(self.names.reader().confirmations_under(member.entry, MAX_ROWS + 1)?);
        }
        let rows = bounded(rows, "payments")?;
        let counts = |row: &ConfirmationRow| {
            self.accounts.is_known(row.entry) && row.effective_at <= self.moments.as_of
        };
        let rows: Vec<ConfirmationRow> = rows.into_iter().filter(counts).collect();
        // Whether advances are part of what was paid or stand beside it, to be recouped.
        let beside = advances_stand_beside(&rows, account);
        for row in rows {
            let amount = Amount::new(i128::from(row.minor), row.currency)?;
            let has_line = account.lines.iter().any(|line| line.work == row.work);
            let payable = chart.payable(row.work.filter(|_| has_line))?;
            let bank = chart.bank()?;
            let (what, between) = match row.purpose {
                Some(Purpose::Refund) => ("payment given back", (payable, bank)),
                Some(Purpose::Advance) if beside => {
                    ("advance", (bank, chart.account(Root::Expenses, &["advance"])?))
                }
                Some(Purpose::Advance) => ("advance", (bank, payable)),
                Some(Purpose::Proceeds | Purpose::ProceedsRefund) | None => {
                    ("payment", (bank, payable))
                }
            };
            let on = row.effective_at.date();
            let reference = self.names.payment(row.payment)?.reference;
            let transfer = Transaction::transfer(on, what, amount, between)?;
            self.transactions.push(transfer.entry(row.entry).reference(reference.as_str()));
        }
        Ok(())
    }

    /// What fell due, and what the payable comes to.
    fn payable(&mut self, chart: &Chart, line: &Line) -> Result<(), AnswerError> {
        let (as_of, currency) = (self.moments.as_of, line.currency);
        let today = as_of.date();
        let yielded = chart.account(Root::Expenses, &[chart.yielded])?;
        let payable = chart.payable(line.work)?;
        for part in &line.instalments {
            if let Some((entry, on)) = line.moved_in.filter(|_| part.label == MOVED_IN) {
                let between = (payable.clone(), chart.account(Root::Equity, &["opening"])?);
                let transfer = Transaction::transfer(on.date(), MOVED_IN, part.earned, between)?;
                self.transactions.push(transfer.entry(entry));
                continue;
            }
            let between = (payable.clone(), yielded.clone());
            // The payment back itself says it.
            if part.label == GIVEN_BACK {
                continue;
            }
            if part.due_at <= as_of {
                self.accrue(part.due_at.date(), &part.label, part.earned, between)?;
            } else {
                let label = format!("{}, paid before its day", part.label);
                self.accrue(today, &label, part.paid, between)?;
            }
        }
        let interest = chart.account(Root::Expenses, &["interest"])?;
        let between = (payable.clone(), interest);
        self.accrue(today, "late interest", line.interest, between)?;
        let nothing = Amount::zero(currency);
        let amount = nothing.checked_sub(line.owed)?;
        self.balances.push(Balance { on: today, account: payable, amount });
        Ok(())
    }

    fn accrue(
        &mut self,
        on: Date,
        label: &str,
        amount: Amount,
        between: (Account, Account),
    ) -> Result<(), AnswerError> {
        if !amount.is_zero() {
            self.transactions.push(Transaction::transfer(on, label, amount, between)?);
        }
        Ok(())
    }
}

/// Advances are either paid against what is payable, or recouped from what is earned: which of
/// them, the account tells by what it counts as paid.
fn advances_stand_beside(rows: &[ConfirmationRow], account: &royalty::Account) -> bool {
    let sign = |row: &ConfirmationRow| match row.purpose {
        Some(Purpose::Refund) => -i128::from(row.minor),
        Some(Purpose::Advance | Purpose::Proceeds | Purpose::ProceedsRefund) => 0,
        None => i128::from(row.minor),
    };
    let without: i128 = rows.iter().map(sign).sum();
    let lines = &account.lines;
    let paid: i128 = lines.iter().map(|line| line.paid.minor()).sum();
    // Of money from before an opening balance: it is no payment the less.
    let instalments = lines.iter().flat_map(|line| &line.instalments);
    let given_back = instalments.filter(|part| part.label == GIVEN_BACK);
    let given_back: i128 = given_back.map(|part| part.earned.minor()).sum();
    without == paid - given_back
}
