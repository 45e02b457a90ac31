//! The money of a case: for each contract what is earned, due, paid and owed, and each payment with
//! its confirmation, by the same engine as the ledger's, from the entries that are here.

use super::{Case, CaseError};
use crate::admission::{
    AccountLineFacts, ConfirmationRow, ContractRow, PaymentRow, View, advances, fee_payments,
    line_event, line_facts, opening_balance, receipts, reported,
};
use crate::money::{Amount, Currency};
use crate::narration::{ContractLabel, Moments, Naming, WorkLabel};
use crate::record::{
    EntryNumber, Fee, FeeUnit, Form, Handle, Pool, ProfitShare, Purpose, Reference, Terms,
    Territory, Timestamp, Vesting,
};
use crate::royalty::{
    self, Account, Categories, Event, ExchangeRate, Facts, FeeObligation, Line, RateTable, Version,
};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// Lines of account of one contract that are taken into memory.
const MAX_LINES: usize = 2_000_000;

/// What is owed under one contract, from the entries that are here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseAccount {
    /// The contract.
    pub contract: ContractLabel,
    /// `fee-for-assignment` or `profit-share`.
    pub form: &'static str,
    /// For each work that is accounted for by itself one line, else one line.
    pub lines: Vec<Line>,
    /// Every payment, in order of entries.
    pub payments: Vec<CasePayment>,
}

/// A payment as its payer reported it, and whether its payee confirmed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePayment {
    /// The report.
    pub entry: EntryNumber,
    /// Who paid.
    pub payer: Handle,
    /// Whom.
    pub payee: Handle,
    /// How much.
    pub amount: Amount,
    /// What for, other than what the terms ask for.
    pub purpose: Option<Purpose>,
    /// For which work, where it was for one.
    pub work: Option<WorkLabel>,
    /// The payer's reference.
    pub reference: Reference,
    /// When, as the payer says.
    pub on: Timestamp,
    /// The entry in which the payee confirmed it, and when it arrived as the payee says.
    pub confirmed: Option<(EntryNumber, Timestamp)>,
}

/// How much of a contract evidence tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContractTold {
    /// Nothing: it is somebody else's affair.
    Nothing,
    /// What was agreed: its account rests on entries that are not all here.
    Terms,
    /// That, and its account: whole, or, where each work has an account of its own, of the works whose
    /// every entry is here.
    Account,
}

impl Case {
    /// How much of a contract is told by evidence in which everything is there that concerns these
    /// entries and these works.
    ///
    /// # Errors
    /// An entry that is not here, or is no contract.
    pub fn told(
        &self,
        contract: EntryNumber,
        concerns: &BTreeSet<EntryNumber>,
        works: &BTreeSet<EntryNumber>,
    ) -> Result<ContractTold, CaseError> {
        if concerns.contains(&contract) {
            return Ok(ContractTold::Account);
        }
        let mut is_under = false;
        for work in works {
            is_under |= self.view().contract_of_work(*work)? == Some(Some(contract));
        }
        if !is_under {
            return Ok(ContractTold::Nothing);
        }
        let terms = self.terms_of(&self.contract(contract)?)?;
        let is_of_each_work = match &terms.form {
            Form::FeeForAssignment(_) => true,
            Form::ProfitShare(share) => share.pool == Some(Pool::Work),
        };
        Ok(if is_of_each_work { ContractTold::Account } else { ContractTold::Terms })
    }

    /// What is owed under a contract at a moment, as known at another; nothing where it was not yet
    /// made or not yet known, and for one whose account is that of another ([`Case::accounted_under`]).
    ///
    /// # Errors
    /// An entry that is not here, or is no contract; figures that the engine refuses.
    pub fn account(
        &self,
        contract: EntryNumber,
        moments: Moments,
    ) -> Result<Option<CaseAccount>, CaseError> {
        let row = self.contract(contract)?;
        let is_known = self.is_known(contract, moments);
        let is_of_other = self.accounted_under(contract)? != contract;
        if is_of_other || !is_known || row.effective_at > moments.as_of {
            return Ok(None);
        }
        let Account { lines } = self.computed(&row, moments)?;
        let members = self.members(contract, moments)?;
        let payments = self.rows().payments.iter();
        let payments = payments.filter(|payment| members.contains(&payment.contract));
        let known = payments.filter(|payment| self.is_known(payment.entry, moments));
        Ok(Some(CaseAccount {
            contract: self.contract_label(contract)?,
            form: self.terms_of(&row)?.form.name(),
            lines,
            payments: known.map(|row| self.reported(row, moments)).collect::<Result<_, _>>()?,
        }))
    }

    /// The contract whose account holds what is reported under this one: of an amendment the one that it
    /// amends, of a contract of a pool the one that named the pool first, else itself.
    ///
    /// # Errors
    /// An entry that is not here, or is no contract.
    pub fn accounted_under(&self, contract: EntryNumber) -> Result<EntryNumber, CaseError> {
        let first = self.contract(contract)?.amends.unwrap_or(contract);
        Ok(self.view().pool_of(first)?.unwrap_or(first))
    }

    /// The contracts that are accounted for together with one: those of its pool, or itself.
    fn members(
        &self,
        contract: EntryNumber,
        moments: Moments,
    ) -> Result<BTreeSet<EntryNumber>, CaseError> {
        let mut members = BTreeSet::from([contract]);
        for row in &self.rows().contracts {
            let is_of_it = self.view().pool_of(row.entry)? == Some(contract);
            if is_of_it && self.is_known(row.entry, moments) {
                members.insert(row.entry);
            }
        }
        Ok(members)
    }

    pub(super) fn terms_of(&self, contract: &ContractRow) -> Result<Arc<Terms>, CaseError> {
        let missing = CaseError::Missing { entry: contract.terms, needed: "terms" };
        Ok(View::terms(self.view(), contract.terms)?.ok_or(missing)?.terms)
    }

    /// The account of a contract that has one of its own, by the engine.
    pub(super) fn computed(
        &self,
        contract: &ContractRow,
        moments: Moments,
    ) -> Result<Account, CaseError> {
        let terms = self.terms_of(contract)?;
        match &terms.form {
            Form::FeeForAssignment(fee) => self.fee((fee, terms.vesting), contract, moments),
            Form::ProfitShare(share) => {
                self.profit_share(share, (contract, terms.scope.territory), moments)
            }
        }
    }

    pub(super) fn is_known(&self, entry: EntryNumber, moments: Moments) -> bool {
        self.registered_at(entry).is_ok_and(|at| at <= moments.known_at)
    }

    fn reported(&self, row: &PaymentRow, moments: Moments) -> Result<CasePayment, CaseError> {
        let of =
            |it: &&ConfirmationRow| it.payment == row.entry && self.is_known(it.entry, moments);
        let confirmed = self.rows().confirmations.iter().find(of);
        Ok(CasePayment {
            entry: row.entry,
            payer: self.handle(row.payer)?,
            payee: self.handle(row.payee)?,
            amount: Amount::new(i128::from(row.minor), row.currency)?,
            purpose: row.purpose,
            work: row.work.map(|work| self.work_label(work)).transpose()?,
            reference: row.reference.clone(),
            on: row.effective_at,
            confirmed: confirmed.map(|row| (row.entry, row.effective_at)),
        })
    }

    /// The confirmed payments under these contracts that count, in order of effect.
    fn confirmed(
        &self,
        contracts: &BTreeSet<EntryNumber>,
        moments: Moments,
    ) -> Vec<ConfirmationRow> {
        let counts = |row: &&ConfirmationRow| {
            contracts.contains(&row.contract)
                && self.is_known(row.entry, moments)
                && row.effective_at <= moments.as_of
        };
        let mut rows: Vec<_> = self.rows().confirmations.iter().filter(counts).cloned().collect();
        rows.sort_by_key(|row| (row.effective_at, row.entry));
        rows
    }

    fn fee(
        &self,
        (fee, vesting): (&Fee, Vesting),
        contract: &ContractRow,
        moments: Moments,
    ) -> Result<Account, CaseError> {
        let entry = contract.entry;
        let mut obligations = Vec::new();
        match fee.unit {
            FeeUnit::Contract => {
                let from = contract.effective_at;
                obligations.push(FeeObligation { entry, work: None, from });
            }
            FeeUnit::Work => {
                for work in self.view().works_under(entry)? {
                    if self.is_known(work, moments) {
                        let from = self.work(work)?.effective_at;
                        obligations.push(FeeObligation { entry: work, work: Some(work), from });
                    }
                }
            }
        }
        let payments = self.confirmed(&BTreeSet::from([entry]), moments);
        let (receipts, refunds) = fee_payments((fee, vesting), &payments)?;
        Ok(royalty::fee(fee, &obligations, &receipts, &refunds, moments.as_of)?)
    }

    fn profit_share(
        &self,
        share: &ProfitShare,
        (contract, territory): (&ContractRow, Territory),
        moments: Moments,
    ) -> Result<Account, CaseError> {
        let amended = self.amended(contract.entry, moments)?;
        let members = self.members(contract.entry, moments)?;
        let (mut categories, mut events) = (Categories::default(), Vec::new());
        for line in self.lines(&members, moments)? {
            events.push(line_event(&line, &mut categories)?);
        }
        let payments = self.confirmed(&members, moments);
        let agreed = self
            .rows()
            .openings_agreed
            .iter()
            .find(|row| row.contract == contract.entry && self.is_known(row.entry, moments));
        let opening = agreed
            .and_then(|agreed| self.rows().openings.iter().find(|row| row.entry == agreed.opening));
        let opening = opening.filter(|row| row.effective_at <= moments.as_of);
        let (receipts, given_back) = receipts(&payments, opening)?;
        let opening = opening.map(|row| opening_balance(row, given_back)).transpose()?;
        let facts = Facts {
            start: contract.effective_at,
            territory: Some(territory),
            categories: &categories,
            events: &events,
            advances: &advances(&payments)?,
            opening: opening.as_ref(),
            receipts: &receipts,
            rates: &self.rates(share, contract, &events, moments)?,
        };
        let mut versions = vec![Version { from: contract.effective_at, clauses: share }];
        versions.extend(amended.iter().map(|(from, clauses)| Version { from: *from, clauses }));
        Ok(royalty::profit_share(&versions, &facts, moments.as_of)?)
    }

    /// The clauses of the amendments that are known, in order of effect.
    fn amended(
        &self,
        contract: EntryNumber,
        moments: Moments,
    ) -> Result<Vec<(Timestamp, ProfitShare)>, CaseError> {
        let mut amended = Vec::new();
        let rows = self.rows().contracts.iter().filter(|row| row.amends == Some(contract));
        for row in rows {
            if !self.is_known(row.entry, moments) || row.effective_at > moments.as_of {
                continue;
            }
            let terms = View::terms(self.view(), row.terms)?;
            if let Some(Form::ProfitShare(clauses)) = terms.map(|facts| facts.terms.form.clone()) {
                amended.push((row.effective_at, clauses));
            }
        }
        amended.sort_by_key(|(from, _)| *from);
        Ok(amended)
    }

    /// The lines of account that are known, not reversed and in effect.
    fn lines(
        &self,
        contracts: &BTreeSet<EntryNumber>,
        moments: Moments,
    ) -> Result<Vec<AccountLineFacts>, CaseError> {
        let reversals =
            self.rows().corrections.iter().filter(|row| {
                contracts.contains(&row.contract) && self.is_known(row.entry, moments)
            });
        let reversed: HashSet<(EntryNumber, u32)> =
            reversals.map(|row| (row.reversed, row.line)).collect();
        let mut found = Vec::new();
        let accounts = self.rows().accounts.iter();
        let accounts = accounts.filter(|row| contracts.contains(&row.contract));
        for row in accounts.filter(|row| self.is_known(row.entry, moments)) {
            let missing = CaseError::Missing { entry: row.entry, needed: "an account" };
            let account = reported(self.statement(row.entry)?).ok_or(missing)?;
            let works = account.works.iter().map(|work| self.entry(*work));
            let works = works.collect::<Result<Vec<_>, _>>()?;
            let lines = (0..).zip(&account.lines).filter(|(place, line)| {
                line.on <= moments.as_of && !reversed.contains(&(row.entry, *place))
            });
            found.extend(lines.map(|(place, line)| {
                line_facts((row.entry, place), row.contract, account, line, &works)
            }));
            if found.len() > MAX_LINES {
                let what = "lines of account";
                return Err(CaseError::TooManyRows { what, limit: MAX_LINES });
            }
        }
        found.sort_by_key(|line| line.effective_at);
        Ok(found)
    }

    /// The rates that the provider published for the currencies of the events.
    fn rates(
        &self,
        share: &ProfitShare,
        contract: &ContractRow,
        events: &[Event],
        moments: Moments,
    ) -> Result<RateTable, CaseError> {
        let foreign: BTreeSet<Currency> = events.iter().map(|event| event.currency).collect();
        let mut table = RateTable::new();
        let rows = self.rows().rates.iter().filter(|row| {
            row.publisher == contract.provider
                && row.quote == share.currency
                && foreign.contains(&row.base)
                && row.day <= moments.as_of
                && self.is_known(row.entry, moments)
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by_key(|row| (row.base.code(), row.day));
        for row in rows {
            table.add(ExchangeRate {
                entry: row.entry,
                from: row.base,
                to: row.quote,
                on: row.day.date(),
                rate: row.rate.as_fraction()?,
            })?;
        }
        Ok(table)
    }
}
