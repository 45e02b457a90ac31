//! `completions`: completion scripts for shells.

use super::arguments::Arguments as Program;
use super::{CliError, Output, Session, Text};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use serde_json::{Value, json};

const EXAMPLE: &str =
    "Example:\n  deedbook completions bash > ~/.local/share/bash-completion/completions/deedbook";

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The shell
    shell: Shell,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Program::command(), "deedbook", &mut script);
        let shell = self.shell;
        Ok(Script { shell, script }.into())
    }
}

struct Script {
    shell: Shell,
    script: Vec<u8>,
}

impl Output for Script {
    fn json(&self) -> Value {
        let script = String::from_utf8_lossy(&self.script);
        json!({ "shell": self.shell.to_string(), "script": script })
    }

    fn text(&self, text: &mut Text) {
        text.exact(&self.script);
    }
}
