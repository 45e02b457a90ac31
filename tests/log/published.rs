//! The published log, read by a stranger with nothing but the files, the name and the key of the
//! log, through the libraries `tlog_tiles` and `signed_note` alone.

use super::{creator, grow, leaf_data, register_of};
use crate::support::Register;
use deedbook::ledger::{Access, Flaw, LedgerError};
use signed_note::{Note, StandardVerifier, VerifierList};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use tlog_tiles::{
    Checkpoint, Tile, TileHashReader, TileReader, check_record, check_tree, prove_record,
    prove_tree, record_hash, stored_hash_index, tlog::Error,
};

/// A directory of tiles as the library asks for them.
struct Files<'a>(&'a Path);

impl TileReader for Files<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        let read = |tile: &Tile| {
            let path = tile.path().replacen("tile/8/", "tile/", 1);
            fs::read(self.0.join(path)).map_err(|_| Error::InvalidTile)
        };
        tiles.iter().map(read).collect()
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

/// The published checkpoint, its signature verified by the note library.
fn checkpoint(directory: &Path, register: &Register) -> Checkpoint {
    let key = StandardVerifier::new(&register.ledger().verifier().verifier_key()).unwrap();
    let known = VerifierList::new(vec![Box::new(key)]);
    let note = Note::from_bytes(&fs::read(directory.join("checkpoint")).unwrap()).unwrap();
    assert_eq!(note.verify(&known).unwrap().0.len(), 1);
    Checkpoint::from_bytes(note.text()).unwrap()
}

/// A bundle, as the specification has it.
fn bundle(directory: &Path, index: u64, width: u64) -> Vec<Vec<u8>> {
    let partial = if width == 256 { String::new() } else { format!(".p/{width}") };
    let number = if index < 1000 { format!("{index:03}") } else { panic!("not in these tests") };
    let bytes = fs::read(directory.join(format!("tile/entries/{number}{partial}"))).unwrap();
    let (mut rest, mut entries) = (bytes.as_slice(), Vec::new());
    while let [high, low, after @ ..] = rest {
        let length = usize::from(*high) * 256 + usize::from(*low);
        entries.push(after[..length].to_vec());
        rest = &after[length..];
    }
    assert!(rest.is_empty());
    assert_eq!(entries.len() as u64, width);
    entries
}

/// Every entry is in the tree that was signed, by the files alone.
fn check(directory: &Path, register: &Register, size: u64, step: usize) -> Checkpoint {
    let checkpoint = checkpoint(directory, register);
    assert_eq!(checkpoint.size(), size);
    let files = Files(directory);
    let tree = TileHashReader::new(size, *checkpoint.hash(), &files);
    for index in 0..size.div_ceil(256) {
        let entries = bundle(directory, index, (size - index * 256).min(256));
        for (place, entry) in entries.iter().enumerate().step_by(step) {
            let number = index * 256 + place as u64;
            let proof = prove_record(size, number, &tree).unwrap();
            let leaf = record_hash(entry);
            check_record(&proof, size, *checkpoint.hash(), number, leaf).unwrap();
            if step == 1 {
                assert_eq!(*entry, leaf_data(register, number));
            }
        }
    }
    checkpoint
}

/// Each file with its bytes and its number on the disk, which another file of its name has not.
fn files(directory: &Path) -> BTreeMap<PathBuf, (Vec<u8>, u64)> {
    let mut found = BTreeMap::new();
    let mut left = vec![directory.to_owned()];
    while let Some(place) = left.pop() {
        for entry in fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else {
                let number = fs::metadata(&path).unwrap().ino();
                let name = path.strip_prefix(directory).unwrap().to_owned();
                found.insert(name, (fs::read(&path).unwrap(), number));
            }
        }
    }
    found
}

#[test]
fn a_stranger_finds_every_entry_at_every_size() {
    let mut register = register_of(8);
    let creator = creator(&register);
    let directory = tempfile::tempdir().unwrap();
    let mut before: Option<Checkpoint> = None;
    for size in [8, 9, 255, 256, 257, 300, 512, 700] {
        grow(&mut register, creator, size);
        let old = files(directory.path());
        let published = register.ledger().publish(directory.path(), &mut |_| {}).unwrap();
        assert_eq!(
            (published.checkpoint.size, published.old_size),
            (size, before.as_ref().map_or(0, Checkpoint::size))
        );
        let checkpoint = check(directory.path(), &register, size, 1);
        if let Some(before) = &before {
            let files = Files(directory.path());
            let tree = TileHashReader::new(size, *checkpoint.hash(), &files);
            let proof = prove_tree(size, before.size(), &tree).unwrap();
            let (new, old) = (*checkpoint.hash(), *before.hash());
            check_tree(&proof, size, new, before.size(), old).unwrap();
        }
        // What was there stays what it was, but for the checkpoint; and nothing else is there.
        let new = files(directory.path());
        for (name, file) in &old {
            assert!(name == Path::new("checkpoint") || new[name] == *file, "{name:?}");
        }
        assert_eq!((new.len() - old.len()) as u64, published.files - u64::from(!old.is_empty()));
        // A second time nothing is written at all.
        let again = register.ledger().publish(directory.path(), &mut |_| {}).unwrap();
        assert_eq!((again.files, again.size_bytes, again.old_size), (0, 0, size));
        assert_eq!(files(directory.path()), new);
        before = Some(checkpoint);
    }
    // Published at once the log is the same, but for the partial tiles of the sizes between.
    let whole = tempfile::tempdir().unwrap();
    register.ledger().publish(whole.path(), &mut |_| {}).unwrap();
    let (grown, whole) = (files(directory.path()), files(whole.path()));
    for (name, (bytes, _)) in &whole {
        assert_eq!(grown[name].0, *bytes, "{name:?}");
    }
    let names: Vec<&str> = whole.keys().map(|name| name.to_str().unwrap()).collect();
    let expected = [
        "checkpoint",
        "tile/0/000",
        "tile/0/001",
        "tile/0/002.p/188",
        "tile/1/000.p/2",
        "tile/entries/000",
        "tile/entries/001",
        "tile/entries/002.p/188",
    ];
    assert_eq!(names, expected);
}

/// Across the first full tile of tiles.
#[test]
#[ignore = "makes a ledger of seventy thousand entries"]
fn long_a_log_of_three_levels_is_read_by_a_stranger() {
    let mut register = register_of(65_500);
    let creator = creator(&register);
    let directory = tempfile::tempdir().unwrap();
    for size in [65_500, 65_536, 65_537, 70_000] {
        grow(&mut register, creator, size);
        register.ledger().publish(directory.path(), &mut |_| {}).unwrap();
        check(directory.path(), &register, size, 97);
        let tree = *checkpoint(directory.path(), &register).hash();
        let files = Files(directory.path());
        let reader = TileHashReader::new(size, tree, &files);
        let highest = stored_hash_index(15, 0);
        tlog_tiles::HashReader::read_hashes(&reader, &[highest]).unwrap();
    }
    let names = ["tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1", "tile/0/273.p/112"];
    for name in names {
        assert!(directory.path().join(name).is_file(), "{name}");
    }
}

#[test]
fn a_change_to_any_published_byte_is_seen() {
    let register = register_of(300);
    let directory = tempfile::tempdir().unwrap();
    register.ledger().publish(directory.path(), &mut |_| {}).unwrap();
    let size = 300;
    for (name, (bytes, _)) in files(directory.path()) {
        for place in (0..bytes.len()).step_by(bytes.len().div_ceil(40)) {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            fs::write(directory.path().join(&name), &changed).unwrap();
            let place_of = directory.path();
            let seen = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                check(place_of, &register, size, 1);
            }));
            assert!(seen.is_err(), "{name:?} at {place}");
        }
        fs::write(directory.path().join(&name), &bytes).unwrap();
    }
    check(directory.path(), &register, size, 1);
}

#[test]
fn a_publishing_that_was_interrupted_is_made_good() {
    let mut register = register_of(300);
    let creator = creator(&register);
    let directory = tempfile::tempdir().unwrap();
    register.ledger().publish(directory.path(), &mut |_| {}).unwrap();
    let old = fs::read(directory.path().join("checkpoint")).unwrap();
    grow(&mut register, creator, 600);
    register.ledger().publish(directory.path(), &mut |_| {}).unwrap();
    let whole = files(directory.path());
    // The checkpoint was not reached, files are missing, empty or half written.
    fs::write(directory.path().join("checkpoint"), old).unwrap();
    fs::remove_file(directory.path().join("tile/0/001")).unwrap();
    fs::write(directory.path().join("tile/entries/001"), b"").unwrap();
    fs::write(directory.path().join("tile/0/002.p/88"), b"half").unwrap();
    fs::write(directory.path().join(".checkpoint"), b"half").unwrap();
    register.ledger().publish(directory.path(), &mut |_| {}).unwrap();
    check(directory.path(), &register, 600, 1);
    let bytes = |files: BTreeMap<PathBuf, (Vec<u8>, u64)>| -> Vec<_> {
        files.into_iter().map(|(name, (bytes, _))| (name, bytes)).collect()
    };
    assert_eq!(bytes(files(directory.path())), bytes(whole));
}

#[test]
fn what_is_published_of_another_log_or_of_more_of_this_one_stays() {
    let mut register = register_of(20);
    let creator = creator(&register);
    let directory = tempfile::tempdir().unwrap();
    let kept = {
        let mut older = register_of(12);
        older.close();
        older
    };
    register.ledger().publish(directory.path(), &mut |_| {}).unwrap();
    let before = files(directory.path());
    let publish = |ledger: &deedbook::ledger::Ledger| {
        let refused = ledger.publish(directory.path(), &mut |_| {}).unwrap_err();
        assert_eq!(files(directory.path()), before, "{refused}");
        refused
    };
    // An older copy of the same ledger.
    let older = kept.open(Access::Read).unwrap();
    let LedgerError::Integrity(integrity) = publish(&older) else {
        panic!("not told as a roll-back");
    };
    assert_eq!(integrity.flaw, Flaw::PublishedAhead { found: 12, needed: 20 });
    // The same ledger, grown another way.
    let mut fork = register_of(12);
    fork.clock.advance_ms(5_000);
    grow(&mut fork, creator, 21);
    let LedgerError::Integrity(integrity) = publish(fork.ledger()) else {
        panic!("not told as a fork");
    };
    assert_eq!(integrity.flaw, Flaw::PublishedFork { size: 20 });
    grow(&mut register, creator, 21);
    for note in ["", "not a checkpoint", "other.example\n1\nAAAA\n\n\u{2014} x y\n"] {
        let other = tempfile::tempdir().unwrap();
        fs::write(other.path().join("checkpoint"), note).unwrap();
        let refused = register.ledger().publish(other.path(), &mut |_| {});
        assert!(matches!(refused, Err(LedgerError::PublishedOther { .. })));
        assert_eq!(files(other.path()).len(), 1);
    }
    let lock = fs::File::open(directory.path()).unwrap();
    lock.lock().unwrap();
    let busy = register.ledger().publish(directory.path(), &mut |_| {});
    assert!(matches!(busy, Err(LedgerError::BeingPublished { .. })));
}
