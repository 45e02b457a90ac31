//! What is owed, by fee and by a share of profit.

use super::{entry, moments};
use crate::support::{
    Register, Story, account, confirmation, contract, contract_fee_terms, line, northlight,
    payment, publish, wen,
};
use deedbook::ledger::answer::{Moments, Owed, owed};
use deedbook::record::{LineKind, RecordId};

fn ask(register: &Register, about: Option<RecordId>, when: Moments) -> Owed {
    let reader = register.ledger().read().unwrap();
    owed(&reader, about.map(|id| entry(register, id)), when).unwrap()
}

/// `earned due paid owed` of each line.
fn figures(owed: &Owed) -> Vec<String> {
    let lines = owed.lines.iter();
    let figures = lines.map(|line| {
        let figures = [line.earned, line.due, line.paid, line.owed];
        figures.map(|amount| amount.to_decimal()).join(" ")
    });
    figures.collect()
}

#[test]
fn a_fee_falls_due_and_is_paid() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", Some(story.fee_contract));
    let autumn = story.work_of_wen("autumn", Some(story.fee_contract));
    let paid = payment(story.fee_contract, Some(spring), "49.00 CNY", "r-1");
    let paid = story.register.record(&wen(), paid);
    story.register.clock.advance_ms(24 * 3600 * 1000);
    story.register.record(&northlight(), confirmation(paid));
    let register = &story.register;
    // Due on 22 March, 30 days after the works were made; paid on 25 February, known on 2 March.
    // What is paid before its day is due with its payment.
    for (about, as_of, known_at, needed) in [
        (spring, "2026-02-24", "now", vec!["49.00 0.00 0.00 0.00"]),
        (spring, "2026-03-01", "now", vec!["49.00 49.00 49.00 0.00"]),
        (spring, "2026-03-22", "now", vec!["49.00 49.00 49.00 0.00"]),
        (spring, "2026-03-22", "2026-03-01", vec!["49.00 49.00 0.00 49.00"]),
        (autumn, "2026-03-22", "now", vec!["49.00 49.00 0.00 49.00"]),
        (autumn, "2026-03-22", "2026-02-28", vec![]),
        (
            story.fee_contract,
            "2026-03-22",
            "now",
            vec!["49.00 49.00 49.00 0.00", "49.00 49.00 0.00 49.00"],
        ),
    ] {
        let owed = ask(register, Some(about), moments(as_of, known_at));
        assert_eq!(figures(&owed), needed, "as of {as_of}, known at {known_at}");
    }
    let line = &ask(register, Some(spring), moments("2026-02-24", "now")).lines[0];
    assert_eq!((line.payer.as_str(), line.payee.as_str()), ("wen", "northlight"));
    assert_eq!(line.work, Some(spring));
    let next = line.next_due.as_ref().unwrap();
    assert_eq!(
        (next.at, next.amount.to_decimal()),
        (crate::support::at("2026-03-22"), "49.00".into())
    );
}

#[test]
fn a_quarter_of_profit() {
    let mut story = Story::begin();
    let lines = vec![
        line(LineKind::Revenue, "prints", 120_000, "s-1"),
        line(LineKind::Expense, "platform-fees", 10_050, "e-1"),
        line(LineKind::Refund, "prints", 20_000, "b-1"),
    ];
    story.register.record(&wen(), account(story.share_contract, lines));
    // 7.5% of 1,200.00 - 200.00 - 100.50 = 899.50 is 67.4625.
    let about = Some(story.share_contract);
    let during = ask(&story.register, about, moments("2026-03-15", "now"));
    assert_eq!(figures(&during), ["67.46 0.00 0.00 0.00"]);
    let after = ask(&story.register, about, moments("2026-05-01", "now"));
    assert_eq!(figures(&after), ["67.46 67.46 0.00 67.46"]);
    assert_eq!(after.lines[0].work, None);
    let tree = after.lines[0].derivation.to_text_tree().join("\n");
    assert!(tree.contains("899.50"), "{tree}");
    let unknown = ask(&story.register, about, moments("2026-05-01", "2026-02-28"));
    assert!(unknown.lines.is_empty(), "the contract was not known either");

    let paid = payment(story.share_contract, None, "60.00 CNY", "q-1");
    let paid = story.register.record(&wen(), paid);
    let reported = ask(&story.register, about, moments("2026-05-01", "now"));
    assert_eq!(figures(&reported), figures(&after), "a report alone is no payment");
    story.register.record(&northlight(), confirmation(paid));
    let confirmed = ask(&story.register, about, moments("2026-05-01", "now"));
    assert_eq!(figures(&confirmed), ["67.46 67.46 60.00 7.46"]);
}

#[test]
fn everything_and_each_side() {
    let mut story = Story::begin();
    let once = publish(&mut story.register, contract_fee_terms("once"));
    story.register.record(&wen(), contract(once));
    story.work_of_wen("spring", Some(story.fee_contract));
    let all = ask(&story.register, None, moments("now", "now"));
    assert_eq!(
        all.lines.iter().map(|line| line.terms.as_str()).collect::<Vec<_>>(),
        ["northlight/fee@1", "northlight/share@1", "northlight/once@1"]
    );
    assert_eq!(figures(&all)[2], "49.00 49.00 0.00 49.00", "once for the contract");
    let (register, when) = (&story.register, moments("now", "now"));
    assert_eq!(ask(register, Some(story.wen), when), all);
    assert_eq!(ask(register, Some(story.northlight), when), all);
    assert!(ask(register, Some(story.bo), when).lines.is_empty());
}

#[test]
fn a_bare_claim_owes_nothing() {
    let mut story = Story::begin();
    let claim = story.work_of_wen("sketch", None);
    assert!(ask(&story.register, Some(claim), moments("now", "now")).lines.is_empty());
}
