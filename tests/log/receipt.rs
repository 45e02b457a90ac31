//! Receipts and proof files of a ledger.

use super::{creator, grow, leaf, leaf_data, register_of};
use crate::ledger::tamper::edit;
use crate::support::{ORIGIN, append_access, ledger_key};
use deedbook::ledger::{Access, LedgerError};
use deedbook::record::{EntryNumber, PublicKey, TransparentStatement};
use deedbook::tlog::receipt::{ConsistencyReceipt, InclusionReceipt};
use deedbook::tlog::{LogProof, TlogError, leaf_hash, root_at};

#[test]
fn every_entry_has_a_receipt_that_verifies() {
    let register = register_of(19);
    let ledger = register.ledger();
    let reader = ledger.read().unwrap();
    let key = ledger_key().verifying_key();
    let thumbprint = PublicKey::ed25519(key.as_bytes()).unwrap().thumbprint();
    for number in 0..19 {
        let entry = EntryNumber::new(number);
        let receipt = ledger.inclusion_receipt(&reader, entry).unwrap();
        let read = InclusionReceipt::from_bytes(&receipt.to_bytes()).unwrap();
        let row = reader.entry_row(entry).unwrap().unwrap();
        assert_eq!((read.leaf_index(), read.tree_size()), (number, 19));
        assert_eq!(read.kid(), thumbprint.as_bytes());
        assert_eq!(read.claims().issuer, ORIGIN);
        assert_eq!(read.claims().subject, format!("entry:{}", row.id));
        assert_eq!(read.claims().issued_at_s, register.now().as_seconds() as u64);
        assert_eq!(read.registered_at_ms(), row.registered_at.as_millis());
        let root = ledger.signed_checkpoint(&reader, None).unwrap().checkpoint.root;
        assert_eq!(read.verify(leaf(&register, number), &key), Ok(root));

        let whole = ledger.transparent_statement(&reader, entry).unwrap();
        let whole = TransparentStatement::decode(&whole.to_bytes()).unwrap();
        assert_eq!(whole.statement().as_bytes(), row.statement);
        assert_eq!(whole.receipts(), [receipt]);
    }
    let none = ledger.inclusion_receipt(&reader, EntryNumber::new(19));
    let outside = TlogError::IndexOutsideTree { index: 19, size: 19 };
    assert!(matches!(none, Err(LedgerError::Tlog(error)) if error == outside));
}

#[test]
fn growth_between_any_two_sizes_has_a_receipt() {
    let register = register_of(13);
    let ledger = register.ledger();
    let reader = ledger.read().unwrap();
    let key = ledger_key().verifying_key();
    for new_size in 1..=13 {
        for old_size in 1..=new_size {
            let receipt = ledger.consistency_receipt(&reader, old_size, Some(new_size)).unwrap();
            let read = ConsistencyReceipt::from_bytes(&receipt.to_bytes()).unwrap();
            assert_eq!(read.claims().subject, ORIGIN);
            let (old, new) = (root_at(old_size, &reader), root_at(new_size, &reader));
            assert_eq!(read.verify(old_size, old.unwrap(), &key), Ok(new.unwrap()));
        }
    }
    for (old_size, new_size) in [(0, Some(3)), (4, Some(3)), (3, Some(14)), (14, None)] {
        let refused = ledger.consistency_receipt(&reader, old_size, new_size).unwrap_err();
        assert!(!matches!(refused, LedgerError::Integrity(_)), "{refused}");
    }
}

#[test]
fn a_ledger_without_its_key_gives_proofs_and_no_receipts() {
    let register = register_of(9);
    let ledger = register.open(Access::Read).unwrap();
    let reader = ledger.read().unwrap();
    let entry = EntryNumber::new(8);
    let refused = ledger.inclusion_receipt(&reader, entry);
    assert!(matches!(refused, Err(LedgerError::NoLedgerKey)));
    assert!(matches!(ledger.consistency_receipt(&reader, 1, None), Err(LedgerError::NoLedgerKey)));
    let proof = ledger.log_proof(&reader, entry, None, true).unwrap();
    let read = LogProof::from_text(&proof.to_text()).unwrap();
    let leaf = leaf_hash(read.extra().unwrap());
    assert_eq!(read.verify(leaf, ledger.verifier()).unwrap().size, 9);
    assert_eq!(read.extra(), Some(leaf_data(&register, 8).as_slice()));
}

#[test]
fn a_proof_holds_under_every_checkpoint_that_covers_its_entry() {
    let mut register = register_of(8);
    let creator = creator(&register);
    for size in [9, 12, 21] {
        grow(&mut register, creator, size);
    }
    let ledger = register.ledger();
    let reader = ledger.read().unwrap();
    for size in [8, 9, 12, 21] {
        for number in 0..size {
            let entry = EntryNumber::new(number);
            let proof = ledger.log_proof(&reader, entry, Some(size), false).unwrap();
            let read = LogProof::from_text(&proof.to_text()).unwrap();
            let checkpoint = read.verify(leaf(&register, number), ledger.verifier()).unwrap();
            assert_eq!((checkpoint.size, read.extra()), (size, None));
        }
        let beyond = ledger.log_proof(&reader, EntryNumber::new(size), Some(size), false);
        assert!(matches!(beyond, Err(LedgerError::Tlog(_))));
    }
    // No commit ended with the tenth entry.
    let refused = ledger.signed_checkpoint(&reader, Some(10));
    assert!(matches!(refused, Err(LedgerError::NoCheckpoint { size: 10 })));
}

#[test]
fn nothing_is_signed_over_an_entry_that_was_tampered_with() {
    // Entry 20 is not on the right edge of the tree, and not looked at on opening.
    for (sql, entries) in [
        ("UPDATE entry SET registered_at = registered_at - 1 WHERE number = 20", vec![20]),
        ("UPDATE entry SET nodes = zeroblob(length(nodes)) WHERE number = 20", vec![20, 21]),
        ("UPDATE entry SET nodes = zeroblob(length(nodes)) WHERE number = 21", vec![20, 21, 22]),
    ] {
        let mut register = register_of(40);
        register.close();
        edit(&register, sql);
        let ledger = register.open(append_access()).unwrap();
        let reader = ledger.read().unwrap();
        for number in entries {
            let entry = EntryNumber::new(number);
            let refused = ledger.inclusion_receipt(&reader, entry);
            assert!(matches!(refused, Err(LedgerError::Integrity(_))), "{sql}: {number}");
            let refused = ledger.log_proof(&reader, entry, None, false);
            assert!(matches!(refused, Err(LedgerError::Integrity(_))), "{sql}: {number}");
        }
        assert!(ledger.inclusion_receipt(&reader, EntryNumber::new(39)).is_ok());
        let directory = tempfile::tempdir().unwrap();
        let refused = ledger.publish(directory.path(), &mut |_| {});
        assert!(matches!(refused, Err(LedgerError::Integrity(_))), "{sql}");
        assert!(!directory.path().join("checkpoint").exists());
    }
    let mut register = register_of(40);
    register.close();
    edit(&register, "UPDATE entry SET nodes = zeroblob(length(nodes)) WHERE number = 15");
    let ledger = register.open(append_access()).unwrap();
    let reader = ledger.read().unwrap();
    for (old_size, new_size) in [(16, 40), (16, 17), (17, 40)] {
        let refused = ledger.consistency_receipt(&reader, old_size, Some(new_size));
        assert!(refused.is_err(), "{old_size} to {new_size}");
    }
}
