//! Chromium opens the page of a case with the network off: it asks for nothing and says nothing.

use crate::evidence::report::{case_of, proof, shown};
use deedbook::evidence::report;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// What Chromium must not do of its own accord, as far as it can be told.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // The rest of what it asks for goes nowhere: no name and no address is found.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--enable-logging=stderr",
];
/// Chromium writes this of its own requests; a page has an origin.
const BROWSER: &str = "not an origin";

/// What a page did.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    /// The addresses that it asked for.
    requests: Vec<String>,
    /// What came up in the console.
    console: Vec<String>,
    /// What it looked like: the text of its document.
    document: String,
}

/// Whether a new network name space, without any interface, can be had.
fn can_unshare() -> bool {
    let tried = Command::new("unshare").args(["--net", "true"]).output();
    tried.is_ok_and(|output| output.status.success())
}

fn command() -> Command {
    let name = std::env::var_os("DEEDBOOK_CHROMIUM").unwrap_or_else(|| "chromium".into());
    if can_unshare() {
        let mut command = Command::new("unshare");
        command.arg("--net").arg(name);
        return command;
    }
    Command::new(name)
}

/// Opens a page, writes what it printed to `pdf`, and tells what it did.
fn open(page: &str, directory: &Path) -> Seen {
    let (file, log) = (directory.join("page.html"), directory.join("net.json"));
    std::fs::write(&file, page).unwrap();
    let mut command = command();
    command.args(FLAGS).arg("--dump-dom");
    command.arg(format!("--user-data-dir={}", directory.join("profile").display()));
    command.arg(format!("--log-net-log={}", log.display()));
    let output = command.arg(format!("file://{}", file.display())).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let log: Value = serde_json::from_slice(&std::fs::read(&log).unwrap()).unwrap();
    let events = log["events"].as_array().unwrap();
    assert!(!events.is_empty(), "nothing was logged");
    let asked =
        events.iter().map(|event| &event["params"]).filter(|it| it["initiator"].is_string());
    let asked = asked.filter(|it| it["initiator"] != BROWSER);
    Seen {
        requests: asked.map(|it| it["url"].as_str().unwrap_or_default().to_owned()).collect(),
        console: told.lines().filter(|line| line.contains(":CONSOLE")).map(str::to_owned).collect(),
        document: String::from_utf8_lossy(&output.stdout).into_owned(),
    }
}

#[test]
#[ignore = "runs a browser"]
fn long_a_browser_asks_for_nothing_and_says_nothing() {
    if !command().arg("--version").output().is_ok_and(|output| output.status.success()) {
        println!("skipped: `chromium` is neither on the PATH nor named by DEEDBOOK_CHROMIUM");
        assert!(std::env::var_os("CI").is_none(), "chromium is missing");
        return;
    }
    // What is looked for is found where it is there.
    let directory = tempfile::tempdir().unwrap();
    let chatty =
        "<!doctype html><img src=\"http://127.0.0.1:9/x.png\"><script>console.log('a')</script>";
    let seen = open(chatty, directory.path());
    assert_eq!(seen.requests, ["http://127.0.0.1:9/x.png"]);
    assert_eq!(seen.console.len(), 1, "{:?}", seen.console);

    let title = "Spring <img src=http://127.0.0.1:9/y.png onerror=alert(1)>";
    let shown = shown(title);
    let page = report(&case_of(&shown), &proof(&shown)).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let seen = open(&page, directory.path());
    assert!(seen.document.contains("Every fact, in the order of the register"), "it was shown");
    assert_eq!(Seen { document: String::new(), ..seen }, Seen::default());
}
