//! Territories: the whole world, or countries by ISO 3166-1 alpha-2 code.

use super::RecordError;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{cmp::Ordering, fmt, str::FromStr};

/// The officially assigned codes of ISO 3166-1, alphabetical.
const CODES: &str = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZ\
CACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGL\
GMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLR\
LSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPK\
PLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTR\
TTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";

const COUNT: usize = CODES.len() / 2;
/// The bit for every place without a code of its own, now or later.
const ELSEWHERE: usize = 255;

/// One country code of ISO 3166-1 alpha-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode(u8);

impl CountryCode {
    /// The two letters.
    pub fn as_str(self) -> &'static str {
        let start = 2 * usize::from(self.0);
        &CODES[start..start + 2]
    }
}

impl FromStr for CountryCode {
    type Err = RecordError;
    fn from_str(text: &str) -> Result<Self, RecordError> {
        // The codes are in alphabetical order.
        let (mut low, mut high) = (0, COUNT as u8);
        while low < high {
            let middle = low + (high - low) / 2;
            match Self(middle).as_str().cmp(text) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Ok(Self(middle)),
                Ordering::Greater => high = middle,
            }
        }
        Err(RecordError::Country { found: text.to_owned() })
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for CountryCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for CountryCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A set of countries, never empty. `worldwide` also covers what has no code.
///
/// ```
/// use deedbook::record::Territory;
/// let abroad = Territory::WORLDWIDE.difference("CN".parse().unwrap()).unwrap();
/// assert_eq!(abroad.to_string(), "worldwide except CN");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Territory([u64; 4]);

impl Territory {
    /// Everywhere.
    pub const WORLDWIDE: Self = Self([u64::MAX; 4]);

    /// The set of these countries; nothing when there are none.
    pub fn of(countries: impl IntoIterator<Item = CountryCode>) -> Option<Self> {
        let mut bits = [0; 4];
        for CountryCode(index) in countries {
            bits[usize::from(index) / 64] |= 1 << (index % 64);
        }
        Self::non_empty(bits)
    }

    fn non_empty(bits: [u64; 4]) -> Option<Self> {
        (bits != [0; 4]).then_some(Self(bits))
    }

    fn has(self, index: usize) -> bool {
        self.0[index / 64] & (1 << (index % 64)) != 0
    }

    fn codes(self, member: bool) -> impl Iterator<Item = &'static str> {
        (0..COUNT)
            .filter(move |&index| self.has(index) == member)
            .map(|index| &CODES[2 * index..2 * index + 2])
    }

    /// Whether the country belongs to the set.
    pub fn contains(self, country: CountryCode) -> bool {
        self.has(usize::from(country.0))
    }

    /// What both sets cover.
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::non_empty(std::array::from_fn(|i| self.0[i] & other.0[i]))
    }

    /// What this set covers and the other does not.
    pub fn difference(self, other: Self) -> Option<Self> {
        Self::non_empty(std::array::from_fn(|i| self.0[i] & !other.0[i]))
    }
}

impl fmt::Display for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if self.has(ELSEWHERE) {
            f.write_str("worldwide")?;
            separator = " except ";
        }
        for code in self.codes(!self.has(ELSEWHERE)) {
            write!(f, "{separator}{code}")?;
            separator = ",";
        }
        Ok(())
    }
}

impl FromStr for Territory {
    type Err = RecordError;

    /// Reads what [`fmt::Display`] prints.
    fn from_str(text: &str) -> Result<Self, RecordError> {
        let refused = || RecordError::Country { found: text.to_owned() };
        if text == "worldwide" {
            return Ok(Self::WORLDWIDE);
        }
        let (base, codes) = match text.strip_prefix("worldwide except ") {
            Some(codes) => (Some(Self::WORLDWIDE), codes),
            None => (None, text),
        };
        let codes = codes.split(',').map(str::parse).collect::<Result<Vec<CountryCode>, _>>()?;
        let listed = Self::of(codes).ok_or_else(refused)?;
        base.map_or(Some(listed), |base| base.difference(listed)).ok_or_else(refused)
    }
}

impl Serialize for Territory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.has(ELSEWHERE) {
            serializer.collect_str(self)
        } else {
            // Through a vector: of an iterator without a known length the array would be indefinite.
            let codes: Vec<_> = self.codes(true).collect();
            codes.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Territory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        AllOr::deserialize(deserializer)?.joined().parse().map_err(de::Error::custom)
    }
}

/// The wire form of a set: one word for all of it, or a list of names.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum AllOr {
    /// `"all"`, `"worldwide"`.
    Word(String),
    /// The members.
    List(Vec<String>),
}

impl AllOr {
    /// The names with commas between them.
    pub(super) fn joined(self) -> String {
        match self {
            Self::Word(word) => word,
            Self::List(names) => names.join(","),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hundred_and_forty_nine_codes_in_order() {
        assert_eq!(COUNT, 249, "ISO 3166-1 has 249 officially assigned codes");
        let codes: Vec<_> = Territory::WORLDWIDE.codes(true).collect();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn prints_and_reads_back() {
        for text in ["worldwide", "CN", "CN,JP", "worldwide except CN,JP"] {
            assert_eq!(text.parse::<Territory>().unwrap().to_string(), text);
        }
        for text in ["", "XX", "cn", "CN, JP", "EU", "world"] {
            assert!(text.parse::<Territory>().is_err(), "{text}");
        }
    }
}
