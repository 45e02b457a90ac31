//! The contracts that a report is about, and the works with accounts of their own: that which was given for
//! all of it, or those that its lines name. Lines wait here until there are enough of one contract for a statement. Never checks a line.

use super::terms::{Terms, by_share};
use super::works::anywhere;
use super::{Import, ImportFault};
use crate::admission::View as _;
use crate::intake::{ReportLine, WorkName};
use crate::ledger::LedgerError;
use crate::ledger::answer::{AnswerError, Needed, resolve};
use crate::record::{Digest, EntryNumber, Kind, MAX_ACCOUNT_LINES};
use crate::store::Reader;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::sync::Arc;

/// Lines that wait at most, whatever their contracts: some tens of megabytes.
const MAX_WAITING: usize = 64 * MAX_ACCOUNT_LINES;

/// What has an account: a contract by a share of profit, and a work under none.
const ACCOUNTS: Needed = Needed::AnyOf(&[Kind::Contract, Kind::Work]);

/// The contracts of the report that is read.
#[derive(Default)]
pub(super) struct Contracts {
    /// That of every line that names none.
    given: Option<EntryNumber>,
    named: HashMap<Arc<str>, Result<EntryNumber, ImportFault>>,
    /// The accounts of lines that name a work and no contract.
    works: HashMap<WorkName, Result<EntryNumber, ImportFault>>,
    terms: HashMap<EntryNumber, Terms>,
    waiting: BTreeMap<EntryNumber, Vec<ReportLine>>,
    /// How many lines wait.
    count: usize,
}

impl Contracts {
    /// Those of a report whose lines are of one contract unless they name another.
    pub(super) fn of(
        reader: &Reader<'_>,
        import: &Import<'_>,
        given: Option<EntryNumber>,
    ) -> Result<Self, LedgerError> {
        let mut contracts = Self { given, ..Self::default() };
        if let Some(entry) = given {
            let refused = |refusal| LedgerError::Refused { position: 0, refusal };
            let terms = Terms::of(reader, import, entry)?.map_err(refused)?;
            contracts.terms.insert(entry, terms);
        }
        Ok(contracts)
    }

    /// Whether an account that was met is that of a work.
    pub(super) fn is_work(&self, account: EntryNumber) -> bool {
        self.terms.get(&account).is_some_and(|terms| terms.own_work().is_some())
    }

    /// Takes a line in, to wait with others of its contract.
    pub(super) fn put(
        &mut self,
        reader: &Reader<'_>,
        import: &Import<'_>,
        line: ReportLine,
    ) -> Result<Result<(), ImportFault>, LedgerError> {
        let contract = match (&line.contract, self.given) {
            (Some(name), _) => match self.find(reader, import, name)? {
                Ok(entry) => entry,
                Err(fault) => return Ok(Err(fault)),
            },
            (None, Some(given)) => given,
            (None, None) => match &line.work {
                Some(work) => match self.of_work(reader, import, work)? {
                    Ok(entry) => entry,
                    Err(fault) => return Ok(Err(fault)),
                },
                None => return Ok(Err(ImportFault::NoContract)),
            },
        };
        self.waiting.entry(contract).or_default().push(line);
        self.count += 1;
        Ok(Ok(()))
    }

    /// The account in which a work stands: that of its contract by a share of profit, else its own.
    fn of_work(
        &mut self,
        reader: &Reader<'_>,
        import: &Import<'_>,
        name: &WorkName,
    ) -> Result<Result<EntryNumber, ImportFault>, LedgerError> {
        if let Some(known) = self.works.get(name) {
            return Ok(known.clone());
        }
        let found = match anywhere(reader, name)? {
            Ok(work) => {
                let entry = by_share(reader, work)?.unwrap_or(work);
                self.learn(reader, import, entry)?.map(|()| entry)
            }
            Err(fault) => Err(fault),
        };
        self.works.insert(name.clone(), found.clone());
        Ok(found)
    }

    /// The contract, or the work with an account of its own, that is meant by a name.
    fn find(
        &mut self,
        reader: &Reader<'_>,
        import: &Import<'_>,
        name: &Arc<str>,
    ) -> Result<Result<EntryNumber, ImportFault>, LedgerError> {
        if let Some(known) = self.named.get(name) {
            return Ok(known.clone());
        }
        let party = reader.party_named(import.party)?;
        // Nothing in a report names a file.
        let no_file = |_: &std::path::Path| -> Result<Digest, AnswerError> {
            let tried = "a contract or a work".to_owned();
            Err(AnswerError::NotFound { text: name.to_string(), tried })
        };
        let found = match resolve(reader, OsStr::new(&**name), ACCOUNTS, party, no_file) {
            Ok(entry) => self.learn(reader, import, entry)?.map(|()| entry),
            Err(AnswerError::Store(error)) => return Err(error.into()),
            Err(reason) => {
                Err(ImportFault::Contract { found: name.to_string(), reason: Box::new(reason) })
            }
        };
        self.named.insert(name.clone(), found.clone());
        Ok(found)
    }

    /// Reads what a contract says, once.
    fn learn(
        &mut self,
        reader: &Reader<'_>,
        import: &Import<'_>,
        entry: EntryNumber,
    ) -> Result<Result<(), ImportFault>, LedgerError> {
        if self.terms.contains_key(&entry) {
            return Ok(Ok(()));
        }
        Ok(match Terms::of(reader, import, entry)? {
            Ok(terms) => {
                self.terms.insert(entry, terms);
                Ok(())
            }
            Err(refusal) => Err(ImportFault::Rule(refusal)),
        })
    }

    /// Lines of one contract that need not wait any longer: as many as a statement takes, or what
    /// there is where it is the last or no more may wait. The contract with the most comes first.
    pub(super) fn next(&mut self, is_last: bool) -> Option<(Vec<ReportLine>, &mut Terms)> {
        let least = match is_last || self.count > MAX_WAITING {
            true => 1,
            false => MAX_ACCOUNT_LINES,
        };
        let (contract, _) = self
            .waiting
            .iter()
            .map(|(contract, lines)| (*contract, lines.len()))
            .filter(|(_, count)| *count >= least)
            .max_by_key(|(contract, count)| (*count, Reverse(*contract)))?;
        let lines = self.waiting.remove(&contract)?;
        self.count -= lines.len();
        self.terms.get_mut(&contract).map(|terms| (lines, terms))
    }
}
