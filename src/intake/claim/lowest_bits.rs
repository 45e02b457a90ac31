//! The texts that some generators hide in the lowest bits of a PNG's samples: of the alpha channel, or of
//! the three colours. Column by column, eight bits a byte, after a signature and a length in bits. Stops
//! at the first row that carries no signature, so that an ordinary picture costs some rows.

use super::ClaimFault;
use super::found::{Carrier, Found, MAX_TEXT_BYTES};
use flate2::read::GzDecoder;
use png::{BitDepth, ColorType, Decoder, Limits};
use std::io::{BufRead, Read, Seek};

/// Largest picture that is looked into; the lowest bits of its colours then take 24 MiB.
const MAX_PIXELS: u64 = 64 * 1024 * 1024;
/// What the decoder may hold: some rows of the widest picture.
const MAX_DECODER_BYTES: usize = 64 * 1024 * 1024;
/// The part of a signature that plain and packed texts share, in bits.
const SIGNATURE_START_BITS: usize = 11 * 8;
const SIGNATURE_BYTES: usize = 15;

/// Where such a text may stand.
#[derive(Clone, Copy)]
struct Layer {
    place: &'static str,
    /// The first sample of a pixel that carries it, and how many do.
    first: usize,
    channels: usize,
    plain: &'static [u8; SIGNATURE_BYTES],
    packed: &'static [u8; SIGNATURE_BYTES],
}

const LAYERS: [Layer; 2] = [
    Layer {
        place: "alpha channel",
        first: 3,
        channels: 1,
        plain: b"stealth_pnginfo",
        packed: b"stealth_pngcomp",
    },
    Layer {
        place: "colour channels",
        first: 0,
        channels: 3,
        plain: b"stealth_rgbinfo",
        packed: b"stealth_rgbcomp",
    },
];

/// Reads the texts in the lowest bits, where there are any. What is wrong with the picture itself was
/// told when its texts were read.
pub(super) fn read(source: &mut (impl BufRead + Seek), found: &mut Found) {
    let decoder = Decoder::new_with_limits(source, Limits { bytes: MAX_DECODER_BYTES });
    let Ok(mut reader) = decoder.read_info() else { return };
    let info = reader.info();
    let samples = match (info.color_type, info.bit_depth) {
        (ColorType::Rgba, BitDepth::Eight) => 4,
        (ColorType::Rgb, BitDepth::Eight) => 3,
        _ => return,
    };
    if info.interlaced {
        return;
    }
    let (width, height) = (info.width as usize, info.height as usize);
    let is_large = u64::from(info.width) * u64::from(info.height) > MAX_PIXELS;
    let has = |layer: &&Layer| layer.first + layer.channels <= samples;
    let new = |layer: &Layer| LowestBits::new(*layer, width, height);
    let mut layers: Vec<LowestBits> = LAYERS.iter().filter(has).map(new).collect();
    for y in 0..height {
        // Of a picture with too many pixels only the rows of the signature are read.
        if is_large && y > SIGNATURE_START_BITS {
            break;
        }
        let Ok(Some(row)) = reader.next_row() else { return };
        layers.retain_mut(|layer| {
            layer.add(row.data(), samples);
            let agrees = layer.agrees(y);
            if is_large {
                layer.bits.clear();
            }
            agrees
        });
        if layers.is_empty() {
            return;
        }
    }
    if is_large {
        found.faults.push(ClaimFault::TooManyPixels { max_pixels: MAX_PIXELS });
        return;
    }
    for layer in &layers {
        let place = layer.layer.place;
        match layer.text() {
            Ok(None) => {}
            Ok(Some(bytes)) => found.utf8(Carrier::LowestBits, place, place.to_owned(), bytes),
            Err(fault) => found.faults.push(fault),
        }
    }
}

/// The lowest bits of one layer, row by row.
struct LowestBits {
    layer: Layer,
    bits: Vec<u8>,
    /// Bytes a row.
    stride: usize,
    width: usize,
    height: usize,
}

impl LowestBits {
    fn new(layer: Layer, width: usize, height: usize) -> Self {
        let stride = (width * layer.channels).div_ceil(8);
        Self { layer, bits: Vec::new(), stride, width, height }
    }

    /// Adds a row of pixels of so many samples each.
    fn add(&mut self, row: &[u8], samples: usize) {
        let Layer { first, channels, .. } = self.layer;
        let start = self.bits.len();
        self.bits.resize(start + self.stride, 0_u8);
        let carrying = row.chunks_exact(samples).flat_map(|pixel| &pixel[first..first + channels]);
        for (place, sample) in carrying.enumerate() {
            self.bits[start + place / 8] |= (sample & 1) << (7 - place % 8);
        }
    }

    /// Whether the last row, which is this one, agrees with a signature.
    fn agrees(&self, y: usize) -> bool {
        if y >= SIGNATURE_START_BITS {
            return true;
        }
        let row = &self.bits[self.bits.len() - self.stride..];
        let mut of_row = (0..SIGNATURE_START_BITS).filter_map(|bit| {
            let (x, of, channel) = self.place(bit);
            (of == y).then_some((bit, x, channel))
        });
        of_row.all(|(bit, x, channel)| {
            let place = x * self.layer.channels + channel;
            let found = row.get(place / 8).map(|byte| (byte >> (7 - place % 8)) & 1);
            let needed = (self.layer.plain[bit / 8] >> (7 - bit % 8)) & 1;
            x < self.width && found == Some(needed)
        })
    }

    /// Column, row and channel of a bit.
    const fn place(&self, bit: usize) -> (usize, usize, usize) {
        let (pixel, channel) = (bit / self.layer.channels, bit % self.layer.channels);
        (pixel / self.height, pixel % self.height, channel)
    }

    /// The byte at this place, column by column.
    fn byte(&self, at: usize) -> Option<u8> {
        (at * 8..at * 8 + 8).try_fold(0_u8, |byte, bit| {
            let (x, y, channel) = self.place(bit);
            if x >= self.width {
                return None;
            }
            let place = x * self.layer.channels + channel;
            let packed = self.bits.get(y * self.stride + place / 8)?;
            Some((byte << 1) | ((packed >> (7 - place % 8)) & 1))
        })
    }

    fn bytes(&self, from: usize, count: usize) -> Option<Vec<u8>> {
        (from..from + count).map(|place| self.byte(place)).collect()
    }

    /// The text behind signature and length.
    fn text(&self) -> Result<Option<Vec<u8>>, ClaimFault> {
        let place = || self.layer.place.to_owned();
        let Some(signature) = self.bytes(0, SIGNATURE_BYTES) else { return Ok(None) };
        let is_packed = signature == self.layer.packed;
        if !is_packed && signature != self.layer.plain {
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
