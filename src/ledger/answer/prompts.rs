//! The prompts of a work: commitments in the ledger, opened with what the vault keeps.

use super::{AnswerError, Names, WorkLabel, json};
use crate::record::{Commitment, EntryNumber, Prompt, PromptRole, Record};
use crate::store::Reader;
use crate::vault::{Opening, Vault};
use serde::{Serialize, Serializer};
use std::collections::BTreeSet;

/// The prompts of a work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PromptAnswer {
    /// The work.
    #[serde(flatten)]
    pub work: WorkLabel,
    /// Its prompts, in the order in which they were given.
    pub prompts: Vec<PromptOpened>,
}

/// A commitment, and what opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PromptOpened {
    /// What the prompt was for.
    #[serde(serialize_with = "json::text")]
    pub role: PromptRole,
    /// The commitment in the ledger.
    #[serde(serialize_with = "json::text")]
    pub commitment: Commitment,
    /// What the vault has for it.
    #[serde(flatten)]
    pub opened: Opened,
}

/// What the vault has for a commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Opened {
    /// The exact bytes, which do open it.
    Opened {
        /// The bytes; in JSON as text, with what is not UTF-8 replaced.
        #[serde(serialize_with = "lossy_text")]
        text: Vec<u8>,
    },
    /// Nothing.
    NotInVault,
    /// Something that does not open it.
    DoesNotMatch,
}

fn lossy_text<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&String::from_utf8_lossy(bytes))
}

/// What an opening that the vault keeps for a commitment, or not, says of it.
pub(super) fn opened_of(kept: Option<Option<Opening>>, commitment: Commitment) -> Opened {
    match kept {
        Some(Some(opening)) if opening.commitment() == commitment => {
            Opened::Opened { text: opening.bytes().to_vec() }
        }
        Some(_) => Opened::DoesNotMatch,
        None => Opened::NotInVault,
    }
}

/// The prompts of a work, each opening checked against its commitment.
///
/// # Errors
/// A vault that cannot be read or is damaged; a ledger that cannot be read.
pub fn prompts(
    reader: &Reader<'_>,
    work: EntryNumber,
    vault: &Vault,
) -> Result<PromptAnswer, AnswerError> {
    let names = Names::new(reader);
    let label = names.work_label(work)?;
    let statement = reader.statement(work)?;
    let generation = match statement.record() {
        Record::Work(work) => work.generation.as_ref(),
        Record::Ledger(_)
        | Record::Party(_)
        | Record::KeyAdded(_)
        | Record::KeyRevoked(_)
        | Record::Terms(_)
        | Record::TermsWithdrawn(_)
        | Record::Contract(_)
        | Record::SplitAgreed(_)
        | Record::Assignment(_)
        | Record::Licence(_)
        | Record::Attestation(_)
        | Record::Labelled(_)
        | Record::Payment(_)
        | Record::Confirmation(_)
        | Record::Account(_)
        | Record::Correction(_)
        | Record::Opening(_)
        | Record::OpeningAgreed(_)
        | Record::ExchangeRate(_)
        | Record::StatementClosed(_)
        | Record::StatementAccepted(_)
        | Record::StatementDisputed(_)
        | Record::SessionStarted(_)
        | Record::SessionSteps(_)
        | Record::SessionStopped(_) => None,
    };
    let committed = generation.map_or(&[][..], |generation| &generation.prompts);
    let commitments: BTreeSet<_> = committed.iter().map(|prompt| prompt.commitment).collect();
    let openings = vault.find_all(&commitments)?;
    let open = |prompt: &Prompt| {
        let Prompt { role, commitment } = *prompt;
        let opened = opened_of(openings.get(&commitment).cloned(), commitment);
        PromptOpened { role, commitment, opened }
    };
    let prompts = committed.iter().map(open).collect();
    Ok(PromptAnswer { work: label, prompts })
}
