//! The creation record of a work, as its creator registered it.

use super::proof::Proof;
use super::text::{entry_link, exactly, hexadecimal, page, shown, when};
use super::{attested, claimed, session};
use crate::evidence::{Case, CaseError};
use crate::money::Share;
use crate::narration::Naming;
use crate::record::{EntryNumber, Generation, Prompt, PromptRole, Work};
use maud::{Markup, html};

/// How a work was made, of what files, by whom.
pub(super) fn section(case: &Case, proof: &Proof, work: EntryNumber) -> Result<Markup, CaseError> {
    let record = case.work(work)?;
    let mut makers = Vec::with_capacity(record.creators.len());
    for creator in &record.creators {
        makers.push((case.handle_of_id(creator.party)?, creator.share));
    }
    let registered_at = case.registered_at(work)?;
    Ok(html! {
        h3 { "How it was made" }
        p.note {
            "In the words of the creator, who registered it so in entry " (entry_link(case, work)) "."
        }
        dl {
            dt { "Made by" }
            dd {
                @for (place, (maker, share)) in makers.iter().enumerate() {
                    @if place > 0 { ", " }
                    (shown(maker.as_str()))
                    @if *share != Share::WHOLE { " (" (share) ")" }
                }
            }
            dt { "Made on" } dd { (when(record.effective_at)) " as the creator says" }
            dt { "Registered on" } dd { (exactly(registered_at)) " UTC" }
            @if let Some(generation) = &record.generation { (generated(generation)) }
            @if let Some(note) = &record.note { dt { "Remark" } dd { (page(note.as_str().as_bytes())) } }
        }
        (contents(record))
        (attested::section(case, proof, (work, record))?)
        (claimed::section(record, proof))
        @if let Some(generation) = &record.generation {
            @if !generation.prompts.is_empty() { (prompts(proof, &generation.prompts)) }
        }
        (session::section(case, proof, record)?)
        (attested::labels(case, work)?)
    })
}

/// What a generation says, but for its prompts.
pub(super) fn generated(generation: &Generation) -> Markup {
    html! {
        @if let Some(model) = &generation.model { dt { "Model" } dd { (shown(model.as_str())) } }
        @if let Some(digest) = &generation.model_digest {
            dt { "Digest of the model" } dd { (shown(digest.as_str())) }
        }
        @for lora in &generation.loras { dt { "Adaptation (LoRA)" } dd { (shown(lora.as_str())) } }
        @if let Some(account) = &generation.account {
            dt { "Account" } dd { (shown(account.as_str())) }
        }
        @if let Some(tool) = &generation.tool { dt { "Program" } dd { (shown(tool.as_str())) } }
        @if let Some(seed) = generation.seed { dt { "Seed" } dd { (seed) } }
        @for (name, value) in &generation.parameters {
            dt { (shown(name.0.as_str())) } dd { (shown(value.as_str())) }
        }
    }
}

fn contents(work: &Work) -> Markup {
    html! {
        table {
            thead { tr { th { "File" } th { "BLAKE3 digest, as b3sum prints it" } th.figure { "Bytes" } } }
            tbody {
                @for (place, content) in (1..).zip(&work.contents) {
                    tr {
                        td { @if place == 1 { "main file" } @else { "file " (place) } }
                        td { (hexadecimal(&content.digest)) }
                        td.figure { (content.size) }
                    }
                }
            }
        }
        p.note {
            "A file is this work if it has this digest. The file itself is not part of the register; "
            "anybody who has it can compute the digest."
        }
    }
}

fn prompts(proof: &Proof, prompts: &[Prompt]) -> Markup {
    html! {
        h3 { "Prompts" }
        p.note {
            "The register holds a sealed commitment to each prompt: a digest that fits one text and one "
            "secret number only. A prompt can be opened later, and then nobody can put another text in its place."
        }
        @for (place, prompt) in (1..).zip(prompts) {
            @match proof.openings.get(&prompt.commitment) {
                Some(text) => {
                    p { strong { "Prompt " (place) } " (" (role(prompt.role)) "), opened here; it fits the commitment:" }
                    (page(text))
                }
                None => p { strong { "Prompt " (place) } " (" (role(prompt.role)) "): not opened here" }
            }
            p.faint { "commitment " (hexadecimal(&prompt.commitment)) }
        }
    }
}

/// What a prompt was for, in words.
pub(super) const fn role(role: PromptRole) -> &'static str {
    match role {
        PromptRole::Prompt => "what the picture should show",
        PromptRole::Negative => "what it should not show",
    }
}
