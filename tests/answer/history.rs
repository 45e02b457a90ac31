//! Every fact about a thing, in order.

use super::{entry, moments};
use crate::support::{
    Actor, Key, Story, account, at, attested, bo, confirmation, key_added, key_revoked, labelled,
    line, northlight, output, payment, session, steps_of, text, wen, withdrawn, work,
};
use deedbook::ledger::answer::{History, MAX_FACTS, Moments, history};
use deedbook::record::{
    Attestation, Correction, Digest, EntryNumber, ExchangeRate, Kind, Labelled, LineKind, Opening,
    OpeningAgreed, Passing, RecordId, SessionStopped, StatementAccepted, StatementClosed,
    StatementDisputed, Step, WithoutExplicit,
};
use deedbook::store::EntryFilter;

fn ask(story: &Story, about: RecordId, when: Moments, limit: usize) -> History {
    let reader = story.register.ledger().read().unwrap();
    history(&reader, entry(&story.register, about), when, limit).unwrap()
}

fn kinds(history: &History) -> Vec<Kind> {
    history.facts.iter().map(|fact| fact.kind).collect()
}

#[test]
fn a_work_with_its_contract_payments_and_rivals() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", Some(story.fee_contract));
    story.work_of_wen("autumn", Some(story.fee_contract));
    let paid = payment(story.fee_contract, Some(spring), "49.00 CNY", "r-1");
    let paid = story.register.record(&wen(), paid);
    let confirmed = story.register.record(&northlight(), confirmation(paid));
    let copy = work("spring", None, &[(story.bo, "1")]);
    story.register.record(&bo(), copy);
    let history = ask(&story, spring, moments("now", "now"), MAX_FACTS);
    assert_eq!(
        kinds(&history),
        [Kind::Terms, Kind::Contract, Kind::Work, Kind::Payment, Kind::Confirmation, Kind::Work],
        "and nothing of the other work"
    );
    assert!(history.facts.windows(2).all(|pair| pair[0].entry < pair[1].entry));
    assert!(!history.truncated);
    let moved = &history.facts[4];
    assert_eq!(moved.id, confirmed);
    assert_eq!(moved.signer, "northlight");
    assert_eq!(moved.key, northlight().key_thumbprint());
    assert_eq!(moved.effective_at, Some(crate::support::at("2026-02-25")));
    assert_eq!(moved.title[0].sentence, "the whole passed from northlight to wen");
    assert_eq!(
        history.facts[3].sentence,
        "wen reported paying 49.00 CNY to northlight for \"spring\" (#8), reference r-1"
    );
    let cut = ask(&story, spring, moments("now", "now"), 2);
    assert_eq!((cut.facts.len(), cut.truncated), (2, true));
    let early = ask(&story, spring, moments("2026-02-20", "now"), MAX_FACTS);
    assert_eq!(kinds(&early).len(), 4, "terms, contract and both registrations");
}

trait Thumb {
    fn key_thumbprint(&self) -> deedbook::record::Thumbprint;
}

impl Thumb for Actor {
    fn key_thumbprint(&self) -> deedbook::record::Thumbprint {
        use deedbook::record::Signer as _;
        self.key.public_key().thumbprint()
    }
}

#[test]
fn a_key_that_was_revoked_later_shows() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", None);
    let second = wen().with_key(Key::ed25519(33));
    let added = key_added(story.wen, &second);
    story.register.record(&wen(), added);
    let revoked = story.register.record(&second, key_revoked(&wen()));
    let revoked = entry(&story.register, revoked);
    let of_work = ask(&story, spring, moments("now", "now"), MAX_FACTS);
    assert_eq!(of_work.facts[0].key_revoked_by, Some(revoked));
    let of_party = ask(&story, story.wen, moments("now", "now"), MAX_FACTS);
    let last = of_party.facts.last().unwrap();
    assert_eq!((last.entry, last.kind), (revoked, Kind::KeyRevoked));
    assert_eq!(last.key_revoked_by, None);
}

/// A creation is recorded.
fn created(story: &mut Story, wen: &Actor) {
    let at = at("2026-02-25T12:00:00Z");
    let spring = story.register.record(wen, session("Spring", None));
    let steps = vec![Step::generated(at, output("one")), Step::selected(at, output("one"))];
    story.register.record(wen, steps_of(spring, steps));
    story.register.record(wen, SessionStopped { session: spring, effective_at: at });
}

/// A statement is closed, disputed, closed anew and accepted.
fn closings(story: &mut Story, wen: &Actor) {
    story.register.clock.advance_ms(40 * 24 * 3600 * 1000);
    let closed = StatementClosed {
        digest: Digest::of(b"figures"),
        ends_at: at("2026-04-01"),
        closing: -4900,
        contract: story.share_contract,
        currency: text("CNY"),
        known_at: at("2026-04-02"),
        starts_at: at("2026-01-01"),
        effective_at: at("2026-04-02"),
    };
    let closing = story.register.record(wen, closed.clone());
    let reason = text("A sale is missing.");
    story.register.record(&northlight(), StatementDisputed { reason, closing });
    let closing = story.register.record(wen, StatementClosed { closing: 0, ..closed });
    story.register.record(&northlight(), StatementAccepted { closing });
}

/// Wen licenses a work, and bo makes another one from it.
fn derived_from(story: &mut Story, work: RecordId) {
    let licence = crate::support::licence(work, "5%", Passing::EveryAncestor);
    let licence = story.register.record(&wen(), licence);
    let parents = [(work, Some(licence))];
    story.register.record(&bo(), crate::support::derived("trio", None, story.bo, &parents));
}

/// Northlight attests one output, and then two.
fn attestations(story: &mut Story) {
    for references in [&["req-1"][..], &["req-2", "req-3"]] {
        let outputs = references.iter().map(|reference| attested(reference)).collect();
        story.register.record(&northlight(), Attestation { outputs });
    }
}

/// A copy of a file of a work, and one that somebody got without a label that people see.
fn labels(story: &mut Story, wen: &Actor, work: RecordId) {
    story.register.record(wen, labelled(Some(work)));
    let recipient = text("user-7");
    let without_explicit = Some(WithoutExplicit { agreement: None, recipient });
    story.register.record(&bo(), Labelled { without_explicit, ..labelled(None) });
}

/// Northlight publishes a rate.
fn rate(story: &mut Story) {
    let rate = ExchangeRate {
        on: at("2026-02-26"),
        url: None,
        base: text("USD"),
        rate: text("7.1234"),
        quote: text("CNY"),
        source: text("central parity"),
    };
    story.register.record(&northlight(), rate);
}

/// Each kind of record has its sentence, and it names who says it.
#[test]
fn every_entry_of_a_story_is_a_sentence() {
    let mut story = Story::begin();
    let duet = work("duet", None, &[(story.wen, "1/2"), (story.bo, "1/2")]);
    let duet = story.register.record(&wen(), duet);
    story.register.record(&bo(), crate::support::agreed(duet));
    let mut half = crate::support::assignment(duet, story.bo, "1/2");
    half.effective_at = story.register.now();
    story.register.record(&wen(), half);
    derived_from(&mut story, duet);
    attestations(&mut story);
    let claim = payment(story.share_contract, None, "60.00 CNY", "q-1");
    let claim = story.register.record(&wen(), claim);
    story.register.record(&northlight(), confirmation(claim));
    let lines = vec![
        line(LineKind::Revenue, "prints", 120_000, "s-1"),
        line(LineKind::Revenue, "prints", 5_000, "s-2"),
        line(LineKind::Refund, "prints", 20_000, "b-1"),
    ];
    story.register.record(&wen(), account(story.share_contract, lines));
    let correction = Correction {
        work: None,
        reason: text("reported twice"),
        contract: Some(story.share_contract),
        reference: text("s-2"),
        replacement: None,
    };
    story.register.record(&wen(), correction);
    let opening = Opening {
        base: 0,
        paid: 60_000,
        units: 7,
        earned: 81_200,
        advance: 0,
        contract: story.share_contract,
        currency: text("CNY"),
        carried_loss: 0,
        effective_at: at("2026-02-20"),
    };
    let opening = story.register.record(&wen(), opening);
    story.register.record(&northlight(), OpeningAgreed { opening });
    rate(&mut story);
    story.register.record(&northlight(), withdrawn(story.fee, "2026-03-02"));
    let second = wen().with_key(Key::ed25519(33));
    let added = key_added(story.wen, &second);
    story.register.record(&wen(), added);
    story.register.record(&second, key_revoked(&wen()));
    closings(&mut story, &second);
    labels(&mut story, &second, duet);
    created(&mut story, &second);
    let reader = story.register.ledger().read().unwrap();
    let told = |kind: &Kind| {
        let filter = EntryFilter { kind: Some(*kind), ..EntryFilter::newest(1) };
        !reader.entry_list(&filter).unwrap().is_empty()
    };
    assert!(Kind::ALL.iter().all(told), "the story has every kind");
    let names = deedbook::ledger::answer::Names::new(&reader);
    let sentences: Vec<String> = (0..reader.size().unwrap())
        .map(|number| {
            let statement = reader.statement(EntryNumber::new(number)).unwrap();
            deedbook::ledger::answer::sentence(&statement, &names).unwrap()
        })
        .collect();
    insta::assert_snapshot!(sentences.join("\n"));
}
