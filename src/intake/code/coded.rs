//! All codes of one file, from one pass over its bytes.

use super::decoder::{format, plane};
use super::letters::text_code;
use super::plane::{Plane, Rectangle};
use super::region::Region;
use super::resampling::{SIDE, resampled};
use super::{PictureError, letters};
use crate::record::{CodeKind, ContentCode, ContentCodes, Digest, Name, RecordError};
use iscc_lib::DataHasher;
use rayon::prelude::*;

/// What prepares pixels and letters, with its version: codes of different preparations may differ for the
/// same file. `whole 1` is the preparation of the reference without the removal of borders, `regions 1` the
/// regions of [`Region::RECORDED`], read from the picture reduced by whole squares of pixels.
pub const PREPARATION: &str = "iscc-lib 0.7, whole 1, regions 1";

/// Largest file that is decoded as a picture. It is kept in memory meanwhile.
pub(in crate::intake) const MAX_PICTURE_BYTES: u64 = 64 * 1024 * 1024;

/// The shorter side, in pixels, to which a picture is reduced before its regions are looked at: eight
/// pixels for each one of a code, so that the edges of regions are met within a hundredth.
const REDUCED_SIDE: usize = 256;

/// As [`REDUCED_SIDE`], for windows, of which there are many.
const WINDOW_SIDE: usize = 128;

/// How far the 32 by 32 pixels of a picture are from one even grey: their variance, in squared levels
/// of 256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contrast(u32);

impl Contrast {
    /// Below this variance, a standard deviation of four levels, what remains is mostly noise.
    pub const LEAST: Self = Self(16);

    /// The variance, in squared levels of 256.
    pub const fn variance(self) -> u32 {
        self.0
    }

    fn of(pixels: &[u8; SIDE * SIDE]) -> Self {
        // At most 1024 x 255 x 255, and 1024 times as much below.
        let count = pixels.len() as u64;
        let sum: u64 = pixels.iter().map(|pixel| u64::from(*pixel)).sum();
        let squares: u64 = pixels.iter().map(|pixel| u64::from(*pixel).pow(2)).sum();
        let variance = (squares * count).saturating_sub(sum * sum) / (count * count);
        Self(u32::try_from(variance).unwrap_or(u32::MAX))
    }
}

/// What became of a file as a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// It is none, or of a format that is not decoded.
    No,
    /// It has an Image code.
    Coded(Contrast),
    /// It is one, and has no Image code.
    Uncoded(PictureError),
}

/// The codes of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coded {
    /// As they are recorded.
    pub codes: ContentCodes,
    /// What became of it as a picture.
    pub picture: Picture,
    /// Image codes of windows of it, by which it is found as a crop; only where it is looked for.
    pub windows: Vec<ContentCode>,
}

/// What codes are taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::intake) enum Purpose {
    /// To be recorded.
    Record,
    /// To find works like the file: windows have codes, too.
    Find,
}

impl Coded {
    /// Whether similarity by these codes says little: a picture with next to no contrast, or no features.
    pub fn is_unreliable(&self) -> bool {
        let is_flat =
            matches!(self.picture, Picture::Coded(contrast) if contrast < Contrast::LEAST);
        is_flat || self.codes.image.is_some_and(ContentCode::is_featureless)
    }
}

/// What has been seen of a file so far.
pub(in crate::intake) struct Streamed {
    hasher: blake3::Hasher,
    data: DataHasher,
}

impl Streamed {
    pub(in crate::intake) fn new() -> Self {
        Self { hasher: blake3::Hasher::new(), data: DataHasher::new() }
    }

    /// The next bytes.
    pub(in crate::intake) fn take(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.data.update(bytes);
    }

    /// As [`Self::take`], by two cores.
    pub(in crate::intake) fn take_shared(&mut self, bytes: &[u8]) {
        let Self { hasher, data } = self;
        rayon::join(|| hasher.update(bytes), || data.update(bytes));
    }

    /// The digest and the codes, once every byte was taken: `whole` has them all, where they were kept.
    pub(in crate::intake) fn finish(
        self,
        size_bytes: u64,
        start: &[u8],
        whole: Option<&[u8]>,
        purpose: Purpose,
    ) -> Result<(Digest, Coded), RecordError> {
        let digest = Digest::from_bytes(*self.hasher.finalize().as_bytes());
        let data = parsed(self.data.finalize(u64::BITS).map(|code| code.iscc), CodeKind::Data)?;
        let picture = match (format(start), whole) {
            (None, _) => None,
            (Some(format), Some(bytes)) => Some(plane(bytes, format)),
            (Some(_), None) => Some(Err(PictureError::TooLong {
                found_bytes: size_bytes,
                max_bytes: MAX_PICTURE_BYTES,
            })),
        };
        let mut windows = Vec::new();
        let (picture, image, regions) = match picture {
            None => (Picture::No, None, Vec::new()),
            Some(Err(error)) => (Picture::Uncoded(error), None, Vec::new()),
            Some(Ok(plane)) => {
                let (contrast, image) = image_code(&plane, plane.whole())?;
                if purpose == Purpose::Find {
                    windows = window_codes(&plane)?;
                }
                (Picture::Coded(contrast), Some(image), region_codes(&plane)?)
            }
        };
        let is_text = whole.filter(|_| picture == Picture::No);
        let text = is_text.filter(|bytes| bytes.len() <= letters::MAX_TEXT_BYTES);
        let codes = ContentCodes {
            data,
            text: text.and_then(text_code),
            image,
            regions,
            instance: ContentCode::instance(&digest),
            preparation: Name::new(PREPARATION)?,
        };
        Ok((digest, Coded { codes, picture, windows }))
    }
}

/// The Image code of a rectangle, and its contrast.
fn image_code(plane: &Plane, rectangle: Rectangle) -> Result<(Contrast, ContentCode), RecordError> {
    let pixels = resampled(plane, rectangle);
    let code = iscc_lib::gen_image_code_v0(&pixels, u64::BITS).map(|code| code.iscc);
    Ok((Contrast::of(&pixels), parsed(code, CodeKind::Image)?))
}

/// The codes of the regions that are recorded.
fn region_codes(plane: &Plane) -> Result<Vec<ContentCode>, RecordError> {
    let reduced = plane.reduced(plane.width.min(plane.height) / REDUCED_SIDE);
    Region::RECORDED.iter().map(|region| part_code(&reduced, *region)).collect()
}

/// The codes of windows, by all cores.
fn window_codes(plane: &Plane) -> Result<Vec<ContentCode>, RecordError> {
    let reduced = plane.reduced(plane.width.min(plane.height) / WINDOW_SIDE);
    Region::windows().par_iter().map(|window| part_code(&reduced, *window)).collect()
}

fn part_code(plane: &Plane, region: Region) -> Result<ContentCode, RecordError> {
    Ok(image_code(plane, region.of(plane.width, plane.height))?.1)
}

/// The code that the library wrote.
fn parsed<E: std::fmt::Display>(
    code: Result<String, E>,
    kind: CodeKind,
) -> Result<ContentCode, RecordError> {
    let refused = |found: String| RecordError::ContentCode { found };
    let code: ContentCode = code.map_err(|error| refused(error.to_string()))?.parse()?;
    if code.kind() == kind { Ok(code) } else { Err(refused(code.to_string())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coded(bytes: &[u8]) -> Coded {
        let mut streamed = Streamed::new();
        bytes.chunks(7).for_each(|part| streamed.take(part));
        streamed.finish(bytes.len() as u64, bytes, Some(bytes), Purpose::Find).unwrap().1
    }

    #[test]
    fn every_file_has_a_data_and_an_instance_code() {
        let coded = coded(b"\xff\x00");
        // From the conformance vectors of the reference: two bytes.
        assert_eq!(coded.codes.data.to_string(), "ISCC:GAAXL2XYM5BQIAZ3");
        assert_eq!(coded.codes.instance, ContentCode::instance(&Digest::of(b"\xff\x00")));
        assert_eq!((coded.codes.text, coded.codes.image), (None, None));
        assert_eq!(coded.picture, Picture::No);
    }

    #[test]
    fn contrast_is_the_variance() {
        let mut pixels = [10; SIDE * SIDE];
        assert_eq!(Contrast::of(&pixels).variance(), 0);
        pixels[..SIDE * SIDE / 2].fill(20);
        assert_eq!(Contrast::of(&pixels).variance(), 25);
        pixels[..SIDE * SIDE / 2].fill(255);
        pixels[SIDE * SIDE / 2..].fill(0);
        assert_eq!(Contrast::of(&pixels).variance(), 16_256);
    }
}
