//! Blocks of content codes: the parts of a code by which near ones are found without comparing them all.
//!
//! A code of 64 bits is cut into three parts. Of two codes that differ in at most `3r + 2` bits, one part
//! differs in at most `r` bits, or the three would have `3r + 3` between them (the pigeonhole principle).
//! So whoever asks for every part with at most `r` bits changed misses none of them.

use crate::record::{CodeKind, ContentCode};

/// How many parts.
const PARTS: u32 = 3;
/// The bits of each part, and where it begins.
const WIDTHS: [(u32, u32); PARTS as usize] = [(22, 42), (21, 21), (21, 0)];
/// Bits of the widest part.
const WIDTH_BITS: u32 = 22;

/// A part of a code, with its place and the kind of the code, as one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeBlock(i64);

impl CodeBlock {
    /// Largest distance that can be asked for: beyond it, the parts to ask for become too many.
    pub const MAX_DISTANCE: u32 = 11;

    /// The number.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The parts of a code.
    ///
    /// ```
    /// use deedbook::admission::CodeBlock;
    /// use deedbook::record::{CodeKind, ContentCode};
    /// let blocks = CodeBlock::of(ContentCode::new(CodeKind::Image, 0b101));
    /// assert_eq!(blocks.map(|block| block.number() & 0x3f_ffff), [0, 0, 5]);
    /// ```
    pub fn of(code: ContentCode) -> [Self; PARTS as usize] {
        let mut part = 0;
        WIDTHS.map(|(bits, from)| {
            let value = (code.bits() >> from) & ((1 << bits) - 1);
            let block = Self::at(code.kind(), part, value);
            part += 1;
            block
        })
    }

    /// Every part that a code at most so far away must have one of; distances beyond
    /// [`Self::MAX_DISTANCE`] count as that.
    pub fn near(code: ContentCode, distance: u32) -> Vec<Self> {
        let changed = distance.min(Self::MAX_DISTANCE) / PARTS;
        let mut blocks = Vec::new();
        for (own, (bits, _)) in Self::of(code).into_iter().zip(WIDTHS) {
            own.change(bits, changed, &mut blocks);
        }
        blocks
    }

    /// This part, and those with at most so many of its lowest bits changed.
    fn change(self, bits: u32, changed: u32, blocks: &mut Vec<Self>) {
        blocks.push(self);
        if changed == 0 {
            return;
        }
        for bit in 0..bits {
            // Lower bits only from here on, so that no combination comes twice.
            Self(self.0 ^ 1 << bit).change(bit, changed - 1, blocks);
        }
    }

    fn at(kind: CodeKind, part: u32, value: u64) -> Self {
        let kind = match kind {
            CodeKind::Data => 0,
            CodeKind::Image => 1,
            CodeKind::Instance => 2,
        };
        // Below 2^22, see WIDTHS.
        let value = i64::try_from(value).unwrap_or_default();
        Self((kind << 2 | i64::from(part)) << WIDTH_BITS | value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn no_part_is_asked_for_twice() {
        let code = ContentCode::new(CodeKind::Image, 0x0123_4567_89ab_cdef);
        for (distance, parts) in
            [(0, 3), (2, 3), (3, 67), (5, 67), (8, 718), (11, 4918), (64, 4918)]
        {
            let near = CodeBlock::near(code, distance);
            assert_eq!(near.len(), parts, "{distance}");
            assert_eq!(near.iter().collect::<HashSet<_>>().len(), parts);
        }
    }

    proptest! {
        /// The property that finding rests on: a code within the distance shares a part.
        #[test]
        fn a_near_code_has_one_of_the_parts(bits: u64, flips in proptest::collection::vec(0..64_u32, 0..=11)) {
            let code = ContentCode::new(CodeKind::Image, bits);
            let other = flips.iter().fold(bits, |bits, flip| bits ^ 1 << flip);
            let other = ContentCode::new(CodeKind::Image, other);
            let distance = code.distance(other).unwrap();
            let near: HashSet<_> = CodeBlock::near(code, distance).into_iter().collect();
            prop_assert!(CodeBlock::of(other).iter().any(|block| near.contains(block)));
        }
    }
}
