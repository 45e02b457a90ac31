//! `opening`: where accounts stood when they moved here.

use super::recorder::Recorder;
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session, pay};
use crate::ledger::answer::Needed;
use crate::money::{Currency, MoneyError};
use crate::record::Opening;
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook opening '#12' CNY --as northlight --on 2026-01-01 --earned 812.00 --paid 600.00\n  deedbook agree '#20' --as wen";

/// State the opening balance of accounts that were kept elsewhere
///
/// One side of the contract states where the accounts stood on the day that `--on` names, and the
/// other agrees with `deedbook agree`. From then on lines of earlier days are refused.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The contract
    #[arg(value_name = "CONTRACT")]
    contract: OsString,
    /// The currency of every amount, such as CNY
    currency: String,
    /// What was earned before
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    earned: String,
    /// What was paid before
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    paid: String,
    /// The base of all periods before, from which tiers count on
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    base: String,
    /// Losses that are carried forward
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    carried_loss: String,
    /// What of an advance is not recouped yet
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    advance: String,
    /// How many copies were sold before
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    units: u64,
    #[command(flatten)]
    signing: SigningArguments,
}

fn minor(amount: &str, currency: Currency) -> Result<i64, CliError> {
    let amount = pay::amount(amount, currency.code())?;
    let (minor, currency) = (amount.minor(), amount.currency());
    Ok(i64::try_from(minor).map_err(|_| MoneyError::AmountOutOfRange { minor, currency })?)
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let currency: Currency = self.currency.parse()?;
        let mut recorder = Recorder::open(session, &self.signing)?;
        let contract = recorder.id(&self.contract, Needed::Contract)?;
        let effective_at = recorder.effective_at();
        let record = Opening {
            base: minor(&self.base, currency)?,
            paid: minor(&self.paid, currency)?,
            units: self.units,
            earned: minor(&self.earned, currency)?,
            advance: minor(&self.advance, currency)?,
            contract,
            currency,
            carried_loss: minor(&self.carried_loss, currency)?,
            effective_at,
        };
        let registered = recorder.record(record, Vec::new())?;
        let id = registered.id.to_string();
        let next = registered.entry.map(|entry| {
            format!("the other side of the contract agrees: deedbook agree '{entry}' --as PARTY")
        });
        let sentence = format!("`{}` states the opening balance", recorder.handle());
        let mut entered = Entered::new(registered, sentence)
            .named("opening", id)
            .named("contract", contract.to_string())
            .named("currency", currency.code())
            .named("effective_at", effective_at.to_string())
            .field("contract", contract)
            .field("as of", effective_at);
        if let Some(next) = next {
            entered = entered.field("next", next);
        }
        Ok(entered.into())
    }
}
