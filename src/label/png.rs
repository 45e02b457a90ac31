//! Labels in PNG (W3C PNG, third edition): in the XMP packet, as TC260-PG-20259A says; where a producer
//! labelled it in a text with the keyword `AIGC`, as Annex B of that guide allows, there.

use super::{Continued, Format, LabelError, LabelledCopy, Members, Splice, Wanted, xmp};
use crate::record::Carrier;
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
    for chunk in &chunks {
        match &chunk.kind {
            b"caBX" => return Err(LabelError::Credentials),
            b"eXIf" if names_label(chunk.data) => {
                return Err(LabelError::Elsewhere { place: "EXIF" });
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
        ([], []) => in_packet(bytes, None, before_data, wanted),
        ([packet], []) => in_packet(bytes, Some(packet), before_data, wanted),
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
    packet: Option<&Chunk<'_>>,
    before_data: usize,
    wanted: &Wanted,
) -> Result<LabelledCopy, LabelError> {
    let text = packet.map(|chunk| international_text(chunk, "XMP")).transpose()?;
    let labelled = xmp::label(text, wanted)?;
    let place = packet.map_or(before_data..before_data, |chunk| chunk.range.clone());
    let chunk = written(*b"iTXt", &international(XMP_KEYWORD, &labelled.text))?;
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
        && names_label(packet.data)
    {
        return Err(LabelError::Several { found: 2 });
    }
    let text = match &label.kind {
        b"tEXt" => {
            let text = label.data.get(LABEL_KEYWORD.len() + 1..).unwrap_or_default();
            // Latin-1: each byte is the character with its number.
            text.iter().copied().map(char::from).collect::<String>()
        }
        b"iTXt" => {
            let text = international_text(label, LABEL_KEYWORD)?;
            std::str::from_utf8(text)
                .map_err(|error| LabelError::Unreadable { reason: error.to_string() })?
                .to_owned()
        }
        _ => return Err(LabelError::Elsewhere { place: "compressed text" }),
    };
    let (members, is_wrapped) = Members::read(&text)?;
    let label_now = Continued::of(Some(members), wanted)?;
    let json = if is_wrapped {
        label_now.members.wrapped_json()?
    } else {
        label_now.members.ascii_json()?
    };
    let data = match &label.kind {
        b"tEXt" => [LABEL_KEYWORD.as_bytes(), &[0], json.as_bytes()].concat(),
        _ => international(LABEL_KEYWORD, &json),
    };
    let chunk = written(label.kind, &data)?;
    let mut splice = Splice::of(bytes).put(label.range.clone(), chunk);
    let source_type = packet.is_none().then_some(wanted.source_type);
    if let Some(source_type) = source_type {
        let packet = international(XMP_KEYWORD, &xmp::source_type_alone(source_type));
        splice = splice.put(before_data..before_data, written(*b"iTXt", &packet)?);
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

/// The text of an `iTXt` that is not compressed.
fn international_text<'a>(chunk: &Chunk<'a>, what: &'static str) -> Result<&'a [u8], LabelError> {
    let place = match what {
        LABEL_KEYWORD => "compressed text",
        _ => "compressed XMP",
    };
    let rest = keyword(chunk.data).and_then(|keyword| chunk.data.get(keyword.len() + 1..));
    let rest = rest.ok_or_else(|| malformed(chunk.range.start, "a keyword"))?;
    if chunk.kind != *b"iTXt" || !rest.starts_with(&[0, 0]) {
        return Err(if what == LABEL_KEYWORD {
            LabelError::Elsewhere { place }
        } else {
            LabelError::Xmp { reason: "it is compressed".to_owned() }
        });
    }
    let mut parts = rest.get(2..).unwrap_or_default().splitn(3, |byte| *byte == 0);
    let text = parts.nth(2);
    text.ok_or_else(|| malformed(chunk.range.start, "a language and a text"))
}

/// The data of an `iTXt` that is not compressed, in no language.
fn international(keyword: &str, text: &str) -> Vec<u8> {
    [keyword.as_bytes(), &[0; 5], text.as_bytes()].concat()
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
