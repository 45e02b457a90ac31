//! Who else saw the log: witnesses and time stamps in a bundle, and what follows from their times.

use super::parts::{Parts, SEALED, number, refusal, sealed};
use super::told::{Told, told};
use crate::support::{Register, Story, at, ledger_key, northlight, payment, wen};
use crate::support::{confirmation, work};
use crate::timestamp::{Authority, COMMON};
use deedbook::evidence::{Attestation, EvidenceError, Means, Policy, Verdict, verify};
use deedbook::ledger::gather;
use deedbook::record::RecordId;
use deedbook::store::{self, CosignatureRow, Store};
use deedbook::timestamp::TimestampQuery;
use deedbook::tlog::{CosignatureSigner, Origin};
use ed25519_dalek::SigningKey;

fn witness(place: u8) -> CosignatureSigner {
    let name = Origin::new(&format!("witness.example/w{place}")).unwrap();
    CosignatureSigner::new(name, SigningKey::from_bytes(&[200 + place; 32])).unwrap()
}

/// The witness signs the head of the ledger, at this second.
pub(super) fn cosign(register: &mut Register, place: u8, time_s: u64) -> u64 {
    let checkpoint = register.ledger().stamped_checkpoint(None).unwrap();
    let text = checkpoint.note.split("\n\n").next().unwrap().to_owned() + "\n";
    let cosignature = witness(place).cosign(&text, time_s).unwrap();
    let mut store = Store::open(register.path(), store::Access::ReadWrite).unwrap();
    let mut writer = store.begin_write().unwrap();
    let (size, signature) = (checkpoint.size, cosignature.signature().to_vec());
    let witness = cosignature.witness().to_string();
    writer.add_cosignature(&CosignatureRow { witness, size, time_s, signature }).unwrap();
    writer.commit().unwrap();
    size
}

pub(super) fn policy(witnesses: &[u8], quorum: usize, rest: &str) -> Policy {
    Policy::from_toml(&policy_text(witnesses, quorum, rest)).unwrap()
}

pub(super) fn policy_text(witnesses: &[u8], quorum: usize, rest: &str) -> String {
    let keys = witnesses
        .iter()
        .map(|place| format!("[[witness]]\nkey = \"{}\"\n", witness(*place).witness()));
    let keys: String = keys.collect();
    format!("quorum = {quorum}\n{keys}{rest}")
}

struct Seen {
    told: Told,
    bundle: Vec<u8>,
    early: u64,
    head: u64,
}

/// Two witnesses saw the ledger early, one of them later; one saw the head.
fn seen() -> Seen {
    let mut told = told();
    let early = cosign(&mut told.register, 1, 1_780_000_000);
    cosign(&mut told.register, 2, 1_780_000_500);
    let more = work("winter", None, &[(told.bo, "1")]);
    told.register.record(&crate::support::bo(), more);
    let head = cosign(&mut told.register, 1, 1_790_000_000);
    let bundle = sealed(&told.register, told.spring);
    Seen { told, bundle, early, head }
}

fn existed_by(verdict: &Verdict, register: &Register, id: RecordId) -> Option<Attestation> {
    let entry = number(register, id);
    let claim = verdict.claims.iter().find(|claim| claim.entry == entry).unwrap();
    claim.existed_by.clone()
}

#[test]
fn the_earliest_checkpoint_that_enough_witnesses_saw_says_since_when() {
    let Seen { told, bundle, early, head } = seen();
    assert!(early < head);
    let ask = |policy: &Policy| verify(&bundle, policy, None).unwrap();
    // Without a policy nobody knows the witnesses.
    assert_eq!(ask(&Policy::default()).attestations, []);
    let verdict = ask(&policy(&[1, 2], 1, ""));
    let at = |time_s: i64| deedbook::record::Timestamp::from_millis(time_s * 1000).unwrap();
    let found = existed_by(&verdict, &told.register, told.assigned).unwrap();
    assert_eq!((found.at, found.tree_size), (at(1_780_000_000), early));
    assert_eq!((found.means, found.is_trusted), (Means::Witnesses, true));
    assert_eq!(found.by, "witness.example/w1");
    // Two at once: the later of their times counts.
    let both = policy(&[1, 2], 2, "");
    assert_eq!(
        verify(&bundle, &both, None).err(),
        Some(EvidenceError::Witnesses { found: 1, needed: 2 })
    );
    let mut register = told.register;
    cosign(&mut register, 2, 1_790_000_300);
    let bundle = sealed(&register, told.spring);
    let verdict = verify(&bundle, &both, None).unwrap();
    let found = existed_by(&verdict, &register, told.assigned).unwrap();
    assert_eq!((found.at, found.tree_size), (at(1_780_000_500), early));
}

#[test]
fn an_entry_that_came_later_is_not_covered_by_what_was_seen_before() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", Some(story.fee_contract));
    let register = &mut story.register;
    let early = cosign(register, 1, 1_780_000_000);
    let pay = payment(story.fee_contract, Some(spring), "49.00 CNY", "p-1");
    let paid = register.record(&wen(), pay);
    let confirmed = register.record(&northlight(), confirmation(paid));
    let verdict = verify(&sealed(register, spring), &policy(&[1], 0, ""), None).unwrap();
    assert_eq!(existed_by(&verdict, register, spring).unwrap().tree_size, early);
    assert_eq!(existed_by(&verdict, register, confirmed), None);
}

#[test]
fn what_witnesses_signed_cannot_be_changed_or_moved() {
    let Seen { bundle, early, head, .. } = seen();
    let known = policy(&[1, 2], 1, "");
    let bundle = Parts::of(&bundle);
    let name = format!("cosignatures/{early:06}.txt");
    let head_name = format!("cosignatures/{head:06}.txt");
    for (target, instead) in [
        (&name, bundle.0[&head_name].clone()),
        (&head_name, bundle.0[&name].clone()),
        (&name, b"not a signature\n".to_vec()),
        (&name, Vec::new()),
    ] {
        let mut parts = bundle.clone();
        parts.0.insert(target.clone(), instead.clone());
        parts.list_anew();
        parts.sign_anew(&ledger_key());
        let refused = verify(&parts.pack(), &known, None).err();
        // No line at all is nobody's word, which is what the answer then says.
        let is_silent = instead.is_empty();
        match refused {
            Some(EvidenceError::Cosignature { .. } | EvidenceError::Checkpoint(_)) => {}
            None if is_silent => {}
            other => panic!("{target}: {other:?}"),
        }
    }
    // A checkpoint that the log does not extend.
    let receipt = format!("consistency/{early:06}.cose");
    let mut parts = bundle.clone();
    parts.0.remove(&receipt);
    parts.list_anew();
    parts.sign_anew(&ledger_key());
    assert!(matches!(refusal(&parts.pack()), EvidenceError::PartMissing { .. }));
    let mut parts = bundle;
    let other = parts.0["receipts/000000.cose"].clone();
    parts.0.insert(receipt, other);
    parts.list_anew();
    parts.sign_anew(&ledger_key());
    assert!(matches!(refusal(&parts.pack()), EvidenceError::Consistency { .. }));
}

#[test]
fn a_time_stamp_says_since_when_and_openssl_agrees() {
    let authority = Authority::new(COMMON);
    let mut told = told();
    let checkpoint = told.register.ledger().stamped_checkpoint(None).unwrap();
    let query = TimestampQuery::new(checkpoint.digest(), 1);
    let answer = authority.answer(&query.to_der().unwrap());
    let root = authority.root();
    told.register.ledger_mut().attach_timestamp(&answer, Some(&query), &root, None).unwrap();
    let more = work("winter", None, &[(told.bo, "1")]);
    told.register.record(&crate::support::bo(), more);
    let bundle = sealed(&told.register, told.spring);
    let verdict = verify(&bundle, &Policy::default(), None).unwrap();
    let found = existed_by(&verdict, &told.register, told.assigned).unwrap();
    assert_eq!((found.means, found.is_trusted), (Means::TimeStamp, false));
    assert_eq!(found.tree_size, checkpoint.size);
    let trusted = Policy { authorities: root, ..Policy::default() };
    let verdict = verify(&bundle, &trusted, None).unwrap();
    assert!(existed_by(&verdict, &told.register, told.assigned).unwrap().is_trusted);
    // The bundle's own parts are what OpenSSL takes.
    let parts = Parts::of(&bundle);
    let stamp = &parts.0[&format!("timestamps/{:06}-00.tsr", checkpoint.size)];
    let note = &parts.0[&format!("checkpoints/{:06}.txt", checkpoint.size)];
    assert_eq!(authority.verify(stamp, note), Ok(()));
    // Over another checkpoint it says nothing.
    let mut moved = parts.clone();
    let stamp = moved.0.remove(&format!("timestamps/{:06}-00.tsr", checkpoint.size)).unwrap();
    moved.0.insert(format!("timestamps/{:06}-00.tsr", verdict.tree_size), stamp);
    moved.list_anew();
    moved.sign_anew(&ledger_key());
    assert!(matches!(refusal(&moved.pack()), EvidenceError::TimeStamp { .. }));
}

#[test]
fn nobody_saw_a_ledger_that_was_shown_to_nobody() {
    let told = told();
    let reader = told.register.ledger().read().unwrap();
    let spring = number(&told.register, told.spring);
    let draft = gather(&reader, spring).unwrap().draft(&reader).unwrap();
    assert!(draft.earlier.is_empty() && draft.checkpoint.cosignatures.is_empty());
    let bundle = draft.seal(&ledger_key(), at(SEALED)).unwrap();
    let verdict = verify(&bundle, &Policy::default(), None).unwrap();
    assert!(verdict.claims.iter().all(|claim| claim.existed_by.is_none()));
    let asked = verify(&bundle, &policy(&[1], 1, ""), None).err();
    assert_eq!(asked, Some(EvidenceError::Witnesses { found: 0, needed: 1 }));
}
