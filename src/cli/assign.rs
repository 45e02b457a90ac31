//! `assign`: a holder transfers a share of its rights.

use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook assign spring.png --to gallery --share 1/2 --as wen --price \"100.00 CNY\"\n  deedbook assign spring.png --to gallery --share 1 --as wen --rights exhibition,reproduction --territory CN --until 2030-01-01";

/// Assign a share of the rights in a work
///
/// Transfers such rights as the assignor holds, and quits every further claim to them. Rights that are
/// not named are not granted.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work
    #[arg(value_name = "WORK")]
    work: OsString,
    /// Who receives
    #[arg(long, value_name = "HANDLE")]
    to: String,
    /// The share of the whole that passes, such as 1/2 or 1
    #[arg(long, value_name = "SHARE")]
    share: String,
    /// Kinds of right, separated by commas, or all
    #[arg(long, value_name = "LIST", default_value = "all")]
    rights: String,
    /// Country codes, separated by commas, or worldwide
    #[arg(long, value_name = "LIST", default_value = "worldwide")]
    territory: String,
    /// When the rights fall back [default: never]
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// The price, such as "100.00 CNY"
    #[arg(long, value_name = "AMOUNT")]
    price: Option<String>,
    /// Date and manner of payment
    #[arg(long, value_name = "TEXT")]
    payment_terms: Option<String>,
    /// Liability for breach
    #[arg(long, value_name = "TEXT")]
    breach: Option<String>,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "assign" })
    }
}
