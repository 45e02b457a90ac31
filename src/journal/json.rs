//! One JSON object.

use super::Journal;
use serde_json::{Value, json};

pub(super) fn write(journal: &Journal) -> String {
    let transaction = |transaction: &super::Transaction| {
        let posting = |posting: &super::Posting| {
            json!({
                "account": posting.account.as_str(),
                "amount": posting.amount.to_decimal(),
                "currency": posting.amount.currency().code(),
            })
        };
        let mut object = json!({
            "date": transaction.on().to_string(),
            "narration": transaction.narration(),
            "postings": transaction.postings().iter().map(posting).collect::<Vec<Value>>(),
        });
        for (key, value) in transaction.metadata() {
            object[key] = Value::String(value);
        }
        object
    };
    let balance = |balance: &super::Balance| {
        json!({
            "date": balance.on.to_string(),
            "account": balance.account.as_str(),
            "amount": balance.amount.to_decimal(),
            "currency": balance.amount.currency().code(),
        })
    };
    let object = json!({
        "transactions": journal.transactions.iter().map(transaction).collect::<Vec<Value>>(),
        "balances": journal.balances.iter().map(balance).collect::<Vec<Value>>(),
    });
    format!("{object}\n")
}
