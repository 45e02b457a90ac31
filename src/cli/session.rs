//! One run of the program: the paths it works with, resolved once, and what opens there.

use super::arguments::Options;
use super::{CliError, Printer};
use crate::file::appended;
use crate::keys::{KeyError, KeyFile, KeyStore};
use crate::ledger::{Access, Clock, HeadFile, Ledger, LedgerError, SystemClock};
use crate::record::Timestamp;
use crate::store::StoreError;
use crate::vault::Vault;
use std::cell::Cell;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Where a passphrase comes from when no person is to be asked. Never an argument: those can be
/// read by every user of the machine.
const PASSPHRASE_VARIABLE: &str = "DEEDBOOK_PASSPHRASE";

/// What follows the ledger's name in the name of its own key.
pub(super) const LEDGER_KEY_SUFFIX: &str = ".key";

/// Where the ledger and what belongs to it lie.
pub(super) struct Session<'a> {
    printer: &'a Printer,
    ledger: PathBuf,
    keys: PathBuf,
    head: PathBuf,
    vault: PathBuf,
    witnesses: PathBuf,
    /// Whether the ledger was opened to append.
    appended: Cell<bool>,
}

impl<'a> Session<'a> {
    /// Resolves the paths; touches nothing.
    pub(super) fn new(options: &Options, printer: &'a Printer) -> Self {
        let ledger = options.ledger.clone();
        let beside = |chosen: &Option<PathBuf>, suffix: &str| match chosen {
            Some(path) => path.clone(),
            None => appended(&ledger, suffix),
        };
        Self {
            printer,
            keys: beside(&options.keys, ".keys"),
            head: beside(&options.head, ".head"),
            vault: beside(&options.vault, ".vault"),
            witnesses: beside(&options.witnesses, ".witnesses"),
            appended: Cell::new(false),
            ledger,
        }
    }

    /// What writes and asks.
    pub(super) const fn printer(&self) -> &Printer {
        self.printer
    }

    /// Where the ledger is, or would be.
    pub(super) fn ledger_path(&self) -> &Path {
        &self.ledger
    }

    /// Where the ledger's own key is, or would be.
    pub(super) fn ledger_key_path(&self) -> PathBuf {
        appended(&self.ledger, LEDGER_KEY_SUFFIX)
    }

    /// The head file, there or not.
    pub(super) fn head_file(&self) -> HeadFile {
        HeadFile::at(&self.head)
    }

    /// The directory of keys, there or not.
    pub(super) fn keys(&self) -> KeyStore {
        KeyStore::at(&self.keys)
    }

    /// The vault, there or not.
    pub(super) fn vault(&self) -> Vault {
        Vault::at(&self.vault)
    }

    /// Where it is remembered which files were recorded, there or not.
    pub(super) fn watched_path(&self) -> PathBuf {
        appended(&self.ledger, ".watched")
    }

    /// Where the ledger and everything that belongs to it lie, as full paths with links resolved: none of
    /// it is anybody's output.
    pub(super) fn own_places(&self) -> Vec<PathBuf> {
        let mut places = vec![self.watched_path()];
        let own = [&self.ledger, &self.keys, &self.head, &self.vault, &self.witnesses];
        places.extend(own.into_iter().cloned());
        let resolved = |path: &PathBuf| {
            let folder = path.parent()?;
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            Some(folder.canonicalize().ok()?.join(path.file_name()?))
        };
        let resolved: Vec<_> = places.iter().filter_map(resolved).collect();
        places.extend(resolved);
        places.extend(self.ledger.canonicalize());
        places.retain(|path| path.is_absolute());
        places
    }

    /// The policy that names the witnesses, there or not.
    pub(super) fn witnesses_path(&self) -> &Path {
        &self.witnesses
    }

    /// Whether the command opened the ledger to append.
    pub(super) const fn has_appended(&self) -> bool {
        self.appended.get()
    }

    /// Now.
    pub(super) fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    /// Opens the ledger to ask. Warns where it has no head file, since a ledger that was replaced
    /// by an older copy could not be told then.
    pub(super) fn read(&self) -> Result<Ledger, CliError> {
        let ledger = self.read_unwarned()?;
        if ledger.head_missing() {
            let head = self.head.display();
            let warning = format!(
                "there is no head file `{head}`, so it could not be told if the ledger was replaced"
            );
            self.printer.warning(&warning);
        }
        Ok(ledger)
    }

    /// As [`Self::read`], where the missing head file is what the command is about.
    pub(super) fn read_unwarned(&self) -> Result<Ledger, CliError> {
        self.open(Access::Read)
    }

    /// Opens the ledger to ask, where there is one.
    pub(super) fn read_if_there(&self) -> Result<Option<Ledger>, CliError> {
        if self.ledger.exists() { self.read().map(Some) } else { Ok(None) }
    }

    /// Opens the ledger, or a copy of it, to try what appending would do and take it back.
    pub(super) fn rehearse(&self) -> Result<Ledger, CliError> {
        if !self.ledger.exists() {
            let needed = "what was recorded before";
            return Err(CliError::LedgerNeeded { path: self.ledger.clone(), needed });
        }
        self.open(Access::Rehearse)
    }

    /// Opens the ledger to keep what others signed about it.
    pub(super) fn attach(&self) -> Result<Ledger, CliError> {
        self.open(Access::Attach)
    }

    /// Opens the ledger to append, with its own key.
    pub(super) fn append(&self) -> Result<Ledger, CliError> {
        if !self.ledger.exists() {
            let path = self.ledger.clone();
            return Err(StoreError::NotFound { path }.into());
        }
        let key = self.ledger_key()?;
        let key = key.ed25519_secret().ok_or(LedgerError::WrongLedgerKey)?;
        self.appended.set(true);
        self.open(Access::Append { key: key.clone(), accept_missing_head: false })
    }

    /// The ledger's own key.
    pub(super) fn ledger_key(&self) -> Result<KeyFile, CliError> {
        match self.key_file(&self.ledger_key_path()) {
            Err(CliError::Key(KeyError::Missing { .. })) => {
                // A file that is no ledger has no key either, and is told as what it is.
                self.open(Access::Read)?;
                Err(LedgerError::NoLedgerKey.into())
            }
            key => key,
        }
    }

    fn open(&self, access: Access) -> Result<Ledger, CliError> {
        let clock = Box::new(SystemClock);
        Ok(Ledger::open(&self.ledger, self.head_file(), access, clock)?)
    }

    /// Reads a private key; its passphrase, where it has one, comes from the environment or from a
    /// person.
    pub(super) fn key_file(&self, path: &Path) -> Result<KeyFile, CliError> {
        Ok(KeyFile::read(path, &mut |path| self.passphrase(path))?)
    }

    fn passphrase(&self, path: &Path) -> Result<Zeroizing<String>, KeyError> {
        if let Some(passphrase) = passphrase_of_environment() {
            return Ok(passphrase);
        }
        let needed = || KeyError::PassphraseNeeded { path: path.to_owned() };
        if !self.printer.can_ask() {
            return Err(needed());
        }
        self.printer.ask_passphrase("passphrase of", path).map_err(|_| needed())
    }

    /// The passphrase for a new key, asked for twice unless the environment has it.
    pub(super) fn new_passphrase(&self, path: &Path) -> Result<Zeroizing<String>, CliError> {
        if let Some(passphrase) = passphrase_of_environment() {
            return Ok(passphrase);
        }
        if !self.printer.can_ask() {
            let path = path.to_owned();
            return Err(KeyError::PassphraseNeeded { path }.into());
        }
        let ask = |what| self.printer.ask_passphrase(what, path).map_err(CliError::terminal);
        let first = ask("new passphrase for")?;
        if first.is_empty() {
            return Err(KeyError::EmptyPassphrase.into());
        }
        if first != ask("the same again for")? {
            return Err(CliError::PassphrasesDiffer);
        }
        Ok(first)
    }

    /// Makes a key in the key directory.
    pub(super) fn new_key(
        &self,
        name: &str,
        protected: bool,
    ) -> Result<(KeyFile, PathBuf), CliError> {
        let keys = self.keys();
        let path = keys.path_of(name)?;
        let passphrase = if protected { Some(self.new_passphrase(&path)?) } else { None };
        let key = keys.create(name, passphrase.as_ref().map(|text| text.as_str()))?;
        Ok((key, path))
    }
}

fn passphrase_of_environment() -> Option<Zeroizing<String>> {
    std::env::var(PASSPHRASE_VARIABLE).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::ColorChoice;
    use std::os::unix::ffi::OsStrExt;

    fn options(ledger: &Path) -> Options {
        Options {
            ledger: ledger.to_owned(),
            keys: None,
            head: Some("elsewhere".into()),
            vault: None,
            witnesses: None,
            json: false,
            color: ColorChoice::Never,
        }
    }

    #[test]
    fn what_belongs_to_a_ledger_lies_beside_it_unless_named() {
        let ledger = Path::new(std::ffi::OsStr::from_bytes(b"dir/led\xffger.db"));
        let printer = Printer::new(false, ColorChoice::Never);
        let session = Session::new(&options(ledger), &printer);
        let key = session.ledger_key_path();
        assert_eq!(key.as_os_str().as_bytes(), b"dir/led\xffger.db.key");
        let wen = session.keys().path_of("wen").unwrap();
        assert_eq!(wen.as_os_str().as_bytes(), b"dir/led\xffger.db.keys/wen");
        assert_eq!(session.head_file().path(), Path::new("elsewhere"));
    }

    #[test]
    fn a_ledger_that_is_not_there_is_told_before_its_key() {
        let directory = tempfile::tempdir().unwrap();
        let printer = Printer::new(false, ColorChoice::Never);
        let session = Session::new(&options(&directory.path().join("none")), &printer);
        let errors = [session.read().err(), session.append().err()];
        for error in errors {
            assert_eq!(error.unwrap().code(), "ledger_missing");
        }
        assert!(session.read_if_there().unwrap().is_none());
    }
}
