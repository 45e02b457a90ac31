//! `advance`: a payer reports money paid in advance.

use super::signing::SigningArguments;
use super::{CliError, Output, Session, pay};
use crate::record::Purpose;
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str =
    "Example:\n  deedbook advance '#12' 500.00 CNY --as wen --reference ADV-2026-1 --on 2026-01-15";

/// Report an advance under a profit-share contract
///
/// Who owes the share pays it ahead, and recoups it from what the share yields later. It counts once
/// the payee confirms it, as every payment does.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The contract, or a work of it
    #[arg(value_name = "WORK|CONTRACT")]
    subject: OsString,
    /// How much, such as 500.00
    #[arg(allow_negative_numbers = true)]
    amount: String,
    /// The currency, such as CNY
    currency: String,
    /// Your reference, by which a report sent twice is recognised [default: a random one]
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,
    /// How it was paid
    #[arg(long, value_name = "TEXT")]
    manner: Option<String>,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        pay::Arguments {
            subject: self.subject,
            amount: self.amount,
            currency: self.currency,
            reference: self.reference,
            purpose: Some(Purpose::Advance.name().to_owned()),
            to: None,
            manner: self.manner,
            signing: self.signing,
        }
        .run(session)
    }
}
