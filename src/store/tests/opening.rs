//! What can be at the path of a ledger, and what is said of it.

use super::*;
use crate::store::DEFAULT_WAIT;
use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

fn failure(path: &Path, access: Access) -> StoreError {
    Store::open_within(path, access, Duration::ZERO).err().unwrap()
}

fn both(path: &Path, expected: &StoreError) {
    for access in [Access::ReadOnly, Access::ReadWrite] {
        assert_eq!(&failure(path, access), expected, "{access:?}");
    }
}

#[test]
fn what_is_no_ledger_is_refused_and_left_alone() {
    let place = Place::new();
    let path = place.path.clone();
    both(&path, &StoreError::NotFound { path: path.clone() });
    assert!(!path.exists(), "opening never creates");
    let directory = place.directory.path().to_owned();
    both(&directory, &StoreError::Directory { path: directory.clone() });
    let device = PathBuf::from("/dev/null");
    both(&device, &StoreError::Special { path: device.clone() });

    fs::write(&path, "[fee]\namount = \"49.00\"\n".repeat(100)).unwrap();
    both(&path, &StoreError::NotADatabase { path: path.clone() });
    fs::write(&path, "").unwrap();
    let needed = 0x4465_6564;
    let not_ours = |found| StoreError::NotALedger { path: path.clone(), found, needed };
    both(&path, &not_ours(0));
    assert_eq!(fs::read(&path).unwrap(), b"");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("PRAGMA application_id = 7; CREATE TABLE note (text)").unwrap();
    drop(other);
    both(&path, &not_ours(7));
}

#[test]
fn other_formats_are_told_apart() {
    let place = Place::with_parties(1);
    place.attack().pragma_update(None, "user_version", 2).unwrap();
    both(&place.path, &StoreError::Newer { found: 2, known: 1 });
    place.attack().pragma_update(None, "user_version", 0).unwrap();
    both(&place.path, &StoreError::Older { found: 0, known: 1 });
}

#[test]
fn creating_never_overwrites() {
    let place = Place::with_parties(2);
    let before = fs::read(&place.path).unwrap();
    let exists = StoreError::Exists { path: place.path.clone() };
    assert_eq!(Store::create(&place.path).err(), Some(exists));
    assert_eq!(fs::read(&place.path).unwrap(), before);
    let nowhere = place.directory.path().join("no/such/ledger.db");
    let expected = StoreError::NotFound { path: nowhere.clone() };
    assert_eq!(Store::create(&nowhere).err(), Some(expected));
}

#[test]
fn names_that_are_strange_are_names() {
    let place = Place::new();
    for name in [
        b"not-utf-8-\xff\xfe.db".as_slice(),
        b"file:other.db?mode=memory",
        b":memory:",
        b"100% ?immutable=1#.db",
    ] {
        let path = place.directory.path().join(OsStr::from_bytes(name));
        drop(Store::create(&path).unwrap());
        assert!(path.is_file());
        let store = Store::open(&path, Access::ReadOnly).unwrap();
        assert_eq!(store.read().unwrap().size(), Ok(0));
    }
}

#[test]
fn the_file_is_kept_as_designed() {
    let place = Place::with_parties(1);
    let store = place.open();
    let pragma = |name: &str| -> String {
        let read = |row: &rusqlite::Row<'_>| row.get::<_, rusqlite::types::Value>(0);
        match store.connection.pragma_query_value(None, name, read).unwrap() {
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            other => panic!("{other:?}"),
        }
    };
    for (name, value) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("recursive_triggers", "1"),
        ("trusted_schema", "0"),
        ("cell_size_check", "1"),
        ("cache_size", "-65536"),
        ("busy_timeout", &DEFAULT_WAIT.as_millis().to_string()),
        ("application_id", &0x4465_6564.to_string()),
        ("user_version", "1"),
    ] {
        assert_eq!(pragma(name), value, "{name}");
    }
}

#[test]
fn read_only_access_does_not_write() {
    let place = Place::with_parties(2);
    let before = fs::read(&place.path).unwrap();
    let mut store = Store::open(&place.path, Access::ReadOnly).unwrap();
    assert_eq!(store.begin_write().err(), Some(StoreError::ReadOnly));
    let written = store.connection.execute_batch("CREATE TABLE more (a)");
    assert_eq!(written.map_err(refusal), Err(StoreError::ReadOnly));
    drop(store);
    assert_eq!(fs::read(&place.path).unwrap(), before);
    let names = fs::read_dir(place.directory.path()).unwrap().count();
    assert_eq!(names, 1, "no log is left beside the file");
}

#[test]
fn a_ledger_that_cannot_be_written_can_be_read() {
    let place = Place::with_parties(2);
    let before = fs::read(&place.path).unwrap();
    let mode = |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    mode(&place.path, 0o444);
    mode(place.directory.path(), 0o555);
    let read = Store::open(&place.path, Access::ReadOnly);
    let write = Store::open(&place.path, Access::ReadWrite);
    let read = read.and_then(|store| store.read()?.size());
    mode(place.directory.path(), 0o755);
    assert_eq!(read, Ok(2));
    // Of a superuser as well, who could write it.
    assert_eq!(write.err(), Some(StoreError::ReadOnly));
    assert_eq!(fs::read(&place.path).unwrap(), before);
}

#[test]
fn a_file_that_cannot_be_read_says_so() {
    let place = Place::with_parties(1);
    fs::set_permissions(&place.path, Permissions::from_mode(0o000)).unwrap();
    if File::open(&place.path).is_ok() {
        println!("skipped: this user may read what nobody may read");
        return;
    }
    let error = failure(&place.path, Access::ReadOnly);
    assert!(matches!(error, StoreError::CannotOpen { .. }), "{error:?}");
}

#[test]
fn an_immutable_opening_reads_without_leaving_a_trace() {
    let place = Place::with_parties(2);
    let store = Store::open_as(&place.path, Access::ReadOnly, DEFAULT_WAIT, true).unwrap();
    assert_eq!(store.read().unwrap().size(), Ok(2));
    assert_eq!(fs::read_dir(place.directory.path()).unwrap().count(), 1);
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let place = Place::with_parties(3);
    let mut store = place.open();
    let pages: i64 =
        store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    let set = |store: &Store, most: i64| {
        let read = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        store.connection.pragma_update_and_check(None, "max_page_count", most, read).unwrap()
    };
    assert_eq!(set(&store, pages), pages);
    let mut writer = store.begin_write().unwrap();
    let mut last = Ok(());
    for row in &entry_rows(400)[3..] {
        last = writer.append(row);
        if last.is_err() {
            break;
        }
    }
    assert_eq!(last, Err(StoreError::DiskFull));
    drop(writer);
    set(&store, i64::from(u32::MAX - 1));
    assert_eq!(store.read().unwrap().size(), Ok(3));
    let mut writer = store.begin_write().unwrap();
    writer.append(&entry_rows(4)[3]).unwrap();
    writer.commit().unwrap();
    assert_eq!(place.open().read().unwrap().size(), Ok(4));
}
