//! An extent: kinds of right by territory by period, the box in which a share is held. Never
//! empty, and never anything but a box: what is not one is given as several.

use crate::record::{Period, Rights, Scope, Territory};

/// Some rights, in some places, for some time: every combination of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Extent {
    pub(super) scope: Scope,
    pub(super) period: Period,
}

impl Extent {
    /// What both cover.
    pub(super) fn intersection(self, other: Self) -> Option<Self> {
        Some(Self {
            scope: self.scope.intersection(other.scope)?,
            period: self.period.intersection(other.period)?,
        })
    }

    /// What this one covers and the other does not, in at most four disjoint pieces. Rights and
    /// places that the other leaves alone keep their whole period, so that a transfer of one
    /// right does not cut the time of the rest.
    pub(super) fn difference(self, other: Self) -> impl Iterator<Item = Self> {
        let (scopes, periods, shared) = match self.intersection(other) {
            Some(shared) => (
                self.scope.difference(shared.scope),
                self.period.difference(shared.period),
                shared.scope,
            ),
            None => ([Some(self.scope), None], [None, None], self.scope),
        };
        let aside =
            scopes.into_iter().flatten().map(move |scope| Self { scope, period: self.period });
        let around =
            periods.into_iter().flatten().map(move |period| Self { scope: shared, period });
        aside.chain(around)
    }

    /// Both together, where they do not overlap and are one box: equal but for the rights, but
    /// for the territory, or but for the period, and there one follows the other.
    pub(super) fn joined(self, other: Self) -> Option<Self> {
        let (Scope { rights, territory }, period) = (self.scope, self.period);
        let same_rights = rights == other.scope.rights;
        let same_territory = territory == other.scope.territory;
        let same_period = period == other.period;
        match (same_rights, same_territory, same_period) {
            (false, true, true) => Some(Self {
                scope: Scope { rights: both_rights(rights, other.scope.rights)?, territory },
                period,
            }),
            (true, false, true) => Some(Self {
                scope: Scope {
                    rights,
                    territory: both_territories(territory, other.scope.territory)?,
                },
                period,
            }),
            (true, true, false) => {
                Some(Self { scope: self.scope, period: both_periods(period, other.period)? })
            }
            (true, true, true) | (false, false, _) | (false, _, false) | (_, false, false) => None,
        }
    }
}

fn both_rights(one: Rights, other: Rights) -> Option<Rights> {
    match one.intersection(other) {
        Some(_) => None,
        None => Rights::from_bits(one.bits() | other.bits()),
    }
}

/// Everywhere but where neither is.
fn both_territories(one: Territory, other: Territory) -> Option<Territory> {
    if one.intersection(other).is_some() {
        return None;
    }
    let outside_one = Territory::WORLDWIDE.difference(one)?;
    match outside_one.difference(other) {
        Some(outside) => Territory::WORLDWIDE.difference(outside),
        None => Some(Territory::WORLDWIDE),
    }
}

fn both_periods(one: Period, other: Period) -> Option<Period> {
    let (first, second) = if one.from() <= other.from() { (one, other) } else { (other, one) };
    if first.until() == Some(second.from()) {
        Period::new(first.from(), second.until()).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Timestamp;

    fn extent(rights: &str, territory: &str, from: &str, until: Option<&str>) -> Extent {
        let moment = |text: &str| Timestamp::parse_start(text).unwrap();
        Extent {
            scope: Scope { rights: rights.parse().unwrap(), territory: territory.parse().unwrap() },
            period: Period::new(moment(from), until.map(moment)).unwrap(),
        }
    }

    #[test]
    fn a_difference_and_the_intersection_make_the_extent_again() {
        let whole = extent("all", "worldwide", "2026-01-01", None);
        let part = extent("translation", "JP", "2026-06-01", Some("2027-01-01"));
        let mut pieces: Vec<Extent> = whole.difference(part).collect();
        assert_eq!(pieces.len(), 4);
        pieces.push(part);
        for (index, one) in pieces.iter().enumerate() {
            for other in &pieces[index + 1..] {
                assert_eq!(one.intersection(*other), None);
            }
        }
        // before + part + after, then the rest of the world, then the other rights
        let middle = pieces[2].joined(part).unwrap().joined(pieces[3]).unwrap();
        let right = middle.joined(pieces[1]).unwrap();
        assert_eq!(right.joined(pieces[0]), Some(whole));
    }

    #[test]
    fn a_difference_with_what_does_not_touch_is_the_whole() {
        let some = extent("translation", "JP", "2026-01-01", None);
        let other = extent("translation", "CN", "2026-01-01", None);
        assert_eq!(some.difference(other).collect::<Vec<_>>(), [some]);
        assert_eq!(some.difference(some).count(), 0);
    }

    #[test]
    fn only_neighbours_are_joined() {
        let some = extent("translation", "JP", "2026-01-01", Some("2026-06-01"));
        for stranger in [
            some,
            extent("translation", "JP", "2026-05-01", None),
            extent("translation", "JP", "2026-06-02", None),
            extent("translation", "JP,CN", "2026-01-01", Some("2026-06-01")),
            extent("adaptation,translation", "JP", "2026-01-01", Some("2026-06-01")),
            extent("adaptation", "CN", "2026-01-01", Some("2026-06-01")),
            extent("adaptation", "JP", "2026-06-01", None),
        ] {
            assert_eq!(some.joined(stranger), None, "{stranger:?}");
            assert_eq!(stranger.joined(some), None, "{stranger:?}");
        }
    }
}
