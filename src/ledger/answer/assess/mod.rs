//! What the record of a creation holds, since when that can be shown, and what is missing, for each
//! element that published decisions looked at.
//!
//! A checklist with sources. Never a score, never a prediction, never advice on law.

mod checklist;
mod decision;
mod element;
mod facts;

pub use decision::{DECISIONS, Decision};
pub use element::Element;

use super::{AnswerError, Names, Standing, WorkLabel, json};
use crate::record::{EntryNumber, Timestamp};
use crate::store::Reader;
use crate::timestamp::TimestampAnswer;
use facts::CreationFacts;
use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// What every answer says of itself.
pub const NOT_ADVICE: &str = "A checklist of what published decisions looked at and what this record \
     holds. It is no score, no prediction and no legal advice; other decisions may look at other things.";

/// Things of one kind that an answer shows for an element.
const MAX_HELD: usize = 50;

/// The checklist of a work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// The work.
    #[serde(flatten)]
    pub work: WorkLabel,
    /// On whose word its origin rests.
    pub attestation: Standing,
    /// What this is and what it is not.
    pub caveat: &'static str,
    /// The elements, in order.
    pub elements: Vec<Assessed>,
}

/// One element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assessed {
    /// Which.
    pub element: Element,
    /// What it asks.
    pub question: &'static str,
    /// What the record holds.
    pub held: Vec<Held>,
    /// How many more things there are than are shown.
    pub more: usize,
    /// What the record does not hold.
    pub missing: Vec<&'static str>,
    /// The decisions that looked at it.
    pub decisions: Vec<Examined>,
}

/// Something that the record holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// What.
    pub says: String,
    /// The entry that says it.
    pub entry: EntryNumber,
    /// When the ledger took that in, by its own clock.
    #[serde(serialize_with = "json::text")]
    pub registered_at: Timestamp,
    /// The earliest moment at which somebody else saw a head of the log with it.
    pub seen: Option<Seen>,
}

/// What somebody else certifies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// When.
    #[serde(serialize_with = "json::text")]
    pub at: Timestamp,
    /// Who: a witness, or a time-stamping authority.
    pub by: String,
}

/// A decision, and what of the element it looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Examined {
    /// The decision.
    pub decision: &'static Decision,
    /// What it looked at.
    pub what: &'static str,
}

impl Serialize for Examined {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Decision { name, court, number, date, source, examined: _ } = self.decision;
        let number = Some(number).filter(|number| !number.is_empty());
        serde_json::json!({
            "name": name, "court": court, "number": number, "date": date,
            "source": source, "examined": self.what,
        })
        .serialize(serializer)
    }
}

/// What the record of a creation holds, as it was known at a moment.
///
/// # Errors
/// An entry that is no work; [`AnswerError::NotYet`] where the ledger did not know the work at that moment;
/// a ledger that cannot be read.
pub fn assess(
    reader: &Reader<'_>,
    work: EntryNumber,
    known_at: Timestamp,
) -> Result<Assessment, AnswerError> {
    let names = Names::new(reader);
    let facts = CreationFacts::of(&names, work, known_at)?;
    let mut times = BTreeMap::new();
    let mut elements = Vec::with_capacity(Element::ALL.len());
    for &element in Element::ALL {
        let (shown, missing) = checklist::element(&facts, element);
        let more = shown.len().saturating_sub(MAX_HELD);
        let mut held = Vec::new();
        for (entry, says) in shown.into_iter().take(MAX_HELD) {
            let (registered_at, seen) = match times.entry(entry) {
                Entry::Occupied(known) => Clone::clone(known.get()),
                Entry::Vacant(place) => {
                    let found = (reader.registered_at(entry)?, seen(reader, entry)?);
                    Clone::clone(place.insert(found))
                }
            };
            held.push(Held { says, entry, registered_at, seen });
        }
        let decisions = examined(element);
        let question = element.question();
        elements.push(Assessed { element, question, held, more, missing, decisions });
    }
    let (work, attestation) = (names.work_label(work)?, facts.attested.standing);
    Ok(Assessment { work, attestation, caveat: NOT_ADVICE, elements })
}

fn examined(element: Element) -> Vec<Examined> {
    let all = DECISIONS.iter().flat_map(|decision| {
        decision.examined.iter().map(move |(of, what)| (*of, Examined { decision, what }))
    });
    all.filter(|(of, _)| *of == element).map(|(_, examined)| examined).collect()
}

/// The earliest cosignature or time stamp over a head that covers the entry. Cosignatures are those
/// that the ledger keeps; who an authority is stays taken on trust, as `verify` says.
fn seen(reader: &Reader<'_>, entry: EntryNumber) -> Result<Option<Seen>, AnswerError> {
    let mut found: Vec<Seen> = Vec::new();
    if let Some(size) = reader.next_cosigned(entry.get())? {
        for row in reader.cosignatures(size)? {
            let millis = i64::try_from(row.time_s).ok().and_then(|time| time.checked_mul(1000));
            if let Some(Ok(at)) = millis.map(Timestamp::from_millis) {
                let name = row.witness.split('+').next().unwrap_or_default();
                found.push(Seen { at, by: format!("witness {name}") });
            }
        }
    }
    if let Some(size) = reader.next_stamped(entry.get())?
        && let Some(note) = reader.checkpoint_at(size)?
    {
        let digest: [u8; 32] = Sha256::digest(note.as_bytes()).into();
        for row in reader.time_stamps_of(size)? {
            let stamped = TimestampAnswer::from_der(&row.answer)
                .and_then(|answer| answer.verify_signature(&digest));
            let Ok(stamped) = stamped else { continue };
            if let Some(Ok(at)) = i64::try_from(stamped.at_ms).ok().map(Timestamp::from_millis) {
                found.push(Seen { at, by: format!("authority {}", stamped.authority) });
            }
        }
    }
    Ok(found.into_iter().min_by_key(|seen| seen.at))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No element is without a decision from which it comes, and every decision says where it was read.
    #[test]
    fn every_element_has_its_source() {
        for element in Element::ALL {
            assert!(!examined(*element).is_empty(), "{}", element.name());
        }
        for decision in DECISIONS {
            let Decision { name, court, date, source, .. } = decision;
            assert!([name, court, date, source].iter().all(|text| !text.is_empty()), "{name}");
        }
    }
}
