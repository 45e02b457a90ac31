//! What a work was made from, and what was made from it, however far. Never more works than asked for.

use super::{AnswerError, Names, WorkLabel};
use crate::admission::DerivationRow;
use crate::record::{DerivationKind, EntryNumber};
use crate::store::Reader;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Works that one answer shows, where nothing else is asked for: more than a person can follow in a picture.
pub const MAX_LINEAGE: usize = 200;

/// The ancestors and descendants of a work. What else was made from an ancestor is not among them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lineage {
    /// The work.
    #[serde(flatten)]
    pub work: WorkLabel,
    /// All works, that one included, in order of registration: each after those that it was made from.
    pub works: Vec<LineageWork>,
    /// Which was made from which, in order of the derived works.
    pub derivations: Vec<Derivation>,
    /// Whether there are more works than are shown.
    pub truncated: bool,
}

/// A work of a lineage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineageWork {
    /// The work.
    #[serde(flatten)]
    pub label: WorkLabel,
    /// Who registered it.
    pub registered_by: String,
    /// How it is related to the work that was asked about.
    pub relation: Relation,
}

/// How a work is related to the one that was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// It is that work.
    Itself,
    /// That work was made from it, directly or not.
    Ancestor,
    /// It was made from that work, directly or not.
    Descendant,
}

/// One work that was made from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Derivation {
    /// The derived work.
    pub entry: EntryNumber,
    /// What it was made from.
    pub from: EntryNumber,
    /// What was done, where that is told.
    #[serde(serialize_with = "kind_name")]
    pub kind: Option<DerivationKind>,
    /// The licence that it names.
    pub licence: Option<EntryNumber>,
}

fn kind_name<S: Serializer>(
    kind: &Option<DerivationKind>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    kind.map(DerivationKind::name).serialize(serializer)
}

/// The lineage of a work, of at most `limit` works: those that are nearest to it.
///
/// # Errors
/// An entry that is not there; a ledger that cannot be read.
pub fn lineage(
    reader: &Reader<'_>,
    work: EntryNumber,
    limit: usize,
) -> Result<Lineage, AnswerError> {
    let names = Names::new(reader);
    let mut found = Found::new(work, limit);
    found.walk(work, Relation::Ancestor, |of| Ok(reader.derivations_of(of)?))?;
    let more = limit.saturating_add(1);
    found.walk(work, Relation::Descendant, |of| Ok(reader.derivations_from(of, more)?))?;
    let mut works = Vec::with_capacity(found.works.len());
    for (entry, relation) in &found.works {
        works.push(LineageWork {
            label: names.work_label(*entry)?,
            registered_by: names.handle(names.work(*entry)?.signer)?.to_string(),
            relation: *relation,
        });
    }
    let derivations = found.rows.into_values().map(|row| Derivation {
        entry: row.entry,
        from: row.parent,
        kind: row.kind,
        licence: row.licence,
    });
    Ok(Lineage {
        work: names.work_label(work)?,
        works,
        derivations: derivations.collect(),
        truncated: found.truncated,
    })
}

struct Found {
    works: BTreeMap<EntryNumber, Relation>,
    rows: BTreeMap<(EntryNumber, EntryNumber), DerivationRow>,
    limit: usize,
    truncated: bool,
}

impl Found {
    fn new(work: EntryNumber, limit: usize) -> Self {
        let works = BTreeMap::from([(work, Relation::Itself)]);
        Self { works, rows: BTreeMap::new(), limit, truncated: false }
    }

    /// Follows derivations one way, the nearest works first. Nothing is come to twice, and a work is
    /// always registered after those that it was made from, so that the walk ends.
    fn walk(
        &mut self,
        work: EntryNumber,
        relation: Relation,
        next: impl Fn(EntryNumber) -> Result<Vec<DerivationRow>, AnswerError>,
    ) -> Result<(), AnswerError> {
        let mut waiting = VecDeque::from([work]);
        let mut seen = BTreeSet::from([work]);
        while let Some(of) = waiting.pop_front() {
            for row in next(of)? {
                let other = if row.parent == of { row.entry } else { row.parent };
                if !seen.contains(&other) {
                    if self.works.len() >= self.limit {
                        self.truncated = true;
                        continue;
                    }
                    seen.insert(other);
                    self.works.insert(other, relation);
                    waiting.push_back(other);
                }
                self.rows.insert((row.entry, row.parent), row);
            }
        }
        Ok(())
    }
}
