//! The limits of a bundle, each at what is allowed and one above it, through the public verifier and the
//! command.

use super::command::{deedbook, done};
use super::parts::{Parts, number, proven, refusal, sealed};
use crate::support::{
    Register, Story, TERMS_TEXT, account, at, contract, ledger_key, line, northlight, share_terms,
    text, wen, work,
};
use deedbook::evidence::{CaseError, DraftOpening, EvidenceError, ManifestError, Page, Verdict};
use deedbook::ledger::answer::Moments;
use deedbook::ledger::{Submission, gather};
use deedbook::record::{
    Account, Commitment, Conversion, Form, Generation, LineKind, ProfitShare, Prompt, PromptRole,
    Record, RecordId, Salt,
};
use deedbook::royalty::RoyaltyError;
use std::path::Path;
use std::time::{Duration, Instant};

/// Records of wen, in one submission.
fn record_all(register: &mut Register, records: impl IntoIterator<Item = Record>) {
    register.clock.advance_ms(1000);
    let sign = |record: Record| register.sign(&wen(), record).as_bytes().to_vec();
    let statements: Vec<_> = records.into_iter().map(sign).collect();
    register.ledger_mut().submit(Submission::from(statements)).unwrap();
}

fn account_of(share: RecordId, place: usize) -> Record {
    let lines = vec![line(LineKind::Revenue, "prints", 1_000, &format!("r-{place}"))];
    account(share, lines).into()
}

/// How many accounts a verdict has, how many it leaves out, and what the page in the bundle is.
fn accounts(verdict: &Verdict) -> (Option<usize>, usize, Page) {
    let told = verdict.accounts(Moments::ALL).unwrap();
    (told.map(|told| told.len()), verdict.accounts_left_out().unwrap().len(), verdict.page)
}

fn verified(place: &Path, bundle: &[u8]) -> String {
    std::fs::write(place.join("limit.zip"), bundle).unwrap();
    done(place, &["verify", "limit.zip"])
}

/// So long may whatever is at a limit take where nothing is optimised, on a machine that does other things.
fn in_time<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    assert!(begun.elapsed() < Duration::from_secs(60), "{what} took {:?}", begun.elapsed());
    done
}

/// The contract, the work under it, and 4,094 statements of account; then one more.
#[test]
fn an_account_of_4096_entries_is_told_with_a_work_and_of_one_more_is_not() {
    let mut story = Story::begin();
    let share = story.share_contract;
    let spring = story.work_of_wen("spring", Some(share));
    let register = &mut story.register;
    record_all(register, (0..4_094).map(|place| account_of(share, place)));
    let bundle = sealed(register, spring);
    let verdict = in_time("verifying 4,096 entries of account", || proven(&bundle));
    assert_eq!(accounts(&verdict), (Some(1), 0, Page::NotDrawn));
    let of_it = verdict.claims.iter().filter(|claim| claim.concerns_subject).count();
    assert_eq!(of_it, 4_096);
    record_all(register, [account_of(share, 4_094)]);
    let bundle = sealed(register, spring);
    let verdict = proven(&bundle);
    assert_eq!(accounts(&verdict), (Some(0), 1, Page::Drawn));
    assert_eq!(verdict.claims.iter().filter(|claim| claim.concerns_subject).count(), 1);
    let told = verified(register.directory(), &bundle);
    assert!(told.contains("is not told here"), "{told}");
    let page = String::from_utf8(Parts::of(&bundle).0["report.html"].clone()).unwrap();
    assert!(page.contains("Evidence about that contract has it"));
}

/// A manifest of so many entries, all of which are said to be there.
fn with_entries(bundle: &Parts, count: usize) -> Vec<u8> {
    let mut parts = bundle.clone();
    let old = String::from_utf8(parts.0["manifest.json"].clone()).unwrap();
    let start = old.find("    \"supports\": [\n").unwrap();
    let end = start + old[start..].find("\n    ],").unwrap();
    let concerns = parts.manifest()["selection"]["concerns"].clone();
    let concerns: Vec<u64> = serde_json::from_value(concerns).unwrap();
    let supports = (0..).filter(|it| !concerns.contains(it)).take(count - concerns.len());
    let supports: Vec<_> = supports.map(|it| format!("      {it}")).collect();
    let mut text = old.clone();
    text.replace_range(start..end, &format!("    \"supports\": [\n{}", supports.join(",\n")));
    let size = parts.manifest()["tree_size"].to_string();
    let sizes = [format!("\"tree_size\": {size}"), "\"tree_size\": 99999".to_owned()];
    text = text.replace(&sizes[0], &sizes[1]);
    parts.0.insert("manifest.json".to_owned(), text.into_bytes());
    parts.pack()
}

#[test]
fn a_manifest_of_15000_entries_is_read_and_of_one_more_is_refused() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", None);
    let mut bundle = Parts::of(&sealed(&story.register, spring));
    bundle.strip();
    let refused = refusal(&with_entries(&bundle, 15_000));
    assert!(matches!(refused, EvidenceError::PartMissing { .. }), "{refused}");
    let found = 15_001;
    let refused = refusal(&with_entries(&bundle, found));
    assert_eq!(refused, EvidenceError::Manifest(ManifestError::TooManyEntries { found }));
}

/// Further contracts of wen, each under terms of its own.
fn contracts(story: &mut Story, count: usize) {
    let register = &mut story.register;
    register.clock.advance_ms(1000);
    let offered = (0..count).map(|place| share_terms(&format!("more-{place}")));
    let offered: Vec<_> = offered.map(|terms| register.sign(&northlight(), terms)).collect();
    let statements = offered.iter().map(|terms| terms.as_bytes().to_vec()).collect();
    let documents = vec![TERMS_TEXT.to_owned()];
    register.ledger_mut().submit(Submission { statements, documents }).unwrap();
    record_all(register, offered.iter().map(|terms| contract(terms.id()).into()));
}

#[test]
fn a_hundred_accounts_are_told_and_of_one_more_none_is() {
    let mut story = Story::begin();
    // Beside the two that the story has.
    contracts(&mut story, 98);
    let verdict = in_time("100 accounts", || proven(&sealed(&story.register, story.wen)));
    assert_eq!(accounts(&verdict), (Some(100), 0, Page::NotDrawn));
    let mut one_more = Story::begin();
    contracts(&mut one_more, 99);
    let bundle = sealed(&one_more.register, one_more.wen);
    let verdict = in_time("101 contracts", || proven(&bundle));
    assert_eq!(accounts(&verdict), (None, 0, Page::NotDrawn));
    let told = verified(one_more.register.directory(), &bundle);
    assert!(told.contains("More than 100 contracts are told"), "{told}");
    let told = done(one_more.register.directory(), &["--json", "verify", "limit.zip"]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["accounts"], &told["page"]), (&serde_json::Value::Null, &"not-drawn".into()));
}

#[test]
fn the_page_of_four_accounts_is_drawn_anew_and_of_five_is_not() {
    for (more, page) in [(2, Page::Drawn), (3, Page::NotDrawn)] {
        let mut story = Story::begin();
        contracts(&mut story, more);
        let bundle = sealed(&story.register, story.wen);
        assert_eq!(accounts(&proven(&bundle)), (Some(2 + more), 0, page));
        let told = verified(story.register.directory(), &bundle);
        let words = match page {
            Page::NotDrawn => "was not made anew, since the bundle is large",
            Page::Missing | Page::Drawn | Page::Differs => "byte for byte",
        };
        assert!(told.contains(words), "{told}");
    }
}

/// A work of wen with prompts of these sizes, all of them opened.
fn opened(sizes: [usize; 3]) -> Vec<u8> {
    let mut story = Story::begin();
    let prompts = sizes.map(|size| vec![b'a'; size]);
    let salt = |place: u8| Salt::from_bytes([place; 32]);
    let mut made = work("spring", None, &[(story.wen, "1")]);
    let committed = (0..).zip(&prompts).map(|(place, bytes)| Prompt {
        role: PromptRole::Prompt,
        commitment: Commitment::of(&salt(place), bytes),
    });
    made.generation = Some(Generation { prompts: committed.collect(), ..Generation::default() });
    let made = story.register.record(&wen(), made);
    let reader = story.register.ledger().read().unwrap();
    let gathered = gather(&reader, number(&story.register, made)).unwrap();
    let mut draft = gathered.draft(&reader).unwrap();
    draft.openings = (0..)
        .zip(prompts)
        .map(|(place, bytes)| DraftOpening { salt: salt(place), bytes })
        .collect();
    draft.seal(&ledger_key(), at(super::parts::SEALED)).unwrap()
}

/// Each byte of a prompt stands twice in a bundle: by itself, and on the page.
#[test]
fn the_page_of_a_bundle_of_4_mib_is_drawn_anew_and_of_more_is_not() {
    let limit = 4 << 20;
    let found = opened([600_000, 600_000, 600_000]).len();
    let missing = (limit - found) / 2;
    let most = [600_000, 600_000, 600_000 + missing];
    let at_most = opened(most);
    assert!(at_most.len() <= limit && at_most.len() + 2 > limit, "{}", at_most.len());
    let verdict = in_time("a page of 4 MiB", || proven(&at_most));
    assert_eq!(verdict.page, Page::Drawn);
    let above = opened([most[0], most[1], most[2] + 1]);
    assert!(above.len() > limit && above.len() <= limit + 2);
    assert_eq!(in_time("more", || proven(&above)).page, Page::NotDrawn);
}

/// Under terms that convert by the mean of a period, lines come before any rate is published.
#[test]
fn an_account_that_cannot_be_computed_is_an_error_of_the_account_and_not_of_the_bundle() {
    let mut story = Story::begin();
    let mut terms = share_terms("abroad");
    terms.form = Form::ProfitShare(ProfitShare {
        conversion: Some(Conversion::PeriodAverage),
        ..ProfitShare::flat(text("10%"), text("CNY"))
    });
    let terms = crate::support::publish(&mut story.register, terms);
    let register = &mut story.register;
    let abroad = register.record(&wen(), contract(terms));
    let lines = vec![line(LineKind::Revenue, "prints", 10_000, "s-1")];
    register.record(&wen(), Account { currency: text("USD"), ..account(abroad, lines) });
    let bundle = sealed(register, abroad);
    let verdict = proven(&bundle);
    assert_eq!(verdict.page, Page::Drawn);
    let accounts = verdict.accounts(Moments::ALL).unwrap().unwrap();
    match accounts[0].figures.as_ref() {
        Err(CaseError::Royalty(error)) => {
            assert!(matches!(**error, RoyaltyError::ExchangeRateMissing { .. }), "{error}");
        }
        found => panic!("{found:?}"),
    }
    let told = verified(register.directory(), &bundle);
    assert!(told.contains("What is owed cannot be computed: no rate from USD to CNY"), "{told}");
    let json = deedbook(register.directory(), &["--json", "verify", "limit.zip"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert!(json["accounts"][0]["reason"].as_str().unwrap().starts_with("no rate from USD"));
    let page = String::from_utf8(Parts::of(&bundle).0["report.html"].clone()).unwrap();
    assert!(page.contains("cannot be computed: no rate from USD to CNY"));
}
