//! Sessions: samples of their records, and the records of a story.

use super::sample::{Sample, at as sampled_at, digest, id, text};
use super::{at, signed_at};
use deedbook::record::{
    Commitment, Content, Digest, Generation, Prompt, PromptRole, RecordId, Salt, SessionStarted,
    SessionSteps, SessionStopped, Step,
};

fn commitment(text: &str) -> Commitment {
    Commitment::of(&Salt::from_bytes([7; 32]), text.as_bytes())
}

pub(super) fn started() -> Vec<Sample> {
    let minimal = SessionStarted {
        note: None,
        title: text("Spring breeze"),
        contract: None,
        effective_at: sampled_at("2026-02-24T20:00:00Z"),
    };
    let maximal = SessionStarted {
        note: Some(commitment("a portrait in the light of dusk")),
        contract: Some(id("contract")),
        ..minimal.clone()
    };
    vec![Sample::new("minimal", minimal), Sample::new("maximal", maximal)]
}

pub(super) fn steps() -> Vec<Sample> {
    let file = |name: &str| Content::new(1 << 20, digest(name));
    let generation = Generation {
        seed: Some(33),
        model: Some(text("northlight-xl 2.1")),
        prompts: vec![Prompt { role: PromptRole::Prompt, commitment: commitment("dusk") }],
        ..Generation::default()
    };
    let moment = |minute: u32| sampled_at(&format!("2026-02-24T20:{minute:02}:00.250Z"));
    let because = Some(commitment("the hands are wrong"));
    let steps = vec![
        Step { generation: Some(generation), ..Step::generated(moment(1), file("one")) },
        Step::generated(moment(2), file("two")),
        Step { note: because, ..Step::rejected(moment(2), file("one")) },
        Step { note: because, ..Step::selected(moment(3), file("two")) },
        Step { note: because, ..Step::edited(moment(4), digest("two"), file("three")) },
        Step::noted(moment(5), commitment("done for today")),
    ];
    let session = id("session");
    let minimal = SessionSteps { steps: vec![Step::generated(moment(1), file("one"))], session };
    let maximal = SessionSteps { steps, session };
    vec![Sample::new("minimal", minimal), Sample::new("maximal", maximal)]
}

pub(super) fn stopped() -> Vec<Sample> {
    let effective_at = signed_at();
    vec![Sample::new("minimal", SessionStopped { session: id("session"), effective_at })]
}

/// A session that began on 25 February, at noon.
pub(crate) fn session(title: &str, contract: Option<RecordId>) -> SessionStarted {
    let effective_at = at("2026-02-25T12:00:00Z");
    SessionStarted { note: None, title: text(title), contract, effective_at }
}

/// A file that a tool made, known by its name.
pub(crate) fn output(name: &str) -> Content {
    Content::new(3, Digest::of(name.as_bytes()))
}

pub(crate) fn steps_of(session: RecordId, steps: Vec<Step>) -> SessionSteps {
    SessionSteps { steps, session }
}
