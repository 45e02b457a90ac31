//! The full text of terms, as it was stored when they were published.

use super::{AnswerError, Names, TermsLabel, json};
use crate::record::{Digest, EntryNumber, Language};
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

/// The text of terms in a language; without one, in English or else in the first language.
///
/// # Errors
/// No text in this language; a text that is not in the ledger, or is another one than was
/// published.
pub fn terms_text(
    reader: &Reader<'_>,
    terms: EntryNumber,
    language: Option<&Language>,
) -> Result<TermsTextAnswer, AnswerError> {
    let names = Names::new(reader);
    let label = names.terms_label(terms)?;
    let texts = &names.terms(terms)?.terms.texts;
    let in_language = |tag: &str| texts.iter().find(|text| text.language.as_str() == tag);
    let found = match language {
        Some(language) => in_language(language.as_str()),
        None => in_language("en").or(texts.first()),
    };
    let Some(found) = found else {
        let available: Vec<_> = texts
            .iter()
            .map(|text| format!("`{}`", text.language))
            .collect();
        return Err(AnswerError::NoText {
            terms: label.name,
            language: language.map_or_else(String::new, ToString::to_string),
            available: available.join(", "),
        });
    };
    let digest = found.digest;
    let text = reader
        .document(&digest)?
        .ok_or(AnswerError::TextMissing { digest })?;
    if Digest::of(text.as_bytes()) != digest {
        return Err(AnswerError::TextDiffers { digest });
    }
    Ok(TermsTextAnswer {
        terms: label,
        language: found.language.clone(),
        digest,
        text,
    })
}
