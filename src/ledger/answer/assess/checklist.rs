//! From the facts of a creation to what is held and what is missing, element by element. Pure; weighs
//! nothing, and says nothing of what a court would make of it.

use super::super::session::days_late;
use super::element::Element;
use super::facts::{CreationFacts, Ground, LabelledFile, ToldStep};
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
    registered.chain(steps.filter_map(|told| Some((told.entry, told.step.generation.as_ref()?))))
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
    for told in &facts.steps {
        let at = moment(facts, told);
        for (generation, by) in generations_of(&told.step) {
            seeds |= generation.seed.is_some();
            let prompts = counted(generation.prompts.len(), "prompt");
            let parameters = counted(generation.parameters.len(), "parameter");
            held.push((told.entry, format!("{at}: {prompts}, {parameters}{by}")));
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
    let tells_generation = |told: &ToldStep| generations_of(&told.step).next().is_some();
    if !facts.steps.iter().any(|told| tells_generation(told) && is_told_in_time(told)) {
        missing.push(
            "no record from the time itself: prompts were told with the registration, long after their step, or not at all",
        );
    }
    (held, missing)
}

fn attempts(facts: &CreationFacts) -> Found {
    let held = acts(facts, |act| matches!(act, Act::Generated | Act::Rejected));
    let rejected = facts.steps.iter().any(|told| told.step.act == Act::Rejected);
    let (held, mut missing) = found(held, "no attempts before the one that was registered");
    if !rejected {
        missing.push("no attempt that was rejected");
    }
    (held, missing)
}

fn selection(facts: &CreationFacts) -> Found {
    let held = acts(facts, |act| act == Act::Selected);
    let is_reasoned = |told: &ToldStep| told.step.act == Act::Selected && told.step.note.is_some();
    let reasoned = facts.steps.iter().any(is_reasoned);
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
    let steps = facts.steps.iter().filter(|told| wanted(told.step.act));
    let told = steps.map(|told| {
        let step = &told.step;
        let file = step
            .file
            .as_ref()
            .map_or_else(String::new, |file| format!(" {}", short(&file.digest.to_string())));
        let before = step.before.map_or_else(String::new, |before| {
            format!(", before it {}", short(&before.to_string()))
        });
        let reason =
            if step.note.is_some() { ", with a reason or remark that can be opened" } else { "" };
        (told.entry, format!("{}: {}{file}{before}{reason}", moment(facts, told), step.act))
    });
    told.collect()
}

fn terms(facts: &CreationFacts) -> Found {
    let held = facts.accepted.iter().map(|accepted| {
        let shown = match accepted.manner {
            Manner::Terminal => "shown whole on a terminal, each clause asked by itself",
            Manner::Output => {
                "written whole to the output of a program, nobody asked clause by clause"
            }
            Manner::Screen => "shown on a screen",
            Manner::Paper => "shown on paper",
            Manner::Message => "sent as a message or a file",
        };
        let ground = match accepted.ground {
            Ground::Named => "of the registration",
            Ground::First => "of the contract that was made first",
            Ground::Amendment => "of a later version of that contract",
            Ground::Session => "of a session",
        };
        let (at, from) = (day_or_moment(accepted.shown_at), day_or_moment(accepted.effective_at));
        let (count, clauses, terms) = (accepted.acknowledged, accepted.clauses, &accepted.terms);
        let says = format!(
            "terms {ground}: {terms}, in force from {from}, {shown} on {at}, {count} of {clauses} material clauses acknowledged"
        );
        (accepted.entry, says)
    });
    let (held, mut missing) = found(held.collect(), "no contract: a bare claim, without terms");
    let made_at = facts.work.effective_at;
    if !held.is_empty() && facts.accepted.iter().all(|accepted| accepted.effective_at > made_at) {
        missing.push("no terms that were in force when the work was made, as its creator says");
    }
    (held, missing)
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
    held.extend(facts.labelled.iter().map(|label| (label.entry, labelled(facts, label))));
    let (held, mut missing) = found(held, "no statement that it was generated");
    if facts.labelled.is_empty() {
        missing.push("no labelled copy in the log of labelling");
    }
    (held, missing)
}

/// A labelled copy: what it says, when it was made, and of what.
fn labelled(facts: &CreationFacts, label: &LabelledFile) -> String {
    let LabelledFile { labelled, party, .. } = label;
    let (certainty, at) = (labelled.label.label.value(), day_or_moment(labelled.effective_at));
    let is_of_work = |digest| facts.work.contents.iter().any(|content| content.digest == digest);
    let [original, copy] = [labelled.original, labelled.labelled].map(|it| short(&it.to_string()));
    let of = match (is_of_work(labelled.labelled), is_of_work(labelled.original)) {
        (true, _) => format!("the file of the work is itself the labelled copy of {original}"),
        (false, true) => format!("a copy {copy} of a file of the work"),
        (false, false) => format!("a copy {copy} of another file {original}"),
    };
    format!("labelled as generated (Label {certainty}) by {party}, {at}: {of}")
}

fn is_told_in_time(told: &ToldStep) -> bool {
    days_late(told.step.at, told.registered_at) == 0
}

/// How a step says that its file was generated, and then how the file does; with by whom.
fn generations_of(step: &Step) -> impl Iterator<Item = (&Generation, &'static str)> {
    let claims = step.file.iter().flat_map(|file| &file.claims);
    let claimed = claims.filter_map(|claim| claim.generation.as_ref());
    let told = step.generation.iter().map(|generation| (generation, ""));
    told.chain(claimed.map(|generation| (generation, ", as the file says")))
}

/// When a step happened, as its maker says, and what its entry says of that.
fn moment(facts: &CreationFacts, told: &ToldStep) -> String {
    // A step says its moment to the millisecond; people read seconds.
    let text = Timestamp::to_string(&told.step.at);
    let said = text.split('.').next().unwrap_or_default().replace('T', " ");
    let late = if is_told_in_time(told) {
        String::new()
    } else {
        let days = days_late(told.step.at, told.registered_at);
        format!(", told {days} {} after that", if days == 1 { "day" } else { "days" })
    };
    let after = if told.registered_at > facts.registered_at {
        " and after the work was registered"
    } else {
        ""
    };
    format!("{said}, as the creator says{late}{after}")
}

fn short(digest: &str) -> String {
    format!("{}…", digest.get(..8).unwrap_or(digest))
}
