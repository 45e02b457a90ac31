//! What came in for a work, and what others than the payee of the terms are owed of it: the holders of
//! the works that it derives from, and its co-holders of the remainder. Whoever reports the accounts has
//! the money, and owes the others their part, less what they confirmed that it paid them; and who
//! receives a part for a work owes of it to the holders of works that this one derives from.

use super::accounts::{MAX_ROWS, bounded};
use super::apportion::Apportioned;
use super::owed::first;
use super::passed_on::Passing;
use super::proceeds_paid::settle;
use super::title_shares::title_shares;
use super::work_account::work_accounts;
use super::{Accounts, AnswerError, Moments, Names, WorkLabel, json};
use crate::admission::View;
use crate::money::{Amount, Currency, Rounding, SplitRule};
use crate::record::{EntryNumber, Form, Handle, Kind, Record, Scope, Timestamp};
use crate::royalty::{self, Called, Charge, Derivation, Derived, Holders, Received, WorkFacts};
use crate::store::{EntryFilter, Reader, WorkFilter};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What came in for one work, and who gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WorkProceeds {
    /// The contract that has the account; none where the work has an account of its own, or the money
    /// came from holders of other works.
    pub contract_entry: Option<EntryNumber>,
    /// Where the money came from.
    pub source: ProceedsSource,
    /// The work.
    #[serde(flatten)]
    pub work: WorkLabel,
    /// Who reports the accounts or received the parts, has the money, and owes the others their part.
    #[serde(serialize_with = "json::text")]
    pub payer: Handle,
    /// The currency of every amount.
    #[serde(serialize_with = "json::text")]
    pub currency: Currency,
    /// Revenue less refunds; or all that its holder is owed for works made of it.
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

/// Where the money came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProceedsSource {
    /// What the lines of an account say.
    Account,
    /// What holders of works that were made of this one owe under its licences.
    Licences,
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
/// others owe it, its own parts alone), a contract or a work, or all of it. A work whose only holder
/// reports the accounts, and that derives from no other, is left out: nobody else is owed anything.
/// What a holder received for a work and owes in turn stands after the works it came from.
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
    let mut passing = Passing::default();
    let kind = match about {
        Some(entry) => View::kind(reader, entry)?.map(|kind| (entry, kind)),
        None => None,
    };
    let mut found = Vec::new();
    let asked = question.asked(kind)?;
    question.all(&asked, &mut found, &mut passing)?;
    // Of what a holder passes on, all counts that it received for its work, wherever that was asked.
    let through = passing.through();
    let further = question.of_works(&question.with_derived(through.clone())?)?;
    question.all(&further.without(&asked), &mut Vec::new(), &mut passing)?;
    found.extend(passing.proceeds(&question.names, &through)?);
    settle(&question.names, &question.accounts, &mut found)?;
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

/// What is to be divided.
#[derive(Default)]
struct Asked {
    /// The contracts that have accounts, and which works of each; all, where none are named.
    contracts: BTreeMap<EntryNumber, Option<BTreeSet<EntryNumber>>>,
    /// The works that have accounts of their own.
    works: BTreeSet<EntryNumber>,
}

impl Asked {
    /// What is not divided already.
    fn without(mut self, done: &Self) -> Self {
        self.works.retain(|work| !done.works.contains(work));
        for (contract, works) in &mut self.contracts {
            match (works, done.contracts.get(contract)) {
                (_, None) => {}
                (Some(works), Some(Some(done))) => works.retain(|work| !done.contains(work)),
                (works, Some(_)) => *works = Some(BTreeSet::new()),
            }
        }
        self
    }
}

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
                    self.add_contract(first(&self.names, row.entry)?.entry, &mut asked)?;
                }
                Ok(asked)
            }
            Some((contract, _)) => {
                let mut asked = Asked::default();
                self.add_contract(first(&self.names, contract)?.entry, &mut asked)?;
                Ok(asked)
            }
            None => {
                let filter = EntryFilter {
                    kind: Some(Kind::Contract),
                    to: Some(self.moments.known_at),
                    ..EntryFilter::newest(MAX_ROWS + 1)
                };
                let rows = bounded(reader.entry_list(&filter)?, "contracts")?;
                let contracts =
                    rows.iter().map(|row| Ok((first(&self.names, row.number)?.entry, None)));
                let contracts = contracts.collect::<Result<_, AnswerError>>()?;
                let works = bounded(reader.work_accounts(MAX_ROWS + 1)?, "accounts of works")?;
                Ok(Asked { contracts, works: works.into_iter().collect() })
            }
        }
    }

    /// The contract with all its works; under a fee, those that have accounts of their own.
    fn add_contract(&self, contract: EntryNumber, asked: &mut Asked) -> Result<(), AnswerError> {
        if self.is_by_share(contract)? {
            asked.contracts.insert(contract, None);
            return Ok(());
        }
        let works = self.names.reader().work_accounts_under(contract, MAX_ROWS + 1)?;
        asked.works.extend(bounded(works, "accounts of works")?);
        Ok(())
    }

    fn is_by_share(&self, contract: EntryNumber) -> Result<bool, AnswerError> {
        let row = self.names.contract(contract)?;
        Ok(match &self.names.terms(row.terms)?.terms.form {
            Form::ProfitShare(_) => true,
            Form::FeeForAssignment(_) => false,
        })
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
        // None, where the contract is by a fee.
        let mut accounts: BTreeMap<EntryNumber, Option<EntryNumber>> = BTreeMap::new();
        let mut asked = Asked::default();
        for work in works {
            let contract = View::contract_of_work(self.names.reader(), *work)?.flatten();
            let account = match contract.map(|contract| (contract, accounts.get(&contract))) {
                None => None,
                Some((_, Some(account))) => *account,
                Some((contract, None)) => {
                    let first = first(&self.names, contract)?.entry;
                    let account = self.is_by_share(first)?.then_some(first);
                    accounts.insert(contract, account);
                    account
                }
            };
            if let Some(account) = account {
                let works = asked.contracts.entry(account).or_insert_with(|| Some(BTreeSet::new()));
                works.as_mut().map(|works| works.insert(*work));
            } else if self.names.reader().has_account(*work)? {
                asked.works.insert(*work);
            }
        }
        Ok(asked)
    }

    /// Divides what came in for every work that is asked about.
    fn all(
        &self,
        asked: &Asked,
        found: &mut Vec<WorkProceeds>,
        passing: &mut Passing,
    ) -> Result<(), AnswerError> {
        for (contract, works) in &asked.contracts {
            self.contract(*contract, works.as_ref(), (found, passing))?;
        }
        for work in asked.works.iter().filter(|work| self.accounts.is_known(**work)) {
            self.account_of(*work, (found, passing))?;
        }
        Ok(())
    }

    /// What came in for a work that has accounts of its own, each of one holder and in one currency.
    fn account_of(
        &self,
        work: EntryNumber,
        (found, passing): (&mut Vec<WorkProceeds>, &mut Passing),
    ) -> Result<(), AnswerError> {
        let contract = View::contract_of_work(self.names.reader(), work)?.flatten();
        let scope = match contract {
            None => Scope::WHOLE,
            Some(contract) => self.names.terms(self.names.contract(contract)?.terms)?.terms.scope,
        };
        let accounts = work_accounts(&self.names, &self.accounts, work)?;
        for ((payer, currency), received) in accounts {
            let Some(graph) = self.graph(work, payer, scope)? else { continue };
            let account = Came {
                contract: None,
                payer,
                currency,
                rules: (Rounding::default(), SplitRule::default()),
                received: &received,
                charges: &[],
            };
            found.push(self.work(&account, graph, passing)?);
        }
        Ok(())
    }

    fn contract(
        &self,
        contract: EntryNumber,
        asked: Option<&BTreeSet<EntryNumber>>,
        (found, passing): (&mut Vec<WorkProceeds>, &mut Passing),
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
                    graphs.extend(self.graph(work, row.party, terms.scope)?);
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
            let came = Came {
                contract: Some(row.entry),
                payer: row.party,
                currency: share.currency,
                rules: (share.rounding, share.split),
                received: account.received(Some(graph.work)),
                charges: &account.charges(Some(graph.work)),
            };
            found.push(self.work(&came, graph, passing)?);
        }
        Ok(())
    }

    /// The licences and holders that bear on a work; nothing where its only holder is the party.
    fn graph(
        &self,
        work: EntryNumber,
        party: EntryNumber,
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
            own.iter().all(|it| it.shares.iter().all(|(holder, _)| *holder == party))
        };
        if graph.licences.is_empty() && own.as_ref().is_some_and(is_alone) {
            return Ok(None);
        }
        let ancestors = royalty::receiving(work, &graph.licences)?;
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
        came: &Came<'_>,
        graph: Graph,
        passing: &mut Passing,
    ) -> Result<WorkProceeds, AnswerError> {
        let Graph { work, licences, holders, undivided } = graph;
        let currency = came.currency;
        let zero = Amount::zero(currency);
        let mut answer = WorkProceeds {
            contract_entry: came.contract,
            source: ProceedsSource::Account,
            work: self.names.work_label(work)?,
            payer: self.names.handle(came.payer)?,
            currency,
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
        let mut called = Called::default();
        for (work, held) in &holders {
            called.add(*work, self.names.called(*work)?);
            for (holder, _) in held.iter().flat_map(|it| &it.shares) {
                called.add(*holder, self.names.handle(*holder)?.to_string());
            }
        }
        let facts = WorkFacts {
            work,
            received: came.received,
            licences: &licences,
            holders: &holders,
            charges: came.charges,
            currency,
            rounding: came.rules.0,
            split: came.rules.1,
            called: &called,
        };
        let proceeds = royalty::proceeds(&facts)?;
        passing.add(work, &proceeds)?;
        answer.received = proceeds.received;
        answer.expenses = proceeds.expenses;
        answer.earned = proceeds.earned;
        for part in &proceeds.licensed {
            let key = (part.holder, PartGround::Licence, part.work, part.amount);
            answer.parts.push(ProceedsPart::new(&self.names, key)?);
        }
        for part in &proceeds.parts {
            let key = (part.holder, PartGround::Title, work, part.remainder);
            answer.parts.push(ProceedsPart::new(&self.names, key)?);
        }
        answer.derivation = Some(proceeds.derivation);
        Ok(answer)
    }
}

impl ProceedsPart {
    /// A part of which nothing was paid yet.
    pub(super) fn new(
        names: &Names<'_>,
        (holder, ground, work, amount): (EntryNumber, PartGround, EntryNumber, Amount),
    ) -> Result<Self, AnswerError> {
        let (payee, holds) = (names.handle(holder)?, names.work_label(work)?);
        Ok(Self { payee, ground, holds, amount, paid: None, owed: None })
    }
}

/// What came in for a work, to whom, and what was earned of it.
struct Came<'a> {
    contract: Option<EntryNumber>,
    payer: EntryNumber,
    currency: Currency,
    /// How sums are fixed, and how they are divided.
    rules: (Rounding, SplitRule),
    received: &'a [Received],
    charges: &'a [Charge],
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
