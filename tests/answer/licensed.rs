//! What works earn that no share of profit is owed of, and what is owed of it along licences: to every
//! ancestor, or to direct parents, who pass on from what they receive.

use crate::support::{
    Story, account, ana, at, bo, confirmation, contract, derived, licence, line, northlight, party,
    payment, text, wen,
};
use deedbook::ledger::answer::{Moments, ProceedsPart, ProceedsSource, WorkProceeds, proceeds};
use deedbook::record::{
    Account, AccountLine, Correction, LineKind, Passing, Payment, Purpose, RecordId, Role,
    Timestamp,
};

/// `spring` is wen's, `summer` bo's, made from it, `autumn` ana's, made from that under a fee.
struct Chain {
    story: Story,
    ana: RecordId,
    spring: RecordId,
    summer: RecordId,
    autumn: RecordId,
}

fn chain(of_spring: Passing) -> Chain {
    let mut story = Story::begin();
    let bo_id = story.bo;
    let spring = story.work_of_wen("spring", None);
    let fee = story.fee;
    let register = &mut story.register;
    let ana_id = register.record(&ana(), party(&ana(), Role::Creator));
    let by_fee = register.record(&ana(), contract(fee));
    let of_spring = register.record(&wen(), licence(spring, "5%", of_spring));
    let summer = derived("summer", None, bo_id, &[(spring, Some(of_spring))]);
    let summer = register.record(&bo(), summer);
    let mut of_summer = licence(summer, "10%", Passing::DirectParents);
    of_summer.effective_at = at("2026-02-22");
    let of_summer = register.record(&bo(), of_summer);
    let autumn = derived("autumn", Some(by_fee), ana_id, &[(summer, Some(of_summer))]);
    let autumn = register.record(&ana(), autumn);
    let paid = register.record(&ana(), payment(by_fee, Some(autumn), "49.00 CNY", "fee"));
    register.record(&northlight(), confirmation(paid));
    register.clock.advance_ms(10 * 86_400_000);
    Chain { story, ana: ana_id, spring, summer, autumn }
}

fn came(kind: LineKind, minor: i64, reference: &str) -> AccountLine {
    AccountLine { work: Some(0), ..line(kind, "prints", minor, reference) }
}

fn of(work: RecordId, lines: Vec<AccountLine>) -> Account {
    Account { works: vec![work], contract: None, ..account(work, lines) }
}

fn part(work: RecordId, payee: RecordId, amount: &str, reference: &str) -> Payment {
    Payment {
        contract: None,
        payee: Some(payee),
        purpose: Some(Purpose::Proceeds),
        ..payment(work, Some(work), amount, reference)
    }
}

impl Chain {
    /// A party, a work, or everything.
    fn asked(&self, about: Option<RecordId>) -> Vec<WorkProceeds> {
        let reader = self.story.register.ledger().read().unwrap();
        let about = about.map(|id| reader.entry_number(&id).unwrap().unwrap());
        let moments = Moments { as_of: at("2026-03-31"), known_at: Timestamp::MAX };
        let found = proceeds(&reader, about, moments).unwrap();
        let has_all = |work: &&WorkProceeds| about.is_none() && work.undivided.is_empty();
        for work in found.iter().filter(has_all) {
            let parts: i128 = work.parts.iter().map(|part| part.amount.minor()).sum();
            let rest = work.received.minor() - work.expenses.minor() - work.earned.minor();
            assert_eq!(parts, rest, "{work:?}");
        }
        found
    }

    /// Each part: the work, who pays, who is paid, how much, and what is owed of it.
    fn told(&self, about: Option<RecordId>) -> Vec<String> {
        let mut told = Vec::new();
        for work in self.asked(about) {
            let of = match work.source {
                ProceedsSource::Account => "sold",
                ProceedsSource::Licences => "licensed",
            };
            // The provider held it until the fee was paid.
            let provider = |it: &ProceedsPart| it.payee.as_str() == "northlight";
            for part in work.parts.into_iter().filter(|it| !provider(it)) {
                let owed = part.owed.map_or("-".to_owned(), |it| it.to_decimal());
                let (title, amount) = (&work.work.title, part.amount.to_decimal());
                told.push(format!(
                    "{title} {of}: {} to {} {amount}, {owed}",
                    work.payer, part.payee
                ));
            }
        }
        told
    }
}

/// Source: the chain of the Story Protocol documentation, 5% and 10% of 100.00, under each rule.
#[test]
fn what_a_work_under_a_fee_earns_is_owed_along_its_licences() {
    let absolute = {
        let mut chain = chain(Passing::EveryAncestor);
        let sold = of(chain.autumn, vec![came(LineKind::Revenue, 10_000, "s-1")]);
        chain.story.register.record(&ana(), sold);
        chain
    };
    let of_autumn = [
        "autumn sold: ana to wen 5.00, 5.00",
        "autumn sold: ana to bo 10.00, 10.00",
        "autumn sold: ana to ana 85.00, -",
    ];
    assert_eq!(absolute.told(None), of_autumn);
    let mut chain = chain(Passing::DirectParents);
    let sold = of(chain.autumn, vec![came(LineKind::Revenue, 10_000, "s-1")]);
    chain.story.register.record(&ana(), sold);
    let all = [
        "autumn sold: ana to bo 10.00, 10.00",
        "autumn sold: ana to ana 90.00, -",
        "summer licensed: bo to wen 0.50, 0.50",
        "summer licensed: bo to bo 9.50, -",
    ];
    assert_eq!(chain.told(None), all);
    for about in [chain.autumn, chain.summer, chain.spring, chain.story.bo] {
        let mut told = chain.told(Some(about));
        // Of what others owe a party, its own parts alone.
        if about == chain.story.bo {
            told.insert(1, all[1].to_owned());
        }
        assert_eq!(told, all);
    }
    assert_eq!(chain.told(Some(chain.story.wen)), [all[2]]);
    assert_eq!(chain.told(Some(chain.ana)), all[..2]);
    // Nobody reported it before; nothing is anybody's then.
    crate::support::check_ledger(chain.story.register.ledger());
}

/// By hand: of 20.00 that `summer` itself brings, 5% is wen's; of 10.00 that bo receives for it, 0.50. Of
/// 1.50 bo pays 1.20, and wen gives back 0.10 of it: 0.40 is left, of the second.
#[test]
fn what_is_passed_on_is_paid_and_given_back() {
    let mut chain = chain(Passing::DirectParents);
    let (wen_id, bo_id) = (chain.story.wen, chain.story.bo);
    let register = &mut chain.story.register;
    register.record(&ana(), of(chain.autumn, vec![came(LineKind::Revenue, 10_000, "s-1")]));
    let lines = vec![
        came(LineKind::Revenue, 2_500, "s-1"),
        came(LineKind::Refund, 500, "s-2"),
        came(LineKind::Revenue, 777, "s-3"),
    ];
    register.record(&bo(), of(chain.summer, lines));
    let wrong = Correction {
        work: Some(chain.summer),
        reason: text("never sold"),
        contract: None,
        reference: text("s-3"),
        replacement: None,
    };
    register.record(&bo(), wrong);
    for (signer, payee, paid) in [
        (ana(), bo(), part(chain.autumn, bo_id, "10.00 CNY", "p-1")),
        (bo(), wen(), part(chain.summer, wen_id, "1.20 CNY", "p-1")),
    ] {
        let paid = register.record(&signer, paid);
        register.record(&payee, confirmation(paid));
    }
    let unconfirmed = part(chain.summer, wen_id, "0.30 CNY", "p-2");
    register.record(&bo(), unconfirmed);
    let back = Payment {
        purpose: Some(Purpose::ProceedsRefund),
        ..part(chain.summer, bo_id, "0.10 CNY", "g-1")
    };
    let back = register.record(&wen(), back);
    register.record(&bo(), confirmation(back));
    let all = [
        "summer sold: bo to wen 1.00, 0.00",
        "summer sold: bo to bo 19.00, -",
        "autumn sold: ana to bo 10.00, 0.00",
        "autumn sold: ana to ana 90.00, -",
        "summer licensed: bo to wen 0.50, 0.40",
        "summer licensed: bo to bo 9.50, -",
    ];
    assert_eq!(chain.told(None), all);
    let explained = chain.asked(Some(chain.spring)).pop().unwrap().derivation.unwrap();
    insta::assert_snapshot!(explained.to_text_tree().join("\n"));
    crate::support::check_ledger(chain.story.register.ledger());
}

/// By hand: two works made of `summer` bring bo 10.00 and 1.00; all of it counts, wherever it is asked.
#[test]
fn what_is_passed_on_counts_over_all_works() {
    let mut chain = chain(Passing::DirectParents);
    let (ana_id, summer) = (chain.ana, chain.summer);
    let register = &mut chain.story.register;
    let mut more = licence(summer, "10%", Passing::DirectParents);
    more.effective_at = at("2026-02-22");
    let more = register.record(&bo(), more);
    let winter = derived("winter", None, ana_id, &[(summer, Some(more))]);
    let winter = register.record(&ana(), winter);
    register.record(&ana(), of(chain.autumn, vec![came(LineKind::Revenue, 10_000, "s-1")]));
    let mut dollars = of(winter, vec![came(LineKind::Revenue, 100, "d-1")]);
    dollars.currency = text("USD");
    register.record(&ana(), dollars);
    register.record(&ana(), of(winter, vec![came(LineKind::Revenue, 1_000, "s-1")]));
    let expected = [
        "winter sold: ana to bo 1.00, 1.00",
        "winter sold: ana to ana 9.00, -",
        "winter sold: ana to bo 0.10, 0.10",
        "winter sold: ana to ana 0.90, -",
        "summer licensed: bo to wen 0.55, 0.55",
        "summer licensed: bo to bo 10.45, -",
        "summer licensed: bo to wen 0.01, 0.01",
        "summer licensed: bo to bo 0.09, -",
    ];
    assert_eq!(chain.told(Some(winter)), expected);
}
