//! A directory in which the program runs, with a ledger and the files of the main story.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// A directory with a ledger: a provider with a form of each kind, two creators, a work under each
/// contract.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    /// With the files alone.
    pub(crate) fn bare() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/main-job/files");
        for file in fs::read_dir(files).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), place.path(file.file_name())).unwrap();
        }
        place
    }

    /// With a ledger in which these commands are done.
    pub(crate) fn with(lines: &[&str]) -> Self {
        let place = Self::bare();
        for line in lines {
            place.done(line);
        }
        place
    }

    pub(crate) fn new() -> Self {
        let place = Self::bare();
        fs::write(place.path("a.txt"), "a").unwrap();
        fs::write(place.path("empty.txt"), "").unwrap();
        fs::create_dir(place.path("folder")).unwrap();
        fs::File::create(place.path("huge")).unwrap().set_len(8 << 30).unwrap();
        fs::write(place.path(OsStr::from_bytes(b"not-\xff.txt")), "b").unwrap();
        let form = fs::read_to_string(place.path("fee.toml")).unwrap();
        fs::write(place.path("unknown.toml"), form.replace("due_days", "due_dayz")).unwrap();
        for line in [
            "init --name Northlight",
            "party add northlight --role provider",
            "party add wen --role creator",
            "party add bo --role creator",
            "terms publish fee.toml --as northlight",
            "terms publish share.toml --as northlight",
            "accept northlight/fee@1 --as wen --manner paper --shown-at 2026-02-10 --on 2026-02-10",
            "accept northlight/share@1 --as wen --manner paper --shown-at 2026-02-10 --on 2026-02-10",
            "register spring.png --as wen --contract northlight/fee@1 --on 2026-02-20",
            "register poster.png --as wen --contract northlight/share@1 --on 2026-03-15",
            "pay spring.png 10.00 CNY --as wen --reference R0 --on 2026-03-16",
        ] {
            place.done(line);
        }
        place
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn output<S: Into<OsString>>(&self, words: impl Iterator<Item = S>) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deedbook"));
        for variable in [
            "DEEDBOOK_LEDGER",
            "DEEDBOOK_KEYS",
            "DEEDBOOK_HEAD",
            "DEEDBOOK_VAULT",
            "DEEDBOOK_WITNESSES",
        ] {
            command.env_remove(variable);
        }
        command.args(words.map(Into::into)).current_dir(self.0.path());
        command.stdin(Stdio::null()).output().unwrap()
    }

    /// The program, told for programs, as a process of its own whose lines can be read.
    pub(crate) fn spawn(&self, words: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deedbook"));
        command.arg("--json").args(words).current_dir(self.0.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// What programs are told.
    pub(crate) fn run<S: Into<OsString>>(&self, words: impl Iterator<Item = S>) -> (i32, Value) {
        let words = std::iter::once("--json".into()).chain(words.map(Into::into));
        let output = self.output::<OsString>(words);
        (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
    }

    /// What programs are told of a command that is done.
    #[track_caller]
    pub(crate) fn done(&self, line: &str) -> Value {
        let (exit, answer) = self.run(line.split(' '));
        assert_eq!(exit, 0, "{line}: {answer}");
        answer
    }

    /// What people are told of a command that is done.
    #[track_caller]
    pub(crate) fn said(&self, line: &str) -> String {
        let output = self.output(line.split(' '));
        assert!(output.status.success(), "{line}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What people are told of a command that is done, with the warnings before it.
    #[track_caller]
    pub(crate) fn warned(&self, line: &str) -> String {
        let output = self.output(line.split(' '));
        assert!(output.status.success(), "{line}: {output:?}");
        let all = [output.stderr, output.stdout].concat();
        String::from_utf8(all).unwrap()
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Every file, but for the empty log of a ledger that is only read.
    pub(crate) fn files(&self) -> BTreeMap<OsString, u64> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let size = path.metadata().unwrap().len();
                let mut digest = size;
                if size < 1 << 30 {
                    let hash = blake3::hash(&fs::read(&path).unwrap());
                    digest = u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap());
                }
                files.insert(path.into_os_string(), digest);
            }
        }
        files
    }

    /// The error of a command that is refused with this code; nothing is written.
    #[track_caller]
    pub(crate) fn refused<S: Into<OsString>>(
        &self,
        words: impl Iterator<Item = S>,
        code: &str,
    ) -> Value {
        let before = self.files();
        let (exit, answer) = self.run(words);
        let error = &answer["error"];
        assert_eq!(error["code"], code, "{answer}");
        assert!(error["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{answer}");
        let usual = if code == "usage" { 2 } else { 1 };
        assert_eq!(exit, usual, "{answer}");
        assert_eq!(self.files(), before, "{answer}");
        error.clone()
    }
}

/// Lines that are refused, each with the code of its error; nothing is written.
#[track_caller]
pub(crate) fn refuses(place: &Place, lines: &[(&str, &str)]) {
    for (line, code) in lines {
        place.refused(line.split(' '), code);
    }
}

/// The keys of an object.
pub(crate) fn keys(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Whether an object has these keys and no others.
#[track_caller]
pub(crate) fn has_keys(object: &Value, needed: &str) {
    assert_eq!(keys(object), needed.split(' ').collect(), "{object}");
}
