//! Files made byte by byte, so that each has one thing to tell, or one thing wrong.

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use md5::{Digest as _, Md5};
use std::io::Write;

/// A chunk of a PNG.
pub(crate) fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
    let mut body = kind.to_vec();
    body.extend_from_slice(data);
    bytes.extend_from_slice(&body);
    bytes.extend_from_slice(&crc32fast::hash(&body).to_be_bytes());
    bytes
}

pub(crate) fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// A grey PNG of two by two pixels with these chunks before and after the image data.
pub(crate) fn png(before: &[Vec<u8>], after: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend(chunk(b"IHDR", &[0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0]));
    bytes.extend(before.concat());
    bytes.extend(chunk(b"IDAT", &zlib(&[0, 1, 2, 0, 3, 4])));
    bytes.extend(after.concat());
    bytes.extend(chunk(b"IEND", b""));
    bytes
}

pub(crate) fn plain_text(key: &str, text: &[u8]) -> Vec<u8> {
    chunk(b"tEXt", &[key.as_bytes(), b"\0", text].concat())
}

pub(crate) fn packed_text(key: &str, text: &[u8]) -> Vec<u8> {
    chunk(b"zTXt", &[key.as_bytes(), b"\0\0", &zlib(text)].concat())
}

pub(crate) fn utf8_text(key: &str, text: &[u8], packed: bool) -> Vec<u8> {
    let text = if packed { zlib(text) } else { text.to_vec() };
    chunk(b"iTXt", &[key.as_bytes(), b"\0", &[u8::from(packed), 0, 0, 0], &text].concat())
}

/// A PNG of this size whose alpha channel has these bits, column by column.
pub(crate) fn alpha_png(width: usize, height: usize, bits: &[u8]) -> Vec<u8> {
    let mut rows = Vec::new();
    for y in 0..height {
        rows.push(0);
        for x in 0..width {
            let place = x * height + y;
            let byte = bits.get(place / 8).copied().unwrap_or_default();
            rows.extend_from_slice(&[9, 9, 9, 0xfe | (byte >> (7 - place % 8)) & 1]);
        }
    }
    let [w, h] = [width, height].map(|side| u32::try_from(side).unwrap().to_be_bytes());
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend(chunk(b"IHDR", &[&w[..], &h, &[8, 6, 0, 0, 0]].concat()));
    bytes.extend(chunk(b"IDAT", &zlib(&rows)));
    bytes.extend(chunk(b"IEND", b""));
    bytes
}

/// A PNG of this size whose colours have these bits, three a pixel, column by column.
pub(crate) fn colour_png(width: usize, height: usize, bits: &[u8], with_alpha: bool) -> Vec<u8> {
    let mut rows = Vec::new();
    for y in 0..height {
        rows.push(0);
        for x in 0..width {
            for channel in 0..3 {
                let place = (x * height + y) * 3 + channel;
                let byte = bits.get(place / 8).copied().unwrap_or_default();
                rows.push(0x70 | (byte >> (7 - place % 8)) & 1);
            }
            rows.extend(with_alpha.then_some(255));
        }
    }
    let [w, h] = [width, height].map(|side| u32::try_from(side).unwrap().to_be_bytes());
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let kind = if with_alpha { 6 } else { 2 };
    bytes.extend(chunk(b"IHDR", &[&w[..], &h, &[8, kind, 0, 0, 0]].concat()));
    bytes.extend(chunk(b"IDAT", &zlib(&rows)));
    bytes.extend(chunk(b"IEND", b""));
    bytes
}

/// What stands in the lowest bits of colours.
pub(crate) fn hidden_in_colours(text: &[u8], packed: bool) -> Vec<u8> {
    let mut bits = hidden(text, packed);
    bits[8..11].copy_from_slice(b"rgb");
    bits
}

/// A JPEG whose packet names an extension, and the extension in portions of this many bytes.
pub(crate) fn extended_jpeg(inner: &str, extension: &[u8], portion_bytes: usize) -> Vec<u8> {
    let named = format!(
        "<rdf:Description xmlns:n='http://ns.adobe.com/xmp/note/' n:HasExtendedXMP='{}'/>{inner}",
        identifier(extension)
    );
    let mut segments = vec![[&b"http://ns.adobe.com/xap/1.0/\0"[..], &xmp(&named)].concat()];
    for (place, bytes) in extension.chunks(portion_bytes).enumerate() {
        segments.push(portion(extension, place * portion_bytes, bytes));
    }
    // Nothing says that portions stand in order.
    segments[1..].reverse();
    jpeg(&segments)
}

/// The MD5 digest of an extension, as its packet names it.
fn identifier(extension: &[u8]) -> String {
    format!("{:X}", Md5::digest(extension))
}

pub(crate) fn portion(extension: &[u8], offset: usize, bytes: &[u8]) -> Vec<u8> {
    portion_of(extension, extension.len(), offset, bytes)
}

/// A portion that says of how many bytes it is one.
pub(crate) fn portion_of(
    extension: &[u8],
    whole_bytes: usize,
    offset: usize,
    bytes: &[u8],
) -> Vec<u8> {
    let [whole, offset] = [whole_bytes, offset].map(|it| u32::try_from(it).unwrap().to_be_bytes());
    let prefix = b"http://ns.adobe.com/xmp/extension/\0";
    [&prefix[..], identifier(extension).as_bytes(), &whole, &offset, bytes].concat()
}

/// What stands in the alpha channel: signature, length in bits, text.
pub(crate) fn hidden(text: &[u8], packed: bool) -> Vec<u8> {
    let signature: &[u8] = if packed { b"stealth_pngcomp" } else { b"stealth_pnginfo" };
    let text = if packed { gzip(text) } else { text.to_vec() };
    let bits = u32::try_from(text.len() * 8).unwrap();
    [signature, &bits.to_be_bytes(), &text].concat()
}

pub(crate) fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Exif data with one comment, in the order of Intel.
pub(crate) fn exif(comment: &[u8]) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0\x01\0".to_vec();
    bytes.extend_from_slice(&[0x69, 0x87, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend_from_slice(&[1, 0, 0x86, 0x92, 7, 0]);
    bytes.extend_from_slice(&u32::try_from(comment.len()).unwrap().to_le_bytes());
    bytes.extend_from_slice(&[44, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend_from_slice(comment);
    bytes
}

pub(crate) fn utf16(text: &str, little: bool) -> Vec<u8> {
    let units = text.encode_utf16();
    let unit = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    [&b"UNICODE\0"[..], &units.flat_map(unit).collect::<Vec<u8>>()].concat()
}

fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker][..], &length, data].concat()
}

/// A JPEG of three by two pixels with these application segments.
pub(crate) fn jpeg(segments: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8];
    for data in segments {
        bytes.extend(segment(0xe1, data));
    }
    bytes.extend(segment(0xc0, &[8, 0, 2, 0, 3, 1, 1, 0x11, 0]));
    bytes.extend(segment(0xda, &[1, 1, 0, 0, 63, 0]));
    bytes.extend_from_slice(&[0x55, 0x55, 0xff, 0xd9]);
    bytes
}

pub(crate) fn jpeg_exif(comment: &[u8]) -> Vec<u8> {
    jpeg(&[[&b"Exif\0\0"[..], &exif(comment)].concat()])
}

/// A WebP with these chunks.
pub(crate) fn webp(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut body = b"WEBPVP8X\x0a\0\0\0\x0c\0\0\0\x02\0\0\x01\0\0".to_vec();
    for (kind, data) in chunks {
        body.extend_from_slice(&kind[..]);
        body.extend_from_slice(&u32::try_from(data.len()).unwrap().to_le_bytes());
        body.extend_from_slice(data);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    [&b"RIFF"[..], &u32::try_from(body.len()).unwrap().to_le_bytes(), &body].concat()
}

pub(crate) fn xmp(inner: &str) -> Vec<u8> {
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         {inner}</rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>"
    )
    .into_bytes()
}

/// A box of an MP4.
pub(crate) fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len() + 8).unwrap().to_be_bytes();
    [&size[..], kind, body].concat()
}

/// An MP4 with these boxes under `moov`, behind a box of pictures.
pub(crate) fn movie(boxes: &[Vec<u8>]) -> Vec<u8> {
    let start = boxed(b"ftyp", b"isom\0\0\x02\0isomiso2");
    let data = boxed(b"mdat", &[7; 5000]);
    [start, data, boxed(b"moov", &boxes.concat())].concat()
}

/// Names and values as `ffmpeg -movflags use_metadata_tags` writes them.
pub(crate) fn keyed(name: &str, value: &[u8]) -> Vec<u8> {
    let key = boxed(b"mdta", name.as_bytes());
    let keys = boxed(b"keys", &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &key].concat());
    let data = boxed(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0][..], value].concat());
    let list = boxed(b"ilst", &boxed(&[0, 0, 0, 1], &data));
    let handler = boxed(b"hdlr", b"\0\0\0\0\0\0\0\0mdta\0\0\0\0\0\0\0\0\0\0\0\0\0");
    boxed(b"meta", &[&[0; 4][..], &handler, &keys, &list].concat())
}
