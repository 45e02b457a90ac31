//! Texts, moments and numbers as the page shows them.

use crate::evidence::Case;
use crate::narration::{day_or_moment, push_visible, visible};
use crate::record::{EntryNumber, Timestamp};
use maud::{Markup, html};
use std::fmt::Display;

/// One line of a stranger's text, with nothing unseen in it.
pub(super) fn shown(text: &str) -> Markup {
    html! { bdi { (visible(text)) } }
}

/// A stranger's text with its lines; bytes that are not UTF-8 are shown as replaced.
pub(super) fn page(bytes: &[u8]) -> Markup {
    let mut text = String::with_capacity(bytes.len());
    for character in String::from_utf8_lossy(bytes).chars() {
        match character {
            '\n' | '\t' => text.push(character),
            other => push_visible(&mut text, other),
        }
    }
    html! { pre dir="ltr" { (text) } }
}

/// A moment.
pub(super) fn when(moment: Timestamp) -> Markup {
    spelled(moment, &day_or_moment(moment))
}

/// A moment, to the second even where it is the first of a day: a moment of registration.
pub(super) fn exactly(moment: Timestamp) -> Markup {
    let text = moment.to_string().replace('T', " ");
    spelled(moment, text.split('.').next().unwrap_or_default())
}

/// Day and time are each kept on one line.
fn spelled(moment: Timestamp, text: &str) -> Markup {
    let (day, time) = text.split_once(' ').unwrap_or((text, ""));
    html! {
        time datetime=(moment) {
            span { (day) }
            @if !time.is_empty() { " " span { (time) } }
        }
    }
}

/// A digest, an identifier or a thumbprint.
pub(super) fn hexadecimal(value: &impl Display) -> Markup {
    html! { code { (value) } }
}

/// The number of an entry, leading to it.
pub(super) fn entry_link(case: &Case, entry: EntryNumber) -> Markup {
    html! {
        @if case.statement(entry).is_ok() {
            a href={ "#entry-" (entry.get()) } { (entry) }
        } @else {
            (entry)
        }
    }
}

/// A sentence of ours, in which the numbers of entries that are here lead to them. What strangers
/// wrote in it is shown as [`shown`] shows it.
pub(super) fn linked(case: &Case, sentence: &str) -> Markup {
    html! {
        @for piece in pieces(sentence) {
            @match piece {
                Piece::Text(text) => { (visible(text)) }
                Piece::Entry(entry) => { (entry_link(case, entry)) }
            }
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Entry(EntryNumber),
}

/// A sentence cut at the numbers of entries.
fn pieces(sentence: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), sentence);
    let mut searched = 0;
    while let Some(found) = rest.get(searched..).and_then(|tail| tail.find('#')) {
        let start = searched + found;
        let after = rest.get(start + 1..).unwrap_or_default();
        let digits = after.len() - after.trim_start_matches(|it: char| it.is_ascii_digit()).len();
        let (end, number) = (start + 1 + digits, after.get(..digits).unwrap_or_default());
        match number.parse().ok().filter(|_| number == "0" || !number.starts_with('0')) {
            Some(number) => {
                pieces.push(Piece::Text(rest.get(..start).unwrap_or_default()));
                pieces.push(Piece::Entry(EntryNumber::new(number)));
                rest = rest.get(end..).unwrap_or_default();
                searched = 0;
            }
            None => searched = end,
        }
    }
    pieces.push(Piece::Text(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_entries_are_found() {
        let entry = |number| Piece::Entry(EntryNumber::new(number));
        assert_eq!(
            pieces("paid (#12): #0, # and #007, é#3"),
            [
                Piece::Text("paid ("),
                entry(12),
                Piece::Text("): "),
                entry(0),
                Piece::Text(", # and #007, é"),
                entry(3),
                Piece::Text(""),
            ]
        );
        let large = "#99999999999999999999";
        assert_eq!(pieces(large), [Piece::Text(large)]);
        assert_eq!(pieces(""), [Piece::Text("")]);
    }

    #[test]
    fn what_strangers_write_is_escaped() {
        let text = shown("<script>alert(1)</script>\u{202e}\u{7}").into_string();
        assert_eq!(text, "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;\\u{202e}\\u{7}</bdi>");
        let lines = page("a\n<b>\r\u{2066}".as_bytes()).into_string();
        assert_eq!(lines, "<pre dir=\"ltr\">a\n&lt;b&gt;\\r\\u{2066}</pre>");
    }
}
