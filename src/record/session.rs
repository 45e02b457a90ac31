//! A session: the record of a creation, kept while it happens.

use super::{
    Act, Body, Commitment, Committed, RecordError, RecordId, Step, TextRole, Timestamp, Title,
};
use serde::{Deserialize, Serialize};

/// The most steps of one statement. A step without prompts takes some ninety bytes, so that so many
/// of them do not always fit an entry: whoever records packs by bytes as well.
pub const MAX_STEPS: usize = 1000;

/// A party begins to record a creation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionStarted {
    /// A salted commitment to what the party means to make.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Commitment>,
    /// What the party calls it.
    pub title: Title,
    /// The contract with the provider under which it creates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<RecordId>,
    /// When it began.
    pub effective_at: Timestamp,
}

impl Body for SessionStarted {
    fn subject(&self) -> String {
        "session".to_owned()
    }

    fn effective_at(&self) -> Option<Timestamp> {
        Some(self.effective_at)
    }

    fn committed(&self) -> Vec<Committed<'_>> {
        self.note.map(|note| Committed::told(TextRole::Note, note)).into_iter().collect()
    }

    fn check(&self) -> Result<(), RecordError> {
        Ok(())
    }
}

/// Steps of a session, in the order in which they happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionSteps {
    /// The steps, none before the one that stands before it.
    pub steps: Vec<Step>,
    /// The session.
    pub session: RecordId,
}

impl Body for SessionSteps {
    fn subject(&self) -> String {
        format!("session:{}", self.session)
    }

    /// When the last of them happened.
    fn effective_at(&self) -> Option<Timestamp> {
        self.steps.last().map(|step| step.at)
    }

    fn committed(&self) -> Vec<Committed<'_>> {
        self.steps.iter().flat_map(Step::committed).collect()
    }

    fn check(&self) -> Result<(), RecordError> {
        let found = self.steps.len();
        let is_ordered = self.steps.windows(2).all(|pair| pair[0].at <= pair[1].at);
        if found == 0 || found > MAX_STEPS || !is_ordered {
            return Err(RecordError::List {
                what: "steps",
                found,
                needed: "1 to 1000, in order of time",
            });
        }
        self.steps.iter().try_for_each(Step::check)?;
        let generated = |step: &&Step| step.act == Act::Generated;
        let mut outputs: Vec<_> = self.steps.iter().filter(generated).map(Step::output).collect();
        outputs.sort_unstable();
        if outputs.windows(2).any(|pair| pair[0] == pair[1]) {
            let (what, needed) = ("files that were generated", "none twice");
            return Err(RecordError::List { what, found: outputs.len(), needed });
        }
        Ok(())
    }
}

/// The party ends the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionStopped {
    /// The session.
    pub session: RecordId,
    /// When it ended.
    pub effective_at: Timestamp,
}

impl Body for SessionStopped {
    fn subject(&self) -> String {
        format!("session:{}", self.session)
    }

    fn effective_at(&self) -> Option<Timestamp> {
        Some(self.effective_at)
    }

    fn check(&self) -> Result<(), RecordError> {
        Ok(())
    }
}
