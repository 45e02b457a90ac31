//! The page of a case: the same bytes for the same case, every fact linked, strangers' texts tamed.

use super::case::{documents, entries, number};
use crate::support::{
    Register, Story, account, agreed, ana, assignment, at, bo, confirmation, line, northlight,
    party, payment, text, wen, work,
};
use deedbook::evidence::{Case, Cosigned, Proof, SeenEarlier, TimeStamped, report};
use deedbook::record::{
    Commitment, EntryNumber, Generation, LineKind, Parameter, Prompt, PromptRole, Record, Role,
    Salt, Signer as _,
};
use deedbook::tlog::Hash;
use std::collections::{BTreeMap, BTreeSet};

const PROMPT: &str = "spring breeze, a young woman by the window,\n<b>soft</b> light";

/// A story that shows every part of the page.
pub(crate) struct Shown {
    pub(crate) register: Register,
    pub(crate) spring: EntryNumber,
    commitment: Commitment,
}

pub(crate) fn shown(title: &str) -> Shown {
    let mut story = Story::begin();
    let commitment = Commitment::of(&Salt::from_bytes([7; 32]), PROMPT.as_bytes());
    let sealed = Commitment::of(&Salt::from_bytes([8; 32]), b"no frame");
    let spring = made(&story, title, commitment, sealed);
    let share_contract = story.share_contract;
    let register = &mut story.register;
    let spring = register.record(&wen(), spring);
    register.record(&bo(), agreed(spring));
    let half = payment(story.fee_contract, Some(spring), "20.00 CNY", "till 17");
    let half = register.record(&wen(), half);
    register.record(&northlight(), confirmation(half));
    let rest = payment(story.fee_contract, Some(spring), "29.00 CNY", "till 18");
    let rest = register.record(&wen(), rest);
    register.record(&northlight(), confirmation(rest));
    let ana_id = register.record(&ana(), party(&ana(), Role::Creator));
    let mut quarter = assignment(spring, ana_id, "1/4");
    quarter.effective_at = at("2026-03-02");
    register.record(&wen(), quarter);
    let mut again = work("spring", None, &[(ana_id, "1")]);
    again.title = text(title);
    register.record(&ana(), again);
    let lines = vec![
        line(LineKind::Revenue, "licences", 120_000, "l-1"),
        line(LineKind::Expense, "platform-fees", 20_000, "l-2"),
    ];
    register.record(&wen(), account(share_contract, lines));
    let spring = number(register, spring);
    Shown { register: story.register, spring, commitment }
}

fn made(story: &Story, title: &str, open: Commitment, sealed: Commitment) -> Record {
    let mut made =
        work("spring", Some(story.fee_contract), &[(story.wen, "2/3"), (story.bo, "1/3")]);
    made.title = text(title);
    let parameter = |name: &str| Parameter(text(name));
    made.generation = Some(Generation {
        seed: Some(2_692_150_200),
        tool: Some(text("studio 1.9")),
        model: Some(text("northlight-xl 2.1")),
        prompts: vec![
            Prompt { role: PromptRole::Prompt, commitment: open },
            Prompt { role: PromptRole::Negative, commitment: sealed },
        ],
        parameters: BTreeMap::from([
            (parameter("steps"), text("33")),
            (parameter("sampler"), text("euler a")),
        ]),
        ..Generation::default()
    });
    made.note = Some(text("Published on 26 February; the sky was repainted by hand."));
    made.into()
}

pub(crate) fn proof(shown: &Shown) -> Proof {
    let concerns: BTreeSet<EntryNumber> = entries(&shown.register)
        .iter()
        .map(|(number, _)| *number)
        .filter(|it| it.get() >= 4)
        .collect();
    Proof {
        origin: "register.example/deeds".parse().unwrap(),
        tree_size: 18,
        root: Hash::from_bytes([0xab; 32]),
        register_key: crate::support::Key::ed25519(1).public_key().thumbprint(),
        cosignatures: vec![Cosigned {
            witness: "witness.example/w1".to_owned(),
            key: "witness.example/w1+8d2b1f30+BJj…".to_owned(),
            at: at("2026-03-02T08:00:00Z"),
        }],
        time_stamps: vec![TimeStamped {
            authority: "CN=Example Time Stamping Authority".to_owned(),
            at: at("2026-03-03T10:15:00Z"),
        }],
        earlier: vec![SeenEarlier {
            tree_size: 9,
            by: "CN=An Earlier Authority".to_owned(),
            is_time_stamp: true,
            at: at("2026-02-25T09:00:00Z"),
        }],
        completeness: vec![
            "The register states, under its own signature, that these are all entries about the work \
             up to entry #17."
                .to_owned(),
        ],
        concerns,
        works: BTreeSet::from([shown.spring]),
        openings: BTreeMap::from([(shown.commitment, PROMPT.as_bytes().to_vec())]),
        as_of: at("2026-06-30T12:00:00Z"),
    }
}

pub(crate) fn case_of(shown: &Shown) -> Case {
    let all = entries(&shown.register);
    Case::replay(&all, &documents(&shown.register), shown.spring).unwrap()
}

fn page(title: &str) -> String {
    let shown = shown(title);
    report(&case_of(&shown), &proof(&shown)).unwrap()
}

/// How many links a page has, each of which must lead to a place in it.
pub(crate) fn check_links(page: &str) -> usize {
    let ids: BTreeSet<&str> = attributes(page, " id=\"").collect();
    let mut links = 0;
    for link in attributes(page, " href=\"") {
        let target = link.strip_prefix('#').expect("a link that leads out of the page");
        assert!(ids.contains(target), "{link} leads nowhere");
        links += 1;
    }
    links
}

#[test]
fn every_part_is_there_and_every_link_leads_somewhere() {
    let page = page("Spring breeze");
    for needed in [
        "Spring breeze",
        "CN=An Earlier Authority",
        "the first 9",
        "<strong><bdi>wen</bdi></strong> holds 5/12",
        "the fee was paid in full",
        "The same content is claimed by somebody else",
        "2692150200",
        "&lt;b&gt;soft&lt;/b&gt; light",
        "not opened here",
        "49.00 CNY",
        "till 18",
        "witness.example/w1",
        "Example Time Stamping Authority",
        "<span>2026-03-02</span> <span>08:00:00 UTC</span>",
        "up to entry <a href=\"#entry-17\">#17</a>",
        "You pay, and the work is yours.",
    ] {
        assert!(page.contains(needed), "{needed} is missing");
    }
    let links = check_links(&page);
    assert!(links > 40, "{links} links");
    let ids: BTreeSet<&str> = attributes(&page, " id=\"").collect();
    for entry in 0..18 {
        assert!(ids.contains(format!("entry-{entry}").as_str()));
    }
}

fn attributes<'a>(page: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    page.split(name).skip(1).map(|rest| rest.split('"').next().unwrap())
}

#[test]
fn nothing_runs_and_nothing_is_fetched() {
    let page = page("Spring breeze");
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    for refused in [
        "<script", "<img", "<link", "<iframe", "url(", "@import", "http://", "https://", " on",
        "style=\"",
    ] {
        let found = page.match_indices(refused).filter(|(at, _)| {
            // In running text `on` is a word; an attribute has a sign of equality behind a name.
            refused != " on"
                || page[*at + 3..].split(['=', ' ', '<', '.', ',']).next().is_some_and(|name| {
                    !name.is_empty() && page.as_bytes().get(*at + 3 + name.len()) == Some(&b'=')
                })
        });
        assert_eq!(found.count(), 0, "{refused}");
    }
}

#[test]
fn the_same_case_gives_the_same_bytes() {
    let shown = shown("Spring breeze");
    let proof = proof(&shown);
    let [one, other] = [(); 2].map(|()| report(&case_of(&shown), &proof).unwrap());
    assert_eq!(one, other);
    let later = Proof { as_of: at("2026-02-21"), ..proof };
    let then = report(&case_of(&shown), &later).unwrap();
    assert!(then.contains("<strong><bdi>northlight</bdi></strong> holds the whole"));
    assert!(then.contains("of the fee are outstanding"));
}

#[test]
fn a_title_of_markup_and_turned_text_is_tamed() {
    // A record takes no character that turns text; one without width it does.
    let page = page("</title><script>x()</script>\u{ad}gnp");
    assert!(!page.contains("<script"), "markup");
    assert!(!page.contains('\u{ad}'), "hidden text");
    assert!(page.contains("&lt;script&gt;x()&lt;/script&gt;\\u{ad}gnp"));
}

#[test]
fn a_contract_and_a_party_have_their_pages() {
    let shown = shown("Spring breeze");
    let all = entries(&shown.register);
    let texts = documents(&shown.register);
    for (subject, needed) in [(2, "the history of a party"), (7, "the history of a contract")] {
        let case = Case::replay(&all, &texts, EntryNumber::new(subject)).unwrap();
        let page = report(&case, &proof(&shown)).unwrap();
        assert!(page.contains(needed), "{needed}");
        assert!(page.contains("75.00 CNY"), "7.5 per cent of 1,200.00 less 200.00");
    }
}
