//! A rectangle of a plane as 32 by 32 pixels, by bicubic interpolation.
//!
//! Bit for bit what Pillow's `resize((32, 32), BICUBIC)` gives for a picture of mode `L`: a = -0.5, the
//! filter stretched where pixels become fewer, weights in fixed point of 22 bits, first across, then down,
//! rounded and clipped to a byte in between. (Very tall pictures go down first; Pillow 13 takes others so too.) The reference prepares pixels by it, and a code depends on
//! each of them. Weights are floating point here as they are there, or they would round differently.

use super::plane::{Plane, Rectangle};

/// Pixels of a side of what an Image code is taken of.
pub(super) const SIDE: usize = 32;

/// Bits behind the point of a weight: 32 less 8 of a pixel and 2 of the filter's overshoot.
const PRECISION_BITS: u32 = 22;
/// Pixels to each side over which the filter reaches, where pixels do not become fewer.
const SUPPORT: f64 = 2.0;

/// The weights of one pixel of the result.
struct Weights {
    /// The first pixel that counts.
    first: usize,
    /// In fixed point.
    weights: Vec<i32>,
}

/// From so many times taller than wide on, a picture is made lower before it is made narrower, as Pillow 12
/// does it.
const TALL: usize = 100;

/// The 32 by 32 pixels of a rectangle, line by line.
pub(super) fn resampled(plane: &Plane, rectangle: Rectangle) -> [u8; SIDE * SIDE] {
    let Rectangle { width, height, .. } = rectangle;
    // A side that has its length already is not filtered, there as here: the weights are then 1 and 0.
    let (across, down) = (weights(width), weights(height));
    let lines = (0..height).map(|line| plane.line(rectangle, line));
    let pixels = if height > width.saturating_mul(TALL) && height > SIDE {
        let pixels: Vec<u8> = lines.flatten().copied().collect();
        narrowed(lowered(&pixels, width, &down).chunks_exact(width), &across)
    } else {
        lowered(&narrowed(lines, &across), SIDE, &down)
    };
    pixels.try_into().unwrap_or([0; SIDE * SIDE])
}

/// Each line with 32 pixels.
fn narrowed<'lines>(lines: impl Iterator<Item = &'lines [u8]>, across: &[Weights]) -> Vec<u8> {
    let pixel = |line: &[u8], weights: &Weights| {
        weights.apply(line.get(weights.first..).unwrap_or_default().iter().copied())
    };
    lines.flat_map(|line| across.iter().map(move |weights| pixel(line, weights))).collect()
}

/// 32 lines of as many pixels as before.
fn lowered(pixels: &[u8], width: usize, down: &[Weights]) -> Vec<u8> {
    let pixel = |weights: &Weights, x: usize| {
        weights.apply(pixels.iter().skip(weights.first * width + x).step_by(width).copied())
    };
    down.iter().flat_map(|weights| (0..width).map(move |x| pixel(weights, x))).collect()
}

impl Weights {
    /// A sum stays within 32 bits, since the weights of a pixel sum to 1 and overshoot by less than a third.
    fn apply(&self, pixels: impl Iterator<Item = u8>) -> u8 {
        let half = 1_i32 << (PRECISION_BITS - 1);
        let sum = self.weights.iter().zip(pixels).map(|(weight, pixel)| weight * i32::from(pixel));
        let rounded = (half + sum.sum::<i32>()) >> PRECISION_BITS;
        u8::try_from(rounded.clamp(0, 255)).unwrap_or(u8::MAX)
    }
}

/// The weights of each of the 32 pixels of a side, over `size` pixels.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "as the reference computes them; sides are below 2^27"
)]
fn weights(size: usize) -> Vec<Weights> {
    let scale = size as f64 / SIDE as f64;
    let stretched = scale.max(1.0);
    let support = SUPPORT * stretched;
    let inverse = 1.0 / stretched;
    let pixel = |place: usize| {
        let center = (place as f64 + 0.5) * scale;
        let first = ((center - support + 0.5) as i64).max(0) as usize;
        let end = ((center + support + 0.5) as i64).min(size as i64) as usize;
        let weight = |pixel: usize| bicubic((pixel as f64 - center + 0.5) * inverse);
        let raw: Vec<f64> = (first..end).map(weight).collect();
        let sum: f64 = raw.iter().sum();
        let fixed = |weight: &f64| {
            let weight = if sum == 0.0 { *weight } else { weight / sum };
            let scaled = weight * f64::from(1_u32 << PRECISION_BITS);
            (if weight < 0.0 { scaled - 0.5 } else { scaled + 0.5 }) as i32
        };
        Weights { first, weights: raw.iter().map(fixed).collect() }
    };
    (0..SIDE).map(pixel).collect()
}

/// The cubic convolution kernel with a = -0.5 (Keys, 1981).
#[expect(clippy::float_arithmetic, reason = "as the reference computes it")]
fn bicubic(distance: f64) -> f64 {
    const A: f64 = -0.5;
    let x = distance.abs();
    if x < 1.0 {
        ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        (((x - 5.0) * x + 8.0) * x - 4.0) * A
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_the_size_already_stays_as_it_is() {
        let pixels: Vec<u8> = (0..SIDE * SIDE).map(|place| (place * 37 % 256) as u8).collect();
        let plane = Plane { width: SIDE, height: SIDE, pixels: pixels.clone() };
        assert_eq!(resampled(&plane, plane.whole()).to_vec(), pixels);
    }

    #[test]
    fn an_even_area_stays_even_at_any_size() {
        for (width, height) in [(1, 1), (7, 300), (1000, 31), (33, 64)] {
            let plane = Plane { width, height, pixels: vec![201; width * height] };
            assert_eq!(resampled(&plane, plane.whole()), [201; SIDE * SIDE], "{width} {height}");
        }
    }

    /// What Pillow 13.0 gives for a picture of 50 by 40 pixels, x * 5 + y * 7 modulo 256.
    #[test]
    fn the_pixels_are_those_of_pillow() {
        let pixels = (0..2000).map(|place| ((place % 50 * 5 + place / 50 * 7) % 256) as u8);
        let plane = Plane { width: 50, height: 40, pixels: pixels.collect() };
        let resampled = resampled(&plane, plane.whole());
        let sum: u32 = resampled.iter().map(|pixel| u32::from(*pixel)).sum();
        assert_eq!(
            (&resampled[..8], &resampled[1016..], sum),
            (
                &[3, 10, 18, 26, 34, 41, 49, 57][..],
                &[205, 213, 221, 228, 236, 251, 194, 48][..],
                130_618
            )
        );
    }
}
