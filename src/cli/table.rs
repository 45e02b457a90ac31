//! A table of text, aligned by the width that characters take on a screen.

use super::text::{Span, Tone, escape, span};
use unicode_width::UnicodeWidthStr;

/// Space between columns.
const GAP: usize = 2;

/// On which side the cells of a column line up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// Columns with headings, and rows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    pub(super) fn new<'a>(columns: impl IntoIterator<Item = (&'a str, Align)>) -> Self {
        let columns = columns.into_iter();
        Self {
            columns: columns.map(|(name, align)| (escape(name), align)).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row, one cell a column.
    pub(super) fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let cells = cells.into_iter().map(|cell| escape(cell.as_ref()));
        self.rows.push(cells.collect());
    }

    /// The table as lines.
    pub(super) fn spans(&self, spans: &mut Vec<Span>) {
        let widths: Vec<usize> = (0..self.columns.len()).map(|column| self.width(column)).collect();
        let headings: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        spans.push(span(Tone::Faint, self.lay_out(&headings, &widths)));
        for row in &self.rows {
            let cells: Vec<&str> = row.iter().map(String::as_str).collect();
            spans.push(span(Tone::Plain, self.lay_out(&cells, &widths)));
        }
    }

    fn width(&self, column: usize) -> usize {
        let heading = self.columns[column].0.width();
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.width()).fold(heading, usize::max)
    }

    fn lay_out(&self, cells: &[&str], widths: &[usize]) -> String {
        let mut line = String::new();
        for (index, ((_, align), width)) in self.columns.iter().zip(widths).enumerate() {
            let cell = cells.get(index).copied().unwrap_or_default();
            let padding = " ".repeat(width - cell.width());
            match align {
                Align::Left => line.extend([cell, &padding]),
                Align::Right => line.extend([padding.as_str(), cell]),
            }
            line.push_str(&" ".repeat(GAP));
        }
        line.truncate(line.trim_end().len());
        line.push('\n');
        line
    }
}
