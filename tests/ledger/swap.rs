//! The file or its head file replaced, as a whole or a page of it.

use super::guard::{closed, raw};
use super::tamper::{edit_with, integrity};
use crate::support::{
    HandClock, Kept, Register, Story, append_access, bo, check_ledger, ledger_key, picture, wen,
    work,
};
use deedbook::ledger::{Access, Flaw, HeadFile, Ledger, LedgerError, Opening};
use ed25519_dalek::SigningKey;
use std::fs;

/// A ledger that went on after it was kept.
fn grown() -> (Kept, Register) {
    let kept = closed().keep();
    let mut register = Register::restore(&kept);
    register.reopen();
    let wen_id = {
        let reader = register.ledger().read().unwrap();
        reader.entry_row(deedbook::record::EntryNumber::new(2)).unwrap().unwrap().id
    };
    register.record(&wen(), work("later", None, &[(wen_id, "1")]));
    register.close();
    (kept, register)
}

#[test]
fn an_older_copy_does_not_open() {
    let (kept, register) = grown();
    fs::write(register.path(), &kept.file).unwrap();
    let needed = Flaw::RolledBack { found: 11, needed: 12 };
    for access in [Access::Read, append_access()] {
        match register.open(access).map(|_| ()) {
            Err(LedgerError::Integrity(integrity)) => assert_eq!(integrity.flaw, needed),
            other => panic!("{other:?}"),
        }
    }
    insta::assert_snapshot!(integrity(&register), @r#"
the ledger was rolled back: it has 11 entries, the head file has seen 12
"#);
}

#[test]
fn a_head_file_that_lags_behind_is_no_roll_back() {
    let (kept, mut register) = grown();
    fs::write(register.head_path(), &kept.head).unwrap();
    register.reopen();
    check_ledger(register.ledger());
}

/// Same key, same beginning, another end: as if the ledger told each of two people its own story.
#[test]
fn a_fork_does_not_open_whether_shorter_or_longer() {
    let (kept, register) = grown();
    let mut fork = Register::restore(&kept);
    fork.reopen();
    let bo_id = {
        let reader = fork.ledger().read().unwrap();
        reader.entry_row(deedbook::record::EntryNumber::new(3)).unwrap().unwrap().id
    };
    for title in ["one", "two", "three"] {
        fork.record(&bo(), work(title, None, &[(bo_id, "1")]));
        fork.close();
        fs::copy(fork.path(), register.path()).unwrap();
        assert_eq!(integrity(&register).flaw, Flaw::Forked { size: 12 }, "{title}");
        fork.reopen();
    }
}

#[test]
fn another_ledger_does_not_open() {
    let register = closed();
    let other = tempfile::tempdir().unwrap();
    let path = other.path().join("other.db");
    let opening = Opening {
        name: "Another register".parse().unwrap(),
        origin: "other.example".parse().unwrap(),
        key: SigningKey::from_bytes(&[99; 32]),
    };
    let clock = Box::new(HandClock::at("2026-03-01"));
    drop(Ledger::create(&path, HeadFile::beside(&path), opening, clock).unwrap());
    fs::copy(&path, register.path()).unwrap();
    assert!(matches!(integrity(&register).flaw, Flaw::ForeignHead { .. }));
    fs::copy(HeadFile::beside(&path).path(), register.head_path()).unwrap();
    match register.open(append_access()).map(|_| ()) {
        Err(LedgerError::WrongLedgerKey) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_edited_head_file_does_not_open() {
    let register = closed();
    let head = fs::read_to_string(register.head_path()).unwrap();
    for edited in [
        head.replacen("\n11\n", "\n10\n", 1),
        head.replacen("\n11\n", "\n12\n", 1),
        head.replacen("register", "regjster", 1),
        format!("{head}\n"),
        head[..head.len() / 2].to_owned(),
        String::new(),
        "x".repeat(1 << 20),
    ] {
        assert_ne!(edited, head);
        fs::write(register.head_path(), &edited).unwrap();
        let flaw = integrity(&register).flaw;
        assert!(matches!(flaw, Flaw::ForeignHead { .. }), "{edited:?}: {flaw}");
    }
}

#[test]
fn without_its_head_file_a_ledger_can_be_asked_and_goes_on_only_when_told_to() {
    let register = closed();
    fs::remove_file(register.head_path()).unwrap();
    let ledger = register.open(Access::Read).unwrap();
    assert!(ledger.head_missing());
    check_ledger(&ledger);
    drop(ledger);
    match register.open(append_access()).map(|_| ()) {
        Err(LedgerError::HeadMissing { path }) => assert_eq!(path, register.head_path()),
        other => panic!("{other:?}"),
    }
    let access = Access::Append { key: ledger_key(), accept_missing_head: true };
    let ledger = register.open(access).unwrap();
    ledger.remember_head().unwrap();
    drop(ledger);
    assert!(!register.open(append_access()).unwrap().head_missing());
}

/// Each page but the first, overwritten as a whole with noise, with zeros, or with its neighbour.
#[test]
fn one_page_overwritten_is_noticed() {
    let kept = closed().keep();
    let page = usize::from(u16::from_be_bytes([kept.file[16], kept.file[17]]));
    let pages = kept.file.len() / page;
    assert!(pages > 40, "{pages}");
    let register = Register::restore(&kept);
    let answers = picture(&register.open(Access::Read).unwrap());
    let mut harmless = 0;
    for place in 0..pages {
        let range = place * page..(place + 1) * page;
        let noise = blake3::hash(&place.to_le_bytes());
        let noise = noise.as_bytes().iter().copied().cycle().take(page).collect();
        let neighbour = (place + 1) % pages;
        let neighbour = kept.file[neighbour * page..(neighbour + 1) * page].to_vec();
        for written in [noise, vec![0; page], neighbour] {
            let mut file = kept.file.clone();
            if file[range.clone()] == written {
                continue;
            }
            file.splice(range.clone(), written);
            fs::write(register.path(), &file).unwrap();
            if let Ok(ledger) = register.open(append_access())
                && ledger.verify(&mut |_, _| {}).is_ok()
            {
                // One empty index for another.
                assert_eq!(picture(&ledger), answers, "page {place}");
                harmless += 1;
            }
        }
    }
    assert!(harmless < pages / 2, "{harmless} of {pages} pages");
}

#[test]
fn a_truncated_file_is_noticed() {
    let kept = closed().keep();
    let page = usize::from(u16::from_be_bytes([kept.file[16], kept.file[17]]));
    let register = Register::restore(&kept);
    let pages = kept.file.len() / page;
    let ends = (0..pages).map(|pages| pages * page);
    let torn = [1, 15, 16, 99, 100, page / 2, page + 1, kept.file.len() - 1];
    for end in ends.chain(torn) {
        fs::write(register.path(), &kept.file[..end]).unwrap();
        let opened = register.open(append_access());
        let found = opened.and_then(|ledger| ledger.verify(&mut |_, _| {}));
        assert!(found.is_err(), "cut at {end}");
    }
}

/// An index that leaves out a row hides it from every question that goes through the index.
#[test]
fn an_index_that_hides_a_row_is_noticed() {
    for index in ["payment_work", "confirmation_contract", "entry_signer", "entry_kind"] {
        let register = closed();
        let connection = raw(&register);
        edit_with(&connection, |connection| {
            let sql = "SELECT sql FROM sqlite_schema WHERE name = ?1";
            let sql: String = connection.query_row(sql, [index], |row| row.get(0)).unwrap();
            let (head, _) = sql.split_once(" WHERE ").unwrap_or((&sql, ""));
            // A partial index over no row at all, which then claims to be the whole one.
            let hidden = format!("DROP INDEX {index}; {head} WHERE rowid < 0");
            connection.execute_batch(&hidden).unwrap();
            connection.execute_batch("PRAGMA writable_schema = ON").unwrap();
            let change = "UPDATE sqlite_schema SET sql = ?1 WHERE name = ?2";
            assert_eq!(connection.execute(change, [sql.as_str(), index]).unwrap(), 1);
        });
        connection.execute_batch("PRAGMA writable_schema = OFF").unwrap();
        drop(connection);
        let found = integrity(&register);
        let words = found.to_string();
        assert!(words.contains(index) || words.contains("missing from index"), "{words}");
    }
}

/// An index with as many rows as its table, sorted by something else, does not find them.
#[test]
fn an_index_over_other_columns_is_noticed() {
    for (index, columns, other) in [
        ("payment_work", "(work)", "(payer)"),
        ("confirmation_contract", "(contract, work)", "(work, contract)"),
    ] {
        let register = closed();
        let connection = raw(&register);
        edit_with(&connection, |connection| {
            let sql = "SELECT sql FROM sqlite_schema WHERE name = ?1";
            let sql: String = connection.query_row(sql, [index], |row| row.get(0)).unwrap();
            let moved = sql.replace(columns, other);
            assert_ne!(moved, sql);
            connection.execute_batch(&format!("DROP INDEX {index}; {moved}")).unwrap();
            connection.execute_batch("PRAGMA writable_schema = ON").unwrap();
            let change = "UPDATE sqlite_schema SET sql = ?1 WHERE name = ?2";
            assert_eq!(connection.execute(change, [sql.as_str(), index]).unwrap(), 1);
        });
        connection.execute_batch("PRAGMA writable_schema = OFF").unwrap();
        drop(connection);
        let words = integrity(&register).to_string();
        assert!(words.contains(index), "{words}");
    }
}

/// The same bytes elsewhere are the same ledger.
#[test]
fn a_faithful_copy_answers_alike() {
    let mut story = Story::begin();
    let before = picture(story.register.ledger());
    story.register.close();
    let copy = Register::restore(&story.register.keep());
    assert_eq!(picture(&copy.open(Access::Read).unwrap()), before);
}
