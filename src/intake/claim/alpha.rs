//! The text that some generators hide in the lowest bits of a PNG's alpha channel: column by column,
//! eight bits a byte, after a signature and a length in bits. Stops at the first row that does not
//! carry the signature, so that an ordinary picture costs some rows.

use super::ClaimFault;
use super::found::{Carrier, Found, FoundText, MAX_TEXT_BYTES};
use flate2::read::GzDecoder;
use png::{BitDepth, ColorType, Decoder, Limits, Reader};
use std::io::{BufRead, Read, Seek};

/// Where such a text stands.
pub(super) const PLACE: &str = "alpha channel";
/// Largest picture whose alpha channel is looked into; its lowest bits then take 8 MiB.
const MAX_PIXELS: u64 = 64 * 1024 * 1024;
/// What the decoder may hold: some rows of the widest picture.
const MAX_DECODER_BYTES: usize = 64 * 1024 * 1024;
/// What every signature begins with.
const SIGNATURE_START: &[u8] = b"stealth_png";
const SIGNATURE_BYTES: usize = 15;
const PLAIN: &[u8] = b"stealth_pnginfo";
const PACKED: &[u8] = b"stealth_pngcomp";

/// Reads the text in the alpha channel, where there is one. What is wrong with the picture itself was
/// told when its texts were read.
pub(super) fn read(source: &mut (impl BufRead + Seek), found: &mut Found) {
    let decoder = Decoder::new_with_limits(source, Limits { bytes: MAX_DECODER_BYTES });
    let Ok(mut reader) = decoder.read_info() else { return };
    let info = reader.info();
    let is_read = info.color_type == ColorType::Rgba && info.bit_depth == BitDepth::Eight;
    if !is_read || info.interlaced {
        return;
    }
    let (width, height) = (info.width as usize, info.height as usize);
    let Some(lowest) = LowestBits::read(&mut reader, width, height) else { return };
    if u64::from(reader.info().width) * u64::from(reader.info().height) > MAX_PIXELS {
        found.faults.push(ClaimFault::TooManyPixels { max_pixels: MAX_PIXELS });
        return;
    }
    match lowest.text() {
        Ok(None) => {}
        Ok(Some(bytes)) => match String::from_utf8(bytes) {
            Ok(text) => {
                let bytes = text.clone().into_bytes();
                let (carrier, key, place) = (Carrier::Alpha, PLACE.to_owned(), PLACE.to_owned());
                found.add(FoundText { carrier, key, place, text, bytes });
            }
            Err(_) => {
                let place = PLACE.to_owned();
                found.faults.push(ClaimFault::Encoding { place, encoding: "UTF-8" });
            }
        },
        Err(fault) => found.faults.push(fault),
    }
}

/// The lowest bits of the alpha channel, row by row.
struct LowestBits {
    bits: Vec<u8>,
    /// Bytes a row.
    stride: usize,
    width: usize,
    height: usize,
}

impl LowestBits {
    /// Reads rows as long as they agree with a signature. `None` where one does not, or is not there.
    /// Of a picture with too many pixels only the rows of the signature are read.
    fn read<R: BufRead + Seek>(
        reader: &mut Reader<R>,
        width: usize,
        height: usize,
    ) -> Option<Self> {
        let stride = width.div_ceil(8);
        let is_large = (width as u64).checked_mul(height as u64)? > MAX_PIXELS;
        let mut bits = Vec::new();
        for y in 0..height {
            if is_large && y > SIGNATURE_START.len() * 8 {
                break;
            }
            let row = reader.next_row().ok()??;
            let start = bits.len();
            bits.resize(start + stride, 0_u8);
            for (x, pixel) in row.data().chunks_exact(4).enumerate() {
                bits[start + x / 8] |= (pixel[3] & 1) << (7 - x % 8);
            }
            for bit in (y..SIGNATURE_START.len() * 8).step_by(height) {
                let x = bit / height;
                let found = (bits.get(start + x / 8)? >> (7 - x % 8)) & 1;
                if found != (SIGNATURE_START[bit / 8] >> (7 - bit % 8)) & 1 {
                    return None;
                }
            }
            if is_large {
                bits.clear();
            }
        }
        Some(Self { bits, stride, width, height })
    }

    /// The byte at this place, column by column.
    fn byte(&self, place: usize) -> Option<u8> {
        (place * 8..place * 8 + 8).try_fold(0_u8, |byte, bit| {
            let (x, y) = (bit / self.height, bit % self.height);
            if x >= self.width {
                return None;
            }
            let packed = self.bits.get(y * self.stride + x / 8)?;
            Some((byte << 1) | ((packed >> (7 - x % 8)) & 1))
        })
    }

    fn bytes(&self, from: usize, count: usize) -> Option<Vec<u8>> {
        (from..from + count).map(|place| self.byte(place)).collect()
    }

    /// The text behind signature and length.
    fn text(&self) -> Result<Option<Vec<u8>>, ClaimFault> {
        let place = || PLACE.to_owned();
        let Some(signature) = self.bytes(0, SIGNATURE_BYTES) else { return Ok(None) };
        let is_packed = signature == PACKED;
        if !is_packed && signature != PLAIN {
            return Ok(None);
        }
        let length = self.bytes(SIGNATURE_BYTES, 4).and_then(|bytes| bytes.try_into().ok());
        let length = length.map(u32::from_be_bytes).ok_or(ClaimFault::Truncated)?;
        let count = length as usize / 8;
        if count > MAX_TEXT_BYTES {
            return Err(ClaimFault::TextTooLong { place: place(), max_bytes: MAX_TEXT_BYTES });
        }
        let bytes = self.bytes(SIGNATURE_BYTES + 4, count).ok_or(ClaimFault::Truncated)?;
        if !is_packed {
            return Ok(Some(bytes));
        }
        let mut text = Vec::new();
        let unpacked = GzDecoder::new(bytes.as_slice());
        let read = unpacked.take(MAX_TEXT_BYTES as u64 + 1).read_to_end(&mut text);
        read.map_err(|_| ClaimFault::Packed { place: place() })?;
        if text.len() > MAX_TEXT_BYTES {
            return Err(ClaimFault::TextTooLong { place: place(), max_bytes: MAX_TEXT_BYTES });
        }
        Ok(Some(text))
    }
}
