//! Which entries a figure rests on: a bounded list, and how many lines in all.

use crate::record::EntryNumber;
use serde::Serialize;

/// How many entries a derivation names; a figure of a million lines must stay readable.
pub const MAX_SHOWN_ENTRIES: usize = 20;

/// The entries behind a figure: the first [`MAX_SHOWN_ENTRIES`] in the order of the log, whether
/// there are others, and the number of lines in all of them.
///
/// What it holds does not depend on the order in which lines are added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sources {
    entries: Vec<EntryNumber>,
    more_entries: bool,
    line_count: u64,
}

impl Sources {
    /// No entry.
    pub fn none() -> Self {
        Self::default()
    }

    /// One line of one entry.
    pub fn one(entry: EntryNumber) -> Self {
        let mut sources = Self::default();
        sources.add(entry);
        sources
    }

    /// Counts one line of an entry.
    pub fn add(&mut self, entry: EntryNumber) {
        self.add_lines(entry, 1);
    }

    /// Takes in what others hold.
    pub(super) fn merge(&mut self, other: &Self) {
        for entry in &other.entries {
            self.add_lines(*entry, 0);
        }
        self.more_entries |= other.more_entries;
        self.line_count += other.line_count;
    }

    /// Counts lines of an entry.
    pub(super) fn add_lines(&mut self, entry: EntryNumber, count: u32) {
        self.line_count += u64::from(count);
        // Lines mostly come in the order of the log, so the last entry answers most of them.
        match self.entries.last() {
            Some(last) if *last == entry => {}
            Some(last) if *last < entry => {
                if self.entries.len() < MAX_SHOWN_ENTRIES {
                    self.entries.push(entry);
                } else {
                    self.more_entries = true;
                }
            }
            Some(_) | None => self.insert(entry),
        }
    }

    fn insert(&mut self, entry: EntryNumber) {
        if let Err(place) = self.entries.binary_search(&entry) {
            self.entries.insert(place, entry);
            if self.entries.len() > MAX_SHOWN_ENTRIES {
                self.entries.pop();
                self.more_entries = true;
            }
        }
    }

    /// The first entries, in the order of the log, at most [`MAX_SHOWN_ENTRIES`].
    pub fn entries(&self) -> &[EntryNumber] {
        &self.entries
    }

    /// Whether there are further entries.
    pub const fn has_more_entries(&self) -> bool {
        self.more_entries
    }

    /// How many lines, in the entries that are shown and in those that are not.
    pub const fn line_count(&self) -> u64 {
        self.line_count
    }

    /// `[#4, #7]`, with the number of lines where it is not one for each entry; nothing where
    /// there is no entry.
    pub(super) fn to_text(&self) -> Option<String> {
        let named: Vec<String> = self.entries.iter().map(ToString::to_string).collect();
        if named.is_empty() {
            return None;
        }
        let others = if self.more_entries { " and others" } else { "" };
        let counted = self.more_entries || self.line_count != named.len() as u64;
        let lines = if counted {
            let count = super::figure::grouped(&self.line_count.to_string());
            format!("{count} lines in ")
        } else {
            String::new()
        };
        Some(format!("[{lines}{}{others}]", named.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: impl IntoIterator<Item = u64>) -> Sources {
        let mut sources = Sources::none();
        for number in numbers {
            sources.add(EntryNumber::new(number));
        }
        sources
    }

    #[test]
    fn the_order_of_lines_makes_no_difference() {
        for count in [1, 19, 20, 21, 60] {
            let forward = of((0..count).flat_map(|number| [number, number]));
            let backward = of((0..count).rev().chain((0..count).rev()));
            assert_eq!(forward, backward, "{count} entries");
            assert_eq!(forward.entries().len() as u64, count.min(20));
            assert_eq!(forward.has_more_entries(), count > 20);
            assert_eq!(forward.line_count(), 2 * count);
        }
    }

    #[test]
    fn texts() {
        assert_eq!(of([]).to_text(), None);
        assert_eq!(of([7, 4]).to_text().unwrap(), "[#4, #7]");
        assert_eq!(of([4, 4, 7]).to_text().unwrap(), "[3 lines in #4, #7]");
        let many = of((0..1500).map(|number| number / 30)).to_text().unwrap();
        assert!(many.starts_with("[1,500 lines in #0, #1, "), "{many}");
        assert!(many.ends_with(", #19 and others]"), "{many}");
    }
}
