//! The Exif data and XMP of a WebP. Never decodes the picture.

use super::found::{Found, PictureSize};
use super::{ClaimFault, exif_texts, xmp};
use img_parts::Bytes;
use img_parts::webp::{CHUNK_EXIF, CHUNK_XMP, WebP};
use std::io::{Read, Result};

/// Largest file that is taken apart: a WebP has at most 16,383 pixels a side and its metadata at the
/// end, so that it is held whole.
pub(super) const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// Reads the chunks of a WebP of this size.
pub(super) fn read(source: &mut impl Read, size_bytes: u64, found: &mut Found) -> Result<()> {
    if size_bytes > MAX_FILE_BYTES {
        let (found_bytes, max_bytes) = (size_bytes, MAX_FILE_BYTES);
        found.faults.push(ClaimFault::TooLarge { found_bytes, max_bytes });
        return Ok(());
    }
    let mut bytes = Vec::new();
    source.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
    let Ok(webp) = WebP::from_bytes(Bytes::from(bytes)) else {
        found.faults.push(ClaimFault::Truncated);
        return Ok(());
    };
    found.size = webp.dimensions().map(|(width, height)| PictureSize { width, height });
    for chunk in webp.chunks() {
        let Some(data) = chunk.content().data() else { continue };
        if chunk.id() == CHUNK_EXIF {
            exif_texts::read(data, found);
        } else if chunk.id() == CHUNK_XMP {
            xmp::add(data.to_vec(), found);
        }
    }
    Ok(())
}
