//! Changes to inputs, drawn from a seed.

/// Bytes at which something begins or ends in CBOR, in texts and in numbers.
const EDGES: &[u8] = &[
    0x00, 0x01, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1f, 0x20, 0x3b, 0x40, 0x58, 0x5b, 0x5f, 0x60, 0x7b,
    0x7f, 0x80, 0x9b, 0x9f, 0xa0, 0xbb, 0xbf, 0xc2, 0xd2, 0xf4, 0xf6, 0xf7, 0xf9, 0xfb, 0xff,
    b'\n', b' ', b'0', b'9', b'/', b'+', b'=', b'-', b'#',
];

pub(super) struct Mutator(u64);

impl Mutator {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number of splitmix64 (Steele, Lea and Flood 2014).
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 where that is 0.
    fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.next() % end as u64) as usize }
    }

    /// An input of the pool with one to four changes.
    pub(super) fn mutate(&mut self, pool: &[Vec<u8>]) -> Vec<u8> {
        let mut input = pool[self.below(pool.len())].clone();
        for _ in 0..=self.below(4) {
            self.change(&mut input, pool);
        }
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, pool: &[Vec<u8>]) {
        let at = self.below(input.len());
        let to = at + self.below((input.len() - at.min(input.len())).min(64) + 1);
        let kind = self.below(9);
        if input.is_empty() {
            input.push(EDGES[self.below(EDGES.len())]);
            return;
        }
        match kind {
            0 => input[at] ^= 1 << self.below(8),
            1 => input[at] = EDGES[self.below(EDGES.len())],
            2 => input[at] = input[at].wrapping_add(1),
            3 => input.insert(at, EDGES[self.below(EDGES.len())]),
            4 => {
                input.drain(at..to.min(input.len()));
            }
            5 => {
                let part = input[at..to.min(input.len())].to_vec();
                input.splice(at..at, part);
            }
            6 => input.truncate(at),
            7 => {
                // A length that is not there.
                let head = [0x1b_u8 | (input[at] & 0xe0), 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
                input.splice(at..=at, head);
            }
            _ => {
                let other = &pool[self.below(pool.len())];
                let from = self.below(other.len());
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
        }
    }
}
