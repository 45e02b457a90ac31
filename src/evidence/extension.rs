//! Receipts of consistency from elsewhere, held against the heads that two bundles show: which heads the
//! register signed beyond those. Never says what that means for the two.

use super::{CaseError, ConsistencyShown, Side};
use crate::record::{EntryNumber, PublicKey, Record};
use crate::tlog::Hash;
use crate::tlog::receipt::ConsistencyReceipt;
use ed25519_dalek::VerifyingKey;
use std::collections::BTreeSet;

/// Sizes of one log, and the roots that the register signed for them.
pub(super) type SignedHeads = BTreeSet<(u64, Hash)>;

/// The heads of either side, and what each receipt did for them.
pub(super) struct Extensions {
    /// Of the left and the right: each is a beginning or a continuation of the head of that side.
    pub(super) heads: [SignedHeads; 2],
    /// In the order of the receipts.
    pub(super) receipts: Vec<ConsistencyShown>,
}

pub(super) fn extensions(
    left: Side<'_>,
    right: Side<'_>,
    receipts: &[ConsistencyReceipt],
) -> Result<Extensions, CaseError> {
    let shown = |it: &ConsistencyReceipt| ConsistencyShown {
        old_size: it.old_size(),
        new_size: it.new_size(),
        left: false,
        right: false,
    };
    let mut found = receipts.iter().map(shown).collect::<Vec<_>>();
    // One receipt may go on from the head that another leads to.
    let mut ordered: Vec<_> = receipts.iter().enumerate().collect();
    ordered.sort_by_key(|(_, receipt)| receipt.old_size());
    let mut heads = [own(left), own(right)];
    for (place, receipt) in ordered {
        for (number, side) in [left, right].into_iter().enumerate() {
            let Some(root) = led_to(side, &heads[number], receipt)? else {
                continue;
            };
            heads[number].insert((receipt.new_size(), root));
            match number {
                0 => found[place].left = true,
                _ => found[place].right = true,
            }
        }
    }
    Ok(Extensions { heads, receipts: found })
}

/// What the bundle shows by itself.
fn own(side: Side<'_>) -> SignedHeads {
    let own = (side.head.size, side.head.root);
    side.earlier.iter().map(|earlier| (earlier.size, earlier.root)).chain([own]).collect()
}

/// The root that a receipt of this register leads to from one of these heads.
fn led_to(
    side: Side<'_>,
    heads: &SignedHeads,
    receipt: &ConsistencyReceipt,
) -> Result<Option<Hash>, CaseError> {
    let is_its = receipt.kid() == side.head.key.as_bytes()
        && receipt.claims().issuer == side.head.origin.as_str();
    let (Some(key), true) = (key(side)?, is_its) else {
        return Ok(None);
    };
    let old_size = receipt.old_size();
    let mut fitting = heads.iter().filter(|(size, _)| *size == old_size);
    Ok(fitting.find_map(|(_, root)| receipt.verify(old_size, *root, &key).ok()))
}

/// The key of the register, as the opening of its log names it.
fn key(side: Side<'_>) -> Result<Option<VerifyingKey>, CaseError> {
    let Record::Ledger(opening) = side.case.statement(EntryNumber::new(0))?.record() else {
        return Ok(None);
    };
    let PublicKey::Ed25519(key) = &opening.key else {
        return Ok(None);
    };
    Ok(Some(*key.verifying_key()))
}
