//! Tests of the store against real files, and attacks on them with connections of their own.

mod concurrency;
mod guard;
mod near;
mod opening;
mod plan;
mod question;
mod round_trip;

use super::{Access, EntryRow, Store, StoreError};
use crate::admission::{Effect, PartyRow};
use crate::record::{EntryNumber, Kind, RecordId, Timestamp};
use crate::tlog::{Frontier, leaf_hash};
use std::path::PathBuf;
use tempfile::TempDir;

/// A ledger file of its own, gone with the test.
struct Place {
    directory: TempDir,
    path: PathBuf,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ledger.db");
        Self { directory, path }
    }

    /// A place with a ledger of so many entries, each a party.
    fn with_parties(size: u64) -> Self {
        let place = Self::new();
        let mut store = Store::create(&place.path).unwrap();
        let mut writer = store.begin_write().unwrap();
        for mut row in entry_rows(size) {
            if row.number.get() + 1 == size {
                row.checkpoint = Some("a note".to_owned());
            }
            writer.append(&row).unwrap();
            writer.add(&party(row.number.get())).unwrap();
        }
        writer.commit().unwrap();
        place
    }

    fn open(&self) -> Store {
        Store::open(&self.path, Access::ReadWrite).unwrap()
    }

    /// A connection that keeps none of our settings.
    fn attack(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(&self.path).unwrap();
        connection.pragma_update(None, "foreign_keys", false).unwrap();
        connection
    }
}

fn number(entry: u64) -> EntryNumber {
    EntryNumber::new(entry)
}

fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis).unwrap()
}

/// The rows of a log whose tree is right and whose statements are not statements.
fn entry_rows(size: u64) -> Vec<EntryRow> {
    let mut frontier = Frontier::empty();
    (0..size)
        .map(|entry| {
            let statement = format!("statement {entry}").into_bytes();
            EntryRow {
                number: number(entry),
                registered_at: moment(1000 * i64::try_from(entry).unwrap()),
                id: RecordId::of(&statement),
                kind: Kind::Party,
                signer: Some(number(entry)),
                nodes: frontier.append(leaf_hash(&statement)).unwrap(),
                checkpoint: None,
                statement,
            }
        })
        .collect()
}

fn party(entry: u64) -> Effect {
    PartyRow {
        entry: number(entry),
        handle: format!("party-{entry}").parse().unwrap(),
        roles: "creator".parse().unwrap(),
    }
    .into()
}

fn refusal(error: rusqlite::Error) -> StoreError {
    error.into()
}
