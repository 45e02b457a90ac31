//! Who holds a work, at each pair of moments.

use super::{code, entry, moments};
use crate::support::{
    Register, Story, assignment, bo, confirmation, memory_of, northlight, payment, wen, work,
};
use deedbook::admission::View;
use deedbook::ledger::answer::{Moments, Owner, owner};
use deedbook::record::{RecordId, Timestamp};
use deedbook::title::{GroundKind, Status, title};

fn ask(register: &Register, work: RecordId, when: Moments) -> Owner {
    let reader = register.ledger().read().unwrap();
    owner(&reader, entry(register, work), when).unwrap()
}

/// `wen 1/2 complete, bo 1/2 complete`.
fn held(owner: &Owner) -> String {
    let holders = owner.holders.iter();
    let holders = holders.map(|held| format!("{} {} {}", held.party, held.share, held.status));
    holders.collect::<Vec<_>>().join(", ")
}

#[test]
fn a_fee_moves_title_on_the_day_on_which_it_arrived() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", Some(story.fee_contract));
    let before = ask(&story.register, spring, moments("now", "now"));
    assert_eq!(held(&before), "northlight 1 until-paid");
    assert_eq!(before.outstanding.unwrap().to_string(), "49.00 CNY");
    let due = before.due.as_ref().unwrap();
    assert_eq!((due.payer.as_str(), due.payee.as_str()), ("wen", "northlight"));
    assert_eq!(due.at.to_string(), "2026-03-22T00:00:00.000Z", "30 days after 20 February");
    assert_eq!(before.holders[0].ground, GroundKind::Terms);

    let paid = payment(story.fee_contract, Some(spring), "49.00 CNY", "r-1");
    let paid = story.register.record(&wen(), paid);
    let reported = ask(&story.register, spring, moments("now", "now"));
    assert_eq!(held(&reported), held(&before), "a report moves nothing");
    assert_eq!(reported.unconfirmed[0].payment, paid);

    // The ledger learns of the confirmation a day later than of everything else.
    story.register.clock.advance_ms(24 * 3600 * 1000);
    let confirmed = story.register.record(&northlight(), confirmation(paid));
    let after = ask(&story.register, spring, moments("now", "now"));
    assert_eq!(held(&after), "wen 1 complete");
    assert_eq!((after.outstanding, after.currency, after.due.clone()), (None, None, None));
    assert!(after.unconfirmed.is_empty());
    let holder = &after.holders[0];
    assert_eq!(holder.since.to_string(), "2026-02-25T00:00:00.000Z");
    assert_eq!(holder.ground, GroundKind::FeePaid);
    assert_eq!(holder.ground_entry, entry(&story.register, confirmed));
    assert_eq!(after.changes.len(), 2);

    // As of the day before, and of the day; as known before the confirmation, and after.
    let table = [
        ("2026-02-24", "now", "northlight 1 until-paid"),
        ("2026-02-25", "now", "wen 1 complete"),
        ("2026-02-25", "2026-03-01", "northlight 1 until-paid"),
        ("now", "2026-03-01", "northlight 1 until-paid"),
        ("now", "2026-03-02", "wen 1 complete"),
    ];
    for (as_of, known_at, needed) in table {
        let owner = ask(&story.register, spring, moments(as_of, known_at));
        assert_eq!(held(&owner), needed, "as of {as_of}, known at {known_at}");
    }
    let then = ask(&story.register, spring, moments("now", "2026-03-01"));
    assert_eq!(then.unconfirmed.len(), 1, "then it was not confirmed yet");
}

#[test]
fn before_it_is_made_or_known_there_is_no_answer() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", Some(story.fee_contract));
    let reader = story.register.ledger().read().unwrap();
    let spring = entry(&story.register, spring);
    for (as_of, known_at) in [("2026-02-19", "now"), ("now", "2026-02-28")] {
        assert_eq!(code(owner(&reader, spring, moments(as_of, known_at))), "not_yet");
    }
    assert!(owner(&reader, spring, moments("2026-02-20", "2026-03-01")).is_ok());
}

#[test]
fn a_share_that_is_assigned_passes_and_the_rest_stays() {
    let mut story = Story::begin();
    let claim = story.work_of_wen("sketch", None);
    let third = assignment(claim, story.bo, "1/3");
    story.register.record(&wen(), third);
    let owner = ask(&story.register, claim, moments("now", "now"));
    let mut shares: Vec<_> = held(&owner).split(", ").map(str::to_owned).collect();
    shares.sort_unstable();
    assert_eq!(shares, ["bo 1/3 claimed", "wen 2/3 claimed"]);
    let assigned = owner.holders.iter().find(|held| held.party.as_str() == "bo").unwrap();
    assert_eq!(assigned.ground, GroundKind::Assignment);
    assert!(assigned.because.contains("assigned by wen"), "{}", assigned.because);
    let before = ask(&story.register, claim, moments("2026-02-28", "now"));
    assert_eq!(held(&before), "wen 1 claimed");
}

#[test]
fn a_conflict_shows_on_both_sides_with_the_earlier_one() {
    let mut story = Story::begin();
    let first = story.work_of_wen("spring", None);
    let copy = work("spring", None, &[(story.bo, "1")]);
    let second = story.register.record(&bo(), copy);
    let (of_first, of_second) = (
        ask(&story.register, first, moments("now", "now")),
        ask(&story.register, second, moments("now", "now")),
    );
    let (later, earlier) = (&of_first.conflicts[0], &of_second.conflicts[0]);
    assert_eq!((later.work, later.party.as_str(), later.earlier), (second, "bo", false));
    assert_eq!((earlier.work, earlier.party.as_str(), earlier.earlier), (first, "wen", true));
    assert_eq!(of_second.holders[0].status, Status::Claimed);
}

#[test]
fn co_creators_hold_their_shares_once_all_have_signed() {
    let mut story = Story::begin();
    let shares = [(story.wen, "1/4"), (story.bo, "3/4")];
    let duet = work("duet", Some(story.share_contract), &shares);
    let duet = story.register.record(&wen(), duet);
    let unsigned = ask(&story.register, duet, moments("now", "now"));
    assert_eq!(unsigned.unsigned.iter().map(|party| party.as_str()).collect::<Vec<_>>(), ["bo"]);
    assert_eq!(unsigned.holders[0].status, Status::SplitUnsigned);
    story.register.record(&bo(), crate::support::agreed(duet));
    let signed = ask(&story.register, duet, moments("now", "now"));
    assert!(signed.unsigned.is_empty());
    assert_eq!(held(&signed), "wen 1/4 subject-to-share, bo 3/4 subject-to-share");
    assert_eq!(signed.outstanding, None, "a share of profit is no fee");
}

/// The database and a replay in memory give one and the same title.
#[test]
fn a_replay_answers_alike() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", Some(story.fee_contract));
    let paid = payment(story.fee_contract, Some(spring), "49.00 CNY", "r-1");
    let paid = story.register.record(&wen(), paid);
    story.register.record(&northlight(), confirmation(paid));
    story.register.record(&wen(), assignment(spring, story.bo, "1/2"));
    let ledger = story.register.ledger();
    let (reader, memory) = (ledger.read().unwrap(), memory_of(ledger));
    let spring = entry(&story.register, spring);
    let mut seen = Vec::new();
    for day in ["2026-02-21", "2026-02-25", "2026-03-01", "2026-12-31"] {
        let as_of = super::end(day);
        let of_store = reader.title_facts(&reader.work(spring).unwrap().unwrap()).unwrap();
        let of_memory = memory.title_facts(&memory.work(spring).unwrap().unwrap()).unwrap();
        let one = title(&of_store, as_of, Timestamp::MAX).unwrap().unwrap();
        let other = title(&of_memory, as_of, Timestamp::MAX).unwrap().unwrap();
        assert_eq!(one, other, "{day}");
        let answer = owner(&reader, spring, moments(day, "now")).unwrap();
        let holders: Vec<_> =
            answer.holders.iter().map(|held| (held.party_entry, held.share)).collect();
        let needed: Vec<_> = other.held_at(as_of).map(|held| (held.holder, held.share)).collect();
        assert_eq!(holders, needed, "{day}");
        seen.push(holders);
    }
    seen.dedup();
    assert_eq!(seen.len(), 3, "title moved twice");
}

#[test]
fn the_json_is_the_one_that_is_promised() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", Some(story.fee_contract));
    let json = serde_json::to_value(ask(&story.register, spring, moments("now", "now"))).unwrap();
    assert_eq!(json["work"], spring.to_string());
    assert_eq!(json["entry"], 8);
    assert_eq!((&json["outstanding"], &json["currency"]), (&"49.00".into(), &"CNY".into()));
    let holder = &json["holders"][0];
    assert_eq!(holder["party"], "northlight");
    assert_eq!(holder["share"], "1");
    assert_eq!(holder["status"], "until-paid");
    assert_eq!(holder["since"], "2026-02-20T00:00:00.000Z");
    assert_eq!(holder["ground"], "terms");
    assert_eq!(json["contract"]["terms"]["name"], "northlight/fee@1");
}
