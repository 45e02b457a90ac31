//! An import under way: checks lines against the ledger, signs them in statements and appends these.

use super::contracts::Contracts;
use super::signing::{Places, Signing};
use super::terms::Terms;
use super::{
    Import, ImportError, ImportFault, Imported, LineProblem, MAX_PROBLEMS, MAX_SHOWN, MAX_SIGNED,
    OtherLine, Read, Row, Total,
};
use crate::admission::{AccountLineFacts, Refusal, View as _};
use crate::intake::ReportLine;
use crate::ledger::LedgerError;
use crate::ledger::append::take_in;
use crate::money::{Amount, Currency};
use crate::record::{
    Account, AccountLine, Category, EntryNumber, LineKind, MAX_ACCOUNT_LINES, MAX_ENTRY_SIZE_BYTES,
    RecordId, Statement, Timestamp,
};
use crate::store::Writer;
use crate::tlog::Frontier;
use std::collections::HashMap;
use std::sync::mpsc::Receiver;

/// What a statement holds beside its lines, headings and works: header, signature, map.
const FRAME_BYTES: usize = 600;
/// What a line, a heading or a work takes at most, beside the text of its reference or category.
const LINE_BYTES: usize = 44;

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
    /// The statements themselves, where they are to be handed out.
    kept: Option<Vec<Statement>>,
}

impl<'a, 'store> Importing<'a, 'store> {
    pub(super) fn new(
        writer: &'a mut Writer<'store>,
        frontier: Frontier,
        registered_at: Timestamp,
        import: &'a Import<'a>,
        keeps: bool,
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
                contracts: Vec::new(),
                works: Vec::new(),
                statements: Vec::new(),
                new_lines: 0,
                known_lines: 0,
                totals: Vec::new(),
                shown: Vec::new(),
            },
            kept: keeps.then(Vec::new),
        }
    }

    pub(super) fn take_all(
        &mut self,
        chunks: Receiver<Read>,
        mut signing: Signing,
    ) -> Result<(), ImportError> {
        let mut contracts = Contracts::default();
        for read in chunks {
            match read {
                Read::Report(contract) => {
                    self.take_waiting(&mut contracts, &mut signing, true)?;
                    if !self.problems.is_empty() {
                        break;
                    }
                    self.reports += 1;
                    contracts = Contracts::of(self.writer, self.import, contract)?;
                    if let Some(given) = contract {
                        self.met(given, contracts.is_work(given));
                    }
                }
                Read::Lines(chunk) => self.take(chunk, &mut contracts, &mut signing)?,
                Read::Failed(error) => {
                    return Err(ImportError::Report { report: self.reports, error });
                }
            }
            if self.problems.len() >= MAX_PROBLEMS {
                break;
            }
        }
        self.take_waiting(&mut contracts, &mut signing, true)?;
        self.append_all(&mut signing)
    }

    fn met(&mut self, account: EntryNumber, is_work: bool) {
        let Imported { contracts, works, .. } = &mut self.imported;
        let met = if is_work { works } else { contracts };
        if !met.contains(&account) {
            met.push(account);
        }
    }

    /// Takes lines in, and has those signed that are enough for a statement.
    fn take(
        &mut self,
        chunk: Vec<Row>,
        contracts: &mut Contracts,
        signing: &mut Signing,
    ) -> Result<(), ImportError> {
        for row in chunk {
            let (line, put) = match row {
                Ok(line) => (line.line, contracts.put(self.writer, self.import, line)?),
                Err((line, fault)) => (line, Err(ImportFault::Line(fault))),
            };
            if let Err(fault) = put {
                self.problems.push(LineProblem { line, fault });
            }
        }
        self.take_waiting(contracts, signing, false)
    }

    fn take_waiting(
        &mut self,
        contracts: &mut Contracts,
        signing: &mut Signing,
        is_last: bool,
    ) -> Result<(), ImportError> {
        while let Some((lines, terms)) = contracts.next(is_last) {
            self.take_lines(lines, terms, signing)?;
        }
        Ok(())
    }

    /// Has the new ones of these lines of one contract signed, in statements of one currency each.
    fn take_lines(
        &mut self,
        lines: Vec<ReportLine>,
        terms: &mut Terms,
        signing: &mut Signing,
    ) -> Result<(), ImportError> {
        let mut checked = Vec::with_capacity(lines.len());
        for line in lines {
            let place = line.line;
            match self.check(line, terms)? {
                Ok(line) => checked.push((place, line)),
                Err(fault) => self.problems.push(LineProblem { line: place, fault }),
            }
        }
        let entry = terms.entry;
        self.met(entry, terms.own_work().is_some());
        let lines = self.without_known(checked, terms, signing)?;
        self.imported.new_lines += lines.len() as u64;
        self.count(&lines);
        for (currency, lines) in by_currency(lines) {
            let mut rest = lines.into_iter().peekable();
            while rest.peek().is_some() {
                let (account, places) = self.account(&mut rest, terms, currency);
                while signing.is_full() {
                    self.append_next(signing)?;
                }
                signing.give(entry, account, places);
            }
        }
        Ok(())
    }

    /// The line as a line of the contract.
    fn check(
        &mut self,
        line: ReportLine,
        terms: &mut Terms,
    ) -> Result<Result<AccountLineFacts, ImportFault>, LedgerError> {
        if let Err(refusal) = terms.check(self.writer, &line, self.registered_at)? {
            return Ok(Err(ImportFault::Rule(refusal)));
        }
        let named = match &line.work {
            None => terms.own_work(),
            Some(name) => match terms.works.find(self.writer, name)? {
                Ok(work) => Some(work),
                Err(fault) => return Ok(Err(fault)),
            },
        };
        let work = named.map(|(entry, id)| {
            self.ids.entry(entry).or_insert(id);
            entry
        });
        let facts = AccountLineFacts {
            entry: EntryNumber::default(),
            line: 0,
            contract: terms.entry,
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
        Ok(Ok(facts))
    }

    /// The lines that are not recorded yet, neither before nor by this import.
    fn without_known(
        &mut self,
        lines: Vec<Placed>,
        terms: &Terms,
        signing: &mut Signing,
    ) -> Result<Vec<Placed>, ImportError> {
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
        let contract = terms.entry;
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
        currency: Currency,
    ) -> (Account, Places) {
        let contract = terms.own_work().is_none().then_some(terms.id);
        let mut account = Account { lines: Vec::new(), works: Vec::new(), contract, currency };
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
    fn append_all(&mut self, signing: &mut Signing) -> Result<(), ImportError> {
        while self.append_next(signing)? {}
        Ok(())
    }

    /// Appends the statement that was given to be signed first; whether there was one.
    fn append_next(&mut self, signing: &mut Signing) -> Result<bool, ImportError> {
        let Some((verified, places)) = signing.take() else {
            return Ok(false);
        };
        let position = self.places.len();
        let verified = verified.map_err(|error| LedgerError::Record { position, error })?;
        let recorded =
            take_in(self.writer, &mut self.frontier, position, &verified, self.registered_at)?;
        self.places.push(places);
        self.imported.statements.push(recorded);
        if let Some(kept) = &mut self.kept {
            if kept.len() >= MAX_SIGNED {
                return Err(ImportError::TooManyToSign { limit: MAX_SIGNED });
            }
            kept.push(verified.statement().clone());
        }
        Ok(true)
    }

    pub(super) fn finish(self) -> Result<(Imported, Vec<Statement>, Frontier), ImportError> {
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
        Ok((imported, self.kept.unwrap_or_default(), self.frontier))
    }
}

/// Lines in parts of one currency each; a statement has one.
fn by_currency(mut lines: Vec<Placed>) -> Vec<(Currency, Vec<Placed>)> {
    let mut parts = Vec::new();
    while let Some((_, first)) = lines.first() {
        let currency = first.currency;
        let mut others = Vec::new();
        if lines.iter().any(|(_, line)| line.currency != currency) {
            (lines, others) = lines.into_iter().partition(|(_, line)| line.currency == currency);
        }
        parts.push((currency, lines));
        lines = others;
    }
    parts
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
