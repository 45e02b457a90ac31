//! Import of sales reports: lines in, signed statements out; all of them or none.
//!
//! While one thread reads the report, a second checks its lines against the ledger, a third signs
//! them in statements of up to a thousand, and the second appends these, all in one transaction. A
//! dry run does the same and takes it back. Lines that are recorded already are left out, by their
//! reference; memory does not grow with the report, but for four bytes a line.

mod contracts;
mod fault;
mod importing;
mod signing;
mod terms;
mod works;

pub use fault::{ImportError, ImportFault, LineProblem, OtherLine};

use super::append::registration_time;
use super::{Ledger, LedgerError, Recorded};
use crate::admission::AccountLineFacts;
use crate::intake::{LineFault, ReportError, ReportLine, SalesReport};
use crate::money::Amount;
use crate::record::{
    Category, EntryNumber, Handle, LineKind, MAX_ACCOUNT_LINES, Signer, Statement,
};
use crate::tlog::Frontier;
use importing::Importing;
use signing::Signing;
use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};

/// Problems that are told; a report with more is of another kind than its mapping.
pub const MAX_PROBLEMS: usize = 100;
/// Lines that a dry run shows.
pub const MAX_SHOWN: usize = 20;
/// Statements that are handed out together where they are only signed: a million lines, 64 MiB.
pub const MAX_SIGNED: usize = 1024;
/// Pages that are kept meanwhile: references mostly count up, so that few are come back to.
const CACHE_SIZE_KIB: u16 = 24 * 1024;
/// Chunks that may wait between reading and appending.
const QUEUED_CHUNKS: usize = 4;

/// A report on its way in, or why it could not be opened.
pub type OpenReport<'mapping, R> = Result<SalesReport<'mapping, R>, ReportError>;

/// What to import as whom.
pub struct Import<'a> {
    /// The contract by a share of profit, or the work under none that has an account of its own.
    pub contract: EntryNumber,
    /// The party that owes the accounts.
    pub party: &'a Handle,
    /// Its key.
    pub signer: &'a (dyn Signer + Sync),
    /// Whether to take everything back in the end.
    pub dry_run: bool,
}

/// What was recorded, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The contracts of the lines, in the order in which they were met.
    pub contracts: Vec<EntryNumber>,
    /// The works with accounts of their own, likewise.
    pub works: Vec<EntryNumber>,
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

/// What comes from the thread that reads.
enum Read {
    /// The lines that follow are of a report, under this contract unless they name theirs.
    Report(Option<EntryNumber>),
    /// Lines of it.
    Lines(Vec<Row>),
    /// It cannot be read any further.
    Failed(ReportError),
}

impl Ledger {
    /// Imports a sales report in one transaction.
    ///
    /// # Errors
    /// Every line that cannot be recorded, up to [`MAX_PROBLEMS`]; a report that cannot be read; a
    /// contract that has no accounts, or not of this party. Then nothing is recorded.
    pub fn import<R: io::Read + Send>(
        &mut self,
        report: &mut SalesReport<'_, R>,
        import: &Import<'_>,
    ) -> Result<Imported, ImportError> {
        let read = |out: &SyncSender<Read>| {
            if out.send(Read::Report(Some(import.contract))).is_ok() {
                read_chunks(report, out);
            }
        };
        Ok(self.run(import, false, read)?.0)
    }

    /// Imports several sales reports of one party in one transaction, all of them or none: each
    /// under the contract beside it, or under those that its lines name where the mapping has a
    /// column for them. Each is opened when the one before it was read to its end.
    ///
    /// What was recorded is told of all reports together. The contract of `import` is not used.
    ///
    /// # Errors
    /// As [`Ledger::import`]. Lines that cannot be recorded are those of the first report that has
    /// any.
    pub fn import_all<'mapping, C: Into<Option<EntryNumber>>, R: io::Read>(
        &mut self,
        reports: impl IntoIterator<Item = (C, OpenReport<'mapping, R>)> + Send,
        import: &Import<'_>,
    ) -> Result<Imported, ImportError> {
        Ok(self.run(import, false, |out| read_all(reports, out))?.0)
    }

    /// Signs what [`Ledger::import_all`] would record, and records nothing: the statements are for
    /// somebody who submits them to this ledger, or to the one that this is a copy of. The ledger's
    /// own key is not needed; see [`Access::Rehearse`](super::Access).
    ///
    /// # Errors
    /// As [`Ledger::import_all`]; [`ImportError::TooManyToSign`] beyond [`MAX_SIGNED`] statements.
    pub fn sign_all<'mapping, C: Into<Option<EntryNumber>>, R: io::Read>(
        &mut self,
        reports: impl IntoIterator<Item = (C, OpenReport<'mapping, R>)> + Send,
        import: &Import<'_>,
    ) -> Result<(Imported, Vec<Statement>), ImportError> {
        self.run(import, true, |out| read_all(reports, out))
    }

    fn run(
        &mut self,
        import: &Import<'_>,
        signs_only: bool,
        read: impl FnOnce(&SyncSender<Read>) + Send,
    ) -> Result<(Imported, Vec<Statement>), ImportError> {
        self.store.limit_pages(CACHE_SIZE_KIB)?;
        let done = self.run_in_one(import, signs_only, read);
        // What the pages of a writer otherwise take.
        self.store.limit_pages(u16::MAX)?;
        done
    }

    fn run_in_one(
        &mut self,
        import: &Import<'_>,
        signs_only: bool,
        read: impl FnOnce(&SyncSender<Read>) + Send,
    ) -> Result<(Imported, Vec<Statement>), ImportError> {
        let takes_back = import.dry_run || signs_only;
        let signer = self.signer.as_ref();
        if signer.is_none() && !takes_back {
            return Err(LedgerError::NoLedgerKey.into());
        }
        let mut writer = self.store.begin_write()?;
        if self.frontier.size() != writer.head() {
            self.frontier = Frontier::load(writer.head(), &*writer).map_err(LedgerError::from)?;
        }
        let registered_at = registration_time(self.clock.now(), writer.last_registered_at())?;
        let mut importing =
            Importing::new(&mut writer, self.frontier.clone(), registered_at, import, signs_only);
        let (out, chunks) = sync_channel(QUEUED_CHUNKS);
        std::thread::scope(|scope| {
            scope.spawn(move || read(&out));
            let signing = Signing::begin(scope, import, registered_at);
            // Both are taken whole, so that no thread is left waiting when this one stops early.
            importing.take_all(chunks, signing)
        })?;
        let (imported, signed, frontier) = importing.finish()?;
        let Some(signer) = signer.filter(|_| !takes_back && !imported.statements.is_empty()) else {
            return Ok((imported, signed));
        };
        let size = frontier.size();
        let checkpoint = signer.sign(size, frontier.root()).map_err(LedgerError::from)?;
        writer.add_checkpoint(&checkpoint.note)?;
        writer.commit()?;
        self.frontier = frontier;
        let written = self.head_file.write(&checkpoint.note, size, &self.verifier);
        written.map_err(|error| LedgerError::HeadBehind {
            last: size.saturating_sub(1),
            reason: error.to_string(),
        })?;
        Ok((imported, signed))
    }
}

/// Reads reports one after the other, to the first that cannot be opened.
fn read_all<'mapping, C: Into<Option<EntryNumber>>, R: io::Read>(
    reports: impl IntoIterator<Item = (C, OpenReport<'mapping, R>)>,
    out: &SyncSender<Read>,
) {
    for (contract, report) in reports {
        if out.send(Read::Report(contract.into())).is_err() {
            return;
        }
        match report {
            Ok(mut report) => read_chunks(&mut report, out),
            Err(error) => {
                let _ = out.send(Read::Failed(error));
                return;
            }
        }
    }
}

/// Reads the report to its end, or until nobody listens.
fn read_chunks<R: io::Read>(report: &mut SalesReport<'_, R>, out: &SyncSender<Read>) {
    let mut chunk = Vec::with_capacity(MAX_ACCOUNT_LINES);
    loop {
        match report.next_line() {
            Ok(Some(row)) => chunk.push(row),
            Ok(None) => {
                // The other side is gone only where it has failed, and says so itself.
                let _ = out.send(Read::Lines(chunk));
                return;
            }
            Err(error) => {
                let _ = out.send(Read::Failed(error));
                return;
            }
        }
        if chunk.len() == MAX_ACCOUNT_LINES {
            let full = std::mem::replace(&mut chunk, Vec::with_capacity(MAX_ACCOUNT_LINES));
            if out.send(Read::Lines(full)).is_err() {
                return;
            }
        }
    }
}
