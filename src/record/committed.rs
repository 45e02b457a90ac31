//! What a record commits to: each commitment with what its text is, so that whoever opens it can name it.

use super::{Commitment, Content, Digest, Name, Prompt, PromptRole};
use std::fmt;

/// A commitment as it stands in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed<'a> {
    /// What the text is.
    pub role: TextRole,
    /// The commitment to it.
    pub commitment: Commitment,
    /// The file whose claim it is, where a file says it of itself.
    pub file: Option<Digest>,
    /// Where in that file it stands.
    pub place: Option<&'a Name>,
}

/// What a text is that a record commits to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRole {
    /// A prompt that the party tells.
    Told(PromptRole),
    /// A prompt that only the file tells of itself.
    Claimed(PromptRole),
    /// The exact bytes of a claim, as they stand in the file.
    Claim,
    /// Why something was done.
    Reason,
    /// A remark.
    Note,
}

impl fmt::Display for TextRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Told(role) => role.fmt(f),
            Self::Claimed(role) => write!(f, "{role} claimed by the file"),
            Self::Claim => f.write_str("exact bytes of a claim"),
            Self::Reason => f.write_str("reason"),
            Self::Note => f.write_str("note"),
        }
    }
}

impl<'a> Committed<'a> {
    /// A text that no file says.
    pub(super) const fn told(role: TextRole, commitment: Commitment) -> Self {
        Self { role, commitment, file: None, place: None }
    }

    /// What the party tells, then what the files say of themselves: of each claim the prompts, but for
    /// those that the party took over, and the exact bytes.
    pub(super) fn of(
        told: &'a [Prompt],
        files: &'a [Content],
    ) -> impl Iterator<Item = Committed<'a>> {
        let is_told =
            move |prompt: &Prompt| told.iter().any(|it| it.commitment == prompt.commitment);
        let claims = files.iter().flat_map(|file| file.claims.iter().map(move |it| (file, it)));
        let claimed = claims.flat_map(move |(file, claim)| {
            let (file, place) = (Some(file.digest), Some(&claim.place));
            let prompts = claim.generation.iter().flat_map(|generation| &generation.prompts);
            let prompts = prompts.filter(move |prompt| !is_told(prompt));
            let prompts = prompts.map(|prompt| (TextRole::Claimed(prompt.role), prompt.commitment));
            let exact = claim.verbatim.map(|commitment| (TextRole::Claim, commitment));
            let texts = prompts.chain(exact);
            texts.map(move |(role, commitment)| Committed { role, commitment, file, place })
        });
        let told = told.iter();
        told.map(|prompt| Self::told(TextRole::Told(prompt.role), prompt.commitment)).chain(claimed)
    }
}
