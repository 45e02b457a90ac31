//! Bytes with some of them replaced. Never changes what lies outside the ranges that it is given.

use std::ops::Range;

/// Puts bytes in the place of others.
pub(super) struct Splice<'a> {
    original: &'a [u8],
    /// In any order; they must not overlap.
    changes: Vec<(Range<usize>, Vec<u8>)>,
}

impl<'a> Splice<'a> {
    pub(super) const fn of(original: &'a [u8]) -> Self {
        Self { original, changes: Vec::new() }
    }

    /// These bytes instead of what stands in a range; an empty range is a place between bytes.
    pub(super) fn put(mut self, range: Range<usize>, bytes: impl Into<Vec<u8>>) -> Self {
        self.changes.push((range, bytes.into()));
        self
    }

    /// The whole, with the changes.
    pub(super) fn bytes(mut self) -> Vec<u8> {
        self.changes.sort_by_key(|(range, _)| range.start);
        let added: usize = self.changes.iter().map(|(_, bytes)| bytes.len()).sum();
        let mut out = Vec::with_capacity(self.original.len() + added);
        let mut at = 0;
        for (range, bytes) in &self.changes {
            out.extend_from_slice(self.original.get(at..range.start).unwrap_or_default());
            out.extend_from_slice(bytes);
            at = range.end.max(at);
        }
        out.extend_from_slice(self.original.get(at..).unwrap_or_default());
        out
    }
}
