//! `receipt`: the ledger's signed proof that an entry is in it, or that it only grew.

use super::question::{digest_of, short};
use super::recorder::write_new;
use super::{CliError, Output, Session, Text};
use crate::ledger::answer::{Needed, day_or_moment, resolve};
use crate::record::{EntryNumber, Thumbprint, Timestamp};
use crate::tlog::receipt::{ConsistencyReceipt, InclusionReceipt, ReceiptClaims};
use clap::Args;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::PathBuf;

const EXAMPLE: &str = "Example:\n  deedbook receipt '#42' -o 42.receipt\n  deedbook receipt '#42' --transparent -o 42.scitt\n  deedbook receipt --since 40 -o grown.receipt";

/// Write the ledger's signed receipt for an entry, or for how it grew
///
/// A COSE Receipt (RFC 9942) that other programs verify offline with the ledger's public key: of
/// inclusion, that the entry is in the ledger, at which place and since when; or with `--since` of
/// consistency, that what the ledger held is what it still begins with. Needs the ledger's own key.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The entry
    #[arg(value_name = "REF", required_unless_present = "since", conflicts_with = "since")]
    entry: Option<OsString>,
    /// Prove that the ledger extends what it was at this number of entries
    #[arg(long, value_name = "SIZE")]
    since: Option<u64>,
    /// Up to this number of entries [default: all]
    #[arg(long, value_name = "SIZE", requires = "since")]
    size: Option<u64>,
    /// Write the statement with its receipt attached: a transparent statement (RFC 9943)
    #[arg(long, conflicts_with = "since")]
    transparent: bool,
    /// Write to this new file
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let ledger = session.append()?;
        let reader = ledger.read()?;
        let (bytes, proven) = match (&self.entry, self.since) {
            (Some(typed), _) => {
                let entry: EntryNumber =
                    resolve::<CliError>(&reader, typed, Needed::Entry, None, digest_of)?;
                if self.transparent {
                    let whole = ledger.transparent_statement(&reader, entry)?;
                    let receipt = whole.receipts().first().cloned();
                    (whole.to_bytes(), receipt.map(Proven::Inclusion))
                } else {
                    let receipt = ledger.inclusion_receipt(&reader, entry)?;
                    (receipt.to_bytes(), Some(Proven::Inclusion(receipt)))
                }
            }
            (None, since) => {
                let since = since.unwrap_or_default();
                let receipt = ledger.consistency_receipt(&reader, since, self.size)?;
                (receipt.to_bytes(), Some(Proven::Consistency(receipt)))
            }
        };
        write_new(&self.output, &bytes)?;
        Ok(Written { path: self.output, transparent: self.transparent, proven }.into())
    }
}

enum Proven {
    Inclusion(InclusionReceipt),
    Consistency(ConsistencyReceipt),
}

/// What was written.
struct Written {
    path: PathBuf,
    transparent: bool,
    /// There is one: a transparent statement has a receipt.
    proven: Option<Proven>,
}

fn common(claims: &ReceiptClaims, kid: &[u8; 32]) -> Value {
    let issued_at = i64::try_from(claims.issued_at_s).unwrap_or(i64::MAX);
    let issued_at = Timestamp::from_millis(issued_at.saturating_mul(1000));
    json!({
        "issuer": claims.issuer,
        "subject": claims.subject,
        "issued_at": issued_at.map(|at| at.to_string()).ok(),
        "kid": Thumbprint::from_bytes(*kid).to_string(),
    })
}

fn registered_at(receipt: &InclusionReceipt) -> Option<Timestamp> {
    Timestamp::from_millis(receipt.registered_at_ms()).ok()
}

impl Output for Written {
    fn json(&self) -> Value {
        let mut object = match &self.proven {
            Some(Proven::Inclusion(receipt)) => {
                let mut object = common(receipt.claims(), receipt.kid());
                object["proves"] = "inclusion".into();
                object["entry"] = receipt.leaf_index().into();
                object["registered_at"] = registered_at(receipt).map(|at| at.to_string()).into();
                object["tree_size"] = receipt.tree_size().into();
                object
            }
            Some(Proven::Consistency(receipt)) => {
                let mut object = common(receipt.claims(), receipt.kid());
                object["proves"] = "consistency".into();
                object["old_size"] = receipt.old_size().into();
                object["tree_size"] = receipt.new_size().into();
                object
            }
            None => json!({}),
        };
        object["transparent_statement"] = self.transparent.into();
        object["path"] = self.path.to_string_lossy().into();
        object
    }

    fn text(&self, text: &mut Text) {
        match &self.proven {
            Some(Proven::Inclusion(receipt)) => {
                let entry = EntryNumber::new(receipt.leaf_index());
                let what = if self.transparent { "Statement with receipt" } else { "Receipt" };
                text.heading(format!("{what} for entry {entry}"));
                text.field("file", self.path.display());
                text.field("issuer", &receipt.claims().issuer);
                if let Some(at) = registered_at(receipt) {
                    text.field("registered", day_or_moment(at));
                }
                text.field("entries", receipt.tree_size());
                text.field("key", short(Thumbprint::from_bytes(*receipt.kid())));
            }
            Some(Proven::Consistency(receipt)) => {
                let (old, new) = (receipt.old_size(), receipt.new_size());
                text.heading(format!("Receipt: the first {new} entries extend the first {old}"));
                text.field("file", self.path.display());
                text.field("issuer", &receipt.claims().issuer);
                text.field("key", short(Thumbprint::from_bytes(*receipt.kid())));
            }
            None => {}
        }
    }
}
