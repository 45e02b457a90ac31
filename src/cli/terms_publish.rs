//! `terms publish`: publishes a version of a standard form.

use super::on::On;
use super::recorder::Recorder;
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session, Text};
use crate::admission::View;
use crate::intake::read_short_file;
use crate::record::{Digest, Handle, Language, TermsText};
use crate::terms::{self, MAX_TOML_SIZE_BYTES, TermsDraft, TermsError};
use clap::Args;
use serde_json::{Value, json};
use std::path::Path;
use std::path::PathBuf;

/// Largest text of terms: some three hundred printed pages.
pub(super) const MAX_TEXT_SIZE_BYTES: u64 = 1024 * 1024;

const EXAMPLE: &str = "Example:\n  deedbook terms publish fee.toml --as northlight --dry-run\n  deedbook terms publish fee.toml --as northlight";

/// Publish a version of a standard form
///
/// Reads the form from TOML, numbers it as the next version, and registers it with the text that
/// whoever accepts it is shown.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The form, in TOML
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print the text in plain language and register nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let handle: Handle = self.signing.party.parse()?;
        let on = On::parse(self.signing.statement.on.as_deref())?;
        let toml = read_text(&self.file, MAX_TOML_SIZE_BYTES as u64)?;
        let draft = terms::parse(&toml, on.map_or_else(|| session.now(), On::start));
        let draft = draft.map_err(|error| malformed(&self.file, error))?;
        let texts = texts(&self.file, &draft, &handle)?;
        if self.dry_run {
            return Ok(Draft { draft, texts }.into());
        }
        let mut recorder = Recorder::open(session, &self.signing)?;
        let ledger = recorder.ledger("which version is next")?;
        let provider = recorder.party()?.entry;
        let latest = ledger.read()?.latest_terms(provider, &draft.slug)?;
        let version = latest.map_or(1, |(version, _)| version.saturating_add(1));
        let digests = texts.iter().map(|(language, text)| TermsText {
            digest: Digest::of(text.as_bytes()),
            language: language.clone(),
        });
        let terms = draft.into_terms(version, digests.collect());
        let name = format!("{handle}/{}", terms.versioned_slug());
        let (title, effective_at) = (terms.title.clone(), terms.effective_at);
        let clauses: Vec<String> = terms.clauses.iter().map(|c| c.name.to_string()).collect();
        let documents = texts.into_iter().map(|(_, text)| text).collect();
        let registered = recorder.record(terms, documents)?;
        let id = registered.id.to_string();
        Ok(Entered::new(registered, format!("`{title}` is published as {name}"))
            .named("terms", id)
            .named("name", name.clone())
            .named("version", version)
            .named("effective_at", effective_at.to_string())
            .named("clauses", clauses.clone())
            .field("terms", name)
            .field("in force", effective_at)
            .field("clauses", clauses.join(", "))
            .into())
    }
}

fn malformed(path: &Path, error: TermsError) -> CliError {
    CliError::Terms { path: path.to_owned(), error: Box::new(error) }
}

/// The full texts: those that the form names, relative to it, or the one that follows from it.
fn texts(
    form: &Path,
    draft: &TermsDraft,
    provider: &Handle,
) -> Result<Vec<(Language, String)>, CliError> {
    if draft.texts.is_empty() {
        let language = Language::new("en")?;
        return Ok(vec![(language, terms::plain_text(draft, provider))]);
    }
    let directory = form.parent().unwrap_or(Path::new(""));
    let read = |text: &terms::TextFile| {
        let whole = read_text(&directory.join(&text.file), MAX_TEXT_SIZE_BYTES)?;
        Ok((text.language.clone(), whole))
    };
    draft.texts.iter().map(read).collect()
}

/// A short file as text.
pub(super) fn read_text(path: &Path, max_bytes: u64) -> Result<String, CliError> {
    let path_of = || path.to_owned();
    String::from_utf8(read_short_file(path, max_bytes)?)
        .map_err(|_| CliError::NotText { path: path_of() })
}

/// A form that was tried and not published.
struct Draft {
    draft: TermsDraft,
    texts: Vec<(Language, String)>,
}

impl Output for Draft {
    fn json(&self) -> Value {
        let text = |(language, text): &(Language, String)| {
            json!({
                "language": language.as_str(),
                "digest": Digest::of(text.as_bytes()).to_string(),
                "text": text,
            })
        };
        json!({
            "form": self.draft.form.name(),
            "slug": self.draft.slug.as_str(),
            "title": self.draft.title.as_str(),
            "texts": self.texts.iter().map(text).collect::<Vec<_>>(),
        })
    }

    fn text(&self, text: &mut Text) {
        for (_, whole) in &self.texts {
            text.exact(whole.as_bytes());
        }
    }
}
