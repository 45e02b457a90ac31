//! What entries rest on: who signed them, with which keys, and every entry that they name or that a
//! rule of admission asks for.

use super::{GatherError, check_count};
use crate::admission::View as _;
use crate::evidence::MAX_ENTRIES;
use crate::record::{
    Account, Contract, Correction, Digest, EntryNumber, Form, Kind, Labelled, Licence, Payment,
    ProfitShare, Record, RecordId, SessionSteps, Statement, StatementClosed, Terms, Work,
};
use crate::royalty::SettlementSpan;
use crate::store::{EntryRow, Reader, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// Keys of one party: nobody has more.
const MAX_KEYS: usize = 1000;
/// Closings of one period: it is closed anew only after a dispute.
const MAX_CLOSINGS: usize = 1000;
/// Days of rates in one settlement period.
const MAX_DAYS: usize = 1000;

/// Entries with all that they rest on, decoded.
pub(super) struct Basis {
    pub(super) rows: BTreeMap<EntryNumber, (EntryRow, Statement)>,
    pub(super) texts: BTreeMap<Digest, String>,
}

impl Basis {
    pub(super) fn of(
        reader: &Reader<'_>,
        entries: &BTreeSet<EntryNumber>,
    ) -> Result<Self, GatherError> {
        let mut basis = Self { rows: BTreeMap::new(), texts: BTreeMap::new() };
        let mut needs = Needs { reader, found: entries.clone(), entry: EntryNumber::new(0) };
        needs.found.insert(EntryNumber::new(0));
        while let Some(entry) = needs.found.pop_first() {
            if basis.rows.contains_key(&entry) {
                continue;
            }
            check_count(basis.rows.len() + 1)?;
            let needed = "the entry";
            let row = reader.entry_row(entry)?.ok_or(StoreError::Missing { entry, needed })?;
            let statement = Statement::decode(&row.statement)?;
            needs.entry = entry;
            needs.signer(row.signer)?;
            needs.record(statement.record())?;
            if let Record::Terms(terms) = statement.record() {
                basis.texts_of(reader, entry, terms)?;
            }
            basis.rows.insert(entry, (row, statement));
        }
        Ok(basis)
    }

    fn texts_of(
        &mut self,
        reader: &Reader<'_>,
        entry: EntryNumber,
        terms: &Terms,
    ) -> Result<(), GatherError> {
        for text in &terms.texts {
            let needed = "a text of the standard form";
            let found = reader.document(&text.digest)?;
            self.texts.insert(text.digest, found.ok_or(GatherError::Missing { entry, needed })?);
        }
        Ok(())
    }
}

/// What one entry needs.
struct Needs<'a> {
    reader: &'a Reader<'a>,
    /// What was found and not yet looked at.
    found: BTreeSet<EntryNumber>,
    entry: EntryNumber,
}

impl Needs<'_> {
    /// The party that signed, and what became of its keys.
    fn signer(&mut self, signer: Option<EntryNumber>) -> Result<(), GatherError> {
        let Some(party) = signer else {
            return Ok(());
        };
        self.found.insert(party);
        for key in self.reader.keys_of(party, MAX_KEYS)? {
            self.found.insert(key.entry);
            self.found.extend(self.reader.key(&key.kid)?.and_then(|key| key.revoked_by));
        }
        Ok(())
    }

    /// The entry of a statement that is named.
    fn named(&mut self, id: &RecordId, needed: &'static str) -> Result<EntryNumber, GatherError> {
        let found = self.reader.entry_number(id)?;
        let found = found.ok_or(GatherError::Missing { entry: self.entry, needed })?;
        self.found.insert(found);
        Ok(found)
    }

    fn record(&mut self, record: &Record) -> Result<(), GatherError> {
        match record {
            Record::Ledger(_)
            | Record::Party(_)
            | Record::KeyAdded(_)
            | Record::KeyRevoked(_)
            | Record::Attestation(_)
            | Record::ExchangeRate(_) => Ok(()),
            Record::Terms(terms) => self.terms(terms),
            Record::TermsWithdrawn(withdrawn) => {
                self.named(&withdrawn.terms, "the standard form").map(drop)
            }
            Record::Contract(contract) => self.contract(contract),
            Record::Work(work) => self.work(work),
            Record::SplitAgreed(agreed) => self.named(&agreed.work, "the work").map(drop),
            Record::Assignment(assignment) => {
                let assignee = self.named(&assignment.assignee, "the assignee")?;
                self.signer(Some(assignee))?;
                self.named(&assignment.work, "the work").map(drop)
            }
            Record::Licence(licence) => self.licence(licence),
            Record::Labelled(labelled) => self.labelled(labelled),
            Record::Payment(payment) => self.payment(payment),
            Record::Confirmation(confirmation) => {
                self.named(&confirmation.payment, "the payment").map(drop)
            }
            Record::Account(account) => self.account(account),
            Record::Correction(correction) => self.correction(correction),
            Record::Opening(opening) => self.named(&opening.contract, "the contract").map(drop),
            Record::OpeningAgreed(agreed) => {
                self.named(&agreed.opening, "the opening balance").map(drop)
            }
            Record::StatementClosed(closed) => self.closed(closed),
            Record::StatementAccepted(accepted) => {
                self.named(&accepted.closing, "the closed statement").map(drop)
            }
            Record::StatementDisputed(disputed) => {
                self.named(&disputed.closing, "the closed statement").map(drop)
            }
            Record::SessionStarted(started) => match &started.contract {
                Some(contract) => self.named(contract, "the contract").map(drop),
                None => Ok(()),
            },
            Record::SessionSteps(steps) => self.steps(steps),
            Record::SessionStopped(stopped) => {
                self.named(&stopped.session, "the session").map(drop)
            }
        }
    }

    /// Work, payee, and the contract with what it was opened with; of a part of proceeds, what made its
    /// payer a holder.
    fn payment(&mut self, payment: &Payment) -> Result<(), GatherError> {
        if let Some(work) = &payment.work {
            self.named(work, "the work")?;
        }
        if let Some(payee) = &payment.payee {
            let payee = self.named(payee, "the payee")?;
            self.signer(Some(payee))?;
        }
        match (&payment.contract, &payment.work) {
            // What it was opened with says how much can be paid back.
            (Some(contract), _) => {
                let contract = self.named(contract, "the contract")?;
                if let Some(agreed) = self.reader.opening_agreed(contract)? {
                    self.found.extend([agreed.entry, agreed.opening]);
                }
                Ok(())
            }
            // Who pays holds the work, and what is given back was paid before.
            (None, Some(work)) => {
                let work = self.named(work, "the work")?;
                self.holders(work)
            }
            (None, None) => Ok(()),
        }
    }

    /// The session, and where what was rejected or selected came out of it.
    fn steps(&mut self, told: &SessionSteps) -> Result<(), GatherError> {
        let session = self.named(&told.session, "the session")?;
        for step in told.steps.iter().filter(|step| !step.act.makes()) {
            if let Some(file) = &step.file {
                self.found.extend(self.reader.session_output(session, &file.digest)?);
            }
        }
        Ok(())
    }

    /// The versions before it, its arbiter, its withdrawal.
    fn terms(&mut self, terms: &Terms) -> Result<(), GatherError> {
        let facts = self.reader.terms(self.entry)?;
        let needed = "the provider";
        let provider = facts.ok_or(GatherError::Missing { entry: self.entry, needed })?.provider;
        for version in 1..terms.version {
            self.found.extend(self.reader.terms_version(provider, &terms.slug, version)?);
        }
        if let Some(arbiter) = &terms.arbiter {
            let arbiter = self.reader.party_named(arbiter)?;
            self.signer(arbiter)?;
        }
        self.found.extend(self.reader.withdrawal_of(self.entry)?);
        Ok(())
    }

    fn contract(&mut self, contract: &Contract) -> Result<(), GatherError> {
        self.named(&contract.terms, "the standard form")?;
        if let Some(first) = &contract.amends {
            self.named(first, "the contract")?;
        }
        self.found.extend(self.reader.pool_of(self.entry)?);
        Ok(())
    }

    /// The work, who may use it, and what made its licensor a holder.
    fn licence(&mut self, licence: &Licence) -> Result<(), GatherError> {
        let work = self.named(&licence.work, "the work")?;
        if let Some(licensee) = &licence.licensee {
            let licensee = self.named(licensee, "the licensee")?;
            self.signer(Some(licensee))?;
        }
        self.holders(work)
    }

    /// The work, the agreement with whom it was provided to, and what made its signer a holder.
    fn labelled(&mut self, labelled: &Labelled) -> Result<(), GatherError> {
        let without = labelled.without_explicit.as_ref();
        if let Some(agreement) = without.and_then(|without| without.agreement.as_ref()) {
            self.named(agreement, "the agreement")?;
        }
        match &labelled.work {
            Some(work) => {
                let work = self.named(work, "the work")?;
                self.holders(work)
            }
            None => Ok(()),
        }
    }

    /// What made anybody a holder of a work before this entry.
    fn holders(&mut self, work: EntryNumber) -> Result<(), GatherError> {
        let mut bearing = self.reader.about(work, MAX_ENTRIES)?;
        if let Some(contract) = self.reader.contract_of_work(work)?.flatten() {
            for payment in self.reader.payments_under(contract, MAX_ENTRIES)? {
                if payment.work.is_none() {
                    bearing.push(payment.entry);
                    bearing.extend(self.reader.confirmation(payment.entry)?);
                }
            }
        }
        for entry in bearing {
            let bears_on_title = match self.reader.kind(entry)? {
                Some(Kind::SplitAgreed | Kind::Assignment | Kind::Payment | Kind::Confirmation) => {
                    true
                }
                Some(_) | None => false,
            };
            if bears_on_title && entry < self.entry {
                self.found.insert(entry);
            }
        }
        Ok(())
    }

    fn work(&mut self, work: &Work) -> Result<(), GatherError> {
        for creator in &work.creators {
            let party = self.named(&creator.party, "a creator")?;
            self.signer(Some(party))?;
        }
        if let Some(contract) = &work.contract {
            self.named(contract, "the contract")?;
        }
        for parent in &work.derived_from {
            self.named(&parent.work, "a work that it derives from")?;
            if let Some(licence) = &parent.licence {
                self.named(licence, "a licence")?;
            }
        }
        Ok(())
    }

    /// The works that lines name, what the contract became, and the rates of other currencies.
    fn account(&mut self, account: &Account) -> Result<(), GatherError> {
        for work in &account.works {
            self.named(work, "a work")?;
        }
        let Some(contract) = &account.contract else {
            // Who reports it holds the work.
            for work in &account.works {
                let work = self.named(work, "a work")?;
                self.holders(work)?;
            }
            return Ok(());
        };
        let contract = self.named(contract, "the contract")?;
        for amendment in self.reader.amendments_of(contract)? {
            self.found.insert(amendment.entry);
        }
        if let Some(agreed) = self.reader.opening_agreed(contract)? {
            self.found.extend([agreed.entry, agreed.opening]);
        }
        let Some(row) = self.reader.contract(contract)? else {
            return Ok(());
        };
        match self.reader.terms(row.terms)?.map(|facts| facts.terms) {
            Some(terms) => match &terms.form {
                Form::ProfitShare(clauses) => self.rates(account, clauses, row.provider),
                Form::FeeForAssignment(_) => Ok(()),
            },
            None => Ok(()),
        }
    }

    fn rates(
        &mut self,
        account: &Account,
        clauses: &ProfitShare,
        provider: EntryNumber,
    ) -> Result<(), GatherError> {
        if account.currency == clauses.currency {
            return Ok(());
        }
        let pair = (account.currency, clauses.currency);
        let days: BTreeSet<_> = account.lines.iter().map(|line| line.on.start_of_day()).collect();
        if clauses.conversion.is_none() {
            for day in days {
                let rate = self.reader.exchange_rate(provider, pair, day)?;
                self.found.extend(rate.map(|rate| rate.entry));
            }
            return Ok(());
        }
        let mut spans = BTreeSet::new();
        for day in days {
            let span = SettlementSpan::containing(clauses.period, day)?;
            spans.insert((span.start(), span.end()));
        }
        for span in spans {
            let rates = self.reader.exchange_rates(provider, pair, span, None, MAX_DAYS)?;
            self.found.extend(rates.into_iter().map(|rate| rate.entry));
        }
        Ok(())
    }

    /// Where the line stands that is reversed, and what the line in its place rests on.
    fn correction(&mut self, correction: &Correction) -> Result<(), GatherError> {
        let account = match (&correction.contract, &correction.work) {
            (Some(contract), _) => self.named(contract, "the contract")?,
            (None, Some(work)) => self.named(work, "the work")?,
            (None, None) => return Ok(()),
        };
        let reversed = self.reader.account_line(account, &correction.reference)?;
        self.found.extend(reversed.map(|line| line.entry));
        match &correction.replacement {
            Some(account) => self.account(account),
            None => Ok(()),
        }
    }

    /// What the same period was closed with before, and the answers to that.
    fn closed(&mut self, closed: &StatementClosed) -> Result<(), GatherError> {
        let contract = self.named(&closed.contract, "the contract")?;
        for earlier in
            self.reader.closings(contract, (closed.starts_at, closed.ends_at), MAX_CLOSINGS)?
        {
            if earlier.entry < self.entry {
                self.found.insert(earlier.entry);
                let answered = self.reader.statement_answered(earlier.entry)?;
                self.found.extend(answered.map(|answered| answered.entry));
            }
        }
        Ok(())
    }
}
