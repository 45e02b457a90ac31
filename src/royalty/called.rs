//! What works and parties are called in derivations. Never looks anything up.

use crate::record::EntryNumber;
use std::collections::BTreeMap;

/// Names by entry, for derivations that people follow.
///
/// ```
/// use deedbook::record::EntryNumber;
/// use deedbook::royalty::Called;
///
/// let mut called = Called::default();
/// called.add(EntryNumber::new(2), "wen".to_owned());
/// assert_eq!(called.name(EntryNumber::new(2)), "wen");
/// assert_eq!(called.name(EntryNumber::new(3)), "#3");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    names: BTreeMap<EntryNumber, String>,
}

impl Called {
    /// Calls an entry by a name: a party by its handle, a work by its title and number.
    pub fn add(&mut self, entry: EntryNumber, name: String) {
        self.names.insert(entry, name);
    }

    /// What an entry is called; its number, where no name is known.
    pub fn name(&self, entry: EntryNumber) -> String {
        self.names.get(&entry).cloned().unwrap_or_else(|| entry.to_string())
    }
}
