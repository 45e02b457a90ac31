//! What leaves a ledger: receipts, checkpoints, proof files and the published log, each read again
//! by what a stranger has.

mod command;
mod published;
mod receipt;
mod schema;

use crate::support::{Register, Story, wen, work};
use deedbook::record::{Entry, EntryNumber};
use deedbook::tlog::{Hash, leaf_hash};

/// A ledger of exactly so many entries, at least eight.
pub(crate) fn register_of(size: u64) -> Register {
    let mut story = Story::begin();
    let creator = story.wen;
    grow(&mut story.register, creator, size);
    story.register
}

/// Registers works in one commit until the ledger has so many entries.
pub(crate) fn grow(register: &mut Register, creator: deedbook::record::RecordId, size: u64) {
    let present = register.ledger().read().unwrap().size().unwrap();
    register.clock.advance_ms(1000);
    let sign = |number: u64| {
        let work = work(&format!("work {number}"), None, &[(creator, "1")]);
        register.sign(&wen(), work).as_bytes().to_vec()
    };
    let statements: Vec<_> = (present..size).map(sign).collect();
    if !statements.is_empty() {
        register.ledger_mut().submit(statements.into()).unwrap();
    }
}

/// Who enrolled as wen in a story.
pub(crate) fn creator(register: &Register) -> deedbook::record::RecordId {
    register.ledger().read().unwrap().entry_row(EntryNumber::new(2)).unwrap().unwrap().id
}

/// The leaf data of an entry.
pub(crate) fn leaf_data(register: &Register, entry: u64) -> Vec<u8> {
    let reader = register.ledger().read().unwrap();
    let row = reader.entry_row(EntryNumber::new(entry)).unwrap().unwrap();
    Entry::leaf_data(row.registered_at, &row.statement)
}

/// The hash of the leaf of an entry.
pub(crate) fn leaf(register: &Register, entry: u64) -> Hash {
    leaf_hash(&leaf_data(register, entry))
}
