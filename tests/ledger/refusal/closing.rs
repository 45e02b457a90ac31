//! Closed statements of account, and the answers to them.

use super::told;
use crate::support::{Story, at, bo, northlight, text, wen};
use deedbook::admission::Refusal;
use deedbook::record::{Digest, RecordId, StatementAccepted, StatementClosed, StatementDisputed};

fn closing(contract: RecordId) -> StatementClosed {
    StatementClosed {
        digest: Digest::of(b"figures"),
        ends_at: at("2026-04-01"),
        closing: 0,
        contract,
        currency: text("CNY"),
        known_at: at("2026-04-02"),
        starts_at: at("2026-01-01"),
        effective_at: at("2026-04-02"),
    }
}

pub(super) fn closings() -> Vec<Refusal> {
    let mut story = Story::begin();
    let share = story.share_contract;
    let register = &mut story.register;
    register.clock.advance_ms(40 * 24 * 3600 * 1000);
    let good = closing(share);
    let mut seen = vec![
        register.refused(&northlight(), good.clone()),
        register.refused(
            &wen(),
            StatementClosed { starts_at: at("2026-02-01"), ..closing(story.fee_contract) },
        ),
        register.refused(&wen(), StatementClosed { currency: text("USD"), ..good.clone() }),
        register.refused(&wen(), StatementClosed { starts_at: at("2026-02-01"), ..good.clone() }),
        register.refused(&wen(), StatementClosed { ends_at: at("2026-07-01"), ..good.clone() }),
        register
            .refused(&wen(), StatementClosed { effective_at: at("2026-03-31"), ..good.clone() }),
    ];
    let early =
        StatementClosed { starts_at: at("2025-10-01"), ends_at: at("2026-01-01"), ..good.clone() };
    seen.push(register.refused(&wen(), early));
    let first = register.record(&wen(), good.clone());
    let again = StatementClosed { closing: 1, ..good.clone() };
    seen.push(register.refused(&wen(), again.clone()));
    let accepted = |closing| StatementAccepted { closing };
    let disputed = |closing| StatementDisputed { reason: text("a sale is missing"), closing };
    seen.push(register.refused(&wen(), accepted(first)));
    seen.push(register.refused(&bo(), disputed(first)));
    register.record(&northlight(), disputed(first));
    seen.push(register.refused(&northlight(), accepted(first)));
    let second = register.record(&wen(), again);
    register.record(&northlight(), accepted(second));
    seen.push(register.refused(&northlight(), disputed(second)));
    seen.push(register.refused(&wen(), StatementClosed { closing: 2, ..good }));
    seen
}

#[test]
fn a_statement_is_closed_once_after_its_period_and_answered_once() {
    insta::assert_snapshot!(told(&closings()), @r#"
accounts_of_other: `wen` owes these accounts, `northlight` cannot report them
  hint: sign as `wen`
not_a_period: the terms do not settle from 2026-02-01T00:00:00.000Z to 2026-04-01T00:00:00.000Z
  hint: close a period of the terms, such as `--period 2026-Q1`
currency_differs: the amount is in USD, the contract settles in CNY
  hint: give the amount in CNY
not_a_period: the terms do not settle from 2026-02-01T00:00:00.000Z to 2026-04-01T00:00:00.000Z
  hint: close a period of the terms, such as `--period 2026-Q1`
not_a_period: the terms do not settle from 2026-01-01T00:00:00.000Z to 2026-07-01T00:00:00.000Z
  hint: close a period of the terms, such as `--period 2026-Q1`
period_not_over: the period ends at 2026-04-01T00:00:00.000Z, the statement is closed at 2026-03-31T00:00:00.000Z
  hint: close the statement after the end of the period
before_cause: the fact takes effect at 2026-01-01T00:00:00.000Z, before #7 on which it rests, at 2026-02-01T09:01:00.000Z
  hint: give a day that is not before that, with `--on`
statement_exists: the statement of this period of contract #7 was closed in #8
  hint: what became known later is a true-up in the next statement
statement_for_other: `wen` cannot answer this statement, it is for `northlight`
  hint: have `northlight` accept or dispute it
statement_for_other: `bo` cannot answer this statement, it is for `northlight`
  hint: have `northlight` accept or dispute it
statement_answered: statement #8 was already answered in #9
  hint: nothing is left to do; a disputed statement may be closed anew
statement_answered: statement #10 was already answered in #11
  hint: nothing is left to do; a disputed statement may be closed anew
statement_exists: the statement of this period of contract #7 was closed in #10
  hint: what became known later is a true-up in the next statement
"#);
}

/// Whenever it is signed: the same figures of the same knowledge are the same fact.
#[test]
fn a_statement_closed_again_is_the_closing_that_stands() {
    let mut story = Story::begin();
    let register = &mut story.register;
    register.clock.advance_ms(40 * 24 * 3600 * 1000);
    let good = closing(story.share_contract);
    let first = register.record(&wen(), good.clone());
    for _ in 0..3 {
        register.clock.advance_ms(61_000);
        let again = StatementClosed { effective_at: at("2026-04-03"), ..good.clone() };
        let recorded = register.record_with(&wen(), again, &[]);
        assert_eq!((recorded.is_new, recorded.id), (false, first));
    }
    for other in [
        StatementClosed { closing: 1, ..good.clone() },
        StatementClosed { known_at: at("2026-04-01"), ..good.clone() },
        StatementClosed { digest: Digest::of(b"other figures"), ..good },
    ] {
        let refusal = register.refused(&wen(), other);
        assert!(matches!(refusal, Refusal::StatementExists { .. }), "{refusal}");
    }
}
