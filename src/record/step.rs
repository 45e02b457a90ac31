//! One step of a creation, as its maker tells it while it happens.

use super::{Commitment, Committed, Content, Digest, Generation, RecordError, TextRole, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One step of a session.
///
/// ```
/// use deedbook::record::{Act, Content, Digest, Step, Timestamp};
/// let at = Timestamp::parse_start("2026-03-01T12:00:00Z")?;
/// let output = Content::new(3, Digest::of(b"ink"));
/// let step = Step::generated(at, output);
/// assert_eq!((step.act, step.output()), (Act::Generated, Some(Digest::of(b"ink"))));
/// # Ok::<(), deedbook::record::RecordError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// When it happened, as its maker says.
    pub at: Timestamp,
    /// What was done.
    pub act: Act,
    /// The file that came out, or that was rejected or selected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Content>,
    /// A salted commitment to the reason, or to the remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Commitment>,
    /// What the file was before it was edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Digest>,
    /// How the file was generated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<Generation>,
}

macro_rules! acts {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// What was done in a step.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Act {
            $($(#[$doc])* $variant),+
        }

        impl Act {
            /// Every act.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in records.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }
    };
}

acts! {
    /// A tool made the file.
    Generated = "generated",
    /// The file, one of the session, was put aside.
    Rejected = "rejected",
    /// The file, one of the session, was chosen.
    Selected = "selected",
    /// The file was made out of another one by hand.
    Edited = "edited",
    /// A remark was made.
    Noted = "noted",
}

impl Act {
    /// Whether the file of such a step came out of it, rather than being judged.
    pub const fn makes(self) -> bool {
        match self {
            Self::Generated | Self::Edited => true,
            Self::Rejected | Self::Selected | Self::Noted => false,
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Step {
    const fn new(at: Timestamp, act: Act, file: Option<Content>) -> Self {
        Self { at, act, file, note: None, before: None, generation: None }
    }

    /// A tool made a file.
    pub const fn generated(at: Timestamp, output: Content) -> Self {
        Self::new(at, Act::Generated, Some(output))
    }

    /// A file of the session was put aside.
    pub const fn rejected(at: Timestamp, output: Content) -> Self {
        Self::new(at, Act::Rejected, Some(output))
    }

    /// A file of the session was chosen.
    pub const fn selected(at: Timestamp, output: Content) -> Self {
        Self::new(at, Act::Selected, Some(output))
    }

    /// A file was made out of another one.
    pub fn edited(at: Timestamp, before: Digest, after: Content) -> Self {
        Self { before: Some(before), ..Self::new(at, Act::Edited, Some(after)) }
    }

    /// A remark.
    pub fn noted(at: Timestamp, note: Commitment) -> Self {
        Self { note: Some(note), ..Self::new(at, Act::Noted, None) }
    }

    /// The digest of the file that came out of the step; nothing where the step judges or remarks.
    pub fn output(&self) -> Option<Digest> {
        self.file.as_ref().filter(|_| self.act.makes()).map(|file| file.digest)
    }

    /// Every commitment of the step with what it is to, in the order in which it is read.
    pub fn committed(&self) -> impl Iterator<Item = Committed<'_>> {
        let told = self.generation.as_ref().map_or(&[][..], |generation| &generation.prompts);
        let role = if self.act == Act::Noted { TextRole::Note } else { TextRole::Reason };
        Committed::of(told, self.file.as_slice())
            .chain(self.note.map(|note| Committed::told(role, note)))
    }

    /// The commitments alone.
    pub fn commitments(&self) -> impl Iterator<Item = Commitment> {
        self.committed().map(|it| it.commitment)
    }

    /// How many bytes the step takes in its record.
    ///
    /// # Errors
    /// Never for a step of a checked record.
    pub fn size_bytes(&self) -> Result<usize, RecordError> {
        let mut bytes = Vec::with_capacity(128);
        ciborium::into_writer(self, &mut bytes)
            .map_err(|error| super::error::malformed(error.to_string()))?;
        Ok(bytes.len())
    }

    pub(super) fn check(&self) -> Result<(), RecordError> {
        let needed = match self.act {
            Act::Generated => (true, false, true),
            Act::Rejected | Act::Selected => (true, false, false),
            Act::Edited => (true, true, true),
            Act::Noted => (false, false, false),
        };
        let (file, before, generation) = needed;
        self.check_member("file", self.file.is_some(), file, file)?;
        self.check_member("file before", self.before.is_some(), before, before)?;
        self.check_member("generation", self.generation.is_some(), false, generation)?;
        self.check_member("note", self.note.is_some(), self.act == Act::Noted, true)?;
        if self.before.is_some() && self.before == self.output() {
            return Err(RecordError::OutOfRange {
                what: "file of an edit",
                found: "the same as before".to_owned(),
                needed: "another than before",
            });
        }
        self.file.as_ref().map_or(Ok(()), Content::check)?;
        self.generation.as_ref().map_or(Ok(()), Generation::check)
    }

    /// A member that such a step must have, or must not have.
    fn check_member(
        &self,
        member: &'static str,
        is_there: bool,
        needed: bool,
        allowed: bool,
    ) -> Result<(), RecordError> {
        if (is_there && allowed) || (!is_there && !needed) {
            return Ok(());
        }
        let (has, needed) =
            if is_there { ("with a", "without it") } else { ("without a", "with one") };
        let found = format!("`{}` {has} {member}", self.act);
        Err(RecordError::OutOfRange { what: "a step", found, needed })
    }
}
