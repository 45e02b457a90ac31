//! `timestamp list`: what authorities certified of the checkpoints.

use super::{Align, CliError, Output, Session, Table, Text};
use crate::ledger::KeptTimestamp;
use crate::record::Timestamp;
use clap::Args;
use serde_json::{Value, json};

const EXAMPLE: &str = "Example:\n  deedbook timestamp list";

/// List the time stamps of the ledger
///
/// Each is checked: its digest is that of the checkpoint, and its signature holds. Who the authority
/// is was checked when the stamp was attached, and is not here.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Ok(Listed(session.read()?.timestamps()?).into())
    }
}

/// The stamped moment; one that our calendar does not have is shown as the number it is.
fn moment(at_ms: u64) -> String {
    let at = i64::try_from(at_ms).ok().and_then(|at| Timestamp::from_millis(at).ok());
    at.map_or_else(|| format!("{at_ms} ms after 1970"), |at| at.to_string())
}

/// The keys of a stamp.
pub(super) fn object(kept: &KeptTimestamp) -> Value {
    json!({
        "timestamp": kept.number,
        "checkpoint": kept.size,
        "at": moment(kept.stamped.at_ms),
        "accuracy_ms": kept.stamped.accuracy_ms,
        "authority": kept.stamped.authority,
        "serial": kept.stamped.serial,
        "policy": kept.stamped.policy,
    })
}

/// A stamp in full.
pub(super) fn fields(kept: &KeptTimestamp, text: &mut Text) {
    text.field("checkpoint", format!("at size {}", kept.size));
    text.field("existed at", moment(kept.stamped.at_ms));
    if let Some(accuracy) = kept.stamped.accuracy_ms {
        text.field("accuracy", format!("{accuracy} ms"));
    }
    text.field("authority", &kept.stamped.authority);
    text.field("its number", &kept.stamped.serial);
    text.field("its policy", &kept.stamped.policy);
}

struct Listed(Vec<KeptTimestamp>);

impl Output for Listed {
    fn json(&self) -> Value {
        json!({ "timestamps": self.0.iter().map(object).collect::<Vec<_>>() })
    }

    fn text(&self, text: &mut Text) {
        if self.0.is_empty() {
            text.line("no time stamps");
            return;
        }
        let mut table = Table::new([
            ("stamp", Align::Right),
            ("size", Align::Right),
            ("existed at", Align::Left),
            ("authority", Align::Left),
        ]);
        for kept in &self.0 {
            table.row([
                kept.number.to_string(),
                kept.size.to_string(),
                moment(kept.stamped.at_ms),
                kept.stamped.authority.clone(),
            ]);
        }
        text.table(table);
    }
}
