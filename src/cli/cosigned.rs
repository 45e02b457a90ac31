//! What came of asking witnesses, for people and for programs.

use super::{Align, Exit, Output, Table, Text};
use crate::ledger::{Asked, Collected, NotCosigned};
use crate::record::Timestamp;
use crate::tlog::Cosignature;
use crate::witness::ClientError;
use serde_json::{Value, json};

/// Cosignatures that were asked for, and how many the policy needs.
pub(super) struct Cosigned {
    pub(super) collected: Collected,
    pub(super) quorum: usize,
}

/// When a witness signed.
pub(super) fn moment(cosignature: &Cosignature) -> String {
    let millis = i64::try_from(cosignature.time_s()).ok().and_then(|time| time.checked_mul(1000));
    let moment = millis.and_then(|millis| Timestamp::from_millis(millis).ok());
    moment.map_or_else(|| format!("{} s", cosignature.time_s()), |moment| moment.to_string())
}

/// How many have cosigned a head, and whether that is enough.
pub(super) fn quorum_line(size: u64, cosigned: usize, count: usize, quorum: usize) -> String {
    let verdict = if cosigned >= quorum { "is met" } else { "is NOT met" };
    format!(
        "{cosigned} of {count} witnesses have cosigned the head of {size} entries; the quorum of \
         {quorum} {verdict}"
    )
}

/// The stable name of a reason.
fn code(reason: &NotCosigned) -> &'static str {
    match reason {
        NotCosigned::NoUrl => "no_url",
        NotCosigned::Client(ClientError::Unreachable { .. }) => "unreachable",
        NotCosigned::Client(ClientError::Unreadable { .. }) => "unreadable",
        NotCosigned::Refused { status: 404, .. } => "unknown_log",
        NotCosigned::Refused { status: 403, .. } => "unknown_ledger_key",
        NotCosigned::Refused { .. } => "refused",
        NotCosigned::Cosignature(_) => "cosignature",
        NotCosigned::Unsettled => "unsettled",
        NotCosigned::RolledBack { .. } => "rolled_back",
        NotCosigned::Forked { .. } => "forked",
    }
}

impl Cosigned {
    fn count(&self) -> usize {
        self.collected.asked.iter().filter(|asked| asked.outcome.is_ok()).count()
    }

    /// Whether enough witnesses have cosigned.
    pub(super) fn is_met(&self) -> bool {
        self.count() >= self.quorum
    }

    /// Whether a witness contradicts the ledger.
    pub(super) fn is_contradicted(&self) -> bool {
        let contradicts =
            |asked: &Asked| asked.outcome.as_ref().is_err_and(NotCosigned::is_contradiction);
        self.collected.asked.iter().any(contradicts)
    }

    /// The line of [`quorum_line`].
    pub(super) fn line(&self) -> String {
        let count = self.collected.asked.len();
        quorum_line(self.collected.size, self.count(), count, self.quorum)
    }

    /// Each witness that has not cosigned, with the reason, and whether it contradicts the ledger.
    pub(super) fn reasons(&self) -> Vec<(String, bool)> {
        let reason = |asked: &Asked| {
            let error = asked.outcome.as_ref().err()?;
            let line = format!("witness `{}`: {error}", asked.witness.name());
            Some((line, error.is_contradiction()))
        };
        self.collected.asked.iter().filter_map(reason).collect()
    }
}

fn proof(reason: &NotCosigned) -> Option<&str> {
    match reason {
        NotCosigned::RolledBack { proof, .. } | NotCosigned::Forked { proof, .. } => {
            proof.as_deref()
        }
        NotCosigned::NoUrl
        | NotCosigned::Client(_)
        | NotCosigned::Refused { .. }
        | NotCosigned::Cosignature(_)
        | NotCosigned::Unsettled => None,
    }
}

impl Output for Cosigned {
    fn json(&self) -> Value {
        let witness = |asked: &Asked| {
            let (cosignature, reason) = (asked.outcome.as_ref().ok(), asked.outcome.as_ref().err());
            json!({
                "witness": asked.witness.name().as_str(),
                "key": asked.witness.to_string(),
                "cosigned_at": cosignature.map(moment),
                "line": cosignature.map(Cosignature::to_line),
                "code": reason.map(code),
                "reason": reason.map(ToString::to_string),
                "checkpoint": reason.and_then(proof),
            })
        };
        json!({
            "entries": self.collected.size,
            "quorum": self.quorum,
            "met": self.is_met(),
            "contradicted": self.is_contradicted(),
            "witnesses": self.collected.asked.iter().map(witness).collect::<Vec<_>>(),
        })
    }

    fn text(&self, text: &mut Text) {
        if self.is_contradicted() {
            text.heading("a witness has seen ANOTHER history of this ledger");
            for (reason, _) in self.reasons().iter().filter(|(_, contradicts)| *contradicts) {
                text.line(reason);
            }
            for asked in &self.collected.asked {
                if let Some(note) = asked.outcome.as_ref().err().and_then(proof) {
                    text.blank();
                    let name = asked.witness.name();
                    text.remark(format_args!("what `{name}` shows, signed by this ledger's key:"));
                    note.lines().for_each(|line| text.line(line));
                }
            }
            text.blank();
            text.line("Do not append to this file. Keep it as it is, and look for the newer one.");
            return;
        }
        text.heading(self.line());
        let columns = [("witness", Align::Left), ("cosigned at", Align::Left)];
        let mut table = Table::new(columns);
        for asked in &self.collected.asked {
            let told = match &asked.outcome {
                Ok(cosignature) => moment(cosignature),
                Err(reason) => reason.to_string(),
            };
            table.row([asked.witness.name().to_string(), told]);
        }
        if !self.collected.asked.is_empty() {
            text.table(table);
        }
    }

    fn exit(&self) -> Exit {
        if self.is_contradicted() {
            Exit::Integrity
        } else if self.is_met() {
            Exit::Done
        } else {
            Exit::Refused
        }
    }
}
