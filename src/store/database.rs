//! The open ledger file: how it is created, how it is opened, and what it lends out.
//! Never creates a file where it was asked to open one.

use super::memo::Memo;
use super::schema::{self, Schema};
use super::{Reader, StoreError, Writer};
use crate::file::sync_directory_of;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::cell::{Cell, RefCell};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf, absolute};
use std::time::Duration;

/// How long to wait for another process that writes, where nothing else is asked for: eight
/// writers that append one by one stay well below it.
pub const DEFAULT_WAIT: Duration = Duration::from_secs(10);

/// Kibibytes of pages kept in memory: the inner nodes of every index of a million works fit.
const CACHE_SIZE_KIB: i64 = 64 * 1024;

/// Bytes of the header of a database (<https://www.sqlite.org/fileformat2.html#the_database_header>).
const HEADER_BYTES: usize = 100;

/// Prepared statements kept: more than there are queries and tables.
const STATEMENTS_KEPT: usize = 128;

/// What the file is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Answers only; also works where file and directory cannot be written.
    ReadOnly,
    /// Answers and appends.
    ReadWrite,
}

/// An open ledger file.
///
/// ```no_run
/// use deedbook::store::{Access, Store};
///
/// let store = Store::open("deedbook.db", Access::ReadOnly)?;
/// println!("{} entries", store.read()?.size()?);
/// # Ok::<(), deedbook::store::StoreError>(())
/// ```
#[derive(Debug)]
pub struct Store {
    pub(super) connection: Connection,
    pub(super) memo: RefCell<Memo>,
    /// Readers alive; they share one transaction, and with it one snapshot.
    pub(super) readers: Cell<usize>,
    path: PathBuf,
    access: Access,
}

impl Store {
    /// Creates a ledger file without entries and opens it.
    ///
    /// The file gets the mode that the process's umask leaves: a ledger is public. A process that
    /// is killed in here leaves a file that is no ledger; whoever makes a whole one does it under
    /// another name, and gives the file its own name when it is done.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where anything is at the path, which is then left as it is; what
    /// the operating system or SQLite says. A file that could not be finished is taken away.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).open(path);
        drop(file.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => StoreError::Exists { path: path.to_owned() },
            _ => cannot_open(path, &error),
        })?);
        Self::fill(path).inspect_err(|_| {
            for suffix in ["", "-wal", "-shm", "-journal"] {
                // Best effort: the reason why creation failed is what the caller needs.
                let _ = std::fs::remove_file(with_suffix(path, suffix));
            }
        })
    }

    fn fill(path: &Path) -> Result<Self, StoreError> {
        let mut connection = connect(path, false)?;
        configure(&connection, DEFAULT_WAIT)?;
        use_wal(&connection)?;
        let transaction = connection.transaction()?;
        transaction.execute_batch(schema::SQL)?;
        transaction.commit()?;
        sync_directory_of(path)
            .map_err(|error| StoreError::InputOutput { reason: error.to_string() })?;
        Ok(Self::new(connection, path, Access::ReadWrite))
    }

    /// Closes the file so that it is whole by itself: everything is on the disk, and no log is left
    /// beside it.
    ///
    /// # Errors
    /// [`StoreError::Locked`] where another process has the file open; what SQLite says.
    pub fn close(self) -> Result<(), StoreError> {
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        let is_busy: bool = self.connection.query_row(checkpoint, [], |row| row.get(0))?;
        self.connection.close().map_err(|(_, error)| error)?;
        if is_busy || has_log(&self.path) {
            return Err(StoreError::Locked);
        }
        Ok(())
    }

    /// Opens a ledger file, and waits at most [`DEFAULT_WAIT`] for other processes.
    ///
    /// # Errors
    /// See [`Store::open_within`].
    pub fn open(path: impl AsRef<Path>, access: Access) -> Result<Self, StoreError> {
        Self::open_within(path, access, DEFAULT_WAIT)
    }

    /// Opens a ledger file. Where another process writes, this and every later request waits at
    /// most `wait` for it.
    ///
    /// # Errors
    /// A path without a ledger of this format; a ledger whose tables, indexes or guards are not
    /// as the format defines them; one that cannot be read, or written where that is asked for.
    pub fn open_within(
        path: impl AsRef<Path>,
        access: Access,
        wait: Duration,
    ) -> Result<Self, StoreError> {
        let path = path.as_ref();
        check_path(path)?;
        match Self::open_as(path, access, wait, false) {
            Err(StoreError::InputOutput { .. } | StoreError::ReadOnly)
                if access == Access::ReadOnly && !has_log(path) =>
            {
                // The directory cannot be written, so the shared memory of the write-ahead log
                // cannot be made; without a log nothing is missing from the file itself.
                Self::open_as(path, access, wait, true)
            }
            other => other,
        }
    }

    pub(super) fn open_as(
        path: &Path,
        access: Access,
        wait: Duration,
        immutable: bool,
    ) -> Result<Self, StoreError> {
        let connection = connect(path, immutable)?;
        let not_a_database = |error: rusqlite::Error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => StoreError::NotADatabase { path: path.to_owned() },
            Some(_) | None => error.into(),
        };
        configure(&connection, wait).map_err(not_a_database)?;
        connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
            .map_err(not_a_database)?;
        Schema::check(&connection, path)?;
        match access {
            Access::ReadOnly => {
                connection.pragma_update(None, "query_only", true)?;
                connection.pragma_update(None, "cache_size", -READ_CACHE_SIZE_KIB)?;
            }
            Access::ReadWrite if connection.is_readonly("main")? || is_protected(path) => {
                return Err(StoreError::ReadOnly);
            }
            Access::ReadWrite => use_wal(&connection)?,
        }
        Ok(Self::new(connection, path, access))
    }

    fn new(connection: Connection, path: &Path, access: Access) -> Self {
        Self {
            connection,
            memo: RefCell::default(),
            readers: Cell::new(0),
            path: path.to_owned(),
            access,
        }
    }

    /// Where the file is, as it was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the file was opened for.
    pub const fn access(&self) -> Access {
        self.access
    }

    /// Runs a command that begins or ends a transaction.
    pub(super) fn run(&self, command: &str) -> Result<(), StoreError> {
        self.connection.prepare_cached(command)?.raw_execute()?;
        Ok(())
    }

    /// A consistent snapshot of the ledger as it stands. While one reader of this store lives,
    /// further ones see the same snapshot.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn read(&self) -> Result<Reader<'_>, StoreError> {
        Reader::begin(self)
    }

    /// Begins to write. Until the writer is committed or dropped, no other process can begin.
    ///
    /// # Errors
    /// [`StoreError::Locked`] where another process writes for longer than this one waits;
    /// [`StoreError::ReadOnly`].
    pub fn begin_write(&mut self) -> Result<Writer<'_>, StoreError> {
        if self.access == Access::ReadOnly {
            return Err(StoreError::ReadOnly);
        }
        Writer::begin(self)
    }

    /// Looks through every page of the file: that each belongs to one table or index, and that every
    /// row keeps the constraints of its table. Takes time in proportion to the size of the file.
    /// Whether tables and indexes agree is for [`Store::check_table`].
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] with the first thing that SQLite names.
    pub fn check_file(&self) -> Result<(), StoreError> {
        self.check("PRAGMA quick_check(1)")?;
        self.check_indexes()
    }

    /// Keeps at most so many pages in memory, where each is read but once.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn limit_pages(&self, kibibytes: u16) -> Result<(), StoreError> {
        Ok(self.connection.pragma_update(None, "cache_size", -i64::from(kibibytes))?)
    }

    /// The tables of the file.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn tables(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
        let mut statement = self.connection.prepare(sql)?;
        let names = statement.query_map([], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// Looks up every row of a table in each of its indexes. That rows name rows that are there is
    /// not asked: verification makes every row anew from the entries.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] with the first thing that SQLite names.
    pub fn check_table(&self, table: &str) -> Result<(), StoreError> {
        self.check(&format!("PRAGMA integrity_check({table})"))
    }

    fn check(&self, pragma: &str) -> Result<(), StoreError> {
        let reason: String = self.connection.query_row(pragma, [], |row| row.get(0))?;
        if reason == "ok" { Ok(()) } else { Err(StoreError::Corrupt { reason }) }
    }

    /// Begins to read through every index. SQLite's own check counts the rows of an index without
    /// looking whether its first page is one of an index, which matters where there are none.
    fn check_indexes(&self) -> Result<(), StoreError> {
        let sql = "SELECT name, tbl_name, coalesce(sql, '') FROM sqlite_schema
            WHERE type = 'index'";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text = |place| row.get::<_, String>(place);
            let scan = scan_of(&text(0)?, &text(1)?, &text(2)?);
            let mut scan = self.connection.prepare(&scan)?;
            scan.query([])?.next()?;
        }
        Ok(())
    }
}

fn scan_of(index: &str, table: &str, sql: &str) -> String {
    let condition = sql.split_once(" WHERE ").map_or("true", |(_, rows)| rows);
    format!("SELECT 1 FROM {table} INDEXED BY {index} WHERE {condition} LIMIT 1")
}

fn cannot_open(path: &Path, error: &std::io::Error) -> StoreError {
    let path = path.to_owned();
    match error.kind() {
        ErrorKind::NotFound => StoreError::NotFound { path },
        ErrorKind::StorageFull => StoreError::DiskFull,
        ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly,
        _ => StoreError::CannotOpen { path, reason: error.to_string() },
    }
}

fn check_path(path: &Path) -> Result<(), StoreError> {
    let metadata = std::fs::metadata(path).map_err(|error| cannot_open(path, &error))?;
    let path = path.to_owned();
    if metadata.is_dir() {
        return Err(StoreError::Directory { path });
    }
    if !metadata.is_file() {
        return Err(StoreError::Special { path });
    }
    match File::open(&path) {
        Ok(file) => check_length(&path, &file),
        Err(error) => Err(cannot_open(&path, &error)),
    }
}

/// Refuses a file that does not have as many bytes as its header says: SQLite reads what a torn
/// last page lost as zeros. While a write-ahead log lies beside it, pages may be in there instead.
fn check_length(path: &Path, file: &File) -> Result<(), StoreError> {
    let mut header = [0; HEADER_BYTES];
    let is_read = file.read_exact_at(&mut header, 0).is_ok();
    if has_log(path) || !is_read || !header.starts_with(b"SQLite format 3\0") {
        // Whoever reads on says what it is instead.
        return Ok(());
    }
    let number = |at: usize| {
        u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    // The count of pages holds if it was written with the last change.
    if number(24) != number(92) {
        return Ok(());
    }
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        bytes => u64::from(bytes),
    };
    let needed = u64::from(number(28)) * page;
    let found = file.metadata().map_err(|error| cannot_open(path, &error))?.len();
    if found == needed || has_log(path) {
        return Ok(());
    }
    Err(StoreError::Corrupt { reason: format!("it has {found} bytes, must have {needed}") })
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Whether nobody may write the file. Then it is meant to stay as it is, though a superuser could
/// write it all the same.
fn is_protected(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().readonly())
}

/// Whether a write-ahead log with anything in it lies beside the file.
fn has_log(path: &Path) -> bool {
    match std::fs::metadata(with_suffix(path, "-wal")) {
        Ok(metadata) => metadata.len() > 0,
        Err(error) => error.kind() != ErrorKind::NotFound,
    }
}

fn connect(path: &Path, immutable: bool) -> Result<Connection, StoreError> {
    // An absolute path cannot be taken for a URI or for a database in memory.
    let path = absolute(path).map_err(|error| cannot_open(path, &error))?;
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if !immutable {
        let flags = flags | OpenFlags::SQLITE_OPEN_READ_WRITE;
        return Ok(Connection::open_with_flags(path, flags)?);
    }
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02x}");
        }
    }
    uri.push_str("?immutable=1");
    let flags = flags | OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    Ok(Connection::open_with_flags(uri, flags)?)
}

/// Pages that a connection which only reads keeps: 8 MiB. Verification opens one for each table,
/// and reads each page once.
const READ_CACHE_SIZE_KIB: i64 = 8 * 1024;

/// Pages in the write-ahead log before they are moved to the main file: 64 MiB. Large batches
/// change the same pages of an index again and again; moved less often, they are written less often.
const WAL_PAGES: i64 = 16_384;

fn configure(connection: &Connection, wait: Duration) -> Result<(), rusqlite::Error> {
    // SQLite counts milliseconds in 31 bits.
    connection.busy_timeout(wait.min(Duration::from_millis(i32::MAX as u64)))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // Plans do not depend on the values asked for; else SQLite would make them anew for each.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "recursive_triggers", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "cache_size", -CACHE_SIZE_KIB)?;
    connection.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
    Ok(())
}

/// Sees to it that the file keeps a write-ahead log.
fn use_wal(connection: &Connection) -> Result<(), StoreError> {
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode == "wal" {
        return Ok(());
    }
    Err(StoreError::InputOutput { reason: format!("the journal mode is `{mode}`, must be `wal`") })
}
