//! What is owed, by fee and by a share of profit.

use super::{entry, moments};
use crate::support::{
    Register, Story, account, at, confirmation, contract, contract_fee_terms, line, northlight,
    payment, publish, share_terms, text, wen,
};
use deedbook::ledger::answer::{Moments, Owed, owed};
use deedbook::record::{
    AccountLine, Contract, ExchangeRate, Form, LineKind, Opening, OpeningAgreed, Payment,
    ProfitShare, Purpose, RecordId,
};

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
    let quarter = &after.lines[0].instalments[0];
    assert_eq!((quarter.label.as_str(), quarter.due_at), ("2026-Q1", at("2026-04-30")));
    assert_eq!(quarter.outstanding.to_decimal(), "67.46");
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

/// What the provider paid back before title has moved is open again.
#[test]
fn a_fee_that_was_paid_back_is_open_again() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", Some(story.fee_contract));
    let part = payment(story.fee_contract, Some(spring), "20.00 CNY", "p-1");
    let part = story.register.record(&wen(), part);
    story.register.record(&northlight(), confirmation(part));
    let back = Payment {
        purpose: Some(Purpose::Refund),
        ..payment(story.fee_contract, Some(spring), "5.00 CNY", "b-1")
    };
    let back = story.register.record(&northlight(), back);
    story.register.record(&wen(), confirmation(back));
    let owed = ask(&story.register, Some(spring), moments("2026-03-22", "now"));
    assert_eq!(figures(&owed), ["49.00 49.00 15.00 34.00"]);
    let whole = payment(story.fee_contract, Some(spring), "34.00 CNY", "p-2");
    let whole = story.register.record(&wen(), whole);
    story.register.record(&northlight(), confirmation(whole));
    let late = Payment {
        purpose: Some(Purpose::Refund),
        ..payment(story.fee_contract, Some(spring), "9.00 CNY", "b-2")
    };
    let late = story.register.record(&northlight(), late);
    story.register.record(&wen(), confirmation(late));
    // Title has moved: it stays, the fee is lowered, and nothing is owed again.
    let owed = ask(&story.register, Some(spring), moments("2026-03-22", "now"));
    assert_eq!(figures(&owed), ["40.00 40.00 40.00 0.00"]);
}

/// 7.5% of 1,000.00 is 75.00, of which the advance of 50.00 is recouped first.
#[test]
fn an_advance_is_recouped() {
    let mut story = Story::begin();
    let share = story.share_contract;
    let advance =
        Payment { purpose: Some(Purpose::Advance), ..payment(share, None, "50.00 CNY", "a-1") };
    let advance = story.register.record(&wen(), advance);
    story.register.record(&northlight(), confirmation(advance));
    let sale = line(LineKind::Revenue, "prints", 100_000, "s-1");
    story.register.record(&wen(), account(share, vec![sale]));
    let owed = ask(&story.register, Some(share), moments("2026-05-01", "now"));
    assert_eq!(figures(&owed), ["75.00 25.00 0.00 25.00"]);
    let tree = owed.lines[0].derivation.to_text_tree().join("\n");
    assert!(tree.contains("recouped"), "{tree}");
}

/// Another currency is converted by the rate of the day that the provider published: 100.00 USD
/// at 7.1234 are 712.34 CNY, of which 7.5% are 53.4255.
#[test]
fn another_currency_is_converted_by_the_rate_of_the_day() {
    let mut story = Story::begin();
    let share = story.share_contract;
    let rate = ExchangeRate {
        on: at("2026-02-26"),
        url: None,
        base: text("USD"),
        rate: text("7.1234"),
        quote: text("CNY"),
        source: text("central parity"),
    };
    story.register.record(&northlight(), rate);
    let mut dollars = account(share, vec![line(LineKind::Revenue, "prints", 10_000, "s-1")]);
    dollars.currency = text("USD");
    story.register.record(&wen(), dollars);
    let owed = ask(&story.register, Some(share), moments("2026-05-01", "now"));
    assert_eq!(figures(&owed), ["53.43 53.43 0.00 53.43"]);
    let tree = owed.lines[0].derivation.to_text_tree().join("\n");
    assert!(tree.contains("7.1234"), "{tree}");
}

/// What was carried when the account moved here: a loss of 400.00, and 12.00 due and not paid.
#[test]
fn an_account_goes_on_from_its_opening_balance() {
    let mut story = Story::begin();
    let share = story.share_contract;
    let opening = Opening {
        base: 0,
        paid: 8_800,
        units: 0,
        earned: 10_000,
        advance: 0,
        contract: share,
        currency: text("CNY"),
        carried_loss: 40_000,
        effective_at: at("2026-02-20"),
    };
    let opening = story.register.record(&wen(), opening);
    let sale = line(LineKind::Revenue, "prints", 100_000, "s-1");
    story.register.record(&wen(), account(share, vec![sale]));
    let before = ask(&story.register, Some(share), moments("2026-05-01", "now"));
    assert_eq!(figures(&before), ["75.00 75.00 0.00 75.00"], "nobody has agreed yet");
    story.register.record(&northlight(), OpeningAgreed { opening });
    // 7.5% of 1,000.00 - 400.00, and the 12.00.
    let after = ask(&story.register, Some(share), moments("2026-05-01", "now"));
    assert_eq!(figures(&after), ["45.00 57.00 0.00 57.00"]);
    // Of 20.00 paid back 5.00 were paid since, and 15.00 before: these are owed again.
    let refund =
        Payment { purpose: Some(Purpose::Refund), ..payment(share, None, "20.00 CNY", "b-1") };
    let paid = payment(share, None, "5.00 CNY", "p-1");
    let paid = story.register.record(&wen(), paid);
    story.register.record(&northlight(), confirmation(paid));
    let paid = ask(&story.register, Some(share), moments("2026-05-01", "now"));
    assert_eq!(figures(&paid), ["45.00 57.00 5.00 52.00"]);
    let back = story.register.record(&northlight(), refund);
    story.register.record(&wen(), confirmation(back));
    let again = ask(&story.register, Some(share), moments("2026-05-01", "now"));
    assert_eq!(figures(&again), ["45.00 72.00 0.00 72.00"]);
    let tree = again.lines[0].derivation.to_text_tree().join("\n");
    assert!(tree.contains("paid back of earlier payments = 15.00 CNY"), "{tree}");
    let reader = story.register.ledger().read().unwrap();
    let contract = reader.entry_number(&share).unwrap();
    let moments = moments("2026-05-01", "now");
    deedbook::ledger::answer::journal(&reader, contract, moments).unwrap();
}

/// Many lines are read by their sums, few one by one: both come to the same.
#[test]
fn many_lines_come_to_what_their_sums_say() {
    let mut story = Story::begin();
    let share = story.share_contract;
    let categories = ["prints", "books"];
    let mut minor = 0;
    for statement in 0..3_u32 {
        let sale = |number: u32| {
            let count = statement * 900 + number;
            let amount = i64::from(count * 37 % 911 + 1);
            let category = categories[(count % 2) as usize];
            let reference = format!("s-{count}");
            let mut sale = line(LineKind::Revenue, category, amount, &reference);
            sale.on = at(["2026-02-10", "2026-02-25"][(count % 2) as usize]);
            sale
        };
        let lines: Vec<AccountLine> = (0..900).map(sale).collect();
        minor += lines.iter().map(|line| i128::from(line.minor)).sum::<i128>();
        story.register.record(&wen(), account(share, lines));
    }
    // 7.5% of the sum, by half-even to the cent.
    let exact = minor * 75;
    let (whole, rest) = (exact / 1000, exact % 1000);
    let earned = if rest > 500 || rest == 500 && whole % 2 == 1 { whole + 1 } else { whole };
    let needed = format!("{}.{:02}", earned / 100, earned % 100);
    let all = ask(&story.register, Some(share), moments("2026-05-01", "now"));
    assert_eq!(all.lines[0].earned.to_decimal(), needed);
    let tree = all.lines[0].derivation.to_text_tree().join("\n");
    assert!(tree.lines().count() < 40, "{tree}");
    // In the middle of the month the lines themselves are looked at.
    let half = ask(&story.register, Some(share), moments("2026-02-20", "now"));
    assert!(half.lines[0].earned.minor() < all.lines[0].earned.minor());
    assert!(half.lines[0].earned.is_positive());
}

/// From 1 March on another rate holds: earlier sales keep the old one, and the account goes on.
#[test]
fn rates_that_change_hold_from_their_day() {
    let mut story = Story::begin();
    let share = story.share_contract;
    let mut dearer = share_terms("share");
    dearer.version = 2;
    if let Form::ProfitShare(share) = &mut dearer.form {
        *share = ProfitShare {
            base: share.base,
            deductions: share.deductions.clone(),
            ..ProfitShare::flat(text("10%"), text("CNY"))
        };
    }
    let dearer = publish(&mut story.register, dearer);
    let amendment =
        Contract { amends: Some(share), effective_at: at("2026-02-20"), ..contract(dearer) };
    let amendment = story.register.record(&wen(), amendment);
    let sale = |day: &str, reference: &str| {
        let mut sale = line(LineKind::Revenue, "prints", 100_000, reference);
        sale.on = at(day);
        sale
    };
    let lines = vec![sale("2026-02-19", "s-1"), sale("2026-02-20", "s-2")];
    story.register.record(&wen(), account(share, lines));
    let owed = ask(&story.register, Some(share), moments("2026-05-01", "now"));
    assert_eq!(figures(&owed), ["175.00 175.00 0.00 175.00"], "75.00 and 100.00");
    let asked = ask(&story.register, Some(amendment), moments("2026-05-01", "now"));
    assert_eq!(asked, owed, "an amendment is of the account that there is");
    let named = |owed: &Owed| -> Vec<String> {
        let line = &owed.lines[0];
        let later = line.amended_by.iter().map(|it| format!("{} {}", it.effective_at, it.terms));
        std::iter::once(line.terms.clone()).chain(later).collect()
    };
    let second = format!("{} northlight/share@2", at("2026-02-20"));
    assert_eq!(named(&owed), ["northlight/share@1", &second]);
    let before = ask(&story.register, Some(share), moments("2026-02-19", "now"));
    assert_eq!(named(&before), ["northlight/share@1"], "not yet in force");
    let all = ask(&story.register, Some(story.wen), moments("2026-05-01", "now"));
    assert_eq!(all.lines.len(), 1, "and is not counted twice");
}

#[test]
fn many_contracts_are_answered_as_each_of_them_is() {
    let mut story = Story::begin();
    // More than one thread takes for itself.
    let contracts: Vec<RecordId> = (0..200)
        .map(|number| {
            let terms = match number % 2 {
                0 => contract_fee_terms(&format!("once-{number}")),
                _ => share_terms(&format!("share-{number}")),
            };
            let terms = publish(&mut story.register, terms);
            let contract = story.register.record(&wen(), contract(terms));
            if number % 4 == 1 {
                let sale = line(LineKind::Revenue, "prints", 10_000 + number, "s-1");
                story.register.record(&wen(), account(contract, vec![sale]));
            }
            contract
        })
        .collect();
    let when = moments("2026-05-01", "now");
    let one_by_one = contracts.iter().flat_map(|it| ask(&story.register, Some(*it), when).lines);
    let one_by_one: Vec<_> = one_by_one.collect();
    assert_eq!(one_by_one.len(), contracts.len());
    let everything = ask(&story.register, None, when);
    let others = everything.lines.len() - one_by_one.len();
    assert_eq!(everything.lines[others..], one_by_one);
    let provider = ask(&story.register, Some(story.northlight), when);
    assert_eq!(provider.lines, everything.lines);
}
