//! Content codes near a given one.

use super::fetch::{field, values};
use super::{Reader, StoreError, query};
use crate::admission::{CodeBlock, CodeRow, Row as _, TextBand};
use crate::record::{ContentCode, EntryNumber, TextCode};
use std::collections::BTreeMap;

/// Codes that share one part of a code and are looked at, where many parts are asked for.
const MAX_SHARING: usize = 1_024;

/// A registered code that is near another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearCode {
    /// Its row, of whichever of its parts.
    pub row: CodeRow,
    /// In how many of the 64 bits it differs.
    pub distance: u32,
}

/// A registered text that is near another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NearText {
    /// In how many of the 64 minima it differs.
    pub distance: u32,
    /// The registration.
    pub entry: EntryNumber,
    /// The place of the file among those of the work, from 0.
    pub place: u32,
}

impl Reader<'_> {
    /// Every registered code of the kind that differs in at most so many bits, up to
    /// [`CodeBlock::MAX_DISTANCE`]; the nearest first, then in order of registration. No code is missed:
    /// see [`CodeBlock`]. The cost follows from the distance and the codes that share a part.
    ///
    /// # Errors
    /// What SQLite says, or a value that its column cannot hold.
    pub fn codes_within(
        &self,
        code: ContentCode,
        distance: u32,
    ) -> Result<Vec<NearCode>, StoreError> {
        let limit = distance.min(CodeBlock::MAX_DISTANCE);
        self.codes_among(&CodeBlock::near(code, limit), code, limit, usize::MAX)
    }

    /// As [`Self::codes_within`], of the codes that have one of the three parts unchanged: all within a
    /// distance of 2, of those at 3 three of four, at 5 two of five. It costs three questions. Of a part that
    /// more than 1,024 codes have, which tells little of any, no more than so many are looked at.
    ///
    /// # Errors
    /// As [`Self::codes_within`].
    pub fn codes_sharing_a_part(
        &self,
        code: ContentCode,
        distance: u32,
    ) -> Result<Vec<NearCode>, StoreError> {
        self.codes_among(&CodeBlock::of(code), code, distance, MAX_SHARING)
    }

    fn codes_among(
        &self,
        blocks: &[CodeBlock],
        code: ContentCode,
        limit: u32,
        most: usize,
    ) -> Result<Vec<NearCode>, StoreError> {
        let mut found = BTreeMap::new();
        let mut statement = self.store.connection.prepare_cached(query::CODES_WITH)?;
        for block in blocks {
            let mut rows = statement.query([block.number()])?;
            let mut left = most;
            while left > 0
                && let Some(row) = rows.next()?
            {
                left -= 1;
                let bits: i64 = row.get(2)?;
                let distance = (bits.cast_unsigned() ^ code.bits()).count_ones();
                if distance <= limit {
                    let row = CodeRow::from_values(&values(row)?)?;
                    found.insert((distance, row.entry, row.place), row);
                }
            }
        }
        let near = |((distance, ..), row): ((u32, _, _), _)| NearCode { row, distance };
        Ok(found.into_iter().map(near).collect())
    }

    /// Registered texts that differ in at most so many minima, up to [`TextBand::MAX_DISTANCE`]; the nearest
    /// first, then in order of registration. What is told is near; the farther away, the more is missed: see
    /// [`TextBand`]. The cost follows from the texts that share a band.
    ///
    /// # Errors
    /// What SQLite says, or a value that its column cannot hold.
    pub fn texts_within(&self, code: TextCode, distance: u32) -> Result<Vec<NearText>, StoreError> {
        const TABLE: &str = "text_code";
        let limit = distance.min(TextBand::MAX_DISTANCE);
        let mut found = Vec::new();
        let mut statement = self.store.connection.prepare_cached(query::TEXTS_WITH)?;
        for band in TextBand::of(code) {
            let mut rows = statement.query([band.number()])?;
            while let Some(row) = rows.next()? {
                let other: TextCode = field(row, TABLE, (2, "code"))?;
                let distance = code.distance(other);
                if distance <= limit {
                    let entry = field(row, TABLE, (0, "entry"))?;
                    let place = field(row, TABLE, (1, "place"))?;
                    found.push(NearText { distance, entry, place });
                }
            }
        }
        // One that shares several bands was found by each.
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}
