//! Two bundles from opposing sides, each verified by itself, held against each other.
//!
//! It says where they agree and where they do not, and which registration was earlier. It does not
//! say who is right.

use super::extension::{Extensions, SignedHeads, extensions};
use super::{
    Agreement, Case, CaseError, ClaimedWork, Comparison, DifferingEntry, Earlier, Fork, Head,
    Heads, OneSided, Order, SharedContent, SharedStatement,
};
use crate::admission::View;
use crate::narration::Moments;
use crate::record::{Digest, EntryNumber, RecordId};
use crate::tlog::Checkpoint;
use crate::tlog::receipt::ConsistencyReceipt;
use std::collections::{BTreeMap, BTreeSet};

/// One of the two, verified: every entry has its place in the log that the head signs.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The head of its log.
    pub head: &'a Head,
    /// Earlier heads of that log, each of which is shown to be extended by it.
    pub earlier: &'a [Checkpoint],
    /// Its entries.
    pub case: &'a Case,
    /// The works whose every entry is among them, so that their title can be told.
    pub works: &'a BTreeSet<EntryNumber>,
}

/// Holds two sides against each other: who held which content at a moment, as known at another, by
/// the entries of each. That the log of the longer extends that of the shorter, the earlier heads of
/// the longer show, or `receipts`, the register's receipts of consistency, where somebody has them:
/// from the one head to the other, or from each of them to a head of one size.
///
/// # Errors
/// Entries of one side that contradict each other, which admission does not let in.
pub fn compare(
    left: Side<'_>,
    right: Side<'_>,
    receipts: &[ConsistencyReceipt],
    moments: Moments,
) -> Result<Comparison, CaseError> {
    let one_log = left.head.origin == right.head.origin && left.head.key == right.head.key;
    let differing = if one_log { differing(left, right)? } else { Vec::new() };
    let Extensions { heads: signed, receipts } = extensions(left, right, receipts)?;
    let heads = heads(left, right, &differing, &signed);
    let in_order = match heads {
        Heads::Same | Heads::Consistent | Heads::NotShown => true,
        Heads::OtherLogs | Heads::OtherKeys | Heads::Fork(_) => false,
    };
    let (mine, theirs) = (statements(left)?, statements(right)?);
    let shared = mine.iter().filter_map(|(id, left)| {
        let right = *theirs.get(id)?;
        Some((*id, *left, right))
    });
    let shared = shared.map(|(id, entry, right)| {
        let kind = left.case.statement(entry)?.record().kind();
        Ok(SharedStatement { id, kind, left: entry, right })
    });
    let mut shared = shared.collect::<Result<Vec<_>, CaseError>>()?;
    shared.sort_unstable_by_key(|statement| statement.left);
    Ok(Comparison {
        heads,
        receipts,
        contents: contents(left, right, in_order, moments)?,
        shared,
        differing,
        only_left: one_sided(left, &theirs, one_log.then_some(right.head.size))?,
        only_right: one_sided(right, &mine, one_log.then_some(left.head.size))?,
    })
}

fn heads(
    left: Side<'_>,
    right: Side<'_>,
    differing: &[DifferingEntry],
    signed: &[SignedHeads; 2],
) -> Heads {
    let (left, right) = (left.head, right.head);
    if left.origin != right.origin {
        return Heads::OtherLogs;
    }
    if left.key != right.key {
        return Heads::OtherKeys;
    }
    let mut roots = SignedHeads::new();
    for (size, root) in signed.iter().flatten() {
        if roots.insert((*size, *root)) && roots.iter().filter(|it| it.0 == *size).count() > 1 {
            return Heads::Fork(Fork::Roots);
        }
    }
    if let Some(differing) = differing.first() {
        return Heads::Fork(Fork::Entry(differing.entry));
    }
    if left.size == right.size {
        return Heads::Same;
    }
    // A head that both lead to, of the shorter log or of a longer one: both are beginnings of it.
    let [ours, theirs] = signed;
    let shortest = left.size.min(right.size);
    let is_common = |head: &(u64, _)| head.0 >= shortest && theirs.contains(head);
    if ours.iter().any(is_common) { Heads::Consistent } else { Heads::NotShown }
}

/// The numbers at which both show an entry, and not the same bytes.
fn differing(left: Side<'_>, right: Side<'_>) -> Result<Vec<DifferingEntry>, CaseError> {
    let theirs: BTreeSet<EntryNumber> = right.case.numbers().collect();
    let mut differing = Vec::new();
    for entry in left.case.numbers().filter(|entry| theirs.contains(entry)) {
        let of = |case: &Case| -> Result<_, CaseError> {
            Ok((case.statement(entry)?.id(), case.registered_at(entry)?))
        };
        let (left, right) = (of(left.case)?, of(right.case)?);
        if left != right {
            differing.push(DifferingEntry { entry, left, right });
        }
    }
    Ok(differing)
}

fn statements(side: Side<'_>) -> Result<BTreeMap<RecordId, EntryNumber>, CaseError> {
    let of = |entry| Ok((side.case.statement(entry)?.id(), entry));
    side.case.numbers().map(of).collect()
}

fn one_sided(
    side: Side<'_>,
    other: &BTreeMap<RecordId, EntryNumber>,
    other_size: Option<u64>,
) -> Result<Vec<OneSided>, CaseError> {
    let mut found = Vec::new();
    for entry in side.case.numbers() {
        let statement = side.case.statement(entry)?;
        let id = statement.id();
        if !other.contains_key(&id) {
            let was_there = other_size.map(|size| entry.get() < size);
            found.push(OneSided { entry, id, kind: statement.record().kind(), was_there });
        }
    }
    Ok(found)
}

/// Every content of which both sides have a registration: each of the one beside each of the other.
fn contents(
    left: Side<'_>,
    right: Side<'_>,
    in_order: bool,
    moments: Moments,
) -> Result<Vec<SharedContent>, CaseError> {
    let mut digests: BTreeMap<Digest, EntryNumber> = BTreeMap::new();
    for work in left.case.works() {
        for content in &left.case.work(work)?.contents {
            digests.entry(content.digest).or_insert(work);
        }
    }
    let mut ordered: Vec<_> = digests.into_iter().map(|(digest, work)| (work, digest)).collect();
    ordered.sort_unstable();
    let mut contents = Vec::new();
    for (_, digest) in ordered {
        let (ours, theirs) = (registrations(left, &digest)?, registrations(right, &digest)?);
        let mut paired = BTreeSet::new();
        for mine in ours {
            for theirs in &theirs {
                let (mine, theirs) =
                    (claimed(left, mine, moments)?, claimed(right, *theirs, moments)?);
                // Where both show both of two registrations, they are one pair and not two.
                if paired.contains(&(theirs.work.work, mine.work.work))
                    && theirs.work.work != mine.work.work
                {
                    continue;
                }
                paired.insert((mine.work.work, theirs.work.work));
                contents.push(SharedContent {
                    digest,
                    earlier: earlier(&mine, &theirs, in_order),
                    verdict: verdict(&mine, &theirs, in_order),
                    left: mine,
                    right: theirs,
                });
            }
        }
    }
    Ok(contents)
}

/// The registrations of a content, first those whose title the side tells whole.
fn registrations(side: Side<'_>, digest: &Digest) -> Result<Vec<EntryNumber>, CaseError> {
    let mut works = side.case.view().works_with(digest)?;
    works.sort_by_key(|work| (!side.works.contains(work), *work));
    Ok(works)
}

fn claimed(side: Side<'_>, work: EntryNumber, moments: Moments) -> Result<ClaimedWork, CaseError> {
    let title = match side.works.contains(&work) {
        true => side.case.title(work, moments)?,
        false => None,
    };
    let header = side.case.statement(work)?.header();
    Ok(ClaimedWork {
        work: side.case.work_label(work)?,
        signer: header.issuer.clone(),
        key: header.kid,
        registered_at: side.case.registered_at(work)?,
        holders: title.map(|title| title.holders),
    })
}

fn earlier(left: &ClaimedWork, right: &ClaimedWork, in_order: bool) -> Earlier {
    use std::cmp::Ordering;
    if left.work.work == right.work.work && left.registered_at == right.registered_at {
        return Earlier::Same;
    }
    let (order, found) = if in_order {
        (Order::Number, left.work.entry.cmp(&right.work.entry))
    } else {
        (Order::Clock, left.registered_at.cmp(&right.registered_at))
    };
    match found {
        Ordering::Less => Earlier::Left(order),
        Ordering::Greater => Earlier::Right(order),
        Ordering::Equal => Earlier::NotShown,
    }
}

/// `one_log`: a handle is one party in one log, and anybody in two.
fn verdict(left: &ClaimedWork, right: &ClaimedWork, one_log: bool) -> Agreement {
    if left.work.work != right.work.work {
        let one_signer = left.key == right.key || one_log && left.signer == right.signer;
        return if one_signer { Agreement::RegisteredTwice } else { Agreement::Claims };
    }
    match (&left.holders, &right.holders) {
        (Some(left), Some(right)) if holds(left) == holds(right) => Agreement::Agree,
        (Some(_), Some(_)) => Agreement::Holders,
        (Some(_) | None, _) => Agreement::Partly,
    }
}

/// Who holds what, whatever the entries are called that say so.
fn holds(holders: &[crate::narration::Holder]) -> Vec<String> {
    let of = |held: &crate::narration::Holder| {
        let until = held.until.map_or_else(String::new, |until| until.to_string());
        format!(
            "{} {} {} {} {until} {}",
            held.party, held.share, held.scope, held.since, held.status
        )
    };
    let mut holds: Vec<String> = holders.iter().map(of).collect();
    holds.sort_unstable();
    holds
}
