//! The algebra of rights, territories, scopes and periods: intersection and difference partition.

use super::generated;
use crate::support::cases;
use deedbook::record::{CountryCode, Period, Right, Rights, Scope, Territory, Timestamp};
use proptest::prelude::*;

/// Countries to look at, and a sample of what one looks at in a period.
fn countries() -> Vec<CountryCode> {
    ["AD", "CN", "DE", "JP", "US", "ZW"].iter().map(|code| code.parse().unwrap()).collect()
}

fn covers(scope: Option<Scope>, right: Right, country: CountryCode) -> bool {
    scope.is_some_and(|scope| scope.rights.contains(right) && scope.territory.contains(country))
}

fn period() -> impl Strategy<Value = Period> {
    (-20_i64..20, prop::option::of(1_i64..20)).prop_map(|(from, length)| {
        let at = |millis| Timestamp::from_millis(millis).unwrap();
        Period::new(at(from), length.map(|length| at(from + length))).unwrap()
    })
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn rights_partition(a in generated::rights(), b in generated::rights()) {
        for &right in Right::ALL {
            let (has, other) = (a.contains(right), b.contains(right));
            let both = a.intersection(b).is_some_and(|set| set.contains(right));
            let only = a.difference(b).is_some_and(|set| set.contains(right));
            prop_assert_eq!(both, has && other);
            prop_assert_eq!(only, has && !other);
        }
        prop_assert_eq!(a.to_string().parse(), Ok(a));
        prop_assert_eq!(Rights::from_bits(a.bits()), Some(a));
        prop_assert_eq!(Rights::of(a.iter()), Some(a));
    }

    #[test]
    fn territories_partition(a in generated::territory(), b in generated::territory()) {
        for country in countries() {
            let (has, other) = (a.contains(country), b.contains(country));
            let both = a.intersection(b).is_some_and(|set| set.contains(country));
            let only = a.difference(b).is_some_and(|set| set.contains(country));
            prop_assert_eq!(both, has && other);
            prop_assert_eq!(only, has && !other);
        }
        prop_assert_eq!(a.to_string().parse(), Ok(a));
        for part in [a.intersection(b), a.difference(b)].into_iter().flatten() {
            prop_assert_eq!(part.to_string().parse(), Ok(part));
            prop_assert_eq!(part.intersection(a), Some(part));
        }
    }

    #[test]
    fn scopes_partition_into_disjoint_pieces(a in generated::scope(), b in generated::scope()) {
        let pieces = a.difference(b);
        for &right in Right::ALL {
            for country in countries() {
                let (has, other) = (covers(Some(a), right, country), covers(Some(b), right, country));
                prop_assert_eq!(covers(a.intersection(b), right, country), has && other);
                let left = pieces.iter().filter(|piece| covers(**piece, right, country)).count();
                prop_assert_eq!(left, usize::from(has && !other));
            }
        }
    }

    #[test]
    fn periods_partition_into_disjoint_pieces(a in period(), b in period()) {
        let pieces = a.difference(b);
        for millis in -25..45 {
            let moment = Timestamp::from_millis(millis).unwrap();
            let (has, other) = (a.contains(moment), b.contains(moment));
            let both = a.intersection(b).is_some_and(|period| period.contains(moment));
            prop_assert_eq!(both, has && other);
            let left = pieces.iter().flatten().filter(|piece| piece.contains(moment)).count();
            prop_assert_eq!(left, usize::from(has && !other), "{} in {} less {}", moment, a, b);
        }
    }

    #[test]
    fn scopes_have_one_wire_form(scope in generated::scope()) {
        let mut bytes = Vec::new();
        ciborium::into_writer(&scope, &mut bytes).unwrap();
        prop_assert_eq!(super::canonical::check(&bytes, &[]), Ok(()));
        prop_assert_eq!(ciborium::from_reader::<Scope, _>(bytes.as_slice()).unwrap(), scope);
    }
}

#[test]
fn nothing_is_no_set() {
    assert_eq!(Rights::of([]), None);
    assert_eq!(Rights::from_bits(0), None);
    assert_eq!(Rights::from_bits(1 << Right::ALL.len()), None);
    assert_eq!(Territory::of([]), None);
    assert_eq!(Rights::ALL.difference(Rights::ALL), None);
    assert_eq!(Territory::WORLDWIDE.difference(Territory::WORLDWIDE), None);
    assert_eq!(Scope::WHOLE.difference(Scope::WHOLE), [None, None]);
    let start = Timestamp::from_millis(0).unwrap();
    assert!(Period::new(start, Some(start)).is_err());
    assert_eq!(Period::since(start).difference(Period::since(start)), [None, None]);
}
