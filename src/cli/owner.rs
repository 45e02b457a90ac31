//! `owner`: who holds the rights in a work.

use super::question::{Question, object, short};
use super::{Align, CliError, Output, Session, Table, Text};
use crate::ledger::answer::{Conflict, Holder, Needed, Owner, day_or_moment, owner};
use crate::money::Share;
use crate::record::Scope;
use crate::title::Status;
use clap::Args;
use serde_json::Value;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook owner spring.png\n  deedbook owner spring.png --as-of 2026-03-01 --known-at 2026-04-01";

/// Show who holds the rights in a work, since when, on what ground
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work
    #[arg(value_name = "WORK")]
    work: OsString,
    /// As things stood on this day [default: now]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// As the ledger knew it on this day [default: now]
    #[arg(long, value_name = "DATE")]
    known_at: Option<String>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let (as_of, known_at) = (self.as_of.as_deref(), self.known_at.as_deref());
        let moments = question.moments(&reader, as_of, known_at)?;
        let work = question.entry(&reader, &self.work, Needed::Work)?;
        let owner = owner(&reader, work, moments)?;
        let when = match (as_of, known_at) {
            (None, None) => None,
            (_, None) => Some("as the ledger knows it now".to_owned()),
            (_, Some(_)) => {
                let known_at = day_or_moment(moments.known_at);
                Some(format!("as the ledger knew it on {known_at}"))
            }
        };
        Ok(Answer { owner, when }.into())
    }
}

/// Who holds a work.
struct Answer {
    owner: Owner,
    /// What the answer rests on, where a moment was asked for.
    when: Option<String>,
}

impl Output for Answer {
    fn json(&self) -> Value {
        object(&self.owner)
    }

    fn text(&self, text: &mut Text) {
        let owner = &self.owner;
        let (id, entry) = (short(owner.work.work), owner.work.entry);
        text.heading(format!("{}   work {id} ({entry})", owner.work.title));
        if let Some(when) = &self.when {
            text.remark(format!("As of {}, {when}", day_or_moment(owner.as_of)));
        }
        show_title(owner, text);
    }
}

/// Holders, what is outstanding, and what the reader should know besides.
pub(super) fn show_title(owner: &Owner, text: &mut Text) {
    text.line("Held by");
    text.table(holders(&owner.holders));
    outstanding(owner, text);
    for payment in &owner.unconfirmed {
        text.line(format!(
            "Not confirmed: {} {} that {} reported paying {} on {} ({}); it counts once {} confirms it",
            payment.amount.to_decimal(),
            payment.currency,
            payment.payer,
            payment.payee,
            day_or_moment(payment.on),
            payment.entry,
            payment.payee,
        ));
    }
    if !owner.unsigned.is_empty() {
        let unsigned: Vec<_> = owner.unsigned.iter().map(ToString::to_string).collect();
        text.line(format!(
            "Not signed: the split, by {}; until then no creator can dispose of a share",
            unsigned.join(", ")
        ));
    }
    conflicts(&owner.conflicts, text);
    let claimed = |holder: &Holder| holder.status == Status::Claimed;
    if !owner.conflicts.is_empty() || owner.holders.iter().any(claimed) {
        text.remark("The register records claims and contracts; it does not decide who is right.");
    }
}

/// Who holds, in which share, since when and on what ground.
pub(super) fn holders(holders: &[Holder]) -> Table {
    let scoped = holders.iter().any(|holder| holder.scope != Scope::WHOLE);
    let ends = holders.iter().any(|holder| holder.until.is_some());
    let mut columns = vec![
        ("  party", Align::Left),
        ("share", Align::Left),
        ("status", Align::Left),
        ("since", Align::Left),
    ];
    columns.extend(ends.then_some(("until", Align::Left)));
    columns.extend(scoped.then_some(("rights", Align::Left)));
    columns.push(("ground", Align::Left));
    let mut table = Table::new(columns);
    for holder in holders {
        let share = if holder.share == Share::WHOLE {
            "the whole".to_owned()
        } else {
            holder.share.to_string()
        };
        let mut cells = vec![
            format!("  {}", holder.party),
            share,
            holder.status.to_string(),
            day_or_moment(holder.since),
        ];
        if ends {
            cells.push(holder.until.map_or_else(String::new, day_or_moment));
        }
        if scoped {
            cells.push(holder.scope.to_string());
        }
        cells.push(holder.because.clone());
        table.row(cells);
    }
    table
}

fn outstanding(owner: &Owner, text: &mut Text) {
    if let (Some(amount), Some(due)) = (owner.outstanding, &owner.due) {
        text.line(format!(
            "Outstanding: {amount} from {} to {}, due {}",
            due.payer,
            due.payee,
            day_or_moment(due.at),
        ));
        return;
    }
    let Some(contract) = &owner.contract else {
        return;
    };
    match owner.form {
        Some("profit-share") => text.line(format!(
            "What the share of the profit comes to: `deedbook owed {}`",
            contract.entry
        )),
        Some(_) => text.line("Outstanding: nothing"),
        None => {}
    }
}

fn conflicts(conflicts: &[Conflict], text: &mut Text) {
    for conflict in conflicts {
        let order = if conflict.earlier { "before" } else { "after" };
        text.line(format!(
            "Conflicting claim: {} registered the same content {order} this work, on {}, as \"{}\" ({})",
            conflict.party,
            day_or_moment(conflict.registered_at),
            conflict.title,
            conflict.entry,
        ));
    }
}
