//! `show`: one thing in full.

use super::owner::show_title;
use super::question::{Question, object};
use super::{CliError, Output, Session, Text};
use crate::ledger::answer::{
    Attested, AttestedFile, Detail, Needed, SessionLabel, Shown, Standing, day_or_moment, show,
};
use clap::Args;
use serde_json::{Map, Value};
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook show northlight/fee@1\n  deedbook show #42";

/// Show one work, party, terms, contract, payment or entry in full
///
/// Every field of the record, who signed it with which key, and where it stands in the log. Of a work
/// also who holds it, of a contract the clauses that were acknowledged.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// What to show
    #[arg(value_name = "REF")]
    subject: OsString,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let entry = question.entry(&reader, &self.subject, Needed::Entry)?;
        let moments = question.moments(&reader, None, None)?;
        Ok(show(&reader, entry, moments)?.into())
    }
}

impl Output for Shown {
    fn json(&self) -> Value {
        object(self)
    }

    fn text(&self, text: &mut Text) {
        let fact = &self.fact;
        text.heading(format!("{} {}: {}", fact.entry, fact.kind, fact.sentence));
        text.field("id", fact.id);
        text.field("subject", &self.subject);
        text.field("signed by", &fact.signer);
        text.field("key", format!("{} ({})", fact.key, self.algorithm));
        if let Some(entry) = fact.key_revoked_by {
            text.field("", format!("revoked later by {entry}; what it signed before stands"));
        }
        if let Some(at) = fact.effective_at {
            text.field("took effect", day_or_moment(at));
        }
        text.field("signed", day_or_moment(fact.signed_at));
        text.field("registered", day_or_moment(fact.registered_at));
        text.field("leaf hash", &self.leaf_hash);
        text.field("size", format!("{} bytes", self.size_bytes));
        text.blank();
        text.heading("Record");
        let mut record = self.record.clone();
        let claims = taken_claims(&mut record);
        fields(&record, "", text);
        for (number, claim) in &claims {
            text.blank();
            text.heading(format!("Claimed by file {number} itself; nobody vouches for it"));
            fields(claim, "", text);
        }
        detail(&self.detail, text);
    }
}

/// Takes what files say of themselves out of the record, with the number of the file: it is no word of
/// the signer's.
fn taken_claims(record: &mut Map<String, Value>) -> Vec<(usize, Map<String, Value>)> {
    let contents = record.get_mut("contents").and_then(Value::as_array_mut);
    let mut taken = Vec::new();
    for (number, content) in (1..).zip(contents.into_iter().flatten()) {
        let claims = content.as_object_mut().and_then(|content| content.remove("claims"));
        let claims = claims.and_then(|claims| claims.as_array().cloned()).unwrap_or_default();
        taken.extend(claims.iter().filter_map(Value::as_object).map(|it| (number, it.clone())));
    }
    taken
}

/// The fields of a record, nested ones by their path: `notice.digest`, `creators.1.share`.
fn fields(record: &Map<String, Value>, path: &str, text: &mut Text) {
    for (name, value) in record {
        field(&format!("{path}{name}"), value, text);
    }
}

fn field(path: &str, value: &Value, text: &mut Text) {
    match value {
        Value::Object(inner) => fields(inner, &format!("{path}."), text),
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            for (index, item) in items.iter().enumerate() {
                field(&format!("{path}.{}", index + 1), item, text);
            }
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(plain).collect();
            text.field(path, items.join(", "));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            text.field(path, plain(value));
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn detail(detail: &Detail, text: &mut Text) {
    match detail {
        Detail::Work { owner, attestation, sessions } => {
            text.blank();
            match owner {
                Some(owner) => show_title(owner, text),
                None => text.line("Not yet made."),
            }
            text.blank();
            show_attested(attestation, text);
            for session in sessions {
                let SessionLabel { title, party, entry, .. } = session;
                text.line(format!(
                    "Came out of session \"{title}\" of {party}: `deedbook session show '{entry}'`"
                ));
            }
        }
        Detail::Contract { label, amends, amended_by, clauses } => {
            text.blank();
            let (party, provider) = (&label.party, &label.provider);
            let (name, entry) = (&label.terms.name, label.terms.entry);
            text.heading(format!("{party} and {provider}, by {name} ({entry})"));
            if let Some(first) = amends {
                text.line(format!("Amends contract {first}, which goes on and has the account."));
            }
            for amendment in amended_by {
                let (terms, from) = (&amendment.terms, day_or_moment(amendment.effective_at));
                text.line(format!("Goes on by {terms} from {from} on ({})", amendment.entry));
            }
            for clause in clauses {
                let how = if clause.acknowledged { "acknowledged" } else { "not acknowledged" };
                text.field(&clause.name, format!("{how}: {}", clause.text));
            }
        }
        Detail::Party { keys } => {
            text.blank();
            text.heading("Keys");
            for key in keys {
                let state = key
                    .revoked_by
                    .map_or_else(|| "live".to_owned(), |entry| format!("revoked by {entry}"));
                text.field(&key.key.to_string(), format!("{}, {state}", key.entry));
            }
        }
        Detail::Terms { withdrawn_at: Some(at) } => {
            text.blank();
            let at = day_or_moment(*at);
            text.line(format!("Withdrawn from {at} on; contracts made before stand."));
        }
        Detail::Payment { confirmed_by } => {
            text.blank();
            text.line(match confirmed_by {
                Some(entry) => format!("Confirmed by {entry}."),
                None => "Not confirmed: it counts once the payee confirms it.".to_owned(),
            });
        }
        Detail::Terms { withdrawn_at: None } | Detail::Nothing => {}
    }
}

/// On whose word the origin of a work rests, and what each attestation of a file of it says.
pub(super) fn show_attested(attested: &Attested, text: &mut Text) {
    let origin = match attested.standing {
        Standing::CreatorsWordOnly => "nobody attests a file of this work",
        Standing::AttestedByTheProvider | Standing::AttestedByOthers => {
            "what follows is the word of who attests it"
        }
    };
    text.heading(format!("Origin: {} ({origin})", attested.standing.in_words()));
    for output in &attested.outputs {
        attested_file(output, text);
    }
    if attested.truncated {
        text.remark("There are more attestations of these files than are shown.");
    }
}

fn attested_file(output: &AttestedFile, text: &mut Text) {
    let whose = if output.by_the_provider {
        "the provider of its contract"
    } else {
        "who is not the provider of a contract for it"
    };
    let (by, entry) = (&output.by, output.entry);
    text.line(format!("{entry}  attested by {by}, {whose}"));
    text.field("  file", output.digest);
    text.field("  account", &output.account);
    text.field("  model", &output.model);
    text.field("  given out", format!("{}, as claimed", day_or_moment(output.at)));
    text.field("  registered", day_or_moment(output.registered_at));
    text.field("  reference", &output.reference);
    if let Some(prompt) = output.prompt_commitment {
        let met = match output.prompt_met {
            Some(true) => "the one that the creator registered",
            Some(false) => "another than the creator registered; opened, both can be compared",
            None => "the creator registered none",
        };
        text.field("  prompt", format!("commitment {prompt}: {met}"));
    }
    for difference in &output.differences {
        let (what, attested) = (difference.what, &difference.attested);
        let registered = &difference.registered;
        text.line(format!(
            "  differs: the {what} is attested as {attested}, registered as {registered}"
        ));
    }
}
