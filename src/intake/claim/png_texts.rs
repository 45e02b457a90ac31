//! The texts of a PNG, those after the image data among them, and its Exif data. Never unpacks the
//! image data: only the lowest bits need that.

use super::exif_texts;
use super::found::{Carrier, Found, MAX_METADATA_BYTES, MAX_TEXT_BYTES, PictureSize};
use super::{ClaimFault, xmp};
use png::chunk::{self, ChunkType};
use png::text_metadata::{ITXtChunk, TEXtChunk, ZTXtChunk};
use png::{Decoded, DecodingError, Info, StreamingDecoder};
use std::io::{BufRead, Result};

/// The keywords under which generators write. Others are not unpacked.
const KEYWORDS: &[&str] = &[
    "parameters",
    "prompt",
    "workflow",
    "Dream",
    "dream",
    "sd-metadata",
    "invokeai_metadata",
    "Title",
    "Description",
    "Software",
    "Source",
    "Comment",
    "fooocus_scheme",
    "AIGC",
    xmp::PNG_KEYWORD,
];

/// Reads the texts of a PNG.
pub(super) fn read(source: &mut impl BufRead, found: &mut Found) -> Result<()> {
    let mut decoder = StreamingDecoder::new();
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_skip_ancillary_crc_failures(false);
    let mut room = MAX_METADATA_BYTES;
    loop {
        let buffer = source.fill_buf()?;
        if buffer.is_empty() {
            found.faults.push(ClaimFault::Truncated);
            break;
        }
        match decoder.update(buffer, None) {
            Ok((taken, decoded)) => {
                source.consume(taken);
                match decoded {
                    Decoded::ChunkComplete(chunk::IEND) => break,
                    Decoded::ChunkBegin(length, kind) if is_metadata(kind) => {
                        let length = usize::try_from(length).unwrap_or(usize::MAX);
                        if length > room {
                            let max_bytes = MAX_METADATA_BYTES;
                            found.faults.push(ClaimFault::TooMuchMetadata { max_bytes });
                            break;
                        }
                        room -= length;
                    }
                    Decoded::BadAncillaryChunk(kind) if is_metadata(kind) => {
                        let kind = String::from_utf8_lossy(&kind.0);
                        let what = format!("a chunk `{kind}`");
                        found.faults.push(ClaimFault::DamagedText { what });
                    }
                    _ => {}
                }
            }
            Err(error) => {
                found.faults.push(fault(&error));
                break;
            }
        }
    }
    if let Some(info) = decoder.info() {
        texts(info, found);
    }
    Ok(())
}

fn is_metadata(kind: ChunkType) -> bool {
    [chunk::tEXt, chunk::zTXt, chunk::iTXt, chunk::eXIf].contains(&kind)
}

fn fault(error: &DecodingError) -> ClaimFault {
    match error {
        DecodingError::IoError(_) => ClaimFault::Truncated,
        DecodingError::Format(_) | DecodingError::Parameter(_) | DecodingError::LimitsExceeded => {
            ClaimFault::Damaged { reason: error.to_string() }
        }
    }
}

fn texts(info: &Info<'_>, found: &mut Found) {
    found.size = Some(PictureSize { width: info.width, height: info.height });
    for chunk in &info.uncompressed_latin1_text {
        plain(chunk, found);
    }
    for chunk in &info.compressed_latin1_text {
        packed(chunk, found);
    }
    for chunk in &info.utf8_text {
        international(chunk, found);
    }
    if let Some(exif) = &info.exif_metadata {
        exif_texts::read(exif, found);
    }
}

fn is_read(keyword: &str) -> bool {
    KEYWORDS.contains(&keyword)
}

/// The bytes of a text that the crate has turned from Latin-1 into characters.
fn latin1_bytes(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect()
}

fn plain(chunk: &TEXtChunk, found: &mut Found) {
    if is_read(&chunk.keyword) {
        let place = format!("tEXt {}", chunk.keyword);
        found.latin1(Carrier::PngText, &chunk.keyword, place, latin1_bytes(&chunk.text));
    }
}

fn packed(chunk: &ZTXtChunk, found: &mut Found) {
    if !is_read(&chunk.keyword) {
        return;
    }
    let place = format!("zTXt {}", chunk.keyword);
    let mut chunk = chunk.clone();
    let text = chunk.decompress_text_with_limit(MAX_TEXT_BYTES).and_then(|()| chunk.get_text());
    match text {
        Ok(text) => found.latin1(Carrier::PngText, &chunk.keyword, place, latin1_bytes(&text)),
        Err(error) => found.faults.push(unpacking(place, &error)),
    }
}

fn international(chunk: &ITXtChunk, found: &mut Found) {
    if !is_read(&chunk.keyword) {
        return;
    }
    let is_xmp = chunk.keyword == xmp::PNG_KEYWORD;
    let carrier = if is_xmp { Carrier::Xmp } else { Carrier::PngText };
    let place = if is_xmp { "XMP".to_owned() } else { format!("iTXt {}", chunk.keyword) };
    let mut chunk = chunk.clone();
    let text = chunk.decompress_text_with_limit(MAX_TEXT_BYTES).and_then(|()| chunk.get_text());
    match text {
        Ok(text) => found.utf8(carrier, &chunk.keyword, place, text.into_bytes()),
        Err(error) => found.faults.push(unpacking(place, &error)),
    }
}

/// The crate tells in words alone which limit was met.
fn unpacking(place: String, error: &DecodingError) -> ClaimFault {
    let max_bytes = MAX_TEXT_BYTES;
    if error.to_string().contains("decompression space") {
        return ClaimFault::TextTooLong { place, max_bytes };
    }
    ClaimFault::Packed { place }
}
