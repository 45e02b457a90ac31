//! The seven members of the label, as GB 45438-2025, Annex E names them.

use super::LabelError;
use crate::record::{Certainty, ImplicitLabel, Name, RecordError};
use serde::{Deserialize, Serialize};

/// Longest label that is read. Real ones have some hundreds of bytes, with signatures in the reserved
/// codes some thousands.
pub(super) const MAX_LABEL_BYTES: usize = 64 * 1024;

/// The object that stands under `AIGC`, each member as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Members {
    /// `1` generated, `2` possibly, `3` suspected.
    pub label: String,
    /// Name or code of the service that generated the content.
    pub content_producer: String,
    /// The number that this service gave it.
    #[serde(rename = "ProduceID")]
    pub produce_id: String,
    /// What that service keeps there to protect the label.
    #[serde(default)]
    pub reserved_code1: String,
    /// Name or code of the service that passed it on.
    #[serde(default)]
    pub content_propagator: String,
    /// The number that this service gave it.
    #[serde(default, rename = "PropagateID")]
    pub propagate_id: String,
    /// What that service keeps there to protect the label.
    #[serde(default)]
    pub reserved_code2: String,
}

/// The form in Annex B of TC260-PG-20259A.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrapped {
    #[serde(rename = "AIGC")]
    members: Members,
}

impl Members {
    /// Those of a content that is labelled for the first time. Nobody has passed it on yet.
    pub(super) fn produced(certainty: Certainty, service: &str, number: &str) -> Self {
        Self {
            label: certainty.value().to_owned(),
            content_producer: service.to_owned(),
            produce_id: number.to_owned(),
            reserved_code1: String::new(),
            content_propagator: String::new(),
            propagate_id: String::new(),
            reserved_code2: String::new(),
        }
    }

    /// These, with who passed the content on. What the producer wrote stays.
    pub(super) fn propagated(self, service: &str, number: &str) -> Result<Self, LabelError> {
        let Self { content_propagator, propagate_id, reserved_code2, .. } = &self;
        if let Some(propagator) =
            [content_propagator, propagate_id, reserved_code2].into_iter().find(|it| !it.is_empty())
        {
            return Err(LabelError::Propagated { propagator: propagator.clone() });
        }
        let (content_propagator, propagate_id) = (service.to_owned(), number.to_owned());
        Ok(Self { content_propagator, propagate_id, ..self })
    }

    /// The object as JSON in one line, members in the order of the standard.
    pub(super) fn json(&self) -> Result<String, LabelError> {
        serde_json::to_string(self).map_err(unreadable)
    }

    /// The same in ASCII alone.
    pub(super) fn ascii_json(&self) -> Result<String, LabelError> {
        self.json().map(|json| escaped(&json))
    }

    /// The same within an object that has it as `AIGC`, in ASCII alone.
    pub(super) fn wrapped_json(&self) -> Result<String, LabelError> {
        let json = serde_json::to_string(&Wrapped { members: self.clone() }).map_err(unreadable)?;
        Ok(escaped(&json))
    }

    /// Reads the object, by itself or within another as `AIGC`; says which.
    pub(super) fn read(json: &str) -> Result<(Self, bool), LabelError> {
        if json.len() > MAX_LABEL_BYTES {
            let reason = format!("it has {} bytes, may have at most {MAX_LABEL_BYTES}", json.len());
            return Err(LabelError::Unreadable { reason });
        }
        // The reader of JSON would take a list of the values for the object.
        let value: serde_json::Value = serde_json::from_str(json).map_err(unreadable)?;
        if !value.get("AIGC").unwrap_or(&value).is_object() {
            let reason = "it is no JSON object".to_owned();
            return Err(LabelError::Unreadable { reason });
        }
        if let Ok(Wrapped { members }) = serde_json::from_str(json) {
            return Ok((members.checked()?, true));
        }
        let members: Self = serde_json::from_str(json).map_err(unreadable)?;
        Ok((members.checked()?, false))
    }

    /// Refuses a label that a record could not tell.
    pub(super) fn checked(self) -> Result<Self, LabelError> {
        self.label().map(|_| self)
    }

    /// The members that a record keeps.
    ///
    /// # Errors
    /// [`LabelError::Unreadable`]: a certainty that the standard does not know, a producer or a number
    /// that is missing or no plain text of one line.
    pub fn label(&self) -> Result<ImplicitLabel, LabelError> {
        let label = Certainty::ALL.iter().copied().find(|it| it.value() == self.label);
        let label = label.ok_or_else(|| LabelError::Unreadable {
            reason: format!("`Label` is `{}`, must be 1, 2 or 3", self.label),
        })?;
        let text = |text: &str| {
            Name::new(text)
                .map_err(|error: RecordError| LabelError::Unreadable { reason: error.to_string() })
        };
        let optional = |value: &str| {
            if value.is_empty() { Ok(None) } else { text(value).map(Some) }
        };
        Ok(ImplicitLabel {
            label,
            producer: text(&self.content_producer)?,
            produce_id: text(&self.produce_id)?,
            propagator: optional(&self.content_propagator)?,
            propagate_id: optional(&self.propagate_id)?,
        })
    }

    /// Each member with its name, in the order of the standard.
    pub fn named(&self) -> [(&'static str, &str); 7] {
        [
            ("Label", &self.label),
            ("ContentProducer", &self.content_producer),
            ("ProduceID", &self.produce_id),
            ("ReservedCode1", &self.reserved_code1),
            ("ContentPropagator", &self.content_propagator),
            ("PropagateID", &self.propagate_id),
            ("ReservedCode2", &self.reserved_code2),
        ]
    }
}

fn unreadable(error: serde_json::Error) -> LabelError {
    LabelError::Unreadable { reason: error.to_string() }
}

/// JSON with every character beyond ASCII escaped: a `tEXt` of a PNG is in Latin-1.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() {
            out.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    out
}
