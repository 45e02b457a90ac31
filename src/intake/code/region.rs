//! The fixed regions of a picture whose codes find crops of it.

use super::plane::Rectangle;

/// A region, in thousandths of the sides of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// What it is called.
    pub name: &'static str,
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

const fn region(name: &'static str, left: u32, top: u32, width: u32, height: u32) -> Region {
    Region { name, left, top, width, height }
}

impl Region {
    /// The regions whose codes are recorded, in the order in which they stand in a record.
    pub const RECORDED: [Self; 5] = [
        region("the middle", 100, 100, 800, 800),
        region("the upper left", 0, 0, 800, 800),
        region("the upper right", 200, 0, 800, 800),
        region("the lower left", 0, 200, 800, 800),
        region("the lower right", 200, 200, 800, 800),
    ];

    /// Its pixels in a picture of these sides.
    pub(super) fn of(self, width: usize, height: usize) -> Rectangle {
        let part = |side: usize, part: u32| side * part as usize / 1000;
        let (left, top) = (part(width, self.left), part(height, self.top));
        let right = part(width, self.left + self.width).max(left + 1);
        let bottom = part(height, self.top + self.height).max(top + 1);
        Rectangle { left, top, width: right - left, height: bottom - top }
    }
}
