//! Works that are the same as a file, or like it. Likeness is a reason to look, and proves nothing.

use super::{AnswerError, Names, WorkLabel, json};
use crate::admission::{CodeBlock, TextBand, View};
use crate::record::{CodeKind, ContentCode, ContentCodes, Digest, EntryNumber, Handle, Timestamp};
use crate::store::Reader;
use serde::Serialize;
use std::collections::BTreeMap;

/// Places of one file among the codes of a work: 0 for the whole of it, then its regions.
const REGION_PLACES: u32 = 32;

/// What a distance means where the picture is flat, whatever the distance.
const UNRELIABLE: &str =
    "unreliable: the picture has next to no contrast, and others are like it by chance";

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatchFilter<'a> {
    /// The digest of the file.
    pub digest: Digest,
    /// Its codes.
    pub codes: &'a ContentCodes,
    /// The codes of windows of it, where it is a picture.
    pub windows: &'a [ContentCode],
    /// In how many of 64 bits or features codes may differ, of whatever kind, up to
    /// [`Likeness::max_distance`]; what [`Likeness::usual_distance`] says where nothing is given.
    pub max_distance: Option<u32>,
    /// Whether likeness of the picture says little, as with next to no contrast.
    pub is_unreliable: bool,
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
    /// In how many of 64 bits or features codes may differ unless somebody says otherwise.
    pub const fn usual_distance(self) -> u32 {
        match self {
            Self::Same => 0,
            Self::Picture | Self::Bytes => 8,
            Self::Text => TextBand::MAX_DISTANCE,
            Self::Region => 5,
        }
    }

    /// In how many codes may differ at most, to be looked for.
    pub const fn max_distance(self) -> u32 {
        match self {
            Self::Same => 0,
            Self::Picture | Self::Bytes | Self::Region => CodeBlock::MAX_DISTANCE,
            Self::Text => TextBand::MAX_DISTANCE,
        }
    }

    /// What a distance means, in words without a full stop.
    pub const fn meaning(self, distance: u32) -> &'static str {
        match (self, distance) {
            (Self::Same, _) => "the same bytes",
            (Self::Picture, 0..=2) => "nearly always the same picture, compressed or resized anew",
            (Self::Picture, 3..=5) => "mostly the same picture with slight changes",
            (Self::Picture, _) => "perhaps the same picture, changed; look at both",
            (Self::Text, 0..=11) => "nearly the same text, a sentence or two changed or moved",
            (Self::Text, 12..=34) => "much of the text in common, word for word",
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
    /// In how many of 64 bits the codes differ, those of texts in how many of 64 features; 0 for the same
    /// bytes.
    pub distance: u32,
    /// What that means; begins with `unreliable: ` where the picture says little.
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
            CodeKind::Data => Some(Likeness::Bytes).filter(|_| region == 0),
            CodeKind::Instance => None,
            CodeKind::Image if region == 0 && self.region == 0 => Some(Likeness::Picture),
            // One of them is a crop of the other, or they differ outside of this region.
            CodeKind::Image if region == 0 || self.region == 0 || region == self.region => {
                Some(Likeness::Region)
            }
            CodeKind::Image => None,
        }
    }
}

/// The works that are the same as a file or like it, whatever the size of the ledger, which the time hardly
/// depends on. Of whole pictures, their regions and bytes nothing within the distances is missed; windows are
/// looked for by unchanged parts, of which very common ones are not followed to their end, and texts by bands that they have in common ([`TextBand`]).
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
    let allowed = |likeness: Likeness| match filter.max_distance {
        Some(asked) => asked.min(likeness.max_distance()),
        None => likeness.usual_distance(),
    };
    if let Some(text) = filter.codes.text {
        for near in reader.texts_within(text, allowed(Likeness::Text))? {
            keep(near.entry, (Likeness::Text, near.distance));
        }
    }
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
    // One of them is what a region of a work has become where the file is a crop.
    let allowed = allowed(Likeness::Region);
    let windows: Vec<_> =
        filter.windows.iter().filter(|code| !code.is_featureless()).copied().collect();
    for near in reader.codes_sharing_a_part(&windows, allowed)? {
        keep(near.row.entry, (Likeness::Region, near.distance));
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
            meaning: match likeness {
                Likeness::Picture | Likeness::Region if filter.is_unreliable => UNRELIABLE,
                Likeness::Same
                | Likeness::Picture
                | Likeness::Text
                | Likeness::Bytes
                | Likeness::Region => likeness.meaning(distance),
            },
        })
    });
    Ok(Matches { matches: found.collect::<Result<_, AnswerError>>()?, truncated })
}

/// The codes by which a file is looked for; as works are kept by them.
fn probes(codes: &ContentCodes) -> Vec<Probe> {
    let whole = std::iter::once(&codes.data).chain(&codes.image).map(|code| (0, *code));
    let all = whole.chain((1..).zip(codes.regions.iter().copied()));
    let probe = |(region, code)| Probe { code, region };
    all.map(probe).filter(|probe| !probe.code.is_featureless()).collect()
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
