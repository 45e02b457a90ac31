//! An import under way: checks lines against the ledger, signs them in statements and appends these.

use super::signing::{Places, Signing};
use super::works::Works;
use super::{
    Import, ImportError, ImportFault, Imported, LineProblem, MAX_PROBLEMS, MAX_SHOWN, OtherLine,
    Read, Row, Total,
};
use crate::admission::{
    AccountLineFacts, ContractRow, Refusal, View as _, check_account_line, opened,
};
use crate::intake::ReportLine;
use crate::ledger::LedgerError;
use crate::ledger::append::take_in;
use crate::money::{Amount, Currency};
use crate::record::{
    Account, AccountLine, Category, EntryNumber, Form, LineKind, MAX_ACCOUNT_LINES,
    MAX_ENTRY_SIZE_BYTES, ProfitShare, RecordId, Timestamp,
};
use crate::store::Writer;
use crate::tlog::Frontier;
use std::collections::HashMap;
use std::sync::mpsc::Receiver;

/// What a statement holds beside its lines, headings and works: header, signature, map.
const FRAME_BYTES: usize = 600;
/// What a line, a heading or a work takes at most, beside the text of its reference or category.
const LINE_BYTES: usize = 44;

/// The contract of a report, and what it says about lines.
struct Terms {
    contract: ContractRow,
    clauses: ProfitShare,
    /// Those of its amendments and from when on they hold, in order of effect.
    amended: Vec<(Timestamp, ProfitShare)>,
    id: RecordId,
    /// The opening balance, and as of when.
    opened: Option<(EntryNumber, Timestamp)>,
    works: Works,
}

impl Terms {
    fn of(
        writer: &Writer<'_>,
        import: &Import<'_>,
        entry: EntryNumber,
    ) -> Result<Self, LedgerError> {
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
        let (clauses, works) = (clauses.clone(), Works::of(entry));
        Ok(Self { contract, clauses, amended, id, opened, works })
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
    currency: Currency,
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
    ids: HashMap<EntryNumber, RecordId>,
    /// How many reports were begun.
    reports: usize,
    /// For each new statement, where its lines stand.
    places: Vec<Places>,
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
    ) -> Self {
        Self {
            writer,
            start: frontier.size(),
            frontier,
            registered_at,
            import,
            ids: HashMap::new(),
            reports: 0,
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

    pub(super) fn take_all(
        &mut self,
        chunks: Receiver<Read>,
        mut signing: Signing,
    ) -> Result<(), ImportError> {
        let mut terms = None;
        for read in chunks {
            match (read, &mut terms) {
                (Read::Report(_), _) if !self.problems.is_empty() => break,
                (Read::Report(contract), _) => {
                    self.reports += 1;
                    terms = Some(Terms::of(self.writer, self.import, contract)?);
                }
                (Read::Lines(chunk), Some(terms)) => self.take(chunk, terms, &mut signing)?,
                // No lines come before the report that they are of.
                (Read::Lines(_), None) => {}
                (Read::Failed(error), _) => return Err(error.into()),
            }
            if self.problems.len() >= MAX_PROBLEMS {
                break;
            }
        }
        Ok(self.append_all(&mut signing)?)
    }

    fn take(
        &mut self,
        chunk: Vec<Row>,
        terms: &mut Terms,
        signing: &mut Signing,
    ) -> Result<(), ImportError> {
        let mut lines = Vec::with_capacity(chunk.len());
        for row in chunk {
            let checked = match row {
                Ok(line) => {
                    let place = line.line;
                    self.check(line, terms)?.map_err(|fault| (place, fault))
                }
                Err((place, fault)) => Err((place, ImportFault::Line(fault))),
            };
            match checked {
                Ok(line) => lines.push(line),
                Err((line, fault)) => self.problems.push(LineProblem { line, fault }),
            }
        }
        let lines = self.without_known(lines, terms, signing)?;
        self.imported.new_lines += lines.len() as u64;
        self.count(&lines);
        let mut rest = lines.into_iter().peekable();
        while rest.peek().is_some() {
            let (account, places) = self.account(&mut rest, terms);
            while signing.is_full() {
                self.append_next(signing)?;
            }
            signing.give(terms.contract.entry, account, places);
        }
        Ok(())
    }

    /// The line as a line of the contract.
    fn check(
        &mut self,
        line: ReportLine,
        terms: &mut Terms,
    ) -> Result<Result<Placed, ImportFault>, LedgerError> {
        let rule = |refusal| Ok(Err(ImportFault::Rule(Box::new(refusal))));
        let clauses = terms.clauses_at(line.on);
        let contract = &terms.contract;
        if line.currency != clauses.currency {
            let (found, needed) = (line.currency, clauses.currency);
            return rule(Refusal::CurrencyDiffers { found, needed });
        }
        let what = (line.kind, &line.category, line.on);
        if let Err(refusal) =
            check_account_line(what, clauses, (contract, terms.opened), self.registered_at)
        {
            return Ok(Err(ImportFault::Rule(refusal)));
        }
        let work = match &line.work {
            None => None,
            Some(name) => match terms.works.find(self.writer, name)? {
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
    fn without_known(
        &mut self,
        lines: Vec<Placed>,
        terms: &Terms,
        signing: &mut Signing,
    ) -> Result<Vec<Placed>, LedgerError> {
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
                let there = OtherLine::Line { report: None, line: one.0 };
                self.meet(other, &one.1, there);
            }
        }
        let (first, last) = (&lines[first].1.reference, &lines[last].1.reference);
        let contract = terms.contract.entry;
        if signing.has_between(contract, &(first..=last)) {
            self.append_all(signing)?;
        }
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
        let Some(Ok(statement)) = statement else {
            return OtherLine::Entry(known.entry);
        };
        let Some(places) = self.places.get(statement) else {
            return OtherLine::Entry(known.entry);
        };
        match places.lines.get(known.line as usize) {
            Some(line) => {
                let report = (places.report != self.reports).then_some(places.report);
                OtherLine::Line { report, line: u64::from(*line) }
            }
            None => OtherLine::Entry(known.entry),
        }
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
            let is_its = |total: &Counted| {
                total.kind == line.kind
                    && total.category == line.category
                    && total.currency == line.currency
            };
            let place = self.totals.iter().position(is_its).unwrap_or_else(|| {
                let (kind, category, currency) = (line.kind, line.category.clone(), line.currency);
                let none = Counted { kind, category, currency, minor: 0, units: 0, lines: 0 };
                self.totals.push(none);
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
        terms: &Terms,
    ) -> (Account, Places) {
        let mut account = Account {
            lines: Vec::new(),
            works: Vec::new(),
            contract: terms.id,
            currency: terms.clauses.currency,
        };
        let mut places = Places { report: self.reports, lines: Vec::new() };
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
            places.lines.push(u32::try_from(place).unwrap_or(u32::MAX));
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

    /// Appends everything that is under way.
    fn append_all(&mut self, signing: &mut Signing) -> Result<(), LedgerError> {
        while self.append_next(signing)? {}
        Ok(())
    }

    /// Appends the statement that was given to be signed first; whether there was one.
    fn append_next(&mut self, signing: &mut Signing) -> Result<bool, LedgerError> {
        let Some((verified, places)) = signing.take() else {
            return Ok(false);
        };
        let position = self.places.len();
        let verified = verified.map_err(|error| LedgerError::Record { position, error })?;
        let recorded =
            take_in(self.writer, &mut self.frontier, position, &verified, self.registered_at)?;
        self.places.push(places);
        self.imported.statements.push(recorded);
        Ok(true)
    }

    pub(super) fn finish(self) -> Result<(Imported, Frontier), ImportError> {
        let mut problems = self.problems;
        if !problems.is_empty() {
            let more = problems.len() >= MAX_PROBLEMS;
            problems.sort_by_key(|problem| problem.line);
            problems.truncate(MAX_PROBLEMS);
            let report = self.reports;
            return Err(ImportError::Lines { report, problems, more });
        }
        let mut imported = self.imported;
        let mut totals = self.totals;
        totals.sort_by(|one, other| {
            let key = |it: &Counted| (it.kind, it.currency.code());
            (key(one), &one.category).cmp(&(key(other), &other.category))
        });
        for Counted { kind, category, currency, minor, units, lines } in totals {
            let amount = Amount::new(minor, currency);
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
