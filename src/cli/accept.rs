//! `accept`: a party accepts a version of a standard form.

use super::recorder::Recorder;
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session, Text};
use crate::admission::{TermsFacts, View};
use crate::ledger::Ledger;
use crate::ledger::answer::Needed;
use crate::record::{
    Clause, Contract, EntryNumber, Form, Language, Manner, Notice, Pool, Terms, TermsText,
    Timestamp,
};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook accept northlight/fee@1 --as wen\n  deedbook accept northlight/fee@1 --as wen --manner screen --shown-at 2026-03-01T09:30:00Z\n  deedbook accept northlight/share@2 --as wen --amends '#5'";

/// Accept a version of a standard form, which makes a contract
///
/// Shows the text in full. On a terminal each material clause is then asked for by itself, and a no
/// records nothing. In a script the clauses are listed and acknowledged by running the command, and the
/// record says so.
///
/// Where the text was shown somewhere else, say how and when with --manner and --shown-at.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The terms, such as northlight/fee@1
    #[arg(value_name = "TERMS")]
    terms: OsString,
    /// The language of the text, where there are several
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// How the text was shown: terminal, output, screen, paper, message
    #[arg(long, value_name = "MANNER", requires = "shown_at")]
    manner: Option<String>,
    /// When the text was shown
    #[arg(long, value_name = "DATE", requires = "manner")]
    shown_at: Option<String>,
    /// The contract by a share of profit that goes on under this version: what happens from then on
    /// has its rates, and counts on through its tiers
    #[arg(long, value_name = "CONTRACT")]
    amends: Option<OsString>,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let language: Option<Language> = self.language.as_deref().map(str::parse).transpose()?;
        let manner = self.manner.as_deref().map(manner).transpose()?;
        let shown_at = self.shown_at.as_deref().map(Timestamp::parse_start);
        let shown_at = shown_at.transpose()?;
        let mut recorder = Recorder::open(session, &self.signing)?;
        let ledger = recorder.ledger("the text of the terms")?;
        let entry = recorder.resolve(&self.terms, Needed::Terms)?;
        let facts = terms_of(ledger, entry, &self.terms)?;
        let amends = self.amends.as_deref();
        let amends = amends.map(|first| recorder.resolve(first, Needed::Contract)).transpose()?;
        rest_on_account(&recorder, &facts, amends)?;
        let terms = facts.terms.as_ref();
        let text = chosen(terms, language.as_ref())?;
        let whole = ledger.document(&text.digest)?.unwrap_or_default();
        let shown_now = session.now();
        let asked = session.printer().can_ask();
        show(session, terms, &whole, asked)?;
        if asked {
            ask(session, &terms.clauses)?;
        }
        let effective_at = recorder.effective_at();
        let notice = Notice {
            digest: text.digest,
            manner: manner.unwrap_or(if asked { Manner::Terminal } else { Manner::Output }),
            language: text.language.clone(),
            // An acceptance of an earlier day is told as it happened then, the notice with it.
            shown_at: shown_at.unwrap_or_else(|| shown_now.min(effective_at)),
        };
        let (how, when) = (notice.manner.name(), notice.shown_at);
        let record = Contract {
            terms: recorder.id_of(entry)?,
            amends: amends.map(|first| recorder.id_of(first)).transpose()?,
            notice,
            acknowledged: terms.clauses.iter().map(|clause| clause.name.clone()).collect(),
            effective_at,
        };
        let (terms_id, title) = (record.terms.to_string(), terms.title.clone());
        let acknowledged: Vec<String> =
            record.acknowledged.iter().map(ToString::to_string).collect();
        let registered = recorder.record(record, Vec::new())?;
        let id = registered.id.to_string();
        let backdated = shown_at.is_none() && effective_at < shown_now;
        let mut sentence = format!("`{}` has accepted `{title}`", recorder.handle());
        if let Some(first) = amends {
            sentence.push_str(&format!(", under which contract {first} goes on"));
        }
        let mut entered = Entered::new(registered, sentence)
            .named("contract", id)
            .named("terms", terms_id)
            .named("amends", amends.map(EntryNumber::get))
            .named("acknowledged", acknowledged.clone())
            .named("manner", how)
            .named("shown_at", when.to_string())
            .named("effective_at", effective_at.to_string())
            .field("clauses", acknowledged.join(", "))
            .field("shown", format!("{when} ({how})"))
            .field("in force", effective_at);
        if backdated {
            entered = entered.warning(format!(
                "the record says that the text was shown at {when}, when the acceptance took effect; where it \
                 was not, say how and when with --manner and --shown-at"
            ));
        }
        Ok(entered.into())
    }
}

/// An amendment rests on the one before it, and a contract of a pool on the first of the pool.
fn rest_on_account(
    recorder: &Recorder<'_>,
    facts: &TermsFacts,
    amends: Option<EntryNumber>,
) -> Result<(), CliError> {
    if recorder.on().is_none() {
        return Ok(());
    }
    let reader = recorder.ledger("the contracts before")?.read()?;
    if let Some(first) = amends
        && let Some(last) = reader.amendment_at(first, Timestamp::MAX)?
    {
        recorder.rest_on(last.effective_at);
    }
    if let Form::ProfitShare(clauses) = &facts.terms.form
        && let Some(Pool::Named(name)) = &clauses.pool
        && let Ok(party) = recorder.party()
        && let Some(first) = reader.pool(party.entry, facts.provider, name)?
        && let Some(first) = reader.contract(first)?
    {
        recorder.rest_on(first.effective_at);
    }
    Ok(())
}

fn manner(typed: &str) -> Result<Manner, CliError> {
    let found = Manner::ALL.iter().find(|manner| manner.name() == typed);
    found.copied().ok_or_else(|| CliError::Value {
        found: typed.into(),
        needed: "a manner: terminal, output, screen, paper or message",
    })
}

fn terms_of(ledger: &Ledger, entry: EntryNumber, typed: &OsString) -> Result<TermsFacts, CliError> {
    ledger.read()?.terms(entry)?.ok_or_else(|| CliError::NotFound {
        found: typed.clone(),
        needed: "terms",
        hint: "`deedbook list terms` shows them".to_owned(),
    })
}

/// The text in a language; without one, the only text there is.
fn chosen<'a>(terms: &'a Terms, language: Option<&Language>) -> Result<&'a TermsText, CliError> {
    let languages: Vec<&str> = terms.texts.iter().map(|text| text.language.as_str()).collect();
    let hint = || format!("name one with `--language`: {}", languages.join(", "));
    match (language, terms.texts.as_slice()) {
        (None, [only]) => Ok(only),
        (None, _) => Err(CliError::Ambiguous {
            found: terms.versioned_slug().into(),
            candidates: format!("several languages; {}", hint()),
        }),
        (Some(language), texts) => {
            let text = texts.iter().find(|text| text.language == *language);
            text.ok_or_else(|| CliError::NotFound {
                found: language.as_str().into(),
                needed: "a language of these terms",
                hint: hint(),
            })
        }
    }
}

/// Shows the text in full and, where nobody is asked for them, the material clauses.
fn show(session: &Session<'_>, terms: &Terms, whole: &str, asked: bool) -> Result<(), CliError> {
    let mut page = Text::default();
    page.exact(whole.as_bytes());
    page.blank();
    if asked {
        page.heading("Each material clause is asked for by itself; a no records nothing.");
    } else {
        page.heading("Material clauses, acknowledged by the running of this command:");
        for clause in &terms.clauses {
            page.line(format_args!("- {}: {}", clause.name, clause.text));
        }
    }
    page.blank();
    session.printer().show(&page).map_err(CliError::terminal)
}

/// Asks for each clause by itself.
fn ask(session: &Session<'_>, clauses: &[Clause]) -> Result<(), CliError> {
    for clause in clauses {
        let question = format!("{}: {} Do you acknowledge this?", clause.name, clause.text);
        let yes = session.printer().confirm(&question).map_err(CliError::terminal)?;
        if !yes {
            let clause = clause.name.to_string();
            return Err(CliError::Declined { clause });
        }
    }
    Ok(())
}
