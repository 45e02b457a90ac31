//! How the page looks, on a screen and on paper.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// One style sheet; no font, picture or script of any kind.
pub(super) const STYLE: &str = "
:root { --ink: #1d2733; --faint: #5d6b7a; --line: #d4dae1; --paper: #fff; --wash: #f4f6f8; --deep: #1f4e79; --gold: #8a6d1d; --warn: #9c3b10; }
* { box-sizing: border-box; }
html { background: var(--wash); }
body { font: 1rem/1.5 'Source Serif 4', 'Iowan Old Style', Palatino, 'Liberation Serif', Georgia, serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 2.5rem 3.5rem 3rem; border: 1px solid var(--line); overflow-wrap: break-word; }
header { border-bottom: 3px double var(--ink); margin-bottom: 1.6rem; padding-bottom: 1.1rem; }
.kicker { font: 600 .78rem/1.4 'Liberation Sans', Arial, sans-serif; letter-spacing: .09em; text-transform: uppercase; color: var(--faint); margin: 0 0 .5rem; }
h1 { font-size: 2.1rem; line-height: 1.15; margin: 0 0 .5rem; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 2.6rem 0 .7rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.08rem; margin: 1.7rem 0 .4rem; }
p { margin: .5rem 0; } ul { padding-left: 1.2rem; margin: .5rem 0; }
a { color: var(--deep); text-decoration: none; border-bottom: 1px solid #b7c9da; }
a:target, tr:target { background: #fff3c4; }
code { font: .8em/1.45 'Liberation Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { font: .78rem/1.5 'Liberation Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--wash); border-left: 3px solid var(--line); padding: .7rem 1rem; margin: .5rem 0; }
dl { display: grid; grid-template-columns: minmax(8.5rem, max-content) 1fr; gap: .25rem 1.4rem; margin: .6rem 0; }
dt { color: var(--faint); } dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .7rem 0; font-size: .95rem; }
th { text-align: left; font: 600 .75rem/1.4 'Liberation Sans', Arial, sans-serif; color: var(--faint); border-bottom: 1px solid var(--ink); padding: .3rem .8rem .3rem 0; vertical-align: bottom; }
td { border-bottom: 1px solid var(--line); padding: .4rem .8rem .4rem 0; vertical-align: top; }
td:last-child, th:last-child { padding-right: 0; }
.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.nowrap, time span { white-space: nowrap; } td { overflow-wrap: anywhere; }
#entries code { font-size: .74em; } #entries th:first-child { width: 3.2rem; } #entries th:nth-child(3) { width: 17%; } #entries th:last-child { width: 10.8rem; }
#facts table, #entries table { table-layout: fixed; } #facts th:first-child { width: 3.4rem; } #facts th:nth-child(2) { width: 6.2rem; } #facts th:nth-child(3) { width: 16%; } #facts th:last-child { width: 7.8rem; }
dl.inline { display: block; font-size: .86em; margin: .2rem 0; } dl.inline dt, dl.inline dd { display: inline; } dl.inline dt::after { content: ': '; } dl.inline dd::after { content: '; '; } dl.inline dd:last-child::after { content: ''; }
.steps { table-layout: fixed; } .steps th:first-child { width: 2.6rem; } .steps th:nth-child(2) { width: 6.6rem; } .steps th:last-child { width: 6.6rem; } .steps pre { margin: .25rem 0; padding: .35rem .7rem; }
.late { color: var(--warn); font-size: .86em; } dd > pre:first-child { margin-top: 0; }
.faint { color: var(--faint); font-size: .86em; }
.answer { background: var(--wash); border-left: 4px solid var(--deep); padding: .9rem 1.3rem 1rem; margin: 1rem 0; }
.answer p { margin: .3rem 0; } .answer .who { font-size: 1.22rem; line-height: 1.35; }
.warning { border: 1px solid var(--warn); border-left-width: 5px; padding: .6rem 1rem; color: var(--warn); }
.warning a { color: inherit; border-color: inherit; }
.note { color: var(--faint); font-size: .92rem; }
.contents { columns: 2; column-gap: 2.5rem; font-size: .95rem; list-style: none; padding: 0; }
.contents li { break-inside: avoid; padding: .1rem 0; }
ol.chain { list-style: none; counter-reset: link; margin: 1.2rem 0; padding: 0 0 0 2.6rem; position: relative; }
ol.chain::before { content: ''; position: absolute; left: .87rem; top: .9rem; bottom: 1rem; border-left: 2px solid var(--line); }
ol.chain > li { counter-increment: link; position: relative; padding: 0 0 1rem; break-inside: avoid; }
ol.chain > li::before { content: counter(link); position: absolute; left: -2.6rem; top: .05rem; width: 1.8rem; height: 1.8rem; border-radius: 50%; background: var(--deep); color: #fff; font: 600 .82rem/1.8rem 'Liberation Sans', Arial, sans-serif; text-align: center; }
ol.chain .date { font: 600 .85rem/1.4 'Liberation Sans', Arial, sans-serif; color: var(--faint); }
figure { margin: 1rem 0; } figcaption { color: var(--faint); font-size: .88rem; margin-top: .3rem; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 12px 'Liberation Sans', Arial, sans-serif; fill: var(--ink); } svg .label { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; } svg .small { font-size: 11px; fill: var(--faint); }
svg .axis { stroke: var(--faint); } svg .drop { stroke: #9fb2c4; stroke-dasharray: 2 3; }
svg .mark { fill: var(--deep); } svg .number { fill: #fff; font-weight: 600; text-anchor: middle; }
svg .complete { fill: var(--deep); } svg .subject-to-share { fill: #5d89b0; } svg .until-paid { fill: #e9d9a6; stroke: var(--gold); stroke-dasharray: 4 3; }
svg .claimed { fill: #fff; stroke: var(--deep); stroke-width: 1.5; } svg .split-unsigned { fill: #e3e7eb; stroke: var(--faint); stroke-dasharray: 1 3; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .8rem; color: var(--faint); font-size: .88rem; }
@media (max-width: 46rem) { body { margin: 0; border: 0; padding: 1.2rem; } .contents { columns: 1; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
  td, th { padding-right: .5rem; } #facts table { font-size: .85rem; } #facts th:first-child { width: 2.9rem; } #facts th:nth-child(3) { width: 19%; } #facts th:nth-child(2), #facts th:last-child { width: 5.2rem; } #entries th:nth-child(3) { width: 22%; } #entries th:last-child { width: 5.6rem; } }
@page { size: A4; margin: 18mm 16mm 18mm 18mm; }
@media print {
  html { font-size: 12.6px; } html, body { background: none; } body { max-width: none; margin: 0; padding: 0; border: 0; }
  a { color: inherit; border: 0; } h2 { margin-top: 2rem; }
  h1, h2, h3, thead, .kicker { break-after: avoid; } tr, figure, .answer, .warning, dl > dd { break-inside: avoid; }
  thead { display: table-header-group; } #entries { break-before: page; } p { orphans: 3; widows: 3; }
  svg *, .answer, ol.chain > li::before { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
";

/// What a browser may do with the page: apply this one style sheet, by its digest, and nothing else.
/// No script runs, nothing is fetched, no form is sent (W3C Content Security Policy Level 3).
pub(super) fn policy() -> String {
    let digest = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
}
