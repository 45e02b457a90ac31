//! A lineage as one SVG picture: no script, no style from elsewhere, no link, and the same bytes for the
//! same lineage. What strangers wrote is escaped and cut, and stands whole in the title of its box.

use crate::ledger::answer::{Derivation, Lineage, LineageWork, Relation};
use crate::narration::visible;
use crate::record::{DerivationKind, EntryNumber};
use maud::{Markup, html};
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthChar;

const BOX_WIDTH: usize = 230;
const BOX_HEIGHT: usize = 50;
/// Room for an edge and its label.
const GAP_X: usize = 130;
const GAP_Y: usize = 22;
const MARGIN: usize = 20;
/// Columns of a title that fit a box.
const TITLE_COLUMNS: usize = 28;

/// Where a box stands.
type Places = BTreeMap<EntryNumber, (usize, usize)>;

/// The picture.
pub(super) fn svg(lineage: &Lineage) -> String {
    let places = places(lineage);
    let width = places.values().map(|(x, _)| x + BOX_WIDTH).max().unwrap_or(0) + MARGIN;
    let height = places.values().map(|(_, y)| y + BOX_HEIGHT).max().unwrap_or(0) + MARGIN;
    let view = format!("0 0 {width} {height}");
    let title = visible(&format!("Lineage of \"{}\"", lineage.work.title));
    let picture = html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(width) height=(height) viewBox=(view) font-family="sans-serif" {
            title { (title) }
            rect width="100%" height="100%" fill="#ffffff" {}
            @for row in &lineage.derivations { (edge(row, &places)) }
            @for work in &lineage.works { (boxed(work, &places)) }
        }
    };
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", picture.into_string())
}

/// Each work stands one column right of what it was made from last; in a column, works stand in the
/// order of the mean place of those that they were made from, then of registration. A work comes
/// after those that it was made from, so that one pass is enough.
fn places(lineage: &Lineage) -> Places {
    let parents = |entry| lineage.derivations.iter().filter(move |row| row.entry == entry);
    let mut columns: BTreeMap<EntryNumber, usize> = BTreeMap::new();
    for work in &lineage.works {
        let entry = work.label.entry;
        let after = parents(entry).filter_map(|row| columns.get(&row.from)).max();
        let column = after.map_or(0, |column| column + 1);
        columns.insert(entry, column);
    }
    let mut places = Places::new();
    let count = columns.values().max().map_or(0, |last| last + 1);
    for column in 0..count {
        let inside = columns.iter().filter(|(_, at)| **at == column).map(|(entry, _)| *entry);
        let mut inside: Vec<(usize, EntryNumber)> = inside
            .map(|entry| {
                let above: Vec<usize> =
                    parents(entry).filter_map(|row| places.get(&row.from)).map(|at| at.1).collect();
                (above.iter().sum::<usize>().checked_div(above.len()).unwrap_or(0), entry)
            })
            .collect();
        inside.sort_unstable();
        for (row, (_, entry)) in inside.into_iter().enumerate() {
            let x = MARGIN + column * (BOX_WIDTH + GAP_X);
            places.insert(entry, (x, MARGIN + row * (BOX_HEIGHT + GAP_Y)));
        }
    }
    places
}

fn edge(row: &Derivation, places: &Places) -> Markup {
    let (Some(from), Some(to)) = (places.get(&row.from), places.get(&row.entry)) else {
        return html! {};
    };
    let (start_x, start_y) = (from.0 + BOX_WIDTH, from.1 + BOX_HEIGHT / 2);
    let (end_x, end_y) = (to.0, to.1 + BOX_HEIGHT / 2);
    let (out, back) = (start_x + GAP_X / 2, end_x.saturating_sub(GAP_X / 2));
    let path = format!("M{start_x},{start_y} C{out},{start_y} {back},{end_y} {end_x},{end_y}");
    let kind = row.kind.map_or("", DerivationKind::name);
    html! {
        path d=(path) fill="none" stroke="#777777" stroke-width="1.5" {}
        @if !kind.is_empty() {
            text x=(end_x.saturating_sub(6)) y=(end_y.saturating_sub(6)) font-size="11" fill="#444444" text-anchor="end" { (kind) }
        }
    }
}

fn boxed(work: &LineageWork, places: &Places) -> Markup {
    let Some((x, y)) = places.get(&work.label.entry).copied() else {
        return html! {};
    };
    let title = visible(work.label.title.as_str());
    let width = if work.relation == Relation::Itself { "3" } else { "1" };
    let under = format!("{} by {}", work.label.entry, work.registered_by);
    html! {
        g {
            title { (title) }
            rect x=(x) y=(y) width=(BOX_WIDTH) height=(BOX_HEIGHT) rx="6" fill="#f6f6f2" stroke="#333333" stroke-width=(width) {}
            text x=(x + 10) y=(y + 21) font-size="14" fill="#111111" { (cut(&title)) }
            text x=(x + 10) y=(y + 39) font-size="11" fill="#555555" { (visible(&under)) }
        }
    }
}

/// As much of a title as a box has room for.
fn cut(title: &str) -> String {
    let mut text = String::new();
    let mut columns = 0;
    for character in title.chars() {
        columns += character.width().unwrap_or(0);
        if columns > TITLE_COLUMNS {
            text.push('…');
            break;
        }
        text.push(character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::answer::WorkLabel;
    use crate::record::RecordId;

    fn work(number: u64, title: &str, relation: Relation) -> LineageWork {
        let entry = EntryNumber::new(number);
        let label = WorkLabel {
            work: RecordId::of(title.as_bytes()),
            entry,
            title: title.parse().unwrap(),
        };
        LineageWork { label, registered_by: "wen".to_owned(), relation }
    }

    fn made(entry: u64, from: u64, kind: Option<DerivationKind>) -> Derivation {
        let [entry, from] = [entry, from].map(EntryNumber::new);
        Derivation { entry, from, kind, licence: None }
    }

    fn sample() -> Lineage {
        let works = vec![
            work(3, "<script>alert(1)</script>", Relation::Ancestor),
            work(5, "春风送来了温柔春风送来了温柔春风送来了温柔", Relation::Itself),
            work(7, "one", Relation::Descendant),
            work(8, "both", Relation::Descendant),
        ];
        let derivations = vec![
            made(5, 3, Some(DerivationKind::Edit)),
            made(7, 5, None),
            made(8, 5, None),
            made(8, 7, Some(DerivationKind::Compilation)),
        ];
        let work = works[1].label.clone();
        Lineage { work, works, derivations, truncated: false }
    }

    #[test]
    fn a_picture_is_the_same_each_time_and_runs_nothing() {
        let picture = svg(&sample());
        assert_eq!(picture, svg(&sample()));
        assert!(!picture.contains("<script") && picture.contains("&lt;script&gt;"), "{picture}");
        for forbidden in ["href", "onload", "style=", "url("] {
            assert!(!picture.contains(forbidden), "{forbidden}");
        }
        assert!(picture.contains("春风送来了温柔春风送来了温柔…"), "{picture}");
        assert_eq!(picture.matches("<path").count(), 4);
        assert_eq!(picture.matches("</path>").count(), 4, "elements are closed, as XML asks");
    }

    #[test]
    fn no_two_boxes_stand_in_one_place_and_what_is_derived_stands_to_the_right() {
        let lineage = sample();
        let places = places(&lineage);
        let mut taken: Vec<_> = places.values().collect();
        taken.sort_unstable();
        taken.dedup();
        assert_eq!(taken.len(), lineage.works.len());
        for row in &lineage.derivations {
            assert!(places[&row.from].0 < places[&row.entry].0, "{row:?}");
        }
    }
}
