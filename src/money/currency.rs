//! The currency of an amount. Never converts between currencies and knows no exchange rate.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::MoneyError;

/// A currency of ISO 4217 that has a minor unit.
///
/// Codes that have been replaced (`HRK`, `BGN`) are accepted: contracts older than the
/// replacement are written in them. Ordered by code. Serialized as the code.
///
/// ```
/// use deedbook::money::Currency;
///
/// let dinar: Currency = "BHD".parse()?;
/// assert_eq!((dinar.code(), dinar.exponent()), ("BHD", 3));
/// assert!("bhd".parse::<Currency>().is_err());
/// # Ok::<(), deedbook::money::MoneyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Currency {
    listed: iso_currency::Currency,
    exponent: u32,
}

impl Currency {
    /// The alphabetic code: three upper-case letters (ISO 4217 alphabetic code).
    pub fn code(self) -> &'static str {
        self.listed.code()
    }

    /// How many decimal digits the minor unit has, 0 to 4 (ISO 4217 minor unit): 0 for `JPY`,
    /// 2 for `CNY`, 3 for `BHD`, 4 for `CLF`.
    pub fn exponent(self) -> u32 {
        self.exponent
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    /// Reads exactly three upper-case letters.
    ///
    /// # Errors
    /// [`MoneyError::UnknownCurrency`] for anything that is not a listed code,
    /// [`MoneyError::CurrencyWithoutMinorUnit`] for listed codes that no amount can be counted in
    /// (`XAU`, `XDR`, `XTS`, `XXX`), [`MoneyError::TextTooLong`].
    fn from_str(text: &str) -> Result<Currency, MoneyError> {
        MoneyError::check_length(text)?;
        let listed = iso_currency::Currency::from_code(text)
            .ok_or_else(|| MoneyError::UnknownCurrency { text: text.to_owned() })?;
        match listed.exponent() {
            Some(exponent) => Ok(Currency { listed, exponent: u32::from(exponent) }),
            None => Err(MoneyError::CurrencyWithoutMinorUnit { code: listed.code() }),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.code())
    }
}

// By code and not by the place in the list, which may change with the list's next edition.
impl Ord for Currency {
    fn cmp(&self, other: &Currency) -> Ordering {
        self.code().cmp(other.code())
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Currency) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Currency {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.code().hash(state);
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Currency, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ISO 4217 list one, column "minor unit": every code there that differs from 2, and a few
    /// that are 2.
    const MINOR_UNITS: &[(&str, u32)] = &[
        ("BHD", 3),
        ("BIF", 0),
        ("CLF", 4),
        ("CLP", 0),
        ("CNY", 2),
        ("DJF", 0),
        ("EUR", 2),
        ("GNF", 0),
        ("IQD", 3),
        ("ISK", 0),
        ("JOD", 3),
        ("JPY", 0),
        ("KMF", 0),
        ("KRW", 0),
        ("KWD", 3),
        ("LYD", 3),
        ("MGA", 2),
        ("MRU", 2),
        ("OMR", 3),
        ("PYG", 0),
        ("RWF", 0),
        ("TND", 3),
        ("UGX", 0),
        ("USD", 2),
        ("UYI", 0),
        ("UYW", 4),
        ("VND", 0),
        ("VUV", 0),
        ("XAF", 0),
        ("XOF", 0),
        ("XPF", 0),
    ];

    #[test]
    fn minor_units_are_those_of_the_standard() {
        for (code, exponent) in MINOR_UNITS {
            let currency: Currency = code.parse().unwrap();
            assert_eq!(currency.code(), *code);
            assert_eq!(currency.to_string(), *code);
            assert_eq!(currency.exponent(), *exponent, "{code}");
        }
    }

    #[test]
    fn codes_without_a_minor_unit_are_refused() {
        for code in [
            "XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA",
            "XXX",
        ] {
            assert_eq!(
                code.parse::<Currency>(),
                Err(MoneyError::CurrencyWithoutMinorUnit { code })
            );
        }
    }

    #[test]
    fn anything_but_three_upper_case_letters_of_the_list_is_refused() {
        for text in [
            "",
            "C",
            "CN",
            "cny",
            "Cny",
            "CNYX",
            "CNY ",
            " CNY",
            "156",
            "¥",
            "AAA",
            "RMB",
            "ＣＮＹ",
            "CN\0",
            "CN\u{202e}Y",
        ] {
            assert_eq!(
                text.parse::<Currency>(),
                Err(MoneyError::UnknownCurrency { text: text.to_owned() })
            );
        }
    }

    #[test]
    fn order_is_by_code() {
        let mut currencies: Vec<Currency> =
            ["XCG", "ZAR", "AOA", "CNY"].iter().map(|code| code.parse().unwrap()).collect();
        currencies.sort();
        let codes: Vec<&str> = currencies.iter().map(|currency| currency.code()).collect();
        assert_eq!(codes, ["AOA", "CNY", "XCG", "ZAR"]);
    }

    #[test]
    fn serialized_as_the_code() {
        let yuan: Currency = "CNY".parse().unwrap();
        assert_eq!(serde_json::to_string(&yuan).unwrap(), "\"CNY\"");
        assert_eq!(serde_json::from_str::<Currency>("\"CNY\"").unwrap(), yuan);
        for refused in ["\"XAU\"", "\"cny\"", "156", "null"] {
            assert!(serde_json::from_str::<Currency>(refused).is_err(), "{refused}");
        }
    }
}
