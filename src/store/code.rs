//! Content codes near a given one.

use super::fetch::{field, values};
use super::{Reader, StoreError, query};
use crate::admission::{CodeBlock, CodeRow, Row as _, TextBand};
use crate::record::{ContentCode, EntryNumber, TextCode};
use std::collections::BTreeMap;

/// Codes that share one part of a code and are looked at, where many parts are asked for.
const MAX_SHARING: usize = 1_024;

/// How many bits beyond the limit are nearly within it: windows beside each other differ in about as many.
const NEARLY: u32 = 6;

/// Where a code stands: its registration, and the place in that.
type Place = (EntryNumber, u32);

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
        let mut found = BTreeMap::new();
        for block in CodeBlock::near(code, limit) {
            let nearest = |other| least_distance(&[code.bits()], other);
            self.codes_with(block, usize::MAX, limit, nearest, &mut found)?;
        }
        Ok(sorted(found))
    }

    /// As [`Self::codes_within`] of several codes of one kind, among the rows that have one of the three parts of
    /// a code unchanged: all within a distance of 2 of it, of those at 3 three of four, at 5 two of five, and more
    /// where the several are alike, since a row that is nearly met by one is held against all. It costs three
    /// questions each, or less where they have parts in common. Of a part that more than 1,024 rows have, which
    /// tells little of any, no more than so many are looked at.
    ///
    /// # Errors
    /// As [`Self::codes_within`].
    pub fn codes_sharing_a_part(
        &self,
        codes: &[ContentCode],
        distance: u32,
    ) -> Result<Vec<NearCode>, StoreError> {
        let mut asked: BTreeMap<CodeBlock, Vec<u64>> = BTreeMap::new();
        for code in codes {
            for block in CodeBlock::of(*code) {
                asked.entry(block).or_default().push(code.bits());
            }
        }
        let all: Vec<u64> = codes.iter().map(|code| code.bits()).collect();
        let mut found = BTreeMap::new();
        for (block, bits) in asked {
            let nearest = |other: u64| {
                let met = least_distance(&bits, other)?;
                if met <= distance + NEARLY { least_distance(&all, other) } else { Some(met) }
            };
            self.codes_with(block, MAX_SHARING, distance, nearest, &mut found)?;
        }
        Ok(sorted(found))
    }

    /// Looks through the rows of a part, no more than `most`, for those whose bits are said to be within the
    /// limit.
    fn codes_with(
        &self,
        block: CodeBlock,
        most: usize,
        limit: u32,
        nearest: impl Fn(u64) -> Option<u32>,
        found: &mut BTreeMap<Place, NearCode>,
    ) -> Result<(), StoreError> {
        let mut statement = self.store.connection.prepare_cached(query::CODES_WITH)?;
        let mut rows = statement.query([block.number()])?;
        let mut left = most;
        while left > 0
            && let Some(row) = rows.next()?
        {
            left -= 1;
            let other: i64 = row.get(2)?;
            let distance = nearest(other.cast_unsigned()).filter(|found| *found <= limit);
            let Some(distance) = distance else { continue };
            let row = CodeRow::from_values(&values(row)?)?;
            let near = found.entry((row.entry, row.place)).or_insert(NearCode { row, distance });
            near.distance = near.distance.min(distance);
        }
        Ok(())
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

/// In how many bits one of these differs from another, the least.
fn least_distance(bits: &[u64], other: u64) -> Option<u32> {
    bits.iter().map(|own| (own ^ other).count_ones()).min()
}

/// The nearest first, then in order of registration.
fn sorted(found: BTreeMap<Place, NearCode>) -> Vec<NearCode> {
    let mut near: Vec<_> = found.into_values().collect();
    near.sort_by_key(|near| near.distance);
    near
}
