//! Who holds a work, since when, on what ground, and what is still to be paid for it.

use super::{AnswerError, ContractLabel, Moments, Names, WorkLabel, json};
use crate::admission::{ContractRow, PaymentRow, View, WorkFacts};
use crate::money::{Amount, Currency};
use crate::narration::{self, ChangeOfTitle, Conflict, Holder};
use crate::record::{EntryNumber, FeeUnit, Form, Handle, Purpose, RecordId, Terms, Timestamp};
use crate::store::Reader;
use crate::title::{Title, title};
use serde::Serialize;
use std::sync::Arc;

/// Conflicting claims and unconfirmed payments that one answer shows.
const MAX_SHOWN: usize = 100;

/// Who holds a work at a moment, as the ledger knew it at another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Owner {
    /// The work.
    #[serde(flatten)]
    pub work: WorkLabel,
    /// The contract under which it was made; none for a bare claim.
    pub contract: Option<ContractLabel>,
    /// `fee-for-assignment` or `profit-share`, where there is a contract.
    pub form: Option<&'static str>,
    /// The moment asked about.
    #[serde(serialize_with = "json::text")]
    pub as_of: Timestamp,
    /// Only what the ledger had registered by then counts.
    #[serde(serialize_with = "json::text")]
    pub known_at: Timestamp,
    /// Who holds; for every right and place the shares sum to 1.
    pub holders: Vec<Holder>,
    /// What is missing of the fee; nothing where no fee is asked or it is paid.
    #[serde(serialize_with = "json::optional_decimal")]
    pub outstanding: Option<Amount>,
    /// The currency of `outstanding`.
    #[serde(serialize_with = "json::optional_text")]
    pub currency: Option<Currency>,
    /// Who owes what is outstanding to whom, and by when.
    pub due: Option<Due>,
    /// Payments that were reported and not confirmed; they move nothing yet.
    pub unconfirmed: Vec<Unconfirmed>,
    /// Creators who have not signed the split.
    #[serde(serialize_with = "json::texts")]
    pub unsigned: Vec<Handle>,
    /// Other registrations of the same content.
    pub conflicts: Vec<Conflict>,
    /// How title passed so far, in order.
    pub changes: Vec<ChangeOfTitle>,
}

/// What is outstanding, from whom to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// Who owes it.
    #[serde(serialize_with = "json::text")]
    pub payer: Handle,
    /// To whom.
    #[serde(serialize_with = "json::text")]
    pub payee: Handle,
    /// When it falls or fell due.
    #[serde(serialize_with = "json::text")]
    pub at: Timestamp,
}

/// A payment that its payee has not confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unconfirmed {
    /// The payment.
    #[serde(serialize_with = "json::text")]
    pub payment: RecordId,
    /// Its entry.
    pub entry: EntryNumber,
    /// Who reported it.
    #[serde(serialize_with = "json::text")]
    pub payer: Handle,
    /// Who has to confirm it.
    #[serde(serialize_with = "json::text")]
    pub payee: Handle,
    /// How much.
    #[serde(serialize_with = "json::decimal")]
    pub amount: Amount,
    /// In which currency.
    #[serde(serialize_with = "json::text")]
    pub currency: Currency,
    /// When it was paid, as the payer says.
    #[serde(serialize_with = "json::text")]
    pub on: Timestamp,
}

/// The contract of a work with its terms.
struct Basis {
    row: ContractRow,
    label: ContractLabel,
    terms: Arc<Terms>,
}

impl Basis {
    fn of(names: &Names<'_>, work: &WorkFacts) -> Result<Option<Self>, AnswerError> {
        let Some(contract) = work.contract else {
            return Ok(None);
        };
        let row = names.contract(contract)?;
        let terms = names.terms(row.terms)?.terms;
        let label = names.contract_label(contract)?;
        Ok(Some(Self { row, label, terms }))
    }

    fn ground(&self) -> narration::Basis {
        narration::Basis {
            contract: self.label.entry,
            terms: self.label.terms.entry,
            terms_name: self.label.terms.name.clone(),
            vesting: self.terms.vesting,
        }
    }
}

/// Who holds a work.
///
/// # Errors
/// [`AnswerError::NotYet`] where the work was not made or not known then; a ledger that cannot be
/// read.
pub fn owner(
    reader: &Reader<'_>,
    work: EntryNumber,
    moments: Moments,
) -> Result<Owner, AnswerError> {
    let names = Names::new(reader);
    let facts = names.work(work)?;
    let label = names.work_label(work)?;
    let chain = chain(reader, &facts, moments)?;
    let Some(chain) = chain else {
        return Err(AnswerError::NotYet {
            work: format!("work \"{}\" ({work})", label.title),
            made_at: facts.effective_at,
            registered_at: reader.registered_at(work)?,
            as_of: moments.as_of,
            known_at: moments.known_at,
        });
    };
    let basis = Basis::of(&names, &facts)?;
    let outstanding = chain.outstanding.filter(|amount| amount.is_positive());
    let ground = basis.as_ref().map(Basis::ground);
    let mut holders = Vec::new();
    for holding in chain.held_at(moments.as_of) {
        holders.push(Holder::of(&names, holding, ground.as_ref())?);
    }
    Ok(Owner {
        work: label,
        form: basis.as_ref().map(|basis| basis.terms.form.name()),
        as_of: moments.as_of,
        known_at: moments.known_at,
        holders,
        outstanding,
        currency: outstanding.map(Amount::currency),
        due: match (&basis, outstanding) {
            (Some(basis), Some(_)) => due(&names, &facts, basis)?,
            (Some(_) | None, _) => None,
        },
        unconfirmed: unconfirmed(&names, &facts, basis.as_ref(), moments)?,
        unsigned: chain
            .unsigned
            .iter()
            .map(|party| names.handle(*party))
            .collect::<Result<_, _>>()?,
        conflicts: conflicts(reader, work, moments.known_at)?,
        changes: changes(&names, &chain)?,
        contract: basis.map(|basis| basis.label),
    })
}

/// The title of a work by any view of the ledger, so that a replay can be asked as well.
pub(super) fn chain<V: View>(
    view: &V,
    work: &WorkFacts,
    moments: Moments,
) -> Result<Option<Title>, AnswerError>
where
    AnswerError: From<V::Error>,
{
    let facts = view.title_facts(work)?;
    Ok(title(&facts, moments.as_of, moments.known_at)?)
}

fn due(names: &Names<'_>, work: &WorkFacts, basis: &Basis) -> Result<Option<Due>, AnswerError> {
    let Form::FeeForAssignment(fee) = &basis.terms.form else {
        return Ok(None);
    };
    let from = match fee.unit {
        FeeUnit::Work => work.effective_at,
        FeeUnit::Contract => basis.row.effective_at,
    };
    Ok(Some(Due {
        payer: names.handle(basis.row.party)?,
        payee: names.handle(basis.row.provider)?,
        at: from.plus_days(fee.due_days)?,
    }))
}

/// Payments that bear on the title of this work and are not confirmed.
fn unconfirmed(
    names: &Names<'_>,
    work: &WorkFacts,
    basis: Option<&Basis>,
    moments: Moments,
) -> Result<Vec<Unconfirmed>, AnswerError> {
    let reader = names.reader();
    let mut payments = reader.payments_for(work.entry, MAX_SHOWN)?;
    let per_work = |basis: &Basis| match &basis.terms.form {
        Form::FeeForAssignment(fee) => fee.unit == FeeUnit::Work,
        Form::ProfitShare(_) => false,
    };
    if let Some(basis) = basis.filter(|basis| !per_work(basis)) {
        let under = reader.payments_under(basis.row.entry, MAX_SHOWN)?;
        payments.extend(under.into_iter().filter(|payment| payment.work.is_none()));
    }
    // What holders pay each other of the proceeds bears on no title.
    payments.retain(|payment| !payment.purpose.is_some_and(Purpose::is_of_proceeds));
    payments.sort_unstable_by_key(|payment| payment.entry);
    let mut unconfirmed = Vec::new();
    for payment in payments {
        let confirmed = match reader.confirmation(payment.entry)? {
            Some(confirmation) => reader.registered_at(confirmation)? <= moments.known_at,
            None => false,
        };
        let known = reader.registered_at(payment.entry)? <= moments.known_at;
        if known && !confirmed && payment.effective_at <= moments.as_of {
            unconfirmed.push(reported(names, &payment)?);
        }
    }
    Ok(unconfirmed)
}

fn reported(names: &Names<'_>, payment: &PaymentRow) -> Result<Unconfirmed, AnswerError> {
    Ok(Unconfirmed {
        payment: names.id(payment.entry)?,
        entry: payment.entry,
        payer: names.handle(payment.payer)?,
        payee: names.handle(payment.payee)?,
        amount: Amount::new(i128::from(payment.minor), payment.currency)?,
        currency: payment.currency,
        on: payment.effective_at,
    })
}

/// The other registrations of the content of a work that were known, in order of registration: at
/// most 100.
///
/// # Errors
/// An entry that is no work; a ledger that cannot be read.
pub fn conflicts(
    reader: &Reader<'_>,
    work: EntryNumber,
    known_at: Timestamp,
) -> Result<Vec<Conflict>, AnswerError> {
    let names = Names::new(reader);
    let mut conflicts = Vec::new();
    for row in reader.conflicts_of(work, MAX_SHOWN)? {
        let other = if row.entry == work { row.earlier } else { row.entry };
        let registered_at = reader.registered_at(other)?;
        if registered_at > known_at {
            continue;
        }
        let label = names.work_label(other)?;
        conflicts.push(Conflict {
            work: label.work,
            entry: other,
            title: label.title,
            party: names.handle(names.work(other)?.signer)?,
            registered_at,
            earlier: other < work,
        });
    }
    conflicts.sort_unstable_by_key(|conflict| conflict.entry);
    Ok(conflicts)
}

/// The passings of title, in words.
pub(super) fn changes(names: &Names<'_>, title: &Title) -> Result<Vec<ChangeOfTitle>, AnswerError> {
    title.changes.iter().map(|change| ChangeOfTitle::of(names, change)).collect()
}
