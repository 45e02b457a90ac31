//! What each effect of an admitted statement adds to the view.

use super::{MemoryError, MemoryView, Work};
use crate::admission::facts::{assigned, payment_confirmed, proceeds_moved, reported};
use crate::admission::{
    AccountRow, AccountSumRow, Admission, AssignmentRow, AttestedRow, ConfirmationRow, ContentRow,
    ContractRow, DerivationRow, Effect, ExchangeRateRow, KeyFacts, KeyRevokedRow, KeyRow,
    PartyFacts, PartyRow, PaymentRow, PoolRow, SplitAgreedRow, StatementClosedRow, TermsFacts,
    TermsRow, TermsWithdrawnRow, WorkRow,
};
use crate::record::{EntryNumber, PublicKey, Record, RecordId, Statement, Timestamp};
use crate::royalty::Derived;
use crate::title::{Event, Fact};
use std::collections::hash_map::Entry;
use std::sync::Arc;

impl MemoryView {
    /// Takes in an admitted statement as the next entry, without a gap.
    ///
    /// # Errors
    /// Rows that do not fit the entries before them, which admission never makes.
    pub fn apply(
        &mut self,
        statement: &Statement,
        registered_at: Timestamp,
        admission: &Admission,
    ) -> Result<(), MemoryError> {
        self.apply_as(EntryNumber::new(self.size()), statement, registered_at, admission)
    }

    /// Takes in an admitted statement as the entry with this number: the next one of a whole
    /// ledger, any later one of a part.
    ///
    /// # Errors
    /// [`MemoryError::OutOfOrder`] for another number; rows that do not fit the entries before
    /// them, which admission never makes.
    pub fn apply_as(
        &mut self,
        entry: EntryNumber,
        statement: &Statement,
        registered_at: Timestamp,
        admission: &Admission,
    ) -> Result<(), MemoryError> {
        self.kinds.check_next(entry)?;
        for effect in &admission.effects {
            self.apply_effect(effect, statement, registered_at, admission.signer)?;
        }
        self.entries.insert(statement.id(), entry);
        self.kinds.add(entry, statement.record().kind());
        Ok(())
    }

    fn apply_effect(
        &mut self,
        effect: &Effect,
        statement: &Statement,
        registered_at: Timestamp,
        signer: Option<EntryNumber>,
    ) -> Result<(), MemoryError> {
        match effect {
            Effect::PartyRow(row) => self.add_party(row, statement.id()),
            Effect::KeyRow(row) => self.add_key(row)?,
            Effect::KeyRevokedRow(row) => self.revoke_key(row)?,
            Effect::TermsRow(row) => self.add_terms(row, statement)?,
            Effect::TermsWithdrawnRow(row) => self.withdraw_terms(row)?,
            Effect::ContractRow(row) => self.accept(row),
            Effect::WorkRow(row) => self.add_work(row, statement, registered_at, signer)?,
            Effect::ContentRow(row) => self.add_content(row),
            Effect::SplitAgreedRow(row) => self.agree(row, registered_at),
            Effect::AssignmentRow(row) => self.assign(row, statement, registered_at)?,
            Effect::LicenceRow(row) => {
                self.licences.insert(row.entry, row.clone());
            }
            Effect::AttestedRow(row) => self.attest(row),
            Effect::DerivationRow(row) => self.derive(row)?,
            Effect::PoolRow(row) => self.pool(row),
            Effect::PaymentRow(row) => self.pay(row),
            Effect::ConfirmationRow(row) => self.confirm(row, registered_at)?,
            Effect::AccountRow(row) => {
                self.reporters.extend(signer.map(|signer| (row.entry, signer)));
                self.add_account(row, statement)?;
            }
            Effect::AccountLineRow(row) => {
                let references = self.references.entry(row.contract).or_default();
                references.insert(row.reference.clone(), (row.entry, row.line));
            }
            Effect::AccountSumRow(row) => self.sum(row),
            Effect::CorrectionRow(row) => {
                self.corrections.insert((row.contract, row.reference.clone()), row.entry);
            }
            Effect::OpeningRow(row) => {
                self.openings.insert(row.entry, row.clone());
            }
            Effect::OpeningAgreedRow(row) => {
                self.openings_agreed.insert(row.contract, row.clone());
            }
            Effect::ExchangeRateRow(row) => self.add_rate(row),
            Effect::StatementClosedRow(row) => self.close(row),
            Effect::StatementAnsweredRow(row) => {
                self.statement_answers.insert(row.closing, row.clone());
            }
            Effect::SessionRow(row) => {
                self.sessions.insert(row.entry, row.clone());
            }
            Effect::SessionOutputRow(row) => {
                self.session_outputs.entry((row.session, row.digest)).or_insert(row.entry);
            }
            Effect::SessionStoppedRow(row) => {
                self.sessions_stopped.insert(row.session, row.entry);
            }
            // What only answers ask for, admission does not.
            Effect::CodeRow(_)
            | Effect::TextCodeRow(_)
            | Effect::ConflictRow(_)
            | Effect::TitleRow(_)
            | Effect::AboutRow(_)
            | Effect::LabelRow(_) => {}
        }
        Ok(())
    }

    fn add_rate(&mut self, row: &ExchangeRateRow) {
        let place = (row.publisher, row.base.code(), row.quote.code(), row.day);
        self.rates.insert(place, row.clone());
    }

    fn pay(&mut self, row: &PaymentRow) {
        let reference = (row.contract, row.reference.clone());
        self.payment_references.insert(reference, row.entry);
        self.payments.insert(row.entry, row.clone());
    }

    fn sum(&mut self, row: &AccountSumRow) {
        let category = row.category.clone();
        let (month, currency) = (row.month, row.currency.code());
        let place = (row.contract, row.work, month, row.kind, category, currency);
        self.sums.insert(place, row.clone());
    }

    fn accept(&mut self, row: &ContractRow) {
        self.acceptances.insert((row.party, row.terms), row.entry);
        self.contracts.insert(row.entry, row.clone());
        if let Some(first) = row.amends {
            self.amendments.entry(first).or_default().push(row.clone());
        }
    }

    fn add_account(&mut self, row: &AccountRow, statement: &Statement) -> Result<(), MemoryError> {
        let unfit = || MemoryError::Unfit { entry: row.entry };
        let account = reported(statement).ok_or_else(unfit)?;
        let first = self.first_lines.entry(row.contract).or_insert(row.first_on);
        *first = row.first_on.min(*first);
        let work = |id: &RecordId| self.entries.get(id).copied().ok_or_else(unfit);
        let works = account.works.iter().map(work).collect::<Result<_, _>>()?;
        self.accounts.insert(row.entry, (account.clone(), works));
        Ok(())
    }

    fn add_party(&mut self, row: &PartyRow, id: RecordId) {
        let entry = row.entry;
        let (handle, roles) = (row.handle.clone(), row.roles.clone());
        self.handles.insert(handle.clone(), entry);
        self.parties.insert(entry, PartyFacts { entry, id, handle, roles });
    }

    fn add_key(&mut self, row: &KeyRow) -> Result<(), MemoryError> {
        let key = PublicKey::from_parts(row.algorithm, &row.key)
            .map_err(|_| MemoryError::Unfit { entry: row.entry })?;
        self.keys.insert(row.kid, KeyFacts { key, party: row.party, revoked_by: None });
        Ok(())
    }

    fn revoke_key(&mut self, row: &KeyRevokedRow) -> Result<(), MemoryError> {
        let unfit = MemoryError::Unfit { entry: row.entry };
        self.keys.get_mut(&row.kid).ok_or(unfit)?.revoked_by = Some(row.entry);
        Ok(())
    }

    fn add_terms(&mut self, row: &TermsRow, statement: &Statement) -> Result<(), MemoryError> {
        let Record::Terms(terms) = statement.record() else {
            return Err(MemoryError::Unfit { entry: row.entry });
        };
        let (entry, provider) = (row.entry, row.provider);
        self.latest_terms.insert((provider, row.slug.clone()), (row.version, entry));
        let terms = Arc::new(terms.clone());
        self.terms.insert(entry, TermsFacts { entry, provider, terms, withdrawn_at: None });
        Ok(())
    }

    fn withdraw_terms(&mut self, row: &TermsWithdrawnRow) -> Result<(), MemoryError> {
        let unfit = MemoryError::Unfit { entry: row.entry };
        self.terms.get_mut(&row.terms).ok_or(unfit)?.withdrawn_at = Some(row.effective_at);
        Ok(())
    }

    fn add_content(&mut self, row: &ContentRow) {
        match self.first_with.entry(row.digest) {
            Entry::Vacant(vacant) => {
                vacant.insert(row.entry);
            }
            Entry::Occupied(_) => {
                self.further_with.entry(row.digest).or_default().push(row.entry);
            }
        }
    }

    fn agree(&mut self, row: &SplitAgreedRow, registered_at: Timestamp) {
        let fact = Fact {
            entry: row.entry,
            effective_at: registered_at,
            registered_at,
            event: Event::SplitAgreed { party: row.party },
        };
        self.title_facts.entry(row.work).or_default().push(fact);
    }

    fn assign(
        &mut self,
        row: &AssignmentRow,
        statement: &Statement,
        registered_at: Timestamp,
    ) -> Result<(), MemoryError> {
        let Record::Assignment(assignment) = statement.record() else {
            return Err(MemoryError::Unfit { entry: row.entry });
        };
        let (assignor, assignee) = (row.assignor, row.assignee);
        let fact = assigned(row.entry, registered_at, assignment, assignor, assignee);
        self.title_facts.entry(row.work).or_default().push(fact);
        Ok(())
    }

    fn close(&mut self, row: &StatementClosedRow) {
        let place = (row.contract, row.starts_at, row.ends_at);
        self.last_closings.insert(place, row.entry);
        self.closings.insert(row.entry, row.clone());
    }

    fn attest(&mut self, row: &AttestedRow) {
        self.attested.insert((row.provider, row.reference.clone()), row.clone());
    }

    fn pool(&mut self, row: &PoolRow) {
        let pool = (row.party, row.provider, row.name.clone());
        self.pools.entry(pool).or_insert(row.first);
        self.pooled.insert(row.entry, row.first);
    }

    fn derive(&mut self, row: &DerivationRow) -> Result<(), MemoryError> {
        let (child, parent) = (row.entry, row.parent);
        let derived = match row.licence {
            None => Derived::unlicensed(child, parent),
            Some(licence) => {
                let licence = self.licences.get(&licence);
                let licence = licence.ok_or(MemoryError::Unfit { entry: child })?;
                Derived { child, parent, rate: licence.rate, passing: licence.passing }
            }
        };
        let parents = self.derivations.entry(child).or_default();
        parents.push(derived);
        parents.sort_by_key(|derived| derived.parent);
        Ok(())
    }

    fn confirm(
        &mut self,
        row: &ConfirmationRow,
        registered_at: Timestamp,
    ) -> Result<(), MemoryError> {
        let fact = payment_confirmed(row, registered_at)?;
        self.share(row);
        self.confirmations.insert(row.payment, row.entry);
        let facts = match row.work {
            Some(work) => self.title_facts.entry(work),
            None => self.contract_payments.entry(row.contract),
        };
        facts.or_default().extend(fact);
        Ok(())
    }

    /// Counts a part of proceeds that was paid, or given back.
    fn share(&mut self, row: &ConfirmationRow) {
        let Some(payment) = self.payments.get(&row.payment) else { return };
        let Some((payer, payee, minor)) = proceeds_moved(row, payment) else { return };
        let place = (row.contract, payer, payee, row.currency.code());
        *self.proceeds.entry(place).or_default() += minor;
    }

    fn add_work(
        &mut self,
        row: &WorkRow,
        statement: &Statement,
        registered_at: Timestamp,
        signer: Option<EntryNumber>,
    ) -> Result<(), MemoryError> {
        let unfit = || MemoryError::Unfit { entry: row.entry };
        let Record::Work(work) = statement.record() else {
            return Err(unfit());
        };
        let signer = signer.ok_or_else(unfit)?;
        if work.creators.len() > 1 {
            let resolve = |creator: &crate::record::Creator| {
                let party = self.entries.get(&creator.party).copied().ok_or_else(unfit)?;
                Ok((party, creator.share))
            };
            let creators = work.creators.iter().map(resolve).collect::<Result<_, MemoryError>>()?;
            self.co_creators.insert(row.entry, creators);
        }
        if let Some(contract) = row.contract {
            self.works_under.entry(contract).or_default().push(row.entry);
        }
        self.works.push(Work {
            entry: row.entry,
            signer,
            contract: row.contract,
            effective_at: row.effective_at,
            registered_at,
        });
        Ok(())
    }
}
