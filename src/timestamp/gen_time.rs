//! GeneralizedTime as RFC 3161 section 2.4.2 writes it: in UTC to the second, with or without a
//! fraction. Never rounds toward an earlier moment.

use der::asn1::{AnyRef, GeneralizedTime};
use der::{Decode, DecodeValue, Header, Length, SliceReader, Tag, Tagged};

/// Digits of `YYYYMMDDhhmmss`.
const DIGITS_TO_THE_SECOND: usize = 14;
/// Digits of a fraction that are read.
const MAX_FRACTION_DIGITS: usize = 9;

/// The moment in milliseconds since 1970-01-01T00:00:00Z; a finer one counts as the millisecond
/// after it, since the stamp says that the digest existed at the latest then.
pub(super) fn milliseconds(value: AnyRef<'_>) -> Option<u64> {
    if value.tag() != Tag::GeneralizedTime {
        return None;
    }
    let text = value.value();
    let (whole, rest) = text.split_at_checked(DIGITS_TO_THE_SECOND)?;
    let fraction = match rest.strip_suffix(b"Z")? {
        [] => 0,
        [b'.', digits @ ..] => fraction_in_milliseconds(digits)?,
        _ => return None,
    };
    let whole = [whole, b"Z"].concat();
    let header = Header::new(Tag::GeneralizedTime, Length::try_from(whole.len()).ok()?).ok()?;
    let mut reader = SliceReader::new(&whole).ok()?;
    let time = GeneralizedTime::decode_value(&mut reader, header).ok()?;
    let seconds = time.to_unix_duration().as_secs();
    seconds.checked_mul(1000)?.checked_add(fraction)
}

fn fraction_in_milliseconds(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.len() > MAX_FRACTION_DIGITS {
        return None;
    }
    let mut nanoseconds = 0_u64;
    for place in 0..MAX_FRACTION_DIGITS {
        let digit = digits.get(place).copied().unwrap_or(b'0');
        nanoseconds = nanoseconds * 10 + u64::from(char::from(digit).to_digit(10)?);
    }
    Some(nanoseconds.div_ceil(1_000_000))
}

/// What an Accuracy says, in milliseconds rounded up: how far the moment may be off.
pub(super) fn accuracy(value: AnyRef<'_>) -> Option<u64> {
    if value.tag() != Tag::Sequence {
        return None;
    }
    let mut micros = 0_u64;
    let mut rest = value.value();
    let mut last = None;
    while !rest.is_empty() {
        let mut reader = SliceReader::new(rest).ok()?;
        let field = AnyRef::decode(&mut reader).ok()?;
        let used = usize::try_from(der::Reader::position(&reader)).ok()?;
        rest = rest.get(used..)?;
        let (place, unit) = match field.tag() {
            Tag::Integer => (0, 1_000_000),
            Tag::ContextSpecific { number, constructed: false } if number.value() == 0 => (1, 1000),
            Tag::ContextSpecific { number, constructed: false } if number.value() == 1 => (2, 1),
            _ => return None,
        };
        if last.is_some_and(|last| last >= place) {
            return None;
        }
        last = Some(place);
        let number = AnyRef::new(Tag::Integer, field.value()).ok()?.decode_as::<u32>().ok()?;
        micros = micros.checked_add(u64::from(number).checked_mul(unit)?)?;
    }
    Some(micros.div_ceil(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<u64> {
        milliseconds(AnyRef::new(Tag::GeneralizedTime, text.as_bytes()).unwrap())
    }

    #[test]
    fn moments_are_read_to_the_millisecond_and_never_made_earlier() {
        for (text, needed) in [
            ("19700101000000Z", Some(0)),
            ("20261121175307Z", Some(1_795_283_587_000)),
            ("20261121175307.5Z", Some(1_795_283_587_500)),
            ("20261121175307.500Z", Some(1_795_283_587_500)),
            ("20261121175307.5001Z", Some(1_795_283_587_501)),
            ("20261121175307.999999999Z", Some(1_795_283_588_000)),
            ("20261121175307.0000000001Z", None),
            ("20261121175307.Z", None),
            ("20261121175307,5Z", None),
            ("20261121175307.-5Z", None),
            ("20261121175307", None),
            ("20261121175307+0000", None),
            ("20261121175360Z", None),
            ("20261321175307Z", None),
            ("202611211753Z", None),
            ("2026112117530é", None),
            ("", None),
        ] {
            assert_eq!(read(text), needed, "{text}");
        }
        let other = AnyRef::new(Tag::Utf8String, b"19700101000000Z").unwrap();
        assert_eq!(milliseconds(other), None);
    }

    #[test]
    fn accuracy_adds_its_parts_up() {
        let of = |bytes: &[u8]| accuracy(AnyRef::new(Tag::Sequence, bytes).unwrap());
        assert_eq!(of(&[]), Some(0));
        assert_eq!(of(&[2, 1, 1]), Some(1000));
        assert_eq!(of(&[2, 1, 1, 0x80, 2, 1, 0xf4, 0x81, 1, 100]), Some(1501));
        assert_eq!(of(&[0x81, 1, 100, 2, 1, 1]), None, "out of order");
        assert_eq!(of(&[2, 1, 0xff]), None, "negative");
        assert_eq!(of(&[4, 1, 1]), None);
        assert_eq!(of(&[2, 2, 1]), None);
    }
}
