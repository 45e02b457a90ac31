//! Wire forms of values that are not ours: byte strings, amounts, fractions.
//!
//! An amount is `[minor units, "CNY"]`, a fraction `[numerator, denominator]` in lowest terms.
//! Only integers that fit 64 bits are written, so that every CBOR tool reads them.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use std::fmt;

struct BytesVisitor<const MAX: usize>;

impl<const MAX: usize> de::Visitor<'_> for BytesVisitor<MAX> {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "a byte string of at most {MAX} bytes")
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        if bytes.len() > MAX {
            return Err(E::invalid_length(bytes.len(), &self));
        }
        Ok(bytes.to_vec())
    }
}

struct FixedBytesVisitor<const N: usize>;

impl<const N: usize> de::Visitor<'_> for FixedBytesVisitor<N> {
    type Value = [u8; N];

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "a byte string of {N} bytes")
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<[u8; N], E> {
        bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))
    }
}

/// Reads a byte string of exactly `N` bytes.
pub(super) fn fixed_bytes<'de, const N: usize, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<[u8; N], D::Error> {
    deserializer.deserialize_bytes(FixedBytesVisitor::<N>)
}

/// Byte strings of at most 128 bytes: keys and signatures.
pub(super) mod short_bytes {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        deserializer.deserialize_bytes(BytesVisitor::<128>)
    }
}

/// `[minor units, currency code]`.
pub(super) mod amount {
    use super::*;
    use crate::money::{Amount, Currency};

    pub(crate) fn serialize<S: Serializer>(
        amount: &Amount,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let minor = i64::try_from(amount.minor()).map_err(|_| {
            ser::Error::custom(format_args!("amount {amount} does not fit 64 bits of minor units"))
        })?;
        (minor, amount.currency()).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Amount, D::Error> {
        let (minor, currency) = <(i64, Currency)>::deserialize(deserializer)?;
        Amount::new(i128::from(minor), currency).map_err(de::Error::custom)
    }
}

/// [`amount`], several times.
pub(super) mod amounts {
    use super::*;
    use crate::money::Amount;

    #[derive(Serialize, Deserialize)]
    struct Wire(#[serde(with = "super::amount")] Amount);

    pub(crate) fn serialize<S: Serializer>(
        amounts: &[Amount],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(amounts.iter().map(|amount| Wire(*amount)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Amount>, D::Error> {
        let amounts = Vec::<Wire>::deserialize(deserializer)?;
        Ok(amounts.into_iter().map(|Wire(amount)| amount).collect())
    }
}

/// [`amount`], or nothing.
pub(super) mod optional_amount {
    use super::*;
    use crate::money::Amount;

    pub(crate) fn serialize<S: Serializer>(
        value: &Option<Amount>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => super::amount::serialize(value, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Amount>, D::Error> {
        super::amount::deserialize(deserializer).map(Some)
    }
}

fn write_fraction<S: Serializer>(
    fraction: crate::money::Fraction,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let narrow = |part: i128| {
        u64::try_from(part).map_err(|_| {
            ser::Error::custom(format_args!("fraction {fraction} does not fit 64 bits"))
        })
    };
    (narrow(fraction.numerator())?, narrow(fraction.denominator())?).serialize(serializer)
}

fn read_fraction<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<crate::money::Fraction, D::Error> {
    let (numerator, denominator) = <(u64, u64)>::deserialize(deserializer)?;
    let fraction = crate::money::Fraction::new(numerator.into(), denominator.into())
        .map_err(de::Error::custom)?;
    if fraction.denominator() != i128::from(denominator) {
        return Err(de::Error::custom(format_args!(
            "fraction {numerator}/{denominator} is not in lowest terms"
        )));
    }
    Ok(fraction)
}

/// A share as `[numerator, denominator]`.
pub(super) mod share {
    use super::*;
    use crate::money::Share;

    pub(crate) fn serialize<S: Serializer>(
        share: &Share,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        write_fraction(share.as_fraction(), serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Share, D::Error> {
        Share::new(read_fraction(deserializer)?).map_err(de::Error::custom)
    }
}

/// A rate as `[numerator, denominator]`.
pub(super) mod rate {
    use super::*;
    use crate::money::Rate;

    pub(crate) fn serialize<S: Serializer>(rate: &Rate, serializer: S) -> Result<S::Ok, S::Error> {
        write_fraction(rate.as_fraction(), serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Rate, D::Error> {
        Rate::new(read_fraction(deserializer)?).map_err(de::Error::custom)
    }
}

/// [`rate`], or nothing.
pub(super) mod optional_rate {
    use super::*;
    use crate::money::Rate;

    pub(crate) fn serialize<S: Serializer>(
        value: &Option<Rate>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => super::rate::serialize(value, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Rate>, D::Error> {
        super::rate::deserialize(deserializer).map(Some)
    }
}

/// A fraction of zero or more as `[numerator, denominator]`.
pub(super) mod fraction {
    use super::*;
    use crate::money::Fraction;

    pub(crate) fn serialize<S: Serializer>(
        fraction: &Fraction,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        write_fraction(*fraction, serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Fraction, D::Error> {
        read_fraction(deserializer)
    }
}

/// Anything that parses from and prints as text.
pub(super) mod text {
    use super::*;
    use std::str::FromStr;

    pub(crate) fn serialize<T: fmt::Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(crate) fn deserialize<'de, T: FromStr<Err: fmt::Display>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// `{"alg": COSE algorithm, "key": bytes}`.
pub(super) mod public_key {
    use super::*;
    use crate::record::{Algorithm, PublicKey};

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wire {
        alg: i64,
        #[serde(with = "super::short_bytes")]
        key: Vec<u8>,
    }

    pub(crate) fn serialize<S: Serializer>(
        key: &PublicKey,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        Wire { alg: key.algorithm().cose_value(), key: key.to_bytes() }.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<PublicKey, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        let algorithm = Algorithm::from_cose_value(wire.alg)
            .ok_or_else(|| de::Error::custom(format_args!("unknown algorithm {}", wire.alg)))?;
        PublicKey::from_parts(algorithm, &wire.key).map_err(de::Error::custom)
    }
}

/// Byte strings of 32 bytes for identifiers that are defined without a wire form.
macro_rules! byte_string {
    ($name:ty) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_bytes(self.as_bytes())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                fixed_bytes::<32, D>(deserializer).map(Self::from_bytes)
            }
        }
    };
}

byte_string!(super::Thumbprint);
byte_string!(super::Commitment);
