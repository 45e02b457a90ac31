//! The full text of terms, as it was stored when they were published.

use super::{AnswerError, Names, TermsLabel, json};
use crate::admission::View;
use crate::record::{Digest, EntryNumber, Language, Notice, Record};
use crate::store::Reader;
use serde::Serialize;

/// A text of terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TermsTextAnswer {
    /// The terms.
    #[serde(flatten)]
    pub terms: TermsLabel,
    /// The language of the text.
    pub language: Language,
    /// BLAKE3-256 of the text; compared with the text just now.
    #[serde(serialize_with = "json::text")]
    pub digest: Digest,
    /// The text, byte by byte.
    pub text: String,
}

/// The text of terms in a language; without one, in English or else in the first language. Of a
/// contract the text that was shown before the acceptance.
///
/// # Errors
/// No text in this language; a text that is not in the ledger, or is another one than was
/// published; an entry that is neither terms nor a contract.
pub fn terms_text(
    reader: &Reader<'_>,
    entry: EntryNumber,
    language: Option<&Language>,
) -> Result<TermsTextAnswer, AnswerError> {
    let names = Names::new(reader);
    let (terms, shown) = match reader.contract(entry)? {
        Some(contract) => (contract.terms, shown(reader, entry)?),
        None => (entry, None),
    };
    let label = names.terms_label(terms)?;
    let texts = &names.terms(terms)?.terms.texts;
    let in_language = |tag: &str| texts.iter().find(|text| text.language.as_str() == tag);
    let found = match (language, &shown) {
        (Some(language), _) => in_language(language.as_str()),
        (None, Some(notice)) => texts.iter().find(|text| text.digest == notice.digest),
        (None, None) => in_language("en").or(texts.first()),
    };
    let Some(found) = found else {
        let available: Vec<_> = texts.iter().map(|text| format!("`{}`", text.language)).collect();
        return Err(AnswerError::NoText {
            terms: label.name,
            language: language.map_or_else(String::new, ToString::to_string),
            available: available.join(", "),
        });
    };
    let digest = found.digest;
    let text = reader.document(&digest)?.ok_or(AnswerError::TextMissing { digest })?;
    if Digest::of(text.as_bytes()) != digest {
        return Err(AnswerError::TextDiffers { digest });
    }
    Ok(TermsTextAnswer { terms: label, language: found.language.clone(), digest, text })
}

/// What an acceptance says was shown.
fn shown(reader: &Reader<'_>, contract: EntryNumber) -> Result<Option<Notice>, AnswerError> {
    Ok(match reader.statement(contract)?.record() {
        Record::Contract(contract) => Some(contract.notice.clone()),
        Record::Ledger(_)
        | Record::Party(_)
        | Record::KeyAdded(_)
        | Record::KeyRevoked(_)
        | Record::Terms(_)
        | Record::TermsWithdrawn(_)
        | Record::Work(_)
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
    })
}
