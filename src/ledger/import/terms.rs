//! What one contract says about the lines of a report: its clauses and their amendments, its works,
//! and the rates that its provider published. Never says which contract a line is of.

use super::Import;
use super::works::Works;
use crate::admission::{ContractRow, Refusal, View as _, opened};
use crate::intake::ReportLine;
use crate::ledger::LedgerError;
use crate::money::Currency;
use crate::record::{EntryNumber, Form, ProfitShare, RecordId, Territory, Timestamp};
use crate::store::{Reader, StoreError};
use std::collections::HashMap;

/// The contract of lines, and what it says about them.
pub(super) struct Terms {
    pub(super) contract: ContractRow,
    clauses: ProfitShare,
    /// Those of its amendments and from when on they hold, in order of effect.
    amended: Vec<(Timestamp, ProfitShare)>,
    pub(super) territory: Territory,
    pub(super) id: RecordId,
    /// The opening balance, and as of when.
    pub(super) opened: Option<(EntryNumber, Timestamp)>,
    pub(super) works: Works,
    /// Whether a rate is published for a currency and a day.
    rates: HashMap<(Currency, Timestamp), bool>,
}

impl Terms {
    /// Those of a contract by a share of profit under which the importing party owes the accounts;
    /// else the rule that is broken.
    pub(super) fn of(
        reader: &Reader<'_>,
        import: &Import<'_>,
        entry: EntryNumber,
    ) -> Result<Result<Self, Box<Refusal>>, LedgerError> {
        let missing = || StoreError::Missing { entry, needed: "contract" };
        let contract = reader.contract(entry)?.ok_or_else(missing)?;
        let terms = reader.terms(contract.terms)?.ok_or_else(missing)?;
        if let Some(first) = contract.amends {
            let refusal = Refusal::NamesAmendment { amendment: entry, contract: first };
            return Ok(Err(Box::new(refusal)));
        }
        let Form::ProfitShare(clauses) = &terms.terms.form else {
            return Ok(Err(Box::new(Refusal::NotProfitShare { contract: entry })));
        };
        let party = reader.party(contract.party)?.ok_or_else(missing)?.handle;
        if party != *import.party {
            let signer = import.party.clone();
            return Ok(Err(Box::new(Refusal::AccountsOfOther { signer, party })));
        }
        let mut amended = Vec::new();
        for row in reader.amendments_of(entry)? {
            let terms = reader.terms(row.terms)?.ok_or_else(missing)?;
            if let Form::ProfitShare(clauses) = &terms.terms.form {
                amended.push((row.effective_at, clauses.clone()));
            }
        }
        Ok(Ok(Self {
            contract,
            clauses: clauses.clone(),
            amended,
            territory: terms.terms.scope.territory,
            id: reader.statement(entry)?.id(),
            opened: opened(reader, entry)?,
            works: Works::of(entry),
            rates: HashMap::new(),
        }))
    }

    /// The clauses that hold on a day.
    pub(super) fn clauses_at(&self, on: Timestamp) -> &ProfitShare {
        let amended = self.amended.iter().rev().find(|(from, _)| *from <= on);
        amended.map_or(&self.clauses, |(_, clauses)| clauses)
    }

    /// The rule that is broken by a line in a currency for whose day no rate is published, where
    /// the rate of the day converts. No amendment changes how that is done.
    pub(super) fn check_rate(
        &mut self,
        reader: &Reader<'_>,
        line: &ReportLine,
    ) -> Result<Option<Refusal>, LedgerError> {
        let quote = self.clauses.currency;
        if line.currency == quote || self.clauses.conversion.is_some() {
            return Ok(None);
        }
        let place = (line.currency, line.on.start_of_day());
        let is_published = match self.rates.get(&place) {
            Some(known) => *known,
            None => {
                let pair = (line.currency, quote);
                let rate = reader.exchange_rate(self.contract.provider, pair, place.1)?;
                self.rates.insert(place, rate.is_some());
                rate.is_some()
            }
        };
        let day = place.1.date().to_string();
        let base = line.currency;
        Ok((!is_published).then_some(Refusal::NoExchangeRate { base, quote, day }))
    }
}
