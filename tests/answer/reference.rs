//! What people type for a thing.

use super::entry;
use crate::support::{Register, Story, bo, confirmation, northlight, payment, wen, work};
use deedbook::intake::{Content, IntakeError};
use deedbook::ledger::answer::{AnswerError, Needed, resolve};
use deedbook::record::{Content as WorkContent, Digest, EntryNumber, Kind, RecordId};
use std::ffi::OsStr;
use std::path::Path;

/// No answer, or no file.
#[derive(Debug, PartialEq)]
enum Failure {
    Answer(AnswerError),
    File(IntakeError),
}

impl From<AnswerError> for Failure {
    fn from(error: AnswerError) -> Self {
        Self::Answer(error)
    }
}

type Resolved = Result<EntryNumber, Failure>;

fn digest_of(path: &Path) -> Result<Digest, Failure> {
    let content = Content::read(path).map_err(Failure::File)?;
    Ok(content.digest)
}

fn ask(register: &Register, typed: impl AsRef<OsStr>, needed: Needed) -> Resolved {
    let reader = register.ledger().read().unwrap();
    resolve(&reader, typed.as_ref(), needed, None, digest_of)
}

fn ask_as(register: &Register, typed: &str, needed: Needed, party: RecordId) -> Resolved {
    let party = Some(entry(register, party));
    let reader = register.ledger().read().unwrap();
    resolve(&reader, typed.as_ref(), needed, party, digest_of)
}

fn code(found: Resolved) -> &'static str {
    match found.unwrap_err() {
        Failure::Answer(error) => error.code(),
        Failure::File(error) => error.code(),
    }
}

/// Few digits are an entry number where there is such an entry, and else those of an identifier.
#[test]
fn the_first_digits_of_an_identifier_may_all_be_decimal() {
    let mut story = Story::begin();
    let mut names = (0..200).map(|number| format!("picture-{number}"));
    let (id, digits) = names
        .find_map(|name| {
            let id = story.work_of_wen(&name, None);
            let digits = id.to_string()[..4].to_owned();
            let number: u64 = digits.parse().ok()?;
            (number > 500).then_some((id, digits))
        })
        .unwrap();
    let register = &story.register;
    assert_eq!(ask(register, &digits, Needed::Work), Ok(entry(register, id)));
    assert_eq!(code(ask(register, format!("#{digits}"), Needed::Work)), "not_found");
    assert_eq!(code(ask(register, "9999", Needed::Work)), "not_found");
}

/// Cheaper forms are enough, so that no file is read.
#[test]
fn no_file_is_read_in_vain() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", None);
    let reader = story.register.ledger().read().unwrap();
    let typed = spring.to_string();
    let unread = |path: &Path| -> Result<Digest, Failure> { panic!("{} is read", path.display()) };
    let found = resolve(&reader, typed.as_ref(), Needed::Work, None, unread);
    assert_eq!(found, Ok(entry(&story.register, spring)));
}

#[test]
fn every_form_of_a_reference() {
    let mut story = Story::begin();
    let file = story.register.directory().join("spring.png");
    std::fs::write(&file, "a picture").unwrap();
    let digest = Digest::of(b"a picture");
    let mut spring = work("the spring breeze", Some(story.fee_contract), &[(story.wen, "1")]);
    spring.contents = vec![WorkContent::new(9, digest)];
    let spring = story.register.record(&wen(), spring);
    let number = entry(&story.register, spring);
    let id = spring.to_string();
    let register = &story.register;
    for typed in [
        number.to_string(),
        number.get().to_string(),
        id.clone(),
        id.to_uppercase(),
        id[..12].to_owned(),
        digest.to_string(),
        file.to_str().unwrap().to_owned(),
        "the spring breeze".to_owned(),
    ] {
        assert_eq!(ask(register, &typed, Needed::Work), Ok(number), "{typed}");
        assert_eq!(ask(register, &typed, Needed::AnyOf(&[Kind::Work, Kind::Contract])), Ok(number));
    }
    assert_eq!(ask(register, "wen", Needed::Party), Ok(entry(register, story.wen)));
    for typed in ["northlight/fee@1", "northlight/fee"] {
        assert_eq!(ask(register, typed, Needed::Terms), Ok(entry(register, story.fee)), "{typed}");
        let contract = entry(register, story.fee_contract);
        assert_eq!(ask(register, typed, Needed::Contract), Ok(contract), "the only acceptance");
        assert_eq!(ask_as(register, typed, Needed::Contract, story.wen), Ok(contract));
        let of_bo = ask_as(register, typed, Needed::Contract, story.bo);
        assert_eq!(code(of_bo), "not_accepted");
    }
}

#[test]
fn a_later_version_is_the_latest() {
    let mut story = Story::begin();
    let mut second = crate::support::fee_terms("fee");
    second.version = 2;
    let second = crate::support::publish(&mut story.register, second);
    let register = &story.register;
    assert_eq!(ask(register, "northlight/fee", Needed::Terms), Ok(entry(register, second)));
    assert_eq!(ask(register, "northlight/fee@1", Needed::Terms), Ok(entry(register, story.fee)));
    assert_eq!(code(ask(register, "northlight/fee@3", Needed::Terms)), "not_found");
}

#[test]
fn what_is_not_there_or_is_something_else() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", Some(story.fee_contract));
    let paid = payment(story.fee_contract, Some(spring), "49.00 CNY", "r-1");
    let paid = story.register.record(&wen(), paid);
    let confirmed = story.register.record(&northlight(), confirmation(paid));
    let register = &story.register;
    for typed in ["nobody", "#x", "#99999999999999999999", "dead", "abc", "", "northlight/none"] {
        let found = ask(register, typed, Needed::AnyOf(&[Kind::Party, Kind::Terms]));
        assert_eq!(code(found), "not_found", "{typed}");
    }
    let missing = ask(register, "#99", Needed::Work);
    assert_eq!(
        missing,
        Err(Failure::Answer(AnswerError::NoEntry { entry: EntryNumber::new(99), size: 11 }))
    );
    for (id, needed, instead) in [
        (paid, Needed::Work, Some(spring)),
        (paid, Needed::Contract, Some(story.fee_contract)),
        (confirmed, Needed::Payment, Some(paid)),
        (confirmed, Needed::Work, Some(spring)),
        (spring, Needed::Contract, Some(story.fee_contract)),
        (spring, Needed::Party, None),
    ] {
        let Err(Failure::Answer(AnswerError::WrongKind { instead: found, .. })) =
            ask(register, id.to_string(), needed)
        else {
            panic!("{id} is no {needed:?}");
        };
        assert_eq!(found, instead.map(|id| entry(register, id)), "{needed:?}");
    }
}

#[test]
fn files() {
    let mut story = Story::begin();
    story.work_of_wen("spring", None);
    let register = &story.register;
    let unknown = register.directory().join("unknown.png");
    std::fs::write(&unknown, "another picture").unwrap();
    let Err(Failure::Answer(AnswerError::NotRegistered { path, digest })) =
        ask(register, &unknown, Needed::Work)
    else {
        panic!("it is not registered");
    };
    assert_eq!((path, digest), (unknown, Digest::of(b"another picture")));
    let nowhere = register.directory().join("nowhere.png");
    assert!(matches!(ask(register, &nowhere, Needed::Work), Err(Failure::File(_))));
    let directory = ask(register, register.directory(), Needed::Work);
    assert!(matches!(directory, Err(Failure::File(_))));
    let path = nowhere.to_str().unwrap();
    assert_eq!(code(ask(register, path, Needed::Party)), "not_found", "no file is a party");
}

#[test]
fn several_things_of_one_name() {
    let mut story = Story::begin();
    let content = |digest: &str| WorkContent::new(1, Digest::of(digest.as_bytes()));
    let mut first = work("untitled", None, &[(story.wen, "1")]);
    let mut second = first.clone();
    first.contents = vec![content("one")];
    second.contents = vec![content("two")];
    story.register.record(&wen(), first);
    story.register.record(&wen(), second);
    let register = &story.register;
    let Err(Failure::Answer(AnswerError::Ambiguous { candidates, more, .. })) =
        ask(register, "untitled", Needed::Work)
    else {
        panic!("there are two");
    };
    assert_eq!(candidates, ["work \"untitled\" (#8)", "work \"untitled\" (#9)"]);
    assert!(!more);
}

/// Several works with one content: the earliest, unless the one who asks has one of its own.
#[test]
fn one_content_of_two_parties() {
    let mut story = Story::begin();
    let first = story.work_of_wen("spring", None);
    let copy = work("spring", None, &[(story.bo, "1")]);
    let second = story.register.record(&bo(), copy);
    let (register, digest) = (&story.register, Digest::of(b"spring").to_string());
    let (first, second) = (entry(register, first), entry(register, second));
    assert_eq!(ask(register, &digest, Needed::Work), Ok(first));
    assert_eq!(ask_as(register, &digest, Needed::Work, story.wen), Ok(first));
    assert_eq!(ask_as(register, &digest, Needed::Work, story.bo), Ok(second));
    assert_eq!(ask_as(register, &digest, Needed::Work, story.northlight), Ok(first));
}
