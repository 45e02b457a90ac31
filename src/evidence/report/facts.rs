//! Every fact in order, and the appendix of entries that proves each.

use super::proof::Proof;
use super::text::{entry_link, exactly, hexadecimal, linked, page, shown, when};
use crate::evidence::Case;
use crate::narration::Fact;
use crate::record::{Digest, EntryNumber, Record};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// What the entries say, in the order in which the register learned of it.
pub(super) fn section(case: &Case, proof: &Proof, facts: &[Fact]) -> Markup {
    let concerns = |fact: &&Fact| proof.concerns.contains(&fact.entry);
    html! {
        section #facts {
            h2 { "Every fact, in the order of the register" }
            table {
                thead { tr { th { "Entry" } th { "Registered (UTC)" } th { "Signed by" } th { "What it says" } th { "Claimed for" } } }
                tbody { @for fact in facts.iter().filter(concerns) { (row(case, fact)) } }
            }
            @if facts.iter().any(|fact| !proof.concerns.contains(&fact.entry)) {
                h3 { "What these rest on" }
                table {
                    thead { tr { th { "Entry" } th { "Registered (UTC)" } th { "Signed by" } th { "What it says" } th { "Claimed for" } } }
                    tbody { @for fact in facts.iter().filter(|fact| !concerns(fact)) { (row(case, fact)) } }
                }
            }
        }
    }
}

fn row(case: &Case, fact: &Fact) -> Markup {
    html! {
        tr {
            td { (entry_link(case, fact.entry)) }
            td { (exactly(fact.registered_at)) }
            td { (shown(&fact.signer)) }
            td {
                (linked(case, &fact.sentence))
                @for change in &fact.title { div.faint { "Title: " (linked(case, &change.sentence)) } }
            }
            td { @if let Some(at) = fact.effective_at { (when(at)) } }
        }
    }
}

/// The entries by number: what stands where in the bundle, and who signed it with which key.
pub(super) fn appendix(facts: &[Fact]) -> Markup {
    html! {
        section.appendix #entries {
            h2 { "Appendix: the entries" }
            p.note {
                "Each entry is a file of this bundle. The record identifier is the BLAKE3 digest of the signed "
                "statement. The time of signing is the signer's word, the time of registration the register's."
            }
            table {
                thead { tr { th { "Entry" } th { "Kind, record identifier, key" } th { "Signed by" } th { "Signed, registered (UTC)" } } }
                tbody { @for fact in facts { (entry(fact)) } }
            }
        }
    }
}

fn entry(fact: &Fact) -> Markup {
    html! {
        tr id={ "entry-" (fact.entry.get()) } {
            td { (fact.entry) }
            td {
                (fact.kind)
                div { (hexadecimal(&fact.id)) }
                div.faint { "key " (hexadecimal(&fact.key)) }
            }
            td { (shown(&fact.signer)) }
            td.nowrap { (exactly(fact.signed_at)) br; (exactly(fact.registered_at)) }
        }
    }
}

/// The texts of the terms that were offered or accepted.
pub(super) fn terms(case: &Case) -> Markup {
    let mut named: BTreeMap<Digest, Vec<EntryNumber>> = BTreeMap::new();
    for entry in case.terms() {
        if let Ok(Record::Terms(terms)) = case.statement(entry).map(|statement| statement.record())
        {
            for text in &terms.texts {
                named.entry(text.digest).or_default().push(entry);
            }
        }
    }
    html! {
        @if !case.documents().is_empty() {
            section.appendix #terms {
                h2 { "Appendix: the texts of the terms" }
                @for (digest, text) in case.documents() {
                    h3 id={ "terms-" (digest) } {
                        "Text of "
                        @for (place, entry) in named.get(digest).into_iter().flatten().enumerate() {
                            @if place > 0 { ", " }
                            (entry_link(case, *entry))
                        }
                    }
                    p.faint { "BLAKE3 " (hexadecimal(digest)) }
                    (page(text.as_bytes()))
                }
            }
        }
    }
}
