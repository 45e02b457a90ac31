//! `witness list`: who cosigns, and up to where.

use super::cosigned::{moment, quorum_line};
use super::{Align, CliError, Output, Session, Table, Text, witness_policy};
use crate::tlog::{Cosignature, PolicyWitness};
use clap::Args;
use serde_json::{Value, json};

const EXAMPLE: &str = "Example:\n  deedbook witness list";

/// List the witnesses of this ledger, and what they have cosigned
///
/// Prints the ledger's own key as well, by which a witness must know it. Nobody is asked.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let ledger = session.read()?;
        let policy = witness_policy::of_ledger(session, &ledger)?;
        let size = ledger.read()?.size()?;
        let mut witnesses = Vec::new();
        for witness in policy.witnesses() {
            let last = ledger.cosigned_last(&witness.key)?;
            let cosignatures = ledger.cosignatures(last.unwrap_or_default())?;
            let mut own = cosignatures.into_iter();
            let own = own.find(|cosignature| *cosignature.witness() == witness.key);
            witnesses.push(Listed { witness: witness.clone(), last, cosignature: own });
        }
        let ledger_key = ledger.verifier().verifier_key();
        Ok(Witnesses { ledger_key, size, quorum: policy.quorum(), witnesses }.into())
    }
}

struct Listed {
    witness: PolicyWitness,
    last: Option<u64>,
    cosignature: Option<Cosignature>,
}

struct Witnesses {
    ledger_key: String,
    size: u64,
    quorum: usize,
    witnesses: Vec<Listed>,
}

impl Witnesses {
    fn cosigned(&self) -> usize {
        self.witnesses.iter().filter(|listed| listed.last == Some(self.size)).count()
    }
}

impl Output for Witnesses {
    fn json(&self) -> Value {
        let witness = |listed: &Listed| {
            json!({
                "witness": listed.witness.key.name().as_str(),
                "key": listed.witness.key.to_string(),
                "url": listed.witness.url,
                "cosigned_entries": listed.last,
                "cosigned_at": listed.cosignature.as_ref().map(moment),
            })
        };
        json!({
            "ledger_key": self.ledger_key,
            "entries": self.size,
            "quorum": self.quorum,
            "met": self.cosigned() >= self.quorum,
            "witnesses": self.witnesses.iter().map(witness).collect::<Vec<_>>(),
        })
    }

    fn text(&self, text: &mut Text) {
        if self.witnesses.is_empty() {
            text.heading("nobody cosigns this ledger");
        } else {
            let (cosigned, count) = (self.cosigned(), self.witnesses.len());
            text.heading(quorum_line(self.size, cosigned, count, self.quorum));
            let columns = ["witness", "asked at", "entries", "cosigned at"];
            let mut table =
                Table::new(columns.map(|name| {
                    (name, if name == "entries" { Align::Right } else { Align::Left })
                }));
            for listed in &self.witnesses {
                table.row([
                    listed.witness.key.name().to_string(),
                    listed.witness.url.clone().unwrap_or_default(),
                    listed.last.map_or_else(|| "none".to_owned(), |last| last.to_string()),
                    listed.cosignature.as_ref().map(moment).unwrap_or_default(),
                ]);
            }
            text.table(table);
        }
        text.blank();
        text.remark("The key of this ledger, for its witnesses:");
        text.line(&self.ledger_key);
    }
}
