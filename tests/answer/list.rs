//! Lists, search, and one entry whole.

use super::{entry, moments};
use crate::support::{Story, TERMS_TEXT, at, confirmation, northlight, payment, wen};
use deedbook::ledger::answer::{Detail, ListFilter, SearchFilter, list, search, show, terms_text};
use deedbook::record::{Digest, EntryNumber, Kind};

#[test]
fn the_newest_are_shown_last() {
    let mut story = Story::begin();
    for title in ["one", "two", "three"] {
        story.work_of_wen(title, Some(story.share_contract));
    }
    let reader = story.register.ledger().read().unwrap();
    let titles = |filter: &ListFilter| {
        let works = list(&reader, filter).works().unwrap();
        let titles = works.lines.iter().map(|line| line.title.to_string());
        (titles.collect::<Vec<_>>().join(" "), works.truncated)
    };
    let newest = |limit| ListFilter::newest(limit, at("2026-12-31"));
    let by_index =
        |limit| ListFilter { holder: Some(entry(&story.register, story.wen)), ..newest(limit) };
    for filter in
        [&newest, &by_index as &dyn Fn(usize) -> ListFilter] as [&dyn Fn(usize) -> ListFilter; 2]
    {
        assert_eq!(titles(&filter(3)), ("one two three".to_owned(), false));
        assert_eq!(titles(&filter(2)), ("two three".to_owned(), true));
        assert_eq!(titles(&filter(0)), (String::new(), true));
    }
    let titled = ListFilter { title: Some("T".to_owned()), ..newest(9) };
    assert_eq!(titles(&titled), ("two three".to_owned(), false));
    let party = ListFilter { party: Some(entry(&story.register, story.bo)), ..newest(9) };
    assert_eq!(titles(&party), (String::new(), false));
    let late = ListFilter { from: Some(at("2026-02-21")), ..newest(9) };
    assert_eq!(titles(&late), (String::new(), false));
}

#[test]
fn parties_terms_contracts_payments_entries() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", Some(story.fee_contract));
    let paid = payment(story.fee_contract, Some(spring), "49.00 CNY", "r-1");
    let paid = story.register.record(&wen(), paid);
    let reader = story.register.ledger().read().unwrap();
    let filter = ListFilter::newest(100, at("2026-12-31"));
    let lists = list(&reader, &filter);
    let parties = lists.parties().unwrap().lines;
    let handles: Vec<_> = parties.iter().map(|line| line.party.as_str()).collect();
    assert_eq!(handles, ["northlight", "wen", "bo"]);
    let terms = lists.terms().unwrap().lines;
    assert_eq!((terms.len(), terms[0].name.as_str()), (2, "northlight/fee@1"));
    assert_eq!(lists.contracts().unwrap().lines.len(), 2);
    let payments = lists.payments().unwrap().lines;
    assert_eq!((payments[0].payment, payments[0].confirmed_by), (paid, None));
    assert_eq!(lists.entries().unwrap().lines.len(), 10);
    let contracts = ListFilter { kind: Some(Kind::Contract), ..filter.clone() };
    let entries = list(&reader, &contracts).entries().unwrap().lines;
    assert_eq!(entries.iter().map(|fact| fact.entry.get()).collect::<Vec<_>>(), [5, 7]);
}

#[test]
fn search_looks_everywhere() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("The Spring Breeze", None);
    let file = story.register.directory().join("found");
    std::fs::write(&file, "The Spring Breeze").unwrap();
    let reader = story.register.ledger().read().unwrap();
    let hits = |text: &str| {
        let filter = SearchFilter {
            text: Some(text.as_ref()),
            file: std::fs::read(text).ok().map(|bytes| Digest::of(&bytes)),
            limit: 9,
            ..SearchFilter::default()
        };
        let found = search(&reader, &filter).unwrap();
        let hits = found.hits.iter().map(|hit| format!("{} {}", hit.entry, hit.matched));
        hits.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(hits("spring"), "#8 title");
    assert_eq!(hits("WEN"), "#2 handle");
    assert_eq!(hits("light/sh"), "#6 terms");
    assert_eq!(hits(&spring.to_string()[..10]), "#8 identifier");
    assert_eq!(hits(file.to_str().unwrap()), "#8 content");
    assert_eq!(hits("winter"), "");
    let by_party = SearchFilter {
        party: Some(entry(&story.register, story.wen)),
        limit: 9,
        ..SearchFilter::default()
    };
    assert_eq!(search(&reader, &by_party).unwrap().hits.len(), 1);
    let later = SearchFilter { from: Some(at("2026-02-21")), ..by_party };
    assert!(search(&reader, &later).unwrap().hits.is_empty());
}

#[test]
fn an_entry_whole() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", Some(story.fee_contract));
    let paid = payment(story.fee_contract, Some(spring), "49.00 CNY", "r-1");
    let paid = story.register.record(&wen(), paid);
    let confirmed = story.register.record(&northlight(), confirmation(paid));
    let register = &story.register;
    let reader = register.ledger().read().unwrap();
    let ask = |entry: EntryNumber| show(&reader, entry, moments("now", "now")).unwrap();
    for number in 0..reader.size().unwrap() {
        let shown = ask(EntryNumber::new(number));
        assert!(!shown.record.is_empty());
        let row = reader.entry_row(shown.fact.entry).unwrap().unwrap();
        assert_eq!(shown.leaf_hash, row.nodes[0].to_string());
    }
    let shown = ask(entry(register, paid));
    assert_eq!(shown.record["amount"], "49.00 CNY");
    assert_eq!(shown.record["effective_at"], "2026-02-24T00:00:00.000Z");
    assert_eq!(shown.record["work"], spring.to_string());
    let confirmed_by = Some(entry(register, confirmed));
    assert_eq!(shown.detail, Detail::Payment { confirmed_by });
    let shown = ask(entry(register, spring));
    assert_eq!(shown.record["creators"][0]["share"], "1");
    let Detail::Work { owner: Some(owner), .. } = shown.detail else {
        panic!("a work has an owner");
    };
    assert_eq!(owner.holders[0].party.as_str(), "wen");
}

#[test]
fn the_text_of_terms_and_of_a_contract() {
    let story = Story::begin();
    let reader = story.register.ledger().read().unwrap();
    for id in [story.fee, story.fee_contract] {
        let text = terms_text(&reader, entry(&story.register, id), None).unwrap();
        assert_eq!(text.text, TERMS_TEXT);
        assert_eq!(text.terms.name, "northlight/fee@1");
    }
    let german =
        terms_text(&reader, entry(&story.register, story.fee), Some(&"de".parse().unwrap()));
    assert_eq!(super::code(german), "no_text_in_language");
}
