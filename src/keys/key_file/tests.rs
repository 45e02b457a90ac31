use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::*;

const PASSPHRASE: &str = "clouds over the 河";

fn never(path: &Path) -> Result<Zeroizing<String>, KeyError> {
    panic!("asked for a passphrase of {}", path.display())
}

fn right(_: &Path) -> Result<Zeroizing<String>, KeyError> {
    Ok(Zeroizing::new(PASSPHRASE.to_owned()))
}

fn wrong(_: &Path) -> Result<Zeroizing<String>, KeyError> {
    Ok(Zeroizing::new("rain".to_owned()))
}

fn mode_of(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn key_in(directory: &TempDir, passphrase: Option<&str>) -> (PathBuf, KeyFile) {
    let path = directory.path().join("wen");
    let key = KeyFile::generate("wen at the register").unwrap();
    key.write_new(&path, passphrase).unwrap();
    (path, key)
}

fn assert_signs(key: &KeyFile) {
    let signature = key.sign(b"a statement").unwrap();
    assert_eq!(key.public_key().verify(b"a statement", &signature), Ok(()));
}

/// Runs `ssh-keygen`; `None`, and a word about it, where there is none.
fn ssh_keygen(arguments: &[&str]) -> Option<(bool, String)> {
    let run = Command::new("ssh-keygen")
        .args(arguments)
        .env("SSH_ASKPASS_REQUIRE", "never")
        .stdin(Stdio::null())
        .output();
    match run {
        Ok(output) => Some((output.status.success(), String::from_utf8(output.stdout).unwrap())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("skipped: there is no ssh-keygen on this machine");
            None
        }
        Err(error) => panic!("ssh-keygen does not start: {error}"),
    }
}

/// Has `ssh-keygen` make a key; false where there is none.
fn made_by_openssh(path: &Path, arguments: &[&str], passphrase: &str) -> bool {
    let path = path.to_str().unwrap();
    let fixed = ["-q", "-C", "by openssh", "-N", passphrase, "-f", path];
    let made = ssh_keygen(&[&fixed, arguments].concat());
    if let Some((success, _)) = &made {
        assert!(success, "ssh-keygen {arguments:?} failed");
    }
    made.is_some()
}

#[test]
fn written_keys_are_read_back() {
    for passphrase in [None, Some(PASSPHRASE)] {
        let directory = tempfile::tempdir().unwrap();
        let (path, key) = key_in(&directory, passphrase);
        let mut asked = 0;
        let read = KeyFile::read(&path, &mut |asked_for| {
            asked += 1;
            assert_eq!(asked_for, path);
            right(asked_for)
        })
        .unwrap();
        assert_eq!(asked, u32::from(passphrase.is_some()));
        assert_eq!(read.public_key(), key.public_key());
        assert_eq!(read.comment(), "wen at the register");
        assert_signs(&read);
        assert_eq!(mode_of(&path), 0o600);
        let public_line = fs::read_to_string(public_path_of(&path)).unwrap();
        assert_eq!(PublicKey::from_openssh(&public_line), Ok(key.public_key()));
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----\n") && text.ends_with("-\n"));
    }
}

#[test]
fn each_key_is_another() {
    let first = KeyFile::generate("").unwrap().public_key();
    assert_ne!(first, KeyFile::generate("").unwrap().public_key());
}

#[test]
fn nothing_shows_the_secret() {
    let key = KeyFile::generate("wen").unwrap();
    let Secret::Ed25519(secret) = &key.secret else { panic!("another algorithm") };
    let hidden = crate::record::hex::encode(secret.as_bytes());
    let shown = format!("{key:?}");
    assert!(!shown.contains(&hidden) && shown.contains("EdDSA"), "{shown}");
}

#[test]
fn any_right_of_group_or_others_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let (path, _) = key_in(&directory, None);
    for bit in 0..6 {
        let found = 0o600 | 1 << bit;
        fs::set_permissions(&path, Permissions::from_mode(found)).unwrap();
        assert_eq!(
            KeyFile::read(&path, &mut never).err(),
            Some(KeyError::LoosePermissions { path: path.clone(), found, needed: 0o600 })
        );
    }
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    let error = KeyFile::read(&path, &mut never).unwrap_err();
    assert!(error.to_string().ends_with("are 0644, must be 0600"), "{error}");
    assert_eq!(error.hint(), Some(format!("chmod 0600 '{}'", path.display())));
    fs::set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
    assert!(KeyFile::read(&path, &mut never).is_ok(), "stricter is good");
}

#[test]
fn a_key_of_another_user_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let (path, _) = key_in(&directory, None);
    if std::os::unix::fs::chown(&path, Some(4321), None).is_err() {
        println!("skipped: only the superuser can give a file away");
        return;
    }
    let needed = rustix::process::geteuid().as_raw();
    assert_eq!(
        KeyFile::read(&path, &mut never).err(),
        Some(KeyError::NotOurs { path, found: 4321, needed })
    );
}

#[test]
fn what_is_no_key_file_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("missing");
    let refused = |path: &Path| KeyFile::read(path, &mut never).err();
    assert_eq!(refused(&path), Some(KeyError::Missing { path: path.clone() }));
    let path = directory.path().join("directory");
    fs::create_dir(&path).unwrap();
    assert_eq!(refused(&path), Some(KeyError::NotAFile { path: path.clone() }));
    let path = directory.path().join("pipe");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    assert_eq!(refused(&path), Some(KeyError::NotAFile { path: path.clone() }));
    let path = directory.path().join("large");
    private_file::write_new(&path, 0o600, &[b'x'; 65_537]).unwrap();
    let (found, limit) = (65_537, 65_536);
    assert_eq!(refused(&path), Some(KeyError::TooLarge { path: path.clone(), found, limit }));
    for (name, text) in [("empty", ""), ("text", "not a key"), ("binary", "\0\u{1}\u{ff}")] {
        let path = directory.path().join(name);
        private_file::write_new(&path, 0o600, text.as_bytes()).unwrap();
        assert_eq!(refused(&path), Some(KeyError::NotAKey { path: path.clone() }));
    }
}

#[test]
fn a_key_cut_anywhere_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let (path, _) = key_in(&directory, None);
    let text = fs::read(&path).unwrap();
    let cut_path = directory.path().join("cut");
    // The last byte is only the line end.
    for length in 0..text.len() - 1 {
        fs::write(&cut_path, &text[..length]).unwrap();
        fs::set_permissions(&cut_path, Permissions::from_mode(0o600)).unwrap();
        let path = cut_path.clone();
        let refused = KeyFile::read(&cut_path, &mut never).err();
        assert_eq!(refused, Some(KeyError::NotAKey { path }), "cut to {length}");
    }
}

#[test]
fn a_private_half_that_makes_another_public_half_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mixed");
    let pair = |seed| EcdsaKeypair::NistP256 {
        public: p256::SecretKey::from_slice(&[seed; 32]).unwrap().public_key().into(),
        private: p256::SecretKey::from_slice(&[7; 32]).unwrap().into(),
    };
    for (seed, good) in [(7, true), (8, false)] {
        let stored = PrivateKey::new(KeypairData::Ecdsa(pair(seed)), "").unwrap();
        let text = stored.to_openssh(LineEnding::LF).unwrap();
        let _earlier = fs::remove_file(&path);
        private_file::write_new(&path, 0o600, text.as_bytes()).unwrap();
        match KeyFile::read(&path, &mut never) {
            Ok(key) => {
                assert!(good);
                assert_signs(&key);
            }
            Err(error) => {
                assert!(!good);
                assert_eq!(error, KeyError::NotAKey { path: path.clone() });
            }
        }
    }
}

#[test]
fn passphrases_are_tried_and_refusals_handed_on() {
    let directory = tempfile::tempdir().unwrap();
    let (path, _) = key_in(&directory, Some(PASSPHRASE));
    assert_eq!(
        KeyFile::read(&path, &mut wrong).err(),
        Some(KeyError::WrongPassphrase { path: path.clone() })
    );
    let needed = KeyError::PassphraseNeeded { path: path.clone() };
    let refused = KeyFile::read(&path, &mut |_| Err(needed.clone())).err();
    assert_eq!(refused, Some(needed));
    let other = directory.path().join("other");
    let key = KeyFile::generate("").unwrap();
    assert_eq!(key.write_new(&other, Some("")), Err(KeyError::EmptyPassphrase));
    assert!(!other.exists());
}

#[test]
fn too_many_rounds_are_refused_before_anybody_is_asked() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("slow");
    let key = KeyFile::generate("").unwrap();
    let salt = vec![1; 16];
    let cheap = Kdf::Bcrypt { salt: salt.clone(), rounds: 1 };
    let encrypted = key.stored.encrypt_with(Cipher::Aes256Ctr, cheap, 5, "p").unwrap();
    let mut bytes = encrypted.to_bytes().unwrap().to_vec();
    let options = [16_u32.to_be_bytes().as_slice(), &salt, &1_u32.to_be_bytes()].concat();
    let at = bytes.windows(options.len()).position(|window| window == options).unwrap();
    bytes[at + 20..at + 24].copy_from_slice(&(MAX_KDF_ROUNDS + 1).to_be_bytes());
    let text = PrivateKey::from_bytes(&bytes).unwrap().to_openssh(LineEnding::LF).unwrap();
    private_file::write_new(&path, 0o600, text.as_bytes()).unwrap();
    let (found, limit) = (MAX_KDF_ROUNDS + 1, MAX_KDF_ROUNDS);
    assert_eq!(
        KeyFile::read(&path, &mut never).err(),
        Some(KeyError::TooManyRounds { path, found, limit })
    );
}

#[test]
fn nothing_is_overwritten_and_no_half_is_left() {
    let directory = tempfile::tempdir().unwrap();
    let (path, _) = key_in(&directory, None);
    let before = fs::read(&path).unwrap();
    let other = KeyFile::generate("other").unwrap();
    assert_eq!(other.write_new(&path, None), Err(KeyError::AlreadyExists { path: path.clone() }));
    assert_eq!(fs::read(&path).unwrap(), before);
    let half = directory.path().join("half");
    let in_the_way = public_path_of(&half);
    fs::write(&in_the_way, "in the way").unwrap();
    assert_eq!(
        other.write_new(&half, None),
        Err(KeyError::AlreadyExists { path: in_the_way.clone() })
    );
    assert!(!half.exists());
    assert_eq!(fs::read_to_string(in_the_way).unwrap(), "in the way");
    let nowhere = directory.path().join("none/key");
    assert_eq!(other.write_new(&nowhere, None), Err(KeyError::Missing { path: nowhere.clone() }));
}

#[test]
fn comments_stay_within_their_line() {
    for comment in ["two\nlines".to_owned(), "x".repeat(MAX_COMMENT_SIZE_BYTES + 1)] {
        let limit = MAX_COMMENT_SIZE_BYTES;
        let refused = KeyFile::generate(&comment).err();
        assert_eq!(refused, Some(KeyError::Comment { found: comment, limit }));
    }
}

#[test]
fn keys_made_by_openssh_are_read() {
    let directory = tempfile::tempdir().unwrap();
    let kinds: [&[&str]; 6] = [
        &["-t", "ed25519"],
        &["-t", "ecdsa", "-b", "256"],
        &["-t", "ed25519", "-a", "3", "-Z", "aes256-gcm@openssh.com"],
        &["-t", "ed25519", "-a", "3", "-Z", "aes256-cbc"],
        &["-t", "ed25519", "-a", "3", "-Z", "chacha20-poly1305@openssh.com"],
        &["-t", "ecdsa", "-b", "256", "-a", "3", "-Z", "aes128-ctr"],
    ];
    for (number, arguments) in kinds.into_iter().enumerate() {
        for passphrase in ["", PASSPHRASE] {
            let path = directory.path().join(format!("key-{number}-{}", passphrase.len()));
            if !made_by_openssh(&path, arguments, passphrase) {
                return;
            }
            let key = if passphrase.is_empty() {
                KeyFile::read(&path, &mut never)
            } else {
                assert_eq!(
                    KeyFile::read(&path, &mut wrong).err(),
                    Some(KeyError::WrongPassphrase { path: path.clone() }),
                    "{arguments:?}"
                );
                KeyFile::read(&path, &mut right)
            }
            .unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
            assert_eq!(key.comment(), "by openssh");
            assert_signs(&key);
            let line = fs::read_to_string(public_path_of(&path)).unwrap();
            assert_eq!(PublicKey::from_openssh(&line), Ok(key.public_key()));
            assert_eq!(key.public_key().to_openssh("by openssh").unwrap(), line.trim_end());
        }
    }
}

#[test]
fn keys_of_other_algorithms_made_by_openssh_are_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let kinds: [(&[&str], &str); 3] = [
        (&["-t", "rsa", "-b", "1024"], "ssh-rsa"),
        (&["-t", "ecdsa", "-b", "384"], "ecdsa-sha2-nistp384"),
        (&["-t", "ecdsa", "-b", "521"], "ecdsa-sha2-nistp521"),
    ];
    for (arguments, name) in kinds {
        for passphrase in ["", PASSPHRASE] {
            let path = directory.path().join(format!("{name}-{}", passphrase.len()));
            if !made_by_openssh(&path, arguments, passphrase) {
                return;
            }
            let found = name.to_owned();
            assert_eq!(
                KeyFile::read(&path, &mut never).err(),
                Some(KeyError::UnsupportedAlgorithm { path: path.clone(), found: found.clone() })
            );
            let line = fs::read_to_string(public_path_of(&path)).unwrap();
            let refused = PublicKey::from_openssh(&line);
            assert_eq!(refused, Err(PublicKeyError::UnsupportedAlgorithm { found }));
        }
    }
}

#[test]
fn openssh_reads_our_keys() {
    for passphrase in [None, Some(PASSPHRASE)] {
        let directory = tempfile::tempdir().unwrap();
        let (path, key) = key_in(&directory, passphrase);
        let given = passphrase.unwrap_or("");
        let arguments = ["-y", "-P", given, "-f", path.to_str().unwrap()];
        let Some((success, line)) = ssh_keygen(&arguments) else {
            return;
        };
        assert!(success);
        assert_eq!(line.trim_end(), key.public_key().to_openssh(key.comment()).unwrap());
        let wrong = ["-y", "-P", "rain", "-f", path.to_str().unwrap()];
        assert_eq!(ssh_keygen(&wrong).map(|run| run.0), Some(passphrase.is_none()));
    }
}
