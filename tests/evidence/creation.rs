//! The creation record of a work on the page: every attempt of its session, what the file says of itself,
//! and on whose word all that rests.

use super::command::done;
use super::parts::{Parts, SEALED, number, proven, sealed};
use super::report::check_links;
use crate::support::{
    Register, Story, at, attested, labelled, ledger_key, northlight, output, session, steps_of,
    text, wen, work,
};
use deedbook::evidence::{DraftOpening, Page};
use deedbook::ledger::gather;
use deedbook::record::{
    Attestation, AttestedOutput, ClaimSource, Commitment, Content, Digest, FileClaim, Generation,
    Parameter, Prompt, PromptRole, RecordId, Salt, SessionStopped, Step,
};
use std::collections::BTreeMap;

const PROMPT: &[u8] = b"dusk over the old harbour, <b>no people</b>";
const REASON: &[u8] = b"the hands are wrong";
const CLAIMED: &[u8] = b"dusk, harbour\nSteps: 33";

fn salt(place: u8) -> Salt {
    Salt::from_bytes([place; 32])
}

fn claim() -> FileClaim {
    FileClaim {
        place: text("tEXt parameters"),
        fields: BTreeMap::from([(Parameter(text("Size")), text("512x768"))]),
        source: ClaimSource::Automatic1111,
        verbatim: Some(Commitment::of(&salt(3), CLAIMED)),
        generation: Some(Generation {
            model: Some(text("model-of-the-file 9")),
            ..Generation::default()
        }),
    }
}

struct Made {
    register: Register,
    spring: RecordId,
    by_the_provider: RecordId,
}

/// Four attempts: one put aside with its reason, one chosen, that one edited twice, the last of which is the
/// work; its file claims something, the provider attests it among files of others, and a copy is labelled.
fn made(attest: bool) -> Made {
    let mut story = Story::begin();
    let register = &mut story.register;
    let begun =
        register.record(&wen(), session("Dusk over the harbour", Some(story.share_contract)));
    let moment = |minute: u32| at(&format!("2026-02-25T12:{minute:02}:00Z"));
    let generation = |seed| Generation {
        seed: Some(seed),
        model: Some(text("northlight-xl 2.1")),
        prompts: vec![Prompt {
            role: PromptRole::Prompt,
            commitment: Commitment::of(&salt(1), PROMPT),
        }],
        ..Generation::default()
    };
    let drawn = |minute, seed, name: &str| Step {
        generation: Some(generation(seed)),
        ..Step::generated(moment(minute), output(name))
    };
    let because = Some(Commitment::of(&salt(2), REASON));
    let last = Content { claims: vec![claim()], ..output("spring") };
    let steps = vec![
        drawn(1, 41, "one"),
        drawn(2, 42, "two"),
        Step { note: because, ..Step::rejected(moment(3), output("one")) },
        Step::selected(moment(4), output("two")),
        Step::edited(moment(5), output("two").digest, output("three")),
        Step::edited(moment(6), output("three").digest, last.clone()),
        Step::noted(moment(7), Commitment::of(&salt(4), b"kept to myself")),
    ];
    register.record(&wen(), steps_of(begun, steps));
    register.record(&wen(), SessionStopped { session: begun, effective_at: moment(8) });
    let mut spring = work("spring", Some(story.share_contract), &[(story.wen, "1")]);
    spring.contents = vec![last];
    spring.effective_at = at("2026-02-26");
    spring.generation =
        Some(Generation { account: Some(text("another-account")), ..generation(42) });
    let spring = register.record(&wen(), spring);
    let others = AttestedOutput {
        digest: Digest::of(b"of somebody else"),
        account: text("account-of-a-stranger"),
        ..attested("req-2")
    };
    let mut by_the_provider = spring;
    if attest {
        let outputs = vec![attested("req-1"), others];
        by_the_provider = register.record(&northlight(), Attestation { outputs });
    }
    register.record(&wen(), labelled(Some(spring)));
    Made { register: story.register, spring, by_the_provider }
}

fn page(bundle: &[u8]) -> String {
    String::from_utf8(Parts::of(bundle).0["report.html"].clone()).unwrap()
}

#[test]
fn the_page_shows_every_attempt_what_the_file_says_and_who_attests_it() {
    let made = made(true);
    let register = &made.register;
    let reader = register.ledger().read().unwrap();
    let mut draft = gather(&reader, number(register, made.spring)).unwrap().draft(&reader).unwrap();
    let opening = |place, bytes: &[u8]| DraftOpening { salt: salt(place), bytes: bytes.to_vec() };
    draft.openings = vec![opening(1, PROMPT), opening(2, REASON)];
    let bundle = draft.seal(&ledger_key(), at(SEALED)).unwrap();
    let verdict = proven(&bundle);
    // The verifier draws the same page from the statements alone.
    assert_eq!(verdict.page, Page::Drawn);
    assert_eq!(verdict.openings.len(), 2);
    let page = page(&bundle);
    check_links(&page);
    for needed in [
        "Dusk over the harbour",
        "7: 2 generated, 1 rejected, 1 selected, 2 edited, 1 noted",
        "Put aside",
        "Chosen",
        "Edited by hand",
        "a file of this work",
        "the hands are wrong",
        "dusk over the old harbour, &lt;b&gt;no people&lt;/b&gt;",
        "What the files say of themselves",
        "model-of-the-file 9",
        "512x768",
        "Its exact bytes",
        "Attested by the provider.",
        "the provider of the contract",
        "req-1",
        "The creator names another account: <bdi>another-account</bdi>",
        "cannot be cut",
        "Copies that were labelled as generated",
    ] {
        assert!(page.contains(needed), "{needed} is missing");
    }
    // What was not revealed is not there, and nothing of the others in the attestation.
    for hidden in ["kept to myself", "account-of-a-stranger", "req-2"] {
        assert!(!page.contains(hidden), "{hidden}");
    }
    let attestation = number(register, made.by_the_provider);
    assert!(verdict.claims.iter().any(|it| it.entry == attestation && it.concerns_subject));
}

#[test]
fn without_an_attestation_it_is_the_creators_word_only() {
    let made = made(false);
    let bundle = sealed(&made.register, made.spring);
    assert_eq!(proven(&bundle).page, Page::Drawn);
    let page = page(&bundle);
    assert!(page.contains("Creator's word only."));
    assert!(!page.contains("Attested by") && !page.contains("cannot be cut"));
    // Nothing was revealed, and the page says what is sealed.
    assert!(!page.contains("the hands are wrong") && page.contains("the reason, sealed: "));
}

/// The steps of a session stand between its own ends: one that is left out breaks what rests on it.
#[test]
fn an_attempt_that_was_put_aside_cannot_be_left_out_under_the_registers_word() {
    let made = made(true);
    let mut parts = Parts::of(&sealed(&made.register, made.spring));
    let steps = parts.0.keys().find(|name| {
        name.starts_with("entries/") && {
            let entry = deedbook::record::Entry::decode(&parts.0[*name]).unwrap();
            entry.statement.record().kind() == deedbook::record::Kind::SessionSteps
        }
    });
    let steps = steps.unwrap();
    let steps: u64 = steps["entries/".len()..steps.len() - 5].parse().unwrap();
    parts.leave_out(steps);
    super::parts::refusal(&parts.pack());
    parts.strip();
    // Without that word the session has no steps, and nobody says that it is all.
    let verdict = proven(&parts.pack());
    let complete = verdict.completeness;
    assert!(matches!(complete, deedbook::evidence::Completeness::NotProven { .. }));
}

/// Whoever exports is told that a batch of the provider goes with it whole.
#[test]
fn an_export_says_how_many_lines_of_others_it_has() {
    let shop = super::command::shop();
    let place = shop.path();
    done(place, &["party", "add", "northlight", "--role", "provider"]);
    let digest = |bytes: &[u8]| Digest::of(bytes).to_string();
    let line = |bytes: &[u8], reference: &str| {
        format!("2026-02-24T09:30:00Z,{},studio-7,northlight-xl 2.1,{reference},\n", digest(bytes))
    };
    let heading = "at,digest,account,model,reference,prompt_commitment\n";
    let rows = [line(b"not really a picture", "r-1"), line(b"x", "r-2"), line(b"y", "r-3")];
    std::fs::write(place.join("log.csv"), format!("{heading}{}", rows.concat())).unwrap();
    done(place, &["attest", "--log", "log.csv", "--as", "northlight"]);
    let told = done(place, &["evidence", "export", "spring.png", "-o", "case.zip"]);
    assert!(told.contains("2 lines about other files"), "{told}");
    let told = done(place, &["--json", "evidence", "export", "spring.png", "-o", "again.zip"]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["lines_of_others"], 2);
    // A work whose provider attests nothing has no such notice.
    std::fs::write(place.join("plain.png"), b"plain").unwrap();
    done(place, &["register", "plain.png", "--as", "wen"]);
    let told = done(place, &["evidence", "export", "plain.png", "-o", "plain.zip"]);
    assert!(!told.contains("about other files"), "{told}");
}
