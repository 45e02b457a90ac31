//! For Beancount 3: its "Language Syntax" says what stands where.

use super::Journal;
use std::fmt::Write as _;

/// Text between quotes.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

pub(super) fn write(journal: &Journal) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail; so below.
    let first = journal.transactions.first().map(|transaction| transaction.on());
    let first = first.into_iter().chain(journal.balances.iter().map(|balance| balance.on)).min();
    if let Some(first) = first {
        for account in journal.accounts() {
            let _ = writeln!(out, "{first} open {account}");
        }
    }
    for transaction in &journal.transactions {
        let _ = writeln!(out, "\n{} * {}", transaction.on(), quoted(transaction.narration()));
        for (key, value) in transaction.metadata() {
            let _ = writeln!(out, "  {key}: {}", quoted(&value));
        }
        for posting in transaction.postings() {
            let _ = writeln!(out, "  {}  {}", posting.account, posting.amount);
        }
    }
    if !journal.balances.is_empty() {
        out.push('\n');
    }
    for balance in &journal.balances {
        // Beancount asserts what is there when a day begins, and without a tolerance given takes an
        // amount that is one minor unit off.
        if let Some(next) = balance.on.next_day() {
            let (amount, currency) = (balance.amount.to_decimal(), balance.amount.currency());
            let _ = writeln!(out, "{next} balance {}  {amount} ~ 0 {currency}", balance.account);
        }
    }
    out
}
