//! The front matter of a Markdown file: the label under the key `AIGC`, as members of their own lines
//! or as one object. Reads no other YAML.

use super::aigc_label;
use super::found::{Carrier, Found, FoundText};
use std::io::{Read, Result};

/// How much of a file is looked at.
const MAX_BYTES: u64 = 64 * 1024;

/// Reads the front matter of a text that begins with `---`.
pub(super) fn read(source: &mut impl Read, found: &mut Found) -> Result<()> {
    let mut bytes = Vec::new();
    source.take(MAX_BYTES).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{feff}');
    let mut lines =
        text.lines().skip(1).take_while(|line| !matches!(line.trim_end(), "---" | "..."));
    let Some(first) = lines.find(|line| key(line) == Some(aigc_label::KEY)) else {
        return Ok(());
    };
    let same = first.split_once(':').map_or("", |(_, value)| value.trim());
    let inner: Vec<&str> = lines
        .take_while(|line| line.trim().is_empty() || line.starts_with([' ', '\t']))
        .filter(|line| !line.trim().is_empty())
        .collect();
    let label = if same.is_empty() { object(&inner) } else { unquoted(same) };
    if let Some(label) = label {
        let whole = std::iter::once(first).chain(inner.iter().copied()).collect::<Vec<_>>();
        let bytes = whole.join("\n").into_bytes();
        let (carrier, key) = (Carrier::FrontMatter, aigc_label::KEY.to_owned());
        let place = "front matter".to_owned();
        found.add(FoundText { carrier, key, place, text: label, bytes });
    }
    Ok(())
}

/// The key of a line that is not indented.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(':')?;
    (!line.starts_with([' ', '\t'])).then(|| key.trim().trim_matches(['"', '\'']))
}

/// A scalar without its quotation marks.
fn unquoted(value: &str) -> Option<String> {
    let value = value.trim();
    if value.starts_with('"') {
        return serde_json::from_str(value).ok();
    }
    if let Some(inner) = value.strip_prefix('\'') {
        return inner.strip_suffix('\'').map(|inner| inner.replace("''", "'"));
    }
    Some(value.to_owned())
}

/// The lines of a mapping as one object.
fn object(lines: &[&str]) -> Option<String> {
    let mut members = serde_json::Map::new();
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let name = unquoted(name)?;
        members.insert(name, unquoted(value)?.into());
    }
    (!members.is_empty()).then(|| serde_json::Value::Object(members).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str) -> Option<String> {
        let mut found = Found::default();
        read(&mut text.as_bytes(), &mut found).unwrap();
        found.texts.pop().map(|found| found.text)
    }

    #[test]
    fn the_label_stands_in_lines_or_as_one_object() {
        let lines =
            "---\ntitle: a\nAIGC:\n  Label: \"1\"\n  ProduceID: 'it''s'\nother: 1\n---\ntext";
        assert_eq!(label(lines).unwrap(), r#"{"Label":"1","ProduceID":"it's"}"#);
        let object = "---\r\nAIGC: '{\"Label\":\"1\"}'\r\n---\r\n";
        assert_eq!(label(object).unwrap(), r#"{"Label":"1"}"#);
        assert_eq!(label("---\nAIGC: {\"Label\": \"2\"}\n---\n").unwrap(), r#"{"Label": "2"}"#);
        assert_eq!(label("---\ntitle: a\n---\nAIGC:\n  Label: 1\n"), None, "below the matter");
        assert_eq!(label("---\nx:\n  AIGC: {}\n---\n"), None, "within something else");
    }
}
