//! The style of this repository, as tests: who may import whom, what stands where, how long things
//! are. Each finding names the place and the way out. Never changes a file.

#[path = "tidy/bad.rs"]
mod bad;
#[path = "tidy/finding.rs"]
mod finding;
#[path = "tidy/layer.rs"]
mod layer;
#[path = "tidy/rule.rs"]
mod rule;
#[path = "tidy/source.rs"]
mod source;

use finding::Finding;
use source::Source;
use std::path::Path;

/// What every rule finds in a file.
fn findings(path: &str, text: &str) -> Vec<Finding> {
    let source = Source::new(path, text);
    let rules = rule::RULES.iter().chain(&[layer::check as rule::Rule]);
    rules.flat_map(|rule| rule(&source)).collect()
}

/// Whether a file or folder of this name belongs to the repository.
fn is_ours(name: &str) -> bool {
    let is_built = name == "target" || name == "proptest-regressions";
    let is_ledger = name.contains(".db") || name.ends_with(".snap.new");
    !is_built && !is_ledger && name != ".git"
}

fn walk(root: &Path, folder: &str, visit: &mut impl FnMut(&str, &str)) {
    let mut names: Vec<_> = std::fs::read_dir(root.join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| is_ours(name))
        .collect();
    names.sort();
    for name in names {
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        let full = root.join(&path);
        if full.is_dir() {
            walk(root, &path, visit);
        } else if let Ok(text) = String::from_utf8(std::fs::read(&full).unwrap()) {
            visit(&path, &text);
        }
    }
}

#[test]
fn the_repository_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut found, mut files) = (Vec::new(), 0);
    walk(root, "", &mut |path, text| {
        files += 1;
        found.extend(findings(path, text));
    });
    assert!(files > 100, "only {files} files were looked at");
    found.sort();
    let list: Vec<_> = found.iter().map(Finding::to_string).collect();
    assert!(list.is_empty(), "{} findings:\n{}", list.len(), list.join("\n"));
}
