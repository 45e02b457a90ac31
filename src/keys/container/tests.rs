//! The keys here were made by `ssh-keygen` for these tests and sign nothing else.

use super::*;
use crate::keys::{KeyError, KeyFile};
use crate::record::Signer;

/// A P-256 key whose secret has 31 bytes.
const SHORT: &str = "\
-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAaAAAABNlY2RzYS
1zaGEyLW5pc3RwMjU2AAAACG5pc3RwMjU2AAAAQQQsYilll2xEOOUSTyo0wtSDNIgDjxCX
rSj2GuI2f0AnoU7uOmJ2CUhdbD6BlZndlGIX9yEWSXILDQzhdic40q7mAAAAoPKq8SDyqv
EgAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBCxiKWWXbEQ45RJP
KjTC1IM0iAOPEJetKPYa4jZ/QCehTu46YnYJSF1sPoGVmd2UYhf3IRZJcgsNDOF2JzjSru
YAAAAfVF8G5JYgxpfUm3qG8RnycREbCITRr3/HVuE3U1/2UgAAAAVzaG9ydAECAwQ=
-----END OPENSSH PRIVATE KEY-----
";

/// The same key with a passphrase, `rain`.
const SHORT_ENCRYPTED: &str = "\
-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABCL/pnSnA
q7gTl7mrDhb49EAAAAAwAAAAEAAABoAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlz
dHAyNTYAAABBBCxiKWWXbEQ45RJPKjTC1IM0iAOPEJetKPYa4jZ/QCehTu46YnYJSF1sPo
GVmd2UYhf3IRZJcgsNDOF2JzjSruYAAACgMF8YBTmGwb8DN/YLODk8MJ1sRTZgHP7bajHj
VdVYOTaNf07bhB2OnGnZoFvr7MPyELkNnZyYuHPuN1qYBMcOhs5A4z5Xcwo9QY595Ikdc8
ynKd9Hs+ageDpqQV/5HVRRTdSBgeQYE7tcZVVPSmHU3ug9ldN/dXYBs0n2erAxWvLAHuU/
4QQCuEqbrQSkXf59iGvxq3MIELvl3hfsJ5mD8g==
-----END OPENSSH PRIVATE KEY-----
";

const SHORT_PUBLIC: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbm\
    lzdHAyNTYAAABBBCxiKWWXbEQ45RJPKjTC1IM0iAOPEJetKPYa4jZ/QCehTu46YnYJSF1sPoGVmd2UYhf3IRZJcgsNDOF2JzjSruY= short";

#[test]
fn short_secrets_are_read() {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in [("plain", SHORT), ("encrypted", SHORT_ENCRYPTED)] {
        assert!(
            PrivateKey::from_openssh(text).and_then(|key| key.decrypt("rain")).is_err(),
            "the library reads short secrets by now, and this file can go"
        );
        let path = directory.path().join(name);
        crate::keys::private_file::write_new(&path, 0o600, text.as_bytes()).unwrap();
        let key = KeyFile::read(&path, &mut |_| Ok(Zeroizing::new("rain".to_owned()))).unwrap();
        assert_eq!(key.public_key().to_openssh(key.comment()).unwrap(), SHORT_PUBLIC);
        let signature = key.sign(b"message").unwrap();
        assert_eq!(key.public_key().verify(b"message", &signature), Ok(()));
        let rewritten = directory.path().join(format!("{name}-rewritten"));
        key.write_new(&rewritten, None).unwrap();
    }
    let path = directory.path().join("encrypted");
    let refused = KeyFile::read(&path, &mut |_| Ok(Zeroizing::new("snow".to_owned()))).err();
    assert_eq!(refused, Some(KeyError::WrongPassphrase { path }));
}

/// Whatever is done to the file, it is refused or gives the same key.
#[test]
fn a_changed_file_gives_no_other_key() {
    let body: String = SHORT.lines().filter(|line| !line.starts_with('-')).collect();
    let bytes = STANDARD.decode(body).unwrap();
    let text_of = |bytes: &[u8]| format!("{BEGIN}\n{}\n{END}\n", STANDARD.encode(bytes));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key");
    let mut ask = |_: &_| Err(KeyError::Encoding);
    crate::keys::private_file::write_new(&path, 0o600, SHORT.as_bytes()).unwrap();
    let original = KeyFile::read(&path, &mut ask).unwrap().public_key();
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&path, text_of(&changed)).unwrap();
        if let Ok(key) = KeyFile::read(&path, &mut ask) {
            assert_eq!(key.public_key(), original, "bit {bit}");
        }
    }
    for length in 0..bytes.len() {
        std::fs::write(&path, text_of(&bytes[..length])).unwrap();
        assert!(KeyFile::read(&path, &mut ask).is_err(), "cut to {length}");
    }
}

#[test]
fn names_of_algorithms_are_read_from_the_public_section() {
    let container = Container::parse(SHORT_ENCRYPTED.as_bytes()).unwrap();
    assert_eq!(container.algorithm_name().as_deref(), Some("ecdsa-sha2-nistp256"));
    assert!(container.key_with_short_secret().is_none());
    for other in ["", BEGIN, "-----BEGIN RSA PRIVATE KEY-----", SHORT_PUBLIC] {
        assert!(Container::parse(other.as_bytes()).is_none(), "{other}");
    }
}
