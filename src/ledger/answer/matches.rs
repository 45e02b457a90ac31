//! Works that are the same as a file, or like it. Likeness is a reason to look, and proves nothing.

use super::{AnswerError, Names, WorkLabel, json};
use crate::admission::View;
use crate::record::{CodeKind, ContentCode, ContentCodes, Digest, EntryNumber, Handle, Timestamp};
use crate::store::Reader;
use serde::Serialize;
use std::collections::BTreeMap;

/// Places of one file among the codes of a work: 0 for the whole of it, then its regions.
const REGION_PLACES: u32 = 32;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatchFilter<'a> {
    /// The digest of the file.
    pub digest: Digest,
    /// Its codes.
    pub codes: &'a ContentCodes,
    /// In how many bits codes may differ, of whatever kind; what [`Likeness::usual_distance`] says where
    /// nothing is given. At most [`crate::admission::CodeBlock::MAX_DISTANCE`].
    pub max_distance: Option<u32>,
    /// At most so many works.
    pub limit: usize,
}

/// In what a work is like a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// The same bytes.
    Same,
    /// The picture as a whole.
    Picture,
    /// The letters of a text.
    Text,
    /// Runs of bytes.
    Bytes,
    /// A region of a picture, such as what a crop left.
    Region,
}

impl Likeness {
    /// In how many of 64 bits codes may differ unless somebody says otherwise: of two codes drawn at
    /// random, one pair in some thousand million is within 8 bits.
    pub const fn usual_distance(self) -> u32 {
        match self {
            Self::Same => 0,
            Self::Picture | Self::Bytes => 8,
            Self::Text => 11,
            Self::Region => 5,
        }
    }

    /// What a distance means, in words without a full stop.
    pub const fn meaning(self, distance: u32) -> &'static str {
        match (self, distance) {
            (Self::Same, _) => "the same bytes",
            (Self::Picture, 0..=2) => "nearly always the same picture, compressed or resized anew",
            (Self::Picture, 3..=5) => "mostly the same picture with slight changes",
            (Self::Picture, _) => "perhaps the same picture, changed; look at both",
            (Self::Text, 0..=3) => "nearly the same text",
            (Self::Text, 4..=8) => "much of the text in common",
            (Self::Text, _) => "perhaps parts of the text in common; read both",
            (Self::Bytes, 0..=3) => "most of the bytes in common",
            (Self::Bytes, _) => "perhaps many bytes in common; compare both",
            (Self::Region, 0..=2) => {
                "a part of one is nearly always in the other, as a crop leaves it"
            }
            (Self::Region, _) => "perhaps a part of one is in the other; look at both",
        }
    }
}

/// A work that is the same as a file, or like it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Match {
    /// The work.
    #[serde(flatten)]
    pub work: WorkLabel,
    /// Who registered it.
    #[serde(serialize_with = "json::text")]
    pub registered_by: Handle,
    /// When the ledger took it in.
    #[serde(serialize_with = "json::text")]
    pub registered_at: Timestamp,
    /// In what it is like the file.
    pub likeness: Likeness,
    /// In how many of 64 bits the codes differ; 0 for the same bytes.
    pub distance: u32,
    /// What that means.
    pub meaning: &'static str,
}

/// The works that are the same as a file or like it, the likest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Matches {
    /// The works.
    pub matches: Vec<Match>,
    /// Whether there are more.
    pub truncated: bool,
}

/// A code of the file, and which places of a work it is held against.
struct Probe {
    code: ContentCode,
    /// 0 for the whole file, from 1 on its regions.
    region: u32,
}

impl Probe {
    /// In what a code at this place would be like this one; none where the two say nothing together.
    fn likeness(&self, place: u32) -> Option<Likeness> {
        let region = place % REGION_PLACES;
        match self.code.kind() {
            CodeKind::Text => Some(Likeness::Text),
            CodeKind::Data | CodeKind::Instance => Some(Likeness::Bytes),
            CodeKind::Image if region == 0 && self.region == 0 => Some(Likeness::Picture),
            // One of them is a crop of the other, or they differ outside of this region.
            CodeKind::Image if region == 0 || self.region == 0 || region == self.region => {
                Some(Likeness::Region)
            }
            CodeKind::Image => None,
        }
    }
}

/// The works that are the same as a file or like it: exact within the distances, whatever the size of the
/// ledger, which the time hardly depends on.
///
/// # Errors
/// A ledger that cannot be read.
pub fn matches(reader: &Reader<'_>, filter: &MatchFilter<'_>) -> Result<Matches, AnswerError> {
    let mut best: BTreeMap<EntryNumber, (Likeness, u32)> = BTreeMap::new();
    let mut keep = |entry, found| {
        let best = best.entry(entry).or_insert(found);
        *best = found.min(*best);
    };
    for entry in reader.works_with(&filter.digest)? {
        keep(entry, (Likeness::Same, 0));
    }
    let allowed = |likeness: Likeness| filter.max_distance.unwrap_or(likeness.usual_distance());
    for probe in probes(filter.codes) {
        let own = probe
            .likeness(0)
            .map_or(0, allowed)
            .max(probe.likeness(probe.region).map_or(0, allowed));
        for near in reader.codes_within(probe.code, own)? {
            if let Some(likeness) = probe.likeness(near.row.place)
                && near.distance <= allowed(likeness)
            {
                keep(near.row.entry, (likeness, near.distance));
            }
        }
    }
    let mut order: Vec<_> =
        best.into_iter().map(|(entry, (likeness, distance))| (likeness, distance, entry)).collect();
    order.sort_unstable();
    let truncated = order.len() > filter.limit;
    let names = Names::new(reader);
    let found = order.into_iter().take(filter.limit).map(|(likeness, distance, entry)| {
        Ok(Match {
            work: names.work_label(entry)?,
            registered_by: names.handle(names.work(entry)?.signer)?,
            registered_at: reader.registered_at(entry)?,
            likeness,
            distance,
            meaning: likeness.meaning(distance),
        })
    });
    Ok(Matches { matches: found.collect::<Result<_, AnswerError>>()?, truncated })
}

/// The codes by which a file is looked for; as works are kept by them.
fn probes(codes: &ContentCodes) -> Vec<Probe> {
    let main = codes.image.or(codes.text).unwrap_or(codes.data);
    let all = std::iter::once(main).chain(codes.regions.iter().copied());
    let probe = |(region, code)| Probe { code, region };
    (0..).zip(all).map(probe).filter(|probe| !probe.code.is_featureless()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_held_against_wholes_and_their_own_kind() {
        let probe = |region| Probe { code: ContentCode::new(CodeKind::Image, 0), region };
        // The second file of a work begins at place 32.
        assert_eq!(probe(0).likeness(32), Some(Likeness::Picture));
        assert_eq!(probe(0).likeness(33), Some(Likeness::Region));
        assert_eq!(probe(2).likeness(0), Some(Likeness::Region));
        assert_eq!(probe(2).likeness(34), Some(Likeness::Region));
        assert_eq!(probe(2).likeness(35), None);
    }
}
