//! Pictures decoded in bounded memory, down to their brightness.
//!
//! What comes in is not trusted: its sides are looked at before anything is unfolded, the decoders are
//! given a limit of their own, and large pictures are decoded one at a time. The time follows from the
//! pixels: JPEG takes at most a hundred scans.

use super::PictureError;
use super::plane::{Plane, luma, over_white};
use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{ColorType, ExtendedColorType, ImageDecoder, ImageError, ImageFormat, Limits};
use std::borrow::Cow;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

/// Most pixels that are decoded: 8192 by 8192. The largest of the usual tools have 4096 a side.
pub(super) const MAX_PIXELS: u64 = 1 << 26;
/// Most pixels of a side: as many as JPEG and GIF can have, and four times what WebP can. The filter that
/// makes a picture small takes memory and time for the length of a side.
const MAX_SIDE: u32 = 65_535;
/// Most bytes that a decoder may ask for.
const MAX_DECODER_BYTES: u64 = 640 * 1024 * 1024;
/// Pictures of more pixels are decoded one at a time, whatever the number of cores.
const LARGE_PIXELS: u64 = 1 << 24;

static LARGE: Mutex<()> = Mutex::new(());

/// The format that the first bytes name, of those that are decoded.
pub(super) fn format(bytes: &[u8]) -> Option<ImageFormat> {
    let format = image::guess_format(bytes).ok()?;
    let decoded = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif];
    decoded.contains(&format).then_some(format)
}

/// The brightness of a picture, oriented as it is meant to be looked at.
///
/// # Errors
/// [`PictureError`]: more than is decoded, cut off, or damaged.
pub(super) fn plane(bytes: &[u8], format: ImageFormat) -> Result<Plane, PictureError> {
    // A decoder that gives up by a panic has found damage; nothing of it is used afterwards.
    let decoded = catch_unwind(AssertUnwindSafe(|| decode(bytes, format)));
    decoded.unwrap_or_else(|_| Err(damaged("the decoder gave up")))
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<Plane, PictureError> {
    let input = Cursor::new(bytes);
    match format {
        ImageFormat::Png => {
            check_png_header(bytes)?;
            let bytes = without_profile(bytes);
            let input = Cursor::new(bytes.as_ref());
            read(PngDecoder::with_limits(input, limits()).map_err(refused)?)
        }
        ImageFormat::Jpeg if is_cut_off(bytes) => Err(PictureError::Truncated),
        ImageFormat::Jpeg => read(JpegDecoder::new(input).map_err(refused)?),
        ImageFormat::WebP => read(WebPDecoder::new(input).map_err(refused)?),
        ImageFormat::Gif => read(GifDecoder::new(input).map_err(refused)?),
        _ => Err(damaged("its format is not one that is decoded")),
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    limits
}

fn read(mut decoder: impl ImageDecoder) -> Result<Plane, PictureError> {
    let (width, height) = decoder.dimensions();
    let pixels = check_size(width, height)?;
    decoder.set_limits(limits()).map_err(refused)?;
    let orientation = decoder.orientation().map_err(refused)?;
    // A colour that stands for transparency is not a channel of it; the reference leaves it as it is.
    let opaque = matches!(
        decoder.original_color_type(),
        ExtendedColorType::L1
            | ExtendedColorType::L2
            | ExtendedColorType::L4
            | ExtendedColorType::L8
            | ExtendedColorType::L16
            | ExtendedColorType::Rgb8
            | ExtendedColorType::Rgb16
    );
    let color = decoder.color_type();
    let size = usize::try_from(decoder.total_bytes()).map_err(|_| damaged("its size"))?;
    let _one =
        (pixels > LARGE_PIXELS).then(|| LARGE.lock().unwrap_or_else(PoisonError::into_inner));
    let mut samples = vec![0; size];
    decoder.read_image(&mut samples).map_err(refused)?;
    let pixels = brightness(&samples, color, opaque)?;
    drop(samples);
    let plane = Plane { width: width as usize, height: height as usize, pixels };
    if plane.pixels.len() != plane.width * plane.height {
        return Err(damaged("its lines"));
    }
    Ok(plane.oriented(orientation))
}

/// How many pixels there are, if that is as many as are decoded.
fn check_size(width: u32, height: u32) -> Result<u64, PictureError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        Err(PictureError::Nothing)
    } else if pixels > MAX_PIXELS {
        Err(PictureError::TooManyPixels { width, height, max_pixels: MAX_PIXELS })
    } else if width.max(height) > MAX_SIDE {
        Err(PictureError::SideTooLong { width, height, max_side: MAX_SIDE })
    } else {
        Ok(pixels)
    }
}

/// The size that the header of a PNG says, which stands in a fixed place: the decoder would ask for the
/// memory of a line first.
fn check_png_header(bytes: &[u8]) -> Result<(), PictureError> {
    match bytes.get(12..24) {
        Some(&[b'I', b'H', b'D', b'R', a, b, c, d, e, f, g, h]) => {
            let [width, height] = [[a, b, c, d], [e, f, g, h]].map(u32::from_be_bytes);
            check_size(width, height).map(drop)
        }
        // Nothing of a size: the decoder tells what is wrong.
        Some(_) | None => Ok(()),
    }
}

/// A PNG without its colour profile, which counts for no code, and would be unpacked, whatever its size.
fn without_profile(bytes: &[u8]) -> Cow<'_, [u8]> {
    const HEAD_BYTES: usize = 8;
    const FRAME_BYTES: usize = 12;
    let (mut kept, mut from, mut at) = (Vec::new(), 0, HEAD_BYTES);
    while let Some(&[a, b, c, d, ref kind @ ..]) = bytes.get(at..at.saturating_add(8)) {
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        let end = at.saturating_add(FRAME_BYTES).saturating_add(length);
        if kind == b"IDAT" {
            break;
        }
        if kind == b"iCCP" {
            kept.extend_from_slice(bytes.get(from..at).unwrap_or_default());
            from = end;
        }
        at = end;
    }
    if from == 0 {
        return Cow::Borrowed(bytes);
    }
    kept.extend_from_slice(bytes.get(from..).unwrap_or_default());
    Cow::Owned(kept)
}

/// One byte a pixel. Of samples with 16 bits the upper ones count, as in the reference.
fn brightness(samples: &[u8], color: ColorType, opaque: bool) -> Result<Vec<u8>, PictureError> {
    // Samples stand in the order of bytes of this machine.
    let high = if cfg!(target_endian = "little") { 1 } else { 0 };
    let (step, wide) = match color {
        ColorType::L8 | ColorType::La8 | ColorType::Rgb8 | ColorType::Rgba8 => (1, 0),
        ColorType::L16 | ColorType::La16 | ColorType::Rgb16 | ColorType::Rgba16 => (2, high),
        _ => return Err(damaged("its samples are not whole numbers")),
    };
    let channels = usize::from(color.channel_count());
    let whole = samples.chunks_exact(channels * step);
    let alpha = |alpha: u8| if opaque { u8::MAX } else { alpha };
    let pixels = whole.map(|pixel| {
        let channel = |place: usize| pixel.get(place * step + wide).copied().unwrap_or_default();
        match channels {
            1 => channel(0),
            2 => {
                let grey = over_white(channel(0), alpha(channel(1)));
                luma(grey, grey, grey)
            }
            3 => luma(channel(0), channel(1), channel(2)),
            _ => {
                let [red, green, blue] =
                    [0, 1, 2].map(|place| over_white(channel(place), alpha(channel(3))));
                luma(red, green, blue)
            }
        }
    });
    Ok(pixels.collect())
}

/// Whether no end of a picture follows the start of the last scan of a JPEG file (ITU-T T.81, B.1.1.3).
/// The decoder would fill the rest with grey.
fn is_cut_off(bytes: &[u8]) -> bool {
    let last = |marker: u8| bytes.windows(2).rposition(|pair| pair == [0xff, marker]);
    match (last(0xda), last(0xd9)) {
        (Some(scan), Some(end)) => end < scan,
        (Some(_), None) => true,
        // Nothing of the picture itself is there.
        (None, _) => true,
    }
}

fn refused(error: ImageError) -> PictureError {
    if let ImageError::IoError(error) = &error
        && error.kind() == std::io::ErrorKind::UnexpectedEof
    {
        return PictureError::Truncated;
    }
    damaged(error.to_string().trim())
}

fn damaged(reason: impl Into<String>) -> PictureError {
    PictureError::Damaged { reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, RgbImage};

    fn png(picture: &RgbImage) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let body = [kind, data].concat();
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length[..], &body, &crc32fast::hash(&body).to_be_bytes()].concat()
    }

    #[test]
    fn a_profile_counts_for_nothing_and_is_not_handed_to_the_decoder() {
        let bytes = png(&RgbImage::from_fn(40, 30, |x, y| image::Rgb([x as u8, y as u8, 9])));
        assert!(matches!(without_profile(&bytes), Cow::Borrowed(_)));
        let profile = chunk(b"iCCP", b"icc\0\0no profile");
        let with = [&bytes[..33], &profile, &profile, &bytes[33..]].concat();
        assert_eq!(without_profile(&with).as_ref(), bytes);
        let plane = |bytes: &[u8]| super::plane(bytes, ImageFormat::Png).unwrap();
        assert_eq!(plane(&with), plane(&bytes));
        // What says that it is longer than the file is left to the decoder.
        let cut = &with[..40];
        assert!(without_profile(cut).len() <= cut.len());
    }

    #[test]
    fn a_size_is_looked_at_before_anything_is_unfolded() {
        let mut bytes = png(&RgbImage::new(1, 1));
        let mut with_size = |width: u32, height: u32| {
            bytes[16..20].copy_from_slice(&width.to_be_bytes());
            bytes[20..24].copy_from_slice(&height.to_be_bytes());
            super::plane(&bytes, ImageFormat::Png).unwrap_err()
        };
        for (width, height) in [(u32::MAX >> 1, u32::MAX >> 1), (8193, 8192)] {
            let too_many = PictureError::TooManyPixels { width, height, max_pixels: MAX_PIXELS };
            assert_eq!(with_size(width, height), too_many);
        }
        for (width, height) in [(65_536, 1), (1, 65_536)] {
            let too_long = PictureError::SideTooLong { width, height, max_side: MAX_SIDE };
            assert_eq!(with_size(width, height), too_long);
        }
        assert_eq!(with_size(0, 7), PictureError::Nothing);
    }

    #[test]
    fn a_jpeg_that_ends_before_its_picture_begins_is_cut_off() {
        let head = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
        assert_eq!(plane(head, ImageFormat::Jpeg), Err(PictureError::Truncated));
    }
}
