//! From the facts of a creation to what is held and what is missing, element by element. Pure; weighs
//! nothing, and says nothing of what a court would make of it.

use super::element::Element;
use super::facts::CreationFacts;
use crate::narration::day_or_moment;
use crate::record::{Act, Commitment, EntryNumber, Generation, Manner, Step, Timestamp};

/// What an entry shows.
pub(super) type Shows = (EntryNumber, String);

/// What the record holds for an element, and what it lacks.
pub(super) fn element(facts: &CreationFacts, element: Element) -> (Vec<Shows>, Vec<&'static str>) {
    match element {
        Element::Tool => tool(facts),
        Element::Account => account(facts),
        Element::Prompts => prompts(facts),
        Element::Attempts => attempts(facts),
        Element::Selection => selection(facts),
        Element::Edits => edits(facts),
        Element::Terms => terms(facts),
        Element::Others => others(facts),
        Element::FirstPublication => remarked(facts, "no statement of where it was published"),
        Element::RegisteredElsewhere => remarked(facts, "no statement of another registration"),
        Element::AiOrigin => origin(facts),
    }
}

type Found = (Vec<Shows>, Vec<&'static str>);

fn found(held: Vec<Shows>, missing: &'static str) -> Found {
    let missing = if held.is_empty() { vec![missing] } else { Vec::new() };
    (held, missing)
}

/// What generations say, that of the registration first, then those of the steps.
fn generations(facts: &CreationFacts) -> impl Iterator<Item = (EntryNumber, &Generation)> {
    let registered = facts.work.generation.iter().map(|told| (facts.entry, told));
    let steps = facts.steps.iter();
    registered.chain(steps.filter_map(|(entry, step)| Some((*entry, step.generation.as_ref()?))))
}

/// The same thing said in the same entry is said once.
fn once(mut held: Vec<Shows>) -> Vec<Shows> {
    let mut seen = std::collections::BTreeSet::new();
    held.retain(|shown| seen.insert(shown.clone()));
    held
}

fn tool(facts: &CreationFacts) -> Found {
    let mut held = Vec::new();
    for (entry, told) in generations(facts) {
        for (what, name) in [("model", &told.model), ("tool", &told.tool)] {
            held.extend(
                name.iter().map(|name| (entry, format!("{what}, as the creator says: {name}"))),
            );
        }
    }
    for output in &facts.attested.outputs {
        held.push((output.entry, format!("model, as {} attests: {}", output.by, output.model)));
    }
    for claim in facts.work.contents.iter().flat_map(|content| &content.claims) {
        let model = claim.generation.as_ref().and_then(|told| told.model.as_ref());
        let model =
            model.map(|model| format!("model, as the file says ({}): {model}", claim.source));
        held.extend(model.map(|says| (facts.entry, says)));
    }
    let version = generations(facts).any(|(_, told)| told.model_digest.is_some());
    let (held, mut missing) = found(once(held), "no model and no tool");
    if !version {
        missing.push("no digest of the model, which would fix its version");
    }
    (held, missing)
}

fn account(facts: &CreationFacts) -> Found {
    let mut held = Vec::new();
    for (entry, told) in generations(facts) {
        let account = told.account.iter();
        held.extend(account.map(|it| (entry, format!("account, as the creator says: {it}"))));
    }
    let mut vouched = false;
    for output in &facts.attested.outputs {
        vouched |= output.by_the_provider;
        held.push((output.entry, format!("account, as {} attests: {}", output.by, output.account)));
    }
    let (held, mut missing) = found(once(held), "no account");
    if !vouched {
        missing.push(
            "no attestation by the provider of the contract; proof of login is not in the record",
        );
    }
    (held, missing)
}

fn prompts(facts: &CreationFacts) -> Found {
    let (mut held, mut seeds) = (Vec::new(), false);
    let counted =
        |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    if let Some(told) = &facts.work.generation {
        let mut parts = vec![
            counted(told.prompts.len(), "commitment") + " to prompts",
            counted(told.parameters.len(), "parameter"),
        ];
        parts.extend(told.seed.map(|seed| format!("seed {seed}")));
        seeds |= told.seed.is_some();
        held.push((facts.entry, format!("told at registration: {}", parts.join(", "))));
    }
    for (entry, step) in &facts.steps {
        if let Some(told) = &step.generation {
            seeds |= told.seed.is_some();
            let (prompts, parameters) = (told.prompts.len(), told.parameters.len());
            let at = moment(step);
            held.push((
                *entry,
                format!(
                    "{at}: {}, {}",
                    counted(prompts, "prompt"),
                    counted(parameters, "parameter")
                ),
            ));
        }
    }
    for output in &facts.attested.outputs {
        let met = |prompt: Commitment| match output.prompt_met {
            Some(true) => {
                format!("prompt, as {} attests: the commitment of the creator", output.by)
            }
            Some(false) | None => format!("prompt, as {} attests: commitment {prompt}", output.by),
        };
        held.extend(output.prompt_commitment.map(|prompt| (output.entry, met(prompt))));
    }
    let (held, mut missing) = found(held, "no prompt and no parameter");
    if !seeds {
        missing.push("no seed");
    }
    if facts.steps.iter().all(|(_, step)| step.generation.is_none()) {
        missing.push(
            "no record from the time itself: prompts were told with the registration or not at all",
        );
    }
    (held, missing)
}

fn attempts(facts: &CreationFacts) -> Found {
    let held = acts(facts, |act| matches!(act, Act::Generated | Act::Rejected));
    let rejected = facts.steps.iter().any(|(_, step)| step.act == Act::Rejected);
    let (held, mut missing) = found(held, "no attempts before the one that was registered");
    if !rejected {
        missing.push("no attempt that was rejected");
    }
    (held, missing)
}

fn selection(facts: &CreationFacts) -> Found {
    let held = acts(facts, |act| act == Act::Selected);
    let selected = |(_, step): &&(EntryNumber, Step)| step.act == Act::Selected;
    let reasoned = facts.steps.iter().filter(selected).any(|(_, step)| step.note.is_some());
    let (held, mut missing) = found(held, "no selection");
    if !reasoned {
        missing.push("no reason of a selection");
    }
    (held, missing)
}

fn edits(facts: &CreationFacts) -> Found {
    found(acts(facts, |act| act == Act::Edited), "no edit by hand with what was before and after")
}

/// Steps of some acts, one sentence each, told by the entry that holds them.
fn acts(facts: &CreationFacts, wanted: impl Fn(Act) -> bool) -> Vec<Shows> {
    let steps = facts.steps.iter().filter(|(_, step)| wanted(step.act));
    let told = steps.map(|(entry, step)| {
        let file = step
            .file
            .as_ref()
            .map_or_else(String::new, |file| format!(" {}", short(&file.digest.to_string())));
        let before = step.before.map_or_else(String::new, |before| {
            format!(", before it {}", short(&before.to_string()))
        });
        let reason =
            if step.note.is_some() { ", with a reason or remark that can be opened" } else { "" };
        (*entry, format!("{}: {}{file}{before}{reason}", moment(step), step.act))
    });
    told.collect()
}

fn terms(facts: &CreationFacts) -> Found {
    let Some(accepted) = &facts.accepted else {
        return (Vec::new(), vec!["no contract: a bare claim, without terms"]);
    };
    let shown = match accepted.manner {
        Manner::Terminal => "shown whole on a terminal, each clause asked by itself",
        Manner::Output => "written whole to the output of a program, nobody asked clause by clause",
        Manner::Screen => "shown on a screen",
        Manner::Paper => "shown on paper",
        Manner::Message => "sent as a message or a file",
    };
    let (at, count) = (day_or_moment(accepted.shown_at), accepted.acknowledged);
    let says = format!(
        "terms {}, {shown} on {at}, {count} of {} material clauses acknowledged",
        accepted.terms, accepted.clauses
    );
    (vec![(accepted.entry, says)], Vec::new())
}

fn others(facts: &CreationFacts) -> Found {
    let count = facts.work.creators.len();
    let named = match count {
        1 => "one creator named, and nobody else".to_owned(),
        count => format!("{count} creators named, with their shares"),
    };
    let mut held = vec![(facts.entry, named)];
    held.extend(
        facts.splits.iter().map(|entry| (*entry, "the split signed by a co-creator".to_owned())),
    );
    for parent in &facts.work.derived_from {
        let done = parent.kind.map_or("made from", crate::record::DerivationKind::in_words);
        held.push((facts.entry, format!("{done} another registered work")));
    }
    let missing = count > facts.splits.len() + 1;
    (held, if missing { vec!["a split that some co-creators have not signed"] } else { Vec::new() })
}

/// The record has no field for it; a remark may say it.
fn remarked(facts: &CreationFacts, missing: &'static str) -> Found {
    let note = facts.work.note.iter();
    let held =
        note.map(|note| (facts.entry, format!("a remark, which may or may not say it: {note}")));
    found(held.collect(), missing)
}

fn origin(facts: &CreationFacts) -> Found {
    let mut held = Vec::new();
    if facts.work.generation.is_some() {
        held.push((facts.entry, "the registration tells how it was generated".to_owned()));
    }
    for claim in facts.work.contents.iter().flat_map(|content| &content.claims) {
        held.push((
            facts.entry,
            format!("the file says so itself ({}, in {})", claim.source, claim.place),
        ));
    }
    for output in &facts.attested.outputs {
        held.push((output.entry, format!("{} attests that its service made it", output.by)));
    }
    found(held, "no statement that it was generated")
}

fn moment(step: &Step) -> String {
    // A step says its moment to the millisecond; people read seconds.
    let text = Timestamp::to_string(&step.at);
    text.split('.').next().unwrap_or_default().replace('T', " ")
}

fn short(digest: &str) -> String {
    format!("{}…", digest.get(..8).unwrap_or(digest))
}
