//! A file as the rules see it: its code without comments and literals, its literals without code,
//! and which of its lines are test code. Reads Rust as far as that needs, and never more.

use std::ops::Range;

/// One file.
pub(crate) struct Source<'a> {
    /// From the root of the repository, with `/` between the parts.
    pub(crate) path: &'a str,
    /// As it stands.
    pub(crate) text: &'a str,
    /// Comments and the insides of literals blanked; every byte at its place.
    pub(crate) code: String,
    /// Everything but the insides of string literals blanked; every byte at its place.
    pub(crate) literals: String,
    /// Bytes under `#[cfg(test)]`.
    test_ranges: Vec<Range<usize>>,
}

/// What a byte belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Code,
    Comment,
    Literal,
}

impl<'a> Source<'a> {
    pub(crate) fn new(path: &'a str, text: &'a str) -> Self {
        let parts = if path.ends_with(".rs") {
            parts(text.as_bytes())
        } else {
            vec![Part::Code; text.len()]
        };
        let keep = |wanted| {
            let kept = text.bytes().zip(&parts).map(|(byte, part)| {
                if byte == b'\n' || (*part == wanted && byte.is_ascii()) {
                    byte as char
                } else {
                    ' '
                }
            });
            kept.collect::<String>()
        };
        let code = keep(Part::Code);
        let test_ranges = test_ranges(&code);
        Self { path, text, literals: keep(Part::Literal), code, test_ranges }
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    pub(crate) fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }

    /// The line of a byte, from 1.
    pub(crate) fn line(&self, at: usize) -> usize {
        1 + self.text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count()
    }

    /// Whether the byte stands in test code.
    pub(crate) fn is_test(&self, at: usize) -> bool {
        !self.is_in("src/")
            || self.path.ends_with("/tests.rs")
            || self.path.contains("/tests/")
            || self.test_ranges.iter().any(|range| range.contains(&at))
    }

    /// Where the word stands in the code, not as part of a longer word.
    pub(crate) fn words(&self, word: &str) -> Vec<usize> {
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let code = self.code.as_bytes();
        let bounded = |at: &usize| {
            let before = at.checked_sub(1).and_then(|before| code.get(before));
            let after = code.get(at + word.len());
            let starts = !word.as_bytes().first().is_some_and(is_word);
            let ends = !word.as_bytes().last().is_some_and(is_word);
            (starts || !before.is_some_and(is_word)) && (ends || !after.is_some_and(is_word))
        };
        let found = self.code.match_indices(word).map(|(at, _)| at);
        found.filter(bounded).collect()
    }
}

/// The byte after the bracket that closes the one at `open`; the end where none does.
pub(crate) fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return at + 1;
        }
    }
    code.len()
}

/// The first `{` or `;` from `start` on that stands in no round or square bracket.
pub(crate) fn body(code: &str, start: usize) -> Option<usize> {
    let mut at = start;
    while let Some(byte) = code.as_bytes().get(at) {
        match byte {
            b'{' | b';' => return Some(at),
            b'(' | b'[' => at = closing(code, at),
            _ => at += 1,
        }
    }
    None
}

fn test_ranges(code: &str) -> Vec<Range<usize>> {
    let attribute = "#[cfg(test)]";
    let found = code.match_indices(attribute).map(|(start, _)| {
        let end = match body(code, start + attribute.len()) {
            Some(open) if code.as_bytes()[open] == b'{' => closing(code, open),
            Some(semicolon) => semicolon + 1,
            None => code.len(),
        };
        start..end
    });
    found.collect()
}

fn parts(text: &[u8]) -> Vec<Part> {
    let mut parts = vec![Part::Code; text.len()];
    let mut at = 0;
    while at < text.len() {
        let (part, inside, end) = token(text, at);
        for place in &mut parts[inside] {
            *place = part;
        }
        at = end.max(at + 1);
    }
    parts
}

/// What starts at a byte of code: what it is, which bytes of it are to be marked, where it ends.
fn token(text: &[u8], at: usize) -> (Part, Range<usize>, usize) {
    let rest = &text[at..];
    let within_word = at > 0 && (text[at - 1].is_ascii_alphanumeric() || text[at - 1] == b'_');
    if rest.starts_with(b"//") {
        let end = find(rest, b"\n").map_or(text.len(), |length| at + length);
        return (Part::Comment, at..end, end);
    }
    if rest.starts_with(b"/*") {
        let end = at + comment_length(rest);
        return (Part::Comment, at..end, end);
    }
    if !within_word && let Some((open, close)) = raw_quotes(rest) {
        let start = at + open;
        let inside = find(&text[start..], &close).unwrap_or(text.len() - start);
        let end = (start + inside + close.len()).min(text.len());
        return (Part::Literal, start..start + inside, end);
    }
    match rest[0] {
        b'"' => {
            let length = escaped_length(&rest[1..], b'"');
            (Part::Literal, at + 1..at + 1 + length, at + length + 2)
        }
        b'\'' if is_char(rest) => {
            let length = escaped_length(&rest[1..], b'\'');
            (Part::Comment, at + 1..at + 1 + length, at + length + 2)
        }
        _ => (Part::Code, at..at + 1, at + 1),
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

/// Block comments nest.
fn comment_length(text: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        if text[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
        } else {
            at += 1;
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// How long the opening of a raw string is, and what closes it.
fn raw_quotes(text: &[u8]) -> Option<(usize, Vec<u8>)> {
    let prefix =
        [&b"br"[..], b"cr", b"r"].into_iter().find(|prefix| text.starts_with(prefix))?.len();
    let hashes = text[prefix..].iter().take_while(|byte| **byte == b'#').count();
    if text.get(prefix + hashes) != Some(&b'"') {
        return None;
    }
    let close = [&b"\""[..], &vec![b'#'; hashes]].concat();
    Some((prefix + hashes + 1, close))
}

/// The bytes before the quote that closes a literal.
fn escaped_length(text: &[u8], quote: u8) -> usize {
    let mut at = 0;
    while at < text.len() && text[at] != quote {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    at.min(text.len())
}

/// A character, not a lifetime: `'a'`, `'\n'`, `'字'`.
fn is_char(text: &[u8]) -> bool {
    match text.get(1) {
        Some(b'\\') => true,
        Some(first) if first.is_ascii() => text.get(2) == Some(&b'\''),
        Some(_) => true,
        None => false,
    }
}
