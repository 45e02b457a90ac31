//! `report.html`: a case as one page for people.
//!
//! What it is for: a judge's clerk opens or prints it and sees who made a work, under which terms,
//! who held title when and who was paid, each fact linked to the entry that says it, and what
//! proves all this. The page is a function of the other parts of a bundle and of nothing else, so
//! that a verifier makes it again and compares it byte for byte. What it never does: run a script,
//! fetch anything, read a clock, or say more than the entries do.

mod attested;
mod claimed;
mod creation;
mod facts;
mod money;
mod proof;
mod session;
mod style;
mod text;
mod timeline;

pub use proof::{Cosigned, Proof, SeenEarlier, TimeStamped};

use super::{Case, CaseError, CaseTitle};
use crate::money::Share;
use crate::narration::{Holder, Moments, Naming};
use crate::record::{EntryNumber, Kind};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use text::{entry_link, linked, shown, when};

/// The page of a case.
///
/// The same case and the same proof give the same bytes.
///
/// # Errors
/// Entries that contradict each other; figures that the engine refuses.
pub fn report(case: &Case, proof: &Proof) -> Result<String, CaseError> {
    let moments = Moments { as_of: proof.as_of, ..Moments::ALL };
    let mut works = Vec::new();
    for work in &proof.works {
        works.extend(case.title(*work, moments)?);
    }
    let facts = case.facts()?;
    let money = money::section(case, proof)?;
    let name = subject(case)?;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(style::policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { "Evidence: " (crate::narration::visible(&name)) }
                style { (PreEscaped(style::STYLE)) }
            }
            body {
                (heading(case, proof, &name))
                (contents(&works, money.is_some()))
                @for title in &works { (work(case, proof, title)?) }
                @if let Some(money) = &money { (money) }
                (facts::section(case, proof, &facts))
                (proof::section(case, proof))
                (proof::parties(case))
                (facts::appendix(&facts))
                (money::derivations(case, proof)?)
                (facts::terms(case))
                (footing())
            }
        }
    };
    Ok(format!("{}\n", page.into_string()))
}

/// What the case is about.
fn subject(case: &Case) -> Result<String, CaseError> {
    let (entry, kind) = (case.subject(), case.subject_kind());
    Ok(if kind == Kind::Work {
        Naming::title(case, entry)?.to_string()
    } else if kind == Kind::Contract {
        let label = case.contract_label(entry)?;
        format!("{} under {}", label.party, label.terms.name)
    } else {
        case.handle(entry)?.to_string()
    })
}

fn heading(case: &Case, proof: &Proof, name: &str) -> Markup {
    let kind = case.subject_kind();
    let what = if kind == Kind::Work { "ownership history of a work" } else { "history of a" };
    let of = if kind == Kind::Work { "" } else { kind.name() };
    html! {
        header {
            p.kicker { "Evidence: the " (what) " " (of) }
            h1 { (shown(name)) }
            p {
                "Entry " (entry_link(case, case.subject())) " of the register " (shown(proof.origin.as_str()))
                ", whose log had " (proof.tree_size) " entries. As of " (when(proof.as_of)) "."
            }
            p.note {
                "This page shows what parties have stated and signed: claims and contracts. It does not decide "
                "what the law makes of them. Every fact leads to the numbered entry that says it, and "
                a href="#proof" { "what proves this" } " says how far it can be relied on."
            }
        }
    }
}

fn contents(works: &[CaseTitle], has_money: bool) -> Markup {
    html! {
        ul.contents {
            @for title in works {
                li { a href={ "#work-" (title.work.entry.get()) } { "The work “" (shown(title.work.title.as_str())) "”" } }
            }
            @if has_money { li { a href="#money" { "Contracts and money" } } }
            li { a href="#facts" { "Every fact, in the order of the register" } }
            li { a href="#proof" { "What proves this" } }
            li { a href="#parties" { "Parties and their keys" } }
            li { a href="#entries" { "Appendix: the entries" } }
        }
    }
}

/// All about one work.
fn work(case: &Case, proof: &Proof, title: &CaseTitle) -> Result<Markup, CaseError> {
    let entry: EntryNumber = title.work.entry;
    Ok(html! {
        section id={ "work-" (entry.get()) } {
            h2 { "The work “" (shown(title.work.title.as_str())) "”" }
            (answer(case, proof, title))
            (timeline::conflicts(case, title))
            (timeline::section(case, title, proof.as_of)?)
            (creation::section(case, proof, entry)?)
        }
    })
}

/// Who holds, in one look.
fn answer(case: &Case, proof: &Proof, title: &CaseTitle) -> Markup {
    html! {
        div.answer {
            p.kicker { "Who holds it, as of " (when(proof.as_of)) }
            @for held in &title.holders { (holder(case, held)) }
            @if let Some(missing) = title.outstanding {
                p { strong { (missing) } " of the fee are outstanding." }
            }
            @if !title.unsigned.is_empty() {
                p {
                    "Not yet signed the split: "
                    @for (place, party) in title.unsigned.iter().enumerate() {
                        @if place > 0 { ", " }
                        (shown(party.as_str()))
                    }
                }
            }
            @if title.contract.is_none() {
                p { "No contract stands behind the registration: it is a bare claim, and shows as one." }
            }
        }
    }
}

fn holder(case: &Case, held: &Holder) -> Markup {
    html! {
        p.who {
            strong { (shown(held.party.as_str())) } " holds "
            @if held.share == Share::WHOLE { "the whole" } @else { (held.share) }
            ": " (timeline::status(held.status))
        }
        p.note {
            "since " (when(held.since)) @if let Some(until) = held.until { " until " (when(until)) } "; "
            (held.scope) "; " (linked(case, &held.because))
        }
    }
}

fn footing() -> Markup {
    html! {
        footer {
            "This page needs no network and runs nothing. The register made it from the other files of the bundle "
            "it came in, and signed it with them. " code { "deedbook verify" } " checks that signature, and "
            "tells title again from the entries alone. If the page and the entries ever differ, the entries "
            "count."
        }
    }
}
