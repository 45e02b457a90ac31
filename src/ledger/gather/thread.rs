//! Which entries concern a work, a contract or a party.

use super::{GatherError, check_count};
use crate::admission::View as _;
use crate::evidence::MAX_ENTRIES;
use crate::record::{EntryNumber, FeeUnit, Form, Kind, Pool, Record, Terms};
use crate::store::Reader;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One more than a bundle has shows that there are too many.
const LIMIT: usize = MAX_ENTRIES + 1;
/// Where more entries than that are about the contracts of one account, themselves counted, it is told
/// with the contract and not with each work under it.
const MAX_ACCOUNT_ENTRIES: usize = 4096;

/// The threads that were followed.
pub(super) struct Threads<'a> {
    reader: &'a Reader<'a>,
    concerns: BTreeSet<EntryNumber>,
    works: BTreeSet<EntryNumber>,
    contracts: BTreeSet<EntryNumber>,
}

impl<'a> Threads<'a> {
    pub(super) fn new(reader: &'a Reader<'a>) -> Self {
        let (concerns, works, contracts) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        Self { reader, concerns, works, contracts }
    }

    /// The entries, and the works whose every entry is among them.
    pub(super) fn finish(self) -> (BTreeSet<EntryNumber>, BTreeSet<EntryNumber>) {
        (self.concerns, self.works)
    }

    fn add(&mut self, entries: impl IntoIterator<Item = EntryNumber>) -> Result<(), GatherError> {
        self.concerns.extend(entries);
        check_count(self.concerns.len())
    }

    /// Everything that bears on the title of a work or names it, and who else claims its content.
    pub(super) fn work(&mut self, work: EntryNumber) -> Result<(), GatherError> {
        if !self.works.insert(work) {
            return Ok(());
        }
        self.add([work])?;
        self.add(self.reader.about(work, LIMIT)?)?;
        self.sessions(work)?;
        for conflict in self.reader.conflicts_of(work, LIMIT)? {
            self.add([conflict.entry, conflict.earlier])?;
        }
        self.attestations(work)?;
        match self.reader.contract_of_work(work)? {
            Some(Some(contract)) => self.payments_as_a_whole(contract),
            Some(None) | None => Ok(()),
        }
    }

    /// What providers attest of the files of a work.
    fn attestations(&mut self, work: EntryNumber) -> Result<(), GatherError> {
        let Record::Work(registered) = self.reader.statement(work)?.record().clone() else {
            return Ok(());
        };
        for content in &registered.contents {
            let attested = self.reader.attested_with(&content.digest, LIMIT)?;
            self.add(attested.into_iter().map(|row| row.entry))?;
        }
        Ok(())
    }

    /// The account of the contract of a work under a share of profit, which is one for all works of
    /// the contract, and of every contract of a pool: all of them are of the same two parties. Where
    /// each work has an account of its own, what names the work and what is of the contract as a whole.
    pub(super) fn account_of(&mut self, work: EntryNumber) -> Result<(), GatherError> {
        let Some(Some(contract)) = self.reader.contract_of_work(work)? else {
            return Ok(());
        };
        let first = self.reader.contract(contract)?.and_then(|row| row.amends);
        let contract = first.unwrap_or(contract);
        let terms = self.terms_of(contract)?;
        let pool = match &terms.form {
            Form::FeeForAssignment(_) => return Ok(()),
            Form::ProfitShare(share) => share.pool.as_ref(),
        };
        let is_shared = pool != Some(&Pool::Work);
        let members = self.members(contract)?;
        let (mut found, mut looked_at) = (BTreeSet::new(), 0);
        for member in &members {
            let about = self.reader.about(*member, MAX_ACCOUNT_ENTRIES + 1)?;
            looked_at += 1 + about.len();
            // Beyond, not every one was looked at.
            if looked_at > MAX_ACCOUNT_ENTRIES {
                return Ok(());
            }
            for entry in about {
                if self.reader.kind(entry)?.is_some_and(|kind| is_of_account(kind, is_shared)) {
                    found.insert(entry);
                }
            }
            // Who has the contract as well has its account whole.
            found.extend(is_shared.then_some(*member));
        }
        self.add(found)
    }

    /// The contracts that have one account: those of the pool of a contract, or itself.
    fn members(&self, contract: EntryNumber) -> Result<BTreeSet<EntryNumber>, GatherError> {
        let mut members = BTreeSet::from([contract]);
        if let Some(first) = self.reader.pool_of(contract)? {
            members.insert(first);
            members.extend(self.reader.pooled(first, LIMIT)?);
        }
        Ok(members)
    }

    fn terms_of(&self, contract: EntryNumber) -> Result<Arc<Terms>, GatherError> {
        let needed = GatherError::Missing { entry: contract, needed: "the standard form" };
        let row = self.reader.contract(contract)?;
        let terms = row.and_then(|row| self.reader.terms(row.terms).transpose()).transpose()?;
        Ok(terms.ok_or(needed)?.terms)
    }

    /// The sessions of the creators out of which the files of the work came, whole: what was rejected in
    /// them is part of how the work was made.
    fn sessions(&mut self, work: EntryNumber) -> Result<(), GatherError> {
        let creators = self.reader.work(work)?.map(|facts| facts.creators).unwrap_or_default();
        let statement = self.reader.statement(work)?;
        let Record::Work(record) = statement.record() else {
            return Ok(());
        };
        for content in &record.contents {
            for session in self.reader.sessions_with(&content.digest, LIMIT)? {
                let party = self.reader.session(session)?.map(|row| row.party);
                if creators.iter().any(|(creator, _)| Some(*creator) == party) {
                    self.add([session])?;
                    self.add(self.reader.about(session, LIMIT)?)?;
                }
            }
        }
        Ok(())
    }

    /// The payments for a contract that name no work, and so count for each.
    fn payments_as_a_whole(&mut self, contract: EntryNumber) -> Result<(), GatherError> {
        let per_work = match &self.terms_of(contract)?.form {
            Form::FeeForAssignment(fee) => fee.unit == FeeUnit::Work,
            Form::ProfitShare(_) => false,
        };
        if per_work {
            return Ok(());
        }
        for payment in self.reader.payments_under(contract, LIMIT)? {
            if payment.work.is_none() {
                self.add([payment.entry])?;
                self.add(self.reader.confirmation(payment.entry)?)?;
            }
        }
        Ok(())
    }

    /// Everything about a contract, about the one that it amends and about those that have one account
    /// with it, and all works under them.
    pub(super) fn contract(&mut self, contract: EntryNumber) -> Result<(), GatherError> {
        if self.contracts.contains(&contract) {
            return Ok(());
        }
        let first = self.reader.contract(contract)?.and_then(|row| row.amends);
        let mut contracts = self.members(first.unwrap_or(contract))?;
        contracts.insert(contract);
        contracts.into_iter().try_for_each(|contract| self.one_contract(contract))
    }

    fn one_contract(&mut self, contract: EntryNumber) -> Result<(), GatherError> {
        if !self.contracts.insert(contract) {
            return Ok(());
        }
        self.add([contract])?;
        let about = self.reader.about(contract, LIMIT)?;
        self.add(about.iter().copied())?;
        for entry in about {
            if self.reader.kind(entry)? == Some(Kind::Work) {
                self.work(entry)?;
            }
        }
        Ok(())
    }

    /// Everything that a party signed or that is about it, its contracts and its works.
    pub(super) fn party(&mut self, party: EntryNumber) -> Result<(), GatherError> {
        self.add([party])?;
        let mut entries = self.reader.about(party, LIMIT)?;
        entries.extend(self.reader.entries_by_signer(party, LIMIT)?);
        self.add(entries.iter().copied())?;
        for entry in entries {
            match self.reader.kind(entry)? {
                Some(Kind::Contract) => self.contract(entry)?,
                Some(Kind::Work) => self.work(entry)?,
                Some(Kind::Assignment) => {
                    if let Record::Assignment(assignment) = self.reader.statement(entry)?.record()
                        && let Some(work) = self.reader.entry_number(&assignment.work)?
                    {
                        self.work(work)?;
                    }
                }
                Some(_) | None => {}
            }
        }
        Ok(())
    }
}

/// Whether entries of this kind belong to the account of a contract: of one that all works share
/// (`is_shared`), or of the part of it that belongs to no work.
const fn is_of_account(kind: Kind, is_shared: bool) -> bool {
    match kind {
        Kind::Contract | Kind::Opening | Kind::OpeningAgreed => true,
        Kind::Payment
        | Kind::Confirmation
        | Kind::Account
        | Kind::Correction
        | Kind::StatementClosed
        | Kind::StatementAccepted
        | Kind::StatementDisputed => is_shared,
        Kind::Ledger
        | Kind::Party
        | Kind::KeyAdded
        | Kind::KeyRevoked
        | Kind::Terms
        | Kind::TermsWithdrawn
        | Kind::Work
        | Kind::SplitAgreed
        | Kind::Assignment
        | Kind::Licence
        | Kind::Attestation
        | Kind::Labelled
        | Kind::ExchangeRate
        | Kind::SessionStarted
        | Kind::SessionSteps
        | Kind::SessionStopped => false,
    }
}
