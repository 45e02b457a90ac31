//! Figures as double entry, in the forms that accounting programs read.
//!
//! What it is for: a [`Journal`] of balanced transactions, each with the entry of the ledger that
//! it rests on, and of assertions of what every payable comes to, written as a file for Beancount,
//! hledger (which Ledger reads too), as CSV or as JSON. What it never does: compute what is
//! earned or owed, round, or read a ledger, a file or a clock.
//!
//! The books are those of the party that owes the accounts: what it owes stands below zero, as
//! liabilities do.

mod account;
mod balance;
mod beancount;
mod cell;
mod csv;
mod error;
mod hledger;
mod json;
#[cfg(test)]
mod tests;
mod transaction;

pub use account::{Account, Root};
pub use balance::Balance;
pub use cell::csv_cell;
pub use error::JournalError;
pub use transaction::{Posting, Transaction};

use crate::money::Amount;
use std::collections::{BTreeMap, BTreeSet};
use time::Date;

/// A form to write a journal in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For Beancount 3.
    Beancount,
    /// For hledger; Ledger reads it too.
    Hledger,
    /// A row for each posting, comma-separated (RFC 4180).
    Csv,
    /// One object with transactions and balances.
    Json,
}

/// Transactions, in order of their dates, and what they must come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    transactions: Vec<Transaction>,
    balances: Vec<Balance>,
}

impl Journal {
    /// Puts transactions and assertions in order: by date, then by entry.
    pub fn new(mut transactions: Vec<Transaction>, mut balances: Vec<Balance>) -> Self {
        transactions.sort_by(|a, b| a.order().cmp(&b.order()));
        balances.sort_by(|a, b| (a.on, &a.account).cmp(&(b.on, &b.account)));
        Self { transactions, balances }
    }

    /// The transactions, in order.
    pub fn transactions(&self) -> &[Transaction] {
        &self.transactions
    }

    /// The assertions, in order.
    pub fn balances(&self) -> &[Balance] {
        &self.balances
    }

    /// Sees that every assertion is of a day that has a next one, and is what the postings up to
    /// that day come to.
    ///
    /// # Errors
    /// [`JournalError::LastDay`], [`JournalError::Balance`], [`JournalError::Money`].
    pub fn check(&self) -> Result<(), JournalError> {
        let mut sums: BTreeMap<(&Account, &str), i128> = BTreeMap::new();
        let mut transactions = self.transactions.iter().peekable();
        for Balance { on, account, amount } in &self.balances {
            if *on >= Date::MAX {
                return Err(JournalError::LastDay { on: *on });
            }
            while let Some(transaction) = transactions.next_if(|next| next.on() <= *on) {
                for posting in transaction.postings() {
                    let key = (&posting.account, posting.amount.currency().code());
                    // A sum that leaves the range of amounts is refused where it is asserted.
                    let sum = sums.entry(key).or_default();
                    *sum = sum.saturating_add(posting.amount.minor());
                }
            }
            let sum = sums.get(&(account, amount.currency().code())).copied().unwrap_or_default();
            let found = Amount::new(sum, amount.currency())?;
            if found != *amount {
                let (account, needed) = (account.to_string(), *amount);
                return Err(JournalError::Balance { account, found, needed });
            }
        }
        Ok(())
    }

    /// Every account that is posted to or asserted, in order.
    fn accounts(&self) -> BTreeSet<&Account> {
        let posted = self.transactions.iter().flat_map(Transaction::postings);
        let asserted = self.balances.iter().map(|balance| &balance.account);
        posted.map(|posting| &posting.account).chain(asserted).collect()
    }

    /// The journal as a file.
    pub fn write(&self, format: Format) -> String {
        match format {
            Format::Beancount => beancount::write(self),
            Format::Hledger => hledger::write(self),
            Format::Csv => csv::write(self),
            Format::Json => json::write(self),
        }
    }
}
