//! Which folder of the library may import which. Arrows run downward only.

use crate::finding::Finding;
use crate::source::{Source, closing};

/// The layers, from the top. A folder imports from itself and from the rows below its own.
const LAYERS: &[&[&str]] = &[
    &["cli"],
    &["ledger"],
    &["store", "vault", "keys", "intake", "witness", "evidence"],
    &["narration"],
    &["admission"],
    &["title", "royalty", "terms", "journal", "label"],
    &["record"],
    &["money", "tlog", "file", "timestamp"],
    &["cbor"],
];

fn row(folder: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&folder))
}

/// Imports that run upward or sideways; folders that are in no layer.
pub(crate) fn check(source: &Source<'_>) -> Vec<Finding> {
    let Some((folder, _)) = source.path.strip_prefix("src/").and_then(|path| path.split_once('/'))
    else {
        return Vec::new();
    };
    if !source.is_rust() {
        return Vec::new();
    }
    let Some(own) = row(folder) else {
        let advice = format!("give the folder `{folder}` its place in tests/tidy/layer.rs");
        return vec![Finding::new(source, 0, &advice)];
    };
    let refused = |(at, imported): (usize, String)| {
        let found = row(&imported);
        if imported == folder || found.is_some_and(|found| found > own) {
            return None;
        }
        let below = LAYERS[own + 1..].concat();
        let allowed =
            if below.is_empty() { "nothing of ours".to_owned() } else { below.join(", ") };
        let advice = format!(
            "`{folder}` may not import `{imported}`: it may import {allowed}; pass the value in, \
             or move what is shared down"
        );
        Some(Finding::new(source, at, &advice))
    };
    imports(source).into_iter().filter_map(refused).collect()
}

/// Each folder that the code names, and where.
fn imports(source: &Source<'_>) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in source.words("crate::") {
        found.extend(named(source, at, at + "crate::".len()));
    }
    for at in source.words("super::") {
        let before = &source.code[..at];
        if before.ends_with("super::") {
            continue;
        }
        let supers =
            source.code.as_bytes()[at..].chunks(7).take_while(|chunk| *chunk == b"super::").count();
        if supers == depth(source, at) {
            found.extend(named(source, at, at + supers * 7));
        }
    }
    found
}

/// How many modules the code at this byte stands in.
fn depth(source: &Source<'_>, at: usize) -> usize {
    let file = source.path.trim_start_matches("src/");
    let folders = file.matches('/').count();
    let named = usize::from(!file.ends_with("/mod.rs"));
    let opened = source.words("mod").into_iter().filter(|start| {
        let open = source.code[*start..].find(['{', ';']).map(|open| start + open);
        open.is_some_and(|open| {
            let is_inline = source.code.as_bytes()[open] == b'{';
            is_inline && open < at && at < closing(&source.code, open)
        })
    });
    folders + named + opened.count()
}

/// The names that stand after `crate::`: one, or those of a list.
fn named(source: &Source<'_>, at: usize, start: usize) -> Vec<(usize, String)> {
    let code = &source.code;
    let name = |text: &str| {
        let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        text[..end.unwrap_or(text.len())].to_owned()
    };
    if code.as_bytes().get(start) != Some(&b'{') {
        return vec![(at, name(&code[start..]))];
    }
    let end = closing(code, start);
    let (mut depth, mut names) = (0_usize, Vec::new());
    for (offset, byte) in code[start..end].bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 1 && matches!(byte, b'{' | b',') {
            let place = start + offset + 1;
            let item = code[place..end].trim_start();
            let leading = code[place..end].len() - item.len();
            names.push((place + leading, name(item)));
        }
    }
    names.retain(|(_, name)| !name.is_empty() && name != "self");
    names
}
