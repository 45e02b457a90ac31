//! What files say of themselves, apart from what anybody says of them.

use super::creation::generated;
use super::proof::Proof;
use super::text::{hexadecimal, page, shown};
use crate::record::{Commitment, FileClaim, Work};
use maud::{Markup, html};

/// The claims of the files of a work; nothing where they make none.
pub(super) fn section(work: &Work, proof: &Proof) -> Markup {
    if work.contents.iter().all(|content| content.claims.is_empty()) {
        return html! {};
    }
    html! {
        h3 { "What the files say of themselves" }
        p.note {
            "Claimed by the file, as it stood there when the work was registered. Anybody can write such "
            "claims into a file; the creator has not signed that they are true, and nobody vouches for them."
        }
        @for (place, content) in (1..).zip(&work.contents) {
            @for claim in &content.claims {
                p {
                    strong { @if place == 1 { "Main file" } @else { "File " (place) } }
                    ", in " (shown(claim.place.as_str())) ", written as " (claim.source) " does"
                }
                (told(claim, proof))
            }
        }
    }
}

/// One claim, member by member.
pub(super) fn told(claim: &FileClaim, proof: &Proof) -> Markup {
    html! {
        dl {
            @if let Some(generation) = &claim.generation { (generated(generation)) }
            @for (name, value) in &claim.fields {
                dt { (shown(name.0.as_str())) } dd { (shown(value.as_str())) }
            }
            @if let Some(generation) = &claim.generation {
                @for prompt in &generation.prompts {
                    dt { @match prompt.role {
                        crate::record::PromptRole::Prompt => "Prompt",
                        crate::record::PromptRole::Negative => "Negative prompt",
                    } }
                    (sealed(&prompt.commitment, proof))
                }
            }
            @if let Some(verbatim) = &claim.verbatim {
                dt { "Its exact bytes" }
                (sealed(verbatim, proof))
            }
        }
    }
}

/// A commitment, and the text where it is opened.
fn sealed(commitment: &Commitment, proof: &Proof) -> Markup {
    html! {
        dd {
            @if let Some(text) = proof.openings.get(commitment) { (page(text)) }
            span.faint { "commitment " (hexadecimal(commitment)) }
        }
    }
}
