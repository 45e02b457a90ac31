//! A table of the TOML, read key by key, so that whatever is not read is refused.

use super::{Position, TermsError};
use crate::money::MoneyError;
use crate::record::RecordError;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// A value with its key and its place.
#[derive(Clone, Debug)]
pub(super) struct Located<T> {
    /// The value.
    pub(super) value: T,
    /// The key with its table.
    pub(super) key: String,
    /// Where the value stands.
    pub(super) at: Position,
}

impl<T> Located<T> {
    /// Another value at the same place.
    pub(super) fn with<U>(&self, value: U) -> Located<U> {
        Located { value, key: self.key.clone(), at: self.at }
    }
}

impl<T> Located<T> {
    /// Refuses what does not keep a rule of the record, with its place.
    pub(super) fn keep(
        self,
        check: impl FnOnce(&T) -> Result<(), RecordError>,
    ) -> Result<T, TermsError> {
        match check(&self.value) {
            Ok(()) => Ok(self.value),
            Err(error) => {
                Err(TermsError::Record { key: self.key, at: self.at, error: Box::new(error) })
            }
        }
    }
}

impl Located<String> {
    /// Reads the text as a part of a record.
    pub(super) fn record<T>(
        &self,
        read: impl FnOnce(&str) -> Result<T, RecordError>,
    ) -> Result<T, TermsError> {
        read(&self.value).map_err(|error| TermsError::Record {
            key: self.key.clone(),
            at: self.at,
            error: Box::new(error),
        })
    }

    /// Reads the text as money.
    pub(super) fn money<T>(
        &self,
        read: impl FnOnce(&str) -> Result<T, MoneyError>,
    ) -> Result<T, TermsError> {
        read(&self.value).map_err(|error| TermsError::Money {
            key: self.key.clone(),
            at: self.at,
            error: Box::new(error),
        })
    }

    /// Reads the text as one of a few words.
    pub(super) fn word<T: Copy>(
        &self,
        words: &[(&str, T)],
        needed: &'static str,
    ) -> Result<T, TermsError> {
        words
            .iter()
            .find(|(word, _)| *word == self.value)
            .map(|(_, value)| *value)
            .ok_or_else(|| self.refused(needed))
    }

    /// The refusal of this value.
    pub(super) fn refused(&self, needed: &'static str) -> TermsError {
        TermsError::Value { key: self.key.clone(), at: self.at, found: self.value.clone(), needed }
    }
}

/// A value that may be written alone or as a list.
pub(super) enum OneOrMany {
    /// A text.
    One(Located<String>),
    /// A list of texts, and where it stands.
    Many(Located<Vec<Located<String>>>),
}

/// A text, or a table that says more.
pub(super) enum TextOrTable<'source> {
    /// A text.
    Text(Located<String>),
    /// A table.
    Table(Section<'source>),
}

/// A table, from which keys are taken one by one.
pub(super) struct Section<'source> {
    source: &'source str,
    path: String,
    known: &'static [&'static str],
    table: DeTable<'source>,
    /// Where the table stands.
    pub(super) at: Position,
}

impl<'source> Section<'source> {
    /// The whole document; keys that are not `known` are refused.
    pub(super) fn document(
        source: &'source str,
        known: &'static [&'static str],
    ) -> Result<Self, TermsError> {
        let table = DeTable::parse(source).map_err(|error| {
            let span = error.span().unwrap_or_default();
            TermsError::Syntax {
                at: Position::of(source, span.start),
                message: error.message().to_owned(),
            }
        })?;
        Self::new(source, String::new(), known, table.into_inner(), 0)
    }

    fn new(
        source: &'source str,
        path: String,
        known: &'static [&'static str],
        table: DeTable<'source>,
        start: usize,
    ) -> Result<Self, TermsError> {
        let unknown = table
            .keys()
            .filter(|key| !known.contains(&key.get_ref().as_ref()))
            .min_by_key(|key| key.span().start);
        if let Some(key) = unknown {
            return Err(TermsError::UnknownKey {
                key: join(&path, key.get_ref()),
                at: Position::of(source, key.span().start),
                known: format!("`{}`", known.join("`, `")),
            });
        }
        let at = Position::of(source, start);
        Ok(Self { source, path, known, table, at })
    }

    fn take(&mut self, key: &'static str) -> Option<(Range<usize>, DeValue<'source>)> {
        debug_assert!(self.known.contains(&key), "`{key}` is read but not known");
        self.table.remove(key).map(|value| (value.span(), value.into_inner()))
    }

    fn locate<T>(&self, key: &str, span: &Range<usize>, value: T) -> Located<T> {
        Located { value, key: join(&self.path, key), at: Position::of(self.source, span.start) }
    }

    fn mistyped(
        &self,
        key: &str,
        span: &Range<usize>,
        value: &DeValue<'_>,
        needed: &'static str,
    ) -> TermsError {
        TermsError::Type {
            key: join(&self.path, key),
            at: Position::of(self.source, span.start),
            found: type_name(value),
            needed,
        }
    }

    /// The refusal of a key that is not there.
    pub(super) fn missing(&self, key: &str, needed: &'static str) -> TermsError {
        TermsError::Missing { key: join(&self.path, key), needed }
    }

    /// A value of one kind, if the key is there.
    fn kind<T>(
        &mut self,
        key: &'static str,
        needed: &'static str,
        read: impl FnOnce(&DeValue<'source>) -> Option<T>,
    ) -> Result<Option<Located<T>>, TermsError> {
        let Some((span, value)) = self.take(key) else { return Ok(None) };
        match read(&value) {
            Some(found) => Ok(Some(self.locate(key, &span, found))),
            None => Err(self.mistyped(key, &span, &value, needed)),
        }
    }

    /// A text, if the key is there.
    pub(super) fn text(
        &mut self,
        key: &'static str,
        needed: &'static str,
    ) -> Result<Option<Located<String>>, TermsError> {
        self.kind(key, needed, |value| value.as_str().map(str::to_owned))
    }

    /// A text that must be there.
    pub(super) fn needed_text(
        &mut self,
        key: &'static str,
        needed: &'static str,
    ) -> Result<Located<String>, TermsError> {
        self.text(key, needed)?.ok_or_else(|| self.missing(key, needed))
    }

    /// A date or moment, bare or as a text, if the key is there.
    pub(super) fn date(
        &mut self,
        key: &'static str,
    ) -> Result<Option<Located<String>>, TermsError> {
        self.kind(key, "a date such as 2026-01-01", |value| {
            let bare = value.as_datetime().map(ToString::to_string);
            bare.or_else(|| value.as_str().map(str::to_owned))
        })
    }

    /// A whole number of days, if the key is there.
    pub(super) fn days(
        &mut self,
        key: &'static str,
        needed: &'static str,
    ) -> Result<Option<Located<u32>>, TermsError> {
        let read = |value: &DeValue<'source>| {
            let number = value.as_integer()?;
            let days = u32::from_str_radix(number.as_str(), number.radix());
            Some((number.to_string(), days))
        };
        let Some(found) = self.kind(key, needed, read)? else { return Ok(None) };
        let (text, days) = &found.value;
        match days {
            Ok(days) => Ok(Some(found.with(*days))),
            Err(_) => Err(found.with(text.clone()).refused(needed)),
        }
    }

    /// A whole number, bare or as a text, or an amount as a text, if the key is there.
    pub(super) fn text_or_whole(
        &mut self,
        key: &'static str,
        needed: &'static str,
    ) -> Result<Option<Located<String>>, TermsError> {
        self.kind(key, needed, |value| {
            let bare = value.as_integer().map(ToString::to_string);
            bare.or_else(|| value.as_str().map(str::to_owned))
        })
    }

    /// The items of a list, each with its place; a text alone is a list of one.
    fn items(
        &mut self,
        key: &'static str,
        needed: &'static str,
    ) -> Result<Option<Items<'source>>, TermsError> {
        Ok(match self.take(key) {
            None => None,
            Some((span, text @ DeValue::String(_))) => {
                Some(Items { span: span.clone(), is_list: false, items: vec![(span, text)] })
            }
            Some((span, DeValue::Array(list))) => {
                let items = list.into_iter().map(|item| (item.span(), item.into_inner()));
                Some(Items { span, is_list: true, items: items.collect() })
            }
            Some((span, other)) => return Err(self.mistyped(key, &span, &other, needed)),
        })
    }

    /// A list of texts and tables, in the order written, and where it stands; a text alone is a
    /// list of one.
    pub(super) fn texts_or_tables(
        &mut self,
        key: &'static str,
        known: &'static [&'static str],
        needed: &'static str,
    ) -> Result<Option<Located<Vec<TextOrTable<'source>>>>, TermsError> {
        let Some(list) = self.items(key, needed)? else { return Ok(None) };
        let mut items = Vec::new();
        for (span, item) in list.items {
            items.push(match item {
                DeValue::String(text) => {
                    TextOrTable::Text(self.locate(key, &span, text.into_owned()))
                }
                DeValue::Table(table) => {
                    let path = join(&self.path, key);
                    TextOrTable::Table(Section::new(self.source, path, known, table, span.start)?)
                }
                other => return Err(self.mistyped(key, &span, &other, needed)),
            });
        }
        Ok(Some(self.locate(key, &list.span, items)))
    }

    /// Something that was read from this table, located at its beginning.
    pub(super) fn located<T>(&self, value: T) -> Located<T> {
        Located { value, key: self.path.clone(), at: self.at }
    }

    /// A text or a list of texts, if the key is there.
    pub(super) fn one_or_many(
        &mut self,
        key: &'static str,
        needed: &'static str,
    ) -> Result<Option<OneOrMany>, TermsError> {
        let Some(list) = self.items(key, needed)? else { return Ok(None) };
        let mut texts = Vec::new();
        for (span, item) in list.items {
            match item {
                DeValue::String(text) => texts.push(self.locate(key, &span, text.into_owned())),
                other => return Err(self.mistyped(key, &span, &other, needed)),
            }
        }
        Ok(Some(match texts.pop() {
            Some(text) if !list.is_list => OneOrMany::One(text),
            last => {
                texts.extend(last);
                OneOrMany::Many(self.locate(key, &list.span, texts))
            }
        }))
    }

    /// A table, if the key is there.
    pub(super) fn section(
        &mut self,
        key: &'static str,
        known: &'static [&'static str],
        needed: &'static str,
    ) -> Result<Option<Section<'source>>, TermsError> {
        match self.take(key) {
            None => Ok(None),
            Some((span, DeValue::Table(table))) => {
                let path = join(&self.path, key);
                Section::new(self.source, path, known, table, span.start).map(Some)
            }
            Some((span, other)) => Err(self.mistyped(key, &span, &other, needed)),
        }
    }

    /// Tables of the same shape, in the order written; none if the key is not there.
    pub(super) fn sections(
        &mut self,
        key: &'static str,
        known: &'static [&'static str],
        needed: &'static str,
    ) -> Result<Vec<Section<'source>>, TermsError> {
        let list = self.items(key, needed)?;
        let table = |(span, item): (Range<usize>, DeValue<'source>)| match item {
            DeValue::Table(table) => {
                Section::new(self.source, join(&self.path, key), known, table, span.start)
            }
            other => Err(self.mistyped(key, &span, &other, needed)),
        };
        list.into_iter().flat_map(|list| list.items).map(table).collect()
    }
}

/// A list that was taken from a table.
struct Items<'source> {
    span: Range<usize>,
    /// Whether it was written as a list.
    is_list: bool,
    items: Vec<(Range<usize>, DeValue<'source>)>,
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a bare whole number",
        DeValue::Float(_) => "a bare number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
