//! What every recording command takes: who signs, with what, as of when, and where to.

use clap::Args;
use std::path::PathBuf;

/// Options of every command that records something.
#[derive(Debug, Args)]
#[command(next_help_heading = "Signing")]
pub(super) struct SigningArguments {
    /// The party that says this
    #[arg(long = "as", value_name = "HANDLE")]
    pub(super) party: String,
    #[command(flatten)]
    pub(super) statement: StatementArguments,
}

/// Options of every command that makes a statement.
#[derive(Debug, Args)]
#[command(next_help_heading = "Signing")]
pub(super) struct StatementArguments {
    /// An OpenSSH private key to sign with [default: the party's key among `deedbook key list`]
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,
    /// Sign only: write the statement to this file and submit nothing
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// When the fact took effect: a day, or a moment such as 2026-03-01T12:00:00Z; a day is its first
    /// moment, or that of what the fact rests on, where that was the same day [default: now]
    #[arg(long, value_name = "DATE")]
    pub(super) on: Option<String>,
}
