//! The Exif data and XMP of a JPEG: segments before the image data. Never decodes the picture.

use super::extended_xmp::Packets;
use super::found::{Found, MAX_METADATA_BYTES, PictureSize};
use super::{ClaimFault, exif_texts};
use img_parts::Bytes;
use img_parts::jpeg::{Jpeg, markers};
use std::io::{Read, Result};

/// How much of a file is looked at. The image data and what follows it is not needed.
const MAX_HEAD_BYTES: usize = 4 * 1024 * 1024;

/// Reads the segments of a JPEG.
pub(super) fn read(source: &mut impl Read, found: &mut Found) -> Result<()> {
    let mut head = Vec::new();
    source.take(MAX_HEAD_BYTES as u64).read_to_end(&mut head)?;
    let is_cut = head.len() == MAX_HEAD_BYTES;
    let Ok(jpeg) = Jpeg::from_bytes(Bytes::from(head)) else {
        found.faults.push(if is_cut {
            ClaimFault::TooMuchMetadata { max_bytes: MAX_HEAD_BYTES.min(MAX_METADATA_BYTES) }
        } else {
            ClaimFault::Truncated
        });
        return Ok(());
    };
    let mut packets = Packets::default();
    for segment in jpeg.segments() {
        let contents = segment.contents();
        if segment.marker() == markers::APP1 {
            if let Some(exif) = contents.strip_prefix(b"Exif\0\0") {
                exif_texts::read(exif, found);
            } else {
                packets.take(contents);
            }
        } else if is_frame(segment.marker())
            && let [_, height_high, height_low, width_high, width_low, ..] = contents[..]
        {
            found.size = Some(PictureSize {
                width: u32::from(u16::from_be_bytes([width_high, width_low])),
                height: u32::from(u16::from_be_bytes([height_high, height_low])),
            });
        }
    }
    packets.add_to(found);
    if !jpeg.segments().iter().any(|segment| segment.marker() == markers::SOS) {
        found.faults.push(ClaimFault::Truncated);
    }
    Ok(())
}

/// The start of a frame, which has its size (ITU-T T.81, table B.1).
const fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}
