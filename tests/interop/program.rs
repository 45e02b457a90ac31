//! An accounting program, and what it says of a journal.

use deedbook::journal::Format;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Write as _;
use std::process::{Command, Output};

/// A program that reads journals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    BeanCheck,
    Hledger,
    Ledger,
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.names().0)
    }
}

impl Program {
    pub(super) const ALL: [Self; 3] = [Self::BeanCheck, Self::Hledger, Self::Ledger];

    /// Its name, and the variable that says where it is.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::BeanCheck => ("bean-check", "DEEDBOOK_BEAN_CHECK"),
            Self::Hledger => ("hledger", "DEEDBOOK_HLEDGER"),
            Self::Ledger => ("ledger", "DEEDBOOK_LEDGER_CLI"),
        }
    }

    fn command(self) -> Command {
        let (name, variable) = self.names();
        let mut command = Command::new(std::env::var_os(variable).unwrap_or_else(|| name.into()));
        // Neither settings of a person nor a locale change what is tested.
        command.env_remove("LEDGER_FILE").env("HOME", "/nonexistent").env("LC_ALL", "C.UTF-8");
        command
    }

    /// Whether it runs; says so where it does not.
    pub(super) fn is_there(self) -> bool {
        let runs = self.command().arg("--version").output();
        if runs.is_ok_and(|output| output.status.success()) {
            return true;
        }
        let (name, variable) = self.names();
        println!("skipped: `{name}` is neither on the PATH nor named by {variable}");
        false
    }

    pub(super) fn format(self) -> Format {
        match self {
            Self::BeanCheck => Format::Beancount,
            Self::Hledger | Self::Ledger => Format::Hledger,
        }
    }

    fn run(self, arguments: &[&str], journal: &str) -> Output {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(journal.as_bytes()).unwrap();
        let mut command = self.command();
        match self {
            Self::BeanCheck => command.arg("--no-cache").args(arguments).arg(file.path()),
            Self::Hledger => command.arg("-f").arg(file.path()).args(arguments),
            Self::Ledger => {
                command.args(["--init-file", "/dev/null", "-f"]).arg(file.path()).args(arguments)
            }
        };
        command.output().unwrap()
    }

    /// What it says where it does not accept the journal.
    pub(super) fn accepts(self, journal: &str) -> Result<(), String> {
        let arguments: &[&str] = match self {
            Self::BeanCheck => &[],
            Self::Hledger => &["check", "--strict"],
            // Its stricter modes ask for tags and commodities in forms that hledger does not take.
            Self::Ledger => &["balance"],
        };
        let output = self.run(arguments, journal);
        let told = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        if output.status.success() && told.is_empty() { Ok(()) } else { Err(told) }
    }

    /// What each account comes to that is not zero, where the program tells.
    pub(super) fn balances(self, journal: &str) -> Option<BTreeMap<String, String>> {
        let arguments: &[&str] = match self {
            Self::BeanCheck => return None,
            Self::Hledger => &["balance", "--flat", "--no-total", "-O", "csv"],
            Self::Ledger => &[
                "balance",
                "--flat",
                "--no-total",
                "--format",
                "%(account)\t%(scrub(display_total))\n",
            ],
        };
        let output = self.run(arguments, journal);
        assert!(output.status.success(), "{self}: {}", String::from_utf8_lossy(&output.stderr));
        let table = String::from_utf8(output.stdout).unwrap();
        let row = |row: &str| match self {
            Self::Ledger => {
                row.split_once('\t').map(|(name, sum)| (name.to_owned(), sum.to_owned()))
            }
            Self::BeanCheck | Self::Hledger => {
                let (name, sum) = row.strip_prefix('"')?.strip_suffix('"')?.split_once("\",\"")?;
                Some((name.to_owned(), sum.to_owned()))
            }
        };
        let rows = table.lines().filter_map(row).map(|(name, sum)| (name, sum.trim().to_owned()));
        let rows = rows.filter(|(account, _)| account.contains(':'));
        Some(rows.collect())
    }
}
