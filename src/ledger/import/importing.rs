//! An import under way: checks lines against the ledger, signs them in statements and appends these.

use super::works::Works;
use super::{
    Chunk, Import, ImportError, ImportFault, Imported, LineProblem, MAX_PROBLEMS, MAX_SHOWN,
    OtherLine, Row, Total,
};
use crate::admission::{
    AccountLineFacts, ContractRow, Refusal, View as _, check_account_line, opened, signing_key,
};
use crate::intake::ReportLine;
use crate::ledger::LedgerError;
use crate::ledger::append::{at, take_in};
use crate::money::Amount;
use crate::record::{
    Account, AccountLine, Category, EntryNumber, Form, LineKind, MAX_ACCOUNT_LINES,
    MAX_ENTRY_SIZE_BYTES, ProfitShare, Record, RecordId, Statement, Timestamp, Verified,
};
use crate::store::Writer;
use crate::tlog::Frontier;
use std::collections::HashMap;
use std::sync::mpsc::Receiver;

/// What a statement holds beside its lines, headings and works: header, signature, map.
const FRAME_BYTES: usize = 600;
/// What a line, a heading or a work takes at most, beside the text of its reference or category.
const LINE_BYTES: usize = 44;

/// What the contract says about lines.
pub(super) struct Terms {
    contract: ContractRow,
    clauses: ProfitShare,
    /// Those of its amendments and from when on they hold, in order of effect.
    amended: Vec<(Timestamp, ProfitShare)>,
    id: RecordId,
    /// The opening balance, and as of when.
    opened: Option<(EntryNumber, Timestamp)>,
}

impl Terms {
    pub(super) fn of(writer: &Writer<'_>, import: &Import<'_>) -> Result<Self, LedgerError> {
        let entry = import.contract;
        let refused = |refusal| LedgerError::Refused { position: 0, refusal: Box::new(refusal) };
        let missing = || crate::store::StoreError::Missing { entry, needed: "contract" };
        let contract = writer.contract(entry)?.ok_or_else(missing)?;
        let terms = writer.terms(contract.terms)?.ok_or_else(missing)?;
        if let Some(first) = contract.amends {
            return Err(refused(Refusal::NamesAmendment { amendment: entry, contract: first }));
        }
        let Form::ProfitShare(clauses) = &terms.terms.form else {
            return Err(refused(Refusal::NotProfitShare { contract: entry }));
        };
        let party = writer.party(contract.party)?.ok_or_else(missing)?.handle;
        if party != *import.party {
            let signer = import.party.clone();
            return Err(refused(Refusal::AccountsOfOther { signer, party }));
        }
        let id = writer.statement(entry)?.id();
        let opened = opened(&**writer, entry)?;
        let mut amended = Vec::new();
        for row in writer.amendments_of(entry)? {
            let terms = writer.terms(row.terms)?.ok_or_else(missing)?;
            if let Form::ProfitShare(clauses) = &terms.terms.form {
                amended.push((row.effective_at, clauses.clone()));
            }
        }
        Ok(Self { contract, clauses: clauses.clone(), amended, id, opened })
    }

    /// The clauses that hold on a day.
    fn clauses_at(&self, on: Timestamp) -> &ProfitShare {
        let amended = self.amended.iter().rev().find(|(from, _)| *from <= on);
        amended.map_or(&self.clauses, |(_, clauses)| clauses)
    }
}

/// What new lines of one kind and category sum to.
struct Counted {
    kind: LineKind,
    category: Category,
    minor: i128,
    units: u64,
    lines: u64,
}

/// A new line with where it stands in the file.
type Placed = (u64, AccountLineFacts);

pub(super) struct Importing<'a, 'store> {
    writer: &'a mut Writer<'store>,
    frontier: Frontier,
    /// The size of the log before.
    start: u64,
    registered_at: Timestamp,
    import: &'a Import<'a>,
    terms: Terms,
    works: Works,
    ids: HashMap<EntryNumber, RecordId>,
    /// For each new statement, where its lines stand in the file.
    places: Vec<Vec<u32>>,
    problems: Vec<LineProblem>,
    /// Few, so that they are found by looking at each.
    totals: Vec<Counted>,
    imported: Imported,
}

impl<'a, 'store> Importing<'a, 'store> {
    pub(super) fn new(
        writer: &'a mut Writer<'store>,
        frontier: Frontier,
        registered_at: Timestamp,
        import: &'a Import<'a>,
        terms: Terms,
    ) -> Self {
        Self {
            writer,
            start: frontier.size(),
            frontier,
            registered_at,
            import,
            works: Works::of(terms.contract.entry),
            terms,
            ids: HashMap::new(),
            places: Vec::new(),
            problems: Vec::new(),
            totals: Vec::new(),
            imported: Imported {
                statements: Vec::new(),
                new_lines: 0,
                known_lines: 0,
                totals: Vec::new(),
                shown: Vec::new(),
            },
        }
    }

    pub(super) fn take_all(&mut self, chunks: Receiver<Chunk>) -> Result<(), ImportError> {
        for chunk in chunks {
            self.take(chunk?)?;
            if self.problems.len() >= MAX_PROBLEMS {
                break;
            }
        }
        Ok(())
    }

    fn take(&mut self, chunk: Vec<Row>) -> Result<(), ImportError> {
        let mut lines = Vec::with_capacity(chunk.len());
        for row in chunk {
            let checked = match row {
                Ok(line) => {
                    let place = line.line;
                    self.check(line)?.map_err(|fault| (place, fault))
                }
                Err((place, fault)) => Err((place, ImportFault::Line(fault))),
            };
            match checked {
                Ok(line) => lines.push(line),
                Err((line, fault)) => self.problems.push(LineProblem { line, fault }),
            }
        }
        let lines = self.without_known(lines)?;
        self.imported.new_lines += lines.len() as u64;
        self.count(&lines);
        let mut rest = lines.into_iter().peekable();
        while rest.peek().is_some() {
            let (account, places) = self.account(&mut rest);
            self.append(account, places)?;
        }
        Ok(())
    }

    /// The line as a line of the contract.
    fn check(&mut self, line: ReportLine) -> Result<Result<Placed, ImportFault>, LedgerError> {
        let rule = |refusal| Ok(Err(ImportFault::Rule(Box::new(refusal))));
        let (contract, clauses) = (&self.terms.contract, self.terms.clauses_at(line.on));
        if line.currency != clauses.currency {
            let (found, needed) = (line.currency, clauses.currency);
            return rule(Refusal::CurrencyDiffers { found, needed });
        }
        let what = (line.kind, &line.category, line.on);
        if let Err(refusal) =
            check_account_line(what, clauses, (contract, self.terms.opened), self.registered_at)
        {
            return Ok(Err(ImportFault::Rule(refusal)));
        }
        let work = match &line.work {
            None => None,
            Some(name) => match self.works.find(self.writer, name)? {
                Ok((entry, id)) => {
                    self.ids.entry(entry).or_insert(id);
                    Some(entry)
                }
                Err(fault) => return Ok(Err(fault)),
            },
        };
        let facts = AccountLineFacts {
            entry: EntryNumber::default(),
            line: 0,
            contract: contract.entry,
            work,
            kind: line.kind,
            category: line.category,
            currency: line.currency,
            minor: line.minor,
            units: line.units,
            territory: line.territory,
            reference: line.reference,
            effective_at: line.on,
        };
        Ok(Ok((line.line, facts)))
    }

    /// The lines that are not recorded yet, neither before nor by this import.
    fn without_known(&mut self, lines: Vec<Placed>) -> Result<Vec<Placed>, LedgerError> {
        let mut sorted: Vec<usize> = (0..lines.len()).collect();
        // Equal references stay in the order of the file.
        sorted.sort_by(|one, other| lines[*one].1.reference.cmp(&lines[*other].1.reference));
        let (Some(&first), Some(&last)) = (sorted.first(), sorted.last()) else {
            return Ok(lines);
        };
        let mut is_new = vec![true; lines.len()];
        for pair in sorted.windows(2) {
            let (one, other) = (&lines[pair[0]], &lines[pair[1]]);
            if one.1.reference == other.1.reference {
                is_new[pair[1]] = false;
                self.meet(other, &one.1, OtherLine::Line(one.0));
            }
        }
        let (first, last) = (&lines[first].1.reference, &lines[last].1.reference);
        let contract = self.terms.contract.entry;
        if self.writer.references_between(contract, first, last)? {
            for (place, line) in
                lines.iter().enumerate().filter(|(place, _)| is_new[*place]).collect::<Vec<_>>()
            {
                if let Some(known) = self.writer.account_line(contract, &line.1.reference)? {
                    is_new[place] = false;
                    let other = self.other(&known);
                    self.meet(line, &known, other);
                }
            }
        }
        let mut is_new = is_new.into_iter();
        Ok(lines.into_iter().filter(|_| is_new.next().unwrap_or(true)).collect())
    }

    /// Where a line of the ledger stands: in the report, if this import recorded it.
    fn other(&self, known: &AccountLineFacts) -> OtherLine {
        let statement = known.entry.get().checked_sub(self.start).map(usize::try_from);
        let line = match statement {
            Some(Ok(statement)) => {
                let places = self.places.get(statement);
                places.and_then(|places| places.get(known.line as usize))
            }
            Some(Err(_)) | None => None,
        };
        line.map_or(OtherLine::Entry(known.entry), |line| OtherLine::Line(u64::from(*line)))
    }

    /// A line meets another one with its reference.
    fn meet(&mut self, (place, line): &Placed, known: &AccountLineFacts, other: OtherLine) {
        if line.says_the_same(known) {
            self.imported.known_lines += 1;
            return;
        }
        let fault = ImportFault::ReferenceDiffers {
            reference: line.reference.clone(),
            here: says(line, known),
            there: says(known, line),
            other,
        };
        self.problems.push(LineProblem { line: *place, fault });
    }

    fn count(&mut self, lines: &[Placed]) {
        for (_, line) in lines {
            let is_its =
                |total: &Counted| total.kind == line.kind && total.category == line.category;
            let place = self.totals.iter().position(is_its).unwrap_or_else(|| {
                let (kind, category) = (line.kind, line.category.clone());
                self.totals.push(Counted { kind, category, minor: 0, units: 0, lines: 0 });
                self.totals.len() - 1
            });
            let Some(counted) = self.totals.get_mut(place) else {
                continue;
            };
            counted.minor += i128::from(line.minor);
            counted.units = counted.units.saturating_add(line.units.unwrap_or_default());
            counted.lines += 1;
        }
        let room = MAX_SHOWN.saturating_sub(self.imported.shown.len());
        self.imported.shown.extend(lines.iter().take(room).map(|(_, line)| line.clone()));
    }

    /// As many lines as fit one statement.
    fn account(
        &self,
        lines: &mut std::iter::Peekable<std::vec::IntoIter<Placed>>,
    ) -> (Account, Vec<u32>) {
        let mut account = Account {
            lines: Vec::new(),
            works: Vec::new(),
            contract: self.terms.id,
            currency: self.terms.clauses.currency,
        };
        let mut places = Vec::new();
        let mut works: HashMap<EntryNumber, u16> = HashMap::new();
        let mut size_bytes = FRAME_BYTES;
        while let Some((_, next)) = lines.peek() {
            // Every heading and work is counted with every line: a bound, quickly found.
            size_bytes += LINE_BYTES + next.reference.as_str().len();
            let is_further = next.work.is_some_and(|work| !works.contains_key(&work));
            size_bytes += if is_further { LINE_BYTES } else { 0 };
            if account.lines.len() == MAX_ACCOUNT_LINES
                || (size_bytes > MAX_ENTRY_SIZE_BYTES && !account.lines.is_empty())
            {
                break;
            }
            let Some((place, line)) = lines.next() else {
                break;
            };
            let work = line.work.map(|entry| {
                let next = works.len() as u16;
                *works.entry(entry).or_insert_with(|| {
                    account.works.extend(self.ids.get(&entry).copied());
                    next
                })
            });
            places.push(u32::try_from(place).unwrap_or(u32::MAX));
            account.lines.push(AccountLine {
                kind: line.kind,
                on: line.effective_at,
                minor: line.minor,
                category: line.category,
                reference: line.reference,
                work,
                units: line.units,
                territory: line.territory,
            });
        }
        (account, places)
    }

    fn append(&mut self, account: Account, places: Vec<u32>) -> Result<(), LedgerError> {
        let position = self.places.len();
        let malformed = |error| LedgerError::Record { position, error };
        let (party, signer) = (self.import.party.as_str(), self.import.signer);
        let record = Record::Account(account);
        let statement =
            Statement::sign(record, party, self.registered_at, signer).map_err(malformed)?;
        let key = signing_key(&statement, &**self.writer).map_err(|error| at(position, error))?;
        let verified: Verified = statement.verify(&key).map_err(malformed)?;
        let recorded =
            take_in(self.writer, &mut self.frontier, position, &verified, self.registered_at)?;
        self.places.push(places);
        self.imported.statements.push(recorded);
        Ok(())
    }

    pub(super) fn finish(self) -> Result<(Imported, Frontier), ImportError> {
        let mut problems = self.problems;
        if !problems.is_empty() {
            let more = problems.len() >= MAX_PROBLEMS;
            problems.sort_by_key(|problem| problem.line);
            problems.truncate(MAX_PROBLEMS);
            return Err(ImportError::Lines { problems, more });
        }
        let mut imported = self.imported;
        let mut totals = self.totals;
        totals.sort_by(|one, other| (one.kind, &one.category).cmp(&(other.kind, &other.category)));
        for Counted { kind, category, minor, units, lines } in totals {
            let amount = Amount::new(minor, self.terms.clauses.currency);
            let amount = amount.map_err(|error| LedgerError::Refused {
                position: 0,
                refusal: Box::new(Refusal::Money { error }),
            })?;
            imported.totals.push(Total { kind, category, amount, units, lines });
        }
        Ok((imported, self.frontier))
    }
}

/// What a line says, where another one differs.
fn says(line: &AccountLineFacts, other: &AccountLineFacts) -> String {
    let amount = Amount::new(i128::from(line.minor), line.currency)
        .map_or_else(|_| line.minor.to_string(), |amount| amount.to_string());
    let mut parts = vec![amount];
    if (line.kind, &line.category) != (other.kind, &other.category) {
        parts.push(format!("{} of {}", line.kind, line.category));
    }
    if line.effective_at != other.effective_at {
        parts.push(line.effective_at.to_string());
    }
    if line.work != other.work {
        parts.push(line.work.map_or("no work".to_owned(), |work| format!("work {work}")));
    }
    if line.units != other.units {
        parts.push(line.units.map_or("no units".to_owned(), |units| format!("{units} units")));
    }
    if line.territory != other.territory {
        parts.push(line.territory.map_or("no country".to_owned(), |country| country.to_string()));
    }
    parts.join(", ")
}
