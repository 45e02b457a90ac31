//! Names and contents of the files in which a whole log is published (C2SP tlog-tiles): tiles of
//! 256 hashes and bundles of 256 entries. Never touches a file.

use super::TlogError;

/// Hashes in a full tile, entries in a full bundle.
pub const TILE_WIDTH: u64 = 256;

/// Levels of the tree from one level of tiles to the next: a full tile is a tree of this height.
pub const TILE_HEIGHT: u8 = 8;

/// The longest entry that a bundle can hold, in bytes: its length is written in 16 bits.
pub const MAX_BUNDLED_ENTRY_SIZE_BYTES: usize = 65_535;

/// Numbers a directory of tiles holds at most.
const PATH_BASE: u64 = 1000;

/// A file of a published log: which, and how full.
///
/// ```
/// use deedbook::tlog::Tile;
///
/// assert_eq!(Tile::hashes(0, 1_234_067, 256).path(), "tile/0/x001/x234/067");
/// assert_eq!(Tile::entries(273, 112).path(), "tile/entries/273.p/112");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// None: entries.
    level: Option<u8>,
    index: u64,
    width: u64,
}

impl Tile {
    /// The `index`-th tile of a level, in which `width` hashes stand: 256, or fewer in the last.
    pub const fn hashes(level: u8, index: u64, width: u64) -> Self {
        Self { level: Some(level), index, width }
    }

    /// The `index`-th bundle, in which `width` entries stand.
    pub const fn entries(index: u64, width: u64) -> Self {
        Self { level: None, index, width }
    }

    /// The path below the place where the log is published
    /// (<https://c2sp.org/tlog-tiles>, sections Merkle Tree and Log entries).
    pub fn path(&self) -> String {
        let level = self.level.map_or_else(|| "entries".to_owned(), |level| level.to_string());
        let mut rest = self.index / PATH_BASE;
        let mut number = format!("{:03}", self.index % PATH_BASE);
        while rest > 0 {
            number = format!("x{:03}/{number}", rest % PATH_BASE);
            rest /= PATH_BASE;
        }
        if self.width == TILE_WIDTH {
            format!("tile/{level}/{number}")
        } else {
            format!("tile/{level}/{number}.p/{}", self.width)
        }
    }
}

/// Appends an entry to a bundle: its length in two bytes, the greater one first, and its bytes.
///
/// # Errors
/// [`TlogError::BundleMalformed`] for an entry that is too long.
pub fn push_bundled(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), TlogError> {
    let refused = |_| TlogError::BundleMalformed { entry: 0, wanted: 1 };
    let length = u16::try_from(entry.len()).map_err(refused)?;
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// The entries of a bundle that must hold so many, at most [`TILE_WIDTH`].
///
/// ```
/// use deedbook::tlog::{bundled_entries, push_bundled};
///
/// let mut bundle = Vec::new();
/// push_bundled(&mut bundle, b"one")?;
/// push_bundled(&mut bundle, b"")?;
/// assert_eq!(bundled_entries(&bundle, 2)?, [&b"one"[..], b""]);
/// assert!(bundled_entries(&bundle, 1).is_err());
/// # Ok::<(), deedbook::tlog::TlogError>(())
/// ```
///
/// # Errors
/// [`TlogError::BundleMalformed`] where they are cut off, or something follows.
pub fn bundled_entries(bundle: &[u8], wanted: usize) -> Result<Vec<&[u8]>, TlogError> {
    let malformed = |entry| TlogError::BundleMalformed { entry, wanted };
    if wanted as u64 > TILE_WIDTH {
        return Err(malformed(0));
    }
    let (mut rest, mut entries) = (bundle, Vec::with_capacity(wanted));
    for entry in 0..wanted {
        let (length, after) = rest.split_first_chunk::<2>().ok_or(malformed(entry))?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (bytes, after) = after.split_at_checked(length).ok_or(malformed(entry))?;
        entries.push(bytes);
        rest = after;
    }
    if rest.is_empty() { Ok(entries) } else { Err(malformed(wanted)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_path_is_that_of_the_tile_library_without_its_height() {
        for index in [0, 7, 999, 1_000, 1_234_067, 999_999_999, u64::MAX >> 8] {
            for width in [1_u32, 112, 255, 256] {
                for level in [0, 1, 7] {
                    let theirs = tlog_tiles::Tile::new(8, level, index, width, false).path();
                    let ours = Tile::hashes(level, index, u64::from(width)).path();
                    assert_eq!(ours, theirs.replacen("tile/8/", "tile/", 1));
                }
                let theirs = tlog_tiles::Tile::new(8, 0, index, width, true).path();
                let ours = Tile::entries(index, u64::from(width)).path();
                assert_eq!(ours, theirs.replacen("tile/8/data/", "tile/entries/", 1));
            }
        }
    }

    #[test]
    fn a_bundle_that_is_cut_or_goes_on_is_refused_at_its_entry() {
        let mut bundle = Vec::new();
        for entry in [&b"one"[..], b"", b"three"] {
            push_bundled(&mut bundle, entry).unwrap();
        }
        let malformed = |entry| Err(TlogError::BundleMalformed { entry, wanted: 3 });
        for end in 0..bundle.len() {
            let entry = [5, 7].iter().filter(|bound| **bound <= end).count();
            assert_eq!(bundled_entries(&bundle[..end], 3), malformed(entry), "cut at {end}");
        }
        assert_eq!(bundled_entries(&bundle, 3).unwrap(), [&b"one"[..], b"", b"three"]);
        bundle.push(0);
        assert_eq!(bundled_entries(&bundle, 3), malformed(3));
        let wanted = 257;
        let refused = Err(TlogError::BundleMalformed { entry: 0, wanted });
        assert_eq!(bundled_entries(&[0; 2 * 257], wanted), refused);
        assert!(push_bundled(&mut bundle, &[0; MAX_BUNDLED_ENTRY_SIZE_BYTES + 1]).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_bytes_whatever_end_the_reader(
            bytes in prop::collection::vec(any::<u8>(), 0..200), wanted in 0_usize..300,
        ) {
            if let Ok(entries) = bundled_entries(&bytes, wanted) {
                let mut again = Vec::new();
                for entry in entries {
                    push_bundled(&mut again, entry).unwrap();
                }
                prop_assert_eq!(again, bytes);
            }
        }
    }
}
