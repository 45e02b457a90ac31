//! One entry, whole: who signed what and when, every field by name, and where it stands in the log.

use super::attested::{Attested, attested};
use super::history::{fact, read};
use super::{
    Amendment, AnswerError, ContractLabel, Fact, Moments, Names, Owner, SessionLabel, json, owner,
    session_label, sessions_of,
};
use crate::admission::View;
use crate::record::{
    Account, Attestation, AttestedOutput, Contract, Entry, EntryNumber, Header, Record,
    RecordError, Statement, Thumbprint, Timestamp,
};
use crate::store::Reader;
use crate::tlog::leaf_hash;
use ciborium::Value as Cbor;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Keys of one party that an answer shows.
const MAX_KEYS: usize = 100;

/// One entry, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// What every entry has.
    #[serde(flatten)]
    pub fact: Fact,
    /// What the statement is about, as it stands in its header.
    pub subject: String,
    /// The signature algorithm.
    #[serde(serialize_with = "json::text")]
    pub algorithm: crate::record::Algorithm,
    /// Every field of the record, by the names of `schema/record-v1.cddl`; identifiers in
    /// hexadecimal digits, amounts, shares and moments as text.
    pub record: Map<String, Value>,
    /// The leaf of the tree: SHA-256 as RFC 9162 section 2.1.1 has it.
    pub leaf_hash: String,
    /// Bytes of the statement.
    pub size_bytes: usize,
    /// What the ledger says about it besides.
    pub detail: Detail,
}

/// What the ledger says about an entry besides what stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Detail {
    /// A work: who holds it, nothing where it is not yet made; and on whose word its origin rests.
    Work {
        /// Who holds.
        owner: Option<Box<Owner>>,
        /// What providers attest of its files.
        attestation: Box<Attested>,
        /// The sessions out of which its files came.
        sessions: Vec<SessionLabel>,
    },
    /// A contract: what was accepted, and each material clause.
    Contract {
        /// Terms and parties.
        #[serde(flatten)]
        label: ContractLabel,
        /// The contract that goes on under these terms, where this is an amendment.
        amends: Option<EntryNumber>,
        /// The amendments under which this contract goes on, in order of effect.
        amended_by: Vec<Amendment>,
        /// The clauses of the terms.
        clauses: Vec<ClauseShown>,
    },
    /// A party: its keys.
    Party {
        /// The keys.
        keys: Vec<KeyShown>,
    },
    /// Terms: from when on they are withdrawn.
    Terms {
        /// The moment.
        #[serde(serialize_with = "json::optional_text")]
        withdrawn_at: Option<Timestamp>,
    },
    /// A payment: its confirmation.
    Payment {
        /// The entry.
        confirmed_by: Option<EntryNumber>,
    },
    /// Nothing.
    Nothing,
}

/// A material clause and whether it was acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClauseShown {
    /// Its name.
    pub name: String,
    /// Its words.
    pub text: String,
    /// Whether the acceptance acknowledges it by name.
    pub acknowledged: bool,
}

/// A key of a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyShown {
    /// Its thumbprint.
    #[serde(serialize_with = "json::text")]
    pub key: Thumbprint,
    /// The enrolment or addition.
    pub entry: EntryNumber,
    /// The revocation, where there is one.
    pub revoked_by: Option<EntryNumber>,
}

/// One entry, whole.
///
/// # Errors
/// An entry that is not there; a ledger that cannot be read.
pub fn show(
    reader: &Reader<'_>,
    entry: EntryNumber,
    moments: Moments,
) -> Result<Shown, AnswerError> {
    let names = Names::new(reader);
    let (row, statement) = read(reader, entry)?;
    let Header { subject, algorithm, .. } = statement.header().clone();
    let leaf = leaf_hash(&Entry::leaf_data(row.registered_at, &row.statement));
    Ok(Shown {
        fact: fact(&names, entry, &[])?,
        subject,
        algorithm,
        record: fields(&statement)?,
        leaf_hash: leaf.to_string(),
        size_bytes: row.statement.len(),
        detail: detail(&names, entry, statement.record(), moments)?,
    })
}

fn detail(
    names: &Names<'_>,
    entry: EntryNumber,
    record: &Record,
    moments: Moments,
) -> Result<Detail, AnswerError> {
    let reader = names.reader();
    Ok(match record {
        Record::Work(work) => {
            let owner = match owner(reader, entry, moments) {
                Ok(owner) => Some(Box::new(owner)),
                Err(AnswerError::NotYet { .. }) => None,
                Err(error) => return Err(error),
            };
            let attestation = Box::new(attested(names, entry, work, moments.known_at)?);
            let sessions = sessions_of(reader, &work.contents)?.into_iter();
            let sessions = sessions.map(|session| session_label(names, session));
            Detail::Work { owner, attestation, sessions: sessions.collect::<Result<_, _>>()? }
        }
        Record::Contract(contract) => contract_detail(names, entry, contract)?,
        Record::Party(_) => {
            let mut keys = Vec::new();
            for row in reader.keys_of(entry, MAX_KEYS)? {
                keys.push(KeyShown {
                    key: row.kid,
                    entry: row.entry,
                    revoked_by: View::key(reader, &row.kid)?.and_then(|key| key.revoked_by),
                });
            }
            Detail::Party { keys }
        }
        Record::Terms(_) => Detail::Terms { withdrawn_at: names.terms(entry)?.withdrawn_at },
        Record::Payment(_) => Detail::Payment { confirmed_by: reader.confirmation(entry)? },
        Record::Ledger(_)
        | Record::KeyAdded(_)
        | Record::KeyRevoked(_)
        | Record::TermsWithdrawn(_)
        | Record::SplitAgreed(_)
        | Record::Assignment(_)
        | Record::Licence(_)
        | Record::Attestation(_)
        | Record::Labelled(_)
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
        | Record::SessionStopped(_) => Detail::Nothing,
    })
}

fn contract_detail(
    names: &Names<'_>,
    entry: EntryNumber,
    contract: &Contract,
) -> Result<Detail, AnswerError> {
    let terms = names.terms(names.entry(contract.terms)?)?.terms;
    let clauses = terms.clauses.iter().map(|clause| ClauseShown {
        name: clause.name.to_string(),
        text: clause.text.to_string(),
        acknowledged: contract.acknowledged.contains(&clause.name),
    });
    Ok(Detail::Contract {
        label: names.contract_label(entry)?,
        amends: names.contract(entry)?.amends,
        amended_by: Amendment::of(names, entry, |_| true)?,
        clauses: clauses.collect(),
    })
}

fn malformed(reason: impl ToString) -> AnswerError {
    RecordError::Malformed { reason: reason.to_string() }.into()
}

/// The payload of a statement, which any CBOR tool shows in the same way.
fn payload(statement: &Statement) -> Result<Vec<(Cbor, Cbor)>, AnswerError> {
    let read = |bytes: &[u8]| ciborium::from_reader::<Cbor, _>(bytes).map_err(malformed);
    let frame = read(statement.as_bytes())?;
    let parts = match frame {
        Cbor::Tag(_, frame) => frame.into_array().unwrap_or_default(),
        _ => Vec::new(),
    };
    let payload = parts.into_iter().nth(2).and_then(|part| part.into_bytes().ok());
    let payload = payload.ok_or_else(|| malformed("a statement has a payload"))?;
    read(&payload)?.into_map().map_err(|_| malformed("a record is a map"))
}

/// The fields of a record, for people and programs that do not read CBOR.
fn fields(statement: &Statement) -> Result<Map<String, Value>, AnswerError> {
    let entries = payload(statement)?;
    let body = entries.into_iter().find(|(key, _)| key.as_text() == Some("record"));
    let Some((_, body)) = body else {
        return Err(malformed("a record has a body"));
    };
    let Value::Object(mut fields) = readable("", body) else {
        return Err(malformed("the body of a record is a map"));
    };
    if let Record::Attestation(attestation) = statement.record() {
        fields.insert("outputs".to_owned(), outputs(attestation));
        // Each output says its own account and model here.
        fields.remove("accounts");
        fields.remove("models");
    }
    if let Record::Account(account) = statement.record() {
        fields.insert("lines".to_owned(), lines(account)?);
        // Each line says its own kind and category here.
        fields.remove("headings");
    }
    Ok(fields)
}

/// The lines of an account, which stand in the record as lists.
fn lines(account: &Account) -> Result<Value, AnswerError> {
    let mut lines = Vec::with_capacity(account.lines.len());
    for line in &account.lines {
        let work = line.work.and_then(|place| account.works.get(usize::from(place)));
        lines.push(json!({
            "kind": line.kind.name(),
            "on": line.on.to_string(),
            "amount": line.amount(account.currency)?.to_decimal(),
            "category": line.category.as_str(),
            "reference": line.reference.as_str(),
            "work": work.map(ToString::to_string),
            "units": line.units,
            "territory": line.territory.map(|country| country.as_str()),
        }));
    }
    Ok(Value::Array(lines))
}

/// The outputs of an attestation, which stand in the record as lists.
fn outputs(attestation: &Attestation) -> Value {
    let output = |output: &AttestedOutput| {
        json!({
            "digest": output.digest.to_string(),
            "at": output.at.to_string(),
            "reference": output.reference.as_str(),
            "account": output.account.as_str(),
            "model": output.model.as_str(),
            "prompt_commitment": output.prompt.map(|prompt| prompt.to_string()),
        })
    };
    attestation.outputs.iter().map(output).collect()
}

/// Fields that hold moments, in milliseconds.
fn is_moment(name: &str) -> bool {
    name.ends_with("_at") || matches!(name, "at" | "on" | "until")
}

fn readable(name: &str, value: Cbor) -> Value {
    match value {
        Cbor::Bytes(bytes) => Value::String(crate::record::hex::encode(&bytes)),
        Cbor::Text(text) => Value::String(text),
        Cbor::Bool(flag) => Value::Bool(flag),
        Cbor::Integer(number) => {
            let number = i128::from(number);
            let moment = i64::try_from(number).ok().filter(|_| is_moment(name));
            match moment.map(Timestamp::from_millis) {
                Some(Ok(moment)) => Value::String(moment.to_string()),
                Some(Err(_)) | None => i64::try_from(number)
                    .map(Value::from)
                    .or_else(|_| u64::try_from(number).map(Value::from))
                    .unwrap_or_else(|_| Value::String(number.to_string())),
            }
        }
        Cbor::Array(items) => pair(name, &items).unwrap_or_else(|| {
            Value::Array(items.into_iter().map(|item| readable(name, item)).collect())
        }),
        Cbor::Map(entries) => {
            let entries = entries.into_iter().map(|(key, value)| {
                let key = key.into_text().unwrap_or_default();
                let value = readable(&key, value);
                (key, value)
            });
            Value::Object(entries.collect())
        }
        // No record has floats or tags.
        _ => Value::Null,
    }
}

/// An amount `[minor units, "CNY"]` or a fraction `[1, 3]`, as people write them.
fn pair(name: &str, items: &[Cbor]) -> Option<Value> {
    let [first, second] = items else { return None };
    let first = i128::from(first.as_integer()?);
    let text = match second {
        Cbor::Text(code) => {
            let amount = crate::money::Amount::new(first, code.parse().ok()?).ok()?;
            amount.to_string()
        }
        Cbor::Integer(second) if matches!(name, "share" | "rate") => {
            crate::money::Fraction::new(first, i128::from(*second)).ok()?.to_string()
        }
        _ => return None,
    };
    Some(Value::String(text))
}
