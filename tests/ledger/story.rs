//! The stories of both standard forms, told by the rows of title that they leave.

use crate::support::{
    Register, Story, account, agreed, ana, assignment, at, bo, confirmation, contract,
    contract_fee_terms, line, northlight, party, payment, publish, wen, work,
};
use deedbook::admission::View as _;
use deedbook::record::{EntryNumber, LineKind, RecordId, Right, Rights, Role, Scope};

/// The present title of a work, a holding a line.
fn title(register: &Register, work: RecordId) -> String {
    let reader = register.ledger().read().unwrap();
    let entry = reader.entry_number(&work).unwrap().unwrap();
    let rows = reader.title_rows(entry).unwrap();
    let name = |party: EntryNumber| reader.party(party).unwrap().unwrap().handle;
    let lines = rows.iter().map(|row| {
        let until =
            row.valid_until.map_or_else(|| "for good".to_owned(), |until| format!("until {until}"));
        format!(
            "{} {}, {} {}, since {} {until}, {} by {} {}",
            name(row.holder),
            row.share,
            row.rights,
            row.territory,
            row.valid_from,
            row.status,
            row.ground,
            row.ground_entry
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn under_a_fee_the_provider_holds_until_it_is_paid_and_then_title_moves_by_itself() {
    let mut story = Story::begin();
    let contract = story.fee_contract;
    let spring = story.work_of_wen("spring", Some(contract));
    let register = &mut story.register;
    insta::assert_snapshot!(title(register, spring), @r#"
northlight 1, all worldwide, since 2026-02-20T00:00:00.000Z for good, until-paid by terms #8
"#);
    let part = register.record(&wen(), payment(contract, Some(spring), "20.00 CNY", "p-1"));
    insta::assert_snapshot!(title(register, spring), @r#"
northlight 1, all worldwide, since 2026-02-20T00:00:00.000Z for good, until-paid by terms #8
"#);
    register.record(&northlight(), confirmation(part));
    insta::assert_snapshot!(title(register, spring), @r#"
northlight 1, all worldwide, since 2026-02-20T00:00:00.000Z for good, until-paid by terms #8
"#);
    let rest = register.record(&wen(), payment(contract, Some(spring), "29.00 CNY", "p-2"));
    register.record(&northlight(), confirmation(rest));
    insta::assert_snapshot!(title(register, spring), @r#"
wen 1, all worldwide, since 2026-02-25T00:00:00.000Z for good, complete by fee-paid #12
"#);
}

#[test]
fn under_one_fee_for_the_contract_every_work_moves_with_one_payment() {
    let mut story = Story::begin();
    let once = publish(&mut story.register, contract_fee_terms("once"));
    let contract = story.register.record(&wen(), contract(once));
    let first = story.work_of_wen("first", Some(contract));
    let second = story.work_of_wen("second", Some(contract));
    let register = &mut story.register;
    let paid = register.record(&wen(), payment(contract, None, "49.00 CNY", "p-1"));
    let mut confirmed = confirmation(paid);
    confirmed.effective_at = at("2026-02-28");
    register.record(&northlight(), confirmed);
    insta::assert_snapshot!(title(register, first), @r#"
wen 1, all worldwide, since 2026-02-28T00:00:00.000Z for good, complete by fee-paid #13
"#);
    insta::assert_snapshot!(title(register, second), @r#"
wen 1, all worldwide, since 2026-02-28T00:00:00.000Z for good, complete by fee-paid #13
"#);
    let third = story.work_of_wen("third", Some(contract));
    insta::assert_snapshot!(title(&story.register, third), @r#"
wen 1, all worldwide, since 2026-02-28T00:00:00.000Z for good, complete by fee-paid #13
"#);
}

#[test]
fn under_a_share_of_profit_the_creator_holds_at_once() {
    let mut story = Story::begin();
    let contract = story.share_contract;
    let spring = story.work_of_wen("spring", Some(contract));
    let register = &mut story.register;
    insta::assert_snapshot!(title(register, spring), @r#"
wen 1, all worldwide, since 2026-02-20T00:00:00.000Z for good, subject-to-share by terms #8
"#);
    let lines = vec![
        line(LineKind::Revenue, "print-sales", 10_000, "r-1"),
        line(LineKind::Expense, "platform-fees", 700, "r-2"),
        line(LineKind::Refund, "print-sales", 300, "r-3"),
    ];
    register.record(&wen(), account(contract, lines));
    let reader = register.ledger().read().unwrap();
    let entry = reader.entry_number(&contract).unwrap().unwrap();
    let lines = reader.account_lines(entry, None, None, 10).unwrap();
    let minor: Vec<(LineKind, i64)> = lines.iter().map(|row| (row.kind, row.minor)).collect();
    assert_eq!(
        minor,
        [(LineKind::Revenue, 10_000), (LineKind::Expense, 700), (LineKind::Refund, 300)]
    );
}

#[test]
fn co_creators_dispose_of_their_shares_once_all_have_signed() {
    let mut story = Story::begin();
    let creators = [(story.wen, "2/3"), (story.bo, "1/3")];
    let register = &mut story.register;
    let ana_id = register.record(&ana(), party(&ana(), Role::Licensee));
    let duet = register.record(&wen(), work("duet", None, &creators));
    insta::assert_snapshot!(title(register, duet), @r#"
wen 2/3, all worldwide, since 2026-02-20T00:00:00.000Z for good, split-unsigned by registration #9
bo 1/3, all worldwide, since 2026-02-20T00:00:00.000Z for good, split-unsigned by registration #9
"#);
    register.record(&bo(), agreed(duet));
    insta::assert_snapshot!(title(register, duet), @r#"
wen 2/3, all worldwide, since 2026-03-01T12:00:10.000Z for good, claimed by registration #9
bo 1/3, all worldwide, since 2026-03-01T12:00:10.000Z for good, claimed by registration #9
"#);
    let mut later = assignment(duet, ana_id, "1/4");
    later.effective_at = register.now();
    register.record(&bo(), later);
    insta::assert_snapshot!(title(register, duet), @r#"
wen 2/3, all worldwide, since 2026-03-01T12:00:10.000Z for good, claimed by registration #9
bo 1/12, all worldwide, since 2026-03-01T12:00:10.000Z for good, claimed by registration #9
ana 1/4, all worldwide, since 2026-03-01T12:00:10.000Z for good, claimed by assignment #11
"#);
}

#[test]
fn an_assignment_takes_only_what_it_names_and_falls_back_at_its_end() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", None);
    let register = &mut story.register;
    let ana_id = register.record(&ana(), party(&ana(), Role::Licensee));
    let mut some = assignment(spring, ana_id, "1/2");
    some.scope = Scope {
        rights: Rights::of([Right::Translation]).unwrap(),
        territory: "CN,JP".parse().unwrap(),
    };
    some.until = Some(at("2027-03-01"));
    register.record(&wen(), some);
    insta::assert_snapshot!(title(register, spring), @r#"
wen 1/2, translation CN,JP, since 2026-03-01T00:00:00.000Z until 2027-03-01T00:00:00.000Z, claimed by registration #8
wen 1, translation CN,JP, since 2027-03-01T00:00:00.000Z for good, claimed by registration #8
wen 1, translation worldwide except CN,JP, since 2026-02-20T00:00:00.000Z for good, claimed by registration #8
wen 1, reproduction,distribution,rental,exhibition,performance,projection,broadcasting,network-dissemination,filming,adaptation,compilation,other worldwide, since 2026-02-20T00:00:00.000Z for good, claimed by registration #8
ana 1/2, translation CN,JP, since 2026-03-01T00:00:00.000Z until 2027-03-01T00:00:00.000Z, claimed by assignment #10
"#);
}

#[test]
fn claims_on_the_same_content_stand_side_by_side() {
    let mut story = Story::begin();
    let first = story.work_of_wen("spring", None);
    let creators = [(story.bo, "1")];
    let register = &mut story.register;
    let mut claim = work("spring", None, &creators);
    claim.title = "mine all along".parse().unwrap();
    let second = register.record(&bo(), claim);
    insta::assert_snapshot!(title(register, first), @r#"
wen 1, all worldwide, since 2026-02-20T00:00:00.000Z for good, claimed by registration #8
"#);
    insta::assert_snapshot!(title(register, second), @r#"
bo 1, all worldwide, since 2026-02-20T00:00:00.000Z for good, claimed by registration #9
"#);
    let reader = register.ledger().read().unwrap();
    let entry = |id| reader.entry_number(&id).unwrap().unwrap();
    for work in [first, second] {
        let conflicts = reader.conflicts_of(entry(work), 10).unwrap();
        let [conflict] = conflicts.as_slice() else {
            panic!("{conflicts:?}");
        };
        assert_eq!((conflict.entry, conflict.earlier), (entry(second), entry(first)));
    }
}

/// Whoever claims last conflicts with everybody before.
#[test]
fn a_third_claim_conflicts_with_both_before() {
    let mut story = Story::begin();
    let first = story.work_of_wen("spring", None);
    let (bo_id, register) = (story.bo, &mut story.register);
    let second = register.record(&bo(), work("spring", None, &[(bo_id, "1")]));
    let ana_id = register.record(&ana(), party(&ana(), Role::Creator));
    let third = register.record(&ana(), work("spring", None, &[(ana_id, "1")]));
    let reader = register.ledger().read().unwrap();
    let entry = |id| reader.entry_number(&id).unwrap().unwrap();
    let conflicts = reader.conflicts_of(entry(third), 10).unwrap();
    let earlier: Vec<EntryNumber> = conflicts.iter().map(|row| row.earlier).collect();
    assert_eq!(earlier, [entry(first), entry(second)]);
}
