//! Accounts that begin with a balance from elsewhere.

use super::*;

prop_compose! {
    fn opened()(
        mut given in given(),
        days in select(vec![-200_i64, -1, 0, 1, 30, 76, 78, 89, 90, 91, 200, 400]),
        loss in prop_oneof![Just(0), minors()],
        unrecouped in prop_oneof![Just(0), minors()],
        earned in prop_oneof![Just(0), minors()],
        owed in prop_oneof![Just(0), minors()],
        given_back in vec((0_i64..500, 1..50_000_i64), 0..3),
        heights in vec((prop_oneof![Just(0), minors()], select(vec![0_u64, 1, 9, 10, 11, 50])), 2),
    ) -> Given {
        // Before the contract of these clauses begins, or in the middle of what they make due.
        let on = Timestamp::from_millis(given.start.as_millis() + days * DAY_MS).unwrap();
        let both_have = |kind: &Option<Category>| {
            let has = |rates: &[RateLine]| rates.iter().any(|line| line.kind == *kind);
            let other = given.share.alternative.as_ref();
            has(&given.share.rates) && other.is_none_or(|other| has(&other.rates))
        };
        let kinds = [None, Some(name("prints"))].into_iter().zip(heights);
        let reached = kinds.filter(|(kind, _)| both_have(kind)).map(|(kind, (base, units))| {
            Reached { kind, base: yuans(base), units }
        });
        given.opening = Some(Opening {
            entry: EntryNumber::new(90),
            on,
            loss: yuans(loss),
            unrecouped: yuans(unrecouped),
            earned: yuans(earned),
            owed: yuans(owed),
            given_back: given_back
                .into_iter()
                .map(|(days, minor)| Receipt {
                    entry: EntryNumber::new(91),
                    on: Timestamp::from_millis(on.as_millis() + days * DAY_MS).unwrap(),
                    amount: yuans(minor),
                    work: None,
                })
                .collect(),
            reached: reached.collect(),
        });
        given.events.retain(|event| event.on >= on);
        given
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn agrees_from_an_opening_balance_on(given in opened()) {
        check_agreement(&given)?;
    }
}
