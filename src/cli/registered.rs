//! The answer of every recording command: where a statement stands, and what it named.

use super::{Output, Text};
use crate::ledger::Recorded;
use crate::record::{EntryNumber, RecordId, Timestamp};
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// A statement that was registered, or only signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Registered {
    /// Its entry; none where it was only signed.
    pub(super) entry: Option<EntryNumber>,
    /// Its identifier.
    pub(super) id: RecordId,
    registered_at: Option<Timestamp>,
    is_new: bool,
    out: Option<PathBuf>,
    texts: Vec<PathBuf>,
}

impl Registered {
    /// An entry of the ledger.
    pub(super) fn new(recorded: Recorded) -> Self {
        Self {
            entry: Some(recorded.entry),
            id: recorded.id,
            registered_at: Some(recorded.registered_at),
            is_new: recorded.is_new,
            out: None,
            texts: Vec::new(),
        }
    }

    /// A statement in a file, with its texts beside it.
    pub(super) fn signed_only(id: RecordId, out: PathBuf, texts: Vec<PathBuf>) -> Self {
        Self { entry: None, id, registered_at: None, is_new: false, out: Some(out), texts }
    }

    /// Its values in JSON: `entry` and `id`, `new` where it was registered now and not before, and
    /// `out` where it was only signed.
    pub(super) fn to_map(&self) -> Map<String, Value> {
        let mut map = Map::new();
        let entry = self.entry.map(EntryNumber::get);
        map.insert("entry".to_owned(), json!(entry));
        map.insert("id".to_owned(), json!(self.id.to_string()));
        match &self.out {
            Some(out) => {
                map.insert("out".to_owned(), json!(out.to_string_lossy()));
                let texts = self.texts.iter().map(|path| path.to_string_lossy());
                let texts: Vec<_> = texts.collect();
                if !texts.is_empty() {
                    map.insert("texts".to_owned(), json!(texts));
                }
            }
            None => {
                let at = self.registered_at.map(|at| at.to_string());
                map.insert("registered_at".to_owned(), json!(at));
                map.insert("new".to_owned(), json!(self.is_new));
            }
        }
        map
    }

    fn text(&self, text: &mut Text) {
        if let Some(entry) = self.entry {
            text.field("entry", entry);
        }
        text.field("id", self.id);
        if let Some(at) = self.registered_at {
            text.field("registered", at);
        }
        if let Some(out) = &self.out {
            text.field("statement", out.display());
        }
        for path in &self.texts {
            text.field("text", path.display());
        }
    }
}

/// A statement with what it named.
pub(super) struct Entered {
    registered: Registered,
    /// What happened, in words: `wen is enrolled as creator`.
    sentence: String,
    named: Map<String, Value>,
    fields: Vec<(&'static str, String)>,
    warnings: Vec<String>,
}

impl Entered {
    /// What happened, in a sentence without a full stop.
    pub(super) fn new(registered: Registered, sentence: impl Into<String>) -> Self {
        Self {
            registered,
            sentence: sentence.into(),
            named: Map::new(),
            fields: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Adds what the statement named, for programs.
    pub(super) fn named(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.named.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a value for people.
    pub(super) fn field(mut self, name: &'static str, value: impl ToString) -> Self {
        self.fields.push((name, value.to_string()));
        self
    }

    /// Adds what the reader should be told beside it.
    pub(super) fn warning(mut self, warning: String) -> Self {
        self.warnings.push(warning);
        self
    }
}

impl Output for Entered {
    fn json(&self) -> Value {
        let mut map = self.registered.to_map();
        map.extend(self.named.clone());
        Value::Object(map)
    }

    fn text(&self, text: &mut Text) {
        let registered = &self.registered;
        if registered.out.is_some() {
            text.heading("signed, and submitted to no ledger yet: `deedbook submit` does that");
        } else if registered.is_new {
            text.heading(&self.sentence);
        } else {
            text.heading("this was recorded before, and nothing was added");
        }
        for (name, value) in &self.fields {
            text.field(name, value);
        }
        registered.text(text);
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(is_new: bool) -> Registered {
        Registered::new(Recorded {
            entry: EntryNumber::new(7),
            id: RecordId::from_bytes([0xab; 32]),
            registered_at: Timestamp::parse_start("2026-03-01").unwrap(),
            is_new,
        })
    }

    fn text_of(entered: &Entered) -> String {
        let mut text = Text::default();
        entered.text(&mut text);
        let bytes = text.spans(true).into_iter().flat_map(|span| span.bytes);
        String::from_utf8(bytes.collect()).unwrap()
    }

    #[test]
    fn programs_get_entry_id_and_what_was_named() {
        let entered = Entered::new(recorded(true), "done").named("work", "abc");
        let id = "ab".repeat(32);
        let expected = json!({
            "entry": 7, "id": id, "new": true, "work": "abc",
            "registered_at": "2026-03-01T00:00:00.000Z",
        });
        assert_eq!(entered.json(), expected);
    }

    #[test]
    fn people_are_told_what_happened_and_what_did_not() {
        let new = text_of(&Entered::new(recorded(true), "`wen` agrees").field("work", 1));
        assert!(new.starts_with("`wen` agrees\nwork        1\nentry       #7\n"), "{new}");
        let old = text_of(&Entered::new(recorded(false), "`wen` agrees"));
        assert!(old.starts_with("this was recorded before"), "{old}");
        let id = RecordId::from_bytes([1; 32]);
        let signed = Registered::signed_only(id, "wen.statement".into(), Vec::new());
        let signed = Entered::new(signed, "`wen` agrees");
        assert!(text_of(&signed).starts_with("signed, and submitted to no ledger yet"));
        assert_eq!(signed.json()["entry"], Value::Null);
        assert_eq!(signed.json()["out"], "wen.statement");
    }
}
