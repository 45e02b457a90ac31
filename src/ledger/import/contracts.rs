//! The contracts that a report is about: that which was given for all of it, or those that its lines
//! name. Lines wait here until there are enough of one contract for a statement. Never checks a line.

use super::terms::Terms;
use super::{Import, ImportFault};
use crate::admission::View as _;
use crate::intake::ReportLine;
use crate::ledger::LedgerError;
use crate::ledger::answer::{AnswerError, Needed, resolve};
use crate::record::{Digest, EntryNumber, MAX_ACCOUNT_LINES};
use crate::store::Reader;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::sync::Arc;

/// Lines that wait at most, whatever their contracts: some tens of megabytes.
const MAX_WAITING: usize = 64 * MAX_ACCOUNT_LINES;

/// The contracts of the report that is read.
#[derive(Default)]
pub(super) struct Contracts {
    /// That of every line that names none.
    given: Option<EntryNumber>,
    named: HashMap<Arc<str>, Result<EntryNumber, ImportFault>>,
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
            (None, None) => return Ok(Err(ImportFault::NoContract)),
        };
        self.waiting.entry(contract).or_default().push(line);
        self.count += 1;
        Ok(Ok(()))
    }

    /// The contract that is meant by a name.
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
        // A contract is never looked for by the content of a file.
        let no_file = |_: &std::path::Path| -> Result<Digest, AnswerError> {
            Err(AnswerError::NotFound { text: name.to_string(), tried: "a contract".to_owned() })
        };
        let found = match resolve(reader, OsStr::new(&**name), Needed::Contract, party, no_file) {
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
