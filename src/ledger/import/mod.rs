//! Import of sales reports: lines in, signed statements out; all of them or none.
//!
//! While one thread reads the report, a second checks its lines against the ledger, a third signs
//! them in statements of up to a thousand, and the second appends these, all in one transaction. A
//! dry run does the same and takes it back. Lines that are recorded already are left out, by their
//! reference; memory does not grow with the report, but for four bytes a line.

mod fault;
mod importing;
mod signing;
mod works;

pub use fault::{ImportError, ImportFault, LineProblem, OtherLine};

use super::append::registration_time;
use super::{Ledger, LedgerError, Recorded};
use crate::admission::AccountLineFacts;
use crate::intake::{LineFault, ReportError, ReportLine, SalesReport};
use crate::money::Amount;
use crate::record::{Category, EntryNumber, Handle, LineKind, MAX_ACCOUNT_LINES, Signer};
use crate::tlog::Frontier;
use importing::Importing;
use signing::Signing;
use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};

/// Problems that are told; a report with more is of another kind than its mapping.
pub const MAX_PROBLEMS: usize = 100;
/// Lines that a dry run shows.
pub const MAX_SHOWN: usize = 20;
/// Pages that are kept meanwhile: references mostly count up, so that few are come back to.
const CACHE_SIZE_KIB: u16 = 24 * 1024;
/// Chunks that may wait between reading and appending.
const QUEUED_CHUNKS: usize = 4;

/// A report on its way in, or why it could not be opened.
pub type OpenReport<'mapping, R> = Result<SalesReport<'mapping, R>, ReportError>;

/// What to import as whom.
pub struct Import<'a> {
    /// The contract.
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
    /// The lines that follow are of a report under this contract.
    Report(EntryNumber),
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
        self.run(import, |out| {
            if out.send(Read::Report(import.contract)).is_ok() {
                read_chunks(report, out);
            }
        })
    }

    /// Imports several sales reports of one party in one transaction, each under its own contract:
    /// all of them or none. Each is opened when the one before it was read to its end.
    ///
    /// What was recorded is told of all reports together. The contract of `import` is not used.
    ///
    /// # Errors
    /// As [`Ledger::import`]. Lines that cannot be recorded are those of the first report that has
    /// any.
    pub fn import_all<'mapping, R: io::Read>(
        &mut self,
        reports: impl IntoIterator<Item = (EntryNumber, OpenReport<'mapping, R>)> + Send,
        import: &Import<'_>,
    ) -> Result<Imported, ImportError> {
        self.run(import, |out| {
            for (contract, report) in reports {
                if out.send(Read::Report(contract)).is_err() {
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
        })
    }

    fn run(
        &mut self,
        import: &Import<'_>,
        read: impl FnOnce(&SyncSender<Read>) + Send,
    ) -> Result<Imported, ImportError> {
        self.store.limit_pages(CACHE_SIZE_KIB)?;
        let done = self.run_in_one(import, read);
        // What the pages of a writer otherwise take.
        self.store.limit_pages(u16::MAX)?;
        done
    }

    fn run_in_one(
        &mut self,
        import: &Import<'_>,
        read: impl FnOnce(&SyncSender<Read>) + Send,
    ) -> Result<Imported, ImportError> {
        let signer = self.signer.as_ref().ok_or(LedgerError::NoLedgerKey)?;
        let mut writer = self.store.begin_write()?;
        if self.frontier.size() != writer.head() {
            self.frontier = Frontier::load(writer.head(), &*writer).map_err(LedgerError::from)?;
        }
        let registered_at = registration_time(self.clock.now(), writer.last_registered_at())?;
        let mut importing =
            Importing::new(&mut writer, self.frontier.clone(), registered_at, import);
        let (out, chunks) = sync_channel(QUEUED_CHUNKS);
        std::thread::scope(|scope| {
            scope.spawn(move || read(&out));
            let signing = Signing::begin(scope, import, registered_at);
            // Both are taken whole, so that no thread is left waiting when this one stops early.
            importing.take_all(chunks, signing)
        })?;
        let (imported, frontier) = importing.finish()?;
        if import.dry_run || imported.statements.is_empty() {
            return Ok(imported);
        }
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
        Ok(imported)
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
