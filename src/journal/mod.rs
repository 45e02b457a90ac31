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
mod csv;
mod error;
mod hledger;
mod json;
#[cfg(test)]
mod tests;
mod transaction;

pub use account::{Account, Root};
pub use balance::Balance;
pub use error::JournalError;
pub use transaction::{Posting, Transaction};

use std::collections::BTreeSet;

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
