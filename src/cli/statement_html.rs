//! A statement of account as one HTML page: no scripts, nothing from elsewhere, a style for print.
//!
//! Whatever stands in it may come from strangers. It is escaped for HTML by the template, and
//! control characters and characters that turn the direction of text are shown as escapes.

use super::statement_text::{heading, stretches, subject};
use super::text::escape;
use crate::ledger::answer::{Earned, StatementLine, StatementOfAccount, StatementRow};
use crate::money::Amount;
use crate::royalty::Figure;
use maud::{DOCTYPE, Markup, html};

/// Nothing is loaded, and nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// How it looks on a screen and on paper.
const STYLE: &str = "
body { font: 15px/1.45 Georgia, serif; color: #222; max-width: 52em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin: 2em 0 .5em; } summary { cursor: pointer; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15em 1.2em; }
dt { color: #666; } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; padding-top: 1em; font-weight: normal; color: #666; }
td { padding: .15em .5em .15em 0; vertical-align: top; }
td.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.working { color: #666; font-size: .85em; padding-left: 1.2em; }
tr.total td { font-weight: bold; border-top: 1px solid #bbb; }
pre { font: 11px/1.4 monospace; white-space: pre-wrap; }
h2, dd, td { overflow-wrap: anywhere; } h2, h3 { break-after: avoid; }
h3 { font-size: 1em; font-weight: normal; color: #666; margin: 1.5em 0 .5em; }
svg { display: block; margin: .5em 0 1em; max-width: 100%; height: auto; } svg rect { fill: #4a6785; }
svg text { font: 11px sans-serif; fill: #444; } svg line { stroke: #bbb; }
.open { border: 1px solid #b60; padding: .4em .8em; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } table, svg { break-inside: avoid; } }
";

/// Periods that the chart shows, the latest last.
const MAX_BARS: u32 = 12;
/// Size of the chart, in its own units.
const BAR_WIDTH: usize = 32;
const BAR_HEIGHT: i128 = 90;
/// Above and below the bars, for figures and periods.
const MARGIN: i128 = 20;
/// Of a character of a figure, about.
const CHARACTER_WIDTH: usize = 7;

/// The whole page.
pub(super) fn write(statement: &StatementOfAccount) -> String {
    let title = format!("Statement of account, {}", statement.period);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width";
                title { (title) }
                style { (maud::PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                dl {
                    @for (name, value) in heading(statement) {
                        dt { (name) } dd { (escape(&value)) }
                    }
                }
                @if !statement.is_over {
                    p.open { "The period is not over. These are its figures so far." }
                }
                @for line in &statement.lines { (section(line)) }
            }
        }
    };
    format!("{}\n", page.into_string())
}

fn section(line: &StatementLine) -> Markup {
    html! {
        h2 { (escape(&subject(line))) }
        table {
            @for (group, rows) in stretches(line) {
                tr { th colspan="3" { (group.heading()) } }
                @for row in rows { (figure(row)) }
            }
        }
        (chart(&line.earned))
        @if let Some(derivation) = &line.derivation {
            details open {
                summary { "How the figures of the period follow from clauses and entries" }
                pre {
                    @for branch in derivation.to_text_tree() { (escape(&branch)) "\n" }
                }
            }
        }
    }
}

fn figure(row: &StatementRow) -> Markup {
    html! {
        tr.total[row.is_total] {
            td { (escape(&row.label)) }
            td.figure { (row.value.number()) }
            td.working { @if let Some(working) = &row.working { (escape(working)) } }
        }
    }
}

/// What each of the latest periods earned, nothing where nothing happened in it.
fn shown(earned: &[Earned]) -> Vec<(String, Amount)> {
    let [first, .., last] = earned else { return Vec::new() };
    let count = last.period.since(first.period).saturating_add(1);
    let from = count.saturating_sub(MAX_BARS);
    // A period of the calendar that cannot be named is none of those that earned something.
    let periods = (from..count).filter_map(|place| first.period.plus(place).ok());
    let amount = |period| earned.iter().find(|it| it.period == period).map(|it| it.amount);
    let zero = Amount::zero(last.amount.currency());
    periods.map(|period| (period.to_string(), amount(period).unwrap_or(zero))).collect()
}

/// A bar for each period, as high as what it earned, below the line where that is below zero.
fn chart(earned: &[Earned]) -> Markup {
    let shown = shown(earned);
    let minor = || shown.iter().map(|(_, amount)| amount.minor());
    let (most, least) = (minor().max().unwrap_or(0).max(0), minor().min().unwrap_or(0).min(0));
    let range = most.saturating_sub(least);
    if range == 0 {
        return html! {};
    }
    let scaled = |minor: i128| minor.saturating_mul(BAR_HEIGHT) / range;
    let ground = MARGIN + scaled(most);
    let figure = |amount: &Amount| Figure::from(*amount).number();
    let widest = shown.iter().map(|(_, amount)| figure(amount).len()).max().unwrap_or_default();
    let step = (widest * CHARACTER_WIDTH).max(2 * BAR_WIDTH);
    let (width, bottom) = (shown.len() * step, BAR_HEIGHT + 3 * MARGIN);
    let bars = shown.iter().enumerate().map(|(place, (period, amount))| {
        let height = scaled(amount.minor());
        let (top, text) = match amount.is_negative() {
            true => (ground, ground - height + 12),
            false => (ground - height, ground - height - 4),
        };
        (place * step, (top, height.abs(), text), period, figure(amount))
    });
    html! {
        h3 { "Earned by period" }
        svg role="img" aria-label="Earned by period" width=(width) height=(bottom)
            viewBox=(format!("0 0 {width} {bottom}")) {
            line x1="0" x2=(width) y1=(ground) y2=(ground) {}
            @for (left, (top, height, text), period, number) in bars {
                rect x=(left + (step - BAR_WIDTH) / 2) y=(top) width=(BAR_WIDTH) height=(height) {}
                text x=(left + step / 2) y=(text) text-anchor="middle" { (number) }
                text x=(left + step / 2) y=(bottom - 6) text-anchor="middle" { (period) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::answer::{ContractLabel, Group, TermsLabel, WorkLabel};
    use crate::record::{EntryNumber, RecordId, Timestamp};
    use crate::royalty::SettlementSpan;

    fn sample() -> StatementOfAccount {
        let at = |day| Timestamp::parse_start(day).unwrap();
        let id = RecordId::from_bytes([1; 32]);
        let money = |text| crate::money::Amount::parse_with_currency(text).unwrap();
        let row = StatementRow {
            group: Group::Balance,
            item: "closing",
            label: "<b>Closing</b>\u{202e}".to_owned(),
            value: money("-1234567.80 CNY").into(),
            working: Some("a & b".to_owned()),
            is_total: true,
        };
        let span = |text: &str| text.parse::<SettlementSpan>().unwrap();
        let earned = |text, amount| Earned { period: span(text), amount: money(amount) };
        StatementOfAccount {
            contract: ContractLabel {
                contract: id,
                entry: EntryNumber::new(7),
                terms: TermsLabel {
                    terms: id,
                    entry: EntryNumber::new(6),
                    name: "n/s@1".to_owned(),
                },
                party: "wen".parse().unwrap(),
                provider: "northlight".parse().unwrap(),
            },
            title: "=Standard form".to_owned(),
            amended_by: Vec::new(),
            payer: "wen".parse().unwrap(),
            payee: "northlight".parse().unwrap(),
            period: span("2026-Q2"),
            from: at("2026-04-01"),
            until: at("2026-07-01"),
            is_over: false,
            as_of: at("2026-05-01"),
            known_at: at("2026-05-01"),
            currency: "CNY".parse().unwrap(),
            closed: None,
            lines: vec![StatementLine {
                work: Some(WorkLabel {
                    work: id,
                    entry: EntryNumber::new(9),
                    title: "<script>alert(1)</script>".parse().unwrap(),
                }),
                currency: "CNY".parse().unwrap(),
                opening: money("0.00 CNY"),
                closing: money("-1234567.80 CNY"),
                due_at: None,
                rows: vec![row],
                earned: vec![earned("2026-Q1", "67.46 CNY"), earned("2026-Q2", "33.73 CNY")],
                derivation: None,
            }],
        }
    }

    #[test]
    fn the_page_escapes_what_strangers_wrote_and_needs_nothing_else() {
        let page = write(&sample());
        for absent in ["<script", "<b>", "\u{202e}", "src=", "href=", "http:", "https:"] {
            assert!(!page.contains(absent), "{absent}: {page}");
        }
        for there in [
            "<!DOCTYPE html>",
            "&lt;script&gt;alert(1)&lt;/script&gt; (#9), in CNY",
            "-1,234,567.80",
            "a &amp; b",
            "The period is not over.",
            "@media print",
        ] {
            assert!(page.contains(there), "{there}: {page}");
        }
        // Half the earnings, half the height, from the same ground, with the figure above.
        assert!(page.contains("y=\"20\" width=\"32\" height=\"90\""), "{page}");
        assert!(page.contains("y=\"65\" width=\"32\" height=\"45\""), "{page}");
        assert!(page.contains("y=\"61\" text-anchor=\"middle\">33.73<"), "{page}");
    }

    #[test]
    fn a_chart_has_a_place_for_each_period_and_goes_below_the_ground() {
        let mut statement = sample();
        let earned = &mut statement.lines[0].earned;
        earned[0].period = "2025-Q4".parse().unwrap();
        earned[1].amount = earned[0].amount.checked_neg().unwrap();
        let page = write(&statement);
        for there in [
            "y=\"20\" width=\"32\" height=\"45\"",
            "y=\"65\" width=\"32\" height=\"45\"",
            ">-67.46</text>",
            ">2026-Q1</text>",
            ">0.00</text>",
        ] {
            assert!(page.contains(there), "{there}: {page}");
        }
        // Of many only the latest, and of two years all their quarters.
        statement.lines[0].earned[0].period = "2019-Q1".parse().unwrap();
        let page = write(&statement);
        assert_eq!(page.matches("<rect").count(), 12);
        assert!(page.contains(">2023-Q3</text>") && !page.contains(">2023-Q2</text>"));
    }

    #[test]
    fn a_chart_of_nothing_is_not_drawn() {
        let mut statement = sample();
        statement.lines[0].earned.truncate(1);
        assert!(!write(&statement).contains("<svg"));
    }

    #[test]
    fn csv_keeps_plain_decimals_and_sets_formulas_apart() {
        let mut statement = sample();
        if let Some(work) = &mut statement.lines[0].work {
            work.title = "=HYPERLINK(\"x\")".parse().unwrap();
        }
        let page = crate::cli::statement_csv::write(&statement);
        let row = page.lines().nth(1).unwrap();
        assert!(
            row.starts_with("7,n/s@1,wen,northlight,2026-Q2,9,\"'=HYPERLINK(\"\"x\"\")\",closing,"),
            "{row}"
        );
        assert!(row.ends_with(",-1234567.80,,CNY"), "{row}");
    }
}
