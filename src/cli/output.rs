//! What a command answers with. Says what is answered, never how or where it is written.

use super::{Exit, Text};
use serde_json::Value;

/// A typed answer, which the printer writes as text for people or as one JSON object for programs.
pub(super) trait Output {
    /// The object of `--json`: references as full identifiers, amounts and shares as strings.
    fn json(&self) -> Value;

    /// The text for people.
    fn text(&self, text: &mut Text);

    /// What the reader should be told beside the answer; goes to the standard error stream.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }

    /// What the command goes on to do once its answer is written, such as to serve.
    fn go_on(&self) {}

    /// How the program ends; only an answer that tells of damage says otherwise.
    fn exit(&self) -> Exit {
        Exit::Done
    }
}

impl<T: Output + 'static> From<T> for Box<dyn Output> {
    fn from(output: T) -> Self {
        Box::new(output)
    }
}
