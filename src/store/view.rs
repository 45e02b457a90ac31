//! The ledger file as admission sees it. Every answer costs a bounded number of rows, however
//! many entries there are.

use super::fetch::{field, kind, record_id, to_sql};
use super::memo::Memo;
use super::reader::decode;
use super::{Reader, StoreError, query};
use crate::admission::{
    AccountLineFacts, AccountSumKey, AccountSumRow, AttestedRow, ContractRow, ExchangeRateRow,
    KeyFacts, LicenceRow, OpeningAgreedRow, OpeningRow, PartyFacts, PaymentRow, SessionRow,
    StatementAnsweredRow, StatementClosedRow, TermsFacts, View, WorkFacts,
};
use crate::money::{Currency, Rate, Share};
use crate::record::{
    Algorithm, Digest, EntryNumber, Handle, Kind, Passing, PublicKey, Record, RecordError,
    RecordId, Reference, Slug, Terms, Thumbprint, Timestamp, Work,
};
use crate::royalty::Derived;
use crate::title::Fact;
use rusqlite::params;
use std::sync::Arc;

impl Reader<'_> {
    /// The form published with an entry, decoded once.
    pub(super) fn published(&self, entry: EntryNumber) -> Result<Arc<Terms>, StoreError> {
        if let Some(terms) = self.store.memo.borrow().terms(entry) {
            return Ok(terms);
        }
        let statement = self.statement(entry)?;
        let Record::Terms(terms) = statement.record() else {
            let needed = "terms";
            return Err(StoreError::Missing { entry, needed });
        };
        let terms = Arc::new(terms.clone());
        let mut memo = self.store.memo.borrow_mut();
        memo.keep_terms(entry, Arc::clone(&terms));
        Ok(terms)
    }

    /// The key with this thumbprint, decoded once: to see that it is a good key is costly.
    fn public_key(
        &self,
        kid: &Thumbprint,
        algorithm: Algorithm,
        bytes: &[u8],
        party: EntryNumber,
    ) -> Result<PublicKey, StoreError> {
        if let Some(key) = self.store.memo.borrow().key(kid) {
            return Ok(key);
        }
        let key = PublicKey::from_parts(algorithm, bytes).map_err(|error| {
            let reason = error.to_string();
            let error = RecordError::Key { reason };
            StoreError::Statement { entry: party, error }
        })?;
        self.store.memo.borrow_mut().keep_key(*kid, key);
        Ok(key)
    }

    /// The creators of a work by the numbers of their enrolments.
    fn creators(
        &self,
        entry: EntryNumber,
        work: &Work,
    ) -> Result<Vec<(EntryNumber, Share)>, StoreError> {
        let needed = "registration by enrolled creators";
        let resolve = |creator: &crate::record::Creator| {
            let party = self.entry_number(&creator.party)?;
            let party = party.ok_or(StoreError::Missing { entry, needed })?;
            Ok((party, creator.share))
        };
        work.creators.iter().map(resolve).collect()
    }
}

/// What can change is remembered by a writer alone: nobody else adds anything meanwhile.
impl Reader<'_> {
    fn passing<T>(&self, find: impl FnOnce(&Memo) -> Option<T>) -> Option<T> {
        self.within_writer.then(|| find(&self.store.memo.borrow())).flatten()
    }

    fn keep(&self, keep: impl FnOnce(&mut Memo)) {
        if self.within_writer {
            keep(&mut self.store.memo.borrow_mut());
        }
    }
}

impl View for Reader<'_> {
    type Error = StoreError;

    fn entry(&self, id: &RecordId) -> Result<Option<EntryNumber>, StoreError> {
        self.entry_number(id)
    }

    fn kind(&self, entry: EntryNumber) -> Result<Option<Kind>, StoreError> {
        match self.store.memo.borrow().kind(entry) {
            Some(kind) => Ok(Some(kind)),
            None => self.one(query::KIND, [to_sql(entry)], |row| kind(row, 0)),
        }
    }

    fn party(&self, entry: EntryNumber) -> Result<Option<PartyFacts>, StoreError> {
        if let Some(party) = self.store.memo.borrow().party(entry) {
            return Ok(Some(party));
        }
        let found = self.one(query::PARTY, [to_sql(entry)], |row| {
            Ok(PartyFacts {
                entry,
                id: record_id(row, 0)?,
                handle: field(row, "party", (1, "handle"))?,
                roles: field(row, "party", (2, "roles"))?,
            })
        })?;
        Ok(found.inspect(|party| self.store.memo.borrow_mut().keep_party(party.clone())))
    }

    fn party_named(&self, handle: &Handle) -> Result<Option<EntryNumber>, StoreError> {
        self.number(query::PARTY_NAMED, [handle.as_str()])
    }

    fn key(&self, kid: &Thumbprint) -> Result<Option<KeyFacts>, StoreError> {
        if let Some(facts) = self.passing(|memo| memo.key_facts(kid)) {
            return Ok(Some(facts));
        }
        let found = self.one(query::KEY, [kid.as_bytes()], |row| {
            let party = field(row, "party_key", (0, "party"))?;
            let algorithm = field(row, "party_key", (1, "algorithm"))?;
            let bytes: Vec<u8> = field(row, "party_key", (2, "key"))?;
            Ok(KeyFacts {
                key: self.public_key(kid, algorithm, &bytes, party)?,
                party,
                revoked_by: field(row, "key_revoked", (3, "entry"))?,
            })
        })?;
        Ok(found.inspect(|facts| self.keep(|memo| memo.keep_key_facts(*kid, facts.clone()))))
    }

    fn live_keys(&self, party: EntryNumber) -> Result<usize, StoreError> {
        let read = |row: &rusqlite::Row<'_>| field::<u32>(row, "party_key", (0, "count"));
        let count = self.one(query::LIVE_KEYS, [to_sql(party)], read)?;
        Ok(count.unwrap_or_default() as usize)
    }

    fn terms(&self, entry: EntryNumber) -> Result<Option<TermsFacts>, StoreError> {
        if let Some(facts) = self.passing(|memo| memo.terms_facts(entry)) {
            return Ok(Some(facts));
        }
        let found = self.one(query::TERMS, [to_sql(entry)], |row| {
            let provider = field(row, "terms", (0, "provider"))?;
            Ok((provider, field(row, "terms_withdrawn", (1, "effective_at"))?))
        })?;
        let Some((provider, withdrawn_at)) = found else {
            return Ok(None);
        };
        let facts = TermsFacts { entry, provider, terms: self.published(entry)?, withdrawn_at };
        self.keep(|memo| memo.keep_terms_facts(facts.clone()));
        Ok(Some(facts))
    }

    fn latest_terms(
        &self,
        provider: EntryNumber,
        slug: &Slug,
    ) -> Result<Option<(u32, EntryNumber)>, StoreError> {
        let parameters = params![to_sql(provider), slug.as_str()];
        self.one(query::LATEST_TERMS, parameters, |row| {
            let version = field(row, "terms", (0, "version"))?;
            Ok((version, field(row, "terms", (1, "entry"))?))
        })
    }

    fn contract(&self, entry: EntryNumber) -> Result<Option<ContractRow>, StoreError> {
        if let Some(contract) = self.store.memo.borrow().contract(entry) {
            return Ok(Some(contract));
        }
        let found: Option<ContractRow> = self.row(query::CONTRACT, [to_sql(entry)])?;
        Ok(found.inspect(|row| self.store.memo.borrow_mut().keep_contract(row.clone())))
    }

    fn acceptance(
        &self,
        party: EntryNumber,
        terms: EntryNumber,
    ) -> Result<Option<EntryNumber>, StoreError> {
        self.number(query::ACCEPTANCE, [to_sql(party), to_sql(terms)])
    }

    fn amendment_at(
        &self,
        contract: EntryNumber,
        moment: Timestamp,
    ) -> Result<Option<ContractRow>, StoreError> {
        self.row(query::AMENDMENT_AT, [to_sql(contract), moment.as_millis()])
    }

    fn work(&self, entry: EntryNumber) -> Result<Option<WorkFacts>, StoreError> {
        type Found = (Option<EntryNumber>, Timestamp, EntryNumber, Vec<u8>);
        let found = self.one(query::WORK, [to_sql(entry)], |row| {
            let found: Found = (
                field(row, "work", (0, "contract"))?,
                field(row, "work", (1, "effective_at"))?,
                field(row, "entry", (2, "signer"))?,
                field(row, "entry", (3, "statement"))?,
            );
            Ok(found)
        })?;
        let Some((contract, effective_at, signer, bytes)) = found else {
            return Ok(None);
        };
        let statement = decode(entry, &bytes)?;
        let Record::Work(work) = statement.record() else {
            let needed = "registration of a work";
            return Err(StoreError::Missing { entry, needed });
        };
        let creators = self.creators(entry, work)?;
        Ok(Some(WorkFacts { entry, signer, creators, contract, effective_at }))
    }

    fn contract_of_work(
        &self,
        entry: EntryNumber,
    ) -> Result<Option<Option<EntryNumber>>, StoreError> {
        self.one(query::CONTRACT_OF_WORK, [to_sql(entry)], |row| {
            field(row, "work", (0, "contract"))
        })
    }

    fn works_with(&self, digest: &Digest) -> Result<Vec<EntryNumber>, StoreError> {
        self.numbers(query::WORKS_WITH, [digest.as_bytes()])
    }

    fn title_facts(&self, work: &WorkFacts) -> Result<Vec<Fact>, StoreError> {
        self.facts_of(work)
    }

    fn contract_payments(&self, contract: EntryNumber) -> Result<Vec<Fact>, StoreError> {
        if let Some(facts) = self.passing(|memo| memo.contract_payments(contract)) {
            return Ok(facts);
        }
        let facts = self.payment_facts(query::CONTRACT_PAYMENT_FACTS, contract)?;
        self.keep(|memo| memo.keep_contract_payments(contract, facts.clone()));
        Ok(facts)
    }

    fn works_under(&self, contract: EntryNumber) -> Result<Vec<EntryNumber>, StoreError> {
        self.numbers(query::WORKS_UNDER, [to_sql(contract)])
    }

    fn split_agreed(&self, work: EntryNumber, party: EntryNumber) -> Result<bool, StoreError> {
        let parameters = [to_sql(work), to_sql(party)];
        let found = self.one(query::SPLIT_AGREED, parameters, |_| Ok(()))?;
        Ok(found.is_some())
    }

    fn licence(&self, entry: EntryNumber) -> Result<Option<LicenceRow>, StoreError> {
        self.row(query::LICENCE, [to_sql(entry)])
    }

    fn attested(
        &self,
        provider: EntryNumber,
        reference: &Reference,
    ) -> Result<Option<AttestedRow>, StoreError> {
        self.row(query::ATTESTED, params![to_sql(provider), reference.as_str()])
    }

    fn derived(&self, work: EntryNumber) -> Result<Vec<Derived>, StoreError> {
        self.all(query::DERIVED, [to_sql(work)], |row| {
            let (child, parent) =
                (field(row, "derivation", (0, "entry"))?, field(row, "derivation", (1, "parent"))?);
            let rate: Option<Rate> = field(row, "licence", (2, "rate"))?;
            let passing: Option<Passing> = field(row, "licence", (3, "passing"))?;
            Ok(match rate.zip(passing) {
                Some((rate, passing)) => Derived { child, parent, rate, passing },
                None => Derived::unlicensed(child, parent),
            })
        })
    }

    fn pool(
        &self,
        party: EntryNumber,
        provider: EntryNumber,
        name: &Slug,
    ) -> Result<Option<EntryNumber>, StoreError> {
        let parameters = params![to_sql(party), to_sql(provider), name.as_str()];
        self.number(query::POOL, parameters)
    }

    fn pool_of(&self, contract: EntryNumber) -> Result<Option<EntryNumber>, StoreError> {
        self.number(query::POOL_OF, [to_sql(contract)])
    }

    fn payment(&self, entry: EntryNumber) -> Result<Option<PaymentRow>, StoreError> {
        self.row(query::PAYMENT, [to_sql(entry)])
    }

    fn payment_referenced(
        &self,
        contract: EntryNumber,
        reference: &Reference,
    ) -> Result<Option<PaymentRow>, StoreError> {
        let parameters = params![to_sql(contract), reference.as_str()];
        self.row(query::PAYMENT_REFERENCED, parameters)
    }

    fn confirmation(&self, payment: EntryNumber) -> Result<Option<EntryNumber>, StoreError> {
        self.number(query::CONFIRMATION, [to_sql(payment)])
    }

    fn proceeds_paid(
        &self,
        work: EntryNumber,
        (payer, payee): (EntryNumber, EntryNumber),
        currency: Currency,
    ) -> Result<i128, StoreError> {
        let parameters = params![to_sql(work), to_sql(payer), to_sql(payee), currency.code()];
        let net: Vec<i64> = self.all(query::PROCEEDS_PAID, parameters, |row| {
            field(row, "confirmation", (0, "minor"))
        })?;
        Ok(net.into_iter().map(i128::from).sum())
    }

    fn reporter(&self, account: EntryNumber) -> Result<Option<EntryNumber>, StoreError> {
        self.number(query::SIGNER, [to_sql(account)])
    }

    fn account_line(
        &self,
        contract: EntryNumber,
        reference: &Reference,
    ) -> Result<Option<AccountLineFacts>, StoreError> {
        self.line_referenced(contract, reference)
    }

    fn references_between(
        &self,
        contract: EntryNumber,
        first: &Reference,
        last: &Reference,
    ) -> Result<bool, StoreError> {
        let parameters = params![to_sql(contract), first.as_str(), last.as_str()];
        Ok(self.one(query::REFERENCES_BETWEEN, parameters, |_| Ok(()))?.is_some())
    }

    fn account_sum(&self, key: &AccountSumKey) -> Result<Option<AccountSumRow>, StoreError> {
        let AccountSumKey { contract, work, month, kind, category, currency } = key;
        let parameters = params![
            to_sql(*contract),
            work.map_or(0, to_sql),
            month.as_millis(),
            kind.name(),
            category.as_str(),
            currency.code(),
        ];
        self.row(query::ACCOUNT_SUM, parameters)
    }

    fn correction(
        &self,
        contract: EntryNumber,
        reference: &Reference,
    ) -> Result<Option<EntryNumber>, StoreError> {
        self.number(query::CORRECTION, params![to_sql(contract), reference.as_str()])
    }

    fn first_line_on(&self, contract: EntryNumber) -> Result<Option<Timestamp>, StoreError> {
        let read = |row: &rusqlite::Row<'_>| field(row, "account", (0, "first_on"));
        self.one(query::FIRST_LINE_ON, [to_sql(contract)], read)
    }

    fn opening(&self, entry: EntryNumber) -> Result<Option<OpeningRow>, StoreError> {
        self.row(query::OPENING, [to_sql(entry)])
    }

    fn opening_agreed(
        &self,
        contract: EntryNumber,
    ) -> Result<Option<OpeningAgreedRow>, StoreError> {
        self.row(query::OPENING_AGREED, [to_sql(contract)])
    }

    fn exchange_rate(
        &self,
        publisher: EntryNumber,
        (base, quote): (Currency, Currency),
        day: Timestamp,
    ) -> Result<Option<ExchangeRateRow>, StoreError> {
        let parameters = params![to_sql(publisher), base.code(), quote.code(), day.as_millis()];
        self.row(query::EXCHANGE_RATE, parameters)
    }

    fn statement_closed(
        &self,
        entry: EntryNumber,
    ) -> Result<Option<StatementClosedRow>, StoreError> {
        self.row(query::STATEMENT_CLOSED, [to_sql(entry)])
    }

    fn last_closing(
        &self,
        contract: EntryNumber,
        (starts_at, ends_at): (Timestamp, Timestamp),
    ) -> Result<Option<EntryNumber>, StoreError> {
        let parameters = params![to_sql(contract), starts_at.as_millis(), ends_at.as_millis()];
        self.number(query::LAST_CLOSING, parameters)
    }

    fn statement_answered(
        &self,
        closing: EntryNumber,
    ) -> Result<Option<StatementAnsweredRow>, StoreError> {
        self.row(query::STATEMENT_ANSWERED, [to_sql(closing)])
    }

    fn session(&self, entry: EntryNumber) -> Result<Option<SessionRow>, StoreError> {
        self.row(query::SESSION, [to_sql(entry)])
    }

    fn session_stopped(&self, session: EntryNumber) -> Result<Option<EntryNumber>, StoreError> {
        self.number(query::SESSION_STOPPED, [to_sql(session)])
    }

    fn session_output(
        &self,
        session: EntryNumber,
        digest: &Digest,
    ) -> Result<Option<EntryNumber>, StoreError> {
        self.number(query::SESSION_OUTPUT, params![digest.as_bytes(), to_sql(session)])
    }

    fn document(&self, digest: &Digest) -> Result<bool, StoreError> {
        let found = self.one(query::HAS_DOCUMENT, [digest.as_bytes()], |_| Ok(()))?;
        Ok(found.is_some())
    }
}
