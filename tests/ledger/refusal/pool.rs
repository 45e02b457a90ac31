//! Contracts that share one account.

use super::told;
use crate::support::{Story, at, bo, contract, publish, share_terms, text, wen};
use deedbook::admission::Refusal;
use deedbook::record::{Form, Opening, Pool, ProfitShare, RecordId, StatementClosed, Terms};

/// Terms that name the pool `catalogue`, with a change.
fn pooled(slug: &str, change: impl FnOnce(&mut ProfitShare)) -> Terms {
    let mut terms = share_terms(slug);
    if let Form::ProfitShare(share) = &mut terms.form {
        share.pool = Some(Pool::Named(text("catalogue")));
        change(share);
    }
    terms
}

fn opening(contract: RecordId) -> Opening {
    Opening {
        base: 0,
        paid: 0,
        units: 0,
        earned: 0,
        advance: 0,
        contract,
        currency: text("CNY"),
        carried_loss: 0,
        effective_at: at("2026-02-01T09:01:00Z"),
    }
}

pub(super) fn pools() -> Vec<Refusal> {
    let mut story = Story::begin();
    let register = &mut story.register;
    let first = publish(register, pooled("pictures", |_| {}));
    let second = publish(register, pooled("songs", |_| {}));
    let dearer = publish(
        register,
        pooled("films", |share| {
            *share = ProfitShare {
                rates: ProfitShare::flat(text("9%"), text("CNY")).rates,
                ..share.clone()
            };
        }),
    );
    let first = register.record(&wen(), contract(first));
    let mut early = contract(second);
    early.effective_at = at("2026-01-31");
    early.notice.shown_at = at("2026-01-31");
    let mut seen =
        vec![register.refused(&wen(), contract(dearer)), register.refused(&wen(), early)];
    let second = register.record(&wen(), contract(second));
    // Of another party it is another pool.
    register.record(&bo(), contract(dearer));
    let later = publish(register, Terms { version: 2, ..pooled("songs", |_| {}) });
    let mut amends = contract(later);
    amends.amends = Some(second);
    seen.push(register.refused(&wen(), amends));
    seen.push(register.refused(&wen(), opening(second)));
    register.record(&wen(), opening(first));
    register.clock.advance_ms(60 * 86_400_000);
    let closed = StatementClosed {
        digest: text(&"0".repeat(64)),
        ends_at: at("2026-04-01"),
        closing: 0,
        contract: second,
        currency: text("CNY"),
        known_at: at("2026-04-01"),
        starts_at: at("2026-01-01"),
        effective_at: at("2026-04-02"),
    };
    seen.push(register.refused(&wen(), closed));
    seen
}

#[test]
fn one_account_has_one_set_of_clauses_and_one_name() {
    insta::assert_snapshot!(told(&pools()), @r#"
pool_differs: the pool `catalogue` is accounted for by the clauses of contract #11, the terms have others
  hint: accept terms whose clauses of profit are the same, or that name another pool
before_cause: the fact takes effect at 2026-01-31T00:00:00.000Z, before #11 on which it rests, at 2026-02-01T09:01:00.000Z
  hint: give a day that is not before that, with `--on`
pool_of_other: contract #12 is accounted for together with contract #11, which has the account
  hint: name contract #11 instead
pool_of_other: contract #12 is accounted for together with contract #11, which has the account
  hint: name contract #11 instead
pool_of_other: contract #12 is accounted for together with contract #11, which has the account
  hint: name contract #11 instead
"#);
}
