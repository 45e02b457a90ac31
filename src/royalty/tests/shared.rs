//! What came in for a work and is shared along licences and among holders, beside a second division that is
//! written from the rules: `autumn` (3) is made from `summer` (2), that from `spring` (1).

use super::super::*;
use crate::money::{Amount, Currency, Fraction, Rounding, Share, SplitRule};
use crate::record::{EntryNumber, LineKind, Passing, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;

const SPRING: EntryNumber = EntryNumber::new(1);
const SUMMER: EntryNumber = EntryNumber::new(2);
const AUTUMN: EntryNumber = EntryNumber::new(3);
const WEN: EntryNumber = EntryNumber::new(11);
const BO: EntryNumber = EntryNumber::new(12);

fn at(text: &str) -> Timestamp {
    Timestamp::parse_start(text).unwrap()
}

fn yuan() -> Currency {
    "CNY".parse().unwrap()
}

fn amount(minor: i128) -> Amount {
    Amount::new(minor, yuan()).unwrap()
}

/// Wen and bo, the first with so much.
fn both(share: &str) -> Vec<(EntryNumber, Share)> {
    let first: Fraction = share.parse().unwrap();
    let rest = Fraction::ONE.checked_sub(first).unwrap();
    let holders = [(WEN, first), (BO, rest)].into_iter().filter(|(_, it)| !it.is_zero());
    holders.map(|(holder, it)| (holder, Share::new(it).unwrap())).collect()
}

/// Whole minor units, rounded down, and those that are left over one by one where most was cut off.
fn divide(minor: i128, weights: &[Fraction]) -> Vec<i128> {
    let all = weights.iter().fold(Fraction::ZERO, |sum, it| sum.checked_add(*it).unwrap());
    let exact: Vec<Fraction> = weights
        .iter()
        .map(|it| {
            let whole = Fraction::from_integer(minor.abs());
            whole.checked_mul(*it).unwrap().checked_div(all).unwrap()
        })
        .collect();
    let mut parts: Vec<i128> = exact.iter().map(|it| Rounding::Down.round(*it)).collect();
    while parts.iter().sum::<i128>() < minor.abs() {
        let cut = |place: &usize| {
            exact[*place].checked_sub(Fraction::from_integer(parts[*place])).unwrap()
        };
        let most = (0..parts.len()).map(|it| cut(&it)).max().unwrap();
        let first = (0..parts.len()).find(|place| cut(place) == most).unwrap();
        parts[first] += 1;
    }
    parts.into_iter().map(|part| part * minor.signum()).collect()
}

fn among(minor: i128, holders: &[(EntryNumber, Share)]) -> Vec<(EntryNumber, i128)> {
    let weights: Vec<Fraction> = holders.iter().map(|(_, share)| share.as_fraction()).collect();
    holders.iter().map(|(holder, _)| *holder).zip(divide(minor, &weights)).collect()
}

#[derive(Clone, Debug)]
struct Given {
    /// Of summer under a licence of spring, of autumn under one of summer.
    licences: [(String, Passing); 2],
    /// Of spring and summer always, of autumn at first and from March on.
    shares: [String; 4],
    lines: Vec<(bool, LineKind, i64)>,
    /// What was earned in the first quarter.
    earned: i64,
}

prop_compose! {
    fn given()(
        rates in [select(vec!["0%", "5%", "1/3", "50%"]), select(vec!["0%", "10%", "1/3", "50%"])],
        passing in [any::<bool>(), any::<bool>()],
        shares in proptest::array::uniform4(select(vec!["1", "1/2", "1/3", "99/100", "0"])),
        lines in prop::collection::vec(
            (
                any::<bool>(),
                select(vec![LineKind::Revenue, LineKind::Revenue, LineKind::Expense, LineKind::Refund]),
                select(vec![1_i64, 2, 99, 100, 12_345, 1_000_000_007]),
            ),
            0..8,
        ),
        earned in select(vec![0_i64, 1, 3, 1000]),
    ) -> Given {
        let passing = passing.map(|it| match it {
            true => Passing::EveryAncestor,
            false => Passing::DirectParents,
        });
        let [first, second] = rates.map(str::to_owned);
        let licences = [(first, passing[0]), (second, passing[1])];
        Given { licences, shares: shares.map(str::to_owned), lines, earned }
    }
}

type Sums = BTreeMap<(EntryNumber, EntryNumber), i128>;

fn add(sums: &mut Sums, work: EntryNumber, parts: Vec<(EntryNumber, i128)>) {
    parts.into_iter().for_each(|(holder, minor)| *sums.entry((work, holder)).or_default() += minor);
}

impl Given {
    /// What holders of ancestors are owed, what wen and bo pass on, and what is left for autumn's own.
    fn naive(&self) -> (Sums, Sums, Sums) {
        // Along one licence both rules take the same.
        let [(of_summer, first), (of_autumn, _)] = &self.licences;
        let rate = |text: &str| text.parse::<Fraction>().unwrap();
        let into_summer = rate(of_autumn);
        let (direct, through) = match first {
            Passing::EveryAncestor => (rate(of_summer), Fraction::ZERO),
            Passing::DirectParents => {
                (Fraction::ZERO, into_summer.checked_mul(rate(of_summer)).unwrap())
            }
        };
        let kept = Fraction::ONE.checked_sub(into_summer).unwrap().checked_sub(direct).unwrap();
        let weights =
            [kept, direct.checked_add(through).unwrap(), into_summer.checked_sub(through).unwrap()];
        let [mut licensed, mut onward, mut own] = [Sums::new(), Sums::new(), Sums::new()];
        let held = self.shares.clone().map(|share| both(&share));
        let mut left = [0_i128; 2];
        for later in [false, true] {
            let sum = |kinds: &[(LineKind, i128)]| -> i128 {
                let lines = self.lines.iter().filter(|(is_later, ..)| *is_later == later);
                let sign =
                    |kind| kinds.iter().find(|(it, _)| *it == kind).map_or(0, |(_, sign)| *sign);
                lines.map(|(_, kind, minor)| sign(*kind) * i128::from(*minor)).sum()
            };
            let came = sum(&[(LineKind::Revenue, 1), (LineKind::Refund, -1)]);
            let spent = sum(&[(LineKind::Expense, 1)]);
            let [_, spring, summer] = divide(came, &weights).try_into().unwrap();
            if direct.is_zero() {
                add(&mut licensed, SUMMER, among(spring + summer, &held[1]));
                for (payer, part) in among(spring, &held[1]) {
                    for (holder, minor) in among(part, &held[0]) {
                        *onward.entry((payer, holder)).or_default() += minor;
                    }
                }
            } else {
                add(&mut licensed, SUMMER, among(summer, &held[1]));
                add(&mut licensed, SPRING, among(spring, &held[0]));
            }
            left[usize::from(later)] = came - spent - spring - summer;
        }
        let came_in = left.map(|it| it.max(0));
        let borne = match came_in.iter().sum::<i128>() {
            0 => vec![0, i128::from(self.earned)],
            _ => divide(i128::from(self.earned), &came_in.map(Fraction::from_integer)),
        };
        for later in [0, 1] {
            add(&mut own, AUTUMN, among(left[later], &held[2 + later]));
            add(&mut own, AUTUMN, among(-borne[later], &held[2 + later]));
        }
        (licensed, onward, own)
    }

    fn found(&self, reversed: bool) -> Proceeds {
        let licence = |child, parent, (rate, passing): &(String, Passing)| Derived {
            child,
            parent,
            rate: rate.parse().unwrap(),
            passing: *passing,
        };
        let [first, second] = &self.licences;
        let licences = [licence(SUMMER, SPRING, first), licence(AUTUMN, SUMMER, second)];
        let from = |day, share: &str| Holders { from: at(day), shares: both(share) };
        let [spring, summer, before, after] = &self.shares;
        let holders = BTreeMap::from([
            (SPRING, vec![from("2025-01-01", spring)]),
            (SUMMER, vec![from("2025-01-01", summer)]),
            (AUTUMN, vec![from("2025-01-01", before), from("2026-03-01", after)]),
        ]);
        let mut received: Vec<Received> = self
            .lines
            .iter()
            .map(|(is_later, kind, minor)| Received {
                entry: EntryNumber::new(20),
                on: at(if *is_later { "2026-03-01" } else { "2026-02-28" }),
                period: at("2026-01-01"),
                kind: *kind,
                minor: Fraction::from_integer(i128::from(*minor)),
            })
            .collect();
        if reversed {
            received.reverse();
        }
        let charge = Charge {
            from: at("2026-01-01"),
            until: at("2026-04-01"),
            amount: amount(i128::from(self.earned)),
            of: None,
        };
        proceeds(&WorkFacts {
            work: AUTUMN,
            received: &received,
            licences: &licences,
            holders: &holders,
            charges: &[charge],
            currency: yuan(),
            rounding: Rounding::default(),
            split: SplitRule::default(),
            called: &Called::default(),
        })
        .unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_is_shared_agrees_and_nothing_is_lost(given in given()) {
        let found = given.found(false);
        let (licensed, onward, own) = given.naive();
        let without_zeros = |sums: Sums| -> Sums {
            sums.into_iter().filter(|(_, minor)| *minor != 0).collect()
        };
        let mut sums = [Sums::new(), Sums::new(), Sums::new()];
        for part in &found.licensed {
            *sums[0].entry((part.work, part.holder)).or_default() += part.amount.minor();
        }
        for part in &found.onward {
            prop_assert_eq!((part.from, part.licensed.work), (SUMMER, SPRING));
            let minor = part.licensed.amount.minor();
            *sums[1].entry((part.payer, part.licensed.holder)).or_default() += minor;
        }
        for part in &found.parts {
            *sums[2].entry((AUTUMN, part.holder)).or_default() += part.remainder.minor();
        }
        prop_assert_eq!(sums.map(without_zeros), [licensed, onward, own].map(without_zeros));
        let out: i128 = found.licensed.iter().map(|it| it.amount.minor()).sum::<i128>()
            + found.parts.iter().map(|it| it.remainder.minor()).sum::<i128>();
        let rest = found.received.minor() - found.expenses.minor() - found.earned.minor();
        prop_assert_eq!(out, rest, "money in is money out");
        prop_assert_eq!(given.found(true), found, "in whatever order lines arrive");
    }
}
