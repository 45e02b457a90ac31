//! Why a picture has no Image code.

use thiserror::Error;

/// Why a picture has no Image code.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PictureError {
    /// The file is larger than is decoded.
    #[error("the picture has {found_bytes} bytes, is decoded up to {} MiB", max_bytes >> 20)]
    TooLong {
        /// The size of the file.
        found_bytes: u64,
        /// The limit.
        max_bytes: u64,
    },
    /// It unfolds into more pixels than are decoded.
    #[error("the picture has {width} x {height} pixels, is decoded up to {max_pixels} of them")]
    TooManyPixels {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// The limit.
        max_pixels: u64,
    },
    /// A side has more pixels than are decoded.
    #[error("the picture has {width} x {height} pixels, is decoded up to {max_side} a side")]
    SideTooLong {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// The limit.
        max_side: u32,
    },
    /// It has no pixels.
    #[error("the picture has no pixels")]
    Nothing,
    /// The file ends before the picture does.
    #[error("the picture ends before its last line")]
    Truncated,
    /// What stands in the file is not what its format asks for.
    #[error("the picture cannot be decoded: {reason}")]
    Damaged {
        /// What the decoder says.
        reason: String,
    },
}
