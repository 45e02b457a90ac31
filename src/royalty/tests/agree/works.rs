//! Accounts of each work, and of all works of a contract together.

use super::*;

prop_compose! {
    /// Events, advances and payments that name one of two works, or none.
    fn of_works()(
        given in given(),
        by_work in any::<bool>(),
        places in vec(select(vec![None, Some(7), Some(9)]), 40),
    ) -> Given {
        let mut given = given;
        let mut works = places.into_iter().map(|work| work.map(EntryNumber::new)).cycle();
        given.events.iter_mut().for_each(|item| item.work = works.next().flatten());
        given.advances.iter_mut().for_each(|item| item.work = works.next().flatten());
        given.receipts.iter_mut().for_each(|item| item.work = works.next().flatten());
        if by_work {
            given.share.pool = Some(Pool::Work);
            // What is owed once for a contract does not go with an account for each work.
            given.share.advance.clear();
            if matches!(given.share.guarantee, Some(Guarantee::Instalments(_))) {
                given.share.guarantee = None;
            }
        }
        given
    }
}

/// The lines, each from what is known of its work alone.
fn naive_lines(given: &Given) -> Vec<(Option<EntryNumber>, Figures)> {
    if given.share.pool.is_none() {
        return std::vec![(None, given.naive())];
    }
    let events = given.events.iter().map(|item| (item.on, item.work));
    let advances = given.advances.iter().map(|item| (item.on, item.work));
    let receipts = given.receipts.iter().map(|item| (item.on, item.work));
    let mut works: Vec<_> = events
        .chain(advances)
        .chain(receipts)
        .filter(|(on, _)| *on <= given.as_of)
        .map(|(_, work)| work)
        .collect();
    works.sort_unstable();
    works.dedup();
    let of = |work| {
        let mut own = given.clone();
        own.events.retain(|item| item.work == work);
        own.advances.retain(|item| item.work == work);
        own.receipts.retain(|item| item.work == work);
        (work, own.naive())
    };
    works.into_iter().map(of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn agrees_work_by_work_and_over_all_works(given in of_works()) {
        prop_assert_eq!(given.share.check(), Ok(()));
        match given.account() {
            Ok(account) => {
                let lines: Vec<_> =
                    account.lines.iter().map(|line| (line.work, as_figures(line))).collect();
                prop_assert_eq!(lines, naive_lines(&given));
            }
            Err(RoyaltyError::Money(MoneyError::FractionOverflow { .. })) => {}
            Err(error) => prop_assert!(false, "{}", error),
        }
    }
}
