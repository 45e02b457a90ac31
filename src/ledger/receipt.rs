//! Receipts that a ledger gives: signed proofs of inclusion and of consistency.
//!
//! What is signed is a root that a signed checkpoint has, or that was proven to lie under one:
//! hashes in the file are not believed for themselves.

use super::proof::{checked_leaf, leaf_data};
use super::{Flaw, Integrity, Ledger, LedgerError};
use crate::record::{EntryNumber, Statement, TransparentStatement};
use crate::store::Reader;
use crate::tlog::receipt::{ConsistencyReceipt, InclusionReceipt, ReceiptClaims};
use crate::tlog::{Hash, TlogError, consistency_proof, inclusion_proof, root_at};

impl Ledger {
    /// The receipt of an entry, over the tree of the latest checkpoint. Its subject is
    /// `entry:` and the identifier of the statement.
    ///
    /// # Errors
    /// [`LedgerError::NoLedgerKey`] for a ledger that was opened to ask; an entry that is not
    /// there; a tree that does not lead to the checkpoint.
    pub fn inclusion_receipt(
        &self,
        reader: &Reader<'_>,
        entry: EntryNumber,
    ) -> Result<InclusionReceipt, LedgerError> {
        let signer = self.signer.as_ref().ok_or(LedgerError::NoLedgerKey)?;
        let checkpoint = self.checkpoint(reader, None)?.checkpoint;
        let (index, size) = (entry.get(), checkpoint.size);
        if index >= size {
            return Err(TlogError::IndexOutsideTree { index, size }.into());
        }
        let (row, data) = leaf_data(reader, entry)?;
        let leaf = checked_leaf(&row, &data)?;
        let path = inclusion_proof(index, size, reader)?;
        path.verify(leaf, index, size, checkpoint.root)
            .map_err(|_| Integrity::of(index, Flaw::Node))?;
        let claims = self.claims(format!("entry:{}", row.id));
        Ok(InclusionReceipt::sign(
            &claims,
            self.kid(),
            row.registered_at.as_millis(),
            (index, size),
            path,
            checkpoint.root,
            signer.signing_key(),
        )?)
    }

    /// The statement of an entry with its receipt: a transparent statement (RFC 9943).
    ///
    /// # Errors
    /// As [`Ledger::inclusion_receipt`].
    pub fn transparent_statement(
        &self,
        reader: &Reader<'_>,
        entry: EntryNumber,
    ) -> Result<TransparentStatement, LedgerError> {
        let receipt = self.inclusion_receipt(reader, entry)?;
        let (row, _) = leaf_data(reader, entry)?;
        let flaw = |error| Integrity::of(entry.get(), Flaw::Statement(error));
        let statement = Statement::decode(&row.statement).map_err(flaw)?;
        Ok(TransparentStatement::new(statement, vec![receipt]).map_err(flaw)?)
    }

    /// The receipt that the first `new_size` entries, or all there are, extend the first `old_size`.
    /// Its subject is the origin of the ledger.
    ///
    /// # Errors
    /// [`LedgerError::NoLedgerKey`] for a ledger that was opened to ask; sizes that the ledger
    /// never had; a tree that does not lead to the latest checkpoint.
    pub fn consistency_receipt(
        &self,
        reader: &Reader<'_>,
        old_size: u64,
        new_size: Option<u64>,
    ) -> Result<ConsistencyReceipt, LedgerError> {
        let signer = self.signer.as_ref().ok_or(LedgerError::NoLedgerKey)?;
        let entries = reader.size()?;
        let new_size = new_size.unwrap_or(entries);
        if new_size > entries {
            return Err(LedgerError::NoCheckpoint { size: new_size, entries });
        }
        let path = consistency_proof(old_size, new_size, reader).map_err(refused_sizes)?;
        let (old_root, new_root) =
            (self.proven_root(reader, old_size)?, self.proven_root(reader, new_size)?);
        Ok(ConsistencyReceipt::sign(
            &self.claims(self.record.origin.to_string()),
            self.kid(),
            (old_size, new_size),
            path,
            old_root,
            new_root,
            signer.signing_key(),
        )?)
    }

    /// The root at a size, proven to be extended by the latest checkpoint.
    fn proven_root(&self, reader: &Reader<'_>, size: u64) -> Result<Hash, LedgerError> {
        let head = self.checkpoint(reader, None)?.checkpoint;
        let root = root_at(size, reader)?;
        let proof = consistency_proof(size, head.size, reader)?;
        proof.verify(size, root, head.size, head.root).map_err(|_| Integrity::whole(Flaw::Node))?;
        Ok(root)
    }

    fn kid(&self) -> [u8; 32] {
        *self.record.key.thumbprint().as_bytes()
    }

    fn claims(&self, subject: String) -> ReceiptClaims {
        let now = self.clock.now().as_seconds();
        ReceiptClaims {
            issuer: self.record.origin.to_string(),
            subject,
            // The years before 1970 are none in which this program ran.
            issued_at_s: u64::try_from(now).unwrap_or_default(),
        }
    }
}

/// Sizes that make no proof are the caller's mistake, not damage of the ledger.
fn refused_sizes(error: crate::store::StoreError) -> LedgerError {
    match error {
        crate::store::StoreError::Tlog(
            error @ (TlogError::OldTreeEmpty
            | TlogError::SizesReversed { .. }
            | TlogError::TreeTooLarge { .. }),
        ) => error.into(),
        error => error.into(),
    }
}
