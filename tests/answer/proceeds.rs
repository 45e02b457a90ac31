//! What came in for works, and who gets it; pools of contracts; parts by work and by country.

use crate::support::{
    Story, account, agreed, ana, assignment, at, bo, contract, derived, licence, line, northlight,
    party, publish, share_terms, text, wen, work,
};
use deedbook::ledger::answer::{Moments, PartedBy, WorkProceeds, breakdown, owed, proceeds};
use deedbook::record::{
    Account, AccountLine, Contract, Conversion, ExchangeRate, Form, LineKind, Passing, Payment,
    Pool, Purpose, RecordId, Role, Terms, Timestamp, Vesting,
};

/// 10% of gross, naming a pool where one is given.
fn gross(slug: &str, pool: Option<&str>) -> Terms {
    let mut terms = share_terms(slug);
    terms.form = Form::ProfitShare(deedbook::record::ProfitShare {
        pool: pool.map(|name| Pool::Named(text(name))),
        ..deedbook::record::ProfitShare::flat(text("10%"), text("CNY"))
    });
    terms
}

/// A line about the work of an account of one, on a day.
fn about(kind: LineKind, minor: i64, reference: &str, on: &str) -> AccountLine {
    let line = line(kind, "prints", minor, reference);
    AccountLine { on: at(on), work: Some(0), territory: Some(text("CN")), ..line }
}

fn of_work(contract: RecordId, work: RecordId, lines: Vec<AccountLine>) -> Account {
    Account { works: vec![work], ..account(contract, lines) }
}

fn until(day: &str) -> Moments {
    Moments { as_of: at(day), known_at: Timestamp::MAX }
}

/// Payee, what it holds, and its part, of every work.
fn told(works: &[WorkProceeds]) -> Vec<(String, u64, String)> {
    let parts = works.iter().flat_map(|work| &work.parts);
    let told = parts
        .map(|part| (part.payee.to_string(), part.holds.entry.get(), part.amount.to_decimal()));
    told.collect()
}

/// The parts of each work sum to what came in, less expenses and what was earned.
fn conserved(works: &[WorkProceeds]) {
    for work in works.iter().filter(|work| work.undivided.is_empty()) {
        let parts: i128 = work.parts.iter().map(|part| part.amount.minor()).sum();
        let rest = work.received.minor() - work.expenses.minor() - work.earned.minor();
        assert_eq!(parts, rest, "{work:?}");
    }
}

/// By hand: of 100.00 on 26 February 5.00 are owed for `spring` and 10.00 for `summer`; of 100.00 on
/// 5 March, when half of `spring` was assigned, likewise. The provider earns 10.00 of each. Half
/// of `autumn` is bo's from the beginning: (200.00 - 30.00 - 20.00) / 2.
#[test]
fn ancestors_and_co_holders_get_their_part_by_their_title_on_the_day() {
    let mut story = Story::begin();
    let (wen_id, bo_id) = (story.wen, story.bo);
    let spring = story.work_of_wen("spring", None);
    let register = &mut story.register;
    let ana_id = register.record(&ana(), party(&ana(), Role::Creator));
    let terms = publish(register, gross("gross", None));
    let contract = register.record(&ana(), contract(terms));
    let of_spring = register.record(&wen(), licence(spring, "5%", Passing::EveryAncestor));
    let from = [(spring, Some(of_spring))];
    let summer = register.record(&bo(), derived("summer", None, bo_id, &from));
    let mut of_summer = licence(summer, "10%", Passing::DirectParents);
    of_summer.effective_at = at("2026-02-22");
    let of_summer = register.record(&bo(), of_summer);
    let mut autumn = derived("autumn", Some(contract), ana_id, &[(summer, Some(of_summer))]);
    autumn.creators = work("autumn", None, &[(ana_id, "1/2"), (bo_id, "1/2")]).creators;
    let autumn = register.record(&ana(), autumn);
    register.record(&bo(), agreed(autumn));
    register.record(&wen(), assignment(spring, ana_id, "1/2"));
    register.clock.advance_ms(10 * 86_400_000);
    let lines = vec![
        about(LineKind::Revenue, 10_000, "s-1", "2026-02-26"),
        about(LineKind::Revenue, 10_000, "s-2", "2026-03-05"),
    ];
    register.record(&ana(), of_work(contract, autumn, lines));
    let reader = register.ledger().read().unwrap();
    let all = proceeds(&reader, None, until("2026-03-31")).unwrap();
    conserved(&all);
    let number = |id| reader.entry_number(&id).unwrap().unwrap();
    let [spring, summer, autumn] = [spring, summer, autumn].map(|id| number(id).get());
    let part = |name: &str, holds, amount: &str| (name.to_owned(), holds, amount.to_owned());
    let expected = vec![
        part("wen", spring, "7.50"),
        part("ana", spring, "2.50"),
        part("bo", summer, "20.00"),
        part("bo", autumn, "75.00"),
        part("ana", autumn, "75.00"),
    ];
    assert_eq!(told(&all), expected);
    // Of what others owe her, her parts alone; and before the second sale.
    let of_wen = proceeds(&reader, Some(number(wen_id)), until("2026-02-28")).unwrap();
    assert_eq!(told(&of_wen), [part("wen", spring, "5.00")]);
    let before = Moments { as_of: at("2026-03-31"), known_at: at("2026-03-01") };
    assert_eq!(proceeds(&reader, None, before).unwrap(), []);
}

/// By hand: of 200.00 under 10% half of 180.00 is bo's, and title stays where it is. 30.00 and 50.00
/// arrive, one is never confirmed; then 20.00 too much. Nothing of it is paid to the provider.
#[test]
fn what_holders_confirm_is_taken_off_their_part() {
    let mut story = Story::begin();
    let (wen_id, bo_id) = (story.wen, story.bo);
    let register = &mut story.register;
    let mut terms = gross("gross", None);
    terms.vesting = Vesting::AtFirstPayment;
    let terms = publish(register, terms);
    let contract = register.record(&wen(), contract(terms));
    let picture = work("picture", Some(contract), &[(wen_id, "1/2"), (bo_id, "1/2")]);
    let picture = register.record(&wen(), picture);
    register.record(&bo(), agreed(picture));
    register.clock.advance_ms(10 * 86_400_000);
    let sold = vec![about(LineKind::Revenue, 20_000, "s-1", "2026-02-26")];
    register.record(&wen(), of_work(contract, picture, sold));
    let part = |amount: &str, reference: &str| Payment {
        purpose: Some(Purpose::Proceeds),
        payee: Some(bo_id),
        contract: None,
        ..crate::support::payment(contract, Some(picture), amount, reference)
    };
    // It moves no title, which waits for a payment to the provider.
    let early = register.record(&wen(), part("30.00 CNY", "d-1"));
    register.record(&bo(), crate::support::confirmation(early));
    let reader = register.ledger().read().unwrap();
    let entry = reader.entry_number(&picture).unwrap().unwrap();
    let holders = |reader: &deedbook::store::Reader<'_>| {
        let answer = deedbook::ledger::answer::owner(reader, entry, until("2026-03-02")).unwrap();
        answer.holders.iter().map(|it| it.party.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(holders(&reader), ["northlight"]);
    drop(reader);
    let fee = crate::support::payment(contract, None, "1.00 CNY", "p-1");
    let fee = register.record(&wen(), fee);
    register.record(&northlight(), crate::support::confirmation(fee));
    let paid = |story: &Story, day: &str| {
        let reader = story.register.ledger().read().unwrap();
        let works = proceeds(&reader, None, until(day)).unwrap();
        conserved(&works);
        let parts = works[0].parts.iter().map(|part| {
            let decimal =
                |amount: Option<deedbook::money::Amount>| amount.map(|it| it.to_decimal());
            (part.payee.to_string(), decimal(part.paid), decimal(part.owed))
        });
        parts.collect::<Vec<_>>()
    };
    let told =
        |paid: &str, owed: &str| ("bo".to_owned(), Some(paid.to_owned()), Some(owed.to_owned()));
    let nothing = Some("0.00".to_owned());
    let before = ("northlight".to_owned(), nothing.clone(), nothing);
    let own = ("wen".to_owned(), None, None);
    let first = [before.clone(), own.clone(), told("30.00", "60.00")];
    assert_eq!(paid(&story, "2026-03-31"), first);
    for (amount, reference, is_confirmed) in
        [("50.00 CNY", "d-2", true), ("9.00 CNY", "d-3", false), ("30.00 CNY", "d-4", true)]
    {
        let given = story.register.record(&wen(), part(amount, reference));
        if is_confirmed {
            story.register.record(&bo(), crate::support::confirmation(given));
        }
    }
    assert_eq!(paid(&story, "2026-03-31"), [before, own, told("110.00", "-20.00")]);
    let reader = story.register.ledger().read().unwrap();
    let number = reader.entry_number(&contract).unwrap().unwrap();
    let owed = owed(&reader, Some(number), until("2026-06-30")).unwrap();
    let line = &owed.lines[0];
    assert_eq!((line.paid.to_decimal(), line.owed.to_decimal()), ("1.00".into(), "19.00".into()));
    let journal = deedbook::ledger::answer::journal(&reader, Some(number), until("2026-06-30"));
    assert!(journal.is_ok());
    crate::support::check_ledger(story.register.ledger());
}

/// By hand: 100 USD of February at the 7 of its day; 100 USD of May, under terms that convert by the
/// end of the period, at the 8 of 30 June and not the 6 of its day; 10% of 1500.00, and half of the rest.
#[test]
fn a_line_is_converted_by_the_terms_of_its_day() {
    let mut story = Story::begin();
    let (wen_id, bo_id) = (story.wen, story.bo);
    let register = &mut story.register;
    let first = publish(register, gross("gross", None));
    let first = register.record(&wen(), contract(first));
    let mut later = gross("gross", None);
    later.version = 2;
    if let Form::ProfitShare(share) = &mut later.form {
        share.conversion = Some(Conversion::PeriodEnd);
    }
    let later = publish(register, later);
    let from = at("2026-04-01");
    let mut amendment = Contract { amends: Some(first), effective_at: from, ..contract(later) };
    amendment.notice.shown_at = from;
    let picture = work("picture", Some(first), &[(wen_id, "1/2"), (bo_id, "1/2")]);
    let picture = register.record(&wen(), picture);
    register.record(&bo(), agreed(picture));
    register.clock.advance_ms(150 * 86_400_000);
    register.record(&wen(), amendment);
    for (on, decimal) in [("2026-02-26", "7"), ("2026-05-05", "6"), ("2026-06-30", "8")] {
        let rate = ExchangeRate {
            base: text("USD"),
            rate: text(decimal),
            quote: text("CNY"),
            source: text("noon rates of the central bank"),
            on: at(on),
            url: None,
        };
        register.record(&northlight(), rate);
    }
    let sold = |reference: &str, on: &str| about(LineKind::Revenue, 10_000, reference, on);
    let lines = vec![sold("s-1", "2026-02-26"), sold("s-2", "2026-05-05")];
    let dollars = Account { currency: text("USD"), ..of_work(first, picture, lines) };
    register.record(&wen(), dollars);
    let reader = register.ledger().read().unwrap();
    let works = proceeds(&reader, None, until("2026-07-31")).unwrap();
    conserved(&works);
    assert_eq!(works[0].received.to_decimal(), "1500.00");
    let parts: Vec<_> = works[0].parts.iter().map(|part| part.amount.to_decimal()).collect();
    assert_eq!(parts, ["675.00", "675.00"]);
}

/// Where one right is another's, no share of the title can be named, and the answer says so.
#[test]
fn what_cannot_be_divided_is_not() {
    let mut story = Story::begin();
    let bo_id = story.bo;
    let terms = publish(&mut story.register, gross("gross", None));
    let contract = story.register.record(&wen(), contract(terms));
    let spring = story.work_of_wen("spring", Some(contract));
    let mut exhibition = assignment(spring, bo_id, "1");
    exhibition.scope.rights = text("exhibition");
    story.register.record(&wen(), exhibition);
    let lines = vec![about(LineKind::Revenue, 10_000, "s-1", "2026-02-26")];
    story.register.record(&wen(), of_work(contract, spring, lines));
    let reader = story.register.ledger().read().unwrap();
    let works = proceeds(&reader, None, until("2026-03-31")).unwrap();
    let spring = reader.entry_number(&spring).unwrap().unwrap();
    assert_eq!((works.len(), &works[0].undivided), (1, &vec![spring]));
    assert_eq!(works[0].parts, []);
}

/// Two contracts of one pool are one account: a loss-free 10% of 300.00, asked of either of them, with the
/// payments under both.
#[test]
fn a_pool_is_one_account() {
    let mut story = Story::begin();
    let register = &mut story.register;
    let contracts = ["pictures", "songs"].map(|slug| {
        let terms = publish(register, gross(slug, Some("catalogue")));
        register.record(&wen(), contract(terms))
    });
    let works = ["a", "b"]
        .iter()
        .zip(contracts)
        .map(|(title, contract)| story.work_of_wen(title, Some(contract)));
    let works: Vec<RecordId> = works.collect();
    let register = &mut story.register;
    for (place, (contract, minor)) in contracts.into_iter().zip([10_000, 20_000]).enumerate() {
        let sold = about(LineKind::Revenue, minor, "s-1", "2026-02-26");
        register.record(&wen(), of_work(contract, works[place], vec![sold]));
        let paid = crate::support::payment(contract, None, "7.00 CNY", "p-1");
        let paid = register.record(&wen(), paid);
        register.record(&northlight(), crate::support::confirmation(paid));
    }
    let reader = register.ledger().read().unwrap();
    let number = |id| reader.entry_number(&id).unwrap().unwrap();
    let moments = until("2026-06-30");
    for contract in contracts {
        let owed = owed(&reader, Some(number(contract)), moments).unwrap();
        let line = &owed.lines[0];
        let figures = (line.earned.to_decimal(), line.paid.to_decimal(), line.owed.to_decimal());
        assert_eq!(owed.lines.len(), 1);
        assert_eq!(figures, ("30.00".into(), "14.00".into(), "16.00".into()));
        assert_eq!(line.pooled, contracts.map(number));
        deedbook::ledger::answer::journal(&reader, Some(number(contract)), moments).unwrap();
    }
    let all = owed(&reader, Some(number(contracts[0])), moments).unwrap();
    for (by, count) in [(PartedBy::Work, 2), (PartedBy::Territory, 1)] {
        let parts = breakdown(&reader, &all, by, moments).unwrap();
        let parts: Vec<_> = parts.iter().filter(|it| it.received.is_some()).collect();
        assert_eq!(parts.len(), count);
        let sum: i128 = parts.iter().map(|part| part.owed.minor()).sum();
        assert_eq!(sum, 1600);
    }
}

/// Of an account with many lines the sums of each month are read; what they come to is what each
/// line by itself does. By hand: half of 2100 sales of 10.00 in March and as many in April is bo's,
/// less 10%. Of another work nobody else has any.
#[test]
fn many_lines_are_divided_like_few() {
    let mut story = Story::begin();
    let (wen_id, bo_id) = (story.wen, story.bo);
    let register = &mut story.register;
    let terms = publish(register, gross("gross", None));
    let contract = register.record(&wen(), contract(terms));
    let picture = work("picture", Some(contract), &[(wen_id, "1/2"), (bo_id, "1/2")]);
    let picture = register.record(&wen(), picture);
    register.record(&bo(), agreed(picture));
    let alone = register.record(&wen(), work("alone", Some(contract), &[(wen_id, "1")]));
    register.clock.advance_ms(10 * 86_400_000);
    register.clock.advance_ms(60 * 86_400_000);
    for (work, month) in [(picture, "03"), (alone, "03"), (picture, "04")] {
        let sold = |number: usize| {
            let day = format!("2026-{month}-{:02}", number % 28 + 1);
            let reference = format!("{}-{month}-{number:05}", u8::from(work == alone));
            about(LineKind::Revenue, 1000, &reference, &day)
        };
        let lines: Vec<AccountLine> = (0..2100).map(sold).collect();
        for lines in lines.chunks(700) {
            register.record(&wen(), of_work(contract, work, lines.to_vec()));
        }
    }
    let reader = story.register.ledger().read().unwrap();
    let all = proceeds(&reader, None, until("2026-04-30")).unwrap();
    conserved(&all);
    // 42000.00 less 4200.00, and half of it.
    let sum = |name: &str| {
        let told = told(&all).into_iter().filter(|(payee, _, _)| payee == name);
        told.map(|(_, _, amount)| amount).collect::<Vec<_>>()
    };
    assert_eq!(sum("bo"), ["18900.00"]);
    let bo_entry = reader.entry_number(&bo_id).unwrap().unwrap();
    let of_bo = proceeds(&reader, Some(bo_entry), until("2026-04-30")).unwrap();
    assert_eq!(told(&of_bo).len(), 1);
    // A day within a month, for which no sum is kept: 15 days of 75 sales each in April, or
    // (21000.00 + 11250.00) * 90% / 2.
    let within = proceeds(&reader, None, until("2026-04-15")).unwrap();
    conserved(&within);
    let of_bo = told(&within).into_iter().find(|(payee, _, _)| payee == "bo").unwrap().2;
    assert_eq!(of_bo, "14512.50");
}
