//! What entries are called in sentences.

use super::{AnswerError, ContractLabel, TermsLabel, WorkLabel};
use crate::admission::{
    ContractRow, PartyFacts, PaymentRow, SessionRow, TermsFacts, View, WorkFacts,
};
use crate::narration::Naming;
use crate::record::{EntryNumber, Form, Handle, Kind, Pool, RecordId, Terms, Timestamp, Title};
use crate::store::{Reader, StoreError};

/// Looks up the names of entries in one snapshot.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    reader: &'a Reader<'a>,
}

fn missing(entry: EntryNumber, needed: &'static str) -> AnswerError {
    StoreError::Missing { entry, needed }.into()
}

/// # Errors
/// Every method: a ledger that cannot be read, or an entry that is not of the kind asked for.
impl<'a> Names<'a> {
    /// The names in this snapshot.
    pub const fn new(reader: &'a Reader<'a>) -> Self {
        Self { reader }
    }

    /// The snapshot.
    pub const fn reader(&self) -> &'a Reader<'a> {
        self.reader
    }

    /// A party.
    pub fn party(&self, entry: EntryNumber) -> Result<PartyFacts, AnswerError> {
        let party = View::party(self.reader, entry)?;
        party.ok_or_else(|| missing(entry, "party"))
    }

    /// The handle of a party.
    pub fn handle(&self, entry: EntryNumber) -> Result<Handle, AnswerError> {
        Ok(self.party(entry)?.handle)
    }

    /// Terms.
    pub fn terms(&self, entry: EntryNumber) -> Result<TermsFacts, AnswerError> {
        let terms = View::terms(self.reader, entry)?;
        terms.ok_or_else(|| missing(entry, "terms"))
    }

    /// A contract.
    pub fn contract(&self, entry: EntryNumber) -> Result<ContractRow, AnswerError> {
        let contract = View::contract(self.reader, entry)?;
        contract.ok_or_else(|| missing(entry, "contract"))
    }

    /// A work.
    pub fn work(&self, entry: EntryNumber) -> Result<WorkFacts, AnswerError> {
        let work = View::work(self.reader, entry)?;
        work.ok_or_else(|| missing(entry, "work"))
    }

    /// A payment.
    pub fn payment(&self, entry: EntryNumber) -> Result<PaymentRow, AnswerError> {
        let payment = View::payment(self.reader, entry)?;
        payment.ok_or_else(|| missing(entry, "payment"))
    }

    /// The contract whose account a contract shares, itself where it named the pool first; none
    /// where its terms name no pool.
    pub fn pool_of(
        &self,
        contract: &ContractRow,
        terms: &Terms,
    ) -> Result<Option<EntryNumber>, AnswerError> {
        match &terms.form {
            Form::ProfitShare(share) if matches!(share.pool, Some(Pool::Named(_))) => {
                Ok(View::pool_of(self.reader, contract.entry)?)
            }
            Form::ProfitShare(_) | Form::FeeForAssignment(_) => Ok(None),
        }
    }

    /// A session.
    pub fn session(&self, entry: EntryNumber) -> Result<SessionRow, AnswerError> {
        View::session(self.reader, entry)?.ok_or_else(|| missing(entry, "session"))
    }

    /// When the ledger took an entry in.
    pub fn registered_at(&self, entry: EntryNumber) -> Result<Timestamp, AnswerError> {
        Ok(self.reader.registered_at(entry)?)
    }

    /// The identifier of an entry.
    pub fn id(&self, entry: EntryNumber) -> Result<RecordId, AnswerError> {
        self.reader.record_id(entry)?.ok_or_else(|| missing(entry, "entry"))
    }

    /// The entry with an identifier that a record names.
    pub fn entry(&self, id: RecordId) -> Result<EntryNumber, AnswerError> {
        let entry = self.reader.entry_number(&id)?;
        entry.ok_or_else(|| AnswerError::NotFound {
            text: id.to_string(),
            tried: "an identifier".to_owned(),
        })
    }

    /// The title of a work.
    pub fn title(&self, work: EntryNumber) -> Result<Title, AnswerError> {
        let row = self.reader.work_row(work)?;
        Ok(row.ok_or_else(|| missing(work, "work"))?.title)
    }

    /// `northlight/fee@1`.
    pub fn form(&self, provider: EntryNumber, terms: &Terms) -> Result<String, AnswerError> {
        Ok(format!("{}/{}", self.handle(provider)?, terms.versioned_slug()))
    }

    /// A work as answers name it.
    pub fn work_label(&self, entry: EntryNumber) -> Result<WorkLabel, AnswerError> {
        Ok(WorkLabel { work: self.id(entry)?, entry, title: self.title(entry)? })
    }

    /// A work as derivations call it: `Spring (#9)`.
    pub fn called(&self, work: EntryNumber) -> Result<String, AnswerError> {
        Ok(format!("{} ({work})", self.title(work)?))
    }

    /// Terms as answers name them.
    pub fn terms_label(&self, entry: EntryNumber) -> Result<TermsLabel, AnswerError> {
        let facts = self.terms(entry)?;
        Ok(TermsLabel {
            terms: self.id(entry)?,
            entry,
            name: self.form(facts.provider, &facts.terms)?,
        })
    }

    /// A contract as answers name it.
    pub fn contract_label(&self, entry: EntryNumber) -> Result<ContractLabel, AnswerError> {
        let row = self.contract(entry)?;
        Ok(ContractLabel {
            contract: self.id(entry)?,
            entry,
            terms: self.terms_label(row.terms)?,
            party: self.handle(row.party)?,
            provider: self.handle(row.provider)?,
        })
    }

    /// What an entry is, in a few words with its number.
    pub fn of(&self, entry: EntryNumber) -> Result<String, AnswerError> {
        let Some(kind) = View::kind(self.reader, entry)? else {
            return Err(missing(entry, "entry"));
        };
        Ok(match kind {
            Kind::Party => format!("party {} ({entry})", self.handle(entry)?),
            Kind::Terms => format!("terms {} ({entry})", self.terms_label(entry)?.name),
            Kind::Work => format!("work \"{}\" ({entry})", self.title(entry)?),
            Kind::Contract => {
                let row = self.contract(entry)?;
                let terms = self.terms_label(row.terms)?.name;
                format!("contract {entry} of {} under {terms}", self.handle(row.party)?)
            }
            Kind::Payment => {
                let row = self.payment(entry)?;
                format!(
                    "payment {entry} by {}, reference {}",
                    self.handle(row.payer)?,
                    row.reference
                )
            }
            Kind::SessionStarted => {
                let row = self.session(entry)?;
                format!("session \"{}\" of {} ({entry})", row.title, self.handle(row.party)?)
            }
            Kind::Ledger
            | Kind::KeyAdded
            | Kind::KeyRevoked
            | Kind::TermsWithdrawn
            | Kind::SplitAgreed
            | Kind::Assignment
            | Kind::Licence
            | Kind::Attestation
            | Kind::Labelled
            | Kind::Confirmation
            | Kind::Account
            | Kind::Correction
            | Kind::Opening
            | Kind::OpeningAgreed
            | Kind::ExchangeRate
            | Kind::StatementClosed
            | Kind::StatementAccepted
            | Kind::StatementDisputed
            | Kind::SessionSteps
            | Kind::SessionStopped => {
                format!("{} ({entry})", AnswerError::kind_with_article(kind))
            }
        })
    }
}

impl Naming for Names<'_> {
    type Error = AnswerError;

    fn entry(&self, id: RecordId) -> Result<EntryNumber, AnswerError> {
        Names::entry(self, id)
    }

    fn handle(&self, party: EntryNumber) -> Result<Handle, AnswerError> {
        Names::handle(self, party)
    }

    fn title(&self, work: EntryNumber) -> Result<Title, AnswerError> {
        Names::title(self, work)
    }

    fn terms_name(&self, terms: EntryNumber) -> Result<String, AnswerError> {
        let facts = Names::terms(self, terms)?;
        self.form(facts.provider, &facts.terms)
    }

    fn contract(&self, contract: EntryNumber) -> Result<ContractRow, AnswerError> {
        Names::contract(self, contract)
    }

    fn payment(&self, payment: EntryNumber) -> Result<PaymentRow, AnswerError> {
        Names::payment(self, payment)
    }

    fn issuer(&self, entry: EntryNumber) -> Result<String, AnswerError> {
        Ok(self.reader().statement(entry)?.header().issuer.clone())
    }
}
