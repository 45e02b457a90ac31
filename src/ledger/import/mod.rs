//! Import of sales reports: lines in, signed statements out; all of them or none.
//!
//! While one thread reads the report, the other checks its lines against the ledger, signs them in
//! statements of up to a thousand and appends these in one transaction. A dry run does the same and
//! takes it back. Lines that are recorded already are left out, by their reference; memory does not
//! grow with the report, but for four bytes a line.

mod fault;
mod works;

pub use fault::{ImportError, ImportFault, LineProblem, OtherLine};

use super::append::{registration_time, take_in};
use super::{Ledger, LedgerError, Recorded};
use crate::admission::{
    AccountLineFacts, ContractRow, Refusal, View as _, check_account_line, opened, signing_key,
};
use crate::intake::{LineFault, ReportError, ReportLine, SalesReport};
use crate::money::{Amount, Currency};
use crate::record::{
    Account, AccountLine, Category, EntryNumber, Form, Handle, LineKind, MAX_ACCOUNT_LINES,
    MAX_ENTRY_SIZE_BYTES, ProfitShare, Record, RecordId, Signer, Statement, Timestamp, Verified,
};
use crate::store::Writer;
use crate::tlog::Frontier;
use std::collections::HashMap;
use std::io::Read;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use works::Works;

/// Problems that are told; a report with more is of another kind than its mapping.
pub const MAX_PROBLEMS: usize = 100;
/// Lines that a dry run shows.
pub const MAX_SHOWN: usize = 20;
/// Chunks that may wait between reading and appending.
const QUEUED_CHUNKS: usize = 4;
/// What a statement holds beside its lines, headings and works: header, signature, map.
const FRAME_BYTES: usize = 600;
/// What a line, a heading or a work takes at most, beside the text of its reference or category.
const LINE_BYTES: usize = 44;

/// What to import as whom.
pub struct Import<'a> {
    /// The contract.
    pub contract: EntryNumber,
    /// The party that owes the accounts.
    pub party: &'a Handle,
    /// Its key.
    pub signer: &'a dyn Signer,
    /// Whether to take everything back in the end.
    pub dry_run: bool,
}

/// What was recorded, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The statements, in order.
    pub statements: Vec<Recorded>,
    /// Lines that are new.
    pub new_lines: u64,
    /// Lines that were recorded already.
    pub known_lines: u64,
    /// What the new lines sum to, by kind, category and currency.
    pub totals: Vec<Total>,
    /// The first new lines.
    pub shown: Vec<AccountLineFacts>,
}

/// What lines of one kind and category sum to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// Revenue, expense or refund.
    pub kind: LineKind,
    /// Category.
    pub category: Category,
    /// How much.
    pub amount: Amount,
    /// Copies or licences.
    pub units: u64,
    /// How many lines.
    pub lines: u64,
}

type Row = Result<ReportLine, (u64, LineFault)>;
type Chunk = Result<Vec<Row>, ReportError>;

impl Ledger {
    /// Imports a sales report in one transaction.
    ///
    /// # Errors
    /// Every line that cannot be recorded, up to [`MAX_PROBLEMS`]; a report that cannot be read; a
    /// contract that has no accounts, or not of this party. Then nothing is recorded.
    pub fn import<R: Read + Send>(
        &mut self,
        report: &mut SalesReport<'_, R>,
        import: &Import<'_>,
    ) -> Result<Imported, ImportError> {
        let signer = self.signer.as_ref().ok_or(LedgerError::NoLedgerKey)?;
        let mut writer = self.store.begin_write()?;
        if self.frontier.size() != writer.size()? {
            self.frontier = Frontier::load(writer.size()?, &*writer).map_err(LedgerError::from)?;
        }
        let registered_at = registration_time(self.clock.now(), writer.last_registered_at()?)?;
        let terms = Terms::of(&writer, import)?;
        let mut importing =
            Importing::new(&mut writer, self.frontier.clone(), registered_at, import, terms);
        let (out, chunks) = sync_channel(QUEUED_CHUNKS);
        std::thread::scope(|scope| {
            scope.spawn(move || read_chunks(report, &out));
            // Taken whole, so that the reader is not left waiting when this side stops early.
            importing.take_all(chunks)
        })?;
        let (imported, frontier) = importing.finish()?;
        if import.dry_run || imported.statements.is_empty() {
            return Ok(imported);
        }
        let size = frontier.size();
        let checkpoint = signer.sign(size, frontier.root()).map_err(LedgerError::from)?;
        writer.add_checkpoint(size, &checkpoint.note)?;
        writer.commit()?;
        self.frontier = frontier;
        let written = self.head_file.write(&checkpoint.note, size, &self.verifier);
        written.map_err(|error| LedgerError::HeadBehind {
            last: size.saturating_sub(1),
            reason: error.to_string(),
        })?;
        Ok(imported)
    }
}

/// Reads the report to its end, or until nobody listens.
fn read_chunks<R: Read>(report: &mut SalesReport<'_, R>, out: &SyncSender<Chunk>) {
    let mut chunk = Vec::with_capacity(MAX_ACCOUNT_LINES);
    loop {
        match report.next_line() {
            Ok(Some(row)) => chunk.push(row),
            Ok(None) => {
                // The other side is gone only where it has failed, and says so itself.
                let _ = out.send(Ok(chunk));
                return;
            }
            Err(error) => {
                let _ = out.send(Err(error));
                return;
            }
        }
        if chunk.len() == MAX_ACCOUNT_LINES {
            let full = std::mem::replace(&mut chunk, Vec::with_capacity(MAX_ACCOUNT_LINES));
            if out.send(Ok(full)).is_err() {
                return;
            }
        }
    }
}

/// What the contract says about lines.
struct Terms {
    contract: ContractRow,
    clauses: ProfitShare,
    id: RecordId,
    /// The opening balance, and as of when.
    opened: Option<(EntryNumber, Timestamp)>,
}

impl Terms {
    fn of(writer: &Writer<'_>, import: &Import<'_>) -> Result<Self, LedgerError> {
        let entry = import.contract;
        let refused = |refusal| LedgerError::Refused { position: 0, refusal: Box::new(refusal) };
        let missing = || crate::store::StoreError::Missing { entry, needed: "contract" };
        let contract = writer.contract(entry)?.ok_or_else(missing)?;
        let terms = writer.terms(contract.terms)?.ok_or_else(missing)?;
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
        Ok(Self { contract, clauses: clauses.clone(), id, opened })
    }
}

/// A new line with where it stands in the file.
type Placed = (u64, AccountLineFacts);

struct Importing<'a, 'store> {
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
    totals: HashMap<(LineKind, Category, &'static str), (Currency, i128, u64, u64)>,
    imported: Imported,
}

impl<'a, 'store> Importing<'a, 'store> {
    fn new(
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
            totals: HashMap::new(),
            imported: Imported {
                statements: Vec::new(),
                new_lines: 0,
                known_lines: 0,
                totals: Vec::new(),
                shown: Vec::new(),
            },
        }
    }

    fn take_all(&mut self, chunks: Receiver<Chunk>) -> Result<(), ImportError> {
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
        self.count(&lines)?;
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
        let (contract, clauses) = (&self.terms.contract, &self.terms.clauses);
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

    fn count(&mut self, lines: &[Placed]) -> Result<(), LedgerError> {
        for (_, line) in lines {
            let key = (line.kind, line.category.clone(), line.currency.code());
            let total = self.totals.entry(key).or_insert((line.currency, 0, 0, 0));
            total.1 += i128::from(line.minor);
            total.2 = total.2.saturating_add(line.units.unwrap_or_default());
            total.3 += 1;
        }
        let room = MAX_SHOWN.saturating_sub(self.imported.shown.len());
        self.imported.shown.extend(lines.iter().take(room).map(|(_, line)| line.clone()));
        Ok(())
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
        let key = signing_key(&statement, &**self.writer)
            .map_err(|error| super::append::at(position, error))?;
        let verified: Verified = statement.verify(&key).map_err(malformed)?;
        let recorded =
            take_in(self.writer, &mut self.frontier, position, &verified, self.registered_at)?;
        self.places.push(places);
        self.imported.statements.push(recorded);
        Ok(())
    }

    fn finish(self) -> Result<(Imported, Frontier), ImportError> {
        let mut problems = self.problems;
        if !problems.is_empty() {
            let more = problems.len() >= MAX_PROBLEMS;
            problems.sort_by_key(|problem| problem.line);
            problems.truncate(MAX_PROBLEMS);
            return Err(ImportError::Lines { problems, more });
        }
        let mut imported = self.imported;
        for ((kind, category, _), (currency, minor, units, lines)) in self.totals {
            let amount = Amount::new(minor, currency).map_err(|error| LedgerError::Refused {
                position: 0,
                refusal: Box::new(Refusal::Money { error }),
            })?;
            imported.totals.push(Total { kind, category, amount, units, lines });
        }
        imported
            .totals
            .sort_by(|one, other| (one.kind, &one.category).cmp(&(other.kind, &other.category)));
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
