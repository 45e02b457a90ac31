//! An account of the books.

use super::JournalError;
use std::fmt;

/// The five kinds of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Root {
    /// What one has.
    Assets,
    /// What one owes; below zero.
    Liabilities,
    /// What one began with; below zero.
    Equity,
    /// What came in; below zero.
    Income,
    /// What went out.
    Expenses,
}

impl Root {
    /// The name in books.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assets => "Assets",
            Self::Liabilities => "Liabilities",
            Self::Equity => "Equity",
            Self::Income => "Income",
            Self::Expenses => "Expenses",
        }
    }
}

/// An account: its kind, and names from the general to the special.
///
/// ```
/// use deedbook::journal::{Account, Root};
///
/// let account = Account::new(Root::Liabilities, &["contract-12", "northlight"])?;
/// assert_eq!(account.to_string(), "Liabilities:Contract-12:Northlight");
/// # Ok::<(), deedbook::journal::JournalError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account(String);

impl Account {
    /// Handles, categories and numbers make good names: each begins with a capital in the books.
    ///
    /// # Errors
    /// [`JournalError::AccountName`] for a name that is empty or has anything but ASCII letters,
    /// digits and hyphens, which not every program takes.
    pub fn new(root: Root, names: &[&str]) -> Result<Self, JournalError> {
        let mut account = root.name().to_owned();
        for name in names {
            let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            if !name.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
                || !name.bytes().all(good)
            {
                return Err(JournalError::AccountName { name: (*name).to_owned() });
            }
            let (first, rest) = name.split_at(1);
            account.push(':');
            account.push_str(&first.to_ascii_uppercase());
            account.push_str(rest);
        }
        Ok(Self(account))
    }

    /// The account as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
