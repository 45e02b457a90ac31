//! What opens a ledger. No ledger file is without its opening, so these go to admission itself.

use super::told;
use crate::support::{Actor, ORIGIN, Register, northlight, party, signed_at, text, wen};
use deedbook::admission::{AdmitError, MemoryView, Refusal, admit};
use deedbook::record::{EntryNumber, Ledger, Record, Role, Signer as _, Statement};

fn opening(actor: &Actor) -> Ledger {
    Ledger {
        key: actor.key.public_key(),
        name: text("Northlight register"),
        origin: text(ORIGIN),
        policy: text("deedbook admission rules, version 1"),
    }
}

/// As the first entry of a ledger.
fn refused(actor: &Actor, issuer: &str, record: impl Into<Record>) -> Refusal {
    let statement = Statement::sign(record.into(), issuer, signed_at(), &actor.key).unwrap();
    let verified = statement.verify(&actor.key.public_key()).unwrap();
    let first = EntryNumber::new(0);
    match admit(&verified, first, signed_at(), &MemoryView::new()) {
        Err(AdmitError::Refused(refusal)) => *refusal,
        other => panic!("{other:?}"),
    }
}

pub(super) fn refusals() -> Vec<Refusal> {
    let other = opening(&northlight());
    let mut register = Register::create();
    let again = Actor::new(ORIGIN, 2);
    vec![
        refused(&wen(), "wen", party(&wen(), Role::Creator)),
        refused(&wen(), ORIGIN, other.clone()),
        refused(&northlight(), "register.example/other", other.clone()),
        register.refused(&again, other),
    ]
}

#[test]
fn a_ledger_opens_once_with_its_own_key() {
    insta::assert_snapshot!(told(&refusals()), @r#"
ledger_not_opened: entry #0 must open the ledger, this is a `party`
  hint: create the ledger with `deedbook init`
opening_signer: the opening is signed by key 72d16fafc7e5497618246178631d650fef01a4aca770c965dd8b551760bad6dc as `register.example/deeds`, must be by the key and as the origin in it
  hint: sign the opening with the ledger's own key, as its origin
opening_signer: the opening is signed by key 01565176601c895cad856c02c18a1c14eb9f49b26e2fdcae7040c2530350982b as `register.example/other`, must be by the key and as the origin in it
  hint: sign the opening with the ledger's own key, as its origin
ledger_already_opened: the ledger is already open, it has its opening at #0
  hint: submit this statement to the ledger that it opens
"#);
}
