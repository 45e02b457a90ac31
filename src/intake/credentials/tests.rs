//! Files with Content Credentials, whole and hurt. What is read depends on how the program is built.

use super::*;

#[test]
fn a_claim_has_the_validation_and_what_is_said() {
    let manifest = Box::new(CredentialManifest {
        label: "urn:c2pa:7".to_owned(),
        generators: vec!["a program 1.0".to_owned(), "\u{202e}another\n".to_owned()],
        source_types: Vec::new(),
        issuer: Some("x".repeat(300)),
        common_name: Some("\u{7}".to_owned()),
        signed_at: None,
        json: "{}".to_owned(),
    });
    let failures = vec!["assertion.dataHash.mismatch".to_owned()];
    let broken = Credentials::Broken { failures, manifest: Some(manifest.clone()) };
    let fields = broken.fields();
    let field = |name: &str| fields.get(&Parameter(Name::new(name).unwrap())).map(Name::as_str);
    assert_eq!(field("validation"), Some("broken"));
    assert_eq!(field("failures"), Some("assertion.dataHash.mismatch"));
    assert_eq!(field("generator"), Some("a program 1.0, another"));
    assert_eq!(field("issuer").map(str::len), Some(200));
    assert_eq!((field("commonName"), field("signedAt")), (None, None));
    let holds = Credentials::Holds { trusted: false, manifest };
    assert_eq!(holds.state(), "valid");
    assert_eq!(holds.fields().len(), 4);
    assert!(Credentials::Absent.fields().is_empty());
}

#[cfg(not(feature = "c2pa"))]
#[test]
fn a_program_without_the_reader_says_so() {
    let told = credentials(b"\xff\xd8\xff", None);
    assert_eq!(told, Credentials::NotBuilt);
    assert!(told.to_string().contains("built without Content Credentials"));
}

#[cfg(feature = "c2pa")]
mod with_reader {
    use super::*;
    use std::path::Path;

    /// A file of the samples beside the project, where they are.
    fn sample(name: &str) -> Option<Vec<u8>> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples/c2pa").join(name);
        let bytes = std::fs::read(path).ok();
        if bytes.is_none() {
            println!("skipped: the samples are not there: {name}");
        }
        bytes
    }

    #[test]
    fn a_valid_one_is_read_and_trusted_where_an_authority_vouches() {
        let (Some(file), Some(anchors)) = (sample("C.jpg"), sample("test_cert_root_bundle.pem"))
        else {
            return;
        };
        let told = credentials(&file, None);
        assert_eq!(told.state(), "valid", "{told}");
        let manifest = told.manifest().unwrap();
        assert!(!manifest.generators.is_empty() && !manifest.label.is_empty());
        assert!(manifest.issuer.is_some() && manifest.json.contains(&manifest.label));
        let anchors = String::from_utf8(anchors).unwrap();
        let trusted = credentials(&file, Some(&anchors));
        assert_eq!(trusted.state(), "trusted", "{trusted}");
        assert_eq!(trusted.manifest(), told.manifest());
        insta::assert_debug_snapshot!(trusted.fields());
    }

    #[test]
    fn broken_and_absent_are_told_apart() {
        for (name, state) in
            [("E-sig-CA.jpg", "broken"), ("no_manifest.jpg", "absent"), ("ocsp.jpg", "valid")]
        {
            let Some(file) = sample(name) else { return };
            let told = credentials(&file, None);
            assert_eq!(told.state(), state, "{name}: {told}");
            assert_eq!(told.failures().is_empty(), state != "broken");
        }
        assert_eq!(credentials(b"a text", None).state(), "not_read");
    }

    #[test]
    #[ignore = "reads thousands of files"]
    fn long_hurt_files_end_nothing_but_their_reading() {
        for name in ["C.jpg", "E-sig-CA.jpg"] {
            let Some(file) = sample(name) else { return };
            let step = (file.len() / 150).max(1);
            for at in (0..file.len()).step_by(step) {
                let cut = credentials(&file[..at], None);
                assert_ne!(cut.state(), "trusted");
                assert_ne!(cut.state(), "valid", "cut at {at}");
            }
            // The manifest comes first; each of its bytes is worth a look.
            for at in (0..file.len().min(60_000)).step_by(199) {
                let mut changed = file.clone();
                changed[at] ^= 0x41;
                let _ = credentials(&changed, None).fields();
            }
        }
    }
}
