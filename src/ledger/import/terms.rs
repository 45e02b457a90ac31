//! What one account says about the lines of a report: a contract its clauses and their amendments, its
//! works, and the rates that its provider published; a work that no share of profit is owed of when it was
//! made. Never says which account a line is of.

use super::Import;
use super::works::Works;
use crate::admission::{
    ContractRow, Refusal, View as _, check_account_line, check_territory, check_work_line, holds,
    opened,
};
use crate::intake::ReportLine;
use crate::ledger::LedgerError;
use crate::money::Currency;
use crate::record::{EntryNumber, Form, Kind, ProfitShare, RecordId, Territory, Timestamp};
use crate::store::{Reader, StoreError};
use std::collections::HashMap;

/// The account of lines, and what it says about them.
pub(super) struct Terms {
    /// The contract, or the work that has an account of its own.
    pub(super) entry: EntryNumber,
    pub(super) id: RecordId,
    pub(super) works: Works,
    rules: Rules,
}

/// What lines have to keep to.
enum Rules {
    /// Those of a contract by a share of profit.
    Contract(Box<Clauses>),
    /// Those of a work by itself: when it was made.
    Work(Timestamp),
}

/// What a contract says.
struct Clauses {
    contract: ContractRow,
    clauses: ProfitShare,
    /// Those of its amendments and from when on they hold, in order of effect.
    amended: Vec<(Timestamp, ProfitShare)>,
    territory: Territory,
    /// The opening balance, and as of when.
    opened: Option<(EntryNumber, Timestamp)>,
    /// Whether a rate is published for a currency and a day.
    rates: HashMap<(Currency, Timestamp), bool>,
}

type Ruled<T> = Result<Result<T, Box<Refusal>>, LedgerError>;

impl Terms {
    /// Those of a contract by a share of profit under which the importing party owes the accounts, or of a
    /// work under none of which it holds or held a share; else the rule that is broken.
    pub(super) fn of(reader: &Reader<'_>, import: &Import<'_>, entry: EntryNumber) -> Ruled<Self> {
        match reader.kind(entry)? {
            Some(Kind::Work) => Self::of_work(reader, import, entry),
            Some(_) | None => Self::of_contract(reader, import, entry),
        }
    }

    fn of_work(reader: &Reader<'_>, import: &Import<'_>, entry: EntryNumber) -> Ruled<Self> {
        let missing = |needed| StoreError::Missing { entry, needed };
        let work = reader.work(entry)?.ok_or_else(|| missing("work"))?;
        if let Some(contract) = by_share(reader, entry)? {
            let refusal = Refusal::AccountOfContract { work: entry, contract };
            return Ok(Err(Box::new(refusal)));
        }
        let party = reader.party_named(import.party)?.ok_or_else(|| missing("party"))?;
        if !holds(reader, &work, party)? {
            let refusal = Refusal::ProceedsOfOther { party: import.party.clone(), work: entry };
            return Ok(Err(Box::new(refusal)));
        }
        let id = reader.statement(entry)?.id();
        let rules = Rules::Work(work.effective_at);
        Ok(Ok(Self { entry, id, works: Works::only(entry), rules }))
    }

    fn of_contract(reader: &Reader<'_>, import: &Import<'_>, entry: EntryNumber) -> Ruled<Self> {
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
        let rules = Rules::Contract(Box::new(Clauses {
            contract,
            clauses: clauses.clone(),
            amended,
            territory: terms.terms.scope.territory,
            opened: opened(reader, entry)?,
            rates: HashMap::new(),
        }));
        let id = reader.statement(entry)?.id();
        Ok(Ok(Self { entry, id, works: Works::of(entry), rules }))
    }

    /// The work whose own account it is; none where it is that of a contract.
    pub(super) const fn own_work(&self) -> Option<(EntryNumber, RecordId)> {
        match self.rules {
            Rules::Contract(_) => None,
            Rules::Work(_) => Some((self.entry, self.id)),
        }
    }

    /// The rule that a line breaks, if it breaks one.
    pub(super) fn check(
        &mut self,
        reader: &Reader<'_>,
        line: &ReportLine,
        registered_at: Timestamp,
    ) -> Ruled<()> {
        let rules = match &mut self.rules {
            Rules::Work(made_at) => {
                let work = (self.entry, *made_at);
                return Ok(check_work_line(line.on, work, registered_at));
            }
            Rules::Contract(rules) => rules,
        };
        if let Some(refusal) = rules.check_rate(reader, line)? {
            return Ok(Err(Box::new(refusal)));
        }
        let what = (line.kind, &line.category, line.on);
        let contract = (&rules.contract, rules.opened);
        Ok(check_account_line(what, rules.clauses_at(line.on), contract, registered_at)
            .and_then(|()| check_territory(line.territory, rules.territory)))
    }
}

/// The contract by a share of profit under which a work was made.
pub(super) fn by_share(
    reader: &Reader<'_>,
    work: EntryNumber,
) -> Result<Option<EntryNumber>, LedgerError> {
    let Some(contract) = reader.contract_of_work(work)?.flatten() else { return Ok(None) };
    let missing = |needed| StoreError::Missing { entry: contract, needed };
    let row = reader.contract(contract)?.ok_or_else(|| missing("contract"))?;
    let terms = reader.terms(row.terms)?.ok_or_else(|| missing("terms"))?;
    Ok(match &terms.terms.form {
        Form::ProfitShare(_) => Some(contract),
        Form::FeeForAssignment(_) => None,
    })
}

impl Clauses {
    /// The clauses that hold on a day.
    fn clauses_at(&self, on: Timestamp) -> &ProfitShare {
        let amended = self.amended.iter().rev().find(|(from, _)| *from <= on);
        amended.map_or(&self.clauses, |(_, clauses)| clauses)
    }

    /// The rule that is broken by a line in a currency for whose day no rate is published, where
    /// the rate of the day converts. No amendment changes how that is done.
    fn check_rate(
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
