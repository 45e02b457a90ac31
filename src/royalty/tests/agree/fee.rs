//! Fees: parts, payments, what is given back, and interest.

use super::super::naive::fee::FeeQuestion;
use super::*;
use crate::royalty::{FeeObligation, FeeRefund, fee};

#[derive(Clone, Debug)]
struct GivenFee {
    clauses: Fee,
    obligations: Vec<FeeObligation>,
    receipts: Vec<Receipt>,
    refunds: Vec<FeeRefund>,
    as_of: Timestamp,
}

fn works() -> impl Strategy<Value = Option<EntryNumber>> {
    select(vec![None, Some(7), Some(9)]).prop_map(|work| work.map(EntryNumber::new))
}

fn small() -> impl Strategy<Value = i64> {
    select(vec![1_i64, 2, 50, 99, 100, 101, 4_900, 10_000])
}

prop_compose! {
    fn clauses()(
        is_by_work in any::<bool>(),
        parts in vec((part(), small()), 0..4),
        amount in prop_oneof![Just(0), small()],
        late_interest in late_interest(),
        due_days in select(vec![0_u32, 1, 30, 365]),
    ) -> Fee {
        let unit = if is_by_work { FeeUnit::Work } else { FeeUnit::Contract };
        let instalments: Vec<_> =
            parts.into_iter().map(|(part, minor)| Part { amount: yuans(minor), ..part }).collect();
        let sum: i128 = instalments.iter().map(|part| part.amount.minor()).sum();
        let amount = if instalments.is_empty() { yuans(amount) } else {
            Amount::new(sum, yuan()).unwrap()
        };
        Fee { instalments, late_interest, ..Fee::plain(unit, amount, due_days) }
    }
}

prop_compose! {
    fn given_fee()(
        clauses in clauses(),
        from in vec(moments(), 3),
        receipts in vec((moments(), small(), works()), 0..6),
        refunds in vec((moments(), small(), works(), any::<bool>()), 0..3),
        as_of in moments(),
    ) -> GivenFee {
        let obligation = |(place, from): (u64, Timestamp)| FeeObligation {
            entry: EntryNumber::new(place),
            work: Some(EntryNumber::new(5 + 2 * place)),
            from,
        };
        let count = if clauses.unit == FeeUnit::Work { 3 } else { 1 };
        let obligations = (1..).zip(from).take(count).map(obligation).collect();
        let receipts: Vec<_> = receipts.into_iter().map(|(on, minor, work)| Receipt {
            entry: EntryNumber::new(20), on, amount: yuans(minor), work,
        }).collect();
        // What is given back was paid before.
        let last = receipts.iter().map(|receipt| receipt.on).max();
        let refunds = refunds.into_iter().map(|(on, minor, work, has_title_moved)| FeeRefund {
            entry: EntryNumber::new(30),
            on: last.map_or(on, |last| on.max(last)),
            amount: yuans(minor),
            work,
            has_title_moved,
        });
        let as_of = Timestamp::end_of(as_of.date()).unwrap();
        GivenFee { refunds: refunds.collect(), clauses, obligations, receipts, as_of }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn fees_agree(given in given_fee()) {
        let GivenFee { clauses, obligations, receipts, refunds, as_of } = &given;
        let question =
            FeeQuestion { clauses, obligations, receipts, refunds, as_of: as_of.date() };
        match (fee(clauses, obligations, receipts, refunds, *as_of), question.lines()) {
            (Ok(account), naive) => {
                let lines: Vec<_> =
                    account.lines.iter().map(|line| (line.work, as_figures(line))).collect();
                prop_assert_eq!(Some(lines), naive);
            }
            (Err(RoyaltyError::RefundExceedsPayments { .. }), None) => {}
            (Err(error), _) => prop_assert!(false, "{}", error),
        }
    }
}
