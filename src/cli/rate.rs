//! `rate`: publishes an exchange rate with its source.

use super::recorder::Recorder;
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use crate::record::{DecimalRate, ExchangeRate, Note, Timestamp};
use clap::Args;

const EXAMPLE: &str = "Example:\n  deedbook rate USD/CNY 7.1234 --as northlight --on 2026-03-31 \\\n    --source \"China Foreign Exchange Trade System, central parity\"";

/// Publish the exchange rate of a day
///
/// One unit of the first currency is worth so much of the second. Providers and arbiters publish
/// rates; one that was published stands.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The two currencies, such as USD/CNY
    #[arg(value_name = "PAIR")]
    pair: String,
    /// What one unit of the first is worth in the second, such as 7.1234
    #[arg(value_name = "RATE")]
    rate: String,
    /// Who says so
    #[arg(long, value_name = "TEXT")]
    source: String,
    /// Where that can be read
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let needed = "a pair of currencies such as USD/CNY";
        let malformed = || CliError::Value { found: (&self.pair).into(), needed };
        let (base, quote) = self.pair.split_once('/').ok_or_else(malformed)?;
        let (base, quote) = (base.parse()?, quote.parse()?);
        let rate = DecimalRate::published(&self.rate)?;
        let source = Note::new(self.source)?;
        let url = self.url.map(Note::new).transpose()?;
        let mut recorder = Recorder::open(session, &self.signing)?;
        let on = Timestamp::start_of(recorder.effective_at().date())?;
        let record = ExchangeRate { on, url, base, rate: rate.clone(), quote, source };
        let registered = recorder.record(record, Vec::new())?;
        let day = crate::ledger::answer::day_or_moment(on);
        let sentence =
            format!("`{}` publishes that 1 {base} was worth {rate} {quote}", recorder.handle());
        Ok(Entered::new(registered, sentence)
            .named("base", base.code())
            .named("quote", quote.code())
            .named("rate", rate.as_str())
            .named("effective_at", on.to_string())
            .field("day", day)
            .into())
    }
}
