//! A reader of CBOR that shares no code with the library and accepts only the deterministic form
//! of RFC 8949 section 4.2.1: shortest heads, definite lengths, map keys in the order of their
//! encoded bytes and none twice; and of the rest, neither floats nor anything behind the end.

/// One item, so far as it decides about the form.
struct Walk<'a> {
    bytes: &'a [u8],
    place: usize,
}

/// Checks that the bytes are exactly one item in deterministic form, with these tags at most.
pub(crate) fn check(bytes: &[u8], tags: &[u64]) -> Result<(), String> {
    let mut walk = Walk { bytes, place: 0 };
    walk.item(tags)?;
    if walk.place == bytes.len() {
        Ok(())
    } else {
        Err(format!("{} bytes behind the end", bytes.len() - walk.place))
    }
}

impl Walk<'_> {
    fn take(&mut self, length: usize) -> Result<&[u8], String> {
        let taken =
            self.bytes.get(self.place..).and_then(|rest| rest.get(..length)).ok_or("cut off")?;
        self.place += length;
        Ok(taken)
    }

    fn head(&mut self) -> Result<(u8, u64), String> {
        let first = self.take(1)?[0];
        let (major, low) = (first >> 5, first & 31);
        let (width, smallest) = match low {
            0..=23 => return Ok((major, u64::from(low))),
            24 => (1, 24),
            25 => (2, 1 << 8),
            26 => (4, 1 << 16),
            27 => (8, 1 << 32),
            _ => return Err(format!("indefinite or reserved head {first:#04x}")),
        };
        if major == 7 {
            return Err(format!("float or wide simple value {first:#04x}"));
        }
        let value =
            self.take(width)?.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        if value < smallest {
            return Err(format!("{value} in {width} bytes"));
        }
        Ok((major, value))
    }

    fn item(&mut self, tags: &[u64]) -> Result<(), String> {
        let (major, value) = self.head()?;
        let length = usize::try_from(value).unwrap();
        match major {
            0 | 1 => Ok(()),
            2 => self.take(length).map(drop),
            3 => {
                std::str::from_utf8(self.take(length)?).map(drop).map_err(|error| error.to_string())
            }
            4 => (0..value).try_for_each(|_| self.item(tags)),
            5 => self.map(value, tags),
            6 if tags.contains(&value) => self.item(tags),
            6 => Err(format!("tag {value}")),
            _ if (20..=22).contains(&value) => Ok(()),
            _ => Err(format!("simple value {value}")),
        }
    }

    fn map(&mut self, pairs: u64, tags: &[u64]) -> Result<(), String> {
        let mut before: Option<Vec<u8>> = None;
        for _ in 0..pairs {
            let start = self.place;
            self.item(tags)?;
            let key = self.bytes[start..self.place].to_vec();
            if before.as_ref().is_some_and(|before| *before >= key) {
                return Err(format!("key {key:02x?} after {before:02x?}"));
            }
            before = Some(key);
            self.item(tags)?;
        }
        Ok(())
    }
}

#[test]
fn the_checker_knows_good_from_bad() {
    for good in [
        "00",
        "17",
        "1818",
        "20",
        "3863",
        "19ffff",
        "1b0000000100000000",
        "f6",
        "80",
        "a2616101616202",
        "a2617a01626161f5",
        "a201020a03",
        "820102",
        "43010203",
        "63e698a5",
    ] {
        assert_eq!(check(&hex(good), &[]), Ok(()), "{good}");
    }
    for bad in [
        "1817",
        "1900ff",
        "1a0000ffff",
        "1b00000000ffffffff",
        "5800",
        "9f01ff",
        "bf616101ff",
        "a2616201616102",
        "a2616101616102",
        "a262616101617a02",
        "f93c00",
        "fb3ff0000000000000",
        "0000",
        "",
        "8201",
        "c100",
        "f7",
        "62ff00",
        "1c",
    ] {
        assert!(check(&hex(bad), &[]).is_err(), "{bad}");
    }
    assert_eq!(check(&hex("d200"), &[18]), Ok(()));
}

/// Reads hexadecimal digits.
pub(crate) fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| char::from(byte).to_digit(16).unwrap() as u8)
        .collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
