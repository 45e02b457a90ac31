//! The fixed regions of a picture whose codes find crops of it, and the windows of a crop that may be such a
//! region of the whole.

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

/// Thousandths of a side.
const FULL: u32 = 1000;
/// Of these, what the large regions have, and the centre.
const LARGE: u32 = 800;
const CENTRE: u32 = 500;
/// What a crop may have taken from a side, of which a large region is left whole.
const LARGE_CUTS: [u32; 6] = [0, 40, 80, 120, 160, 200];
/// And the centre.
const CENTRE_CUTS: [u32; 9] = [0, 31, 62, 93, 124, 155, 186, 217, 248];

const fn region(name: &'static str, left: u32, top: u32, width: u32, height: u32) -> Region {
    Region { name, left, top, width, height }
}

impl Region {
    /// The regions whose codes are recorded, in the order in which they stand in a record.
    pub const RECORDED: [Self; 6] = [
        region("the middle", 100, 100, LARGE, LARGE),
        region("the upper left", 0, 0, LARGE, LARGE),
        region("the upper right", 200, 0, LARGE, LARGE),
        region("the lower left", 0, 200, LARGE, LARGE),
        region("the lower right", 200, 200, LARGE, LARGE),
        region("the centre", 250, 250, CENTRE, CENTRE),
    ];

    /// What a recorded region of a picture has become in a crop of it. Of the large ones: in crops by nothing
    /// to a fifth of each side, in steps of a twenty-fifth, from one end of it or from both alike. Of the
    /// centre: in crops by nothing to a quarter, in steps of a thirty-second, of each side by itself from
    /// either end or from both alike. The whole and the recorded regions are not among them.
    pub fn windows() -> Vec<Self> {
        let spans = || LARGE_CUTS.into_iter().map(|cut| LARGE * FULL / (FULL - cut));
        let ends = spans().flat_map(|span| [(0, span), (FULL - span, span)]).collect();
        let middle = spans().map(|span| ((FULL - span) / 2, span)).collect();
        let mut windows = Vec::new();
        for spans in [ends, middle, centre_spans()] {
            for (left, width) in &spans {
                windows.extend(spans.iter().map(|(top, height)| {
                    region("a part of the picture", *left, *top, *width, *height)
                }));
            }
        }
        let place = |window: &Self| (window.left, window.top, window.width, window.height);
        windows.sort_unstable_by_key(place);
        windows.dedup();
        let recorded: Vec<_> = Self::RECORDED.iter().map(place).collect();
        windows.retain(|window| {
            place(window) != (0, 0, FULL, FULL) && !recorded.contains(&place(window))
        });
        windows
    }

    /// Its pixels in a picture of these sides.
    pub(super) fn of(self, width: usize, height: usize) -> Rectangle {
        let part = |side: usize, part: u32| side * part as usize / 1000;
        let (left, top) = (part(width, self.left), part(height, self.top));
        let right = part(width, self.left + self.width).max(left + 1);
        let bottom = part(height, self.top + self.height).max(top + 1);
        Rectangle { left, top, width: right - left, height: bottom - top }
    }
}

/// Where the centre begins along a side of a crop, and how much of the side it has there: cut at the beginning,
/// at the end, and at both.
fn centre_spans() -> Vec<(u32, u32)> {
    let begins = (FULL - CENTRE) / 2;
    let span = |before: u32, after: u32| {
        let left = FULL - before - after;
        ((begins - before) * FULL / left, CENTRE * FULL / left)
    };
    CENTRE_CUTS.into_iter().flat_map(|cut| [span(cut, 0), span(0, cut), span(cut, cut)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_what_regions_become_in_crops() {
        let windows = Region::windows();
        let has = |place| {
            windows
                .iter()
                .any(|window| (window.left, window.top, window.width, window.height) == place)
        };
        // The upper left region, where eight hundredths are cut off below; the lower right one, where twelve
        // are cut off above and a fifth to the left; the middle, where four are cut off of each side.
        assert!(has((0, 0, 800, 869)) && has((0, 91, 1000, 909)) && has((65, 65, 869, 869)));
        assert!(!has((0, 0, 1000, 1000)) && !has((100, 100, 800, 800)) && !has((0, 0, 800, 800)));
        // The centre, where 124 thousandths are cut off to the left and 248 at the top and at the bottom, and
        // where nothing is cut off but 62 above.
        assert!(has((143, 3, 570, 992)) && has((250, 200, 500, 533)));
        assert!(!has((250, 250, 500, 500)));
        assert_eq!(windows.len(), 774);
        let within = |window: &Region| {
            window.left + window.width <= 1000 && window.top + window.height <= 1000
        };
        assert!(windows.iter().all(within));
    }
}
