//! What came in for a work under a share of profit, and what others than the payee of the terms are
//! owed of it: the holders of the works that it derives from, and its co-holders of the remainder.
//! Whoever reports the accounts has the money, and owes the others their part, less what they
//! confirmed that it paid them.

use super::accounts::{MAX_ROWS, bounded};
use super::apportion::Apportioned;
use super::owed::first;
use super::title_shares::title_shares;
use super::{Accounts, AnswerError, Moments, Names, WorkLabel, json};
use crate::admission::{ContractRow, View};
use crate::money::{Amount, Currency};
use crate::record::{
    EntryNumber, Form, Handle, Kind, ProfitShare, Purpose, Record, Scope, Timestamp,
};
use crate::royalty::{self, Derivation, Derived, Holders, WorkFacts};
use crate::store::{EntryFilter, Reader, WorkFilter};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What came in for one work, and who gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WorkProceeds {
    /// The contract that has the account.
    pub contract_entry: EntryNumber,
    /// The work.
    #[serde(flatten)]
    pub work: WorkLabel,
    /// Who reports the accounts, has the money, and owes the others their part.
    #[serde(serialize_with = "json::text")]
    pub payer: Handle,
    /// The currency of every amount.
    #[serde(serialize_with = "json::text")]
    pub currency: Currency,
    /// Revenue less refunds.
    #[serde(serialize_with = "json::decimal")]
    pub received: Amount,
    /// Expenses that were reported.
    #[serde(serialize_with = "json::decimal")]
    pub expenses: Amount,
    /// What the payee of the terms earned of it.
    #[serde(serialize_with = "json::decimal")]
    pub earned: Amount,
    /// Who gets what of the rest: the holders of works that it derives from, then its own. Empty
    /// where it cannot be divided.
    pub parts: Vec<ProceedsPart>,
    /// The works whose rights are held in different shares, so that nothing can be divided.
    pub undivided: Vec<EntryNumber>,
    /// How it came about.
    pub derivation: Option<Derivation>,
}

/// What one party gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProceedsPart {
    /// Who.
    #[serde(serialize_with = "json::text")]
    pub payee: Handle,
    /// On what ground.
    pub ground: PartGround,
    /// The work of which it holds a share.
    pub holds: WorkLabel,
    /// How much; below zero where expenses and what was earned exceed what came in.
    #[serde(serialize_with = "json::decimal")]
    pub amount: Amount,
    /// What the payer paid of it, as confirmed; nothing for the payer's own part, which it has.
    #[serde(serialize_with = "json::optional_decimal")]
    pub paid: Option<Amount>,
    /// The part less what was paid; below zero where too much was.
    #[serde(serialize_with = "json::optional_decimal")]
    pub owed: Option<Amount>,
}

/// Why a party gets a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartGround {
    /// It holds a work from which the other derives under a licence.
    Licence,
    /// It holds the work itself.
    Title,
}

/// What came in for works and is owed to others than the payee of the terms: about a party (of what
/// others owe it, its own parts alone), a contract or a work, or under every contract. A work whose only holder reports the accounts, and
/// that derives from no other, is left out: nobody else is owed anything.
///
/// # Errors
/// A ledger that cannot be read; figures out of range.
pub fn proceeds(
    reader: &Reader<'_>,
    about: Option<EntryNumber>,
    moments: Moments,
) -> Result<Vec<WorkProceeds>, AnswerError> {
    let names = Names::new(reader);
    let accounts = Accounts::new(reader, moments)?;
    let question = Question { names, moments, accounts };
    let kind = match about {
        Some(entry) => View::kind(reader, entry)?.map(|kind| (entry, kind)),
        None => None,
    };
    let mut found = Vec::new();
    for (contract, works) in question.asked(kind)? {
        question.contract(contract, works.as_ref(), &mut found)?;
    }
    if let Some((party, Kind::Party)) = kind {
        let party = question.names.handle(party)?;
        for work in found.iter_mut().filter(|work| work.payer != party) {
            work.parts.retain(|part| part.payee == party);
        }
        found.retain(|work| work.payer == party || !work.parts.is_empty());
    }
    Ok(found)
}

struct Question<'a> {
    names: Names<'a>,
    moments: Moments,
    accounts: Accounts<'a>,
}

/// The contracts that have the accounts, and which works of each; all, where none are named.
type Asked = BTreeMap<EntryNumber, Option<BTreeSet<EntryNumber>>>;

impl Question<'_> {
    fn asked(&self, about: Option<(EntryNumber, Kind)>) -> Result<Asked, AnswerError> {
        let reader = self.names.reader();
        match about {
            Some((work, Kind::Work)) => self.of_works(&self.with_derived(BTreeSet::from([work]))?),
            Some((party, Kind::Party)) => {
                // Whatever made the party a holder names it, or its contract.
                let mut works = BTreeSet::new();
                for named in bounded(reader.given_title_by(party, MAX_ROWS + 1)?, "entries")? {
                    works.extend(self.work_of(named)?);
                }
                let own = bounded(reader.contracts_of(party, MAX_ROWS + 1)?, "contracts")?;
                for row in &own {
                    let derived = reader.derived_from_those_under(row.entry, MAX_ROWS + 1)?;
                    works.extend(bounded(derived, "works that derive from one")?);
                }
                works.retain(|work| self.accounts.is_known(*work));
                let mut asked = self.of_works(&self.with_derived(works)?)?;
                for row in own {
                    asked.insert(first(&self.names, row.entry)?.entry, None);
                }
                Ok(asked)
            }
            Some((contract, _)) => Ok(Asked::from([(first(&self.names, contract)?.entry, None)])),
            None => {
                let filter = EntryFilter {
                    kind: Some(Kind::Contract),
                    to: Some(self.moments.known_at),
                    ..EntryFilter::newest(MAX_ROWS + 1)
                };
                let rows = bounded(reader.entry_list(&filter)?, "contracts")?;
                rows.iter().map(|row| Ok((first(&self.names, row.number)?.entry, None))).collect()
            }
        }
    }

    /// The work that an entry registers or assigns.
    fn work_of(
        &self,
        (entry, kind): (EntryNumber, Kind),
    ) -> Result<Option<EntryNumber>, AnswerError> {
        if kind == Kind::Work {
            return Ok(Some(entry));
        }
        let statement = self.names.reader().statement(entry)?;
        let Record::Assignment(assignment) = statement.record() else {
            return Ok(None);
        };
        self.names.entry(assignment.work).map(Some)
    }

    fn works_under(&self, contract: EntryNumber) -> Result<Vec<EntryNumber>, AnswerError> {
        let filter = WorkFilter { contract: Some(contract), ..WorkFilter::first(MAX_ROWS + 1) };
        let works = bounded(self.names.reader().works(&filter)?, "works")?;
        let works = works.iter().map(|work| work.entry);
        Ok(works.filter(|work| self.accounts.is_known(*work)).collect())
    }

    /// The works and all that derive from them, directly or not.
    fn with_derived(
        &self,
        mut works: BTreeSet<EntryNumber>,
    ) -> Result<BTreeSet<EntryNumber>, AnswerError> {
        let mut waiting: Vec<EntryNumber> = works.iter().copied().collect();
        while let Some(work) = waiting.pop() {
            let derived = self.names.reader().derived_from(work, MAX_ROWS + 1)?;
            for child in bounded(derived, "works that derive from one")? {
                if self.accounts.is_known(child) && works.insert(child) {
                    waiting.push(child);
                }
            }
        }
        Ok(works)
    }

    /// Which of the works have which account.
    fn of_works(&self, works: &BTreeSet<EntryNumber>) -> Result<Asked, AnswerError> {
        let mut accounts: BTreeMap<EntryNumber, EntryNumber> = BTreeMap::new();
        let mut asked: BTreeMap<EntryNumber, BTreeSet<EntryNumber>> = BTreeMap::new();
        for work in works {
            let contract = View::contract_of_work(self.names.reader(), *work)?.flatten();
            let Some(contract) = contract else { continue };
            let account = match accounts.get(&contract) {
                Some(account) => *account,
                None => first(&self.names, contract)?.entry,
            };
            accounts.insert(contract, account);
            asked.entry(account).or_default().insert(*work);
        }
        Ok(asked.into_iter().map(|(contract, works)| (contract, Some(works))).collect())
    }

    fn contract(
        &self,
        contract: EntryNumber,
        asked: Option<&BTreeSet<EntryNumber>>,
        found: &mut Vec<WorkProceeds>,
    ) -> Result<(), AnswerError> {
        let row = self.names.contract(contract)?;
        if !self.accounts.is_known(contract) || row.effective_at > self.moments.as_of {
            return Ok(());
        }
        let terms = self.names.terms(row.terms)?.terms;
        let Form::ProfitShare(share) = &terms.form else {
            return Ok(());
        };
        let members = self.accounts.accounted_with(&row)?;
        let (party, as_of, limit) = (row.party, self.moments.as_of, MAX_ROWS + 1);
        let mut graphs = Vec::new();
        for member in &members {
            // Of most works nobody else has a part, which their rows say.
            let shared = self.names.reader().shared_under(*member, party, as_of, limit)?;
            for work in bounded(shared, "works")? {
                if self.accounts.is_known(work) && asked.is_none_or(|asked| asked.contains(&work)) {
                    graphs.extend(self.graph(work, &row, terms.scope)?);
                }
            }
        }
        if graphs.is_empty() {
            return Ok(());
        }
        let mut works = Vec::new();
        for member in members {
            works.extend(self.works_under(member)?);
        }
        let only = match works.as_slice() {
            [work] => Some(*work),
            [] | [_, ..] => None,
        };
        let holders = graphs.iter().flat_map(|graph: &Graph| graph.holders.values().flatten());
        let changes: Vec<Timestamp> = holders.map(|holders| holders.from).collect();
        let account = Apportioned::by_work(&self.accounts, (&row, share), only, &changes)?;
        for graph in graphs {
            found.push(self.work(&row, share, &account, graph)?);
        }
        Ok(())
    }

    /// The licences and holders that bear on a work; nothing where its only holder is the party.
    fn graph(
        &self,
        work: EntryNumber,
        contract: &ContractRow,
        scope: Scope,
    ) -> Result<Option<Graph>, AnswerError> {
        let mut graph =
            Graph { work, licences: Vec::new(), holders: BTreeMap::new(), undivided: Vec::new() };
        let own = title_shares(&self.names, work, &[scope], self.moments)?;
        let mut scopes: BTreeMap<EntryNumber, Vec<Scope>> = BTreeMap::new();
        let mut waiting = vec![work];
        let mut seen = BTreeSet::from([work]);
        while let Some(child) = waiting.pop() {
            for derived in View::derived(self.names.reader(), child)? {
                if seen.insert(derived.parent) {
                    waiting.push(derived.parent);
                }
                graph.licences.push(derived);
            }
            self.licensed(child, &mut scopes)?;
        }
        let is_alone = |own: &Vec<Holders>| {
            own.iter().all(|it| it.shares.iter().all(|(holder, _)| *holder == contract.party))
        };
        if graph.licences.is_empty() && own.as_ref().is_some_and(is_alone) {
            return Ok(None);
        }
        let shares = royalty::derivative_shares(work, &graph.licences)?;
        let ancestors = shares.iter().skip(1).filter(|share| !share.share.is_zero());
        let ancestors: BTreeSet<EntryNumber> = ancestors.map(|share| share.work).collect();
        graph.take(work, own);
        for (ancestor, scopes) in scopes.iter().filter(|(it, _)| ancestors.contains(it)) {
            graph.take(*ancestor, title_shares(&self.names, *ancestor, scopes, self.moments)?);
        }
        Ok(Some(graph))
    }

    /// The rights that the licences of a work name, by the works that it derives from.
    fn licensed(
        &self,
        child: EntryNumber,
        scopes: &mut BTreeMap<EntryNumber, Vec<Scope>>,
    ) -> Result<(), AnswerError> {
        let statement = self.names.reader().statement(child)?;
        let Record::Work(work) = statement.record() else {
            return Ok(());
        };
        for parent in &work.derived_from {
            let Some(licence) = parent.licence else { continue };
            let licence = self.names.reader().statement(self.names.entry(licence)?)?;
            if let Record::Licence(licence) = licence.record() {
                let scopes = scopes.entry(self.names.entry(parent.work)?).or_default();
                if !scopes.contains(&licence.scope) {
                    scopes.push(licence.scope);
                }
            }
        }
        Ok(())
    }

    fn work(
        &self,
        contract: &ContractRow,
        share: &ProfitShare,
        account: &Apportioned<EntryNumber>,
        graph: Graph,
    ) -> Result<WorkProceeds, AnswerError> {
        let Graph { work, licences, holders, undivided } = graph;
        let zero = Amount::zero(share.currency);
        let mut answer = WorkProceeds {
            contract_entry: contract.entry,
            work: self.names.work_label(work)?,
            payer: self.names.handle(contract.party)?,
            currency: share.currency,
            received: zero,
            expenses: zero,
            earned: zero,
            parts: Vec::new(),
            undivided,
            derivation: None,
        };
        if !answer.undivided.is_empty() {
            return Ok(answer);
        }
        let facts = WorkFacts {
            work,
            received: account.received(Some(work)),
            licences: &licences,
            holders: &holders,
            charges: &account.charges(Some(work)),
            currency: share.currency,
            rounding: share.rounding,
            split: share.split,
        };
        let proceeds = royalty::proceeds(&facts)?;
        answer.received = proceeds.received;
        answer.expenses = proceeds.expenses;
        answer.earned = proceeds.earned;
        for part in &proceeds.licensed {
            let key = (part.holder, PartGround::Licence, part.work, part.amount);
            answer.parts.push(self.part(key)?);
        }
        for part in &proceeds.parts {
            let key = (part.holder, PartGround::Title, work, part.remainder);
            answer.parts.push(self.part(key)?);
        }
        answer.derivation = Some(proceeds.derivation);
        self.apply(&mut answer, self.paid(work)?)?;
        Ok(answer)
    }

    fn part(
        &self,
        (holder, ground, work, amount): (EntryNumber, PartGround, EntryNumber, Amount),
    ) -> Result<ProceedsPart, AnswerError> {
        let payee = self.names.handle(holder)?;
        let holds = self.names.work_label(work)?;
        Ok(ProceedsPart { payee, ground, holds, amount, paid: None, owed: None })
    }

    /// What was paid of the proceeds of a work, by payee.
    fn paid(&self, work: EntryNumber) -> Result<BTreeMap<EntryNumber, i128>, AnswerError> {
        let reader = self.names.reader();
        let mut paid = BTreeMap::new();
        let Some(contract) = View::contract_of_work(reader, work)?.flatten() else {
            return Ok(paid);
        };
        let rows = reader.confirmations(contract, Some(work), MAX_ROWS + 1)?;
        for row in bounded(rows, "payments")? {
            let counts = row.purpose == Some(Purpose::Proceeds)
                && self.accounts.is_known(row.entry)
                && row.effective_at <= self.moments.as_of;
            if counts {
                let payee = self.names.payment(row.payment)?.payee;
                *paid.entry(payee).or_insert(0) += i128::from(row.minor);
            }
        }
        Ok(paid)
    }

    /// Lets payments pay the parts of their payee in the order in which they stand; what is more than
    /// all of them stands with the last. Who has no part, and was paid, gets one of nothing.
    fn apply(
        &self,
        answer: &mut WorkProceeds,
        paid: BTreeMap<EntryNumber, i128>,
    ) -> Result<(), AnswerError> {
        let work = answer.work.entry;
        let mut left: BTreeMap<String, i128> = BTreeMap::new();
        for (payee, minor) in paid {
            let handle = self.names.handle(payee)?;
            if !answer.parts.iter().any(|part| part.payee == handle) {
                let zero = Amount::zero(answer.currency);
                answer.parts.push(self.part((payee, PartGround::Title, work, zero))?);
            }
            left.insert(handle.to_string(), minor);
        }
        for place in 0..answer.parts.len() {
            let (before, after) = answer.parts.split_at_mut(place + 1);
            let Some(part) = before.last_mut().filter(|part| part.payee != answer.payer) else {
                continue;
            };
            let is_last = !after.iter().any(|later| later.payee == part.payee);
            let rest = left.entry(part.payee.to_string()).or_insert(0);
            let used = if is_last { *rest } else { (*rest).min(part.amount.minor().max(0)) };
            *rest -= used;
            let used = Amount::new(used, answer.currency)?;
            part.owed = Some(part.amount.checked_sub(used)?);
            part.paid = Some(used);
        }
        Ok(())
    }
}

/// A work with the licences and holders that bear on what comes in for it.
struct Graph {
    work: EntryNumber,
    licences: Vec<Derived>,
    holders: BTreeMap<EntryNumber, Vec<Holders>>,
    undivided: Vec<EntryNumber>,
}

impl Graph {
    fn take(&mut self, work: EntryNumber, holders: Option<Vec<Holders>>) {
        match holders {
            Some(holders) => {
                self.holders.insert(work, holders);
            }
            None => self.undivided.push(work),
        }
    }
}
