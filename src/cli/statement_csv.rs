//! A statement of account as CSV (RFC 4180): a row for each figure, decimals plain. Computes nothing.

use crate::journal::csv_cell;
use crate::ledger::answer::{StatementLine, StatementOfAccount, StatementRow};
use crate::royalty::Figure;

/// The columns.
const COLUMNS: [&str; 12] = [
    "contract", "terms", "payer", "payee", "period", "work", "title", "item", "label", "amount",
    "exact", "currency",
];

/// The whole file.
pub(super) fn write(statement: &StatementOfAccount) -> String {
    let mut page = row(&COLUMNS.map(str::to_owned));
    for line in &statement.lines {
        for figure in &line.rows {
            page.push_str(&row(&cells(statement, line, figure)));
        }
    }
    page
}

/// A figure that is not a whole number of minor units stands as a fraction of major units.
fn cells(statement: &StatementOfAccount, line: &StatementLine, row: &StatementRow) -> [String; 12] {
    let (amount, exact) = match row.value {
        Figure::Amount(amount) => (amount.to_decimal(), String::new()),
        Figure::Exact { .. } => (String::new(), row.value.major_fraction()),
    };
    let work = line.work.as_ref();
    [
        statement.contract.entry.get().to_string(),
        statement.contract.terms.name.clone(),
        statement.payer.to_string(),
        statement.payee.to_string(),
        statement.period.to_string(),
        work.map(|work| work.entry.get().to_string()).unwrap_or_default(),
        work.map(|work| work.title.to_string()).unwrap_or_default(),
        row.item.to_owned(),
        row.label.clone(),
        amount,
        exact,
        row.value.currency().to_string(),
    ]
}

fn row(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
    format!("{}\r\n", cells.join(","))
}
