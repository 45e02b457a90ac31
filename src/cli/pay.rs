//! `pay`: a payer reports a payment.

use super::recorder::{Recorder, WORK_OR_CONTRACT};
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use crate::admission::{ContractRow, View};
use crate::keys::KeyError;
use crate::ledger::answer::Needed;
use crate::money::{Amount, Currency};
use crate::record::{
    EntryNumber, Fee, FeeUnit, Form, Kind, Note, Payment, Purpose, Reference, hex,
};
use crate::store::Reader;
use clap::Args;
use rand_core::{OsRng, RngCore};
use std::ffi::OsString;

/// Bytes of a reference that is drawn at random: enough that none is drawn twice.
const RANDOM_REFERENCE_BYTES: usize = 8;
/// Most works that an error lists.
const MAX_LISTED_WORKS: usize = 10;

const EXAMPLE: &str =
    "Example:\n  deedbook pay spring.png 49.00 CNY --as wen --reference INV-2026-17";

/// Report a payment under a contract, or of a part of what came in for a work
///
/// It counts once the payee confirms it. Under a fee for each work, name the work; a contract with
/// exactly one unpaid work stands for that work. With `--to`, what came in for the work is shared: by who
/// received it, with another holder, or with a holder of a work that it derives from. `--purpose refund`
/// takes back what was paid: the provider pays back; with `--to`, a holder gives back what that one paid.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work or the contract that is paid for
    #[arg(value_name = "WORK|CONTRACT")]
    pub(super) subject: OsString,
    /// How much, such as 49.00
    #[arg(allow_negative_numbers = true)]
    pub(super) amount: String,
    /// The currency, such as CNY
    pub(super) currency: String,
    /// Your reference, by which a report sent twice is recognised [default: a random one]
    #[arg(long, value_name = "TEXT")]
    pub(super) reference: Option<String>,
    /// What it is for, other than what the terms ask for: an advance, recouped from a share of
    /// profit; or a refund, by which the provider pays back
    #[arg(long, value_name = "PURPOSE", value_parser = ["advance", "refund"])]
    pub(super) purpose: Option<String>,
    /// Who is paid a part of what came in for the work: another holder of it, or of a work that it
    /// derives from; with `--purpose refund`, who had paid it
    #[arg(long, value_name = "HANDLE")]
    pub(super) to: Option<OsString>,
    /// How it was paid
    #[arg(long, value_name = "TEXT")]
    pub(super) manner: Option<String>,
    #[command(flatten)]
    pub(super) signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let amount = amount(&self.amount, &self.currency)?;
        let reference = reference(self.reference)?;
        let purpose = purpose(self.purpose.as_deref(), self.to.is_some())?;
        let manner = self.manner.map(Note::new).transpose()?;
        let mut recorder = Recorder::open(session, &self.signing)?;
        let subject = recorder.resolve(&self.subject, Needed::AnyOf(WORK_OR_CONTRACT))?;
        let paid = Paid::of(&recorder, subject, purpose)?;
        let work = paid.work.map(|work| recorder.id_of(work)).transpose()?;
        let contract = paid.contract.map(|contract| recorder.id_of(contract)).transpose()?;
        let holder = match &self.to {
            Some(to) => Some(recorder.resolve(to, Needed::Party)?),
            None => None,
        };
        let payee = payee(&recorder, paid.contract, (purpose, holder))?;
        let holder = holder.map(|entry| recorder.id_of(entry)).transpose()?;
        let effective_at = recorder.effective_at();
        let record = Payment {
            work,
            payee: holder,
            amount,
            manner,
            purpose,
            contract,
            reference: reference.clone(),
            effective_at,
        };
        let registered = recorder.record(record, Vec::new())?;
        let id = registered.id.to_string();
        let next = registered.entry.map(|entry| {
            format!("the payee confirms that it arrived: deedbook confirm '{entry}' --as {payee}")
        });
        let what = in_words(purpose);
        let sentence = format!("`{}` reports {what} of {amount}", recorder.handle());
        let mut entered = Entered::new(registered, sentence)
            .named("payment", id)
            .named("contract", contract.map(|id| id.to_string()))
            .named("work", work.map(|id| id.to_string()))
            .named("payee", holder.map(|id| id.to_string()))
            .named("purpose", purpose.map(Purpose::name))
            .named("amount", amount.to_decimal())
            .named("currency", amount.currency().code())
            .named("reference", reference.as_str())
            .named("effective_at", effective_at.to_string());
        if let (Some(entry), Some(id)) = (paid.contract, contract) {
            entered = entered.field("contract", format!("{entry} {id}"));
        }
        if let (Some(entry), Some(id)) = (paid.work, work) {
            entered = entered.field("work", format!("{entry} {id}"));
        }
        entered = entered.field("reference", reference).field("paid", effective_at);
        if let Some(next) = next {
            entered = entered.field("next", next);
        }
        Ok(entered.into())
    }
}

/// What a payment is for, as typed.
fn purpose(typed: Option<&str>, has_payee: bool) -> Result<Option<Purpose>, CliError> {
    let named = |name: &str| Purpose::ALL.iter().copied().find(|purpose| purpose.name() == name);
    match (typed.and_then(named), has_payee) {
        (None, true) => Ok(Some(Purpose::Proceeds)),
        (Some(Purpose::Refund), true) => Ok(Some(Purpose::ProceedsRefund)),
        (Some(Purpose::Advance), true) => Err(CliError::Value {
            found: "--to".into(),
            needed: "no `--to` beside `--purpose advance`: who is paid, the contract says",
        }),
        (purpose, _) => Ok(purpose),
    }
}

/// What is reported.
const fn in_words(purpose: Option<Purpose>) -> &'static str {
    match purpose {
        None => "a payment",
        Some(Purpose::Advance) => "an advance",
        Some(Purpose::Refund) => "a refund",
        Some(Purpose::Proceeds) => "a part of the proceeds",
        Some(Purpose::ProceedsRefund) => "giving back a part of the proceeds",
    }
}

/// An amount and its currency, as typed.
pub(super) fn amount(amount: &str, currency: &str) -> Result<Amount, CliError> {
    let currency: Currency = currency.parse()?;
    storable(amount, Amount::parse(amount, currency)?)
}

/// The amount, unless no record can carry it.
pub(super) fn storable(typed: &str, amount: Amount) -> Result<Amount, CliError> {
    match i64::try_from(amount.minor()) {
        Ok(_) => Ok(amount),
        Err(_) => Err(CliError::Value {
            found: typed.into(),
            needed: "an amount that a record can carry, at most 9223372036854775807 of the smallest units of its currency",
        }),
    }
}

/// The reference as typed, or a random one.
pub(super) fn reference(typed: Option<String>) -> Result<Reference, CliError> {
    if let Some(typed) = typed {
        return Ok(Reference::new(typed)?);
    }
    let mut bytes = [0_u8; RANDOM_REFERENCE_BYTES];
    let drawn = OsRng.try_fill_bytes(&mut bytes);
    drawn.map_err(|_| KeyError::NoRandomness)?;
    Ok(Reference::new(hex::encode(&bytes))?)
}

/// The handle of who confirms: the provider, the party of the contract when it is paid back, or the
/// holder of a part of the proceeds.
fn payee(
    recorder: &Recorder<'_>,
    contract: Option<EntryNumber>,
    (purpose, holder): (Option<Purpose>, Option<EntryNumber>),
) -> Result<String, CliError> {
    let reader = recorder.ledger("the contract")?.read()?;
    let contract = contract.map(|contract| reader.contract(contract)).transpose()?.flatten();
    let party = match contract {
        _ if holder.is_some() => holder.map(|it| reader.party(it)).transpose()?.flatten(),
        Some(row) if purpose == Some(Purpose::Refund) => reader.party(row.party)?,
        Some(row) => reader.party(row.provider)?,
        None => None,
    };
    Ok(party.map_or("PAYEE".to_owned(), |party| party.handle.to_string()))
}

/// What is paid for.
struct Paid {
    /// None for a part of proceeds, which is owed under no contract.
    contract: Option<EntryNumber>,
    work: Option<EntryNumber>,
}

impl Paid {
    /// Under a fee for the contract, a work stands for its contract; under a fee for each work, a
    /// contract with exactly one unpaid work stands for that work.
    fn of(
        recorder: &Recorder<'_>,
        subject: EntryNumber,
        purpose: Option<Purpose>,
    ) -> Result<Self, CliError> {
        let reader = recorder.ledger("the contract")?.read()?;
        let is_work = reader.kind(subject)? == Some(Kind::Work);
        if purpose.is_some_and(Purpose::is_of_proceeds) {
            return match is_work {
                true => Ok(Self { contract: None, work: Some(subject) }),
                false => Err(CliError::Value {
                    found: subject.to_string().into(),
                    needed: "a work: with `--to`, a part of what came in for a work is paid",
                }),
            };
        }
        let (contract, work) = match reader.kind(subject)? {
            Some(Kind::Work) => (contract_of(&reader, subject)?, Some(subject)),
            _ => (subject, None),
        };
        let Some(row) = reader.contract(contract)? else {
            return Ok(Self { contract: Some(contract), work });
        };
        let Some(facts) = reader.terms(row.terms)? else {
            return Ok(Self { contract: Some(contract), work });
        };
        let work = match &facts.terms.form {
            Form::ProfitShare(_) => work,
            Form::FeeForAssignment(fee) => match (fee.unit, work) {
                (FeeUnit::Contract, _) => None,
                (FeeUnit::Work, Some(work)) => Some(work),
                (FeeUnit::Work, None) if purpose == Some(Purpose::Refund) => None,
                (FeeUnit::Work, None) => only_unpaid(&reader, &row, fee)?,
            },
        };
        Ok(Self { contract: Some(contract), work })
    }
}

/// The contract under which a work was made.
pub(super) fn contract_of(reader: &Reader<'_>, work: EntryNumber) -> Result<EntryNumber, CliError> {
    let facts = reader.work(work)?;
    let contract = facts.and_then(|facts| facts.contract);
    contract.ok_or_else(|| CliError::NoContract { found: work.to_string() })
}

/// The one work under a contract whose fee is not confirmed in full; none where there is no work,
/// which admission then refuses in its own words.
fn only_unpaid(
    reader: &Reader<'_>,
    contract: &ContractRow,
    fee: &Fee,
) -> Result<Option<EntryNumber>, CliError> {
    let mut unpaid = Vec::new();
    for work in reader.works_under(contract.entry)? {
        let confirmed = reader.confirmations(contract.entry, Some(work), usize::MAX)?;
        let minor: i128 = confirmed.iter().map(|row| i128::from(row.minor)).sum();
        if minor < fee.amount.minor() {
            unpaid.push(work);
        }
    }
    if let [_, _, ..] = unpaid.as_slice() {
        let names: Result<Vec<String>, CliError> = unpaid
            .iter()
            .take(MAX_LISTED_WORKS)
            .map(|work| {
                let row = reader.work_row(*work)?;
                let title = row.map(|row| row.title.to_string()).unwrap_or_default();
                Ok(format!("{work} `{title}`"))
            })
            .collect();
        return Err(CliError::WhichWork {
            contract: contract.entry.to_string(),
            count: unpaid.len(),
            works: names?.join(", "),
        });
    }
    Ok(unpaid.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_refused_by_name() {
        assert_eq!(amount("49.00", "CNY").unwrap().minor(), 4900);
        for (number, currency, code) in [
            ("49.005", "CNY", "too_many_decimals"),
            ("49,00", "CNY", "amount"),
            ("49.00", "CNX", "currency"),
            ("49.00", "cny", "currency"),
            ("1e3", "CNY", "amount"),
        ] {
            assert_eq!(amount(number, currency).unwrap_err().code(), code, "{number}");
        }
    }

    #[test]
    fn references_are_drawn_anew_unless_given() {
        let given = reference(Some("INV-1".to_owned())).unwrap();
        assert_eq!(given.as_str(), "INV-1");
        assert_ne!(reference(None).unwrap(), reference(None).unwrap());
        assert!(reference(Some(" ".to_owned())).is_err());
    }
}
