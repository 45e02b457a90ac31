//! A statement of account as one HTML page: no scripts, nothing from elsewhere, a style for print.
//!
//! Whatever stands in it may come from strangers. It is escaped for HTML by the template, and
//! control characters and characters that turn the direction of text are shown as escapes.

use super::statement_text::{heading, stretches, subject};
use super::text::escape;
use crate::ledger::answer::{Earned, StatementLine, StatementOfAccount, StatementRow};
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
svg { display: block; margin: 1em 0; } svg rect { fill: #4a6785; } svg text { font: 11px sans-serif; fill: #444; }
.open { border: 1px solid #b60; padding: .4em .8em; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } table, svg { break-inside: avoid; } }
";

/// Periods that the chart shows, the latest last.
const MAX_BARS: usize = 12;
/// Size of the chart, in its own units.
const BAR_WIDTH: usize = 44;
const BAR_HEIGHT: i128 = 90;

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
            details {
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

/// A bar for each period, as high as what it earned.
fn chart(earned: &[Earned]) -> Markup {
    let shown = &earned[earned.len().saturating_sub(MAX_BARS)..];
    let most = shown.iter().map(|period| period.amount.minor()).max().unwrap_or_default();
    if shown.len() < 2 || most <= 0 {
        return html! {};
    }
    let width = shown.len() * BAR_WIDTH;
    let bars = shown.iter().enumerate().map(|(place, period)| {
        let height = (period.amount.minor().max(0)).saturating_mul(BAR_HEIGHT) / most;
        (place * BAR_WIDTH, height, period)
    });
    html! {
        svg role="img" aria-label="Earnings by period" width=(width) height="120" {
            @for (left, height, period) in bars {
                rect x=(left + 6) y=(BAR_HEIGHT - height + 10) width=(BAR_WIDTH - 12) height=(height) {
                    title { (period.period) ": " (period.amount.to_decimal()) }
                }
                text x=(left + BAR_WIDTH / 2) y="114" text-anchor="middle" { (period.period) }
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
        // Half the earnings, half the height, from the same ground.
        assert!(page.contains("y=\"10\" width=\"32\" height=\"90\""), "{page}");
        assert!(page.contains("y=\"55\" width=\"32\" height=\"45\""), "{page}");
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
