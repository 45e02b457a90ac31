//! Collecting cosignatures: the head of the ledger is handed to witnesses, and what they sign is
//! verified and kept. An entry is recorded before any of this, and stands whatever comes of it.
//!
//! Never believes a witness: a cosignature is kept only where it verifies, and that a witness has seen
//! another history is called proven only where it shows a checkpoint with this ledger's signature.

use super::verify::cosignature_of;
use super::{Ledger, LedgerError};
use crate::store::{Access, CosignatureRow, Store};
use crate::tlog::{
    Checkpoint, Cosignature, CosignatureError, PolicyWitness, WitnessKey, consistency_proof,
    root_at,
};
use crate::witness::{AddCheckpoint, Answer, ClientError, WitnessClient};
use thiserror::Error;

/// How often a witness is asked anew: with the size that it says it has, and once more if the ledger
/// or the witness moves on meanwhile.
const MAX_ROUNDS: usize = 3;

/// Why there is no cosignature of a witness.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotCosigned {
    /// The policy has no URL for it.
    #[error("the policy does not say where it is asked")]
    NoUrl,
    /// It gave no answer that can be read.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// It answered with a status that is no contradiction: 404 where it does not know this ledger,
    /// 403 where it knows it by another key.
    #[error("refused with status {status}: {reason}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What it said.
        reason: String,
    },
    /// What it signed is not a cosignature on this checkpoint by the key of the policy.
    #[error(transparent)]
    Cosignature(#[from] CosignatureError),
    /// It, or the ledger, moved on each time it was asked.
    #[error("the witness was asked {MAX_ROUNDS} times, and had moved on each time")]
    Unsettled,
    /// The witness has seen more of this log than there is.
    #[error(
        "the ledger was rolled back, or is a shorter fork: it has {found} entries, the witness has \
         seen {seen}{}",
        proof.as_ref().map_or("", |_| ", signed by this ledger's key")
    )]
    RolledBack {
        /// How many entries the ledger has.
        found: u64,
        /// How many the witness has seen.
        seen: u64,
        /// The checkpoint that the witness shows, where this ledger's key has signed it.
        proof: Option<String>,
    },
    /// The witness has seen another history of this log.
    #[error(
        "the ledger is a fork: its first {size} entries are not those that the witness has seen{}",
        proof.as_ref().map_or("", |_| ", signed by this ledger's key")
    )]
    Forked {
        /// Up to where they should agree.
        size: u64,
        /// The checkpoint that the witness shows, where this ledger's key has signed it.
        proof: Option<String>,
    },
}

impl NotCosigned {
    /// Whether the witness contradicts the ledger, rather than failing to answer for it.
    pub const fn is_contradiction(&self) -> bool {
        match self {
            Self::RolledBack { .. } | Self::Forked { .. } => true,
            Self::NoUrl
            | Self::Client(_)
            | Self::Refused { .. }
            | Self::Cosignature(_)
            | Self::Unsettled => false,
        }
    }
}

/// What came of asking one witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The witness.
    pub witness: WitnessKey,
    /// Its cosignature on the head; the one kept before, where it had cosigned this head already.
    pub outcome: Result<Cosignature, NotCosigned>,
}

/// What came of asking witnesses about the head of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collected {
    /// The size of the head when they were first asked.
    pub size: u64,
    /// Each witness, in the order of the policy.
    pub asked: Vec<Asked>,
}

/// A request that is on its way.
struct Pending {
    place: usize,
    old_size: u64,
    body: String,
    head: Checkpoint,
}

impl Ledger {
    /// Asks witnesses to cosign the head, all of them at once, and keeps what verifies.
    ///
    /// # Errors
    /// A database that cannot be read or written. What a witness answers is no error of this.
    pub fn collect(
        &self,
        witnesses: &[PolicyWitness],
        client: &WitnessClient,
    ) -> Result<Collected, LedgerError> {
        let mut old_sizes = Vec::new();
        let size = {
            let reader = self.read()?;
            for witness in witnesses {
                old_sizes.push(reader.cosigned_last(&witness.key.to_string())?.unwrap_or(0));
            }
            reader.size()?
        };
        let unsettled = |witness: &PolicyWitness| match &witness.url {
            Some(_) => Err(NotCosigned::Unsettled),
            None => Err(NotCosigned::NoUrl),
        };
        let mut outcomes: Vec<_> = witnesses.iter().map(unsettled).collect();
        let mut open: Vec<_> = (0..witnesses.len())
            .filter(|place| witnesses.get(*place).is_some_and(|witness| witness.url.is_some()))
            .collect();
        for _ in 0..MAX_ROUNDS {
            let pending = self.pending(&open, &old_sizes, &mut outcomes)?;
            open.clear();
            for (pending, answer) in ask(witnesses, pending, client) {
                let (place, old_size) = (pending.place, pending.old_size);
                let Some(witness) = witnesses.get(place) else { continue };
                // A size that was not asked with: asked with, in the next round.
                if let Ok(Answer::Conflict { size }) = &answer
                    && *size != old_size
                {
                    if let Some(old_size) = old_sizes.get_mut(place) {
                        *old_size = *size;
                    }
                    open.push(place);
                    continue;
                }
                let outcome = self.judge(witness, &pending, answer, client)?;
                if let Some(kept) = outcomes.get_mut(place) {
                    *kept = outcome;
                }
            }
            if open.is_empty() {
                break;
            }
        }
        // What the last round has learned: a witness that is ahead of the ledger.
        self.pending(&open, &old_sizes, &mut outcomes)?;
        self.show_rollbacks(witnesses, &mut outcomes, client);
        let asked = witnesses.iter().zip(outcomes);
        let asked = asked
            .map(|(witness, outcome)| Asked { witness: witness.key.clone(), outcome })
            .collect();
        Ok(Collected { size, asked })
    }

    /// The requests for these witnesses over the head as it is now. A witness that has seen more than
    /// there is gets none, and that as its outcome.
    fn pending(
        &self,
        open: &[usize],
        old_sizes: &[u64],
        outcomes: &mut [Result<Cosignature, NotCosigned>],
    ) -> Result<Vec<Pending>, LedgerError> {
        let reader = self.read()?;
        let note = reader.head()?.checkpoint.unwrap_or_default();
        let head = self.verifier.verify(&note)?;
        let mut pending = Vec::new();
        for place in open.iter().copied() {
            let old_size = old_sizes.get(place).copied().unwrap_or(0);
            if old_size > head.size {
                if let Some(outcome) = outcomes.get_mut(place) {
                    let (found, seen) = (head.size, old_size);
                    *outcome = Err(NotCosigned::RolledBack { found, seen, proof: None });
                }
                continue;
            }
            let proof = match old_size {
                0 => Vec::new(),
                old_size => consistency_proof(old_size, head.size, &reader)?.hashes().to_vec(),
            };
            let body = AddCheckpoint { old_size, proof, note: note.clone() }.encode();
            pending.push(Pending { place, old_size, body, head: head.clone() });
        }
        Ok(pending)
    }

    /// What an answer means; a cosignature that verifies is kept.
    fn judge(
        &self,
        witness: &PolicyWitness,
        pending: &Pending,
        answer: Result<Answer, ClientError>,
        client: &WitnessClient,
    ) -> Result<Result<Cosignature, NotCosigned>, LedgerError> {
        let lines = match answer {
            Ok(Answer::Cosigned { lines }) => lines,
            // The same size and another root, or a beginning that is another one.
            Ok(Answer::Conflict { .. }) if pending.old_size == pending.head.size => {
                return self.forked(witness, pending, client);
            }
            Ok(Answer::Inconsistent) if pending.old_size > 0 => {
                return self.forked(witness, pending, client);
            }
            Ok(Answer::Conflict { size }) => {
                let reason = format!("a conflict with the size {size} that it was asked with");
                return Ok(Err(NotCosigned::Refused { status: 409, reason }));
            }
            Ok(Answer::Inconsistent) => {
                let reason = "an inconsistency with nothing".to_owned();
                return Ok(Err(NotCosigned::Refused { status: 422, reason }));
            }
            Ok(Answer::Refused { status, reason }) => {
                return Ok(Err(NotCosigned::Refused { status, reason }));
            }
            Err(error) => return Ok(Err(error.into())),
        };
        let cosignature = match witness.key.find(&lines) {
            Ok(cosignature) => cosignature,
            Err(error) => return Ok(Err(error.into())),
        };
        if let Err(error) = cosignature.verify(&pending.head.to_text()) {
            return Ok(Err(error.into()));
        }
        self.keep(pending.head.size, &cosignature).map(Ok)
    }

    /// A witness says that this is a fork. Its own checkpoint, signed by this ledger's key, proves it;
    /// where that is of this tree after all, the witness is wrong.
    fn forked(
        &self,
        witness: &PolicyWitness,
        pending: &Pending,
        client: &WitnessClient,
    ) -> Result<Result<Cosignature, NotCosigned>, LedgerError> {
        let size = pending.old_size;
        let shown = self.shown(witness, client);
        if let Some((seen, _)) = &shown
            && seen.size > 0
            && seen.size <= pending.head.size
            && root_at(seen.size, &self.read()?)? == seen.root
        {
            let reason = "says that this is a fork, and shows a checkpoint that is of this tree";
            return Ok(Err(NotCosigned::Refused { status: 422, reason: reason.to_owned() }));
        }
        let proof = shown.map(|(_, note)| note);
        Ok(Err(NotCosigned::Forked { size, proof }))
    }

    /// Adds what witnesses show to what they say, where they have seen more than there is.
    fn show_rollbacks(
        &self,
        witnesses: &[PolicyWitness],
        outcomes: &mut [Result<Cosignature, NotCosigned>],
        client: &WitnessClient,
    ) {
        for (witness, outcome) in witnesses.iter().zip(outcomes) {
            if let Err(NotCosigned::RolledBack { found, proof, .. }) = outcome {
                let shown = self.shown(witness, client);
                *proof = shown.filter(|(seen, _)| seen.size > *found).map(|(_, note)| note);
            }
        }
    }

    /// The checkpoint that a witness shows of this log, where this ledger's key has signed it.
    fn shown(
        &self,
        witness: &PolicyWitness,
        client: &WitnessClient,
    ) -> Option<(Checkpoint, String)> {
        let url = witness.url.as_deref()?;
        let note = client.latest(url, self.verifier.origin()).ok()??;
        let (checkpoint, _) = self.verifier.verify_extended(&note).ok()?;
        Some((checkpoint, note))
    }

    /// Keeps a cosignature, unless there is one of this witness and size; answers with the kept one.
    fn keep(&self, size: u64, cosignature: &Cosignature) -> Result<Cosignature, LedgerError> {
        let kept = |rows: Vec<Cosignature>| {
            rows.into_iter().find(|kept| kept.witness() == cosignature.witness())
        };
        if let Some(kept) = kept(self.cosignatures(size)?) {
            return Ok(kept);
        }
        let mut store = Store::open(self.store.path(), Access::ReadWrite)?;
        let mut writer = store.begin_write()?;
        writer.add_cosignature(&CosignatureRow {
            witness: cosignature.witness().to_string(),
            size,
            time_s: cosignature.time_s(),
            signature: cosignature.signature().to_vec(),
        })?;
        writer.commit()?;
        // Another process may have been first.
        Ok(kept(self.cosignatures(size)?).unwrap_or_else(|| cosignature.clone()))
    }

    /// The cosignatures kept on the checkpoint of this size, in order of the witness. They were
    /// verified when they were kept; [`Ledger::verify`] does it again.
    ///
    /// # Errors
    /// A database that cannot be read, or rows that are not cosignatures.
    pub fn cosignatures(&self, size: u64) -> Result<Vec<Cosignature>, LedgerError> {
        self.read()?.cosignatures(size)?.iter().map(cosignature_of).collect()
    }

    /// The largest size that a witness has cosigned, as far as it is kept.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn cosigned_last(&self, witness: &WitnessKey) -> Result<Option<u64>, LedgerError> {
        Ok(self.read()?.cosigned_last(&witness.to_string())?)
    }
}

/// Sends every request at the same time, each in a thread of its own.
fn ask(
    witnesses: &[PolicyWitness],
    pending: Vec<Pending>,
    client: &WitnessClient,
) -> Vec<(Pending, Result<Answer, ClientError>)> {
    let send = &|pending: &Pending| {
        let url = witnesses.get(pending.place).and_then(|witness| witness.url.as_deref());
        client.add_checkpoint(url.unwrap_or_default(), &pending.body)
    };
    let answers: Vec<_> = std::thread::scope(|scope| {
        let sent: Vec<_> =
            pending.iter().map(|pending| scope.spawn(move || send(pending))).collect();
        sent.into_iter().map(super::append::join).collect()
    });
    pending.into_iter().zip(answers).collect()
}
