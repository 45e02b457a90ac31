//! Labels in PNG (W3C PNG, third edition): in the XMP packet, as TC260-PG-20259A says; where a producer
//! labelled it in a text with the keyword `AIGC`, as Annex B of that guide allows, there.

use super::members::MAX_LABEL_BYTES;
use super::{Continued, Format, LabelError, LabelledCopy, Members, Splice, Wanted, exif, xmp};
use crate::record::Carrier;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use std::io::{Read, Write};
use std::ops::Range;

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What a chunk has around its data: length, kind and check sum.
const FRAME_BYTES: usize = 12;
const MAX_CHUNKS: usize = 1_000_000;
const XMP_KEYWORD: &str = "XML:com.adobe.xmp";
const LABEL_KEYWORD: &str = "AIGC";

struct Chunk<'a> {
    kind: [u8; 4],
    data: &'a [u8],
    /// With its frame.
    range: Range<usize>,
}

fn malformed(at: usize, needed: &'static str) -> LabelError {
    LabelError::Malformed { format: Format::Png, at, needed }
}

pub(super) fn label(bytes: &[u8], wanted: &Wanted) -> Result<LabelledCopy, LabelError> {
    let chunks = chunks(bytes)?;
    let mut packets = Vec::new();
    let mut labels = Vec::new();
    let mut in_exif = None;
    for chunk in &chunks {
        match &chunk.kind {
            b"caBX" => return Err(LabelError::Credentials),
            b"eXIf" => {
                if let Some(label) = exif::existing(chunk.data)?
                    && in_exif.replace(label).is_some()
                {
                    return Err(LabelError::Several { found: 2 });
                }
            }
            b"tEXt" | b"zTXt" | b"iTXt" => match keyword(chunk.data) {
                Some(keyword) if keyword == XMP_KEYWORD.as_bytes() => packets.push(chunk),
                Some(keyword) if keyword == LABEL_KEYWORD.as_bytes() => labels.push(chunk),
                Some(_) | None => {}
            },
            _ => {}
        }
    }
    let end = chunks.last().map_or(0, |chunk| chunk.range.end);
    if names_label(bytes.get(end..).unwrap_or_default()) {
        return Err(LabelError::Elsewhere { place: "bytes behind the picture" });
    }
    let data = chunks.iter().find(|chunk| chunk.kind == *b"IDAT");
    let before_data = data.ok_or_else(|| malformed(end, "picture data"))?.range.start;
    match (&packets[..], &labels[..]) {
        (_, [_]) if in_exif.is_some() => Err(LabelError::Several { found: 2 }),
        ([], []) => in_packet(bytes, (None, in_exif), before_data, wanted),
        ([packet], []) => in_packet(bytes, (Some(packet), in_exif), before_data, wanted),
        ([], [label]) => in_text(bytes, None, label, before_data, wanted),
        ([packet], [label]) => in_text(bytes, Some(packet), label, before_data, wanted),
        (_, [] | [_]) => {
            Err(LabelError::Xmp { reason: format!("the file has {} packets", packets.len()) })
        }
        (_, several) => Err(LabelError::Several { found: several.len() }),
    }
}

fn in_packet(
    bytes: &[u8],
    (packet, in_exif): (Option<&Chunk<'_>>, Option<Members>),
    before_data: usize,
    wanted: &Wanted,
) -> Result<LabelledCopy, LabelError> {
    if packet.is_some_and(|chunk| chunk.kind != *b"iTXt") {
        let reason = "it stands in another chunk than an iTXt".to_owned();
        return Err(LabelError::Xmp { reason });
    }
    let found = packet.map(|chunk| PackedText::of(chunk, xmp::MAX_PACKET_BYTES)).transpose()?;
    let text = found.as_ref().map(|found| &found.text[..]);
    let labelled = xmp::label(text, in_exif, wanted)?;
    let place = packet.map_or(before_data..before_data, |chunk| chunk.range.clone());
    let head = found.map_or_else(|| international(XMP_KEYWORD), |found| found.head);
    let chunk = head.chunk(labelled.text.as_bytes())?;
    let copy = Splice::of(bytes).put(place, chunk).bytes();
    labelled.label.copy(copy, Carrier::Xmp, Some(labelled.source_type))
}

/// The producer's label stands in a text; ours continues it there. The digital source type goes into a
/// packet of its own, unless there is one, to which nothing is added.
fn in_text(
    bytes: &[u8],
    packet: Option<&Chunk<'_>>,
    label: &Chunk<'_>,
    before_data: usize,
    wanted: &Wanted,
) -> Result<LabelledCopy, LabelError> {
    if let Some(packet) = packet
        && names_label(&PackedText::of(packet, xmp::MAX_PACKET_BYTES)?.text)
    {
        return Err(LabelError::Several { found: 2 });
    }
    let found = PackedText::of(label, MAX_LABEL_BYTES)?;
    let text = if label.kind == *b"iTXt" {
        String::from_utf8(found.text)
            .map_err(|error| LabelError::Unreadable { reason: error.to_string() })?
    } else {
        // Latin-1: each byte is the character with its number.
        found.text.iter().copied().map(char::from).collect()
    };
    let (members, is_wrapped) = Members::read(&text)?;
    let label_now = Continued::of(Some(members), wanted)?;
    let json = if is_wrapped {
        label_now.members.wrapped_json()?
    } else {
        label_now.members.ascii_json()?
    };
    let chunk = found.head.chunk(json.as_bytes())?;
    let mut splice = Splice::of(bytes).put(label.range.clone(), chunk);
    let source_type = packet.is_none().then_some(wanted.source_type);
    if let Some(source_type) = source_type {
        let packet = xmp::source_type_alone(source_type);
        let chunk = international(XMP_KEYWORD).chunk(packet.as_bytes())?;
        splice = splice.put(before_data..before_data, chunk);
    }
    label_now.copy(splice.bytes(), Carrier::PngText, source_type)
}

/// The chunks up to the end of the picture; what lies behind it is nobody's.
fn chunks(bytes: &[u8]) -> Result<Vec<Chunk<'_>>, LabelError> {
    let mut chunks = Vec::new();
    let mut at = SIGNATURE.len();
    loop {
        let head = bytes.get(at..at + 8).and_then(|head| <[u8; 8]>::try_from(head).ok());
        let head = head.ok_or_else(|| malformed(at, "a chunk"))?;
        let [a, b, c, d, kind @ ..] = head;
        let size = u32::from_be_bytes([a, b, c, d]) as usize;
        let end = at.saturating_add(FRAME_BYTES).saturating_add(size);
        let data = bytes.get(at + 8..end.saturating_sub(4));
        let (Some(data), true) = (data, end <= bytes.len()) else {
            return Err(malformed(at, "the whole of a chunk"));
        };
        if chunks.is_empty() && kind != *b"IHDR" {
            return Err(malformed(at, "the header of the picture"));
        }
        if chunks.len() == MAX_CHUNKS {
            return Err(malformed(at, "an end within a million chunks"));
        }
        chunks.push(Chunk { kind, data, range: at..end });
        if kind == *b"IEND" {
            return Ok(chunks);
        }
        at = end;
    }
}

fn keyword(data: &[u8]) -> Option<&[u8]> {
    // At most 79 bytes, and then a zero.
    let end = data.iter().take(80).position(|byte| *byte == 0)?;
    data.get(..end)
}

/// What stands before the text of a chunk, as it was found, and whether the text is compressed.
struct Head {
    kind: [u8; 4],
    bytes: Vec<u8>,
    is_packed: bool,
}

/// The text of a chunk, unpacked, with what stands before it.
struct PackedText {
    head: Head,
    text: Vec<u8>,
}

impl PackedText {
    /// Takes the data of a `tEXt`, `zTXt` or `iTXt` apart; unpacks so many bytes at most.
    fn of(chunk: &Chunk<'_>, max_bytes: usize) -> Result<Self, LabelError> {
        let at = chunk.range.start;
        let after = keyword(chunk.data).map(|keyword| keyword.len() + 1);
        let after = after.ok_or_else(|| malformed(at, "a keyword"))?;
        let rest = chunk.data.get(after..).unwrap_or_default();
        let (more, is_packed) = match (&chunk.kind, rest) {
            (b"tEXt", _) => (0, false),
            (b"zTXt", [0, ..]) => (1, true),
            // Flag and method, then a language and a keyword in it, each up to a zero.
            (b"iTXt", [flag @ (0 | 1), 0, tags @ ..]) => {
                let mut zeros = tags.iter().enumerate().filter(|(_, byte)| **byte == 0);
                let second = zeros.nth(1).map(|(place, _)| place + 3);
                (second.ok_or_else(|| malformed(at, "a language and a text"))?, *flag == 1)
            }
            _ => return Err(malformed(at, "a method of compression that PNG has")),
        };
        let (head, text) = chunk.data.split_at(after + more);
        let head = Head { kind: chunk.kind, bytes: head.to_vec(), is_packed };
        let text = if is_packed { unpacked(text, max_bytes, at)? } else { text.to_vec() };
        Ok(Self { head, text })
    }
}

fn unpacked(bytes: &[u8], max_bytes: usize, at: usize) -> Result<Vec<u8>, LabelError> {
    let mut text = Vec::new();
    let limit = max_bytes as u64 + 1;
    let read = ZlibDecoder::new(bytes).take(limit).read_to_end(&mut text);
    read.map_err(|_| malformed(at, "a text that can be unpacked"))?;
    if text.len() > max_bytes {
        let reason = format!("unpacked it has more than {max_bytes} bytes");
        return Err(LabelError::Unreadable { reason });
    }
    Ok(text)
}

impl Head {
    /// A chunk with another text, compressed where the one before was.
    fn chunk(&self, text: &[u8]) -> Result<Vec<u8>, LabelError> {
        let mut data = self.bytes.clone();
        if self.is_packed {
            let mut encoder = ZlibEncoder::new(&mut data, Compression::best());
            let packed = encoder.write_all(text).and_then(|()| encoder.try_finish());
            packed.map_err(|error| LabelError::Unreadable { reason: error.to_string() })?;
        } else {
            data.extend_from_slice(text);
        }
        written(self.kind, &data)
    }
}

/// An `iTXt` that is not compressed, in no language.
fn international(keyword: &str) -> Head {
    let bytes = [keyword.as_bytes(), &[0; 5]].concat();
    Head { kind: *b"iTXt", bytes, is_packed: false }
}

/// A chunk with its frame.
fn written(kind: [u8; 4], data: &[u8]) -> Result<Vec<u8>, LabelError> {
    let size = u32::try_from(data.len()).ok().filter(|size| *size < 1 << 31);
    let size = size.ok_or_else(|| malformed(0, "a chunk of less than 2 GiB"))?;
    let checked = [&kind, data].concat();
    let sum = crc32fast::hash(&checked);
    Ok([&size.to_be_bytes(), &checked[..], &sum.to_be_bytes()].concat())
}

/// Whether these bytes name a member of the label, in one byte a character or in two.
pub(super) fn names_label(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"ProduceID";
    let spread = |bytes: &[u8]| bytes.iter().step_by(2).eq(NAME);
    bytes.windows(NAME.len()).any(|window| window == NAME)
        || bytes.windows(NAME.len() * 2 - 1).any(spread)
}
