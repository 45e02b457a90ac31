//! The fields of a constructed DER value, one after another. Holds bytes of the input and never
//! copies, sorts or recurses, so that reading costs what the input is long.

use super::TimestampError;
use der::asn1::{AnyRef, ContextSpecific, ObjectIdentifier};
use der::{Decode, FixedTag, Reader as _, SliceReader, Tag, TagMode, TagNumber};

/// What is left of a constructed value, and how the value is called in errors.
pub(super) struct Fields<'a> {
    reader: SliceReader<'a>,
    part: &'static str,
}

impl<'a> Fields<'a> {
    /// The fields of the only value in these bytes, which is a SEQUENCE.
    pub(super) fn of_bytes(bytes: &'a [u8], part: &'static str) -> Result<Self, TimestampError> {
        let value = AnyRef::from_der(bytes).map_err(|_| TimestampError::Malformed { part })?;
        Self::of(value, Tag::Sequence, part)
    }

    /// The fields of a value with this tag.
    pub(super) fn of(
        value: AnyRef<'a>,
        tag: Tag,
        part: &'static str,
    ) -> Result<Self, TimestampError> {
        if der::Tagged::tag(&value) != tag {
            return Err(TimestampError::Malformed { part });
        }
        let reader = SliceReader::new(value.value());
        Ok(Self { reader: reader.map_err(|_| TimestampError::Malformed { part })?, part })
    }

    fn malformed(&self) -> TimestampError {
        TimestampError::Malformed { part: self.part }
    }

    /// The next field.
    pub(super) fn next<T: Decode<'a>>(&mut self) -> Result<T, TimestampError> {
        T::decode(&mut self.reader).map_err(|_| self.malformed())
    }

    /// The next field if it has this tag.
    pub(super) fn next_tagged<T: Decode<'a>>(
        &mut self,
        tag: Tag,
    ) -> Result<Option<T>, TimestampError> {
        if self.is_at_end() || self.reader.peek_tag().map_err(|_| self.malformed())? != tag {
            return Ok(None);
        }
        self.next().map(Some)
    }

    /// The next field if it is of this type.
    pub(super) fn next_if<T: Decode<'a> + FixedTag>(
        &mut self,
    ) -> Result<Option<T>, TimestampError> {
        self.next_tagged(T::TAG)
    }

    /// The fields of the next field, a SEQUENCE.
    pub(super) fn sequence(&mut self, part: &'static str) -> Result<Fields<'a>, TimestampError> {
        let value = self.next()?;
        Fields::of(value, Tag::Sequence, part)
    }

    /// The fields of the next field, a SET.
    pub(super) fn set(&mut self, part: &'static str) -> Result<Fields<'a>, TimestampError> {
        let value = self.next()?;
        Fields::of(value, Tag::Set, part)
    }

    /// The next field if it is the one with this number, as it stands.
    pub(super) fn numbered(&mut self, number: u8) -> Result<Option<AnyRef<'a>>, TimestampError> {
        if self.is_at_end() {
            return Ok(None);
        }
        let tag = self.reader.peek_tag().map_err(|_| self.malformed())?;
        let Tag::ContextSpecific { number: found, .. } = tag else {
            return Ok(None);
        };
        if found.value() != number { Ok(None) } else { self.next().map(Some) }
    }

    /// What the explicit tag with this number holds; the field must be there.
    pub(super) fn explicit<T: Decode<'a>>(&mut self, number: u8) -> Result<T, TimestampError> {
        let found = ContextSpecific::decode_explicit(&mut self.reader, TagNumber::new(number));
        match found {
            Ok(Some(field)) if field.tag_mode == TagMode::Explicit => Ok(field.value),
            Ok(_) | Err(_) => Err(self.malformed()),
        }
    }

    /// The identifier of an algorithm, and whether its parameters are absent or NULL.
    pub(super) fn algorithm(
        &mut self,
        part: &'static str,
    ) -> Result<(ObjectIdentifier, bool), TimestampError> {
        let mut fields = self.sequence(part)?;
        let algorithm = fields.next()?;
        let has_none = fields.is_at_end() || fields.next::<AnyRef<'_>>()?.is_null();
        fields.end()?;
        Ok((algorithm, has_none))
    }

    /// The remaining fields, at most `max`.
    pub(super) fn rest(mut self, max: usize) -> Result<Vec<AnyRef<'a>>, TimestampError> {
        let mut fields = Vec::new();
        while !self.is_at_end() {
            if fields.len() == max {
                return Err(TimestampError::TooMany { part: self.part, max });
            }
            fields.push(self.next()?);
        }
        Ok(fields)
    }

    /// Whether nothing is left.
    pub(super) fn is_at_end(&self) -> bool {
        self.reader.is_finished()
    }

    /// Refuses what is left.
    pub(super) fn end(self) -> Result<(), TimestampError> {
        if self.is_at_end() { Ok(()) } else { Err(self.malformed()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_in_order_and_to_the_end() {
        let bytes = [0x30, 0x08, 0x02, 0x01, 0x05, 0xa1, 0x03, 0x02, 0x01, 0x06];
        let malformed = || TimestampError::Malformed { part: "value" };
        let mut fields = Fields::of_bytes(&bytes, "value").unwrap();
        assert_eq!(fields.numbered(1), Ok(None));
        assert_eq!(fields.next::<u8>(), Ok(5));
        assert_eq!(fields.numbered(0), Ok(None));
        assert_eq!(fields.explicit::<u8>(1), Ok(6));
        assert_eq!(fields.next::<u8>(), Err(malformed()));
        assert_eq!(fields.end(), Ok(()));
        let fields = Fields::of_bytes(&bytes, "value").unwrap();
        assert_eq!(fields.end(), Err(malformed()));
        let fields = Fields::of_bytes(&bytes, "value").unwrap();
        assert_eq!(fields.rest(1), Err(TimestampError::TooMany { part: "value", max: 1 }));
        for end in 0..bytes.len() {
            assert_eq!(Fields::of_bytes(&bytes[..end], "value").err(), Some(malformed()));
        }
    }

    /// A million levels cost nothing: a level is opened only where the format has one.
    #[test]
    fn depth_is_not_followed() {
        let mut deep = vec![0x30, 0x80];
        deep.extend(std::iter::repeat_n([0x30, 0x80], 100_000).flatten());
        assert!(Fields::of_bytes(&deep, "value").is_err(), "indefinite lengths are not DER");
        let mut nested: Vec<u8> = Vec::new();
        for _ in 0..2_000 {
            let mut outer = vec![0x30, 0x82];
            outer.extend(u16::try_from(nested.len()).unwrap().to_be_bytes());
            outer.append(&mut nested);
            nested = outer;
        }
        // Lengths below 128 in the long form are not DER either.
        assert!(Fields::of_bytes(&nested, "value").unwrap().next::<u8>().is_err());
    }
}
