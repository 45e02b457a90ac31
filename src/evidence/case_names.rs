//! What the entries of a case are called.

use super::{Case, CaseError};
use crate::admission::{ContractRow, PaymentRow, View};
use crate::narration::{ContractLabel, Naming, TermsLabel, WorkLabel};
use crate::record::{EntryNumber, Handle, RecordId, Title};

const fn missing(entry: EntryNumber, needed: &'static str) -> CaseError {
    CaseError::Missing { entry, needed }
}

impl Naming for Case {
    type Error = CaseError;

    fn entry(&self, id: RecordId) -> Result<EntryNumber, CaseError> {
        self.view().entry(&id)?.ok_or(CaseError::NotHere { id })
    }

    fn handle(&self, party: EntryNumber) -> Result<Handle, CaseError> {
        let facts = self.view().party(party)?;
        Ok(facts.ok_or_else(|| missing(party, "a party"))?.handle)
    }

    fn title(&self, work: EntryNumber) -> Result<Title, CaseError> {
        Ok(self.work(work)?.title.clone())
    }

    fn terms_name(&self, terms: EntryNumber) -> Result<String, CaseError> {
        let facts = self.view().terms(terms)?.ok_or_else(|| missing(terms, "terms"))?;
        Ok(format!("{}/{}", self.handle(facts.provider)?, facts.terms.versioned_slug()))
    }

    fn contract(&self, contract: EntryNumber) -> Result<ContractRow, CaseError> {
        self.view().contract(contract)?.ok_or_else(|| missing(contract, "a contract"))
    }

    fn payment(&self, payment: EntryNumber) -> Result<PaymentRow, CaseError> {
        self.view().payment(payment)?.ok_or_else(|| missing(payment, "a payment"))
    }

    fn issuer(&self, entry: EntryNumber) -> Result<String, CaseError> {
        Ok(self.statement(entry)?.header().issuer.clone())
    }
}

/// # Errors
/// Every method: an entry that is not here, or is not of the kind asked for.
impl Case {
    /// A work as answers name it.
    pub fn work_label(&self, entry: EntryNumber) -> Result<WorkLabel, CaseError> {
        let title = Naming::title(self, entry)?;
        Ok(WorkLabel { work: self.statement(entry)?.id(), entry, title })
    }

    /// Terms as answers name them.
    pub fn terms_label(&self, entry: EntryNumber) -> Result<TermsLabel, CaseError> {
        let name = self.terms_name(entry)?;
        Ok(TermsLabel { terms: self.statement(entry)?.id(), entry, name })
    }

    /// A contract as answers name it.
    pub fn contract_label(&self, entry: EntryNumber) -> Result<ContractLabel, CaseError> {
        let row = self.contract(entry)?;
        Ok(ContractLabel {
            contract: self.statement(entry)?.id(),
            entry,
            terms: self.terms_label(row.terms)?,
            party: self.handle(row.party)?,
            provider: self.handle(row.provider)?,
        })
    }
}
