//! Labels in MP4 and MOV (ISO/IEC 14496-12): the key `AIGC` in `moov.udta.meta`, as TC260-PG-20257A says,
//! and the digital source type in an XMP packet at the end of the file.

use super::png::names_label;
use super::{Continued, Format, LabelError, LabelledCopy, Members, Splice, Wanted, xmp};
use crate::record::Carrier;
use std::ops::Range;

/// Boxes of one level; real films have some tens.
const MAX_BOXES: usize = 100_000;
const XMP_ID: [u8; 16] = *b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac";
const CREDENTIALS_ID: [u8; 16] =
    *b"\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81";
/// An entry of `keys`: size, namespace and name.
const KEY: &[u8] = b"\0\0\0\x0cmdtaAIGC";
/// What stands before the text of an item: UTF-8 (QuickTime File Format, well-known types), any place.
const TEXT: &[u8] = &[0, 0, 0, 1, 0, 0, 0, 0];

#[derive(Clone, Debug)]
struct Part {
    kind: [u8; 4],
    /// With its head.
    range: Range<usize>,
    /// What it holds.
    body: Range<usize>,
}

fn malformed(at: usize, needed: &'static str) -> LabelError {
    LabelError::Malformed { format: Format::Mp4, at, needed }
}

/// What is put into `moov`, and which boxes grow by it.
struct Addition {
    changes: Vec<(Range<usize>, Vec<u8>)>,
    grown: Vec<(Part, usize, usize)>,
    label: Continued,
}

pub(super) fn label(bytes: &[u8], wanted: &Wanted) -> Result<LabelledCopy, LabelError> {
    let film = parts(bytes, 0..bytes.len())?;
    let has_packet = check_whole(bytes, &film)?;
    let moov = only(&film, b"moov")?.ok_or_else(|| malformed(bytes.len(), "a `moov`"))?;
    let addition = addition(bytes, moov, wanted)?;
    let (old, new) = sizes(&addition.changes);
    let mut splice = Splice::of(bytes);
    for (range, change) in &addition.changes {
        splice = splice.put(range.clone(), change.clone());
    }
    for (part, less, more) in &addition.grown {
        splice = grow(splice, bytes, part, *less, *more)?;
    }
    for table in tables(bytes, moov)? {
        if let Some(moved) = moved(bytes, &table, moov, (old, new))? {
            splice = splice.put(table.body.clone(), moved);
        }
    }
    let mut copy = splice.bytes();
    // A box without an end of its own would swallow what is put behind it.
    let is_closed = film
        .last()
        .is_some_and(|last| bytes.get(last.range.start..last.range.start + 4) != Some(&[0; 4]));
    let source_type = (!has_packet && is_closed).then_some(wanted.source_type);
    if let Some(source_type) = source_type {
        let packet = xmp::source_type_alone(source_type);
        copy.extend(written(*b"uuid", &[&XMP_ID[..], packet.as_bytes()].concat())?);
    }
    addition.label.copy(copy, Carrier::Mp4, source_type)
}

/// Refuses films whose parts are found by distances that are not moved here; says whether there is XMP.
fn check_whole(bytes: &[u8], film: &[Part]) -> Result<bool, LabelError> {
    let mut has_packet = false;
    for part in film {
        let at = part.range.start;
        match &part.kind {
            b"moof" | b"mfra" | b"sidx" | b"styp" => {
                return Err(malformed(at, "a film that is not in fragments"));
            }
            b"meta" => return Err(malformed(at, "a film without items of its own")),
            b"uuid" => {
                let body = bytes.get(part.body.clone()).unwrap_or_default();
                if body.starts_with(&CREDENTIALS_ID) {
                    return Err(LabelError::Credentials);
                }
                if body.starts_with(&XMP_ID) {
                    has_packet = true;
                    if names_label(body) {
                        return Err(LabelError::Elsewhere { place: "XMP" });
                    }
                }
            }
            _ => {}
        }
    }
    Ok(has_packet)
}

/// Where the label goes: into the metadata that is there, into user data without any, or into new ones.
fn addition(bytes: &[u8], moov: &Part, wanted: &Wanted) -> Result<Addition, LabelError> {
    let in_moov = parts(bytes, moov.body.clone())?;
    let meta_of = |within: &[Part]| only(within, b"meta").map(Option::<&Part>::cloned);
    if meta_of(&in_moov)?.is_some() {
        return Err(LabelError::OtherMetadata);
    }
    let Some(udta) = only(&in_moov, b"udta")? else {
        let label = Continued::of(None, wanted)?;
        let new = written(*b"udta", &metadata(&label)?)?;
        let (at, more) = (moov.range.end, new.len());
        let grown = vec![(moov.clone(), 0, more)];
        return Ok(Addition { changes: vec![(at..at, new)], grown, label });
    };
    let Some(meta) = meta_of(&parts(bytes, udta.body.clone())?)? else {
        let label = Continued::of(None, wanted)?;
        let new = metadata(&label)?;
        let (at, more) = (udta.body.start, new.len());
        let grown = vec![(moov.clone(), 0, more), (udta.clone(), 0, more)];
        return Ok(Addition { changes: vec![(at..at, new)], grown, label });
    };
    in_metadata(bytes, [moov, udta, &meta], wanted)
}

fn in_metadata(bytes: &[u8], around: [&Part; 3], wanted: &Wanted) -> Result<Addition, LabelError> {
    let meta = around[2];
    let kind_at = |at: usize| bytes.get(at..at + 4);
    // QuickTime leaves out version and flags.
    let start = match meta.body.start {
        start if kind_at(start + 8) == Some(b"hdlr") => start + 4,
        start if kind_at(start + 4) == Some(b"hdlr") => start,
        start => return Err(malformed(start, "a handler of metadata")),
    };
    let within = parts(bytes, start..meta.body.end)?;
    let handler = only(&within, b"hdlr")?.ok_or_else(|| malformed(start, "one handler"))?;
    if kind_at(handler.body.start + 8) != Some(b"mdta") {
        return Err(LabelError::OtherMetadata);
    }
    let (Some(keys), Some(list)) = (only(&within, b"keys")?, only(&within, b"ilst")?) else {
        return Err(malformed(start, "keys and their values"));
    };
    let (count, place) = key_place(bytes, keys)?;
    let items = parts(bytes, list.body.clone())?;
    let (mut changes, mut grown) = (Vec::new(), Vec::new());
    let label = match place {
        Some(place) => {
            let mut found = items.iter().filter(|item| item.kind == place.to_be_bytes());
            let (Some(item), None) = (found.next(), found.next()) else {
                return Err(malformed(list.range.start, "one value for the key `AIGC`"));
            };
            let (text, members) = value(bytes, item)?;
            let label = Continued::of(Some(members), wanted)?;
            let new = label.members.json()?.into_bytes();
            let (less, more) = (text.len(), new.len());
            let data = only(&parts(bytes, item.body.clone())?, b"data")?.cloned();
            grown.extend(data.map(|data| (data, less, more)));
            grown.extend([(item.clone(), less, more), (list.clone(), less, more)]);
            grown.extend(around.map(|part| (part.clone(), less, more)));
            changes.push((text, new));
            label
        }
        None => {
            let label = Continued::of(None, wanted)?;
            let item = item(count + 1, &label)?;
            let (keys_more, list_more) = (KEY.len(), item.len());
            let counted = keys.body.start + 4..keys.body.start + 8;
            changes.push((counted, (count + 1).to_be_bytes().to_vec()));
            changes.push((keys.range.end..keys.range.end, KEY.to_vec()));
            changes.push((list.range.end..list.range.end, item));
            grown.extend([(keys.clone(), 0, keys_more), (list.clone(), 0, list_more)]);
            grown.extend(around.map(|part| (part.clone(), 0, keys_more + list_more)));
            label
        }
    };
    Ok(Addition { changes, grown, label })
}

/// How many keys there are, and which of them, counted from 1, is `AIGC`.
fn key_place(bytes: &[u8], keys: &Part) -> Result<(u32, Option<u32>), LabelError> {
    let at = keys.body.start;
    let count = number(bytes, at + 4).ok_or_else(|| malformed(at, "the number of keys"))?;
    let entries = parts(bytes, at + 8..keys.body.end)?;
    if entries.len() as u64 != u64::from(count) {
        return Err(malformed(at, "as many keys as are said"));
    }
    let is_ours = |entry: &Part| bytes.get(entry.range.clone()) == Some(KEY);
    let mut places = (1..=count).zip(&entries).filter(|(_, entry)| is_ours(entry));
    let place = places.next().map(|(place, _)| place);
    match places.count() {
        0 => Ok((count, place)),
        more => Err(LabelError::Several { found: more + 1 }),
    }
}

/// The text of an item, where it stands and as a label.
fn value(bytes: &[u8], item: &Part) -> Result<(Range<usize>, Members), LabelError> {
    let within = parts(bytes, item.body.clone())?;
    let data = only(&within, b"data")?.ok_or_else(|| malformed(item.range.start, "a value"))?;
    let range = data.body.start.saturating_add(TEXT.len())..data.body.end;
    let text = bytes.get(range.clone()).and_then(|text| std::str::from_utf8(text).ok());
    let text = text.ok_or_else(|| malformed(data.range.start, "a text in UTF-8"))?;
    Ok((range, Members::read(text)?.0))
}

fn item(place: u32, label: &Continued) -> Result<Vec<u8>, LabelError> {
    let json = label.members.json()?;
    let data = written(*b"data", &[TEXT, json.as_bytes()].concat())?;
    written(place.to_be_bytes(), &data)
}

/// A `meta` with the label alone.
fn metadata(label: &Continued) -> Result<Vec<u8>, LabelError> {
    let handler = [&[0; 8][..], b"mdta", &[0; 13]].concat();
    let keys = [&[0, 0, 0, 0, 0, 0, 0, 1][..], KEY].concat();
    let within = [
        vec![0; 4],
        written(*b"hdlr", &handler)?,
        written(*b"keys", &keys)?,
        written(*b"ilst", &item(1, label)?)?,
    ];
    written(*b"meta", &within.concat())
}

/// The tables of chunk offsets of all tracks.
fn tables(bytes: &[u8], moov: &Part) -> Result<Vec<Part>, LabelError> {
    let mut found = Vec::new();
    for track in all(parts(bytes, moov.body.clone())?, b"trak") {
        for media in all(parts(bytes, track.body)?, b"mdia") {
            for information in all(parts(bytes, media.body)?, b"minf") {
                for samples in all(parts(bytes, information.body)?, b"stbl") {
                    for table in parts(bytes, samples.body)? {
                        match &table.kind {
                            b"stco" | b"co64" => found.push(table),
                            b"saio" => {
                                return Err(malformed(
                                    table.range.start,
                                    "a film that is not encrypted",
                                ));
                            }
                            _ => {}
                        }
                    }
                }
            }
        }
    }
    Ok(found)
}

/// The table with every chunk behind `moov` moved along; none where nothing moves.
fn moved(
    bytes: &[u8],
    table: &Part,
    moov: &Part,
    (old, new): (usize, usize),
) -> Result<Option<Vec<u8>>, LabelError> {
    let odd = || malformed(table.range.start, "a table of chunks that holds together");
    let body = bytes.get(table.body.clone()).ok_or_else(odd)?;
    let count = number(bytes, table.body.start + 4).ok_or_else(odd)? as usize;
    let width = if table.kind == *b"co64" { 8 } else { 4 };
    let (head, entries) = body.split_at_checked(8).ok_or_else(odd)?;
    if Some(entries.len()) != count.checked_mul(width) {
        return Err(odd());
    }
    let mut out = head.to_vec();
    let mut has_moved = false;
    for entry in entries.chunks_exact(width) {
        let offset = entry.iter().fold(0_u64, |offset, byte| offset << 8 | u64::from(*byte));
        let to = if offset >= moov.range.end as u64 {
            has_moved = true;
            offset
                .checked_add(new as u64)
                .and_then(|to| to.checked_sub(old as u64))
                .ok_or_else(odd)?
        } else if offset <= moov.range.start as u64 {
            offset
        } else {
            return Err(odd());
        };
        match width {
            8 => out.extend(to.to_be_bytes()),
            _ => out.extend(u32::try_from(to).map_err(|_| odd())?.to_be_bytes()),
        }
    }
    Ok(has_moved.then_some(out))
}

/// What changes take away and put in.
fn sizes(changes: &[(Range<usize>, Vec<u8>)]) -> (usize, usize) {
    changes.iter().fold((0, 0), |(old, new), (range, put)| (old + range.len(), new + put.len()))
}

fn grow<'a>(
    splice: Splice<'a>,
    bytes: &[u8],
    part: &Part,
    less: usize,
    more: usize,
) -> Result<Splice<'a>, LabelError> {
    let at = part.range.start;
    let odd = || malformed(at, "a box with a size of 32 bits");
    // 0 and 1 stand for other ways to say the size.
    let size = number(bytes, at).filter(|size| *size > 1).ok_or_else(odd)?;
    let size = (size as usize + more).checked_sub(less).and_then(|size| u32::try_from(size).ok());
    Ok(splice.put(at..at + 4, size.ok_or_else(odd)?.to_be_bytes()))
}

/// The boxes in a range, one behind the other.
fn parts(bytes: &[u8], range: Range<usize>) -> Result<Vec<Part>, LabelError> {
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        // QuickTime ends user data with a zero.
        if range.end - at == 4 && number(bytes, at) == Some(0) {
            break;
        }
        let head = bytes.get(at..range.end).and_then(|rest| rest.first_chunk::<8>());
        let [a, b, c, d, kind @ ..] = *head.ok_or_else(|| malformed(at, "a box"))?;
        let (head_size, size) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (8, (range.end - at) as u64),
            1 => {
                let large = bytes.get(at + 8..range.end).and_then(|rest| rest.first_chunk::<8>());
                (16, u64::from_be_bytes(*large.ok_or_else(|| malformed(at, "a size"))?))
            }
            size => (8, u64::from(size)),
        };
        let size = usize::try_from(size).ok().filter(|size| *size >= head_size);
        let end = size.and_then(|size| at.checked_add(size)).filter(|end| *end <= range.end);
        let end = end.ok_or_else(|| malformed(at, "the whole of a box"))?;
        if found.len() == MAX_BOXES {
            return Err(malformed(at, "an end within a hundred thousand boxes"));
        }
        found.push(Part { kind, range: at..end, body: at + head_size..end });
        at = end;
    }
    Ok(found)
}

fn all(parts: Vec<Part>, kind: &'static [u8; 4]) -> impl Iterator<Item = Part> {
    parts.into_iter().filter(move |part| part.kind == *kind)
}

/// The box of a kind, of which there may be one.
fn only<'a>(parts: &'a [Part], kind: &[u8; 4]) -> Result<Option<&'a Part>, LabelError> {
    let mut found = parts.iter().filter(|part| part.kind == *kind);
    let first = found.next();
    match found.next() {
        None => Ok(first),
        Some(second) => Err(malformed(second.range.start, "one box of its kind")),
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}

/// A box.
fn written(kind: [u8; 4], body: &[u8]) -> Result<Vec<u8>, LabelError> {
    let size =
        u32::try_from(body.len() + 8).map_err(|_| malformed(0, "a box of less than 4 GiB"))?;
    Ok([&size.to_be_bytes(), &kind[..], body].concat())
}
