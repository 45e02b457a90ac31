//! One run of the program: the paths it works with, resolved once, and what opens there.

use super::Printer;
use super::arguments::Options;
use std::path::{Path, PathBuf};

/// Where the ledger and what belongs to it lie.
pub(super) struct Session<'a> {
    printer: &'a Printer,
    ledger: PathBuf,
    keys: PathBuf,
    head: PathBuf,
    vault: PathBuf,
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
            ledger,
        }
    }

    /// What writes and asks.
    pub(super) const fn printer(&self) -> &Printer {
        self.printer
    }
}

fn appended(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
