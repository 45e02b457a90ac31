//! `register`: registers a work.

use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use clap::Args;
use std::ffi::OsString;
use std::path::PathBuf;

const EXAMPLE: &str = "Example:\n  deedbook register spring.png --as wen --contract northlight/fee@1 --prompt-file prompt.txt \\\n      --model \"northlight-xl 2.1\" --param steps=33 --seed 42";

/// Register a work: its files, who made it, how
///
/// The files stay where they are; the ledger keeps their digests. Prompts go into the vault beside the
/// ledger, and only a commitment to them into the record, which you can open later with `prompt show`.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The files of the work, the main one first
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The title [default: the name of the first file without its extension]
    #[arg(long, value_name = "TITLE")]
    title: Option<String>,
    /// The contract under which it was made [default: none, a bare claim]
    #[arg(long, value_name = "CONTRACT")]
    contract: Option<OsString>,
    /// A file with a prompt, kept private; may be repeated
    #[arg(long = "prompt-file", value_name = "FILE")]
    prompt_files: Vec<PathBuf>,
    /// A file with a negative prompt, kept private; may be repeated
    #[arg(long = "negative-prompt-file", value_name = "FILE")]
    negative_prompt_files: Vec<PathBuf>,
    /// The model and its version
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// The program that ran the model
    #[arg(long, value_name = "TOOL")]
    tool: Option<String>,
    /// A parameter of the generation; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// The seed of the random numbers
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// A creator and its share, such as wen=1/2; may be repeated, and must sum to 1 [default: the one who signs, whole]
    #[arg(long = "creator", value_name = "HANDLE=SHARE")]
    creators: Vec<String>,
    /// A remark, such as where it was published
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable {
            command: "register",
        })
    }
}
