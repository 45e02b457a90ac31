//! A form as it stands in its TOML, before it has a version and before its texts are read.

use super::form::{read_fee, read_profit_share};
use super::section::{Located, OneOrMany, Section};
use super::{TermsError, clauses};
use crate::record::{
    Body, Clause, ClauseName, Digest, Form, Handle, Language, Note, Right, Rights, Scope, Slug,
    Terms, TermsText, Territory, Timestamp, Title, Vesting,
};
use std::collections::BTreeSet;

/// Largest TOML that is read, in bytes: forty clauses of a thousand characters fit.
pub const MAX_TOML_SIZE_BYTES: usize = 64 * 1024;

/// Longest file name of a text, in bytes; the longest path that common systems take.
const MAX_FILE_NAME_BYTES: usize = 4096;
/// Most texts; as many as a record takes.
const MAX_TEXTS: usize = 20;

/// Keys of the document.
pub(super) const KEYS: &[&str] = &[
    "form",
    "slug",
    "title",
    "effective",
    "expires",
    "vests",
    "rights",
    "territory",
    "arbiter",
    "text",
    "fee",
    "profit_share",
    "clause",
];

/// A standard form without its version and the digests of its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsDraft {
    /// What is owed for the rights.
    pub form: Form,
    /// The short name.
    pub slug: Slug,
    /// Which rights pass, and where.
    pub scope: Scope,
    /// The full texts in files, ordered by language; none where the generated text is used.
    pub texts: Vec<TextFile>,
    /// The name for people.
    pub title: Title,
    /// Who decides disputes.
    pub arbiter: Option<Handle>,
    /// The material clauses, as written or generated from the form.
    pub clauses: Vec<Clause>,
    /// When title passes to the creator.
    pub vesting: Vesting,
    /// From when on the form cannot be accepted any more.
    pub expires_at: Option<Timestamp>,
    /// From when on it can be accepted.
    pub effective_at: Timestamp,
}

/// A full text in a file, which the caller reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFile {
    /// Its language.
    pub language: Language,
    /// The file, as typed; relative to the TOML.
    pub file: String,
}

impl TermsDraft {
    /// The record, once the version is known and the texts have been read. Texts are put in the
    /// order of languages, as the record asks.
    ///
    /// ```
    /// use deedbook::record::{Digest, TermsText, Timestamp};
    /// let toml = r#"
    ///     form = "fee-for-assignment"
    ///     slug = "fee"
    ///     title = "Fee for assignment"
    ///     [fee]
    ///     amount = "49.00 CNY"
    /// "#;
    /// let today = Timestamp::parse_start("2026-01-01").unwrap();
    /// let draft = deedbook::terms::parse(toml, today).unwrap();
    /// let provider = "northlight".parse().unwrap();
    /// let text = deedbook::terms::plain_text(&draft, &provider);
    /// let language = "en".parse().unwrap();
    /// let digest = Digest::of(text.as_bytes());
    /// let terms = draft.into_terms(1, vec![TermsText { digest, language }]);
    /// assert_eq!(terms.versioned_slug(), "fee@1");
    /// ```
    pub fn into_terms(self, version: u32, mut texts: Vec<TermsText>) -> Terms {
        texts.sort_by(|left, right| left.language.cmp(&right.language));
        Terms {
            form: self.form,
            slug: self.slug,
            scope: self.scope,
            texts,
            title: self.title,
            arbiter: self.arbiter,
            clauses: self.clauses,
            version,
            vesting: self.vesting,
            expires_at: self.expires_at,
            effective_at: self.effective_at,
        }
    }

    /// The rules that a record keeps, tried before the texts are read.
    fn check(&self) -> Result<(), TermsError> {
        let language = Language::new("en")?;
        let digest = Digest::from_bytes([0; 32]);
        let texts = vec![TermsText { digest, language }];
        Ok(self.clone().into_terms(1, texts).check()?)
    }
}

/// Reads a standard form. `default_effective` stands in where the form names no `effective`.
///
/// # Errors
/// The first thing wrong with it: see [`TermsError`].
pub fn parse(toml: &str, default_effective: Timestamp) -> Result<TermsDraft, TermsError> {
    if toml.len() > MAX_TOML_SIZE_BYTES {
        return Err(TermsError::TooLarge {
            found_bytes: toml.len(),
            max_bytes: MAX_TOML_SIZE_BYTES,
        });
    }
    let mut document = Section::document(toml, KEYS)?;
    let form = read_form(&mut document)?;
    let slug = document.needed_text("slug", "a short name such as \"fee\"")?;
    let title = document.needed_text("title", "a name for people, in quotes")?;
    let arbiter = document.text("arbiter", "the handle of a party")?;
    let draft = TermsDraft {
        slug: slug.record(str::parse::<Slug>)?,
        scope: read_scope(&mut document)?,
        texts: read_texts(&mut document)?,
        title: title.record(str::parse::<Title>)?,
        arbiter: arbiter.map(|text| text.record(str::parse::<Handle>)).transpose()?,
        vesting: read_vesting(&mut document, &form)?,
        effective_at: read_date(&mut document, "effective")?.unwrap_or(default_effective),
        expires_at: read_date(&mut document, "expires")?,
        clauses: read_clauses(&mut document)?,
        form,
    };
    let draft = if draft.clauses.is_empty() {
        TermsDraft { clauses: clauses::generate(&draft)?, ..draft }
    } else {
        draft
    };
    draft.check()?;
    Ok(draft)
}

fn read_form(document: &mut Section<'_>) -> Result<Form, TermsError> {
    const NEEDED: &str = "\"fee-for-assignment\" or \"profit-share\"";
    let name = document.needed_text("form", NEEDED)?;
    let is_fee = name.word(&[("fee-for-assignment", true), ("profit-share", false)], NEEDED)?;
    let fee = read_fee(document)?;
    let share = read_profit_share(document)?;
    match (is_fee, fee, share) {
        (true, Some(fee), None) => Ok(Form::FeeForAssignment(fee.value)),
        (false, None, Some(share)) => Ok(Form::ProfitShare(share.value)),
        (true, _, Some(share)) => Err(TermsError::OtherForm {
            table: "profit_share",
            at: share.at,
            form: "fee-for-assignment",
        }),
        (false, Some(fee), _) => {
            Err(TermsError::OtherForm { table: "fee", at: fee.at, form: "profit-share" })
        }
        (true, None, None) => Err(document.missing("fee", "a table with `amount`")),
        (false, None, None) => {
            let needed = "a table with `rate`, `base` and `currency`";
            Err(document.missing("profit_share", needed))
        }
    }
}

fn read_date(
    document: &mut Section<'_>,
    key: &'static str,
) -> Result<Option<Timestamp>, TermsError> {
    let date = document.date(key)?;
    date.map(|date| date.record(Timestamp::parse_start)).transpose()
}

fn read_vesting(document: &mut Section<'_>, form: &Form) -> Result<Vesting, TermsError> {
    let words = [
        ("at-generation", Vesting::AtGeneration),
        ("at-first-payment", Vesting::AtFirstPayment),
        ("when-paid", Vesting::WhenPaid),
    ];
    let (words, default, needed) = match form {
        Form::FeeForAssignment(_) => (
            &words[..],
            Vesting::WhenPaid,
            "\"when-paid\", \"at-first-payment\" or \"at-generation\"",
        ),
        Form::ProfitShare(_) => (
            &words[..2],
            Vesting::AtGeneration,
            "\"at-generation\" or \"at-first-payment\" under a profit share",
        ),
    };
    match document.text("vests", needed)? {
        None => Ok(default),
        Some(word) => word.word(words, needed),
    }
}

fn read_scope(document: &mut Section<'_>) -> Result<Scope, TermsError> {
    let needed = "\"all\" or a list of kinds of right such as [\"reproduction\"]";
    let rights = match document.one_or_many("rights", needed)? {
        None => Rights::ALL,
        Some(OneOrMany::One(text)) => text.record(str::parse)?,
        Some(OneOrMany::Many(list)) => {
            let rights = read_set(&list.value, |text| text.record(str::parse::<Right>))?;
            Rights::of(rights).ok_or_else(|| list.with("[]".to_owned()).refused(needed))?
        }
    };
    let needed = "\"worldwide\" or a list of country codes such as [\"CN\", \"JP\"]";
    let territory = match document.one_or_many("territory", needed)? {
        None => Territory::WORLDWIDE,
        Some(OneOrMany::One(text)) => text.record(str::parse)?,
        Some(OneOrMany::Many(list)) => {
            let countries = read_set(&list.value, |text| text.record(str::parse))?;
            Territory::of(countries).ok_or_else(|| list.with("[]".to_owned()).refused(needed))?
        }
    };
    Ok(Scope { rights, territory })
}

/// Reads each item of a list, none of which may stand twice.
pub(super) fn read_set<T: Ord>(
    list: &[Located<String>],
    read: impl Fn(&Located<String>) -> Result<T, TermsError>,
) -> Result<BTreeSet<T>, TermsError> {
    let mut items = BTreeSet::new();
    for text in list {
        if !items.insert(read(text)?) {
            return Err(twice(text));
        }
    }
    Ok(items)
}

fn twice(text: &Located<String>) -> TermsError {
    TermsError::Twice { key: text.key.clone(), at: text.at, found: text.value.clone() }
}

fn read_texts(document: &mut Section<'_>) -> Result<Vec<TextFile>, TermsError> {
    let needed = "a list of tables such as [{ language = \"en\", file = \"fee.txt\" }]";
    let mut texts: Vec<TextFile> = Vec::new();
    for mut section in document.sections("text", &["language", "file"], needed)? {
        let name = section.needed_text("language", "a language tag such as \"en\"")?;
        let language = name.record(str::parse::<Language>)?;
        let needed = "the name of a file, at most 4096 bytes";
        let file = section.needed_text("file", needed)?;
        if file.value.is_empty() || file.value.len() > MAX_FILE_NAME_BYTES {
            return Err(file.refused(needed));
        }
        if texts.iter().any(|text| text.language == language) {
            return Err(twice(&name));
        }
        texts.push(TextFile { language, file: file.value });
        if texts.len() > MAX_TEXTS {
            return Err(name.refused("one of at most 20 languages"));
        }
    }
    texts.sort_by(|left, right| left.language.cmp(&right.language));
    Ok(texts)
}

fn read_clauses(document: &mut Section<'_>) -> Result<Vec<Clause>, TermsError> {
    let needed = "tables written as [[clause]], each with `name` and `text`";
    let mut clauses: Vec<Clause> = Vec::new();
    for mut section in document.sections("clause", &["name", "text"], needed)? {
        let typed = section.needed_text("name", "a short name such as \"assignment\"")?;
        let name = typed.record(str::parse::<ClauseName>)?;
        let text = section.needed_text("text", "the words of the clause")?;
        // A text over several lines in the file is one paragraph in the record.
        let words: Vec<_> = text.value.split_whitespace().collect();
        let text = text.with(words.join(" ")).record(str::parse::<Note>)?;
        if clauses.iter().any(|clause| clause.name == name) {
            return Err(twice(&typed));
        }
        clauses.push(Clause { name, text });
    }
    Ok(clauses)
}
