//! The container of a bundle: a zip file (PKWARE APPNOTE 6.3.10) in one canonical form, so that any
//! tool unpacks it and nothing can hide in it.
//!
//! Parts are stored, not compressed, in order of their names; every header follows from names and
//! bytes alone. So the same parts are the same file, a file has no byte that is not accounted for,
//! and no archive can grow when it is read. Never touches a file system: names are looked up, not
//! followed.

use super::{ArchiveError, PartName};

/// The largest bundle that is written or read: what a dispute needs has some hundred kilobytes, and
/// a reader keeps the whole of it in memory.
pub const MAX_BUNDLE_SIZE_BYTES: usize = 64 * 1024 * 1024;
/// The most parts that a bundle has. The directory of an archive counts them in 16 bits.
pub const MAX_PARTS: usize = 32_768;

const LOCAL_SIZE_BYTES: usize = 30;
const CENTRAL_SIZE_BYTES: usize = 46;
const END_SIZE_BYTES: usize = 22;
const LOCAL_SIGNATURE: &[u8; 4] = b"PK\x03\x04";
const CENTRAL_SIGNATURE: &[u8; 4] = b"PK\x01\x02";
const END_SIGNATURE: &[u8; 4] = b"PK\x05\x06";
/// What is needed to extract a stored file: version 1.0.
const VERSION: u16 = 10;
/// 1 January 1980, the first day that the format can say: a bundle tells its times elsewhere.
const DATE: u16 = (1 << 5) | 1;

/// A part as it stands in the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StoredPart<'a> {
    /// Where it stands.
    pub(super) name: PartName,
    /// What it holds.
    pub(super) bytes: &'a [u8],
}

/// Packs parts, which are put in order of their names.
///
/// # Errors
/// [`ArchiveError::Order`] for a name that stands twice, [`ArchiveError::TooManyParts`],
/// [`ArchiveError::PartTooLarge`], [`ArchiveError::TooLarge`].
pub(super) fn pack(mut parts: Vec<StoredPart<'_>>) -> Result<Vec<u8>, ArchiveError> {
    parts.sort_by_key(|part| part.name.to_string());
    check_count(parts.len())?;
    let mut out = Vec::new();
    let mut directory = Vec::new();
    let mut last = String::new();
    for part in &parts {
        let name = part.name.to_string();
        check_order(&mut last, &name)?;
        check_part_size(part.name, part.bytes.len())?;
        check_size(out.len() + directory.len() + part.bytes.len() + END_SIZE_BYTES)?;
        let header = Header::of(&name, part.bytes);
        directory.extend(header.central(out.len()));
        out.extend(header.local());
        out.extend_from_slice(part.bytes);
    }
    let end = end(parts.len(), directory.len(), out.len());
    out.extend(directory);
    out.extend(end);
    check_size(out.len())?;
    Ok(out)
}

/// The parts of an archive, in order of their names. Nothing is copied, and every byte of the file
/// is either a byte of a part or what the parts make it.
///
/// # Errors
/// [`ArchiveError`], with where the file departs from the one form that it can have.
pub(super) fn unpack(bytes: &[u8]) -> Result<Vec<StoredPart<'_>>, ArchiveError> {
    check_size(bytes.len())?;
    let mut parts = Vec::new();
    let mut directory = Vec::new();
    let mut last = String::new();
    let mut at = 0;
    while bytes.get(at..at + 4) == Some(LOCAL_SIGNATURE) {
        check_count(parts.len() + 1)?;
        let (name, content) = local(bytes, at)?;
        check_order(&mut last, name)?;
        let part: PartName = name.parse()?;
        check_part_size(part, content.len())?;
        let header = Header::of(name, content);
        directory.extend(header.central(at));
        let written = header.local();
        if bytes.get(at..at + written.len()) != Some(written.as_slice()) {
            return Err(departure(bytes, at, part, &header));
        }
        at += written.len() + content.len();
        parts.push(StoredPart { name: part, bytes: content });
    }
    if parts.is_empty() {
        return Err(ArchiveError::NotAnArchive);
    }
    let end = end(parts.len(), directory.len(), at);
    directory.extend(end);
    match bytes.get(at..) {
        Some(found) if found == directory => Ok(parts),
        Some(_) | None => Err(ArchiveError::Directory { offset: at }),
    }
}

/// The name and the bytes behind the local header that stands there, as far as the header says.
fn local(bytes: &[u8], at: usize) -> Result<(&str, &[u8]), ArchiveError> {
    let cut = ArchiveError::CutOff { offset: at };
    let header = bytes.get(at..at + LOCAL_SIZE_BYTES).ok_or(cut.clone())?;
    let name_length = usize::from(half_word(header, 26));
    let start = at + LOCAL_SIZE_BYTES;
    let name = bytes.get(start..start + name_length).ok_or(cut.clone())?;
    let name =
        std::str::from_utf8(name).map_err(|_| ArchiveError::NameUnreadable { offset: at })?;
    let length = usize::try_from(word(header, 22)).map_err(|_| cut.clone())?;
    let start = start + name_length;
    // At most 64 MiB and 4 GiB: the sum fits.
    let content = bytes.get(start..start.saturating_add(length)).ok_or(cut)?;
    Ok((name, content))
}

/// In which way a local header is not the one that its part has.
fn departure(bytes: &[u8], at: usize, part: PartName, header: &Header<'_>) -> ArchiveError {
    let found = bytes.get(at..at + LOCAL_SIZE_BYTES).unwrap_or_default();
    if half_word(found, 8) != 0 {
        return ArchiveError::Compressed { part };
    }
    if word(found, 14) != header.checksum {
        return ArchiveError::Checksum { part };
    }
    ArchiveError::Header { part }
}

fn half_word(bytes: &[u8], at: usize) -> u16 {
    let found = bytes.get(at..at + 2).and_then(|found| found.try_into().ok());
    found.map_or(0, u16::from_le_bytes)
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let found = bytes.get(at..at + 4).and_then(|found| found.try_into().ok());
    found.map_or(0, u32::from_le_bytes)
}

fn check_size(found: usize) -> Result<(), ArchiveError> {
    if found > MAX_BUNDLE_SIZE_BYTES {
        return Err(ArchiveError::TooLarge { found });
    }
    Ok(())
}

fn check_count(found: usize) -> Result<(), ArchiveError> {
    if found > MAX_PARTS {
        return Err(ArchiveError::TooManyParts { found });
    }
    Ok(())
}

fn check_part_size(part: PartName, found: usize) -> Result<(), ArchiveError> {
    let max = part.max_size_bytes();
    if found > max {
        return Err(ArchiveError::PartTooLarge { part, found, max });
    }
    Ok(())
}

/// Names ascend, so that none stands twice.
fn check_order(last: &mut String, name: &str) -> Result<(), ArchiveError> {
    if !last.is_empty() && name <= last.as_str() {
        let part = name.parse()?;
        return Err(ArchiveError::Order { part });
    }
    name.clone_into(last);
    Ok(())
}

/// What a header says of a part.
struct Header<'a> {
    name: &'a str,
    checksum: u32,
    size: u32,
}

impl<'a> Header<'a> {
    fn of(name: &'a str, bytes: &[u8]) -> Self {
        // Checked to be at most 64 MiB.
        let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Self { name, checksum: crc32fast::hash(bytes), size }
    }

    /// What both headers have, from the version needed to the length of the name.
    fn shared(&self, out: &mut Vec<u8>) {
        // Version, flags, method (stored), time, date.
        for field in [VERSION, 0, 0, 0, DATE] {
            out.extend(field.to_le_bytes());
        }
        for field in [self.checksum, self.size, self.size] {
            out.extend(field.to_le_bytes());
        }
        // Names are ASCII, and short.
        let length = u16::try_from(self.name.len()).unwrap_or(u16::MAX);
        out.extend(length.to_le_bytes());
    }

    fn local(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(LOCAL_SIZE_BYTES + self.name.len());
        out.extend(LOCAL_SIGNATURE);
        self.shared(&mut out);
        // No extra field.
        out.extend(0_u16.to_le_bytes());
        out.extend(self.name.as_bytes());
        out
    }

    fn central(&self, offset: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(CENTRAL_SIZE_BYTES + self.name.len());
        out.extend(CENTRAL_SIGNATURE);
        out.extend(VERSION.to_le_bytes());
        self.shared(&mut out);
        // Extra field, comment, disk, internal and external attributes: none.
        out.extend([0; 12]);
        out.extend(offset_field(offset));
        out.extend(self.name.as_bytes());
        out
    }
}

/// A place in the file, which has at most 64 MiB.
fn offset_field(offset: usize) -> [u8; 4] {
    u32::try_from(offset).unwrap_or(u32::MAX).to_le_bytes()
}

fn end(parts: usize, directory_size: usize, directory_offset: usize) -> Vec<u8> {
    // Checked to be at most 32,768.
    let parts = u16::try_from(parts).unwrap_or(u16::MAX);
    let mut out = Vec::with_capacity(END_SIZE_BYTES);
    out.extend(END_SIGNATURE);
    out.extend([0; 4]);
    out.extend(parts.to_le_bytes());
    out.extend(parts.to_le_bytes());
    out.extend(offset_field(directory_size));
    out.extend(offset_field(directory_offset));
    out.extend([0; 2]);
    out
}

#[cfg(test)]
mod tests;
