//! Figures that come out, written as the case writes what it expects.

use super::facts::Given;
use deedbook::money::Amount;
use deedbook::royalty::{Figure, Line, PeriodFigures};

/// What is found where `line` is expected: the same words with the figures that came out.
///
/// `as of DATE: NAME FIGURE …` for the account, `as of DATE work N: …` for a line of it,
/// `PERIOD: NAME FIGURE …` for a period, `instalment LABEL: …` for a claim, all of the latest
/// date; `as of DATE refused: …` for a refusal.
pub(crate) fn found(given: &Given, date: &str, line: &str) -> String {
    let account = match given.account(date) {
        Ok(account) => account,
        Err(error) => return format!("as of {date} refused: {error}"),
    };
    let (head, names) = line.split_once(": ").unwrap_or((line, ""));
    if head.ends_with("refused") {
        return format!("as of {date}: no refusal");
    }
    let work = head.split_once(" work ").map(|(_, work)| work.to_owned());
    let matching = |line: &&Line| {
        work.as_ref().is_none_or(|work| {
            line.work.map_or_else(|| "none".to_owned(), |entry| entry.get().to_string()) == *work
        })
    };
    let Some(found) = account.lines.iter().find(matching) else {
        return format!("no line for {head}");
    };
    if let Some(label) = head.strip_prefix("instalment ") {
        return found.instalments.iter().find(|part| part.label == label).map_or_else(
            || format!("no instalment {label}: {:?}", found.instalments),
            |part| {
                let text = words(names, |name| match name {
                    "payable" => part.earned.to_decimal(),
                    "paid" => part.paid.to_decimal(),
                    "outstanding" => part.outstanding.to_decimal(),
                    "due" => part.due_at.date().to_string(),
                    _ => format!("no figure of that name: {name}"),
                });
                format!("{head}: {text}")
            },
        );
    }
    if head.starts_with("as of ") {
        return format!("{head}: {}", words(names, |name| of_line(found, name)));
    }
    let period = found.periods.iter().find(|period| period.span.to_string() == head);
    period.map_or_else(
        || format!("no period {head}"),
        |period| format!("{head}: {}", words(names, |name| of_period(period, name))),
    )
}

fn words(names: &str, figure: impl Fn(&str) -> String) -> String {
    let names = names.split_whitespace().step_by(2);
    names.map(|name| format!("{name} {}", figure(name))).collect::<Vec<_>>().join(" ")
}

fn of_line(line: &Line, name: &str) -> String {
    let amount: Amount = match name {
        "earned" => line.earned,
        "payable" => line.payable,
        "due" => line.due,
        "interest" => line.interest,
        "paid" => line.paid,
        "owed" => line.owed,
        "credit" => line.credit,
        _ => return format!("no figure of that name: {name}"),
    };
    amount.to_decimal()
}

fn exact(figure: Figure) -> String {
    match figure {
        Figure::Amount(amount) => amount.to_decimal(),
        Figure::Exact { minor, .. } => format!("{minor}-minor"),
    }
}

fn of_period(period: &PeriodFigures, name: &str) -> String {
    let amount: Amount = match name {
        "revenue" => return exact(period.revenue),
        "refunds" => return exact(period.refunds),
        "deducted" => return exact(period.deducted),
        "yield" => return exact(period.yielded),
        "top-up" => return exact(period.top_up),
        "loss" => return exact(period.loss_after.0),
        "yield-loss" => return exact(period.loss_after.1),
        "earned" => period.earned,
        "guaranteed" => period.against_guarantee,
        "reserved" => period.reserved,
        "released" => period.released,
        "recouped" => period.recouped,
        "over-cap" => period.over_cap,
        "withheld" => period.withheld,
        "rolled-in" => period.rolled_in,
        "rolled-over" => period.rolled_over,
        "payable" => period.payable,
        "held" => period.held_after,
        "unrecouped" => period.unrecouped_after,
        "due" => return period.due_at.date().to_string(),
        _ => return format!("no figure of that name: {name}"),
    };
    amount.to_decimal()
}
