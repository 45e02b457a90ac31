//! The part of a JPEG's XMP that does not fit the segment of its packet: portions in segments of their own,
//! under an identifier that the packet names (XMP Specification, part 3, section 1.1.3.1). Never joins
//! portions that do not make the whole, and never believes what the packet does not name: the identifier is
//! the MD5 digest of the whole, so that an extension of another file, or a changed one, is told as that.

use super::found::{Found, MAX_TEXT_BYTES};
use super::{ClaimFault, xmp};
use crate::record::hex;
use md5::{Digest as _, Md5};

/// What stands before a portion in its segment.
const PREFIX: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
/// The namespace of the property by which a packet names its extension, and that property.
const NAMESPACE: &str = "http://ns.adobe.com/xmp/note/";
const NAME: &str = "HasExtendedXMP";
/// The identifier: the MD5 digest of the whole extension, as 32 hexadecimal digits.
const IDENTIFIER_BYTES: usize = 32;
const PLACE: &str = "extended XMP";

/// A portion of the extension.
struct Portion<'a> {
    identifier: &'a [u8],
    whole_bytes: u32,
    offset: u32,
    bytes: &'a [u8],
}

/// The packets of a JPEG and the portions of their extensions, in the order of the file.
#[derive(Default)]
pub(super) struct Packets<'a> {
    packets: Vec<&'a [u8]>,
    portions: Vec<Portion<'a>>,
}

impl<'a> Packets<'a> {
    /// Takes a segment where it holds a packet or a portion.
    pub(super) fn take(&mut self, segment: &'a [u8]) {
        if let Some(packet) = segment.strip_prefix(xmp::JPEG_PREFIX) {
            self.packets.push(packet);
        } else if let Some(rest) = segment.strip_prefix(PREFIX)
            && let Some((identifier, rest)) = rest.split_at_checked(IDENTIFIER_BYTES)
            && let [a, b, c, d, e, f, g, h, bytes @ ..] = rest
        {
            let (whole, offset) = ([*a, *b, *c, *d], [*e, *f, *g, *h]);
            let (whole_bytes, offset) = (u32::from_be_bytes(whole), u32::from_be_bytes(offset));
            self.portions.push(Portion { identifier, whole_bytes, offset, bytes });
        }
    }

    /// Adds each packet to what was found, its extension behind it: together they are one metadata.
    pub(super) fn add_to(self, found: &mut Found) {
        for packet in &self.packets {
            let mut bytes = packet.to_vec();
            if let Some(identifier) = extension_of(packet) {
                match self.whole(&identifier) {
                    Ok(extension) if bytes.len() + extension.len() > MAX_TEXT_BYTES => {
                        let (place, max_bytes) = (PLACE.to_owned(), MAX_TEXT_BYTES);
                        found.faults.push(ClaimFault::TextTooLong { place, max_bytes });
                    }
                    Ok(extension) => bytes.extend(extension),
                    Err(fault) => found.faults.push(fault),
                }
            }
            xmp::add(bytes, found);
        }
    }

    /// The extension under this identifier, whole.
    fn whole(&self, identifier: &str) -> Result<Vec<u8>, ClaimFault> {
        let damaged = || ClaimFault::DamagedText { what: format!("a part of the {PLACE}") };
        let is_its =
            |portion: &&Portion<'_>| portion.identifier.eq_ignore_ascii_case(identifier.as_bytes());
        let mut portions: Vec<_> = self.portions.iter().filter(is_its).collect();
        portions.sort_by_key(|portion| portion.offset);
        let whole_bytes = portions.first().map(|first| first.whole_bytes).ok_or_else(damaged)?;
        let mut whole = Vec::new();
        for portion in portions {
            let follows = portion.offset as usize == whole.len();
            if !follows || portion.whole_bytes != whole_bytes {
                return Err(damaged());
            }
            whole.extend_from_slice(portion.bytes);
        }
        let is_read = whole.len() == whole_bytes as usize
            && std::str::from_utf8(&whole).is_ok_and(|text| xmp::properties(text).is_ok());
        if !is_read {
            return Err(damaged());
        }
        if hex::encode(&Md5::digest(&whole)).eq_ignore_ascii_case(identifier) {
            Ok(whole)
        } else {
            Err(ClaimFault::AnotherExtension { place: PLACE.to_owned() })
        }
    }
}

/// The identifier of the extension that a packet names.
fn extension_of(packet: &[u8]) -> Option<String> {
    let properties = xmp::properties(std::str::from_utf8(packet).ok()?).ok()?;
    let mut named = properties.into_iter().filter(|it| it.namespace == NAMESPACE);
    named.find(|property| property.name == NAME).map(|property| property.value)
}
