//! An expert without this program: the story of a dispute with its bundle, checked by Python packages
//! and OpenSSL, and refused where it was changed; and digests as `b3sum` prints them.

use super::needs_all;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn python() -> Command {
    Command::new(std::env::var_os("DEEDBOOK_SCITT_PYTHON").unwrap_or_else(|| "python3".into()))
}

/// Whether the packages are there that an expert installs; says so where they are not.
fn has_packages() -> bool {
    let probe = "import blake3, cbor2, cryptography, scitt_cose, tomllib";
    if python().args(["-c", probe]).output().is_ok_and(|output| output.status.success()) {
        return true;
    }
    println!("skipped: DEEDBOOK_SCITT_PYTHON names no `python3` with what an expert needs");
    assert!(!needs_all(), "a program is missing, see above");
    false
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the story, and keeps its bundle, policy and picture.
fn story(kept: &Path) -> String {
    let output = Command::new("bash")
        .arg(root().join("examples/dispute/run.sh"))
        .env("DEEDBOOK", env!("CARGO_BIN_EXE_deedbook"))
        .env("STORY_KEEP", kept)
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{shown}\n{}", String::from_utf8_lossy(&output.stderr));
    shown
}

/// What the expert says of a bundle, and whether it is confirmed.
fn expert(place: &Path, arguments: &[&str]) -> (bool, String) {
    let script = root().join("examples/dispute/expert.py");
    let output: Output = python().arg(script).args(arguments).current_dir(place).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(errors, "", "{told}");
    let is_confirmed = output.status.code() == Some(0);
    assert!(is_confirmed || output.status.code() == Some(3), "{output:?}");
    assert_eq!(is_confirmed, told.contains("CONFIRMED"), "{told}");
    assert_eq!(!is_confirmed, told.contains("REFUSED"), "{told}");
    (is_confirmed, told)
}

/// Entry, order, time, signature and title are confirmed by programs that are not ours, which refuse
/// every changed bundle for its own reason, also where the manifest was changed to match.
#[test]
#[ignore = "runs other programs"]
fn long_an_expert_confirms_a_bundle_without_this_program() {
    if !has_packages() {
        return;
    }
    let kept = tempfile::tempdir().unwrap();
    let shown = story(kept.path());
    assert!(shown.contains("CONFIRMED") && !shown.contains("left out: "), "{shown}");
    // Parts are stored as they are: the page names what was stamped before the head.
    let bundle = std::fs::read(kept.path().join("case.zip")).unwrap();
    assert!(String::from_utf8_lossy(&bundle).contains("the first 8<"));
    let bundles = tempfile::tempdir().unwrap();
    let made = python()
        .arg(root().join("tests/interop/expert.py"))
        .arg(kept.path().join("case.zip"))
        .arg(bundles.path())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let known = ["--policy", "policy.toml", "--file", "spring.png"];
    let mut seen = 0;
    for (name, reason) in [
        ("good", None),
        ("statement-listed", Some("another SHA-256")),
        ("statement", Some("the receipt of entry 5 fails")),
        ("signature", Some("the receipt of entry 5 fails")),
        ("receipt", Some("the receipt of entry 5 fails")),
        ("receipts", Some("the receipt of entry 5 fails")),
        ("checkpoint", Some("checkpoint and manifest differ")),
        ("head", Some("a receipt of something else")),
        ("size", Some("the register's signature of a checkpoint fails")),
        ("stamp", Some("openssl refuses timestamps/000008-00.tsr")),
        ("cosignature", Some("the cosignature of witness.example/w1 fails")),
        ("terms", Some("is not what the provider signed")),
        ("prompt", Some("opens no commitment")),
        ("index", Some("the index of the bundle")),
    ] {
        let path = bundles.path().join(format!("{name}.zip"));
        let path = path.to_str().unwrap();
        let (is_confirmed, told) = expert(kept.path(), &[&[path], &known[..]].concat());
        assert_eq!(is_confirmed, reason.is_none(), "{name}: {told}");
        assert!(told.contains(reason.unwrap_or("wen holds the title since")), "{name}: {told}");
        let ours = Command::new(env!("CARGO_BIN_EXE_deedbook"))
            .args(["verify", path])
            .args(known)
            .current_dir(kept.path())
            .output()
            .unwrap();
        assert_eq!(ours.status.success(), is_confirmed, "{name}: {ours:?}");
        seen += 1;
    }
    assert_eq!(std::fs::read_dir(bundles.path()).unwrap().count(), seen);
}

/// Who trusts nobody yet is told what is taken on trust; who trusts another register, refused.
#[test]
#[ignore = "runs other programs"]
fn long_an_expert_is_told_what_is_taken_on_trust() {
    if !has_packages() {
        return;
    }
    let kept = tempfile::tempdir().unwrap();
    story(kept.path());
    let (is_confirmed, told) = expert(kept.path(), &["case.zip"]);
    assert!(is_confirmed && told.contains("TAKEN ON TRUST"), "{told}");
    assert!(told.contains("No witness counts") && told.contains("No time stamp counts"), "{told}");
    let other = tempfile::tempdir().unwrap();
    story(other.path());
    let policy = other.path().join("policy.toml");
    let (is_confirmed, told) =
        expert(kept.path(), &["case.zip", "--policy", policy.to_str().unwrap()]);
    assert!(!is_confirmed && told.contains("none of those that the policy names"), "{told}");
    let (is_confirmed, told) = expert(kept.path(), &["case.zip", "--file", "policy.toml"]);
    assert!(!is_confirmed && told.contains("not the content of a work"), "{told}");
    let mut cut = std::fs::read(kept.path().join("case.zip")).unwrap();
    cut.truncate(cut.len() - 1);
    std::fs::write(kept.path().join("cut.zip"), &cut).unwrap();
    assert!(!expert(kept.path(), &["cut.zip"]).0);
}

/// `b3sum` prints the digest that registrations show, and that names the texts of a bundle.
#[test]
#[ignore = "runs another program"]
fn long_b3sum_prints_the_digests_that_we_print() {
    let b3sum = |path: &Path| {
        let output = Command::new("b3sum").arg("--no-names").arg(path).output().ok()?;
        assert!(output.status.success(), "{output:?}");
        Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
    };
    let kept = tempfile::tempdir().unwrap();
    let picture = root().join("examples/dispute/files/spring.png");
    let Some(digest) = b3sum(&picture) else {
        println!("skipped: `b3sum` is not on the PATH");
        assert!(!needs_all(), "b3sum is missing");
        return;
    };
    let shown = story(kept.path());
    assert!(shown.contains(&format!("digest      {digest}\n")), "{digest}\n{shown}");
    let mut terms = 0;
    let parts = unpacked(&kept.path().join("case.zip"), kept.path());
    for path in parts.into_iter().filter(|path| path.parent().unwrap().ends_with("terms")) {
        assert_eq!(b3sum(&path).as_deref(), path.file_stem().unwrap().to_str());
        terms += 1;
    }
    assert_eq!(terms, 1);
}

/// The parts of a bundle, unpacked by `unzip` into a directory.
fn unpacked(bundle: &Path, place: &Path) -> Vec<PathBuf> {
    let output = Command::new("unzip").arg("-d").arg(place.join("parts")).arg(bundle).output();
    let output = output.unwrap_or_else(|error| panic!("unzip is needed: {error}"));
    assert!(output.status.success(), "{output:?}");
    let folders = std::fs::read_dir(place.join("parts")).unwrap().map(|it| it.unwrap().path());
    folders
        .filter(|path| path.is_dir())
        .flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()))
        .collect()
}
