//! What a rule has to say about a place in a file.

use crate::source::Source;
use std::fmt;

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    advice: String,
}

impl Finding {
    /// A finding at a byte of a file: what is wrong there, and what to do instead.
    pub(crate) fn new(source: &Source<'_>, at: usize, advice: &str) -> Self {
        Self { path: source.path.to_owned(), line: source.line(at), advice: advice.to_owned() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.advice)
    }
}
