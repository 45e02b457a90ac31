//! Content codes of a file (ISO 24138), by which it and what is like it are found again.
//!
//! The bytes give a Data code, a picture an Image code and codes of fixed regions, a text a Text code.
//! The codes themselves are computed by `iscc-lib`; what is prepared for it here is the pixels and the
//! letters, as the reference prepares them: orientation applied, white under what is transparent, brightness
//! by ITU-R BT.601, 32 by 32 by bicubic interpolation as Pillow computes it, borders left where they are.
//!
//! Never says that two files are the same work, and never takes a picture that is too large to be decoded in
//! bounded memory: such a picture has no Image code, which is said, and everything else goes on.

mod coded;
mod decoder;
mod letters;
mod orientation;
mod picture_error;
mod plane;
mod region;
mod resampling;

pub use coded::{Coded, Contrast, PREPARATION, Picture};
pub use picture_error::PictureError;
pub use region::Region;

pub(super) use coded::{MAX_PICTURE_BYTES, Purpose, Streamed};
