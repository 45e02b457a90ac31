//! What others than its creator attest of a work: its provider, and whoever labelled copies of it.

use super::proof::Proof;
use super::text::{entry_link, exactly, hexadecimal, page, shown, when};
use crate::admission::View as _;
use crate::evidence::{Case, CaseError};
use crate::narration::{Naming as _, Standing};
use crate::record::{AttestedOutput, EntryNumber, Kind, Labelled, Record, Work};
use maud::{Markup, html};

/// Lines that the page shows; the entries have them all.
const MAX_SHOWN: usize = 200;

/// A line of an attestation that is about a file of the work.
struct Line<'a> {
    entry: EntryNumber,
    by: String,
    is_of_the_provider: bool,
    file: usize,
    output: &'a AttestedOutput,
    /// How many lines the statement has that are about something else.
    others: usize,
}

/// On whose word it rests how the work was made.
pub(super) fn section(
    case: &Case,
    proof: &Proof,
    (entry, work): (EntryNumber, &Work),
) -> Result<Markup, CaseError> {
    let lines = lines(case, entry, work)?;
    let standing = Standing::of(lines.iter().map(|line| line.is_of_the_provider));
    let shown_lines = &lines[..lines.len().min(MAX_SHOWN)];
    let mut rows = Vec::with_capacity(shown_lines.len());
    for line in shown_lines {
        rows.push(row(case, proof, line, work)?);
    }
    let others = lines.iter().map(|line| line.others).max().unwrap_or_default();
    Ok(html! {
        h3 { "On whose word this rests" }
        p { strong { (capital(standing)) "." } }
        @match standing {
            Standing::CreatorsWordOnly => p.note {
                "Nobody else has attested that these files came from a service. What is told below is what the "
                "creator says."
            },
            Standing::AttestedByTheProvider | Standing::AttestedByOthers => {
                p.note {
                    "Whoever runs the service signed that it gave out exactly this file. It is that signer's word: the "
                    "register does not check the service."
                }
                table {
                    thead { tr { th { "Entry" } th { "Signed by" } th { "What it says" } th { "Given out" } th { "Registered (UTC)" } } }
                    tbody { @for row in rows { (row) } }
                }
                @if lines.len() > MAX_SHOWN { p.faint { (lines.len() - MAX_SHOWN) " further lines are in the entries." } }
                @if others > 0 {
                    p.note {
                        "An attestation is signed as a whole and cannot be cut: its entry also has up to " (others) " lines about "
                        "other files, of which this page tells nothing."
                    }
                }
            }
        }
    })
}

fn capital(standing: Standing) -> String {
    let mut words = standing.in_words().to_owned();
    words[..1].make_ascii_uppercase();
    words
}

/// The lines of attestations that name a file of the work, in order of entries.
fn lines<'a>(case: &'a Case, entry: EntryNumber, work: &Work) -> Result<Vec<Line<'a>>, CaseError> {
    let contract = case.view().contract_of_work(entry)?.flatten();
    let provider = contract.map(|contract| case.contract(contract)).transpose()?;
    let mut lines = Vec::new();
    for number in case.of_kind(Kind::Attestation).iter().copied() {
        let Record::Attestation(attestation) = case.statement(number)?.record() else {
            continue;
        };
        let signer = case.signer(number)?;
        let is_of_the_provider = provider.as_ref().is_some_and(|row| Some(row.provider) == signer);
        let place = |output: &AttestedOutput| {
            work.contents.iter().position(|content| content.digest == output.digest)
        };
        let about = attestation.outputs.iter().filter_map(|it| Some((place(it)?, it)));
        let about: Vec<_> = about.collect();
        let others = attestation.outputs.len() - about.len();
        let by = case.issuer(number)?;
        lines.extend(about.into_iter().map(|(file, output)| Line {
            entry: number,
            by: by.clone(),
            is_of_the_provider,
            file,
            output,
            others,
        }));
    }
    Ok(lines)
}

fn row(case: &Case, proof: &Proof, line: &Line<'_>, work: &Work) -> Result<Markup, CaseError> {
    let Line { entry, by, is_of_the_provider, file, output, .. } = line;
    let told = work.generation.as_ref();
    let other_model = told.and_then(|told| told.model.as_ref()).filter(|it| **it != output.model);
    let other_account =
        told.and_then(|told| told.account.as_ref()).filter(|it| **it != output.account);
    let is_met = output.prompt.is_some_and(|prompt| {
        told.is_some_and(|told| told.prompts.iter().any(|known| known.commitment == prompt))
    });
    let registered_at = case.registered_at(*entry)?;
    Ok(html! {
        tr {
            td { (entry_link(case, *entry)) }
            td {
                (shown(by))
                @if *is_of_the_provider { div.faint { "the provider of the contract" } }
            }
            td {
                @if *file == 0 { "The main file" } @else { "File " (file + 1) }
                " came from the model " (shown(output.model.as_str())) " for the account " (shown(output.account.as_str()))
                ", reference " (shown(output.reference.as_str())) "."
                @if let Some(model) = other_model {
                    div.warning { "The creator names another model: " (shown(model.as_str())) "." }
                }
                @if let Some(account) = other_account {
                    div.warning { "The creator names another account: " (shown(account.as_str())) "." }
                }
                @if let Some(prompt) = &output.prompt {
                    div.faint {
                        "prompt: commitment " (hexadecimal(prompt))
                        @if is_met { ", which is the creator's own" }
                    }
                    @if let Some(text) = proof.openings.get(prompt) { (page(text)) }
                }
            }
            td { (when(output.at)) }
            td { (exactly(registered_at)) }
        }
    })
}

/// Copies that went out with a label which says that they are generated; nothing where none did.
pub(super) fn labels(case: &Case, entry: EntryNumber) -> Result<Markup, CaseError> {
    let id = case.statement(entry)?.id();
    let mut rows = Vec::new();
    for number in case.of_kind(Kind::Labelled).iter().copied() {
        if let Record::Labelled(copy) = case.statement(number)?.record()
            && copy.work == Some(id)
        {
            rows.push(labelled(case, number, copy)?);
        }
    }
    Ok(html! {
        @if !rows.is_empty() {
            h3 { "Copies that were labelled as generated" }
            table {
                thead { tr { th { "Entry" } th { "Signed by" } th { "Label (GB 45438-2025)" } th { "Copy" } th { "Made" } } }
                tbody { @for row in rows.iter().take(MAX_SHOWN) { (row) } }
            }
            @if rows.len() > MAX_SHOWN { p.faint { (rows.len() - MAX_SHOWN) " further copies are in the entries." } }
        }
    })
}

fn labelled(case: &Case, number: EntryNumber, copy: &Labelled) -> Result<Markup, CaseError> {
    let issuer = case.issuer(number)?;
    Ok(html! {
        tr {
            td { (entry_link(case, number)) }
            td { (shown(&issuer)) }
            td {
                (copy.label.label) ", by " (shown(copy.label.producer.as_str()))
                ", number " (shown(copy.label.produce_id.as_str()))
                @if let Some(without) = &copy.without_explicit {
                    div.faint { "provided to " (shown(without.recipient.as_str())) " without a label that people see" }
                }
            }
            td { (hexadecimal(&copy.labelled)) }
            td { (when(copy.effective_at)) }
        }
    })
}
