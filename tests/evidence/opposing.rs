//! What the other side may try with bundles that hold: each is told for what it is, in words that somebody
//! reads who is no expert.

use super::command::{deedbook, done};
use super::parts::{Parts, number, proven, sealed};
use super::seen::{cosign, policy_text};
use super::told::told;
use crate::support::{Story, assignment, at, derived, wen};
use deedbook::evidence::{Policy, verify};
use deedbook::record::Digest;
use serde_json::Value;
use std::path::Path;

fn write(place: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(place.join(name), bytes).unwrap();
}

/// The first line of an answer.
fn heading(told: &str) -> &str {
    told.lines().next().unwrap()
}

/// Evidence about a work that was made out of another one has the registration of that other one.
#[test]
fn a_file_of_another_work_in_the_bundle_is_not_what_it_is_about() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", None);
    let summer = derived("summer", None, story.wen, &[(spring, None)]);
    let register = &mut story.register;
    let summer = register.record(&wen(), summer);
    let bundle = sealed(register, summer);
    let of = |name: &str| {
        let digest = Digest::of(name.as_bytes());
        verify(&bundle, &Policy::default(), Some(digest)).unwrap()
    };
    let verdict = of("summer");
    assert!(verdict.is_proven() && verdict.file.unwrap().is_of_subject);
    let verdict = of("spring");
    let file = verdict.file.as_ref().unwrap();
    assert_eq!(file.works, [number(register, spring)]);
    assert!(!file.is_of_subject && !verdict.is_proven());
    let place = register.directory();
    write(place, "case.zip", &bundle);
    write(place, "spring.png", b"spring");
    let output = deedbook(place, &["verify", "case.zip", "--file", "spring.png"]);
    assert_eq!(output.status.code(), Some(3));
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(heading(&told).starts_with("NOT PROVEN: the file with digest"), "{told}");
    assert!(told.contains("which the evidence is NOT about"), "{told}");
    // Of a party it is one of her works.
    let of_wen = sealed(register, story.wen);
    let verdict = verify(&of_wen, &Policy::default(), Some(Digest::of(b"spring"))).unwrap();
    assert!(verdict.is_proven());
}

/// A bundle from before an assignment holds for ever, and the register did sign it.
#[test]
fn a_bundle_of_an_earlier_day_says_until_when_it_tells() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", None);
    let old = sealed(&story.register, spring);
    let register = &mut story.register;
    register.record(&wen(), assignment(spring, story.bo, "1"));
    let place = register.directory();
    write(place, "old.zip", &old);
    // Sealed on 1 June.
    assert_eq!(proven(&old).told_until(), at("2026-06-01"));
    let told = done(place, &["verify", "old.zip", "--as-of", "2026-12-31"]);
    let words = "what was registered after 2026-06-01 is not in the evidence";
    assert!(told.contains(words), "{told}");
    let told = done(place, &["verify", "old.zip", "--as-of", "2026-05-01"]);
    assert!(!told.contains(words), "{told}");
    let told: Value = serde_json::from_str(&done(place, &["--json", "verify", "old.zip"])).unwrap();
    assert_eq!(told["completeness"]["told_until"], "2026-06-01T00:00:00.000Z");
}

#[test]
fn what_may_have_been_left_out_is_said_in_the_first_line_and_at_every_answer() {
    let told = told();
    let whole = sealed(&told.register, told.spring);
    let mut parts = Parts::of(&whole);
    parts.leave_out(number(&told.register, told.assigned).get());
    parts.strip();
    let place = told.register.directory();
    write(place, "theirs.zip", &parts.pack());
    write(place, "ours.zip", &whole);
    let found = done(place, &["verify", "theirs.zip"]);
    assert!(heading(&found).ends_with("nothing shows that it is complete"), "{found}");
    // Title, and the account.
    assert_eq!(found.matches(", if nothing was left out").count(), 2, "{found}");
    let found = done(place, &["verify", "ours.zip"]);
    assert!(heading(&found).ends_with("holds"), "{found}");
    let found = done(place, &["evidence", "compare", "ours.zip", "theirs.zip"]);
    assert!(found.contains("complete until 2026-06-01, by the register's signed word"), "{found}");
    assert!(found.contains("NOT shown to be complete"), "{found}");
    let found = done(place, &["--json", "evidence", "compare", "ours.zip", "theirs.zip"]);
    let found: Value = serde_json::from_str(&found).unwrap();
    assert_eq!(found["left"]["completeness"], "signed-by-register");
    assert_eq!(found["right"]["completeness"], "not-proven");
}

/// A witness cannot have seen what the register says that it took in years later.
#[test]
fn a_word_from_before_the_registers_own_time_is_told_as_a_contradiction() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", None);
    let register = &mut story.register;
    let registered = register.now().as_millis() / 1000;
    for (before_s, contradicts) in [(86_400, true), (30, false)] {
        let mut story = Story::begin();
        let spring_again = story.work_of_wen("spring", None);
        assert_eq!(spring_again, spring);
        let register = &mut story.register;
        cosign(register, 1, u64::try_from(registered - before_s).unwrap());
        let place = register.directory();
        write(place, "case.zip", &sealed(register, spring));
        write(place, "policy.toml", policy_text(&[1], 1, "").as_bytes());
        let line = ["verify", "case.zip", "--policy", "policy.toml"];
        let found = done(place, &line);
        assert_eq!(found.contains("one of the two is wrong"), contradicts, "{found}");
        let found = done(place, &[["--json"].as_slice(), &line].concat());
        let found: Value = serde_json::from_str(&found).unwrap();
        let claims = found["claims"].as_array().unwrap();
        assert_eq!(claims.last().unwrap()["contradicted"], contradicts);
    }
}

/// What was opened is shown with its lines.
#[test]
fn a_text_of_several_lines_is_shown_in_lines() {
    let shop = super::command::shop();
    let place = shop.path();
    write(place, "song.txt", b"first line\nsecond line\n");
    write(place, "song.png", b"a song");
    let register = ["register", "song.png", "--as", "wen", "--prompt-file", "song.txt"];
    done(place, &register);
    done(place, &["evidence", "export", "song.png", "-o", "song.zip", "--reveal", "all"]);
    let found = done(place, &["verify", "song.zip"]);
    assert!(found.contains("\n  first line\n  second line\n"), "{found}");
}

/// Who exports in the second in which the work was made finds it on the page.
#[test]
fn a_work_of_the_second_of_the_export_is_on_the_page() {
    let mut story = Story::begin();
    let register = &mut story.register;
    let moment = |text: &str| deedbook::record::Timestamp::parse_start(text).unwrap();
    let until = moment("2026-06-01T00:00:00.700Z").as_millis() - register.now().as_millis();
    // Recording moves the clock by a second.
    register.clock.advance_ms(until - 1000);
    let mut made = crate::support::work("spring", None, &[(story.wen, "1")]);
    made.effective_at = moment("2026-06-01T00:00:00.600Z");
    let made = register.record(&wen(), made);
    let reader = register.ledger().read().unwrap();
    let gathered = deedbook::ledger::gather(&reader, number(register, made)).unwrap();
    let draft = gathered.draft(&reader).unwrap();
    let key = crate::support::ledger_key();
    let bundle = draft.seal(&key, moment("2026-06-01T00:00:00.900Z")).unwrap();
    assert_eq!(proven(&bundle).page, deedbook::evidence::Page::Drawn);
    let page = String::from_utf8(Parts::of(&bundle).0["report.html"].clone()).unwrap();
    assert!(page.contains("<strong><bdi>wen</bdi></strong> holds the whole"), "{page}");
    assert!(page.contains("Creator's word only."));
}
