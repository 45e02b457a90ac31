//! Labels in Markdown: the mapping `AIGC` in the front matter, as TC260-PG-20258A says.

use super::{Continued, Format, LabelError, LabelledCopy, Members, Splice, Wanted};
use crate::record::Carrier;
use std::ops::Range;

const BYTE_ORDER_MARK: &str = "\u{feff}";
/// Lines of front matter that are looked through.
const MAX_LINES: usize = 10_000;

pub(super) fn label(bytes: &[u8], wanted: &Wanted) -> Result<LabelledCopy, LabelError> {
    let text = std::str::from_utf8(bytes).map_err(|error| LabelError::Malformed {
        format: Format::Markdown,
        at: error.valid_up_to(),
        needed: "UTF-8",
    })?;
    let matter = FrontMatter::of(text);
    let block = matter.as_ref().and_then(FrontMatter::block).transpose()?;
    let existing = block.as_ref().map(|(_, members)| members.clone());
    let label = Continued::of(existing, wanted)?;
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let written = written(&label.members, newline);
    let splice = Splice::of(bytes);
    let copy = match (block, matter) {
        (Some((range, _)), _) => splice.put(range, written),
        (None, Some(matter)) => splice.put(matter.start..matter.start, written),
        (None, None) => {
            let at = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
            splice.put(at..at, format!("---{newline}{written}---{newline}"))
        }
    };
    label.copy(copy.bytes(), Carrier::FrontMatter, None)
}

/// The mapping, each value between single quotes.
fn written(members: &Members, newline: &str) -> String {
    let mut text = format!("AIGC:{newline}");
    for (name, value) in members.named() {
        text.push_str(&format!("  {name}: '{}'{newline}", value.replace('\'', "''")));
    }
    text
}

/// The lines between the first `---` and the next `---` or `...`.
struct FrontMatter<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

impl<'a> FrontMatter<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let mark = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let first = text.get(mark..)?.split_inclusive('\n').next()?;
        if first.trim_end() != "---" || !first.ends_with('\n') {
            return None;
        }
        let start = mark + first.len();
        let mut at = start;
        for line in text.get(start..)?.split_inclusive('\n').take(MAX_LINES) {
            if matches!(line.trim_end(), "---" | "...") {
                return Some(Self { text, start, end: at });
            }
            at += line.len();
        }
        None
    }

    /// The label that stands there, and its lines.
    fn block(&self) -> Option<Result<(Range<usize>, Members), LabelError>> {
        let mut found: Vec<(Range<usize>, &str)> = Vec::new();
        let mut at = self.start;
        let mut is_in_block = false;
        for line in self.text.get(self.start..self.end)?.split_inclusive('\n') {
            let range = at..at + line.len();
            at = range.end;
            let is_indented = line.starts_with([' ', '\t']);
            if is_in_block && is_indented && !line.trim().is_empty() {
                if let Some((block, _)) = found.last_mut() {
                    block.end = range.end;
                }
                continue;
            }
            is_in_block = line
                .strip_prefix("AIGC")
                .is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with(':'));
            if is_in_block {
                found.push((range, line));
            }
        }
        let (range, first) = match &found[..] {
            [] => return None,
            [(range, first)] => (range.clone(), *first),
            several => return Some(Err(LabelError::Several { found: several.len() })),
        };
        Some(self.members(&range, first).map(|members| (range, members)))
    }

    fn members(&self, range: &Range<usize>, first: &str) -> Result<Members, LabelError> {
        let odd = |reason: String| LabelError::Unreadable { reason };
        let inline = first.split_once(':').map_or("", |(_, rest)| rest.trim());
        let rest = self.text.get(range.start + first.len()..range.end).unwrap_or_default();
        if !inline.is_empty() {
            if !rest.trim().is_empty() {
                return Err(odd("it has a value and lines below".to_owned()));
            }
            // An object of JSON is a mapping of YAML.
            return Members::read(inline).map(|(members, _)| members);
        }
        let mut object = serde_json::Map::new();
        for line in rest.lines() {
            let pair = line.trim().split_once(':');
            let (name, value) = pair.ok_or_else(|| odd(format!("`{}`", line.trim())))?;
            let value = scalar(value.trim()).ok_or_else(|| odd(format!("`{}`", value.trim())))?;
            if object.insert(name.to_owned(), value.into()).is_some() {
                return Err(odd(format!("`{name}` stands twice")));
            }
        }
        let members: Members =
            serde_json::from_value(object.into()).map_err(|error| odd(error.to_string()))?;
        members.checked()
    }
}

/// A text as YAML writes it in one line; none where it is something else, or not surely a text.
fn scalar(written: &str) -> Option<String> {
    if let Some(inner) = written.strip_prefix('\'') {
        let inner = inner.strip_suffix('\'')?;
        let text = inner.replace("''", "\u{0}");
        return (!text.contains('\'')).then(|| text.replace('\u{0}', "'"));
    }
    if written.starts_with('"') {
        // What JSON reads, YAML reads in the same way.
        return serde_json::from_str(written).ok();
    }
    let begins_otherwise =
        written.starts_with(['[', '{', '&', '*', '!', '|', '>', '%', '@', '`', '#', ',', '?', '-']);
    let is_plain = !begins_otherwise && !written.contains(": ") && !written.contains(" #");
    (is_plain && !written.ends_with(':')).then(|| written.to_owned())
}
