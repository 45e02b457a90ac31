//! `confirm`: a payee confirms a payment.

use super::recorder::Recorder;
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use crate::admission::View;
use crate::ledger::Ledger;
use crate::ledger::answer::Needed;
use crate::record::{Confirmation, EntryNumber};
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook confirm '#12' --as northlight";

/// Confirm that a payment arrived
///
/// From then on the payment counts, and title that hangs on it moves by itself.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The payment
    #[arg(value_name = "PAYMENT")]
    payment: OsString,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let mut recorder = Recorder::open(session, &self.signing)?;
        let payment = recorder.id(&self.payment, Needed::Payment)?;
        let works = match recorder.ledger("the payment") {
            Ok(ledger) => works_of(ledger, recorder.resolve(&self.payment, Needed::Payment)?)?,
            Err(_) => Vec::new(),
        };
        let mut before = Vec::new();
        for work in &works {
            before.push(holders(recorder.ledger("the title")?, *work)?);
        }
        let effective_at = recorder.effective_at();
        let record = Confirmation { payment, effective_at };
        let registered = recorder.record(record, Vec::new())?;
        let mut moved = Vec::new();
        if registered.entry.is_some() {
            let ledger = recorder.ledger("the title")?;
            for (work, from) in works.iter().zip(before) {
                moved.extend(Moved::find(ledger, *work, from)?);
            }
        }
        let sentence = format!("`{}` confirms the payment", recorder.handle());
        let mut entered = Entered::new(registered, sentence)
            .named("payment", payment.to_string())
            .named("effective_at", effective_at.to_string())
            .named("moved", moved.iter().map(Moved::json).collect::<Vec<Value>>())
            .field("payment", payment)
            .field("arrived", effective_at);
        for moved in &moved {
            entered = entered.field("title", moved.sentence());
        }
        Ok(entered.into())
    }
}

/// The works whose title a payment may move.
fn works_of(ledger: &Ledger, payment: EntryNumber) -> Result<Vec<EntryNumber>, CliError> {
    let reader = ledger.read()?;
    match reader.payment(payment)? {
        None => Ok(Vec::new()),
        Some(payment) => match payment.work {
            Some(work) => Ok(vec![work]),
            None => Ok(reader.works_under(payment.contract)?),
        },
    }
}

/// Who holds the work as the ledger knows it now.
fn holders(ledger: &Ledger, work: EntryNumber) -> Result<BTreeSet<String>, CliError> {
    let reader = ledger.read()?;
    let now = ledger.now();
    let mut holders = BTreeSet::new();
    for row in reader.title_rows(work)? {
        if row.valid_from <= now && row.valid_until.is_none_or(|until| now < until) {
            let party = reader.party(row.holder)?;
            holders.extend(party.map(|party| party.handle.to_string()));
        }
    }
    Ok(holders)
}

/// A title that passed.
struct Moved {
    work: String,
    title: String,
    from: BTreeSet<String>,
    to: BTreeSet<String>,
}

impl Moved {
    fn find(
        ledger: &Ledger,
        work: EntryNumber,
        from: BTreeSet<String>,
    ) -> Result<Option<Self>, CliError> {
        let to = holders(ledger, work)?;
        if to == from {
            return Ok(None);
        }
        let row = ledger.read()?.work_row(work)?;
        Ok(Some(Self {
            work: super::recorder::id_of(ledger, work)?.to_string(),
            title: row.map(|row| row.title.to_string()).unwrap_or_default(),
            from,
            to,
        }))
    }

    fn json(&self) -> Value {
        json!({
            "work": self.work,
            "title": self.title,
            "from": self.from,
            "to": self.to,
        })
    }

    fn sentence(&self) -> String {
        let names = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(", ");
        let (from, to) = (names(&self.from), names(&self.to));
        format!("`{}` has passed from {from} to {to}", self.title)
    }
}
