//! For hledger, in the part of its journal format that Ledger reads as well.

use super::Journal;
use crate::money::{Amount, Currency};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Text that neither program takes for a mark: comments, dates, tags and payees are set apart.
fn plain(text: &str) -> String {
    let mark =
        |c: char| matches!(c, ';' | ':' | '|' | '[' | ']' | ',' | '"' | '*' | '!' | '(' | ')');
    text.chars().map(|c| if mark(c) { ' ' } else { c }).collect::<String>().trim().to_owned()
}

pub(super) fn write(journal: &Journal) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail; so below.
    for account in journal.accounts() {
        let _ = writeln!(out, "account {account}");
    }
    let posted = journal.transactions.iter().flat_map(|transaction| transaction.postings());
    let amounts = posted.map(|posting| posting.amount);
    let amounts = amounts.chain(journal.balances.iter().map(|balance| balance.amount));
    let mut seen = BTreeSet::new();
    for currency in amounts.map(Amount::currency) {
        if seen.insert(currency.code()) {
            let _ = writeln!(out, "{}", commodity(currency));
        }
    }
    for transaction in &journal.transactions {
        let _ = writeln!(out, "\n{} {}", transaction.on(), plain(transaction.narration()));
        for (key, value) in transaction.metadata() {
            let _ = writeln!(out, "    ; {key}: {}", plain(&value));
        }
        for posting in transaction.postings() {
            let _ = writeln!(out, "    {}  {}", posting.account, posting.amount);
        }
    }
    for balance in &journal.balances {
        let nothing = Amount::zero(balance.amount.currency());
        let _ = writeln!(out, "\n{} balance", balance.on);
        let _ = writeln!(out, "    {}  {nothing} = {}", balance.account, balance.amount);
    }
    out
}

/// How the amounts of a currency are written: with a point, and its own number of decimals.
fn commodity(currency: Currency) -> String {
    let decimals = "0".repeat(usize::try_from(currency.exponent()).unwrap_or_default());
    format!("commodity 1000.{decimals} {}", currency.code())
}
