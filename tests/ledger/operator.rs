//! Whoever runs the register holds its key, and can sign any tree: what they put in without
//! asking admission is named by verification all the same.

use super::guard::{closed, raw};
use super::tamper::edit_with;
use crate::support::{
    Actor, Key, ORIGIN, Register, Story, append_access, assignment, bo, flaw, key_added,
    key_revoked, ledger_key, northlight, wen, work,
};
use deedbook::ledger::{Flaw, Integrity, LedgerError};
use deedbook::record::{Entry, EntryNumber, Record, RecordId, Statement, Timestamp};
use deedbook::tlog::{CheckpointSigner, Frontier, leaf_hash};
use rusqlite::params;

/// Appends a statement, with the tree and a checkpoint as they should be.
fn force(register: &Register, statement: &[u8], kind: &str, signer: i64, at: Timestamp) {
    let connection = raw(register);
    edit_with(&connection, |connection| {
        let mut frontier = Frontier::empty();
        let mut read = connection
            .prepare("SELECT registered_at, statement FROM entry ORDER BY number")
            .unwrap();
        let mut rows = read.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let at = Timestamp::from_millis(row.get(0).unwrap()).unwrap();
            let statement: Vec<u8> = row.get(1).unwrap();
            frontier.append(leaf_hash(&Entry::leaf_data(at, &statement))).unwrap();
        }
        let number = frontier.size();
        let nodes = frontier.append(leaf_hash(&Entry::leaf_data(at, statement))).unwrap();
        let nodes: Vec<u8> = nodes.iter().flat_map(|node| *node.as_bytes()).collect();
        let checkpoint = CheckpointSigner::new(ORIGIN.parse().unwrap(), ledger_key())
            .sign(frontier.size(), frontier.root())
            .unwrap();
        let id = RecordId::of(statement);
        let sql = "INSERT INTO entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let (number, at, note) = (number as i64, at.as_millis(), checkpoint.note);
        let values = params![number, at, id.as_bytes(), kind, signer, nodes, note, statement];
        connection.execute(sql, values).unwrap();
    });
}

/// What verification says of the ledger. It opens: the tree and its checkpoint are in order.
fn told(register: &Register) -> Integrity {
    drop(register.open(append_access()).unwrap());
    match flaw(register.open(append_access())) {
        LedgerError::Integrity(integrity) => *integrity,
        other => panic!("{other}"),
    }
}

fn id(register: &Register, entry: i64) -> RecordId {
    let sql = "SELECT id FROM entry WHERE number = ?1";
    let bytes: [u8; 32] = raw(register).query_row(sql, [entry], |row| row.get(0)).unwrap();
    RecordId::from_bytes(bytes)
}

/// The refusal that verification finds at the entry after the last good one.
fn not_admissible(register: &Register, actor: &Actor, record: impl Into<Record>) -> (u64, String) {
    let statement = register.sign(actor, record);
    let kind = statement.record().kind().name();
    force(register, statement.as_bytes(), kind, 3, register.now());
    match told(register) {
        Integrity { entry: Some(entry), flaw: Flaw::NotAdmissible(refusal) } => {
            (entry.get(), refusal.code().to_owned())
        }
        other => panic!("{other}"),
    }
}

#[test]
fn what_admission_refuses_is_named() {
    let register = closed();
    let (spring, wen_id) = (id(&register, 8), id(&register, 2));
    let found = not_admissible(&register, &bo(), assignment(spring, wen_id, "1/2"));
    assert_eq!(found, (11, "not_held".to_owned()));
    let register = closed();
    let found = not_admissible(&register, &bo(), work("alien", None, &[(wen_id, "1")]));
    assert_eq!(found, (11, "signer_not_creator".to_owned()));
    let register = closed();
    let found = not_admissible(&register, &northlight(), crate::support::fee_terms("fee"));
    assert_eq!(found, (11, "version_not_next".to_owned()));
}

#[test]
fn what_a_revoked_key_signs_is_named() {
    let mut story = Story::begin();
    let wen_id = story.wen;
    let second = wen().with_key(Key::ed25519(10));
    story.register.record(&wen(), key_added(wen_id, &second));
    story.register.record(&second, key_revoked(&wen()));
    story.register.close();
    let found = not_admissible(&story.register, &wen(), work("late", None, &[(wen_id, "1")]));
    assert_eq!(found, (10, "key_revoked".to_owned()));
}

#[test]
fn what_nobody_signed_is_named() {
    let register = closed();
    let bo_id = id(&register, 3);
    let statement = register.sign(&bo(), work("mine", None, &[(bo_id, "1")]));
    let mut forged = statement.as_bytes().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    force(&register, &forged, "work", 3, register.now());
    assert_eq!(told(&register), *Integrity::of(11, Flaw::Signature));

    let register = closed();
    let stranger = bo().with_key(Key::ed25519(77));
    let statement = register.sign(&stranger, work("mine", None, &[(bo_id, "1")]));
    force(&register, statement.as_bytes(), "work", 3, register.now());
    assert_eq!(told(&register), *Integrity::of(11, Flaw::Signature));
}

#[test]
fn what_is_not_a_statement_is_named() {
    let register = closed();
    let bo_id = id(&register, 3);
    let statement = register.sign(&bo(), work("mine", None, &[(bo_id, "1")]));
    let mut longer = statement.as_bytes().to_vec();
    longer.push(0);
    for bytes in [longer, b"\x00".to_vec(), vec![0x9f; 60_000]] {
        let register = closed();
        force(&register, &bytes, "work", 3, register.now());
        let found = told(&register);
        assert_eq!(found.entry, Some(EntryNumber::new(11)));
        assert!(matches!(found.flaw, Flaw::Statement(_)), "{found}");
    }
}

#[test]
fn a_statement_entered_twice_is_named() {
    let register = closed();
    let bytes: Vec<u8> = raw(&register)
        .query_row("SELECT statement FROM entry WHERE number = 8", [], |row| row.get(0))
        .unwrap();
    // The identifier is unique in the table, so the second one has another.
    let statement = Statement::decode(&bytes).unwrap();
    let connection = raw(&register);
    let swap = "UPDATE entry SET id = zeroblob(32) WHERE number = 8";
    edit_with(&connection, |connection| connection.execute_batch(swap).unwrap());
    drop(connection);
    force(&register, statement.as_bytes(), "work", 2, register.now());
    assert_eq!(told(&register), *Integrity::of(8, Flaw::Identifier));
}

/// SQLite keeps identifiers unique; who writes to the file byte by byte is not bound by that.
#[test]
fn a_statement_entered_twice_past_sqlite_is_named() {
    let register = closed();
    let first = id(&register, 8);
    let bytes: Vec<u8> = raw(&register)
        .query_row("SELECT statement FROM entry WHERE number = 8", [], |row| row.get(0))
        .unwrap();
    let stand_in = [0xAB_u8; 32];
    edit_with(&raw(&register), |connection| {
        let swap = "UPDATE entry SET id = ?1 WHERE number = 8";
        assert_eq!(connection.execute(swap, params![stand_in]).unwrap(), 1);
    });
    force(&register, &bytes, "work", 2, register.now());
    let mut file = std::fs::read(register.path()).unwrap();
    let mut replaced = 0;
    for start in 0..file.len() - 32 {
        if file[start..start + 32] == stand_in {
            file[start..start + 32].copy_from_slice(first.as_bytes());
            replaced += 1;
        }
    }
    assert_eq!(replaced, 2, "in the table and in its index");
    std::fs::write(register.path(), file).unwrap();
    assert_eq!(told(&register), *Integrity::of(11, Flaw::Repeated(EntryNumber::new(8))));
}

#[test]
fn what_is_admissible_without_its_rows_is_named() {
    let register = closed();
    let bo_id = id(&register, 3);
    let statement = register.sign(&bo(), work("mine", None, &[(bo_id, "1")]));
    force(&register, statement.as_bytes(), "work", 3, register.now());
    assert_eq!(told(&register), *Integrity::of(11, Flaw::Row { table: "work" }));
}

#[test]
fn an_entry_dated_back_is_named() {
    let register = closed();
    let bo_id = id(&register, 3);
    let statement = register.sign(&bo(), work("mine", None, &[(bo_id, "1")]));
    let before = Timestamp::from_millis(register.now().as_millis() - 1).unwrap();
    force(&register, statement.as_bytes(), "work", 3, before);
    let found = flaw(register.open(append_access()));
    match found {
        LedgerError::Integrity(found) => {
            assert_eq!(*found, *Integrity::of(11, Flaw::TimeOrder));
        }
        other => panic!("{other}"),
    }
}
