//! What is complete and what is not, at moments that the test sets.

use super::*;
use std::fs;
use std::io::Write;

/// A folder in which something is written at a moment far from now.
fn followed() -> (tempfile::TempDir, Folder) {
    let directory = tempfile::tempdir().unwrap();
    let folder = Folder::open(directory.path(), Vec::new()).unwrap();
    (directory, folder)
}

/// The names of files that are complete at these moments in milliseconds, the system's word taken in
/// before each: the files are looked at as if everything had changed.
fn complete(folder: &mut Folder, moments: &[i64]) -> Vec<String> {
    let mut names = Vec::new();
    for moment in moments {
        folder.looked_at_ms = Some(i64::MAX);
        for file in folder.complete(*moment).unwrap() {
            names.push(file.path().strip_prefix(folder.path()).unwrap().display().to_string());
        }
    }
    names
}

/// Until the system has told that the file was closed, or not.
fn until_told(folder: &Folder, path: &Path, open: bool) {
    for _ in 0..1000 {
        if folder.changes.is_open(path) == open {
            return;
        }
        folder.changes.take();
        folder.wait(Duration::from_millis(20));
    }
    panic!("{} is not told", path.display());
}

const LATER: i64 = 4_000_000_000_000;

#[test]
fn a_file_is_complete_once_it_stays_as_it_is() {
    let (directory, mut folder) = followed();
    let path = folder.path().join("one.png");
    assert!(complete(&mut folder, &[LATER]).is_empty());
    fs::write(&path, "one").unwrap();
    until_told(&folder, &path, false);
    assert!(complete(&mut folder, &[LATER + 1]).is_empty());
    fs::write(&path, "longer").unwrap();
    assert!(complete(&mut folder, &[LATER + 400]).is_empty());
    until_told(&folder, &path, false);
    assert_eq!(complete(&mut folder, &[LATER + 401, LATER + 699, LATER + 700]), ["one.png"]);
    assert!(complete(&mut folder, &[LATER + 900, LATER + 9000]).is_empty());
    assert!(folder.is_settled());
    fs::write(&path, "another").unwrap();
    until_told(&folder, &path, false);
    assert_eq!(complete(&mut folder, &[LATER + 9500, LATER + 9900]), ["one.png"]);
    drop(directory);
}

/// However long the writer waits between two writes.
#[test]
#[cfg(target_os = "linux")]
fn a_file_that_is_open_to_write_is_not_complete() {
    let (_directory, mut folder) = followed();
    assert!(complete(&mut folder, &[LATER]).is_empty());
    let path = folder.path().join("slow.png");
    let mut file = fs::File::create(&path).unwrap();
    file.write_all(b"half").unwrap();
    until_told(&folder, &path, true);
    assert!(complete(&mut folder, &[LATER + 1, LATER + 30_000]).is_empty());
    file.write_all(b" and half").unwrap();
    drop(file);
    until_told(&folder, &path, false);
    assert_eq!(complete(&mut folder, &[LATER + 30_001, LATER + 30_400]), ["slow.png"]);
}

#[test]
fn what_is_temporary_hidden_empty_or_elsewhere_is_left_alone() {
    let (_directory, mut folder) = followed();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("other.png"), "other").unwrap();
    let root = folder.path().to_owned();
    for name in ["a.png.part", "b.TMP", ".hidden", "c.png~", "d.crdownload"] {
        fs::write(root.join(name), "x").unwrap();
    }
    fs::write(root.join("empty"), "").unwrap();
    fs::create_dir(root.join(".cache")).unwrap();
    fs::write(root.join(".cache/e.png"), "x").unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), root.join("folder")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("other.png"), root.join("f.png")).unwrap();
    fs::create_dir_all(root.join("deep/deeper")).unwrap();
    fs::write(root.join("deep/deeper/g.png"), "x").unwrap();
    folder.left_out.push(root.join("deedbook.db"));
    fs::write(root.join("deedbook.db-wal"), "x").unwrap();
    assert_eq!(complete(&mut folder, &[LATER, LATER + 70_000]), ["deep/deeper/g.png"]);
    assert!(folder.is_settled());
}

/// A file that becomes a link, another file or another size between the looks.
#[test]
fn a_second_look_sees_what_changed() {
    let (_directory, mut folder) = followed();
    let elsewhere = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.png");
    let target = elsewhere.path().join("two.png");
    fs::write(&target, "one").unwrap();
    fs::write(&path, "one").unwrap();
    folder.looked_at_ms = Some(i64::MAX);
    folder.complete(LATER).unwrap();
    let file = folder.complete(LATER + 70_000).unwrap().remove(0);
    assert!(folder.is_unchanged(&file));
    fs::remove_file(&path).unwrap();
    assert!(!folder.is_unchanged(&file));
    std::os::unix::fs::symlink(&target, &path).unwrap();
    assert!(!folder.is_unchanged(&file));
    fs::remove_file(&path).unwrap();
    fs::write(&path, "one").unwrap();
    assert!(!folder.is_unchanged(&file));
    folder.put_back(&file, LATER);
    assert_eq!(complete(&mut folder, &[LATER + 200_000]), ["one.png"]);
}

#[test]
fn a_folder_that_is_gone_or_replaced_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().canonicalize().unwrap().join("out");
    let missing = IntakeError::Missing { path: path.clone() };
    assert_eq!(Folder::open(&path, Vec::new()).err(), Some(missing));
    fs::create_dir(&path).unwrap();
    let mut folder = Folder::open(&path, Vec::new()).unwrap();
    fs::rename(&path, directory.path().join("away")).unwrap();
    let gone = IntakeError::FolderGone { path: path.clone() };
    assert_eq!(folder.complete(LATER), Err(gone.clone()));
    fs::create_dir(&path).unwrap();
    assert_eq!(folder.complete(LATER), Err(gone));
    let file = directory.path().join("file");
    fs::write(&file, "x").unwrap();
    let not = IntakeError::NotAFolder { path: file.clone() };
    assert_eq!(Folder::open(&file, Vec::new()).err(), Some(not));
}
