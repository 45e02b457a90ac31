//! `owed`: what is earned, due, paid and owed.

use super::owed_parts::{self, Parts};
use super::question::{Question, object};
use super::{Align, CliError, Output, Session, Table, Text};
use crate::ledger::answer::{
    Amendment, AnswerError, Needed, Owed, OwedLine, PartedBy, WorkProceeds, breakdown,
    day_or_moment, owed, proceeds,
};
use crate::money::Amount;
use crate::record::Kind;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::ffi::OsString;

const EXAMPLE: &str =
    "Example:\n  deedbook owed --as-of 2026-06-30 --explain\n  deedbook owed spring.png";

/// What something can be owed about.
const KINDS: &[Kind] = &[Kind::Party, Kind::Contract, Kind::Work];

/// Show what is earned, due, paid and owed
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// Only this work, contract or party
    #[arg(value_name = "REF")]
    subject: Option<OsString>,
    /// As things stood on this day [default: now]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// As the ledger knew it on this day [default: now]
    #[arg(long, value_name = "DATE")]
    known_at: Option<String>,
    /// Show how each figure follows from clauses and entries
    #[arg(long)]
    explain: bool,
    /// Show what falls due for each period, what each party owes another in all, or which part each work
    /// or each country has in what is owed
    #[arg(long, value_name = "WHAT", conflicts_with = "explain")]
    by: Option<By>,
}

/// How what is owed is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    /// What falls due when.
    Period,
    /// Which part each work has.
    Work,
    /// Who owes whom, in all contracts.
    Party,
    /// Which part each country of sale has.
    Territory,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let (as_of, known_at) = (self.as_of.as_deref(), self.known_at.as_deref());
        let moments = question.moments(&reader, as_of, known_at)?;
        let about = self.subject.as_deref();
        let about = about.map(|about| question.entry(&reader, about, Needed::AnyOf(KINDS)));
        let about = about.transpose()?;
        let owed = owed(&reader, about, moments)?;
        let proceeds = proceeds(&reader, about, moments)?;
        let (explain, by) = (self.explain, self.by);
        let parted = match by {
            Some(By::Work) => Some(PartedBy::Work),
            Some(By::Territory) => Some(PartedBy::Territory),
            Some(By::Period | By::Party) | None => None,
        };
        let parts = parted.map(|by| {
            let parts = breakdown(&reader, &owed, by, moments)?;
            Ok::<Parts, AnswerError>(Parts { by, parts })
        });
        let parts = parts.transpose()?;
        let sides = sides(&owed, &proceeds)?;
        Ok(Answer { owed, proceeds, parts, sides, explain, by }.into())
    }
}

/// What is owed.
struct Answer {
    owed: Owed,
    /// What others than the payees of terms get of what came in.
    proceeds: Vec<WorkProceeds>,
    /// By work or by country.
    parts: Option<Parts>,
    sides: Vec<Side>,
    explain: bool,
    by: Option<By>,
}

/// What one party owes another in one currency.
struct Side {
    payer: String,
    payee: String,
    currency: String,
    /// Lines that are summed.
    lines: usize,
    /// Earned, due, paid and owed.
    figures: [Amount; 4],
}

/// The lines of each payer and payee, summed; with what one owes the other out of what came in for
/// works.
fn sides(owed: &Owed, proceeds: &[WorkProceeds]) -> Result<Vec<Side>, CliError> {
    let mut sides: Vec<Side> = Vec::new();
    for line in &owed.lines {
        let figures = [line.earned, line.due, line.paid, line.owed];
        add(&mut sides, (line.payer.to_string(), line.payee.to_string()), figures)?;
    }
    for work in proceeds {
        for part in work.parts.iter().filter(|part| part.payee != work.payer) {
            let (amount, zero) = (part.amount, Amount::zero(work.currency));
            let (paid, left) = (part.paid.unwrap_or(zero), part.owed.unwrap_or(amount));
            let names = (work.payer.to_string(), part.payee.to_string());
            add(&mut sides, names, [amount, amount, paid, left])?;
        }
    }
    Ok(sides)
}

fn add(
    sides: &mut Vec<Side>,
    (payer, payee): (String, String),
    figures: [Amount; 4],
) -> Result<(), CliError> {
    let currency = figures[0].currency();
    let code = currency.to_string();
    let same = |side: &Side| (&side.payer, &side.payee, &side.currency) == (&payer, &payee, &code);
    let place = sides.iter().position(same).unwrap_or(sides.len());
    if place == sides.len() {
        let figures = [Amount::zero(currency); 4];
        sides.push(Side { payer, payee, currency: code, lines: 0, figures });
    }
    let Some(side) = sides.get_mut(place) else { return Ok(()) };
    side.lines += 1;
    for (sum, more) in side.figures.iter_mut().zip(figures) {
        *sum = sum.checked_add(more).map_err(AnswerError::from)?;
    }
    Ok(())
}

impl Output for Answer {
    fn json(&self) -> Value {
        let mut answer = object(&self.owed);
        let lines = answer.get_mut("lines").and_then(Value::as_array_mut);
        if let (Some(lines), false) = (lines, self.explain) {
            for line in lines.iter_mut().filter_map(Value::as_object_mut) {
                line.remove("derivation");
            }
        }
        answer["proceeds"] = owed_parts::proceeds_json(&self.proceeds, self.explain);
        if let Some(parts) = &self.parts {
            answer["parts"] = json!(parts.parts);
        }
        if self.by == Some(By::Party) {
            answer["parties"] = self.sides.iter().map(side_json).collect();
        }
        answer
    }

    fn text(&self, text: &mut Text) {
        let (as_of, known_at) = (self.owed.as_of, self.owed.known_at);
        text.heading(format!("Owed as of {}", day_or_moment(as_of)));
        if known_at < as_of {
            let known_at = day_or_moment(known_at);
            text.remark(format!("From what the ledger knew on {known_at}"));
        }
        if self.owed.lines.is_empty() && self.proceeds.is_empty() {
            text.line("Nothing: no contract that was known then says otherwise.");
            return;
        }
        match self.by {
            Some(By::Period) => return text.table(by_period(&self.owed)),
            Some(By::Party) => return text.table(by_party(&self.sides)),
            Some(By::Work | By::Territory) => {
                return self.parts.iter().for_each(|parts| text.table(parts.table()));
            }
            None => {}
        }
        let mut table = Table::new([
            ("contract", Align::Left),
            ("terms", Align::Left),
            ("work", Align::Left),
            ("payer", Align::Left),
            ("payee", Align::Left),
            ("", Align::Left),
            ("earned", Align::Right),
            ("due", Align::Right),
            ("paid", Align::Right),
            ("owed", Align::Right),
            ("next due", Align::Left),
        ]);
        for line in &self.owed.lines {
            table.row(cells(line));
        }
        if !self.owed.lines.is_empty() {
            text.table(table);
        }
        for line in self.owed.lines.iter().filter(|line| line.pooled.len() > 1) {
            text.remark(pooled(line));
        }
        owed_parts::show(&self.proceeds, text);
        if self.explain {
            for line in &self.owed.lines {
                explain(line, text);
            }
            owed_parts::explain(&self.proceeds, text);
        } else {
            text.remark("How each figure follows from clauses and entries: `--explain`");
        }
    }
}

/// Which contracts the account of a pool is of.
fn pooled(line: &OwedLine) -> String {
    let contracts: Vec<_> = line.pooled.iter().map(ToString::to_string).collect();
    let pool = line.pool.as_ref().map_or_else(String::new, ToString::to_string);
    let entry = line.contract_entry;
    format!("{entry} has the account of the pool `{pool}`: contracts {}", contracts.join(", "))
}

fn side_json(side: &Side) -> Value {
    let [earned, due, paid, owed] = side.figures.map(Amount::to_decimal);
    json!({
        "payer": side.payer,
        "payee": side.payee,
        "currency": side.currency,
        "lines": side.lines,
        "earned": earned,
        "due": due,
        "paid": paid,
        "owed": owed,
    })
}

fn by_party(sides: &[Side]) -> Table {
    let mut table = Table::new([
        ("payer", Align::Left),
        ("payee", Align::Left),
        ("lines", Align::Right),
        ("", Align::Left),
        ("earned", Align::Right),
        ("due", Align::Right),
        ("paid", Align::Right),
        ("owed", Align::Right),
    ]);
    for side in sides {
        let names = [&side.payer, &side.payee].map(Clone::clone);
        let figures = side.figures.map(Amount::to_decimal);
        let count = [side.lines.to_string(), side.currency.clone()];
        let cells: Vec<String> = names.into_iter().chain(count).chain(figures).collect();
        table.row(cells);
    }
    table
}

fn by_period(owed: &Owed) -> Table {
    let mut table = Table::new([
        ("contract", Align::Left),
        ("work", Align::Left),
        ("for", Align::Left),
        ("", Align::Left),
        ("payable", Align::Right),
        ("due", Align::Left),
        ("paid", Align::Right),
        ("outstanding", Align::Right),
        ("overdue", Align::Right),
    ]);
    for line in &owed.lines {
        for part in &line.instalments {
            table.row(vec![
                line.contract_entry.to_string(),
                line.work_entry.map(|work| work.to_string()).unwrap_or_default(),
                part.label.clone(),
                line.currency.to_string(),
                part.payable.to_decimal(),
                day_or_moment(part.due_at),
                part.paid.to_decimal(),
                part.outstanding.to_decimal(),
                part.overdue_days.map(|days| format!("{days} days")).unwrap_or_default(),
            ]);
        }
    }
    table
}

fn cells(line: &OwedLine) -> Vec<String> {
    let work = match (&line.title, line.work_entry) {
        (Some(title), Some(entry)) => Some(format!("{title} ({entry})")),
        (None, _) | (_, None) => None,
    };
    let next = line.next_due.as_ref().map(|next| {
        let (amount, at) = (next.amount.to_decimal(), day_or_moment(next.at));
        format!("{amount} on {at}")
    });
    vec![
        line.contract_entry.to_string(),
        terms_in_force(&line.terms, &line.amended_by),
        work.unwrap_or_default(),
        line.payer.to_string(),
        line.payee.to_string(),
        line.currency.to_string(),
        line.earned.to_decimal(),
        line.due.to_decimal(),
        line.paid.to_decimal(),
        line.owed.to_decimal(),
        next.unwrap_or_default(),
    ]
}

/// The terms by which a contract goes, and from when on by which later ones.
pub(super) fn terms_in_force(terms: &str, amended_by: &[Amendment]) -> String {
    amended_by.iter().fold(terms.to_owned(), |said, amendment| {
        format!("{said}, from {} {}", day_or_moment(amendment.effective_at), amendment.terms)
    })
}

fn explain(line: &OwedLine, text: &mut Text) {
    text.blank();
    let (contract, terms) = (line.contract_entry, terms_in_force(&line.terms, &line.amended_by));
    let work = match (&line.title, line.work_entry) {
        (Some(title), Some(entry)) => format!(", work {title} ({entry})"),
        (None, _) | (_, None) => String::new(),
    };
    text.heading(format!("Contract {contract}, terms {terms}{work}"));
    for branch in line.derivation.to_text_tree() {
        text.line(branch);
    }
}
