//! Time stamps in a ledger file: kept, found again, and checked by `verify`.

use super::{Authority, COMMON, answer};
use crate::support::{Register, Story, append_access, check_ledger};
use deedbook::ledger::{Access, Flaw, LedgerError};
use deedbook::store::StoreError;
use deedbook::timestamp::{TimestampAnswer, TimestampError, TimestampQuery};
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

fn failure<T>(found: Result<T, LedgerError>) -> LedgerError {
    match found {
        Ok(_) => panic!("not refused"),
        Err(error) => error,
    }
}

/// A register with a stamp over the checkpoint at this size, and the answer.
fn stamped(authority: &Authority, size: Option<u64>) -> (Register, Vec<u8>) {
    let mut register = Story::begin().register;
    let checkpoint = register.ledger().stamped_checkpoint(size).unwrap();
    let query = TimestampQuery::new(checkpoint.digest(), 1);
    let answer = authority.answer(&query.to_der().unwrap());
    let root = authority.root();
    let kept = register.ledger_mut().attach_timestamp(&answer, Some(&query), &root, None).unwrap();
    assert_eq!((kept.number, kept.size, kept.is_new), (0, checkpoint.size, true));
    (register, answer)
}

#[test]
fn what_was_attached_is_found_again_and_accepted_by_openssl() {
    let authority = Authority::new(COMMON);
    for size in [None, Some(3)] {
        let (mut register, answer) = stamped(&authority, size);
        let root = authority.root();
        let again = register.ledger_mut().attach_timestamp(&answer, None, &root, size).unwrap();
        assert_eq!((again.number, again.is_new), (0, false));
        register.reopen();
        let (kept, stored, checkpoint) = register.ledger().timestamp(None).unwrap();
        assert_eq!(stored, answer);
        assert_eq!(size.unwrap_or(kept.size), kept.size);
        assert_eq!(checkpoint.size, kept.size);
        assert_eq!(authority.verify(&stored, checkpoint.note.as_bytes()), Ok(()));
        let digest: [u8; 32] = Sha256::digest(checkpoint.note.as_bytes()).into();
        assert_eq!(TimestampAnswer::from_der(&stored).unwrap().digest(), &digest);
        assert_eq!(register.ledger().timestamps().unwrap(), [kept]);
        check_ledger(register.ledger());
        register.ledger().verify(&mut |_, _| {}).unwrap();
    }
}

#[test]
fn what_is_not_accepted_is_not_kept() {
    let (authority, other) = (Authority::new(COMMON), Authority::new(COMMON));
    let mut register = Story::begin().register;
    let refused = |register: &mut Register, answer: &[u8], authority: &Authority, query, size| {
        let root = authority.root();
        let kept = register.ledger_mut().attach_timestamp(answer, query, &root, size);
        assert_eq!(register.ledger().timestamps().unwrap(), []);
        failure(kept)
    };
    let foreign = answer(&authority);
    let error = refused(&mut register, &foreign, &authority, None, None);
    assert!(matches!(error, LedgerError::NotOurs { .. }), "{error}");
    let error = refused(&mut register, &foreign, &authority, None, Some(3));
    assert!(matches!(error, LedgerError::Timestamp(TimestampError::Imprint { .. })), "{error}");
    let error = refused(&mut register, &foreign, &authority, None, Some(1_000));
    assert!(matches!(error, LedgerError::NoCheckpoint { size: 1_000, .. }), "{error}");
    let digest = register.ledger().stamped_checkpoint(None).unwrap().digest();
    let query = TimestampQuery::new(digest, 1);
    let good = authority.answer(&query.to_der().unwrap());
    let error = refused(&mut register, &good, &other, Some(&query), None);
    assert!(matches!(error, LedgerError::Timestamp(_)), "{error}");
    let nonce = TimestampQuery::new(digest, 2);
    let error = refused(&mut register, &good, &authority, Some(&nonce), None);
    assert!(matches!(error, LedgerError::Timestamp(TimestampError::Nonce)), "{error}");
    register.close();
    let mut reading = register.open(Access::Read).unwrap();
    let error = failure(reading.attach_timestamp(&good, None, &authority.root(), None));
    assert!(matches!(error, LedgerError::Store(StoreError::ReadOnly)), "{error}");
    drop(reading);
    let mut attaching = register.open(Access::Attach).unwrap();
    attaching.attach_timestamp(&good, None, &authority.root(), None).unwrap();
    let error = failure(attaching.timestamp(Some(1)));
    assert!(matches!(error, LedgerError::NoTimestamp { number: 1 }), "{error}");
}

/// Guards dropped, a row edited, guards restored: `verify` names the stamp and what is wrong.
#[test]
fn an_edited_stamp_is_found() {
    let authority = Authority::new(COMMON);
    let (mut register, _) = stamped(&authority, None);
    register.close();
    let kept = register.keep();
    for (sql, words) in [
        ("answer = zeroblob(length(answer))", "the time stamp 0 is not what its digest says"),
        ("digest = zeroblob(32)", "the time stamp 0 is not what its digest says"),
        ("number = 1", "the time stamp 0 is missing"),
        ("size = 900", "the time stamp 0 is over a checkpoint at size 900, which is not there"),
        ("size = 3", "the time stamp 0 does not hold: the time stamp is over another digest"),
    ] {
        let register = Register::restore(&kept);
        let connection = Connection::open(register.path()).unwrap();
        let guard = "SELECT sql FROM sqlite_schema WHERE name = 'time_stamp_update'";
        let guard: String = connection.query_row(guard, [], |row| row.get(0)).unwrap();
        connection.execute_batch("DROP TRIGGER time_stamp_update").unwrap();
        connection.execute_batch(&format!("UPDATE time_stamp SET {sql}")).unwrap();
        connection.execute_batch(&guard).unwrap();
        drop(connection);
        let ledger = register.open(append_access()).unwrap();
        for error in [failure(ledger.verify(&mut |_, _| {})), failure(ledger.timestamps())] {
            let LedgerError::Integrity(found) = error else { panic!("{error}") };
            assert!(matches!(found.flaw, Flaw::Timestamp { number: 0, .. }), "{sql}");
            assert_eq!(found.to_string(), words, "{sql}");
        }
    }
}
