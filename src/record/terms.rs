//! Standard forms: what a provider offers to everybody, one immutable version at a time.

use super::{
    Body, ClauseName, Digest, Fee, Handle, Language, Note, ProfitShare, RecordError, RecordId,
    Scope, Slug, Timestamp, Title,
};
use crate::money::Currency;
use serde::{Deserialize, Serialize};

/// Material clauses: more would defeat the notice that each of them must get.
const MAX_CLAUSES: usize = 40;
const MAX_TEXTS: usize = 20;

/// One version of a standard form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// What is owed for the rights.
    pub form: Form,
    /// The short name, unique for the provider.
    pub slug: Slug,
    /// Which rights pass, and where. Rights not named are not granted (Copyright Law of the PRC,
    /// Article 29).
    pub scope: Scope,
    /// The full text, in each language.
    pub texts: Vec<TermsText>,
    /// The name for people.
    pub title: Title,
    /// Who decides disputes, if the terms name someone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arbiter: Option<Handle>,
    /// The material clauses, each of which an acceptance must acknowledge by name (Civil Code of
    /// the PRC, Article 496, and the judicial interpretation of 2023 on contracts, Article 10).
    pub clauses: Vec<Clause>,
    /// 1 for the first version, then counting up.
    pub version: u32,
    /// When title passes to the creator.
    pub vesting: Vesting,
    /// From when on the terms cannot be accepted any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// From when on they can be accepted.
    pub effective_at: Timestamp,
}

/// The two standard forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Pay the fee and the copyright is yours.
    FeeForAssignment(Fee),
    /// The copyright is yours; pay a share of the profit.
    ProfitShare(ProfitShare),
}

impl Form {
    /// The name in records.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::FeeForAssignment(_) => "fee-for-assignment",
            Self::ProfitShare(_) => "profit-share",
        }
    }

    /// The currency that the form settles in.
    pub fn currency(&self) -> Currency {
        match self {
            Self::FeeForAssignment(fee) => fee.amount.currency(),
            Self::ProfitShare(share) => share.currency,
        }
    }
}

/// When title passes from the provider to the creator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Vesting {
    /// When the work is made.
    AtGeneration,
    /// With the first confirmed payment.
    AtFirstPayment,
    /// When confirmed payments reach the fee.
    WhenPaid,
}

/// The digest of a full text, and its language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermsText {
    /// BLAKE3-256 of the text as it was shown.
    pub digest: Digest,
    /// Its language.
    pub language: Language,
}

/// A material clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Its short name, by which it is acknowledged.
    pub name: ClauseName,
    /// Its words.
    pub text: Note,
}

fn count(
    what: &'static str,
    found: usize,
    max: usize,
    distinct: bool,
    needed: &'static str,
) -> Result<(), RecordError> {
    if found == 0 || found > max || !distinct {
        return Err(RecordError::List { what, found, needed });
    }
    Ok(())
}

fn strictly_ordered<T: Ord>(items: &[T]) -> bool {
    items.windows(2).all(|pair| pair[0] < pair[1])
}

impl Terms {
    /// `provider/slug@version`, as people write it, without the provider.
    pub fn versioned_slug(&self) -> String {
        format!("{}@{}", self.slug, self.version)
    }
}

impl Body for Terms {
    fn subject(&self) -> String {
        format!("terms:{}", self.versioned_slug())
    }

    fn effective_at(&self) -> Option<Timestamp> {
        Some(self.effective_at)
    }

    fn check(&self) -> Result<(), RecordError> {
        let languages: Vec<_> = self.texts.iter().map(|text| &text.language).collect();
        let languages_ordered = strictly_ordered(&languages);
        let text_rule = "1 to 20, ordered by language, none twice";
        count("texts", self.texts.len(), MAX_TEXTS, languages_ordered, text_rule)?;
        let mut names: Vec<_> = self.clauses.iter().map(|clause| &clause.name).collect();
        names.sort_unstable();
        let clause_rule = "1 to 40, none twice";
        count("clauses", names.len(), MAX_CLAUSES, strictly_ordered(&names), clause_rule)?;
        if self.version == 0 {
            return Err(RecordError::OutOfRange {
                what: "version",
                found: "0".to_owned(),
                needed: "1 or more",
            });
        }
        if let Some(until) = self.expires_at {
            super::Period::new(self.effective_at, Some(until))?;
        }
        match (&self.form, self.vesting) {
            (Form::ProfitShare(_), Vesting::WhenPaid) => Err(RecordError::OutOfRange {
                what: "vesting of a profit share",
                found: "when-paid".to_owned(),
                needed: "at-generation or at-first-payment",
            }),
            (Form::ProfitShare(share), Vesting::AtGeneration | Vesting::AtFirstPayment) => {
                share.check()
            }
            (Form::FeeForAssignment(fee), _) => fee.check(),
        }
    }
}

/// From a moment on a version cannot be accepted any more; contracts made before stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermsWithdrawn {
    /// The version.
    pub terms: RecordId,
    /// From when on.
    pub effective_at: Timestamp,
}

impl Body for TermsWithdrawn {
    fn subject(&self) -> String {
        format!("terms:{}", self.terms)
    }

    fn effective_at(&self) -> Option<Timestamp> {
        Some(self.effective_at)
    }

    fn check(&self) -> Result<(), RecordError> {
        Ok(())
    }
}
