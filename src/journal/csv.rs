//! A row for each posting (RFC 4180), and for each balance.

use super::{Journal, csv_cell};

fn row(fields: &[&str]) -> String {
    let fields: Vec<String> = fields.iter().map(|text| csv_cell(text)).collect();
    format!("{}\r\n", fields.join(","))
}

pub(super) fn write(journal: &Journal) -> String {
    let names =
        ["date", "type", "entry", "reference", "narration", "account", "amount", "currency"];
    let mut out = row(&names);
    for transaction in &journal.transactions {
        let date = transaction.on().to_string();
        let metadata = transaction.metadata();
        let value = |key| {
            let found = metadata.iter().find(|(name, _)| *name == key);
            found.map_or("", |(_, value)| value.as_str())
        };
        for posting in transaction.postings() {
            out.push_str(&row(&[
                &date,
                "posting",
                value("entry"),
                value("reference"),
                transaction.narration(),
                posting.account.as_str(),
                &posting.amount.to_decimal(),
                posting.amount.currency().code(),
            ]));
        }
    }
    for balance in &journal.balances {
        out.push_str(&row(&[
            &balance.on.to_string(),
            "balance",
            "",
            "",
            "",
            balance.account.as_str(),
            &balance.amount.to_decimal(),
            balance.amount.currency().code(),
        ]));
    }
    out
}
