//! Content codes near a given one.

use super::fetch::values;
use super::{Reader, StoreError, query};
use crate::admission::{CodeBlock, CodeRow, Row as _};
use crate::record::ContentCode;
use std::collections::BTreeMap;

/// A registered code that is near another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearCode {
    /// Its row, of whichever of its parts.
    pub row: CodeRow,
    /// In how many of the 64 bits it differs.
    pub distance: u32,
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
        let mut statement = self.store.connection.prepare_cached(query::CODES_WITH)?;
        for block in CodeBlock::near(code, limit) {
            let mut rows = statement.query([block.number()])?;
            while let Some(row) = rows.next()? {
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
}
