//! Named cases, each with the holders at dates. Entries count up from #10 in the order written.

use super::*;
use crate::money::MoneyError;
use crate::record::Period;

const ALL: Scope = Scope::WHOLE;
const HALVES: &[(EntryNumber, &str)] = &[(WEN, "1/2"), (LIN, "1/2")];

#[test]
fn a_bare_claim_and_a_moment_before_it() {
    let _ = History::new()
        .registered("2026-03-01", &[(WEN, "1")], Regime::BareClaim)
        .holds("2026-02-28", &["nobody"])
        .holds_known("2026-03-05", "2026-02-28", &["nobody"])
        .holds(
            "2026-03-01",
            &["wen 1 of all economic rights, worldwide: claimed, registration #10 since 2026-03-01"],
        );
}

#[test]
fn a_fee_in_two_instalments() {
    let provider =
        "northlight 1 of all economic rights, worldwide: until-paid, terms #10 since 2026-03-01";
    let _ = History::under("2026-03-01", Vesting::WhenPaid, Some("49.00 CNY"))
        .paid("2026-04-01", "20.00 CNY")
        .paid("2026-05-01", "29.00 CNY")
        .holds("2026-03-01", &[provider, "missing 49.00 CNY"])
        .holds("2026-04-30", &[provider, "missing 29.00 CNY"])
        .holds(
            "2026-05-01",
            &[
                "wen 1 of all economic rights, worldwide: complete, fee-paid #12 since 2026-05-01",
                "missing 0.00 CNY",
            ],
        );
}

#[test]
fn a_payment_that_the_ledger_learns_of_late() {
    let provider =
        "northlight 1 of all economic rights, worldwide: until-paid, terms #10 since 2026-01-01";
    let creator =
        "wen 1 of all economic rights, worldwide: complete, fee-paid #11 since 2026-02-10";
    let _ = History::under("2026-01-01", Vesting::WhenPaid, Some("49.00 CNY"))
        .paid_known("2026-02-10", "2026-04-01", "49.00 CNY")
        .holds_known("2026-03-01", "2026-03-31", &[provider, "missing 49.00 CNY"])
        .holds_known("2026-03-01", "2026-04-01", &[creator, "missing 0.00 CNY"])
        .holds_known("2026-02-09", "2026-04-01", &[provider, "missing 49.00 CNY"]);
}

#[test]
fn more_than_the_fee_leaves_nothing_missing() {
    let _ = History::under("2026-01-01", Vesting::WhenPaid, Some("49.00 CNY"))
        .paid("2026-02-01", "100.00 CNY")
        .paid("2026-03-01", "1.00 CNY")
        .holds(
            "2026-03-01",
            &[
                "wen 1 of all economic rights, worldwide: complete, fee-paid #11 since 2026-02-01",
                "missing 0.00 CNY",
            ],
        );
}

/// By hand: 60.00 less 49.00 is 11.00, which lowers the fee to 11.00; before title moved all is missing
/// again.
#[test]
fn what_is_given_back_after_title_moved_is_not_asked_for_again() {
    let back = |text| Event::PaymentRefunded { amount: amount(text) };
    let whole = "wen 1 of all economic rights, worldwide: complete, fee-paid #11 since 2026-02-01";
    let _ = History::under("2026-01-01", Vesting::WhenPaid, Some("49.00 CNY"))
        .paid("2026-02-01", "60.00 CNY")
        .with("2026-03-01", "2026-03-01", back("11.00 CNY"))
        .with("2026-04-01", "2026-04-01", back("49.00 CNY"))
        .holds("2026-03-01", &[whole, "missing 0.00 CNY"])
        .holds("2026-04-01", &[whole, "missing 0.00 CNY"]);
    let provider =
        "northlight 1 of all economic rights, worldwide: until-paid, terms #10 since 2026-01-01";
    let _ = History::under("2026-01-01", Vesting::WhenPaid, Some("49.00 CNY"))
        .paid("2026-02-01", "40.00 CNY")
        .with("2026-03-01", "2026-03-01", back("15.00 CNY"))
        .holds("2026-03-01", &[provider, "missing 24.00 CNY"]);
}

#[test]
fn a_zero_fee_vests_at_once() {
    let _ = History::under("2026-03-01", Vesting::WhenPaid, Some("0.00 CNY")).holds(
        "2026-03-01",
        &[
            "wen 1 of all economic rights, worldwide: complete, fee-paid #10 since 2026-03-01",
            "missing 0.00 CNY",
        ],
    );
}

#[test]
fn a_fee_for_the_contract_that_was_paid_before_the_work() {
    let _ = History::new()
        .paid("2026-01-01", "30.00 CNY")
        .paid("2026-02-01", "19.00 CNY")
        .registered(
            "2026-03-01",
            &[(WEN, "1")],
            contract(Vesting::WhenPaid, Some("49.00 CNY"), ALL),
        )
        .holds("2026-02-28", &["nobody"])
        .holds(
            "2026-03-01",
            &[
                "wen 1 of all economic rights, worldwide: complete, fee-paid #12 since 2026-03-01",
                "missing 0.00 CNY",
            ],
        );
}

#[test]
fn title_passes_with_the_first_payment() {
    let provider =
        "northlight 1 of all economic rights, worldwide: until-paid, terms #10 since 2026-03-01";
    let _ = History::under("2026-03-01", Vesting::AtFirstPayment, None)
        .paid("2026-04-01", "0.01 USD")
        .paid("2026-05-01", "0.01 CNY")
        .holds("2026-03-31", &[provider])
        .holds(
            "2026-06-01",
            &["wen 1 of all economic rights, worldwide: subject-to-share, first-payment #11 since 2026-04-01"],
        );
    let _ = History::under("2026-03-01", Vesting::AtFirstPayment, Some("49.00 CNY"))
        .paid("2026-04-01", "1.00 CNY")
        .holds("2026-03-31", &[provider, "missing 49.00 CNY"])
        .holds(
            "2026-04-01",
            &[
                "wen 1 of all economic rights, worldwide: complete, first-payment #11 since 2026-04-01",
                "missing 48.00 CNY",
            ],
        );
}

#[test]
fn title_passes_when_the_work_is_made() {
    let _ = History::under("2026-03-01", Vesting::AtGeneration, None).holds(
        "2026-03-01",
        &["wen 1 of all economic rights, worldwide: subject-to-share, terms #10 since 2026-03-01"],
    );
    let _ = History::under("2026-03-01", Vesting::AtGeneration, Some("49.00 CNY"))
        .paid("2026-04-01", "9.00 CNY")
        .holds(
            "2026-04-01",
            &[
                "wen 1 of all economic rights, worldwide: complete, terms #10 since 2026-03-01",
                "missing 40.00 CNY",
            ],
        );
}

#[test]
fn what_the_terms_do_not_name_stays_with_the_provider() {
    let regime =
        contract(Vesting::WhenPaid, Some("49.00 CNY"), scope("reproduction,translation", "CN"));
    let elsewhere = "northlight 1 of reproduction,translation, worldwide except CN: complete, terms #10 since 2026-03-01";
    let others = "northlight 1 of distribution,rental,exhibition,performance,projection,broadcasting,network-dissemination,filming,adaptation,compilation,other, worldwide: complete, terms #10 since 2026-03-01";
    let _ = History::new()
        .registered("2026-03-01", &[(WEN, "1")], regime)
        .paid("2026-04-01", "49.00 CNY")
        .assigned_part("2026-05-01", NORTHLIGHT, LIN, "1", scope("rental", "JP"), None)
        .holds(
            "2026-03-01",
            &[
                "northlight 1 of reproduction,translation, CN: until-paid, terms #10 since 2026-03-01",
                elsewhere,
                others,
                "missing 49.00 CNY",
            ],
        )
        .holds(
            "2026-04-01",
            &[
                elsewhere,
                others,
                "wen 1 of reproduction,translation, CN: complete, fee-paid #11 since 2026-04-01",
                "missing 0.00 CNY",
            ],
        );
}

#[test]
fn a_right_in_a_country_for_a_year_and_its_return() {
    let rest = "wen 1 of reproduction,distribution,rental,exhibition,performance,projection,broadcasting,network-dissemination,filming,adaptation,compilation,other, worldwide: claimed, registration #10 since 2026-01-01";
    let abroad =
        "wen 1 of translation, worldwide except JP: claimed, registration #10 since 2026-01-01";
    let japan = "wen 1 of translation, JP: claimed, registration #10 since 2026-01-01";
    let history = History::new()
        .registered("2026-01-01", &[(WEN, "1")], Regime::BareClaim)
        .assigned_part("2026-06-01", WEN, LIN, "1", scope("translation", "JP"), Some("2027-01-01"))
        .holds(
            "2026-05-31",
            &["wen 1 of all economic rights, worldwide: claimed, registration #10 since 2026-01-01"],
        )
        .holds(
            "2026-06-01",
            &[
                abroad,
                rest,
                "lin 1 of translation, JP: claimed, assignment #11 since 2026-06-01",
            ],
        )
        .holds("2027-01-01", &[japan, abroad, rest]);
    let changes = history.whole_chain().unwrap().changes;
    assert_eq!(changes.len(), 2);
    assert_eq!(changes[1].from, Some(WEN));
    assert_eq!(changes[1].to, LIN);
    assert_eq!(changes[1].period, period("2026-06-01", Some("2027-01-01")));
    // who has it for a year cannot give it for longer
    let refused = history
        .assigned_part("2026-07-01", LIN, OTTO, "1/2", scope("translation", "JP"), None)
        .refusal();
    let expected = TitleError::NotHeld {
        entry: EntryNumber::new(12),
        assignor: LIN,
        wanted: share("1/2"),
        held: "0".parse().unwrap(),
        scope: Box::new(scope("translation", "JP")),
        period: period("2027-01-01", None),
    };
    assert_eq!(refused, expected);
}

fn period(from: &str, until: Option<&str>) -> Period {
    Period::new(day(from), until.map(day)).unwrap()
}

#[test]
fn a_third_of_the_whole_out_of_a_half() {
    let history = History::new()
        .registered("2026-01-01", HALVES, contract(Vesting::AtGeneration, None, ALL))
        .signed("2026-01-02", LIN)
        .assigned("2026-02-01", WEN, OTTO, "1/3")
        .holds(
            "2026-02-01",
            &[
                "wen 1/6 of all economic rights, worldwide: subject-to-share, terms #10 since 2026-01-01",
                "lin 1/2 of all economic rights, worldwide: subject-to-share, terms #10 since 2026-01-01",
                "otto 1/3 of all economic rights, worldwide: subject-to-share, assignment #12 since 2026-02-01",
            ],
        );
    let refused = history.assigned("2026-03-01", WEN, OTTO, "1/3").refusal();
    let expected = TitleError::NotHeld {
        entry: EntryNumber::new(13),
        assignor: WEN,
        wanted: share("1/3"),
        held: "1/6".parse().unwrap(),
        scope: Box::new(ALL),
        period: Period::since(day("2026-03-01")),
    };
    assert_eq!(refused, expected);
    assert_eq!(
        refused.to_string(),
        "#13 assigns 1/3 of all economic rights, worldwide, from 2026-03-01T00:00:00.000Z for the \
         term of protection; #2 holds 1/6 there, must hold at least 1/3"
    );
}

#[test]
fn the_smallest_share_in_any_cell_is_what_is_held() {
    let refused = History::new()
        .registered("2026-01-01", &[(WEN, "1")], Regime::BareClaim)
        .assigned_part("2026-02-01", WEN, LIN, "1/4", scope("rental", "worldwide"), None)
        .assigned_part("2026-02-02", WEN, LIN, "1/4", scope("all", "JP"), None)
        .assigned("2026-02-03", WEN, OTTO, "4/5")
        .refusal();
    let expected = TitleError::NotHeld {
        entry: EntryNumber::new(13),
        assignor: WEN,
        wanted: share("4/5"),
        held: "1/2".parse().unwrap(),
        scope: Box::new(scope("rental", "JP")),
        period: Period::since(day("2026-02-03")),
    };
    assert_eq!(refused, expected);
}

#[test]
fn the_oldest_holding_goes_first() {
    let _ = History::new()
        .registered("2026-01-01", HALVES, Regime::BareClaim)
        .signed("2026-01-01", LIN)
        .assigned("2026-02-01", LIN, WEN, "1/4")
        .assigned("2026-03-01", WEN, OTTO, "5/8")
        .holds(
            "2026-03-01",
            &[
                "lin 1/4 of all economic rights, worldwide: claimed, registration #10 since 2026-01-01",
                "wen 1/8 of all economic rights, worldwide: claimed, assignment #12 since 2026-02-01",
                "otto 5/8 of all economic rights, worldwide: claimed, assignment #13 since 2026-03-01",
            ],
        );
}

#[test]
fn what_is_owed_on_one_part_is_not_owed_on_the_other() {
    let regime = contract(Vesting::AtGeneration, None, scope("translation", "worldwide"));
    let _ = History::new()
        .registered("2026-01-01", &[(WEN, "1")], regime)
        .assigned_part("2026-02-01", NORTHLIGHT, WEN, "1", scope("adaptation", "worldwide"), None)
        .assigned_part("2026-03-01", WEN, LIN, "1/2", scope("adaptation,translation", "JP"), None)
        .assigned_part("2026-04-01", LIN, OTTO, "1/2", scope("translation", "JP"), None)
        .assigned_part("2026-05-01", LIN, OTTO, "1/4", scope("adaptation", "JP"), None)
        .holds("2026-05-01", &[
            "northlight 1 of reproduction,distribution,rental,exhibition,performance,projection,broadcasting,network-dissemination,filming,compilation,other, worldwide: complete, terms #10 since 2026-01-01",
            "wen 1/2 of translation, JP: subject-to-share, terms #10 since 2026-01-01",
            "wen 1 of translation, worldwide except JP: subject-to-share, terms #10 since 2026-01-01",
            "wen 1/2 of adaptation, JP: complete, assignment #11 since 2026-02-01",
            "wen 1 of adaptation, worldwide except JP: complete, assignment #11 since 2026-02-01",
            "lin 1/4 of adaptation, JP: complete, assignment #12 since 2026-03-01",
            "otto 1/2 of translation, JP: subject-to-share, assignment #13 since 2026-04-01",
            "otto 1/4 of adaptation, JP: complete, assignment #14 since 2026-05-01",
        ]);
}

#[test]
fn co_creators_before_and_after_the_last_signature() {
    let thirds = &[(WEN, "1/3"), (LIN, "1/3"), (OTTO, "1/3")];
    let regime = contract(Vesting::WhenPaid, Some("3.00 CNY"), ALL);
    let history = History::new()
        .registered("2026-01-01", thirds, regime)
        .paid("2026-02-01", "3.00 CNY")
        .signed("2026-03-01", OTTO)
        .signed("2026-03-01", OTTO);
    let title = history.whole_chain().unwrap();
    assert_eq!(title.unsigned, [LIN]);
    let unsigned =
        |title: &Title, on| title.held_at(day(on)).all(|held| held.status == Status::SplitUnsigned);
    assert!(unsigned(&title, "2026-03-01"));
    let part = "1/3 of all economic rights, worldwide: complete, fee-paid #11 since 2026-02-01";
    let history = history.signed("2026-04-01", LIN).assigned("2026-04-01", WEN, LIN, "1/3").holds(
        "2026-04-01",
        &[
            &format!("lin {part}"),
            &format!("otto {part}"),
            "lin 1/3 of all economic rights, worldwide: complete, assignment #15 since 2026-04-01",
            "missing 0.00 CNY",
        ],
    );
    let title = history.whole_chain().unwrap();
    assert!(title.unsigned.is_empty());
    assert!(unsigned(&title, "2026-03-31"), "the past stays what it was");
    assert_eq!(title.changes.len(), 5);
    assert_eq!(title.changes[1].from, Some(NORTHLIGHT));
}

#[test]
fn nobody_disposes_of_a_share_before_all_have_signed() {
    for regime in [Regime::BareClaim, contract(Vesting::AtGeneration, None, ALL)] {
        let refused = History::new()
            .registered("2026-01-01", HALVES, regime)
            .assigned("2026-02-01", WEN, OTTO, "1/4")
            .signed("2026-03-01", LIN)
            .refusal();
        let expected =
            TitleError::SplitUnsigned { entry: EntryNumber::new(11), unsigned: vec![LIN] };
        assert_eq!(refused, expected);
    }
}

#[test]
fn what_a_creator_was_assigned_is_not_a_share_of_the_split() {
    let regime = contract(Vesting::AtGeneration, None, scope("translation", "worldwide"));
    let history = History::new()
        .registered("2026-01-01", HALVES, regime)
        .assigned_part("2026-02-01", NORTHLIGHT, WEN, "1", scope("rental", "JP"), None)
        .assigned_part("2026-02-02", WEN, OTTO, "1", scope("rental", "JP"), None);
    assert!(history.whole_chain().is_ok());
    let both = scope("rental,translation", "CN");
    assert!(matches!(
        history.assigned_part("2026-03-01", WEN, OTTO, "1/9", both, None).refusal(),
        TitleError::SplitUnsigned { .. }
    ));
}

#[test]
fn a_provider_cannot_sell_what_the_creators_may_still_pay_for() {
    let refused = History::under("2026-01-01", Vesting::WhenPaid, Some("49.00 CNY"))
        .assigned("2026-02-01", NORTHLIGHT, OTTO, "1/100")
        .refusal();
    let entry = EntryNumber::new(11);
    assert_eq!(refused, TitleError::Expectancy { entry });
}

#[test]
fn what_a_later_payment_brings_cannot_be_assigned_before() {
    // wen assigns on 1 March what only a payment of 1 April brings
    let refused = History::under("2026-01-01", Vesting::WhenPaid, Some("49.00 CNY"))
        .assigned("2026-03-01", WEN, OTTO, "1")
        .paid("2026-04-01", "49.00 CNY")
        .refusal();
    assert!(matches!(refused, TitleError::NotHeld { assignor: WEN, .. }), "{refused}");
}

#[test]
fn payments_that_cannot_be() {
    let fee = || History::under("2026-01-02", Vesting::WhenPaid, Some("49.00 CNY"));
    let claim = || History::new().registered("2026-01-02", &[(WEN, "1")], Regime::BareClaim);
    let [first, entry] = [10, 11].map(EntryNumber::new);
    let table = [
        (
            fee().paid("2026-02-01", "49.00 USD"),
            TitleError::FeeCurrency {
                entry,
                found: "USD".parse().unwrap(),
                needed: "CNY".parse().unwrap(),
            },
        ),
        (
            fee().paid("2026-02-01", "-1.00 CNY"),
            TitleError::PaymentNotPositive { entry, amount: amount("-1.00 CNY") },
        ),
        (
            fee().paid("2026-02-01", "0.00 CNY"),
            TitleError::PaymentNotPositive { entry, amount: amount("0.00 CNY") },
        ),
        (claim().paid("2026-02-01", "1.00 CNY"), TitleError::PaymentWithoutContract { entry }),
        (
            History::under("2026-01-02", Vesting::WhenPaid, None),
            TitleError::FeeMissing { entry: first },
        ),
    ];
    for (history, expected) in table {
        assert_eq!(history.refusal(), expected);
    }
}

#[test]
fn facts_that_cannot_be() {
    let claim = || History::new().registered("2026-01-02", &[(WEN, "1")], Regime::BareClaim);
    let [first, entry] = [10, 11].map(EntryNumber::new);
    let [made_at, earlier] = ["2026-01-02", "2026-01-01"].map(day);
    let table = [
        (
            claim().registered("2026-01-03", &[(WEN, "1")], Regime::BareClaim),
            TitleError::RegisteredTwice { first, second: entry },
        ),
        (claim().signed("2026-02-01", LIN), TitleError::NotCreator { entry, party: LIN }),
        (
            claim().assigned("2026-02-01", WEN, WEN, "1/2"),
            TitleError::SameParty { entry, party: WEN },
        ),
        (
            claim().assigned("2026-01-01", WEN, LIN, "1"),
            TitleError::BeforeWork { entry, effective_at: earlier, made_at },
        ),
        (
            claim().assigned_part("2026-01-02", WEN, LIN, "1", ALL, Some("2026-01-01")),
            TitleError::PeriodEmpty { entry, effective_at: made_at, until: earlier },
        ),
        (
            History::new().registered(
                "2026-01-02",
                &[(WEN, "1/2"), (LIN, "1/3")],
                Regime::BareClaim,
            ),
            TitleError::Shares {
                entry: first,
                error: MoneyError::SharesFallShort {
                    sum: "5/6".parse().unwrap(),
                    missing: "1/6".parse().unwrap(),
                },
            },
        ),
    ];
    for (history, expected) in table {
        assert_eq!(history.refusal(), expected);
    }
}

#[test]
fn one_entry_counts_once() {
    let mut history = History::under("2026-01-01", Vesting::WhenPaid, Some("2.00 CNY"))
        .paid("2026-02-01", "1.00 CNY");
    history.facts.push(history.facts[1].clone());
    let entry = EntryNumber::new(11);
    assert_eq!(history.refusal(), TitleError::Repeated { entry });
}

#[test]
fn shares_beyond_exact_arithmetic_are_refused() {
    // Two primes just below 2^64: their product, the common denominator, leaves i128.
    let refused = History::new()
        .registered("2026-01-01", &[(WEN, "1")], Regime::BareClaim)
        .assigned("2026-01-02", WEN, LIN, "1/18446744073709551557")
        .assigned("2026-01-03", WEN, LIN, "1/18446744073709551533")
        .refusal();
    let TitleError::Shares { entry, error } = refused else {
        panic!("{refused}");
    };
    assert_eq!(entry, EntryNumber::new(12));
    assert!(matches!(error, MoneyError::FractionOverflow { .. }), "{error}");
}

#[test]
fn at_most_so_many_pieces() {
    // Assignments of one moment leave the past, the shrinking rest and one holding each.
    let most = MAX_HOLDINGS - 2;
    let mut history = History::new().registered("2026-01-01", &[(WEN, "1")], Regime::BareClaim);
    for _ in 0..most {
        history = history.assigned("2026-01-02", WEN, LIN, "1/1000000");
    }
    let title = history.whole_chain().unwrap();
    assert_eq!(title.holdings.len(), MAX_HOLDINGS);
    assert_eq!(title.changes.len(), most + 1);
    let history = history.assigned("2026-01-02", WEN, LIN, "1/1000000");
    let entry = history.facts[most + 1].entry;
    assert_eq!(history.refusal(), TitleError::TooFragmented { entry });
}
