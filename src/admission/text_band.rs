//! Bands of Text codes: groups of minima by which near texts are found without comparing them all.
//!
//! Two texts have each of the 64 minima in common with the same chance, so that they have three given ones in
//! common with its third power. Forty-two groups of three are asked for: each minimum but the last stands in two
//! groups, once with its neighbours and once with two that are far away. Of texts that differ in 28 of the
//! minima, as where every tenth word was changed, 99 of 100 are found; in 46, the farthest that is asked for, some
//! six of ten. So what is found is near, and what is near may be missed; `cargo bench --bench creation` measures
//! how often.

use crate::record::TextCode;

/// Groups of neighbours, and as many of distant ones.
const GROUPS: u32 = 21;
/// Minima of a group.
const WIDTH: u32 = 3;
/// Bits of a minimum.
const FEATURE_BITS: u32 = 4;

/// Three minima of a Text code, with their place, as one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextBand(i64);

impl TextBand {
    /// Largest distance that is asked for: one pair of texts in some ten million is within it by chance, and
    /// of those farther apart, this index misses most.
    pub const MAX_DISTANCE: u32 = 46;

    /// The number.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The bands of a code, each once.
    ///
    /// ```
    /// use deedbook::admission::TextBand;
    /// use deedbook::record::TextCode;
    /// let bands = TextBand::of(TextCode::from_bytes([0; 32]));
    /// assert_eq!(bands.iter().map(|band| band.number() & 0xfff).max(), Some(0));
    /// assert_eq!(bands.len(), 42);
    /// ```
    pub fn of(code: TextCode) -> Vec<Self> {
        let near = (0..GROUPS).map(|group| [WIDTH * group, WIDTH * group + 1, WIDTH * group + 2]);
        let far = (0..GROUPS).map(|group| [group, group + GROUPS, group + 2 * GROUPS]);
        let band = |(place, minima): (i64, [u32; WIDTH as usize])| {
            let join = |value: i64, at| value << FEATURE_BITS | i64::from(code.feature(at));
            Self(minima.into_iter().fold(place, join))
        };
        (0..).zip(near.chain(far)).map(band).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_change_of_one_minimum_changes_its_two_bands() {
        let code = TextCode::from_bytes([0xc5; 32]);
        let bands: BTreeSet<_> = TextBand::of(code).into_iter().collect();
        assert_eq!(bands.len(), 42);
        for place in 0..64 {
            let mut bytes = *code.as_bytes();
            bytes[16 + place / 8] ^= 0x80 >> (place % 8);
            let other: BTreeSet<_> =
                TextBand::of(TextCode::from_bytes(bytes)).into_iter().collect();
            let same = bands.intersection(&other).count();
            // The last minimum is in no band.
            assert_eq!(same, if place == 63 { 42 } else { 40 }, "{place}");
        }
    }
}
