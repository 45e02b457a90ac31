//! A writer: the one transaction in which entries, documents and derived rows are
//! added. Never changes or removes anything, and never decides what may be added.

use super::fetch::{field, number_to_sql, to_sql};
use super::{EntryRow, Reader, Store, StoreError, query};
use crate::admission::{Effect, Value};
use crate::record::{Digest, EntryNumber, Timestamp};
use crate::tlog::HASH_SIZE_BYTES;
use rusqlite::params;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use std::ops::Deref;
use std::sync::OnceLock;

// A row is refused before anything of it is written, so that failing leaves what aborting leaves,
// without the cost of being able to abort.
const ADD_ENTRY: &str =
    "INSERT OR FAIL INTO entry (number, registered_at, id, kind, signer, nodes, checkpoint, statement)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const ADD_CHECKPOINT: &str = "UPDATE OR FAIL entry SET checkpoint = ?2 WHERE number = ?1";
const ADD_DOCUMENT: &str = "INSERT OR FAIL INTO document (digest, text) SELECT ?1, ?2
    WHERE NOT EXISTS (SELECT 1 FROM document WHERE digest = ?1)";

/// Lines of account that are written by one insertion.
const LINES_AT_ONCE: usize = 100;
/// Columns of a line of account.
const LINE_COLUMNS: usize = 4;

/// An open transaction. It answers every question of a [`Reader`], and sees what it added.
/// Dropped without [`Writer::commit`], it leaves nothing.
#[derive(Debug)]
pub struct Writer<'store> {
    reader: Reader<'store>,
    /// Size of the log when the transaction began.
    head: u64,
    /// When its last entry was registered.
    last_registered_at: Option<Timestamp>,
    /// The number of the next entry.
    next: u64,
    committed: bool,
}

impl<'store> Writer<'store> {
    pub(super) fn begin(store: &'store Store) -> Result<Self, StoreError> {
        store.run("BEGIN IMMEDIATE")?;
        // Others may have written since the last time.
        store.memo.borrow_mut().pass();
        let reader = Reader::within_writer(store);
        let mut writer =
            Self { reader, head: 0, last_registered_at: None, next: 0, committed: false };
        let last = writer.one(query::LAST, [], |row| {
            let size: EntryNumber = field(row, "entry", (0, "number"))?;
            Ok((size.get(), field(row, "entry", (1, "registered_at"))?))
        })?;
        if let Some((size, registered_at)) = last {
            (writer.head, writer.last_registered_at) = (size, Some(registered_at));
            writer.next = size;
        }
        Ok(writer)
    }

    /// When the last entry was registered, as of the beginning.
    pub const fn last_registered_at(&self) -> Option<Timestamp> {
        self.last_registered_at
    }

    /// The size of the log when the transaction began; nobody else can have moved it since.
    pub const fn head(&self) -> u64 {
        self.head
    }

    /// Adds an entry, which must have the next number.
    ///
    /// # Errors
    /// [`StoreError::HeadMoved`] for another number; [`StoreError::Constraint`] for a statement
    /// that is already there, or a moment before that of the last entry.
    pub fn append(&mut self, row: &EntryRow) -> Result<(), StoreError> {
        if row.number.get() != self.next {
            return Err(StoreError::HeadMoved { expected: self.next, found: row.number.get() });
        }
        let mut nodes = Vec::with_capacity(row.nodes.len() * HASH_SIZE_BYTES);
        for node in &row.nodes {
            nodes.extend_from_slice(node.as_bytes());
        }
        let mut statement = self.store.connection.prepare_cached(ADD_ENTRY)?;
        statement.execute(params![
            to_sql(row.number),
            row.registered_at.as_millis(),
            row.id.as_bytes(),
            row.kind.name(),
            row.signer.map(to_sql),
            nodes,
            row.checkpoint,
            row.statement,
        ])?;
        drop(statement);
        self.next += 1;
        Ok(())
    }

    /// Adds a derived row; rows come in the order of their entries.
    ///
    /// # Errors
    /// [`StoreError::Constraint`] for a row that is already there or out of order. A row that
    /// names an entry that is not there is refused by [`Writer::commit`].
    pub fn add(&mut self, effect: &Effect) -> Result<(), StoreError> {
        self.add_all(std::slice::from_ref(effect))
    }

    /// Adds derived rows, as [`Writer::add`] does each; rows of one table that follow each other are
    /// written with one prepared insertion.
    ///
    /// # Errors
    /// As [`Writer::add`].
    pub fn add_all(&mut self, effects: &[Effect]) -> Result<(), StoreError> {
        for run in effects.chunk_by(|one, other| one.table() == other.table()) {
            if let Some(Effect::AccountLineRow(_)) = run.first() {
                self.add_lines(run)?;
                continue;
            }
            let Some(first) = run.first() else {
                continue;
            };
            let mut statement = self.store.connection.prepare_cached(insertion(first.table())?)?;
            for effect in run {
                for (place, value) in effect.values().iter().enumerate() {
                    statement.raw_bind_parameter(place + 1, Bound(value))?;
                }
                statement.raw_execute()?;
            }
        }
        if !effects.iter().all(comes_with_a_work) {
            self.store.memo.borrow_mut().pass();
        }
        Ok(())
    }

    /// Lines of account come by the million: many are written by one insertion, which finds the place
    /// of each beside the one before it, and nothing is copied on the way.
    fn add_lines(&self, run: &[Effect]) -> Result<(), StoreError> {
        let (many, few) = run.split_at(run.len() - run.len() % LINES_AT_ONCE);
        for lines in many.chunks(LINES_AT_ONCE).chain(few.chunks(1)) {
            let mut statement = self.store.connection.prepare_cached(lines_insertion(lines))?;
            let mut place = 0;
            for effect in lines {
                let Effect::AccountLineRow(row) = effect else {
                    continue;
                };
                statement.raw_bind_parameter(place + 1, to_sql(row.entry))?;
                statement.raw_bind_parameter(place + 2, row.line)?;
                statement.raw_bind_parameter(place + 3, to_sql(row.contract))?;
                statement.raw_bind_parameter(place + 4, row.reference.as_str())?;
                place += LINE_COLUMNS;
            }
            statement.raw_execute()?;
        }
        Ok(())
    }

    /// Keeps a text by its digest; once, however often it is handed in.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add_document(&mut self, digest: &Digest, text: &str) -> Result<(), StoreError> {
        let mut statement = self.store.connection.prepare_cached(ADD_DOCUMENT)?;
        statement.execute(params![digest.as_bytes(), text])?;
        Ok(())
    }

    /// Gives the last entry the checkpoint over all entries; once.
    ///
    /// # Errors
    /// [`StoreError::Constraint`] where it has one already, or nothing was added.
    pub fn add_checkpoint(&mut self, note: &str) -> Result<(), StoreError> {
        let last = number_to_sql(self.next.saturating_sub(1));
        let mut statement = self.store.connection.prepare_cached(ADD_CHECKPOINT)?;
        statement.execute(params![last, note])?;
        Ok(())
    }

    /// Makes everything that was added last, whatever happens to the machine afterwards.
    ///
    /// # Errors
    /// [`StoreError::Constraint`] where a row names an entry that is not there, or what SQLite
    /// says; then nothing was added.
    pub fn commit(mut self) -> Result<(), StoreError> {
        self.store.run("COMMIT")?;
        self.committed = true;
        Ok(())
    }
}

impl<'store> Deref for Writer<'store> {
    type Target = Reader<'store>;

    fn deref(&self) -> &Reader<'store> {
        &self.reader
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        if self.committed {
            return;
        }
        self.store.memo.borrow_mut().clear();
        if !self.store.connection.is_autocommit() {
            // What cannot be rolled back now is, when the file is next opened.
            let _ = self.store.connection.execute_batch("ROLLBACK");
        }
    }
}

/// Rows that change nothing but what is known of works and of how they are made.
const fn comes_with_a_work(effect: &Effect) -> bool {
    match effect {
        Effect::WorkRow(_)
        | Effect::ContentRow(_)
        | Effect::CodeRow(_)
        | Effect::TextCodeRow(_)
        | Effect::ConflictRow(_)
        | Effect::DerivationRow(_)
        | Effect::TitleRow(_)
        | Effect::SessionRow(_)
        | Effect::SessionOutputRow(_)
        | Effect::SessionStoppedRow(_)
        | Effect::AboutRow(_) => true,
        Effect::PartyRow(_)
        | Effect::KeyRow(_)
        | Effect::KeyRevokedRow(_)
        | Effect::TermsRow(_)
        | Effect::TermsWithdrawnRow(_)
        | Effect::ContractRow(_)
        | Effect::SplitAgreedRow(_)
        | Effect::AssignmentRow(_)
        | Effect::LicenceRow(_)
        | Effect::AttestedRow(_)
        | Effect::LabelRow(_)
        | Effect::PoolRow(_)
        | Effect::PaymentRow(_)
        | Effect::ConfirmationRow(_)
        | Effect::AccountRow(_)
        | Effect::AccountLineRow(_)
        | Effect::AccountSumRow(_)
        | Effect::CorrectionRow(_)
        | Effect::OpeningRow(_)
        | Effect::OpeningAgreedRow(_)
        | Effect::ExchangeRateRow(_)
        | Effect::StatementClosedRow(_)
        | Effect::StatementAnsweredRow(_) => false,
    }
}

/// The insertion into one of [`Effect::TABLES`].
fn insertion(table: usize) -> Result<&'static str, StoreError> {
    let sql = insertions().get(table).map(String::as_str);
    sql.ok_or_else(|| StoreError::UnknownTable { table: table.to_string() })
}

/// The insertion into each table of [`Effect::TABLES`].
fn insertions() -> &'static [String] {
    static INSERTIONS: OnceLock<Vec<String>> = OnceLock::new();
    INSERTIONS.get_or_init(|| {
        let insertion = |(table, columns): &(&str, &[&str])| {
            let places = vec!["?"; columns.len()].join(", ");
            let columns = columns.join(", ");
            format!("INSERT OR FAIL INTO {table} ({columns}) VALUES ({places})")
        };
        Effect::TABLES.iter().map(insertion).collect()
    })
}

/// The insertion of one line of account, or of [`LINES_AT_ONCE`].
fn lines_insertion(lines: &[Effect]) -> &'static str {
    static ONE: OnceLock<String> = OnceLock::new();
    static MANY: OnceLock<String> = OnceLock::new();
    let (insertion, count) = if lines.len() == 1 { (&ONE, 1) } else { (&MANY, LINES_AT_ONCE) };
    insertion.get_or_init(|| {
        let rows = vec!["(?, ?, ?, ?)"; count].join(", ");
        format!("INSERT OR FAIL INTO account_line (entry, line, contract, reference) VALUES {rows}")
    })
}

/// A value on its way into a row, not copied on our side.
struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
