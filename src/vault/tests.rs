use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::record::Salt;

fn opening(number: u8, text: &[u8]) -> Opening {
    Opening::new(Salt::from_bytes([number; 32]), text.to_vec()).unwrap()
}

fn vault_in(directory: &TempDir) -> (PathBuf, Vault) {
    let path = directory.path().join("deedbook.vault");
    (path.clone(), Vault::at(path))
}

fn write_private(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn nothing_is_touched_where_nothing_is_added() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("deedbook.vault");
    Vault::at(&path).add_all(&[]).unwrap();
    assert!(!path.exists());
}

#[test]
fn what_is_added_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let (path, vault) = vault_in(&directory);
    let longest = vec![0x5a; MAX_OPENING_SIZE_BYTES];
    let openings =
        [opening(1, b"first"), opening(2, b""), opening(3, &longest), opening(4, b"\0\xff")];
    for opening in &openings {
        assert_eq!(vault.find(&opening.commitment()), Ok(None));
        assert_eq!(vault.add(opening), Ok(opening.commitment()));
    }
    for opening in openings {
        assert_eq!(Vault::at(&path).find(&opening.commitment()), Ok(Some(opening)));
    }
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o7777, 0o600);
}

#[test]
fn an_opening_added_twice_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let (_, vault) = vault_in(&directory);
    let twice = opening(1, b"twice");
    assert_eq!(vault.add(&twice), vault.add(&twice));
    assert_eq!(vault.find(&twice.commitment()), Ok(Some(twice)));
}

#[test]
fn the_longest_record_is_as_long_as_the_limit_says() {
    let longest = opening(1, &vec![0; MAX_OPENING_SIZE_BYTES]);
    let size = stored_opening::encode(&longest).unwrap().len();
    assert_eq!(size as u64, stored_opening::MAX_RECORD_SIZE_BYTES);
    let (found, limit) = (MAX_OPENING_SIZE_BYTES + 1, MAX_OPENING_SIZE_BYTES);
    assert_eq!(
        Opening::new(Salt::from_bytes([1; 32]), vec![0; found]),
        Err(VaultError::OpeningTooLarge { found, limit })
    );
}

/// The bytes of a record, put together by hand from RFC 8949.
#[test]
fn golden_record() {
    let spring = opening(9, b"spring");
    let by_hand = [
        b"\xa4\x61v\x01\x64salt\x58\x20".as_slice(),
        &[9; 32],
        b"\x67opening\x46spring\x6acommitment\x58\x20",
        spring.commitment().as_bytes(),
    ]
    .concat();
    let directory = tempfile::tempdir().unwrap();
    let (path, vault) = vault_in(&directory);
    vault.add(&spring).unwrap();
    assert_eq!(fs::read(path).unwrap(), by_hand);
}

#[test]
fn a_record_torn_at_any_byte_is_passed_over_and_then_cut_away() {
    let directory = tempfile::tempdir().unwrap();
    let (path, _) = vault_in(&directory);
    let (first, torn, third) =
        (opening(1, b"first"), opening(2, &[0x42; 70]), opening(3, b"third"));
    let first_bytes = stored_opening::encode(&first).unwrap();
    let torn_bytes = stored_opening::encode(&torn).unwrap();
    let third_bytes = stored_opening::encode(&third).unwrap();
    for cut in 0..torn_bytes.len() {
        for before in [first_bytes.as_slice(), &[]] {
            write_private(&path, &[before, &torn_bytes[..cut]].concat());
            let vault = Vault::at(&path);
            let expected = (!before.is_empty()).then(|| first.clone());
            assert_eq!(vault.find(&first.commitment()), Ok(expected), "cut at {cut}");
            assert_eq!(vault.find(&torn.commitment()), Ok(None), "cut at {cut}");
            vault.add(&third).unwrap();
            assert_eq!(fs::read(&path).unwrap(), [before, &third_bytes].concat(), "cut at {cut}");
            assert_eq!(vault.find(&third.commitment()), Ok(Some(third.clone())));
        }
    }
}

/// A vault value that has read the file before also sees what was torn since.
#[test]
fn a_tear_by_another_writer_is_cut_away() {
    let directory = tempfile::tempdir().unwrap();
    let (path, vault) = vault_in(&directory);
    let (first, second, third) =
        (opening(1, b"first"), opening(2, b"second"), opening(3, b"third"));
    vault.add(&first).unwrap();
    Vault::at(&path).add(&second).unwrap();
    let whole = fs::read(&path).unwrap();
    write_private(&path, &[whole.as_slice(), &whole[..20]].concat());
    vault.add(&third).unwrap();
    let expected = [whole, stored_opening::encode(&third).unwrap()].concat();
    assert_eq!(fs::read(&path).unwrap(), expected);
    // Replaced by a shorter file: everything is read anew.
    write_private(&path, &expected[..10]);
    vault.add(&second).unwrap();
    assert_eq!(fs::read(&path).unwrap(), stored_opening::encode(&second).unwrap());
}

/// No flipped bit anywhere makes an addition throw away a record that was acknowledged, and none
/// passes for the opening of the record it is in.
#[test]
fn no_flipped_bit_loses_another_record_or_goes_unseen() {
    let directory = tempfile::tempdir().unwrap();
    let (path, _) = vault_in(&directory);
    let (first, second, third) =
        (opening(1, b"a text of some length"), opening(2, b"2"), opening(3, b"3"));
    let first_bytes = stored_opening::encode(&first).unwrap();
    let whole = [first_bytes.clone(), stored_opening::encode(&second).unwrap()].concat();
    for bit in 0..whole.len() * 8 {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        write_private(&path, &flipped);
        let vault = Vault::at(&path);
        let in_first = bit / 8 < first_bytes.len();
        let (hit, offset) =
            if in_first { (&first, 0) } else { (&second, first_bytes.len() as u64) };
        match vault.find(&hit.commitment()) {
            Err(
                VaultError::Damaged { offset: at, .. }
                | VaultError::OpeningDoesNotMatch { offset: at, .. }
                | VaultError::Version { offset: at, .. },
            ) => assert_eq!(at, offset, "bit {bit}"),
            other => panic!("bit {bit}: {other:?}"),
        }
        let added = vault.add(&third);
        let after = fs::read(&path).unwrap();
        assert!(after.starts_with(&flipped), "bit {bit}: {added:?}");
        if added.is_ok() {
            let kept = if in_first { &second } else { &first };
            assert_eq!(vault.find(&kept.commitment()), Ok(Some(kept.clone())), "bit {bit}");
            assert_eq!(vault.find(&third.commitment()), Ok(Some(third.clone())), "bit {bit}");
        } else {
            assert_eq!(after, flipped, "bit {bit}");
        }
    }
}

#[test]
fn other_bytes_for_an_opening_are_damage() {
    let directory = tempfile::tempdir().unwrap();
    let (path, vault) = vault_in(&directory);
    let spring = opening(9, b"spring");
    let bytes = stored_opening::encode(&spring).unwrap();
    let text = |from: &[u8], to: &[u8]| {
        let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
        [&bytes[..at], to, &bytes[at + from.len()..]].concat()
    };
    let cases = [
        ("long version", text(b"\x61v\x01", b"\x61v\x18\x01")),
        ("tagged", [b"\xc0".as_slice(), &bytes].concat()),
        ("unknown key", text(b"\xa4\x61v\x01", b"\xa5\x61u\x01\x61v\x01")),
        ("doubled key", text(b"\xa4\x61v\x01", b"\xa5\x61v\x01\x61v\x01")),
        ("array of numbers", text(b"\x46spring", b"\x86\x01\x02\x03\x04\x05\x06")),
        ("huge length", text(b"\x46spring", b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xffspring")),
        ("zeros", vec![0; 4096]),
        ("text", b"not a vault".to_vec()),
    ];
    for (name, bytes) in cases {
        write_private(&path, &bytes);
        let damaged = VaultError::Damaged { path: path.clone(), offset: 0 };
        assert_eq!(vault.find(&spring.commitment()), Err(damaged.clone()), "{name}");
        assert_eq!(vault.add(&spring), Err(damaged), "{name}");
        assert_eq!(fs::read(&path).unwrap(), bytes, "{name}");
    }
    write_private(&path, &text(b"\x61v\x01", b"\x61v\x02"));
    let later = VaultError::Version { path, offset: 0, found: 2, needed: 1 };
    assert_eq!(vault.add(&spring), Err(later));
}

/// A record that claims to be longer than any may be is not taken for a torn one, however much of
/// the file it covers.
#[test]
fn a_record_past_the_limit_is_damage_and_not_read_whole() {
    let directory = tempfile::tempdir().unwrap();
    let (path, vault) = vault_in(&directory);
    let head = b"\xa4\x61v\x01\x64salt\x5b\x00\x00\x00\xff\xff\xff\xff\xff";
    write_private(&path, head);
    File::options().write(true).open(&path).unwrap().set_len(1 << 36).unwrap();
    let damaged = VaultError::Damaged { path, offset: 0 };
    assert_eq!(vault.find(&opening(1, b"").commitment()), Err(damaged.clone()));
    assert_eq!(vault.add(&opening(1, b"")), Err(damaged));
}

#[test]
fn any_right_of_group_or_others_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let (path, vault) = vault_in(&directory);
    let kept = opening(1, b"kept");
    vault.add(&kept).unwrap();
    for bit in 0..6 {
        let found = 0o600 | 1 << bit;
        fs::set_permissions(&path, Permissions::from_mode(found)).unwrap();
        let loose = VaultError::LoosePermissions { path: path.clone(), found, needed: 0o600 };
        assert_eq!(vault.add(&kept), Err(loose.clone()));
        assert_eq!(vault.find(&kept.commitment()), Err(loose));
    }
}

#[test]
fn a_vault_of_another_user_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let (path, vault) = vault_in(&directory);
    let kept = opening(1, b"kept");
    vault.add(&kept).unwrap();
    if std::os::unix::fs::chown(&path, Some(4321), None).is_err() {
        println!("skipped: only the superuser can give a file away");
        return;
    }
    let needed = rustix::process::geteuid().as_raw();
    let other = VaultError::NotOurs { path, found: 4321, needed };
    assert_eq!(vault.add(&kept), Err(other.clone()));
    assert_eq!(vault.find(&kept.commitment()), Err(other));
}

#[test]
fn what_is_no_regular_file_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let kept = opening(1, b"kept");
    let folder = directory.path().join("folder");
    fs::create_dir(&folder).unwrap();
    let pipe = directory.path().join("pipe");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    for path in [folder, pipe] {
        let vault = Vault::at(&path);
        let refused = VaultError::NotAFile { path };
        assert_eq!(vault.add(&kept), Err(refused.clone()));
        assert_eq!(vault.find(&kept.commitment()), Err(refused));
    }
    let nowhere = directory.path().join("none/vault");
    let refused = Vault::at(&nowhere).add(&kept);
    let kind = ErrorKind::NotFound;
    assert_eq!(refused, Err(VaultError::Io { action: "create", path: nowhere, kind }));
}

/// A link that points nowhere is not followed to make a file elsewhere.
#[test]
fn a_dangling_link_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let (path, vault) = vault_in(&directory);
    let elsewhere = directory.path().join("elsewhere");
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    let kind = ErrorKind::AlreadyExists;
    assert_eq!(vault.add(&opening(1, b"")), Err(VaultError::Io { action: "open", path, kind }));
    assert!(!elsewhere.exists());
}

#[test]
fn threads_add_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let (path, shared) = vault_in(&directory);
    let each = |thread: u8| (0..20_u8).map(move |number| opening(thread, &vec![number; 3000]));
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (path, shared) = (&path, &shared);
            scope.spawn(move || {
                let own = Vault::at(path);
                let vault = if thread % 2 == 0 { shared } else { &own };
                for opening in each(thread) {
                    let commitment = vault.add(&opening).unwrap();
                    assert_eq!(vault.find(&commitment), Ok(Some(opening)));
                }
            });
        }
    });
    let size = stored_opening::encode(&opening(0, &[0; 3000])).unwrap().len();
    assert_eq!(fs::metadata(&path).unwrap().len(), 8 * 20 * size as u64);
    for opening in (0..8).flat_map(each) {
        assert_eq!(shared.find(&opening.commitment()), Ok(Some(opening)));
    }
}

#[test]
fn nothing_shows_the_text() {
    assert_eq!(format!("{:?}", opening(1, b"secret")), "Opening(6 bytes)");
}
