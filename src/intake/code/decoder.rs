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
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

/// Most pixels that are decoded: 8192 by 8192. The largest of the usual tools have 4096 a side.
pub(super) const MAX_PIXELS: u64 = 1 << 26;
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
        ImageFormat::Png => read(PngDecoder::with_limits(input, limits()).map_err(refused)?),
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
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(PictureError::Nothing);
    }
    if pixels > MAX_PIXELS {
        return Err(PictureError::TooManyPixels { width, height, max_pixels: MAX_PIXELS });
    }
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
        (None, _) => false,
    }
}

fn refused(error: ImageError) -> PictureError {
    if let ImageError::IoError(error) = &error
        && error.kind() == std::io::ErrorKind::UnexpectedEof
    {
        return PictureError::Truncated;
    }
    damaged(error.to_string())
}

fn damaged(reason: impl Into<String>) -> PictureError {
    PictureError::Damaged { reason: reason.into() }
}
