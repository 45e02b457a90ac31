//! JSON as image generators write it: `NaN` stands where Python had one, members may stand twice.
//! Depth is bounded, and numbers are kept as texts: nothing here is counted with.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use thiserror::Error;

/// Why a text is not taken as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum JsonFault {
    /// It nests deeper than 127 levels.
    #[error("its JSON nests more than 127 levels deep")]
    Depth,
    /// It is not JSON.
    #[error("it is not JSON from line {line}, column {column} on")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// It is JSON, but no object.
    #[error("its JSON is no object")]
    NotAnObject,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json {
    /// Nothing, and what is no number.
    Null,
    Bool(bool),
    /// A number, as it is written or shortest for the same value.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

impl Json {
    /// Takes a text apart. Beside it stand the members that occur twice in one object.
    pub(super) fn parse(text: &str) -> Result<(Self, Vec<String>), JsonFault> {
        let text = without_nan(text);
        let value: Self = serde_json::from_str(&text).map_err(|error| {
            // The only thing that serde_json tells in words alone.
            if error.to_string().starts_with("recursion limit exceeded") {
                return JsonFault::Depth;
            }
            JsonFault::Malformed { line: error.line(), column: error.column() }
        })?;
        let mut twice = Vec::new();
        value.find_twice(&mut twice);
        Ok((value, twice))
    }

    /// The same, of an object.
    pub(super) fn parse_object(text: &str) -> Result<(Self, Vec<String>), JsonFault> {
        let parsed = Self::parse(text)?;
        match parsed.0 {
            Self::Map(_) => Ok(parsed),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => {
                Err(JsonFault::NotAnObject)
            }
        }
    }

    fn find_twice(&self, twice: &mut Vec<String>) {
        match self {
            Self::Map(members) => {
                let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
                names.sort_unstable();
                for pair in names.windows(2) {
                    if pair[0] == pair[1] && !twice.iter().any(|name| name == pair[0]) {
                        twice.push(pair[0].to_owned());
                    }
                }
                members.iter().for_each(|(_, value)| value.find_twice(twice));
            }
            Self::List(items) => items.iter().for_each(|item| item.find_twice(twice)),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => {}
        }
    }

    /// The member of an object; the last of its name.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().rev().find(|(found, _)| found == name).map(|(_, value)| value)
    }

    /// The members of an object; none of anything else.
    pub(super) fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Map(members) => members,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Map(_) => &[],
        }
    }

    /// A text as a text.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// A text, a number or a truth value as a text.
    pub(super) fn plain(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(Cow::Borrowed(text)),
            Self::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// A member that is a text, a number or a truth value.
    pub(super) fn plain_at(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get(name).and_then(Self::plain)
    }
}

/// Puts `null` where Python writes what is no number: outside texts, nowhere else.
fn without_nan(text: &str) -> Cow<'_, str> {
    const WORDS: [&str; 3] = ["NaN", "-Infinity", "Infinity"];
    if !WORDS.iter().any(|word| text.contains(word)) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let (mut rest, mut inside) = (text, false);
    while let Some(letter) = rest.chars().next() {
        let word = if inside { None } else { WORDS.iter().find(|word| rest.starts_with(**word)) };
        let taken = match word {
            Some(word) => {
                clean.push_str("null");
                word.len()
            }
            None => {
                // A backslash takes the character after it along.
                let escaped = usize::from(inside && letter == '\\');
                let taken = rest.chars().take(1 + escaped).map(char::len_utf8).sum();
                clean.push_str(&rest[..taken]);
                inside ^= letter == '"';
                taken
            }
        };
        rest = &rest[taken..];
    }
    Cow::Owned(clean)
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    /// As serde hands it over; written again at once, in the fewest digits that say the same.
    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(serde_json::Number::from_f64(number)
            .map_or(Json::Null, |number| Json::Number(number.to_string())))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut map = Vec::new();
        while let Some(member) = members.next_entry()? {
            map.push(member);
        }
        Ok(Json::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_nothing_and_texts_stay() {
        let text = r#"{"a": NaN, "b": [Infinity, -Infinity], "c": "NaN \" NaN", "d": 8.5}"#;
        let (json, twice) = Json::parse_object(text).unwrap();
        assert!(twice.is_empty());
        assert_eq!(json.get("a"), Some(&Json::Null));
        assert_eq!(json.get("b").unwrap().items(), [Json::Null, Json::Null]);
        assert_eq!(json.get("c").unwrap().text(), Some("NaN \" NaN"));
        assert_eq!(json.plain_at("d").as_deref(), Some("8.5"));
        assert!(Json::parse("{\"a\": NaNa}").is_err());
        assert!(Json::parse("{\"a\": nan}").is_err());
    }

    #[test]
    fn deep_json_is_refused_and_not_followed() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(Json::parse(&deep(127)).is_ok());
        assert_eq!(Json::parse(&deep(128)), Err(JsonFault::Depth));
        assert_eq!(Json::parse(&"[".repeat(1_000_000)), Err(JsonFault::Depth));
        assert_eq!(Json::parse(&"{\"a\":".repeat(500_000)), Err(JsonFault::Depth));
    }

    #[test]
    fn what_stands_twice_is_told_and_the_last_counts() {
        let (json, twice) = Json::parse(r#"{"a": 1, "b": {"c": 1, "c": 2}, "a": 3}"#).unwrap();
        assert_eq!(twice, ["a", "c"]);
        assert_eq!(json.plain_at("a").as_deref(), Some("3"));
        assert_eq!(json.get("b").unwrap().plain_at("c").as_deref(), Some("2"));
    }

    #[test]
    fn numbers_keep_their_digits() {
        let text = "[18446744073709551615, -3, 0.8700000000000001, 6952411511246973023, 1e400]";
        assert!(Json::parse(text).is_err());
        let (json, _) = Json::parse(&text.replace(", 1e400", "")).unwrap();
        let plain: Vec<_> = json.items().iter().map(|item| item.plain().unwrap()).collect();
        let kept = ["18446744073709551615", "-3", "0.8700000000000001", "6952411511246973023"];
        assert_eq!(plain, kept);
        assert_eq!(Json::parse("7"), Ok((Json::Number("7".to_owned()), Vec::new())));
        assert_eq!(Json::parse_object("7"), Err(JsonFault::NotAnObject));
    }
}
