use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::record::Signer;

fn never(path: &Path) -> Result<Zeroizing<String>, KeyError> {
    panic!("asked for a passphrase of {}", path.display())
}

#[test]
fn created_keys_are_listed_by_name_without_a_passphrase() {
    let directory = tempfile::tempdir().unwrap();
    let store = KeyStore::at(directory.path().join("deep/keys"));
    assert_eq!(store.list(), Ok(Vec::new()));
    let wen = store.create("wen", None).unwrap();
    let lin = store.create("lin-2", Some("secret")).unwrap();
    let expected = |name: &str, key: &KeyFile, encrypted| ListedKey {
        name: name.to_owned(),
        algorithm: Algorithm::EdDsa,
        thumbprint: key.public_key().thumbprint(),
        encrypted,
        path: store.path_of(name).unwrap(),
    };
    assert_eq!(store.list(), Ok(vec![expected("lin-2", &lin, true), expected("wen", &wen, false)]));
    assert_eq!(store.load("wen", &mut never).unwrap().public_key(), wen.public_key());
    let lin_again = store.load("lin-2", &mut |_| Ok(Zeroizing::new("secret".to_owned())));
    assert_eq!(lin_again.unwrap().public_key(), lin.public_key());
    let mode = fs::metadata(directory.path().join("deep/keys")).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o700);
}

#[test]
fn a_name_is_taken_once() {
    let directory = tempfile::tempdir().unwrap();
    let store = KeyStore::at(directory.path().join("keys"));
    let first = store.create("wen", None).unwrap();
    let path = store.path_of("wen").unwrap();
    assert_eq!(store.create("wen", None).err(), Some(KeyError::AlreadyExists { path }));
    assert_eq!(store.load("wen", &mut never).unwrap().public_key(), first.public_key());
}

#[test]
fn names_that_leave_the_directory_or_mislead_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let store = KeyStore::at(directory.path().join("keys"));
    let long = "a".repeat(41);
    for name in
        ["", ".", "..", "../wen", "/etc/passwd", "a/b", "Wen", "wen.pub", "w\0", "文", &long]
    {
        let refused = KeyError::Name { found: name.to_owned(), limit: 40 };
        assert_eq!(store.path_of(name), Err(refused.clone()));
        assert_eq!(store.create(name, None).err(), Some(refused.clone()));
        assert_eq!(store.load(name, &mut never).err(), Some(refused));
    }
    assert!(!directory.path().join("keys").exists(), "refused before anything is written");
    assert!(store.path_of(&"a".repeat(40)).is_ok());
}

#[test]
fn a_key_that_is_not_there_is_missing() {
    let directory = tempfile::tempdir().unwrap();
    let store = KeyStore::at(directory.path().join("keys"));
    let path = store.path_of("wen").unwrap();
    let missing = Some(KeyError::Missing { path });
    assert_eq!(store.load("wen", &mut never).err(), missing);
    store.create("lin", None).unwrap();
    assert_eq!(store.load("wen", &mut never).err(), missing);
}

#[test]
fn a_directory_that_others_may_touch_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys");
    let store = KeyStore::at(&path);
    store.create("wen", None).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    let loose = KeyError::LoosePermissions { path, found: 0o755, needed: 0o700 };
    assert_eq!(store.list().err(), Some(loose.clone()));
    assert_eq!(store.create("lin", None).err(), Some(loose.clone()));
    assert_eq!(store.load("wen", &mut never).err(), Some(loose));
}

#[test]
fn a_file_in_place_of_the_directory_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys");
    fs::write(&path, "").unwrap();
    let store = KeyStore::at(&path);
    assert_eq!(store.list().err(), Some(KeyError::NotADirectory { path: path.clone() }));
    assert_eq!(store.create("wen", None).err(), Some(KeyError::NotADirectory { path }));
}

#[test]
fn a_stored_key_with_loose_permissions_is_named_by_the_list() {
    let directory = tempfile::tempdir().unwrap();
    let store = KeyStore::at(directory.path().join("keys"));
    store.create("wen", None).unwrap();
    let path = store.path_of("wen").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    let loose = KeyError::LoosePermissions { path, found: 0o640, needed: 0o600 };
    assert_eq!(store.list().err(), Some(loose));
}

#[test]
fn other_files_in_the_directory_are_passed_over() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys");
    let store = KeyStore::at(&path);
    store.create("wen", None).unwrap();
    fs::write(path.join("README.txt"), "mine").unwrap();
    fs::write(path.join(".hidden"), "mine").unwrap();
    let names: Vec<_> = store.list().unwrap().into_iter().map(|key| key.name).collect();
    assert_eq!(names, ["wen"]);
}

#[test]
fn a_key_is_found_and_removed_by_its_name() {
    let directory = tempfile::tempdir().unwrap();
    let store = KeyStore::at(directory.path().join("keys"));
    let path = store.path_of("wen").unwrap();
    let missing = KeyError::Missing { path: path.clone() };
    assert_eq!(store.find("wen"), Err(missing.clone()));
    let key = store.create("wen", Some("secret")).unwrap();
    let found = store.find("wen").unwrap();
    assert_eq!(found.thumbprint, key.public_key().thumbprint());
    assert!(found.encrypted);
    KeyFile::remove(&path).unwrap();
    assert_eq!(store.find("wen"), Err(missing));
    assert_eq!(store.list(), Ok(Vec::new()));
}
