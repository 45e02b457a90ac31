//! Reports of several contracts and currencies, and across an amendment: the ledger ends up the same
//! however they are split, repeated or ordered.

use super::*;
use crate::support::{amount, publish, share_terms};
use deedbook::admission::View as _;
use deedbook::ledger::answer::{Accounts, Moments};
use deedbook::record::{ExchangeRate, Form};
use proptest::prelude::*;

/// Columns for contract and currency beside those of every report.
fn mapping_of_all() -> Mapping {
    let columns = COLUMNS.replace(
        "[constants]\ncurrency = \"CNY\"\n",
        "currency = \"Money\"\ncontract = \"Under\"\n",
    );
    let contracts = "[contracts]\nshare = \"northlight/share@1\"\n";
    Mapping::parse(&format!("dates = \"YYYY-MM-DD\"\nnegative = \"refund\"\n{columns}{contracts}"))
        .unwrap()
}

const HEADING: &str = "Under,Money,Day,Order,Type,Title,Qty,Country,Net\n";

/// Two contracts, one of which goes on under other rates from 1 March; two currencies.
const LINES: &[&str] = &[
    "share,CNY,2026-02-20,A-1,sale,spring,2,Germany,59.80",
    "northlight/second,CNY,2026-02-20,A-1,sale,,2,,10.00",
    "share,USD,2026-02-20,A-2,sale,spring,1,CN,14.90",
    "share,CNY,2026-03-01,A-3,rent,,,,3.00",
    "share,USD,2026-02-20,A-7,sale,spring,-1,CN,-4.90",
    "share,USD,2026-03-02,A-4,sale,spring,1,DE,4.90",
    "northlight/second,USD,2026-03-02,A-5,sale,,,,9.61",
    "share,CNY,2026-02-28,A-6,fee,,,,9.61",
];

/// Wen with two contracts; the first is amended from 1 March so that rent is deducted and the rate is
/// another.
fn amended() -> (Story, [EntryNumber; 2]) {
    let (mut story, first) = story();
    let second = publish(&mut story.register, share_terms("second"));
    let second = story.register.record(&wen(), crate::support::contract(second));
    for day in ["2026-02-20", "2026-03-02"] {
        let rate = ExchangeRate {
            base: text("USD"),
            rate: text("7"),
            quote: text("CNY"),
            source: text("Bank"),
            url: None,
            on: at(day),
        };
        story.register.record(&northlight(), rate);
    }
    let mut terms = share_terms("share");
    terms.version = 2;
    if let Form::ProfitShare(share) = &mut terms.form {
        let rent = share.deductions[0].clone();
        share.deductions.push(deedbook::record::Deduction { category: text("rent"), ..rent });
    }
    let terms = publish(&mut story.register, terms);
    let mut amendment = crate::support::contract(terms);
    amendment.amends = Some(story.share_contract);
    amendment.effective_at = at("2026-03-01");
    amendment.notice.shown_at = at("2026-03-01");
    story.register.clock.advance_ms(2 * 24 * 3600 * 1000);
    story.register.record(&wen(), amendment);
    let second = entry_of(&story, second);
    (story, [first, second])
}

fn import_lines(story: &mut Story, reports: &[&[&str]]) -> Result<Imported, ImportError> {
    story.register.clock.advance_ms(1000);
    let texts: Vec<String> = reports
        .iter()
        .map(|lines| {
            let lines = lines.iter().map(|line| format!("{line}\n"));
            std::iter::once(HEADING.to_owned()).chain(lines).collect()
        })
        .collect();
    let (mapping, actor) = (mapping_of_all(), wen());
    let party = actor.handle.parse().unwrap();
    let import = Import {
        contract: EntryNumber::default(),
        party: &party,
        signer: &actor.key,
        dry_run: false,
    };
    let reports: Vec<_> = texts
        .iter()
        .map(|text| (None, SalesReport::read(text.as_bytes(), Path::new("report.csv"), &mapping)))
        .collect();
    story.register.ledger_mut().import_all(reports, &import)
}

/// What the ledger holds of both contracts, and what is earned under them.
fn all(story: &Story, contracts: [EntryNumber; 2]) -> Vec<String> {
    let mut all = Vec::new();
    let reader = story.register.ledger().read().unwrap();
    let when = Moments { as_of: at("2026-06-30"), known_at: story.register.now() };
    let accounts = Accounts::new(&reader, when).unwrap();
    for contract in contracts {
        all.extend(held(story, contract));
        let row = reader.contract(contract).unwrap().unwrap();
        all.push(accounts.of(&row, None).unwrap().lines[0].earned.to_string());
    }
    all
}

fn whole() -> Vec<String> {
    let (mut story, contracts) = amended();
    let imported = import_lines(&mut story, &[LINES]).unwrap();
    check_ledger(story.register.ledger());
    assert_eq!(
        (imported.new_lines, imported.statements.len(), imported.contracts.len()),
        (8, 4, 2)
    );
    all(&story, contracts)
}

#[test]
fn two_versions_of_the_terms_hold_each_for_its_days() {
    let told = whole();
    let earned: Vec<&str> =
        told.iter().map(String::as_str).filter(|it| it.ends_with(" CNY")).collect();
    // 7.5% of 59.80 + 7 x 14.90 - 7 x 4.90 - 9.61 and of 7 x 4.90 - 3.00; of 10.00 + 7 x 9.61.
    assert_eq!(earned, ["11.36 CNY", "5.80 CNY"]);
    let (mut story, _) = amended();
    let early = "share,CNY,2026-02-28,A-9,rent,,,,3.00";
    let refused = import_lines(&mut story, &[&[LINES[0], early]]).unwrap_err();
    let ImportError::Lines { problems, .. } = refused else { panic!("{refused}") };
    assert_eq!((problems[0].line, problems[0].fault.code()), (3, "category_not_allowed"));
    assert_eq!(amount("11.36 CNY").to_string(), earned[0]);
}

#[test]
fn splits_and_repetitions_are_the_whole() {
    let whole = whole();
    for place in 0..=LINES.len() {
        let (mut story, contracts) = amended();
        import_lines(&mut story, &[&LINES[..place]]).unwrap();
        let imported = import_lines(&mut story, &[&LINES[place / 2..], LINES]).unwrap();
        assert_eq!(imported.new_lines, (LINES.len() - place) as u64);
        check_ledger(story.register.ledger());
        assert_eq!(all(&story, contracts), whole, "at {place}");
        let again = import_lines(&mut story, &[LINES]).unwrap();
        assert_eq!((again.new_lines, again.known_lines), (0, LINES.len() as u64));
    }
}

proptest! {
    #![proptest_config(crate::support::cases(12))]

    #[test]
    fn order_does_not_matter_across_contracts(
        order in Just(LINES.to_vec()).prop_shuffle(),
        split in 0..=LINES.len(),
        together in any::<bool>(),
    ) {
        let (mut story, contracts) = amended();
        let (first, second) = order.split_at(split);
        if together {
            import_lines(&mut story, &[second, first]).unwrap();
        } else {
            import_lines(&mut story, &[second]).unwrap();
            import_lines(&mut story, &[first, second]).unwrap();
        }
        prop_assert_eq!(all(&story, contracts), whole());
    }
}

/// Lines of many contracts wait for each other, and make as few statements as can be.
#[test]
fn interleaved_lines_make_whole_statements() {
    let (mut story, contracts) = amended();
    let line = |number: usize| {
        let under = ["share", "northlight/second"][number % 2];
        format!("{under},CNY,2026-02-20,L-{number:05},sale,,1,,1.00")
    };
    let lines: Vec<String> = (0..5000).map(line).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let imported = import_lines(&mut story, &[&lines]).unwrap();
    assert_eq!((imported.new_lines, imported.statements.len()), (5000, 6));
    assert_eq!(imported.contracts, contracts);
    let mut twice = lines.clone();
    let other = "share,CNY,2026-02-20,L-00000,sale,,1,,2.00";
    twice.push(other);
    let refused = import_lines(&mut story, &[&twice]).unwrap_err();
    let ImportError::Lines { problems, .. } = refused else { panic!("{refused}") };
    assert_eq!((problems.len(), problems[0].line), (1, 5002));
}

#[test]
fn what_is_signed_is_what_would_be_recorded() {
    let (mut story, contracts) = amended();
    let (mapping, actor) = (mapping_of_all(), wen());
    let party = actor.handle.parse().unwrap();
    let import =
        Import { contract: contracts[0], party: &party, signer: &actor.key, dry_run: false };
    let text = format!("{HEADING}{}\n", LINES.join("\n"));
    let before = picture(story.register.ledger());
    let report = || [(None, SalesReport::read(text.as_bytes(), Path::new("report.csv"), &mapping))];
    let (signed, statements) = story.register.ledger_mut().sign_all(report(), &import).unwrap();
    assert_eq!(picture(story.register.ledger()), before);
    let done = story.register.ledger_mut().import_all(report(), &import).unwrap();
    assert_eq!(signed, done);
    let ids = |imported: &Imported| -> Vec<RecordId> {
        imported.statements.iter().map(|recorded| recorded.id).collect()
    };
    assert_eq!(statements.iter().map(|statement| statement.id()).collect::<Vec<_>>(), ids(&done));
}
