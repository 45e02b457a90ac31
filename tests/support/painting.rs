//! Pictures made from a number, with as much light and shade at each scale as a photograph has.

use image::{Rgb, RgbImage};

/// Cells across and down at each scale, and how many grey levels they may differ by.
const SCALES: [(u64, u64); 6] = [(3, 110), (6, 60), (12, 36), (24, 20), (48, 12), (160, 10)];

fn noise(seed: u64, scale: u64, x: u64, y: u64) -> u64 {
    let mut value = seed ^ scale << 48 ^ x << 24 ^ y;
    for _ in 0..2 {
        value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
        value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^= value >> 31;
    }
    value % 256
}

/// Brightness at a place, from cells whose corners are drawn and filled in between.
fn light(seed: u64, (x, y): (u64, u64), (width, height): (u64, u64)) -> u64 {
    let mut sum = 0;
    for (cells, levels) in SCALES {
        let (across, down) = (x * cells * 256 / width, y * cells * 256 / height);
        let (left, top, right, below) = (across / 256, down / 256, across % 256, down % 256);
        let corner = |x, y| noise(seed, cells, left + x, top + y);
        let upper = corner(0, 0) * (256 - right) + corner(1, 0) * right;
        let lower = corner(0, 1) * (256 - right) + corner(1, 1) * right;
        sum += (upper * (256 - below) + lower * below) / 65_536 * levels;
    }
    sum / 256
}

/// The picture of this number.
pub(crate) fn painting(seed: u64, width: u32, height: u32) -> RgbImage {
    let sides = (u64::from(width), u64::from(height));
    RgbImage::from_fn(width, height, |x, y| {
        let place = (u64::from(x), u64::from(y));
        let common = light(seed, place, sides);
        let tint = noise(seed, 1, place.0 * 8 / sides.0, place.1 * 8 / sides.1) / 8;
        let channel = |value: u64| u8::try_from(value.min(255)).unwrap_or(u8::MAX);
        Rgb([channel(common + tint), channel(common), channel(common * 7 / 8 + 8)])
    })
}
