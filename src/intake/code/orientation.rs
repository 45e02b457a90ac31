//! The orientation that a camera recorded (Exif, tag 0x0112), applied to a plane.

use super::plane::Plane;
use image::metadata::Orientation;

impl Plane {
    /// The plane as it is meant to be looked at.
    pub(super) fn oriented(self, orientation: Orientation) -> Self {
        // Where the pixel of the result comes from, and whether the sides are exchanged.
        let (across, down) = (self.width - 1, self.height - 1);
        match orientation {
            Orientation::NoTransforms => self,
            Orientation::FlipHorizontal => self.taken(false, |x, y| (across - x, y)),
            Orientation::Rotate180 => self.taken(false, |x, y| (across - x, down - y)),
            Orientation::FlipVertical => self.taken(false, |x, y| (x, down - y)),
            Orientation::Rotate90FlipH => self.taken(true, |x, y| (y, x)),
            Orientation::Rotate90 => self.taken(true, |x, y| (y, down - x)),
            Orientation::Rotate270FlipH => self.taken(true, |x, y| (across - y, down - x)),
            Orientation::Rotate270 => self.taken(true, |x, y| (across - y, x)),
        }
    }

    fn taken(&self, exchanged: bool, from: impl Fn(usize, usize) -> (usize, usize)) -> Self {
        let (width, height) =
            if exchanged { (self.height, self.width) } else { (self.width, self.height) };
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            pixels.extend((0..width).map(|x| {
                let (x, y) = from(x, y);
                self.pixels.get(y * self.width + x).copied().unwrap_or_default()
            }));
        }
        Self { width, height, pixels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_orientation_turns_the_plane_as_exif_says() {
        // ab
        // cd
        // ef, and beside each number of Exif what is to be seen.
        let plane = Plane { width: 2, height: 3, pixels: b"abcdef".to_vec() };
        for (exif, seen) in [
            (1, "ab cd ef"),
            (2, "ba dc fe"),
            (3, "fe dc ba"),
            (4, "ef cd ab"),
            (5, "ace bdf"),
            (6, "eca fdb"),
            (7, "fdb eca"),
            (8, "bdf ace"),
        ] {
            let oriented = plane.clone().oriented(Orientation::from_exif(exif).unwrap());
            let lines = oriented.pixels.chunks(oriented.width);
            let lines: Vec<_> = lines.map(|line| std::str::from_utf8(line).unwrap()).collect();
            assert_eq!(lines.join(" "), seen, "{exif}");
        }
    }
}
