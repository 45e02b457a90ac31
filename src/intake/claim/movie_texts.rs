//! The metadata of MP4 and QuickTime files (ISO/IEC 14496-12): the boxes under `moov` that hold names
//! and values, and XMP. Passes over pictures and sound without reading them.

use super::found::{Carrier, Found, MAX_METADATA_BYTES, MAX_TEXT_BYTES};
use super::{ClaimFault, xmp};
use std::io::{Read, Result, Seek, SeekFrom};

/// The name of the label's value, and of its box.
pub(super) const LABEL: &str = "AIGC";
/// Most boxes of one file that are looked at. Long films in fragments have some ten thousand.
const MAX_BOXES: usize = 100_000;
/// Deepest nesting: `moov`, `trak`, `udta`, `meta`, `ilst`, item, value.
const MAX_DEPTH: usize = 8;
/// Most names and values of one `meta` box.
const MAX_KEYS: usize = 1000;

/// Reads the boxes of a file of this size.
pub(super) fn read(
    source: &mut (impl Read + Seek),
    size_bytes: u64,
    found: &mut Found,
) -> Result<()> {
    let mut walk = Walk { source, found, boxes: 0, room: MAX_METADATA_BYTES };
    walk.boxes_of(0, size_bytes, 0)
}

struct Walk<'a, S> {
    source: &'a mut S,
    found: &'a mut Found,
    boxes: usize,
    /// How many more bytes of metadata are read.
    room: usize,
}

impl<S: Read + Seek> Walk<'_, S> {
    fn boxes_of(&mut self, start: u64, end: u64, depth: usize) -> Result<()> {
        let mut at = start;
        while end.saturating_sub(at) >= 8 {
            self.boxes += 1;
            if self.boxes > MAX_BOXES || depth > MAX_DEPTH {
                let reason = "it has too many boxes".to_owned();
                self.found.faults.push(ClaimFault::Damaged { reason });
                return Ok(());
            }
            self.source.seek(SeekFrom::Start(at))?;
            let Some((kind, head, size)) = self.header(end - at)? else {
                self.found.faults.push(ClaimFault::Truncated);
                return Ok(());
            };
            let (body, next) = (at + head, at + size);
            match &kind {
                b"moov" | b"trak" => self.boxes_of(body, next, depth + 1)?,
                b"udta" | b"meta" => {
                    if let Some(bytes) = self.body(next - body)? {
                        let children = if kind == *b"udta" { user_data } else { meta };
                        children(&bytes, depth, self.found);
                    }
                }
                b"uuid" => self.uuid(next - body)?,
                _ => {}
            }
            at = next;
        }
        Ok(())
    }

    /// The kind of a box, the size of its head and of all of it; nothing where it does not fit.
    fn header(&mut self, room: u64) -> Result<Option<([u8; 4], u64, u64)>> {
        let mut head = [0_u8; 8];
        self.source.read_exact(&mut head)?;
        let [a, b, c, d, kind @ ..] = head;
        let (head, size) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (8, room),
            1 if room >= 16 => {
                let mut long = [0_u8; 8];
                self.source.read_exact(&mut long)?;
                (16, u64::from_be_bytes(long))
            }
            size => (8, u64::from(size)),
        };
        Ok((head <= size && size <= room).then_some((kind, head, size)))
    }

    fn body(&mut self, size: u64) -> Result<Option<Vec<u8>>> {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        if size > self.room {
            let max_bytes = MAX_METADATA_BYTES;
            self.found.faults.push(ClaimFault::TooMuchMetadata { max_bytes });
            return Ok(None);
        }
        self.room -= size;
        let mut bytes = vec![0; size];
        self.source.read_exact(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn uuid(&mut self, size: u64) -> Result<()> {
        let mut name = [0_u8; 16];
        if size < 16 {
            return Ok(());
        }
        self.source.read_exact(&mut name)?;
        if name != xmp::MOVIE_UUID {
            return Ok(());
        }
        if size - 16 > MAX_TEXT_BYTES as u64 {
            let (place, max_bytes) = ("XMP".to_owned(), MAX_TEXT_BYTES);
            self.found.faults.push(ClaimFault::TextTooLong { place, max_bytes });
            return Ok(());
        }
        if let Some(packet) = self.body(size - 16)? {
            xmp::add(packet, self.found);
        }
        Ok(())
    }
}

/// The boxes within these bytes, as far as they are whole.
fn boxes(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (head, _) = rest.split_first_chunk::<8>()?;
        let [a, b, c, d, kind @ ..] = *head;
        let size = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
        let body = rest.get(8..size)?;
        rest = &rest[size..];
        Some((kind, body))
    })
}

fn add(bytes: &[u8], found: &mut Found) {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let place = format!("MP4 {LABEL}");
    found.utf8(Carrier::Movie, LABEL, place, bytes[..end].to_vec());
}

/// `udta`: boxes named for what they hold.
fn user_data(bytes: &[u8], depth: usize, found: &mut Found) {
    for (kind, body) in boxes(bytes).take(MAX_KEYS) {
        match &kind {
            b"meta" if depth < MAX_DEPTH => meta(body, depth + 1, found),
            b"AIGC" => {
                // Some writers put version and flags before the text.
                let text = body.strip_prefix(&[0; 4]).unwrap_or(body);
                add(text, found);
            }
            b"XMP_" => xmp::add(body.to_vec(), found),
            _ => {}
        }
    }
}

/// `meta`: names in `keys`, values in `ilst` by their number; or values with their own names.
fn meta(bytes: &[u8], _depth: usize, found: &mut Found) {
    // QuickTime's has no version and flags.
    let is_bare = bytes.get(4..8) == Some(b"hdlr");
    let bytes = if is_bare { bytes } else { bytes.get(4..).unwrap_or_default() };
    let mut names: Vec<&[u8]> = Vec::new();
    for (kind, body) in boxes(bytes).take(MAX_KEYS) {
        match &kind {
            b"keys" => {
                let entries = boxes(body.get(8..).unwrap_or_default());
                names = entries.take(MAX_KEYS).map(|(_, name)| name).collect();
            }
            b"ilst" => {
                for (kind, item) in boxes(body).take(MAX_KEYS) {
                    let number = usize::try_from(u32::from_be_bytes(kind)).unwrap_or_default();
                    let named = number.checked_sub(1).and_then(|place| names.get(place));
                    let name = named.copied().or_else(|| own_name(item));
                    if let Some(value) = name.filter(|name| is_label(name)).and(value(item)) {
                        add(value, found);
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_label(name: &[u8]) -> bool {
    let last = name.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    last.eq_ignore_ascii_case(LABEL.as_bytes())
}

/// The name that a free-form value has in a box of its own.
fn own_name(item: &[u8]) -> Option<&[u8]> {
    boxes(item).take(MAX_KEYS).find(|(kind, _)| kind == b"name").and_then(|(_, body)| body.get(4..))
}

/// The value: behind its kind and its language.
fn value(item: &[u8]) -> Option<&[u8]> {
    boxes(item).take(MAX_KEYS).find(|(kind, _)| kind == b"data").and_then(|(_, body)| body.get(8..))
}
