//! Text for people, before it is written: lines, named values, tables. Never writes anything.
//!
//! Whatever is put in may come from strangers, so that control characters and characters that turn
//! the direction of text are shown as escapes.

use super::Table;
use crate::narration::push_visible;
pub(super) use crate::narration::visible as escape;
use std::fmt::Display;
use unicode_width::UnicodeWidthStr;

/// How a piece of text stands out, on terminals that show colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// As it is.
    Plain,
    /// Headings.
    Strong,
    /// Names of values and of columns.
    Faint,
}

/// A page of text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Text {
    blocks: Vec<Block>,
}

/// One part of a page.
#[derive(Debug, PartialEq, Eq)]
enum Block {
    Line(Tone, String),
    Field(String, String),
    Table(Table),
    /// Bytes to be written as they are, unless to a terminal.
    Exact(Vec<u8>),
}

/// A run of characters in one tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// How it stands out.
    pub(super) tone: Tone,
    /// The characters, or exact bytes.
    pub(super) bytes: Vec<u8>,
}

impl Text {
    /// A line.
    pub(super) fn line(&mut self, line: impl Display) {
        self.push_line(Tone::Plain, &line);
    }

    /// A heading.
    pub(super) fn heading(&mut self, line: impl Display) {
        self.push_line(Tone::Strong, &line);
    }

    /// A remark that matters less than what it stands under.
    pub(super) fn remark(&mut self, line: impl Display) {
        self.push_line(Tone::Faint, &line);
    }

    /// An empty line.
    pub(super) fn blank(&mut self) {
        self.push_line(Tone::Plain, &"");
    }

    /// A named value; values of adjacent fields stand under each other.
    pub(super) fn field(&mut self, name: &str, value: impl Display) {
        let value = escape(&value.to_string());
        self.blocks.push(Block::Field(escape(name), value));
    }

    /// A table.
    pub(super) fn table(&mut self, table: Table) {
        self.blocks.push(Block::Table(table));
    }

    /// A whole text with its own line ends, such as that of terms or a prompt: written byte by byte
    /// to files and pipes, so that its digest stays the same, and escaped on a terminal.
    pub(super) fn exact(&mut self, bytes: &[u8]) {
        self.blocks.push(Block::Exact(bytes.to_vec()));
    }

    /// The page as spans; `terminal` says whether a person's terminal shows it.
    pub(super) fn spans(&self, terminal: bool) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut blocks = self.blocks.as_slice();
        while let Some((block, rest)) = blocks.split_first() {
            match block {
                Block::Line(tone, line) => spans.push(span(*tone, format!("{line}\n"))),
                Block::Field(..) => {
                    blocks = fields(blocks, &mut spans);
                    continue;
                }
                Block::Table(table) => table.spans(&mut spans),
                Block::Exact(bytes) if terminal => {
                    spans.push(span(Tone::Plain, escape_page(bytes)));
                }
                Block::Exact(bytes) => spans.push(Span { tone: Tone::Plain, bytes: bytes.clone() }),
            }
            blocks = rest;
        }
        spans
    }

    fn push_line(&mut self, tone: Tone, line: &dyn Display) {
        self.blocks.push(Block::Line(tone, escape(&line.to_string())));
    }
}

/// Lays out the fields at the start of the blocks and returns the blocks after them.
fn fields<'a>(blocks: &'a [Block], spans: &mut Vec<Span>) -> &'a [Block] {
    let mut group = Vec::new();
    for block in blocks {
        match block {
            Block::Field(name, value) => group.push((name, value)),
            Block::Line(..) | Block::Table(_) | Block::Exact(_) => break,
        }
    }
    let width = group.iter().map(|(name, _)| name.width()).max();
    for (name, value) in &group {
        let padding = " ".repeat(width.unwrap_or_default() - name.width() + 2);
        spans.push(span(Tone::Faint, format!("{name}{padding}")));
        spans.push(span(Tone::Plain, format!("{value}\n")));
    }
    &blocks[group.len()..]
}

/// A span of text.
pub(super) fn span(tone: Tone, text: String) -> Span {
    let bytes = text.into_bytes();
    Span { tone, bytes }
}

/// As [`escape`], with line ends and tabs kept and bytes that are not UTF-8 replaced.
fn escape_page(bytes: &[u8]) -> String {
    let mut escaped = String::with_capacity(bytes.len() + 1);
    for character in String::from_utf8_lossy(bytes).chars() {
        match character {
            '\n' | '\t' => escaped.push(character),
            other => push_visible(&mut escaped, other),
        }
    }
    if !escaped.ends_with('\n') {
        escaped.push('\n');
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Align;

    fn written(text: &Text, terminal: bool) -> String {
        let bytes = text.spans(terminal).into_iter().flat_map(|span| span.bytes);
        String::from_utf8_lossy(&bytes.collect::<Vec<_>>()).into_owned()
    }

    #[test]
    fn fields_are_aligned_by_group() {
        let mut text = Text::default();
        text.field("work", "1");
        text.field("registered", "2");
        text.line("between");
        text.field("a", "3");
        assert_eq!(written(&text, true), "work        1\nregistered  2\nbetween\na  3\n");
    }

    #[test]
    fn control_characters_and_overrides_are_shown_not_sent() {
        let mut text = Text::default();
        text.line("a\u{1b}[31mb\u{202e}c\nd 春 ا");
        assert_eq!(written(&text, false), "a\\u{1b}[31mb\\u{202e}c\\nd 春 ا\n");
    }

    #[test]
    fn exact_bytes_stay_exact_away_from_a_terminal() {
        let mut text = Text::default();
        text.exact(b"one\n\x1b[2J two");
        assert_eq!(written(&text, false), "one\n\u{1b}[2J two");
        assert_eq!(written(&text, true), "one\n\\u{1b}[2J two\n");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        let mut table = Table::new([("title", Align::Left), ("fee", Align::Right)]);
        table.row(["春风", "49.00"]);
        table.row(["spring", "5.00"]);
        let mut text = Text::default();
        text.table(table);
        assert_eq!(written(&text, false), "title     fee\n春风    49.00\nspring   5.00\n");
    }
}
