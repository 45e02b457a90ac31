//! Text tables with their sources, and invariants against a second implementation.

mod agree;
mod fees;
mod invariants;
mod naive;
mod shared;
mod table;

use table::check;

#[test]
fn licence_royalty_report() {
    check(
        "source: NIH PHS licence, Example Royalty Report (its line of 0.00 adds nothing)
         rate 8%
         base net freight
         period year
         2025-01-15 revenue sales 62500.00
         2025-03-31 revenue sales 16500.00
         2025-06-30 revenue sales 15625.00
         2025-09-30 revenue sales 57125.00
         2025-12-31 revenue sales 1500.00
         2025-12-31 expense freight 3000.00
         2025-12-31 refund returns 7000.00
         2025-01-10 payment 10000.00
         as of 2026-01-31: earned 11460.00 due 11460.00 paid 10000.00 owed 1460.00 credit 0.00
         as of 2025-12-31: earned 11460.00 due 10000.00 paid 10000.00 owed 0.00 credit 0.00
         2025: earned 11460.00 paid 10000.00 outstanding 1460.00",
    );
}

#[test]
fn what_was_paid_before_counts_against_what_is_earned() {
    check(
        "source: Reprtoir documentation on recoupment, the advance being a payment made before
         rate 100%
         base gross
         2026-03-31 revenue sales 15000.00
         2026-01-01 payment 10000.00
         as of 2026-04-29: earned 15000.00 due 10000.00 paid 10000.00 owed 0.00 credit 0.00
         as of 2026-05-01: earned 15000.00 due 15000.00 paid 10000.00 owed 5000.00 credit 0.00",
    );
}

#[test]
fn loss_carried_in_full() {
    check(
        "source: Curve documentation, costs carried before the rate: base 2,000 pays 1,000
         rate 50%
         base net costs
         loss full
         2026-01-01 expense costs 1000.00
         2026-06-30 revenue sales 3000.00
         as of 2026-07-31: earned 1000.00 due 1000.00 paid 0.00 owed 1000.00 credit 0.00
         2026-Q1: earned 0.00 paid 0.00 outstanding 0.00
         2026-Q2: earned 1000.00 paid 0.00 outstanding 1000.00",
    );
}

#[test]
fn loss_not_carried() {
    check(
        "source: Curve documentation, each period for itself: pays 1,500
         rate 50%
         base net costs
         loss none
         2026-01-01 expense costs 1000.00
         2026-06-30 revenue sales 3000.00
         as of 2026-07-31: earned 1500.00 due 1500.00 paid 0.00 owed 1500.00 credit 0.00",
    );
}

#[test]
fn loss_carried_as_a_share() {
    check(
        "source: Curve documentation, the payee carries its half, -500: pays 1,500 - 500
         rate 50%
         base net costs
         loss share
         2026-01-01 expense costs 1000.00
         2026-06-30 revenue sales 3000.00
         as of 2026-07-31: earned 1000.00 due 1000.00 paid 0.00 owed 1000.00 credit 0.00",
    );
}

#[test]
fn a_loss_lasts_until_it_is_used_up() {
    let events = "rate 10%
         base net costs
         period month
         due-days 0
         2026-01-31 expense costs 100.00
         2026-02-01 revenue sales 30.00
         2026-02-28 refund sales 50.00
         2026-04-01 revenue sales 60.00
         2026-05-01 revenue sales 70.00";
    for (loss, earned) in [("full", "1.00"), ("share", "1.00"), ("none", "13.00")] {
        check(&format!(
            "source: by hand: -100, -20, +60, +70 leaves 10; without carrying, 60 + 70
             {events}
             loss {loss}
             as of 2026-06-01: earned {earned} due {earned} paid 0.00 owed {earned} credit 0.00"
        ));
    }
}

#[test]
fn thirds_of_a_cent_do_not_leak() {
    check(
        "source: by hand: a third of 0.10 three times is 0.10; each alone would round to 0.03
         rate 1/3
         base gross
         period month
         2026-01-15 revenue sales 0.10
         2026-02-15 revenue sales 0.10
         2026-03-15 revenue sales 0.10
         2026-03-20 payment 0.05
         as of 2026-12-31: earned 0.10 due 0.10 paid 0.05 owed 0.05 credit 0.00
         2026-01: earned 0.03 paid 0.03 outstanding 0.00
         2026-02: earned 0.04 paid 0.02 outstanding 0.02
         2026-03: earned 0.03 paid 0.00 outstanding 0.03",
    );
}

#[test]
fn the_named_rounding_is_used() {
    for (rounding, first, second) in [
        ("half-even", "0.02", "0.03"),
        ("half-up", "0.03", "0.02"),
        ("down", "0.02", "0.03"),
        ("up", "0.03", "0.02"),
    ] {
        check(&format!(
            "source: by hand: 2.5 cents, then 5 cents to date
             rate 50%
             base gross
             rounding {rounding}
             2026-01-15 revenue sales 0.05
             2026-04-15 revenue sales 0.05
             as of 2026-12-31: earned 0.05 due 0.05 paid 0.00 owed 0.05 credit 0.00
             2026-Q1: earned {first} paid 0.00 outstanding {first}
             2026-Q2: earned {second} paid 0.00 outstanding {second}"
        ));
    }
}

#[test]
fn what_the_terms_do_not_name_is_not_deducted() {
    check(
        "source: by hand: 5% of 1,000 - 100
         rate 5%
         base net printing
         2026-01-15 revenue sales 1000.00
         2026-01-16 expense printing 100.00
         2026-01-17 expense travel 500.00
         as of 2026-12-31: earned 45.00 due 45.00 paid 0.00 owed 45.00 credit 0.00",
    );
    check(
        "source: by hand: the base is gross
         rate 5%
         base gross
         2026-01-15 revenue sales 1000.00
         2026-01-16 expense printing 100.00
         as of 2026-12-31: earned 50.00 due 50.00 paid 0.00 owed 50.00 credit 0.00",
    );
}

#[test]
fn paid_beyond_everything_is_a_credit() {
    check(
        "source: by hand
         rate 5%
         base gross
         2026-01-15 revenue sales 1000.00
         2026-05-01 payment 60.00
         2026-07-02 revenue sales 100.00
         as of 2026-06-30: earned 50.00 due 50.00 paid 60.00 owed -10.00 credit 10.00
         as of 2026-07-02: earned 55.00 due 55.00 paid 60.00 owed -5.00 credit 5.00",
    );
}

#[test]
fn nothing_happened_nothing_is_owed() {
    check(
        "source: by hand
         rate 5%
         base gross
         as of 2026-06-30: earned 0.00 due 0.00 paid 0.00 owed 0.00 credit 0.00",
    );
}

#[test]
fn derivation_of_a_share() {
    let tree = table::derivation(
        "rate 5%
         base net printing platform-fees
         2026-01-05 expense printing 200.00
         2026-02-15 revenue prints 1000.00
         2026-03-01 refund prints 65.44
         2026-04-15 revenue prints 1500.00
         2026-04-16 expense printing 20.00
         2026-04-17 expense platform-fees 45.44
         2026-04-18 expense travel 300.00
         2026-07-15 revenue prints 10.10
         2026-05-02 payment 40.00
         as of 2026-08-01",
    );
    insta::assert_snapshot!(tree, @r"
    owed = 108.46 - 40.00 = 68.46 CNY: due less paid
    ├─ due = 108.46 CNY: the sum of what has fallen due
    │  ├─ earned 2026-Q1 = 36.73 - 0.00 = 36.73 CNY: to date 36.728, fixed to 36.73 (half-even), less what earlier periods fixed; due 30 days after the last day of the period, on 2026-04-30
    │  │  ├─ gross = 1,000.00 - 65.44 = 934.56 CNY: revenue less refunds
    │  │  │  ├─ revenue = 1,000.00 CNY: money received [#3]
    │  │  │  └─ refunds = 65.44 CNY: revenue given back [#4]
    │  │  ├─ deductions = 200.00 CNY: expenses of the categories that the terms allow
    │  │  │  └─ printing = 200.00 CNY: the terms allow this deduction [#2]
    │  │  ├─ base = 934.56 - 200.00 = 734.56 CNY: net: gross less deductions
    │  │  ├─ yield = 5% x 734.56 = 36.728 CNY: the rate times the base, exact
    │  │  └─ to date = 0.00 + 36.728 = 36.728 CNY: what all periods so far yield, exact
    │  └─ earned 2026-Q2 = 108.46 - 36.73 = 71.73 CNY: to date 108.456, fixed to 108.46 (half-even), less what earlier periods fixed; due 30 days after the last day of the period, on 2026-07-30
    │     ├─ gross = 1,500.00 - 0.00 = 1,500.00 CNY: revenue less refunds
    │     │  ├─ revenue = 1,500.00 CNY: money received [#5]
    │     │  └─ refunds = 0.00 CNY: revenue given back
    │     ├─ deductions = 45.44 + 20.00 = 65.44 CNY: expenses of the categories that the terms allow
    │     │  ├─ platform-fees = 45.44 CNY: the terms allow this deduction [#7]
    │     │  ├─ printing = 20.00 CNY: the terms allow this deduction [#6]
    │     │  └─ travel, left out = 300.00 CNY: the terms do not allow this deduction [#8]
    │     ├─ base = 1,500.00 - 65.44 = 1,434.56 CNY: net: gross less deductions
    │     ├─ yield = 5% x 1,434.56 = 71.728 CNY: the rate times the base, exact
    │     └─ to date = 36.728 + 71.728 = 108.456 CNY: what all periods so far yield, exact
    ├─ paid = 40.00 CNY: the sum of confirmed payments [#10]
    │  ├─ applied to 2026-Q1 = 36.73 CNY: payments pay what falls due first
    │  └─ applied to 2026-Q2 = 3.27 CNY: payments pay what falls due first
    └─ not yet due = 0.50 CNY: earned so far; counts when it falls due
       └─ earned 2026-Q3 = 108.96 - 108.46 = 0.50 CNY: to date 108.961, fixed to 108.96 (half-even), less what earlier periods fixed; the period has not ended
          ├─ gross = 10.10 - 0.00 = 10.10 CNY: revenue less refunds
          │  ├─ revenue = 10.10 CNY: money received [#9]
          │  └─ refunds = 0.00 CNY: revenue given back
          ├─ deductions = 0.00 CNY: expenses of the categories that the terms allow
          ├─ base = 10.10 - 0.00 = 10.10 CNY: net: gross less deductions
          ├─ yield = 5% x 10.10 = 0.505 CNY: the rate times the base, exact
          └─ to date = 108.456 + 0.505 = 108.961 CNY: what all periods so far yield, exact
    ");
}

fn loss(rule: &str) -> String {
    table::derivation(&format!(
        "rate 1/3
         base net costs
         loss {rule}
         2026-01-05 expense costs 100.00
         2026-04-15 revenue prints 300.00
         as of 2026-08-01"
    ))
}

#[test]
fn derivation_of_a_loss_in_full() {
    insta::assert_snapshot!(loss("full"), @r"
    owed = 66.67 - 0.00 = 66.67 CNY: due less paid
    ├─ due = 66.67 CNY: the sum of what has fallen due
    │  ├─ earned 2026-Q1 = 0.00 - 0.00 = 0.00 CNY: to date 0.00, fixed to 0.00 (half-even), less what earlier periods fixed; due 30 days after the last day of the period, on 2026-04-30
    │  │  ├─ gross = 0.00 - 0.00 = 0.00 CNY: revenue less refunds
    │  │  │  ├─ revenue = 0.00 CNY: money received
    │  │  │  └─ refunds = 0.00 CNY: revenue given back
    │  │  ├─ deductions = 100.00 CNY: expenses of the categories that the terms allow
    │  │  │  └─ costs = 100.00 CNY: the terms allow this deduction [#3]
    │  │  ├─ base = 0.00 - 100.00 = -100.00 CNY: net: gross less deductions
    │  │  ├─ base after loss = -100.00 - 0.00 carried, at least 0 = 0.00 CNY: loss carried in full: 100.00 of it waits for later bases
    │  │  ├─ yield = 1/3 x 0.00 = 0.00 CNY: the rate times the base, exact
    │  │  └─ to date = 0.00 + 0.00 = 0.00 CNY: what all periods so far yield, exact
    │  └─ earned 2026-Q2 = 66.67 - 0.00 = 66.67 CNY: to date 66.66 and 2/3 of 0.01, fixed to 66.67 (half-even), less what earlier periods fixed; due 30 days after the last day of the period, on 2026-07-30
    │     ├─ gross = 300.00 - 0.00 = 300.00 CNY: revenue less refunds
    │     │  ├─ revenue = 300.00 CNY: money received [#4]
    │     │  └─ refunds = 0.00 CNY: revenue given back
    │     ├─ deductions = 0.00 CNY: expenses of the categories that the terms allow
    │     ├─ base = 300.00 - 0.00 = 300.00 CNY: net: gross less deductions
    │     ├─ base after loss = 300.00 - 100.00 carried = 200.00 CNY: loss carried in full: it is used up
    │     ├─ yield = 1/3 x 200.00 = 66.66 and 2/3 of 0.01 CNY: the rate times the base, exact
    │     └─ to date = 0.00 + 66.66 and 2/3 of 0.01 = 66.66 and 2/3 of 0.01 CNY: what all periods so far yield, exact
    └─ paid = 0.00 CNY: the sum of confirmed payments
    ");
}

#[test]
fn derivation_of_a_loss_as_a_share() {
    insta::assert_snapshot!(loss("share"), @r"
    owed = 66.67 - 0.00 = 66.67 CNY: due less paid
    ├─ due = 66.67 CNY: the sum of what has fallen due
    │  ├─ earned 2026-Q1 = 0.00 - 0.00 = 0.00 CNY: to date 0.00, fixed to 0.00 (half-even), less what earlier periods fixed; due 30 days after the last day of the period, on 2026-04-30
    │  │  ├─ gross = 0.00 - 0.00 = 0.00 CNY: revenue less refunds
    │  │  │  ├─ revenue = 0.00 CNY: money received
    │  │  │  └─ refunds = 0.00 CNY: revenue given back
    │  │  ├─ deductions = 100.00 CNY: expenses of the categories that the terms allow
    │  │  │  └─ costs = 100.00 CNY: the terms allow this deduction [#3]
    │  │  ├─ base = 0.00 - 100.00 = -100.00 CNY: net: gross less deductions
    │  │  ├─ yield = 1/3 x -100.00 = -(33.33 and 1/3 of 0.01) CNY: the rate times the base, exact
    │  │  ├─ yield after loss = -(33.33 and 1/3 of 0.01) - 0.00 carried, at least 0 = 0.00 CNY: the provider carries its share: 33.33 and 1/3 of 0.01 of it waits for later yields
    │  │  └─ to date = 0.00 + 0.00 = 0.00 CNY: what all periods so far yield, exact
    │  └─ earned 2026-Q2 = 66.67 - 0.00 = 66.67 CNY: to date 66.66 and 2/3 of 0.01, fixed to 66.67 (half-even), less what earlier periods fixed; due 30 days after the last day of the period, on 2026-07-30
    │     ├─ gross = 300.00 - 0.00 = 300.00 CNY: revenue less refunds
    │     │  ├─ revenue = 300.00 CNY: money received [#4]
    │     │  └─ refunds = 0.00 CNY: revenue given back
    │     ├─ deductions = 0.00 CNY: expenses of the categories that the terms allow
    │     ├─ base = 300.00 - 0.00 = 300.00 CNY: net: gross less deductions
    │     ├─ yield = 1/3 x 300.00 = 100.00 CNY: the rate times the base, exact
    │     ├─ yield after loss = 100.00 - 33.33 and 1/3 of 0.01 carried = 66.66 and 2/3 of 0.01 CNY: the provider carries its share: it is used up
    │     └─ to date = 0.00 + 66.66 and 2/3 of 0.01 = 66.66 and 2/3 of 0.01 CNY: what all periods so far yield, exact
    └─ paid = 0.00 CNY: the sum of confirmed payments
    ");
}

#[test]
fn derivation_of_a_loss_that_is_not_carried() {
    insta::assert_snapshot!(loss("none"), @r"
    owed = 100.00 - 0.00 = 100.00 CNY: due less paid
    ├─ due = 100.00 CNY: the sum of what has fallen due
    │  ├─ earned 2026-Q1 = 0.00 - 0.00 = 0.00 CNY: to date 0.00, fixed to 0.00 (half-even), less what earlier periods fixed; due 30 days after the last day of the period, on 2026-04-30
    │  │  ├─ gross = 0.00 - 0.00 = 0.00 CNY: revenue less refunds
    │  │  │  ├─ revenue = 0.00 CNY: money received
    │  │  │  └─ refunds = 0.00 CNY: revenue given back
    │  │  ├─ deductions = 100.00 CNY: expenses of the categories that the terms allow
    │  │  │  └─ costs = 100.00 CNY: the terms allow this deduction [#3]
    │  │  ├─ base = 0.00 - 100.00 = -100.00 CNY: net: gross less deductions
    │  │  ├─ base after loss = 0.00 CNY: each period stands for itself: a base below zero counts as zero
    │  │  ├─ yield = 1/3 x 0.00 = 0.00 CNY: the rate times the base, exact
    │  │  └─ to date = 0.00 + 0.00 = 0.00 CNY: what all periods so far yield, exact
    │  └─ earned 2026-Q2 = 100.00 - 0.00 = 100.00 CNY: to date 100.00, fixed to 100.00 (half-even), less what earlier periods fixed; due 30 days after the last day of the period, on 2026-07-30
    │     ├─ gross = 300.00 - 0.00 = 300.00 CNY: revenue less refunds
    │     │  ├─ revenue = 300.00 CNY: money received [#4]
    │     │  └─ refunds = 0.00 CNY: revenue given back
    │     ├─ deductions = 0.00 CNY: expenses of the categories that the terms allow
    │     ├─ base = 300.00 - 0.00 = 300.00 CNY: net: gross less deductions
    │     ├─ yield = 1/3 x 300.00 = 100.00 CNY: the rate times the base, exact
    │     └─ to date = 0.00 + 100.00 = 100.00 CNY: what all periods so far yield, exact
    └─ paid = 0.00 CNY: the sum of confirmed payments
    ");
}
