//! `list`: works, parties, terms, contracts, payments or entries.

use super::question::{Question, end, object, short, start};
use super::{Align, CliError, Output, Session, Table, Text};
use crate::ledger::answer::{
    ContractLine, EntryLine, ListFilter, Listing, Needed, PartyLine, PaymentLine, ShareLine,
    TermsLine, WorkLine, day_or_moment, list,
};
use crate::money::Share;
use crate::record::{EntryNumber, Kind};
use crate::store::Reader;
use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::{Value, json};
use std::ffi::OsString;

const EXAMPLE: &str = "Examples:\n  deedbook list works --holder wen\n  deedbook list payments --party wen --from 2026-01-01\n  deedbook list entries --kind work --limit 20";

/// List works, parties, terms, contracts, payments or entries, the newest last
///
/// Days are those on which a work was made, a contract accepted or a payment made; for parties, terms
/// and entries those on which they were registered.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// What to list
    #[arg(value_enum, default_value_t = What::Works, value_name = "WHAT")]
    what: What,
    /// Only works of which this party holds a share now
    #[arg(long, value_name = "PARTY")]
    holder: Option<OsString>,
    /// Only works made by this party, its terms, its contracts and payments on either side, or entries
    /// that it signed
    #[arg(long, value_name = "PARTY")]
    party: Option<OsString>,
    /// Only works and payments under this contract
    #[arg(long, value_name = "CONTRACT")]
    contract: Option<OsString>,
    /// Only entries of this kind, such as `work` or `payment`
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only works with this in their title
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Only works with this in the name of their model
    #[arg(long, value_name = "TEXT")]
    model: Option<String>,
    /// Only from this day on
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Only up to this day
    #[arg(long, alias = "until", value_name = "DATE")]
    to: Option<String>,
    /// How many at most, the newest
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    limit: usize,
}

/// What to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Registered works
    Works,
    /// Enrolled parties
    Parties,
    /// Versions of standard forms
    Terms,
    /// Acceptances of terms
    Contracts,
    /// Reported payments
    Payments,
    /// Everything, entry by entry
    Entries,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let filter = self.filter(&question, &reader)?;
        let lists = list(&reader, &filter);
        Ok(match self.what {
            What::Works => Answer::new("works", works, lists.works()?).into(),
            What::Parties => Answer::new("parties", parties, lists.parties()?).into(),
            What::Terms => Answer::new("terms", terms, lists.terms()?).into(),
            What::Contracts => Answer::new("contracts", contracts, lists.contracts()?).into(),
            What::Payments => Answer::new("payments", payments, lists.payments()?).into(),
            What::Entries => Answer::new("entries", entries, lists.entries()?).into(),
        })
    }

    fn filter(&self, question: &Question, reader: &Reader<'_>) -> Result<ListFilter, CliError> {
        let entry = |typed: &Option<OsString>, needed| {
            let entry = typed.as_deref().map(|typed| question.entry(reader, typed, needed));
            entry.transpose()
        };
        let now = question.moments(reader, None, None)?.as_of;
        Ok(ListFilter {
            holder: entry(&self.holder, Needed::Party)?,
            party: entry(&self.party, Needed::Party)?,
            contract: entry(&self.contract, Needed::Contract)?,
            kind: self.kind.as_deref().map(kind).transpose()?,
            title: self.title.clone(),
            model: self.model.clone(),
            from: start(self.from.as_deref())?,
            to: end(self.to.as_deref())?,
            ..ListFilter::newest(self.limit, now)
        })
    }
}

fn kind(typed: &str) -> Result<Kind, CliError> {
    let known = Kind::ALL.iter().copied().find(|kind| kind.name() == typed);
    known.ok_or_else(|| CliError::Value {
        found: typed.into(),
        needed: "a kind of entry, such as `work`, `contract` or `payment`",
    })
}

/// A list with its name in JSON and its table.
struct Answer<T> {
    name: &'static str,
    table: fn(&[T]) -> Table,
    listing: Listing<T>,
}

impl<T> Answer<T> {
    const fn new(name: &'static str, table: fn(&[T]) -> Table, listing: Listing<T>) -> Self {
        Self { name, table, listing }
    }
}

impl<T: Serialize> Output for Answer<T> {
    fn json(&self) -> Value {
        let truncated = self.listing.truncated;
        json!({ self.name: object(&self.listing.lines), "truncated": truncated })
    }

    fn text(&self, text: &mut Text) {
        let lines = &self.listing.lines;
        if lines.is_empty() {
            text.line(format!("No {}.", self.name));
            return;
        }
        if self.listing.truncated {
            let (shown, name) = (lines.len(), self.name);
            text.remark(format!("The newest {shown} {name}; `--limit` shows more"));
        }
        text.table((self.table)(lines));
    }
}

fn table<const N: usize>(names: [&str; N], rows: impl Iterator<Item = [String; N]>) -> Table {
    let align = |name: &str| {
        if name == "amount" { Align::Right } else { Align::Left }
    };
    let mut table = Table::new(names.map(|name| (name, align(name))));
    rows.for_each(|row| table.row(row));
    table
}

fn optional(entry: Option<EntryNumber>) -> String {
    entry.map_or_else(String::new, |entry| entry.to_string())
}

fn works(lines: &[WorkLine]) -> Table {
    let names = ["entry", "title", "made", "by", "held by", "contract", "model", "id"];
    table(
        names,
        lines.iter().map(|line| {
            [
                line.entry.to_string(),
                line.title.to_string(),
                day_or_moment(line.made_at),
                line.registered_by.to_string(),
                held_by(&line.holders),
                optional(line.contract_entry),
                line.model.as_ref().map_or_else(String::new, ToString::to_string),
                short(line.work),
            ]
        }),
    )
}

fn held_by(holders: &[ShareLine]) -> String {
    let share = |holder: &ShareLine| {
        if holder.share == Share::WHOLE {
            format!("{}, {}", holder.party, holder.status)
        } else {
            format!("{} {}, {}", holder.party, holder.share, holder.status)
        }
    };
    holders.iter().map(share).collect::<Vec<_>>().join("; ")
}

fn parties(lines: &[PartyLine]) -> Table {
    let names = ["entry", "party", "roles", "live keys", "enrolled", "id"];
    table(
        names,
        lines.iter().map(|line| {
            [
                line.entry.to_string(),
                line.party.to_string(),
                line.roles.to_string(),
                line.live_keys.to_string(),
                day_or_moment(line.registered_at),
                short(line.id),
            ]
        }),
    )
}

fn terms(lines: &[TermsLine]) -> Table {
    let names = ["entry", "terms", "title", "form", "from", "not after", "id"];
    table(
        names,
        lines.iter().map(|line| {
            let end = match (line.withdrawn_at, line.expires_at) {
                (Some(withdrawn), Some(expires)) => Some(withdrawn.min(expires)),
                (withdrawn, expires) => withdrawn.or(expires),
            };
            [
                line.entry.to_string(),
                line.name.clone(),
                line.title.to_string(),
                line.form.to_owned(),
                day_or_moment(line.effective_at),
                end.map_or_else(String::new, day_or_moment),
                short(line.terms),
            ]
        }),
    )
}

fn contracts(lines: &[ContractLine]) -> Table {
    let names = ["entry", "terms", "accepted by", "provider", "from", "amends", "id"];
    table(
        names,
        lines.iter().map(|line| {
            [
                line.entry.to_string(),
                line.terms.clone(),
                line.party.to_string(),
                line.provider.to_string(),
                day_or_moment(line.effective_at),
                line.amends.map_or_else(String::new, |first| first.to_string()),
                short(line.contract),
            ]
        }),
    )
}

fn payments(lines: &[PaymentLine]) -> Table {
    let names = [
        "entry",
        "paid",
        "payer",
        "payee",
        "amount",
        "",
        "contract",
        "work",
        "reference",
        "confirmed",
        "id",
    ];
    table(
        names,
        lines.iter().map(|line| {
            let confirmed = line.confirmed_by.map(|entry| format!("yes, {entry}"));
            [
                line.entry.to_string(),
                day_or_moment(line.effective_at),
                line.payer.to_string(),
                line.payee.to_string(),
                line.amount.to_decimal(),
                line.currency.to_string(),
                optional(line.contract_entry),
                optional(line.work_entry),
                line.reference.to_string(),
                confirmed.unwrap_or_else(|| "no".to_owned()),
                short(line.payment),
            ]
        }),
    )
}

fn entries(lines: &[EntryLine]) -> Table {
    table(
        ["entry", "registered", "kind", "id", "what it says"],
        lines.iter().map(|line| {
            [
                line.entry.to_string(),
                day_or_moment(line.registered_at),
                line.kind.to_string(),
                short(line.id),
                line.sentence.clone(),
            ]
        }),
    )
}
