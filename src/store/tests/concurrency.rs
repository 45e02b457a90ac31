//! Snapshots and locks: what several readers and writers see of each other.

use super::*;
use crate::store::Reader;
use std::time::Duration;

#[test]
fn a_second_writer_waits_and_then_says_locked() {
    let place = Place::with_parties(1);
    let mut first = place.open();
    let wait = Duration::from_millis(20);
    let mut second = Store::open_within(&place.path, Access::ReadWrite, wait).unwrap();
    let writer = first.begin_write().unwrap();
    assert_eq!(second.begin_write().err(), Some(StoreError::Locked));
    assert_eq!(second.read().unwrap().size(), Ok(1), "reading goes on");
    drop(writer);
    assert!(second.begin_write().is_ok());
}

#[test]
fn a_snapshot_stays_as_it_is() {
    let place = Place::with_parties(2);
    let reading = place.open();
    let first = reading.read().unwrap();
    let mut writing = place.open();
    let mut writer = writing.begin_write().unwrap();
    writer.append(&entry_rows(3)[2]).unwrap();
    assert_eq!(writer.size(), Ok(3), "a writer sees what it added");
    writer.commit().unwrap();
    let second = reading.read().unwrap();
    drop(first);
    assert_eq!(second.size(), Ok(2), "the snapshot is that of the first reader");
    drop(second);
    assert_eq!(reading.read().unwrap().size(), Ok(3));
}

#[test]
fn what_is_not_committed_was_never_there() {
    let place = Place::with_parties(2);
    let mut store = place.open();
    let mut writer = store.begin_write().unwrap();
    assert_eq!(writer.head(), 2);
    let checkpoint = Some("note".to_owned());
    writer.append(&EntryRow { checkpoint, ..entry_rows(3)[2].clone() }).unwrap();
    writer.add(&party(2)).unwrap();
    drop(writer);
    let reader = store.read().unwrap();
    assert_eq!(reader.size(), Ok(2));
    assert_eq!(reader.parties(9).unwrap().len(), 2);
    assert_eq!(reader.head().unwrap().checkpoint.as_deref(), Some("a note"));
}

#[test]
fn only_the_next_entry_is_appended() {
    let place = Place::with_parties(2);
    let mut store = place.open();
    let mut writer = store.begin_write().unwrap();
    let rows = entry_rows(4);
    for (row, found) in [(&rows[3], 3), (&rows[1], 1)] {
        let expected = 2;
        assert_eq!(writer.append(row), Err(StoreError::HeadMoved { expected, found }));
    }
    let again = EntryRow { number: number(2), registered_at: moment(9000), ..rows[1].clone() };
    let reason = "a statement is entered once".to_owned();
    assert_eq!(writer.append(&again), Err(StoreError::Constraint { reason }));
    writer.append(&rows[2]).unwrap();
    writer.append(&rows[3]).unwrap();
    writer.commit().unwrap();
    assert_eq!(store.read().unwrap().size(), Ok(4));
}

#[test]
fn a_row_that_names_a_missing_entry_is_not_committed() {
    let place = Place::with_parties(2);
    let mut store = place.open();
    let mut writer = store.begin_write().unwrap();
    writer.add(&party(7)).unwrap();
    let refused = writer.commit();
    assert!(matches!(refused, Err(StoreError::Constraint { .. })), "{refused:?}");
    assert_eq!(store.read().unwrap().parties(9).unwrap().len(), 2);
    let mut writer = store.begin_write().unwrap();
    writer.append(&entry_rows(3)[2]).unwrap();
    writer.commit().unwrap();
}

#[test]
fn eight_writers_append_each_entry_once() {
    let place = Place::with_parties(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut store = place.open();
                for _ in 0..10 {
                    let mut writer = store.begin_write().unwrap();
                    let next = writer.head();
                    writer.append(&entry_rows(next + 1)[usize::try_from(next).unwrap()]).unwrap();
                    writer.commit().unwrap();
                }
            });
        }
    });
    let store = place.open();
    let reader = store.read().unwrap();
    let mut found = Vec::new();
    let each = |row| {
        found.push(row);
        Ok::<(), StoreError>(())
    };
    reader.entries(0..u64::MAX, each).unwrap();
    assert_eq!(found, entry_rows(80));
    drop(reader);
    assert_eq!(store.check_file(), Ok(()));
}

/// What each of several parts sees: how many entries, and its items.
fn parts_of(reader: &Reader<'_>, items: &[u64], least: usize) -> Vec<(u64, Vec<u64>)> {
    let look =
        |reader: &Reader<'_>, part: &[u64]| Ok::<_, StoreError>((reader.size()?, part.to_vec()));
    reader.side_by_side(items, least, look).unwrap()
}

#[test]
fn readers_side_by_side_see_one_log() {
    let place = Place::with_parties(2);
    let items: Vec<u64> = (0..100).collect();
    let joined = |parts: &[(u64, Vec<u64>)]| -> Vec<u64> {
        parts.iter().flat_map(|(_, items)| items.clone()).collect()
    };
    let reading = place.open();
    let before = reading.read().unwrap();
    let parts = parts_of(&before, &items, 10);
    assert!(parts.iter().all(|(size, _)| *size == 2));
    assert_eq!(joined(&parts), items, "every item once, in order");
    assert_eq!(parts_of(&before, &items, 51).len(), 1, "too few for two");
    assert_eq!(parts_of(&before, &[], 0), [(2, Vec::new())]);

    let mut writing = place.open();
    let mut writer = writing.begin_write().unwrap();
    writer.append(&entry_rows(3)[2]).unwrap();
    let parts = parts_of(&writer, &items, 10);
    assert_eq!(parts, [(3, items.clone())], "only the writer sees what it added");
    writer.commit().unwrap();
    let parts = parts_of(&before, &items, 10);
    assert!(parts.iter().all(|(size, _)| *size == 2), "others appended; the snapshot stays");
    assert_eq!(joined(&parts), items);
    drop(before);
    let parts = parts_of(&reading.read().unwrap(), &items, 10);
    assert!(parts.iter().all(|(size, _)| *size == 3));
}

#[test]
fn the_first_part_that_fails_is_told() {
    let place = Place::with_parties(2);
    let store = place.open();
    let items: Vec<u64> = (0..100).collect();
    let fail = |_: &Reader<'_>, part: &[u64]| match part.first() {
        Some(0) => Ok(()),
        first => Err(StoreError::Missing { entry: number(*first.unwrap()), needed: "part" }),
    };
    let failed = store.read().unwrap().side_by_side(&items, 10, fail);
    let cores = std::thread::available_parallelism().unwrap().get().min(10);
    let second = items.len().div_ceil(cores) as u64;
    let expected = match cores {
        1 => Ok(vec![()]),
        _ => Err(StoreError::Missing { entry: number(second), needed: "part" }),
    };
    assert_eq!(failed, expected);
}
