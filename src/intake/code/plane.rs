//! The brightness of a picture, one byte a pixel, line by line.

/// Brightness from 0, black, to 255, white.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plane {
    /// Pixels across, at least 1.
    pub(super) width: usize,
    /// Pixels down, at least 1.
    pub(super) height: usize,
    /// As many as both say, line by line.
    pub(super) pixels: Vec<u8>,
}

/// A rectangle of a plane, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rectangle {
    /// The first column.
    pub(super) left: usize,
    /// The first line.
    pub(super) top: usize,
    /// Pixels across, at least 1.
    pub(super) width: usize,
    /// Pixels down, at least 1.
    pub(super) height: usize,
}

/// Brightness of a colour by ITU-R BT.601, in the fixed-point arithmetic of Pillow's mode `L`.
pub(super) fn luma(red: u8, green: u8, blue: u8) -> u8 {
    let sum = u32::from(red) * 19_595 + u32::from(green) * 38_470 + u32::from(blue) * 7_471;
    // The factors sum to 65,536, so that white stays 255.
    u8::try_from((sum + 0x8000) >> 16).unwrap_or(u8::MAX)
}

/// A channel over white, by Pillow's rounding of a division by 255.
pub(super) fn over_white(channel: u8, alpha: u8) -> u8 {
    let (channel, alpha) = (u32::from(channel), u32::from(alpha));
    let sum = 255 * (255 - alpha) + channel * alpha + 128;
    u8::try_from(((sum >> 8) + sum) >> 8).unwrap_or(u8::MAX)
}

impl Plane {
    /// The plane as one rectangle.
    pub(super) const fn whole(&self) -> Rectangle {
        Rectangle { left: 0, top: 0, width: self.width, height: self.height }
    }

    /// The pixels of one line of a rectangle.
    pub(super) fn line(&self, rectangle: Rectangle, line: usize) -> &[u8] {
        let start = (rectangle.top + line) * self.width + rectangle.left;
        self.pixels.get(start..start + rectangle.width).unwrap_or_default()
    }

    /// The plane with squares of so many pixels made one, their mean; what does not fill a square at the
    /// right and the lower edge is left out.
    pub(super) fn reduced(&self, square: usize) -> Self {
        if square <= 1 {
            return self.clone();
        }
        let (width, height) = (self.width / square, self.height / square);
        if width == 0 || height == 0 {
            return self.clone();
        }
        let count = u32::try_from(square * square).unwrap_or(u32::MAX);
        let whole = Rectangle { width: width * square, ..self.whole() };
        let mut pixels = Vec::with_capacity(width * height);
        let mut sums = vec![0_u32; width];
        for top in 0..height {
            sums.fill(0);
            for line in 0..square {
                let cells = self.line(whole, top * square + line).chunks_exact(square);
                for (sum, cell) in sums.iter_mut().zip(cells) {
                    *sum += cell.iter().map(|pixel| u32::from(*pixel)).sum::<u32>();
                }
            }
            let mean = |sum: &u32| u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX);
            pixels.extend(sums.iter().map(mean));
        }
        Self { width, height, pixels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_stays_white_and_black_black() {
        assert_eq!([luma(255, 255, 255), luma(0, 0, 0)], [255, 0]);
        assert_eq!([luma(255, 0, 0), luma(0, 255, 0), luma(0, 0, 255)], [76, 150, 29]);
        assert_eq!([over_white(7, 255), over_white(7, 0), over_white(0, 128)], [7, 255, 127]);
    }

    #[test]
    fn squares_become_their_means() {
        let plane = Plane { width: 5, height: 2, pixels: vec![0, 1, 8, 8, 9, 2, 3, 8, 9, 9] };
        let reduced = plane.reduced(2);
        assert_eq!(reduced, Plane { width: 2, height: 1, pixels: vec![2, 8] });
        assert_eq!(plane.reduced(0), plane);
        assert_eq!(plane.reduced(1), plane);
        assert_eq!(plane.reduced(3), plane);
    }
}
