//! The commands that the README shows, run in the order in which it shows them.

use std::path::Path;
use std::process::Command;

/// The commands in the README's blocks of shell, with continued lines joined.
fn commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut is_shell = false;
    let mut command = String::new();
    for line in text.lines() {
        if line.starts_with("```") {
            is_shell = line == "```sh";
        } else if is_shell {
            let continued = line.strip_suffix('\\');
            command.push_str(continued.unwrap_or(line));
            if continued.is_none() {
                commands.push(std::mem::take(&mut command));
            }
        }
    }
    commands
}

/// Each ends as the README says: with exit code 1 where it says so, else done.
#[test]
fn the_commands_of_the_readme_run_as_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(root.join("examples/main-job/files")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), place.path().join(file.file_name())).unwrap();
    }
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let commands = commands(&readme);
    let ours = commands.iter().filter(|line| line.starts_with("deedbook "));
    let mut ran = 0;
    for command in ours {
        let output = Command::new("bash")
            .arg("-c")
            .arg(format!("deedbook() {{ \"$PROGRAM\" \"$@\"; }}\n{command}"))
            .env("PROGRAM", env!("CARGO_BIN_EXE_deedbook"))
            .env_remove("DEEDBOOK_LEDGER")
            .env_remove("DEEDBOOK_KEYS")
            .env_remove("DEEDBOOK_HEAD")
            .env_remove("DEEDBOOK_VAULT")
            .env_remove("DEEDBOOK_WITNESSES")
            .current_dir(place.path())
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        let needed = i32::from(command.contains("exit code 1"));
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(needed), "{command}\n{errors}");
        ran += 1;
    }
    assert!(ran > 15, "only {ran} commands were found");
}

#[test]
fn commands_are_found_in_the_text() {
    let text = "a\n```sh\nb \\\n  c\nd\n```\ne\n```toml\nf\n```\n";
    assert_eq!(commands(text), ["b   c", "d"]);
}
