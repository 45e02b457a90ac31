//! Labels in JPEG (ITU-T T.81): in the XMP packet of an `APP1` segment, as TC260-PG-20259A says.

use super::png::names_label;
use super::{Format, LabelError, LabelledCopy, Splice, Wanted, exif, xmp};
use crate::record::Carrier;
use std::ops::Range;

const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const EXIF: &[u8] = b"Exif\0\0";
/// What a segment can hold beside the two bytes of its length.
const MAX_SEGMENT_BYTES: usize = 65_533;
const MAX_SEGMENTS: usize = 100_000;

const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP11: u8 = 0xeb;
const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;

struct Segment<'a> {
    marker: u8,
    data: &'a [u8],
    /// With marker and length.
    range: Range<usize>,
}

fn malformed(at: usize, needed: &'static str) -> LabelError {
    LabelError::Malformed { format: Format::Jpeg, at, needed }
}

pub(super) fn label(bytes: &[u8], wanted: &Wanted) -> Result<LabelledCopy, LabelError> {
    let segments = segments(bytes)?;
    let (mut packets, mut in_exif) = (Vec::new(), None);
    for segment in &segments {
        match segment.marker {
            APP1 if segment.data.starts_with(XMP) => packets.push(segment),
            APP1 if segment.data.starts_with(EXIF) => {
                if let Some(label) = exif::existing(segment.data)?
                    && in_exif.replace(label).is_some()
                {
                    return Err(LabelError::Several { found: 2 });
                }
            }
            APP2 if segment.data.starts_with(b"MPF\0") => return Err(LabelError::SeveralPictures),
            APP11 if segment.data.starts_with(b"JP") => return Err(LabelError::Credentials),
            _ if names_label(segment.data) => {
                return Err(LabelError::Elsewhere { place: "segments other than XMP" });
            }
            _ => {}
        }
    }
    let (packet, place) = match packets[..] {
        [] => (None, place_for_packet(&segments)),
        [segment] => (segment.data.get(XMP.len()..), segment.range.clone()),
        _ => {
            let reason = format!("the file has {} packets", packets.len());
            return Err(LabelError::Xmp { reason });
        }
    };
    let labelled = xmp::label(packet, in_exif, wanted)?;
    let data = [XMP, labelled.text.as_bytes()].concat();
    let copy = Splice::of(bytes).put(place, written(&data)?).bytes();
    labelled.label.copy(copy, Carrier::Xmp, Some(labelled.source_type))
}

/// Behind what must come first: JFIF, then EXIF.
fn place_for_packet(segments: &[Segment<'_>]) -> Range<usize> {
    let comes_first = |segment: &&Segment<'_>| {
        segment.marker == APP0 || (segment.marker == APP1 && segment.data.starts_with(EXIF))
    };
    let at = segments.iter().take_while(comes_first).last().map_or(2, |last| last.range.end);
    at..at
}

/// The segments up to the first scan; from there on everything is picture data or nobody's.
fn segments(bytes: &[u8]) -> Result<Vec<Segment<'_>>, LabelError> {
    let mut segments = Vec::new();
    let mut at = 2;
    loop {
        if bytes.get(at) != Some(&0xff) {
            return Err(malformed(at, "a marker"));
        }
        let fill = bytes.get(at..).unwrap_or_default().iter().take_while(|byte| **byte == 0xff);
        let code_at = at + fill.count();
        let marker = *bytes.get(code_at).ok_or_else(|| malformed(at, "a marker"))?;
        if marker == START_OF_SCAN {
            return Ok(segments);
        }
        if matches!(marker, 0x00 | END_OF_IMAGE) || segments.len() == MAX_SEGMENTS {
            return Err(malformed(at, "a scan"));
        }
        if matches!(marker, 0x01 | 0xd0..=0xd7) {
            at = code_at + 1;
            continue;
        }
        let size = bytes.get(code_at + 1..code_at + 3).and_then(|size| size.try_into().ok());
        let size = size.map(u16::from_be_bytes).filter(|size| *size >= 2);
        let size = usize::from(size.ok_or_else(|| malformed(code_at, "a length"))?);
        let end = code_at + 1 + size;
        let data = bytes.get(code_at + 3..end);
        let data = data.ok_or_else(|| malformed(at, "the whole of a segment"))?;
        segments.push(Segment { marker, data, range: at..end });
        at = end;
    }
}

fn written(data: &[u8]) -> Result<Vec<u8>, LabelError> {
    if data.len() > MAX_SEGMENT_BYTES {
        let found = data.len();
        let reason = format!("it would have {found} bytes, may have {MAX_SEGMENT_BYTES} in a JPEG");
        return Err(LabelError::Xmp { reason });
    }
    let size = u16::try_from(data.len() + 2).unwrap_or(u16::MAX);
    Ok([&[0xff, APP1], &size.to_be_bytes()[..], data].concat())
}
