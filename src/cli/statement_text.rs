//! A statement of account as text for people. Computes nothing.

use super::owed::terms_in_force;
use super::{Align, Table, Text};
use crate::ledger::answer::{
    Closed, ClosedStatus, Group, StatementLine, StatementOfAccount, StatementRow, day_or_moment,
};
use crate::record::Timestamp;
use crate::royalty::Figure;

/// Writes the page.
pub(super) fn write(statement: &StatementOfAccount, text: &mut Text) {
    text.heading(format!("Statement of account, {}", statement.period));
    for (name, value) in heading(statement) {
        text.field(name, value);
    }
    for line in &statement.lines {
        text.blank();
        self::line(line, text);
    }
    if statement.lines.is_empty() {
        text.line("Nothing was owed or paid under the contract yet.");
    }
}

/// Parties, terms, period: names and values.
pub(super) fn heading(statement: &StatementOfAccount) -> Vec<(&'static str, String)> {
    let contract = &statement.contract;
    let terms = format!("{} ({}), {}", contract.terms.name, contract.terms.entry, statement.title);
    let terms = terms_in_force(&terms, &statement.amended_by);
    let last = last_day(statement.until);
    let period = format!("{} to {last}", day_or_moment(statement.from));
    let mut fields = vec![
        ("payer", statement.payer.to_string()),
        ("payee", statement.payee.to_string()),
        ("contract", format!("{} of {}", contract.entry, contract.party)),
        ("terms", terms),
        ("period", period),
    ];
    if !statement.is_over {
        let as_of = day_or_moment(statement.as_of);
        fields.push(("not over", format!("figures as of {as_of}")));
    }
    if let Some(due_at) = statement.lines.iter().find_map(|line| line.due_at) {
        fields.push(("due", day_or_moment(due_at)));
    }
    if let Some(closed) = &statement.closed {
        fields.extend(closing(closed));
    }
    fields.push(("known at", day_or_moment(statement.known_at)));
    fields
}

/// What is said of a closed statement.
fn closing(closed: &Closed) -> Vec<(&'static str, String)> {
    let at = day_or_moment(closed.registered_at);
    let answer = match (closed.status, closed.answered_by) {
        (ClosedStatus::Accepted, Some(entry)) => format!("accepted in {entry}"),
        (ClosedStatus::Disputed, Some(entry)) => {
            format!("disputed in {entry}; the figures below are those known now")
        }
        (ClosedStatus::Unanswered | ClosedStatus::Accepted | ClosedStatus::Disputed, _) => {
            "not answered yet".to_owned()
        }
    };
    let balance = Figure::from(closed.balance).number();
    let agrees = if closed.is_confirmed {
        "the ledger computes the same from what it knew then".to_owned()
    } else {
        "NOT what the ledger computes from what it knew then".to_owned()
    };
    let mut fields = vec![
        ("closed", format!("in {} by {}, {at}, {answer}", closed.entry, closed.by)),
        ("as closed", format!("balance {balance}: {agrees}")),
    ];
    if !closed.true_up.is_zero() || !closed.causes.is_empty() {
        let causes: Vec<_> = closed.causes.iter().map(ToString::to_string).collect();
        let true_up = Figure::from(closed.true_up).number();
        let because = match causes.len() {
            0 => String::new(),
            1..=12 => format!(", known since: {}", causes.join(", ")),
            count => format!(", from {count} entries known since"),
        };
        fields.push(("true-up", format!("{true_up} in the next statement{because}")));
    }
    fields
}

/// The day before the one that begins.
fn last_day(until: Timestamp) -> String {
    let last = Timestamp::from_millis(until.as_millis() - 1);
    last.map_or_else(|_| day_or_moment(until), day_or_moment)
}

/// What a line is about: its work, or everything under the contract.
pub(super) fn subject(line: &StatementLine) -> String {
    let currency = line.currency;
    match &line.work {
        Some(work) => format!("{} ({}), in {currency}", work.title, work.entry),
        None => format!("All amounts in {currency}"),
    }
}

/// The rows of a line by group: each stretch of rows with its heading.
pub(super) fn stretches(line: &StatementLine) -> Vec<(Group, &[StatementRow])> {
    let stretches = line.rows.chunk_by(|one, other| one.group == other.group);
    stretches.filter_map(|rows| rows.first().map(|row| (row.group, rows))).collect()
}

fn line(line: &StatementLine, text: &mut Text) {
    text.heading(subject(line));
    let mut table = Table::new([("", Align::Left), ("", Align::Right), ("", Align::Left)]);
    for (group, rows) in stretches(line) {
        table.row([group.heading(), "", ""]);
        for row in rows {
            let indent = if row.is_total { "  " } else { "    " };
            let label = format!("{indent}{}", row.label);
            let working = row.working.clone().unwrap_or_default();
            table.row([label, row.value.number(), working]);
        }
    }
    text.table(table);
    if let Some(derivation) = &line.derivation {
        text.blank();
        text.heading("How the figures of the period follow from clauses and entries");
        for branch in derivation.to_text_tree() {
            text.line(branch);
        }
    }
}
