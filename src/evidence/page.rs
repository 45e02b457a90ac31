//! The page for people, drawn anew from the parts that were verified, and compared with the one that came
//! with them. Never a reason to refuse a bundle: another version of the program draws another page.

use super::{Completeness, Cosigned, Proof, SeenEarlier, TimeStamped, Verdict, report};

/// Larger bundles, and such with more accounts, are told without drawing their page: it grows with
/// what strangers write, and with every period of every account.
const MAX_DRAWN_SIZE_BYTES: usize = 4 << 20;
const MAX_DRAWN_ACCOUNTS: usize = 4;

/// What the page that came with a bundle is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// None came.
    Missing,
    /// Byte for byte the one that follows from the statements.
    Drawn,
    /// Another than this version of the program draws. The register's signature covers it, and
    /// nothing else does.
    Differs,
    /// Not drawn anew, since the bundle is large. As before, the register's signature covers it.
    NotDrawn,
}

impl Page {
    /// The name in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Drawn => "drawn",
            Self::Differs => "differs",
            Self::NotDrawn => "not-drawn",
        }
    }
}

/// What others say of one head of the log, in the order of the parts.
#[derive(Clone, Debug, Default)]
pub(super) struct Sighting {
    pub(super) tree_size: u64,
    pub(super) cosigned: Vec<Cosigned>,
    pub(super) stamped: Vec<TimeStamped>,
}

/// Compares the page in a bundle of so many bytes.
pub(super) fn compare(
    found: Option<&str>,
    size_bytes: usize,
    verdict: &Verdict,
    seen: Vec<Sighting>,
) -> Page {
    let Some(found) = found else {
        return Page::Missing;
    };
    let is_small = verdict.contracts_told().is_ok_and(|told| told.len() <= MAX_DRAWN_ACCOUNTS);
    if size_bytes > MAX_DRAWN_SIZE_BYTES || !is_small {
        return Page::NotDrawn;
    }
    let drawn = proof(verdict, seen).and_then(|proof| report(&verdict.case, &proof).ok());
    if drawn.as_deref() == Some(found) { Page::Drawn } else { Page::Differs }
}

/// What the register had beside the entries when it drew the page; nothing where it signs none.
fn proof(verdict: &Verdict, seen: Vec<Sighting>) -> Option<Proof> {
    let Completeness::SignedByRegister { tree_size, signed_at_s } = verdict.completeness else {
        return None;
    };
    let (head, mut before): (Vec<_>, Vec<_>) =
        seen.into_iter().partition(|it| it.tree_size == tree_size);
    before.sort_by_key(|it| it.tree_size);
    let head = head.into_iter().next().unwrap_or_default();
    let mut earlier = Vec::new();
    for Sighting { tree_size, cosigned, stamped } in before {
        let by = |by, is_time_stamp, at| SeenEarlier { tree_size, by, is_time_stamp, at };
        earlier.extend(cosigned.into_iter().map(|it| by(it.witness, false, it.at)));
        earlier.extend(stamped.into_iter().map(|it| by(it.authority, true, it.at)));
    }
    let concerned = verdict.claims.iter().filter(|claim| claim.concerns_subject);
    let opened = verdict.openings.iter();
    Some(Proof {
        origin: verdict.ledger.origin.clone(),
        tree_size,
        root: verdict.root,
        register_key: verdict.ledger.thumbprint,
        cosignatures: head.cosigned,
        time_stamps: head.stamped,
        earlier,
        completeness: Proof::signed_completeness(tree_size),
        concerns: concerned.map(|claim| claim.entry).collect(),
        works: verdict.works.clone(),
        openings: opened.map(|it| (it.commitment, it.bytes.clone())).collect(),
        as_of: Proof::as_of_second(signed_at_s)?,
    })
}
